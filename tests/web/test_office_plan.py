"""Who owes a plan; can it be filed, judged, and the programme followed?"""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from tests.factories import AT, BY, THO_XUONG, month, opened, scored, whole_year
from tests.web.conftest import Office

from tongket.cycle import plan
from tongket.office import facts
from tongket.records.models import PlanStep, ProgrammeWork, RemediationPlan

ADDRESS = ("plan-unit", [2023, THO_XUONG])


@pytest.fixture
def weak(office: Office) -> Office:
    """A reviewed year in which the commune of the reporter `own` is weak."""
    whole_year(weak=[THO_XUONG])
    scored(facts.store())
    plan.assign(pack=facts.pack(), year=2023, by=BY, at=AT)
    plan.set_programme(pack=facts.pack(), year=2024, by=BY, at=AT)
    return office


def page(office: Office, who: str, **query: str) -> str:
    """Return the list of plans as a person sees it."""
    return office.client(who).get(reverse("plan"), query).content.decode()


def items() -> list[str]:
    """Return the items that lost points."""
    kept = RemediationPlan.objects.get(unit__key=THO_XUONG)
    return [row["item"] for row in kept.result.sheet["items"]]


def filled(**changed: str) -> dict[str, str]:
    """Return a complete form; `changed` replaces fields by name."""
    form = {"file": "1"}
    for item in items():
        form[f"action-{item}"] = "Tổ chức lại, phân công người theo dõi."
        form[f"post-{item}"] = "Trưởng Công an phường"
        form[f"due_on-{item}"] = "2024-06-30"
        form[f"evidence-{item}"] = "Báo cáo kết quả"
    return {**form, **changed}


def post(office: Office, who: str, data: dict[str, str]) -> Any:
    """Send a form to the plan's page."""
    return office.client(who).post(reverse(ADDRESS[0], args=ADDRESS[1]), data)


def state() -> str:
    """Return where the plan stands."""
    return RemediationPlan.objects.get(unit__key=THO_XUONG).state


def test_the_list_names_who_owes_and_the_post_that_answers(weak: Office) -> None:
    text = page(weak, "office")
    assert "Phường Thọ Xương" in text
    assert "Trưởng Ban Chỉ đạo huyện, thành phố" in text
    assert "hạn gửi 31/01/2024" in text


def test_a_plan_is_overdue_on_the_day_after_it_was_due(
    weak: Office, settings: Any
) -> None:
    settings.TODAY = dt.date(2024, 1, 31)
    assert "quá hạn tính đến" not in page(weak, "office")
    settings.TODAY = dt.date(2024, 2, 1)
    assert "2 quá hạn tính đến 01/02/2024" in page(weak, "office")
    assert "Phường Thọ Xương" in page(weak, "office", **{"tinh-trang": "qua-han"})


def test_the_list_is_filtered_and_taken_away_as_a_file(weak: Office) -> None:
    none = page(weak, "office", q="không có đơn vị này")
    assert "Không có kế hoạch nào" in none
    answer = weak.client("office").get(reverse("plan"), {"csv": "1"})
    assert "31/01/2024" in answer.content.decode()


def test_a_year_that_was_not_scored_assigns_nothing(office: Office) -> None:
    answer = office.client("office").post(reverse("plan-assign"))
    assert answer.status_code == 422
    assert "chưa chấm điểm" in answer.content.decode()


def test_assigning_again_changes_nothing(weak: Office) -> None:
    answer = weak.client("office").post(reverse("plan-assign"), follow=True)
    assert "Đã giao: 2 đơn vị" in answer.content.decode()


def test_a_unit_files_its_plan_item_by_item(weak: Office) -> None:
    assert post(weak, "own", filled()).status_code == 302
    assert state() == "SUBMITTED"
    assert PlanStep.objects.filter(plan__unit__key=THO_XUONG).exists()
    text = weak.client("own").get(reverse(ADDRESS[0], args=ADDRESS[1]))
    assert "30/06/2024" in text.content.decode()


def test_an_unfinished_plan_is_refused_and_what_was_typed_is_kept(
    weak: Office,
) -> None:
    typed = filled(**{"evidence-registration": "", "action-plan": "Ban hành ngay"})
    answer = post(weak, "own", typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "thiếu minh chứng" in text
    assert "Ban hành ngay" in text
    assert state() == "OWED"


def test_a_day_that_is_none_is_refused(weak: Office) -> None:
    answer = post(weak, "own", filled(**{"due_on-registration": "31/31/2024"}))
    assert answer.status_code == 422
    assert "ngày “31/31/2024” không hợp lệ" in answer.content.decode()


def test_a_member_gives_a_plan_back_with_a_reason(weak: Office) -> None:
    post(weak, "own", filled())
    refused = post(weak, "member", {"send_back": "1", "reason": " "})
    assert refused.status_code == 422
    assert post(weak, "member", {"send_back": "1", "reason": "Nêu rõ thời hạn."})
    assert state() == "RETURNED"
    seen = weak.client("own").get(reverse(ADDRESS[0], args=ADDRESS[1]))
    assert "Nêu rõ thời hạn." in seen.content.decode()


def test_a_member_accepts_a_plan(weak: Office) -> None:
    post(weak, "own", filled())
    assert post(weak, "member", {"accept": "1"}).status_code == 302
    assert state() == "ACCEPTED"


def test_who_may_only_look_can_neither_file_nor_judge(weak: Office) -> None:
    assert post(weak, "reviewer", filled()).status_code == 404
    post(weak, "own", filled())
    assert post(weak, "own", {"accept": "1"}).status_code == 404
    assert post(weak, "chair", {"accept": "1"}).status_code == 404


def test_the_programme_lists_the_work_of_the_next_year(weak: Office) -> None:
    text = weak.client("own").get(reverse("programme")).content.decode()
    assert "Chương trình công tác năm 2024" in text
    for heading in ("Mục tiêu", "Giải pháp", "Chương trình phối hợp"):
        assert heading in text
    assert "Đánh dấu xong" not in text


def test_work_that_is_done_is_marked(weak: Office) -> None:
    work = ProgrammeWork.objects.filter(kind="TASK").first()
    weak.client("office").post(reverse("programme-finish", args=[work.pk]))
    work.refresh_from_db()
    assert work.state == ProgrammeWork.State.DONE


def test_a_programme_is_set_once(office: Office) -> None:
    whole_year()
    office.client("office").post(reverse("programme-set"))
    first = ProgrammeWork.objects.count()
    office.client("office").post(reverse("programme-set"))
    assert ProgrammeWork.objects.count() == first > 0


def test_a_year_without_a_programme_in_the_pack_is_refused(office: Office) -> None:
    opened(month(12, 2022))
    answer = office.client("office").post(reverse("programme-set"))
    assert answer.status_code == 422
    assert "chưa có chương trình công tác năm 2023" in answer.content.decode()


def test_the_programme_is_taken_away_as_a_file(weak: Office) -> None:
    answer = weak.client("office").get(reverse("programme"), {"csv": "1"})
    assert "Mục tiêu" in answer.content.decode()
