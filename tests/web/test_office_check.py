"""Is what waits for a reviewer shown, accepted, or sent back with a reason?"""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from tests import factories
from tests.factories import (
    CANH_NAU,
    COMMUNES,
    MONTHLY,
    NGO_QUYEN,
    PROVINCE,
    THO_XUONG,
    crimes,
    form_of,
    month,
    sent,
)
from tests.web.conftest import Office

from tongket.records.models import Return, Review

PERIOD = (MONTHLY, "nd09-2023-m12")


def address(unit: str) -> str:
    """Return the address at which the December return of a commune is reviewed."""
    return reverse("check-return", args=[*PERIOD, unit, form_of(MONTHLY).key])


def state(unit: str) -> str:
    """Return where a commune's return stands."""
    return Return.objects.get(unit__key=unit).state


def text_of(office: Office, person: str, url: str, **query: str) -> str:
    """Return the text of a page as a person sees it."""
    return office.client(person).get(url, query).content.decode()


def examined(office: Office, **returns: Any) -> None:
    """Send returns and run the checks on them as the standing office."""
    sent(month(12), returns)
    office.client("office").post(reverse("check-examine"))


def test_a_reviewer_sees_what_waits_below_the_own_unit(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2), CANH_NAU: crimes(3)})
    text = text_of(office, "reviewer", reverse("check"))
    assert "Phường Thọ Xương" in text
    assert "Xã Canh Nậu" not in text


def test_the_list_says_how_much_is_doubtful(office: Office) -> None:
    wrong = crimes(2, injury_cases=4, social_order_cleared=3)
    examined(office, **{THO_XUONG: wrong, NGO_QUYEN: crimes(1)})
    text = text_of(office, "office", reverse("check"))
    assert "1 phải sửa" in text
    assert "1 chưa giải trình" in text
    assert "không nghi vấn" in text


def test_the_list_is_filtered_by_what_is_doubtful(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2, injury_cases=4), NGO_QUYEN: crimes(1)})
    query = {"nghi-van": "phai-sua", "csv": "1"}
    lines = text_of(office, "office", reverse("check"), **query).splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["Phường Thọ Xương"]


def test_an_accepted_return_counts_and_the_next_one_comes_up(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2), NGO_QUYEN: crimes(1)})
    answer = office.client("reviewer").post(address(THO_XUONG), {"accept": "1"})
    assert state(THO_XUONG) == Return.State.ACCEPTED
    assert answer["Location"] == address(NGO_QUYEN)
    assert Review.objects.get().by == "reviewer"


def test_a_return_with_something_to_mend_is_not_accepted(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2, injury_cases=4)})
    answer = office.client("reviewer").post(address(THO_XUONG), {"accept": "1"})
    assert answer.status_code == 422
    assert state(THO_XUONG) == Return.State.SENT


def test_a_return_is_sent_back_with_a_reason_only(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2)})
    client = office.client("reviewer")
    assert client.post(address(THO_XUONG), {"reason": " "}).status_code == 422
    assert state(THO_XUONG) == Return.State.SENT
    client.post(address(THO_XUONG), {"reason": "Thiếu biên bản."})
    assert state(THO_XUONG) == Return.State.SENT_BACK
    assert Review.objects.get().reason == "Thiếu biên bản."


def test_what_must_be_mended_is_suggested_as_the_reason(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2, injury_cases=4)})
    text = text_of(office, "reviewer", address(THO_XUONG))
    reason = text[text.index("<textarea") : text.index("</textarea>")]
    assert "Rà soát cơ cấu từng loại tội phạm" in reason


def test_a_return_that_was_reviewed_is_not_reviewed_again(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2)})
    office.client("reviewer").post(address(THO_XUONG), {"accept": "1"})
    answer = office.client("office").post(address(THO_XUONG), {"accept": "1"})
    assert answer.status_code == 422
    assert Review.objects.count() == 1


@pytest.mark.parametrize("decision", [{"accept": "1"}, {"reason": "Thiếu biên bản."}])
def test_a_version_that_came_meanwhile_is_not_decided_on_unseen(
    decision: dict[str, str], office: Office
) -> None:
    examined(office, **{THO_XUONG: crimes(2)})
    text = text_of(office, "reviewer", address(THO_XUONG))
    assert text.count('name="seen" value="1"') == 2
    sent(month(12), {THO_XUONG: crimes(9)})
    client = office.client("reviewer")
    answer = client.post(address(THO_XUONG), {"seen": "1", **decision})
    assert answer.status_code == 422
    assert "vừa gửi lần 2" in answer.content.decode()
    assert state(THO_XUONG) == Return.State.SENT
    client.post(address(THO_XUONG), {"seen": "2", **decision})
    assert Review.objects.get().version.number == 2


def test_the_file_of_what_waits_tells_the_hour_in_vietnam(office: Office) -> None:
    late = factories.instant(dt.date(2023, 12, 15), 3)
    sent(month(12), {THO_XUONG: crimes(2)}, sent_at=late)
    text = text_of(office, "office", reverse("check"), csv="1")
    assert "15/12/2023 03:00" in text


def test_the_sound_returns_of_the_own_scope_are_accepted_in_one_go(
    office: Office,
) -> None:
    wrong = crimes(2, injury_cases=4)
    examined(office, **{unit: crimes(1) for unit in COMMUNES} | {THO_XUONG: wrong})
    url = reverse("check-accept-sound", args=PERIOD)
    assert "Duyệt 1 báo cáo" in text_of(office, "reviewer", url)
    office.client("reviewer").post(url)
    assert state(NGO_QUYEN) == Return.State.ACCEPTED
    assert state(THO_XUONG) == Return.State.SENT
    assert state(CANH_NAU) == Return.State.SENT


def test_a_return_that_nobody_sent_has_no_page_to_review(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2)})
    client = office.client("office")
    assert client.get(address(NGO_QUYEN)).status_code == 404
    assert client.get(address(PROVINCE)).status_code == 404


def test_nothing_waiting_is_said_in_a_sentence(office: Office) -> None:
    text = text_of(office, "reviewer", reverse("check"))
    assert "Không có báo cáo nào chờ duyệt" in text
