"""Are awards proposed, appraised, decided by number and date, and withdrawn aloud?"""

from typing import Any

import pytest
from django.urls import reverse
from tests.factories import CANH_NAU, THO_XUONG, commended, scored, whole_year
from tests.web.conftest import Office

from tongket.office import facts
from tongket.records.models import Award

GOOD = {
    "form": "chair",
    "kind": "COLLECTIVE",
    "unit": THO_XUONG,
    "ground": "Giữ vững an ninh, trật tự ở cơ sở.",
}


@pytest.fixture
def graded(office: Office) -> Office:
    """A year that was scored, in which nobody was proposed yet."""
    whole_year()
    scored(facts.store())
    return office


def propose(office: Office, **changed: str) -> Any:
    """Propose the good commune, or what is changed of it."""
    address = reverse("commend-propose")
    return office.client("office").post(address, {**GOOD, **changed})


def move(office: Office, who: str, form: str = "chair", **data: str) -> Any:
    """Move everything of a form on."""
    return office.client(who).post(reverse("commend-move", args=[form]), data)


def page(office: Office, who: str, **query: str) -> str:
    """Return the list as a person sees it."""
    return office.client(who).get(reverse("commend"), query).content.decode()


def state() -> str:
    """Return where the only award stands."""
    return Award.objects.get().state


def test_an_award_goes_from_proposal_to_conferment(graded: Office) -> None:
    assert propose(graded).status_code == 302
    assert state() == "PROPOSED"
    move(graded, "office", appraise="1")
    assert state() == "APPRAISED"
    move(graded, "chair", decide="1", decision="12/QĐ-MH", on="2024-01-08")
    assert state() == "DECIDED"
    move(graded, "office", confer="1")
    text = page(graded, "chair")
    assert "đã trao tặng" in text
    assert "12/QĐ-MH" in text
    assert "08/01/2024" in text


def test_a_weak_unit_is_not_proposed_and_what_was_typed_is_kept(
    graded: Office,
) -> None:
    answer = propose(graded, unit=CANH_NAU, ground="Thành tích riêng biệt")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "xếp loại năm chưa đủ" in text
    assert "Thành tích riêng biệt" in text
    assert not Award.objects.exists()


def test_everything_that_stands_against_a_proposal_is_said_at_once(
    graded: Office,
) -> None:
    text = propose(graded, ground="", blocked="1").content.decode()
    assert "chưa nêu thành tích" in text
    assert "đang có trường hợp chưa được xét khen thưởng" in text


def test_somebody_must_be_named(graded: Office) -> None:
    answer = propose(graded, unit="", name=" ")
    assert answer.status_code == 422
    assert "Chọn đơn vị hoặc nhập tên" in answer.content.decode()


def test_the_same_proposal_twice_is_one(graded: Office) -> None:
    propose(graded)
    propose(graded)
    assert Award.objects.count() == 1


def test_a_decision_needs_a_number_and_a_day(graded: Office) -> None:
    propose(graded)
    move(graded, "office", appraise="1")
    without = move(graded, "chair", decide="1", decision="", on="2024-01-08")
    assert "Nhập số quyết định" in without.content.decode()
    undated = move(graded, "chair", decide="1", decision="1/QĐ-MH", on="hôm nay")
    assert "Ngày quyết định “hôm nay” không hợp lệ" in undated.content.decode()
    assert "1/QĐ-MH" in undated.content.decode()
    assert state() == "APPRAISED"


def test_only_the_chair_decides(graded: Office) -> None:
    propose(graded)
    move(graded, "office", appraise="1")
    decision = {"decide": "1", "decision": "1/QĐ-MH", "on": "2024-01-08"}
    assert move(graded, "office", **decision).status_code == 404


def test_a_proposal_is_refused_with_a_reason(graded: Office) -> None:
    propose(graded)
    address = reverse("commend-withdraw", args=[Award.objects.get().pk])
    client = graded.client("office")
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Chưa đủ hồ sơ"}).status_code == 302
    assert state() == "REFUSED"
    assert "Chưa đủ hồ sơ" in page(graded, "office")
    assert client.get(address).status_code == 404  # there is nothing to withdraw


def test_a_decided_award_is_cancelled_by_the_chair_and_stays_listed(
    graded: Office,
) -> None:
    award = commended()[-1]
    address = reverse("commend-withdraw", args=[award.pk])
    assert graded.client("office").get(address).status_code == 404
    chair = graded.client("chair")
    assert "Hủy khen thưởng" in chair.get(address).content.decode()
    chair.post(address, {"reason": "Quyết định sai đối tượng"})
    text = page(graded, "chair")
    assert "đã hủy" in text
    assert "Quyết định sai đối tượng" in text


def test_counts_stand_beside_what_each_form_allows(reviewed: Office) -> None:
    text = page(reviewed, "chair")
    assert "1/35 tập thể" in text
    assert "1/45 cá nhân" in text
    assert "1/13 tập thể và cá nhân" in text


def test_the_list_is_filtered_and_taken_away_as_a_file(reviewed: Office) -> None:
    text = page(reviewed, "office", **{"hinh-thuc": "minister"})
    assert "Cá nhân minh họa 01" in text
    assert "Cá nhân minh họa 02" not in text
    answer = reviewed.client("office").get(reverse("commend"), {"csv": "1"})
    assert "12/QĐ-MH" in answer.content.decode()


def test_a_member_of_a_district_sees_only_its_units(reviewed: Office) -> None:
    text = page(reviewed, "member")
    assert "Phường Thọ Xương" in text
    assert "Cá nhân minh họa 01" not in text


def test_an_unknown_form_is_not_there(graded: Office) -> None:
    assert propose(graded, form="none").status_code == 404
    assert propose(graded, kind="none").status_code == 404
