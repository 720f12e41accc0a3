"""Is what waits for a reviewer shown, accepted, or sent back with a reason?"""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories
from tests.factories import (
    CANH_NAU,
    COMMUNES,
    MONTHLY,
    NGO_QUYEN,
    PROVINCE,
    THO_XUONG,
    accepted,
    crimes,
    form_of,
    month,
    opened,
    sent,
)
from tests.web.conftest import Office

from tongket.cycle import collect
from tongket.office import telling
from tongket.records.models import BulkDecision, Delegation, Return, Review, Unit

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
    text = text_of(office, "reviewer", reverse("check"))
    assert "1 phải sửa" in text
    assert "1 chưa giải trình" in text
    assert "không nghi vấn" in text


def test_the_list_is_filtered_by_what_is_doubtful(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2, injury_cases=4), NGO_QUYEN: crimes(1)})
    query = {"nghi-van": "phai-sua", "csv": "1"}
    lines = text_of(office, "reviewer", reverse("check"), **query).splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["Phường Thọ Xương"]


def test_an_approved_return_climbs_and_the_next_one_comes_up(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2), NGO_QUYEN: crimes(1)})
    answer = office.client("reviewer").post(address(THO_XUONG), {"accept": "1"})
    assert state(THO_XUONG) == Return.State.SENT
    assert answer["Location"] == address(NGO_QUYEN)
    assert Review.objects.get().by == "reviewer"
    assert "Phường Thọ Xương" in text_of(office, "office", reverse("check"))
    office.client("office").post(address(THO_XUONG), {"accept": "1"})
    assert state(THO_XUONG) == Return.State.ACCEPTED


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
    answer = office.client("reviewer").post(address(THO_XUONG), {"accept": "1"})
    assert answer.status_code == 422
    assert "reviewer đã duyệt và chuyển cấp trên" in answer.content.decode()
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
    text = text_of(office, "reviewer", reverse("check"), csv="1")
    assert "15/12/2023 03:00" in text


def test_the_sound_returns_of_the_own_scope_are_accepted_in_one_go(
    office: Office,
) -> None:
    wrong = crimes(2, injury_cases=4)
    examined(office, **{unit: crimes(1) for unit in COMMUNES} | {THO_XUONG: wrong})
    url = reverse("check-accept-sound", args=PERIOD)
    assert "Duyệt 1 báo cáo" in text_of(office, "reviewer", url)
    office.client("reviewer").post(url)
    assert Review.objects.get().version.of.unit.key == NGO_QUYEN
    assert state(CANH_NAU) == Return.State.SENT


def test_a_return_that_nobody_sent_has_no_page_to_review(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2)})
    client = office.client("office")
    assert client.get(address(NGO_QUYEN)).status_code == 404
    assert client.get(address(PROVINCE)).status_code == 404


def test_nothing_waiting_is_said_in_a_sentence(office: Office) -> None:
    text = text_of(office, "reviewer", reverse("check"))
    assert "Không có báo cáo nào chờ duyệt" in text


# --- the ladder -----------------------------------------------------------------------


def page_of(name: str, unit: str = THO_XUONG) -> str:
    """Return the address of a page of a commune's December."""
    return reverse(name, args=[*PERIOD, unit, form_of(MONTHLY).key])


def test_what_waits_for_a_lower_rung_is_listed_apart(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2)})
    text = text_of(office, "office", reverse("check"))
    assert "1 báo cáo đang chờ cấp dưới duyệt" in text
    assert "Phường Thọ Xương" not in text
    lower = text_of(office, "office", reverse("check"), cap="duoi")
    assert "Phường Thọ Xương" in lower
    assert "Thành phố Bắc Giang" in lower


def test_the_standing_office_says_why_it_stands_in(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2)})
    assert "Lý do quyết định thay Thành phố Bắc Giang" in text_of(
        office, "office", address(THO_XUONG)
    )
    client = office.client("office")
    assert client.post(address(THO_XUONG), {"accept": "1"}).status_code == 422
    client.post(address(THO_XUONG), {"accept": "1", "stead": "Huyện vắng."})
    assert state(THO_XUONG) == Return.State.ACCEPTED


