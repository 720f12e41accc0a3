"""Can the standing office give a unit more time, and does the unit see it?"""

import datetime as dt
from typing import Any

from django.urls import reverse
from tests.factories import (
    AT,
    BY,
    CITY,
    DONG_TIEN,
    MONTHLY,
    NGO_QUYEN,
    THO_XUONG,
    month,
    opened,
)
from tests.web.conftest import Office

from tongket.cycle import collect, enrol
from tongket.domain.access import Role
from tongket.records.models import Extension

HERE = (MONTHLY, "nd09-2024-m01")
ASKED = {"until": "2024-01-19", "reason": "Mất điện nhiều ngày do mưa bão."}


def post(office: Office, **data: Any) -> Any:
    """Ask for more time as the standing office."""
    opened(month(1, 2024))
    address = reverse("collect-extend", args=HERE)
    return office.client("office").post(address, {**ASKED, **data})


def page(office: Office, name: str, who: str = "office", **query: str) -> str:
    """Return the text of a page about the period."""
    address = reverse(name, args=HERE)
    return office.client(who).get(address, query).content.decode()


def test_the_office_gives_ticked_units_more_time(office: Office) -> None:
    answer = post(office, unit=[THO_XUONG, DONG_TIEN])
    assert answer["Location"] == reverse("collect-extensions", args=HERE)
    found = Extension.objects.values_list("unit__key", "kind", "until", "by")
    day = dt.date(2024, 1, 19)
    assert list(found) == [
        (THO_XUONG, "DUE", day, "office"),
        (DONG_TIEN, "DUE", day, "office"),
    ]


def test_all_units_of_a_filtered_list_are_given_time_by_one_tick(
    office: Office,
) -> None:
    opened(month(1, 2024))
    address = reverse("collect-extend", args=HERE) + "?huyen=bg-d213"
    office.client("office").post(address, {**ASKED, "all": "1"})
    units = Extension.objects.values_list("unit__key", flat=True)
    assert set(units) == {THO_XUONG, NGO_QUYEN}


def test_what_was_typed_stays_when_it_is_refused(office: Office) -> None:
    answer = post(office, reason="", unit=[THO_XUONG])
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Nêu lý do gia hạn" in text
    assert 'value="2024-01-19"' in text
    assert f'value="{THO_XUONG}" checked' in text


def test_a_form_without_a_day_is_told_so(office: Office) -> None:
    answer = post(office, until="", unit=[THO_XUONG])
    assert "Chọn ngày cuối cùng" in answer.content.decode()


def test_the_list_tells_to_whom_until_when_and_why(office: Office) -> None:
    post(office, unit=[THO_XUONG])
    text = page(office, "collect-extensions")
    assert "Mất điện nhiều ngày do mưa bão." in text
    assert "19/01/2024" in text
    assert "còn hiệu lực" in text


def test_a_unit_sees_its_own_extension_and_no_other_s(office: Office) -> None:
    post(office, unit=[THO_XUONG])
    assert "Mất điện" in page(office, "collect-extensions", "own")
    assert "Mất điện" not in page(office, "collect-extensions", "other")


def test_the_front_page_of_a_unit_says_until_when_it_may_send(office: Office) -> None:
    post(office, unit=[THO_XUONG])
    text = office.client("own").get(reverse("collect"), {"nam": "2024"})
    assert "Hạn được gia hạn đến 19/01/2024" in text.content.decode()


def test_the_board_finds_the_units_with_more_time(office: Office) -> None:
    post(office, unit=[THO_XUONG])
    text = page(office, "collect-period", **{"trang-thai": "gia-han"})
    assert "1 báo cáo được gia hạn" in text
    assert NGO_QUYEN not in text


def test_after_the_lock_the_page_grants_a_way_in(office: Office) -> None:
    row = opened(month(1, 2024))
    collect.close_period(opened=row, reason="Đủ báo cáo.", by=BY, at=AT)
    answer = post(office, unit=[THO_XUONG])
    assert answer.status_code == 302
    assert Extension.objects.get().kind == Extension.Kind.LOCK


def test_the_list_is_taken_away_as_a_file(office: Office) -> None:
    post(office, unit=[THO_XUONG])
    text = page(office, "collect-extensions", csv="1")
    assert "Gia hạn gửi,19/01/2024,Mất điện nhiều ngày do mưa bão.,office" in text


def test_the_return_itself_says_until_when_and_why(office: Office) -> None:
    post(office, unit=[THO_XUONG])
    mine = (*HERE, THO_XUONG, "commune-month-2022")
    for name in ("return", "return-entry"):
        text = office.client("own").get(reverse(name, args=mine)).content.decode()
        assert "Hạn được gia hạn đến 19/01/2024." in text
        assert "Mất điện nhiều ngày do mưa bão." in text


def test_a_return_leads_who_may_to_the_form_with_its_unit_ticked(
    office: Office,
) -> None:
    opened(month(1, 2024))
    mine = (*HERE, THO_XUONG, "commune-month-2022")
    link = f"{reverse('collect-extend', args=HERE)}?don-vi={THO_XUONG}"
    text = office.client("office").get(reverse("return", args=mine)).content.decode()
    assert f'href="{link}"' in text
    own = office.client("own").get(reverse("return", args=mine)).content.decode()
    assert link not in own
    form = office.client("office").get(link).content.decode()
    assert f'value="{THO_XUONG}" checked' in form
    assert f'value="{NGO_QUYEN}" checked' not in form


def test_a_district_does_not_put_off_its_own_day(office: Office) -> None:
    newcomer = enrol.Newcomer(
        "city", "Thường trực thành phố", Role.STANDING_OFFICE, CITY, AT.date()
    )
    enrol.enrol(newcomers=[newcomer], password="!", by=BY, at=AT)
    own = ("district-month", HERE[1])
    opened(month(1, 2024), own[0])
    opened(month(1, 2024))
    client = office.client("city")
    asked = {**ASKED, "until": "2024-01-30"}
    refused = client.post(reverse("collect-extend", args=own), {**asked, "unit": CITY})
    assert refused.status_code == 422
    assert "chỉ cấp trên được gia hạn" in refused.content.decode()
    below = reverse("collect-extend", args=HERE)
    assert client.post(below, {**asked, "unit": THO_XUONG}).status_code == 302
    assert [row.unit.key for row in Extension.objects.all()] == [THO_XUONG]
