"""Does the page for opening a period say beforehand who will owe what, and by when?"""

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from tests import factories
from tests.factories import MONTHLY, month, opened
from tests.web.conftest import Office

from tongket.office import facts
from tongket.records.models import OpenPeriod


def page(office: Office, **query: str) -> str:
    """Return the text of the page for opening a period."""
    address = reverse("collect-open")
    return office.client("office").get(address, query).content.decode()


def asked(scheme: str, period: str) -> dict[str, str]:
    """Return the part of the address that names scheme and period."""
    return {"che-do": scheme, "ky": period}


def test_the_preview_counts_who_owes_and_gives_each_level_its_day(
    office: Office,
) -> None:
    text = page(office, **asked(MONTHLY, "nd09-2024-m01"))
    assert "4 báo cáo phải gửi" in text
    for day in ("16/01/2024", "18/01/2024", "23/01/2024"):
        assert day in text
    assert OpenPeriod.objects.count() == 0


def test_the_preview_warns_of_a_kind_of_unit_that_nobody_is(office: Office) -> None:
    text = page(office, **asked("area-classification", "khu-dan-cu-2024"))
    assert "Chưa có đơn vị nào phải gửi thuộc loại:" in text
    assert "Khu dân cư" in text


def test_an_opened_period_is_not_offered_again(office: Office) -> None:
    opened(month(1, 2024))
    text = page(office, **asked(MONTHLY, "nd09-2024-m01"))
    assert "tháng 01/2024 (15/12/2023" not in text
    assert "báo cáo phải gửi" not in text


def test_a_scheme_that_may_not_open_has_no_preview_and_says_why(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack: Any = factories.small_pack()
    other = replace(pack.schemes["own-month"], cut_off="Hết ngày 20")
    changed = replace(pack, schemes={**pack.schemes, "own-month": other})
    monkeypatch.setattr(facts, "pack", lambda: changed)
    text = page(office, **asked(MONTHLY, "nd09-2024-m01"))
    assert "thời gian chốt phải thống nhất" in text
    assert "báo cáo phải gửi" not in text


CALL = "narcotics-call"
KEY = "nd09-2024-c20240101-20240120-20240124"
DAYS = {"tu": "2024-01-01", "den": "2024-01-20", "han": "2024-01-24"}


def test_a_call_is_previewed_with_its_own_days_before_it_is_opened(
    office: Office,
) -> None:
    text = page(office, **{"che-do": CALL}, **DAYS)
    assert "4 báo cáo phải gửi" in text
    assert "24/01/2024" in text
    assert f'name="period" value="{KEY}"' in text
    assert OpenPeriod.objects.count() == 0


def test_a_call_that_is_due_too_early_says_the_earliest_day(office: Office) -> None:
    text = page(office, **{"che-do": CALL}, **DAYS | {"han": "2024-01-21"})
    assert "sớm nhất là 22/01/2024" in text
    assert 'name="han" value="2024-01-21"' in text
    assert "báo cáo phải gửi" not in text


@pytest.mark.parametrize("days", [{"den": "2023-12-01"}, {"tu": "hôm qua"}])
def test_days_that_are_none_or_in_no_order_are_refused_in_a_sentence(
    days: dict[str, str], office: Office
) -> None:
    text = page(office, **{"che-do": CALL}, **DAYS | days)
    assert 'class="notice"' in text
    assert "báo cáo phải gửi" not in text


def test_a_call_is_opened_with_its_reason_which_the_units_read(office: Office) -> None:
    address = reverse("collect-open")
    given = {"scheme": CALL, "period": KEY}
    refused = office.client("office").post(address, {**given, "reason": " "})
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "Nêu lý do, căn cứ yêu cầu" in text
    assert 'name="reason"' in text
    done = office.client("office").post(address, {**given, "reason": "Công văn 12"})
    assert done.status_code == 302
    assert OpenPeriod.objects.get().reason == "Công văn 12"
    place = (CALL, KEY, factories.THO_XUONG, "narcotics-call-2023")
    entry = office.client("own").get(reverse("return-entry", args=place))
    assert "Công văn 12" in entry.content.decode()
    board = office.client("office").get(reverse("collect-period", args=place[:2]))
    assert "Công văn 12" in board.content.decode()