def test_a_reason_at_a_cell_stands_at_that_cell_for_the_sender(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2)})
    told = {"reason.theft_cases": "Đối chiếu sổ thụ lý."}
    office.client("reviewer").post(address(THO_XUONG), told)
    entry = text_of(office, "own", page_of("return-entry"))
    row = entry[entry.index('id="row-theft_cases"') :]
    assert "Đối chiếu sổ thụ lý." in row[: row.index('class="line"', 50)]
    story = text_of(office, "own", page_of("return"))
    assert "Trả lại, tại Thành phố Bắc Giang" in story
    assert "Đối chiếu sổ thụ lý." in story


def test_a_sender_takes_back_what_nobody_decided_on(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2)})
    client, url = office.client("own"), page_of("return-take-back")
    assert "Rút lại" in text_of(office, "own", page_of("return"))
    assert client.get(url).status_code == 200
    client.post(url, {"seen": "1", "reason": "Nhầm kỳ."})
    assert state(THO_XUONG) == Return.State.TAKEN_BACK
    story = text_of(office, "own", page_of("return"))
    assert "Đơn vị rút lại" in story
    assert "Nhầm kỳ." in story
    assert client.post(url, {"seen": "1"}).status_code == 422


def test_an_acceptance_is_withdrawn_with_a_reason(office: Office) -> None:
    accepted(month(12), {THO_XUONG: crimes(2)})
    client, url = office.client("office"), page_of("check-withdraw")
    assert "Thu hồi việc duyệt" in text_of(office, "office", address(THO_XUONG))
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "Duyệt nhầm."})
    assert state(THO_XUONG) == Return.State.SENT


def test_any_two_versions_are_compared(office: Office) -> None:
    for cases in (2, 3, 4):
        sent(month(12), {THO_XUONG: crimes(cases)})
    text = text_of(office, "own", page_of("return-compare"), truoc="1", sau="3")
    assert "2 dòng khác nhau" in text
    table = text_of(office, "own", page_of("return-compare"), truoc="1", csv="1")
    row = next(line for line in table.splitlines() if line.startswith("theft_cases,"))
    assert row.endswith(",2,4")
    same = text_of(office, "own", page_of("return-compare"), truoc="2", sau="2")
    assert "Hai lần gửi giống nhau" in same


def test_after_the_lock_the_unit_amends_on_a_page_of_its_own(office: Office) -> None:
    accepted(month(12), {THO_XUONG: crimes(2)})
    url = page_of("return-amend")
    assert office.client("own").get(url).status_code == 404  # it may send again
    collect.close_period(
        opened=opened(month(12)), reason="Chốt.", by="office", at=factories.AT
    )
    client = office.client("own")
    assert client.get(url).status_code == 200
    typed = {"seen": "1", "cell.theft_cases": "3", "cell.social_order_cases": "3"}
    refused = client.post(url, {**typed, "amendment": " "})
    assert refused.status_code == 422
    assert "Nêu lý do đính chính" in refused.content.decode()
    wrong = client.post(url, {"cell.theft_cases": "ba", "amendment": "Sót."})
    assert wrong.status_code == 422
    client.post(url, {**typed, "amendment": "Đếm sót một vụ."})
    story = text_of(office, "office", page_of("return"))
    assert "Đếm sót một vụ." in story
    assert "Kỳ được khóa" in story
    again = office.client("office").post(
        url,
        {**typed, "seen": "2", "amendment": "Đính chính thêm.", "cell.cameras": "9"},
    )
    assert again.status_code == 302
    assert "gửi thay đơn vị" in text_of(office, "own", page_of("return"))


def test_ticked_returns_are_approved_together(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2), NGO_QUYEN: crimes(1, theft_cases=0)})
    client = office.client("reviewer")
    nothing = client.post(reverse("check-chosen"), follow=True).content.decode()
    assert "Chọn ít nhất một báo cáo" in nothing
    pks = list(Return.objects.values_list("pk", flat=True))
    answer = client.post(reverse("check-chosen"), {"chon": pks}, follow=True)
    text = answer.content.decode()
    assert "Đã xử lý 2/2 báo cáo: 1 được duyệt, 1 còn lại." in text
    assert "Phường Ngô Quyền" in text
    (made,) = BulkDecision.objects.all()
    url = reverse("check-bulk", args=[made.pk])
    assert client.post(url).status_code == 302
    assert office.client("office").get(url).status_code == 404


def give(office: Office, **fields: str) -> Any:
    """Let the city's reviewer give the right to decide."""
    told = {
        "unit": factories.CITY,
        "taker": "member",
        "start": "2024-01-16",
        "end": "2024-01-20",
        "reason": "Đi học.",
        **fields,
    }
    return office.client("reviewer").post(reverse("delegations"), told)


def test_who_stands_in_decides_on_behalf_of_who_is_away(office: Office) -> None:
    examined(office, **{THO_XUONG: crimes(2)})
    assert office.client("member").get(address(THO_XUONG)).status_code == 404
    assert give(office).status_code == 302
    assert "thay mặt reviewer" in text_of(office, "member", reverse("check"))
    assert "thay mặt reviewer" in text_of(office, "member", address(THO_XUONG))
    office.client("member").post(address(THO_XUONG), {"accept": "1"})
    review = Review.objects.get()
    assert (review.by, review.on_behalf_of) == ("member", "reviewer")
    assert "thay mặt reviewer" in text_of(office, "own", page_of("return"))
    (row,) = Delegation.objects.all()
    end = reverse("delegation-end", args=[row.pk])
    assert office.client("stranger").post(end).status_code == 404
    assert office.client("reviewer").post(end).status_code == 302
    assert office.client("member").get(address(THO_XUONG)).status_code == 404
    assert office.client("member").get(reverse("delegations")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"taker": "reviewer"}, "Không ủy quyền cho chính mình"),
        ({"taker": "own"}, "own gửi báo cáo cho đơn vị thuộc quyền duyệt"),
        ({"taker": "nobody"}, "Không có tài khoản “nobody”"),
        ({"end": "2024-01-01"}, "phải từ ngày đầu"),
        ({"end": ""}, "phải từ ngày đầu"),
        ({"start": "2021-01-01"}, "vượt quá thời hạn vai trò của reviewer"),
        ({"reason": " "}, "Nêu lý do ủy quyền"),
        ({"unit": factories.YEN_THE}, "reviewer không có quyền duyệt báo cáo tại"),
    ],
)
def test_a_delegation_is_refused_in_one_sentence(
    fields: dict[str, str], words: str, office: Office
) -> None:
    answer = give(office, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Delegation.objects.exists()


def test_what_was_given_is_not_passed_on(office: Office) -> None:
    give(office)
    answer = office.client("member").post(
        reverse("delegations"),
        {
            "unit": factories.CITY,
            "taker": "stranger",
            "start": "2024-01-16",
            "end": "2024-01-20",
            "reason": "Bận.",
        },
    )
    assert answer.status_code == 422
    assert "không được ủy quyền tiếp" in answer.content.decode()
    again = give(office)
    assert "đang được ủy quyền tại Thành phố Bắc Giang" in again.content.decode()


def test_the_queue_asks_as_often_for_many_returns_as_for_one(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    sent(month(12), {NGO_QUYEN: crimes(1)})
    with CaptureQueriesContext(connection) as one:
        office.client("reviewer").get(reverse("check"))
    sent(month(12), {THO_XUONG: crimes(1)})
    sent(month(11), {NGO_QUYEN: crimes(1), THO_XUONG: crimes(2)})
    with django_assert_max_num_queries(len(one)):
        office.client("reviewer").get(reverse("check"))


def test_a_decision_after_midnight_is_told_of_its_day_in_vietnam(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days: list[dt.date] = []
    monkeypatch.setattr(telling, "unit_name", lambda _unit, on: days.append(on) or "")
    at = dt.datetime(2025, 6, 30, 18, tzinfo=dt.UTC)  # 01:00 on 1 July
    telling.what(Review(verdict=Review.Verdict.ACCEPTED, unit=Unit(), at=at))
    assert days == [dt.date(2025, 7, 1)]
