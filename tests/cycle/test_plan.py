"""Who owes a plan, under which post, by when; and next year's programme."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.factories import (
    AT,
    BY,
    CANH_NAU,
    CITY,
    COMMUNE_YEAR,
    COMMUNES,
    DONG_TIEN,
    ENTERPRISES,
    NGO_QUYEN,
    THO_XUONG,
    YEAR,
    YEN_THE,
    accepted,
    answers_of_year,
    kinds,
    scored,
    small_pack,
    until_the_module_ends,
    whole_year,
    year,
)

from tongket.analytics.store import Store
from tongket.cycle import count, plan, score
from tongket.domain import remediation
from tongket.domain.remediation import PlanState, Step, WrongMove
from tongket.domain.sentences import Refusals
from tongket.loader.pack import Pack
from tongket.records.models import (
    AuditEntry,
    PlanStep,
    ProgrammeWork,
    RemediationPlan,
)

Counting = Callable[[], Store]
Acts = Callable[[], list[tuple[str, str]]]
JANUARY = dt.date(2024, 1, 25)
KINDS = ("OBJECTIVE", "SOLUTION")
WEAK = (THO_XUONG, NGO_QUYEN, CANH_NAU)


@pytest.fixture(scope="module")
def _year_scored(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    with until_the_module_ends(django_db_blocker):
        whole_year(weak=WEAK)
        folder = tmp_path_factory.mktemp("counted")
        scored(count.refresh(pack=small_pack(), folder=folder))
        yield


@pytest.fixture
def year_scored(_year_scored: None, pack: Pack) -> None:
    """A year in which three communes and one enterprise are weak."""


@pytest.fixture
def owed(pack: Pack, year_scored: None) -> dict[str, RemediationPlan]:
    plans = plan.assign(pack=pack, year=YEAR, by=BY, at=AT)
    return {each.unit.key: each for each in plans}


def steps(pack: Pack, owed: RemediationPlan, **change: object) -> list[Step]:
    """A complete plan, of which every step has the given change."""
    whole = Step(
        "", "Kiểm tra, đôn đốc", "Chủ tịch UBND xã", dt.date(2024, 6, 30), "BC"
    )
    lost = score.sheet(pack, owed.result).lost
    return [replace(whole, item=row.item.key, **change) for row in lost]


def rescored(counted: Counting, *weak: str) -> None:
    accepted(year(regime="tt124"), answers_of_year(weak), COMMUNE_YEAR)
    scored(counted())


def filed(pack: Pack, owed: RemediationPlan) -> RemediationPlan:
    return plan.file(
        pack=pack, plan=owed, steps=steps(pack, owed), on=JANUARY, by=BY, at=AT
    )


def test_nobody_owes_a_plan_before_the_year_is_scored(pack: Pack) -> None:
    with pytest.raises(plan.NotScored, match="Năm 2022 chưa chấm điểm, xếp loại"):
        plan.assign(pack=pack, year=YEAR - 1, by=BY, at=AT)


def test_every_weak_unit_owes_a_plan_by_the_end_of_january(
    owed: dict[str, RemediationPlan],
) -> None:
    assert set(owed) == {*WEAK, ENTERPRISES[2]}
    assert {each.due_on for each in owed.values()} == {dt.date(2024, 1, 31)}
    assert {each.state for each in owed.values()} == {PlanState.OWED}
    assert all(each.result.band == "YEU" for each in owed.values())
    assert str(owed[CANH_NAU]) == f"{CANH_NAU} 2023"


def test_each_plan_has_one_post_of_the_committee_of_its_district(
    pack: Pack, owed: dict[str, RemediationPlan]
) -> None:
    committees = {unit: each.committee.key for unit, each in owed.items()}
    assert committees == {
        THO_XUONG: CITY,
        NGO_QUYEN: CITY,
        ENTERPRISES[2]: CITY,
        CANH_NAU: YEN_THE,
    }
    posts = [post.label for post in pack.posts if post.kind == "district"]
    in_city = [owed[unit].post for unit in (THO_XUONG, NGO_QUYEN, ENTERPRISES[2])]
    assert in_city == posts[:3]
    assert owed[CANH_NAU].post == posts[0]  # each committee begins with its chair


def test_posts_take_their_turn_again_when_all_have_a_unit(
    pack: Pack, year_scored: None
) -> None:
    chair = next(post for post in pack.posts if post.kind == "district")
    small = replace(pack, posts=(chair,))
    plans = plan.assign(pack=small, year=YEAR, by=BY, at=AT)
    assert {each.post for each in plans} == {chair.label}


def test_the_province_answers_where_the_district_has_no_posts(
    pack: Pack, year_scored: None
) -> None:
    chair = next(post for post in pack.posts if post.kind == "province")
    plans = plan.assign(pack=replace(pack, posts=(chair,)), year=YEAR, by=BY, at=AT)
    assert {each.committee.key for each in plans} == {"bg"}


def test_a_unit_that_no_post_answers_for_is_refused_and_no_plan_remains(
    pack: Pack, year_scored: None
) -> None:
    with pytest.raises(plan.NoPost, match="Chưa có chức danh Ban Chỉ đạo nào cho cấp"):
        plan.assign(pack=replace(pack, posts=()), year=YEAR, by=BY, at=AT)
    assert not RemediationPlan.objects.exists()


def test_assigning_again_changes_nothing(
    pack: Pack, owed: dict[str, RemediationPlan], acts: Acts
) -> None:
    told = acts()
    again = plan.assign(pack=pack, year=YEAR, by=BY, at=AT)
    assert {each.unit.key: each for each in again} == owed
    assert acts() == told
    assigned = AuditEntry.objects.filter(act="assign_plan")
    assert {entry.subject for entry in assigned} == {f"plan:{u}:2023" for u in owed}
    assert assigned.count() == len(owed)


def test_no_plan_is_owed_when_its_audit_failed(
    pack: Pack, year_scored: None, broken_audit: type[Exception]
) -> None:
    with pytest.raises(broken_audit):
        plan.assign(pack=pack, year=YEAR, by=BY, at=AT)
    assert not RemediationPlan.objects.exists()


def test_a_plan_is_withdrawn_when_the_result_is_corrected(
    pack: Pack, owed: dict[str, RemediationPlan], counted: Counting
) -> None:
    rescored(counted, THO_XUONG, CANH_NAU, DONG_TIEN)
    plans = plan.assign(pack=pack, year=YEAR, by=BY, at=AT)
    assert {each.unit.key for each in plans} == {
        THO_XUONG,
        CANH_NAU,
        DONG_TIEN,
        ENTERPRISES[2],
    }
    gone = RemediationPlan.objects.get(unit__key=NGO_QUYEN)
    assert gone.state == PlanState.WITHDRAWN
    assert gone.reason == "Kết quả xếp loại đã được điều chỉnh."
    entry = AuditEntry.objects.filter(subject=f"plan:{NGO_QUYEN}:2023").last()
    assert entry is not None
    assert (entry.act, entry.old, entry.new["state"]) == (
        "move_plan",
        "OWED",
        "WITHDRAWN",
    )
    # What stays is tied to the newest result.
    assert all(each.result.run.is_current for each in plans)


def test_a_withdrawn_plan_is_owed_again_when_the_result_falls_back(
    pack: Pack, owed: dict[str, RemediationPlan], counted: Counting
) -> None:
    rescored(counted, THO_XUONG, CANH_NAU)
    plan.assign(pack=pack, year=YEAR, by=BY, at=AT)
    rescored(counted, *WEAK)
    plan.assign(pack=pack, year=YEAR, by=BY, at=AT)
    revived = RemediationPlan.objects.get(unit__key=NGO_QUYEN)
    assert (revived.pk, revived.state) == (owed[NGO_QUYEN].pk, PlanState.OWED)
    assert revived.reason == ""
    assert revived.result.run.is_current


def test_an_accepted_plan_stays_when_the_result_is_corrected(
    pack: Pack, owed: dict[str, RemediationPlan], counted: Counting
) -> None:
    filed(pack, owed[NGO_QUYEN])
    plan.accept(plan=owed[NGO_QUYEN], by=BY, at=AT)
    rescored(counted, THO_XUONG, CANH_NAU)
    plan.assign(pack=pack, year=YEAR, by=BY, at=AT)
    kept = RemediationPlan.objects.get(unit__key=NGO_QUYEN)
    assert kept.state == PlanState.ACCEPTED


def test_a_complete_plan_is_filed_with_a_step_for_every_lost_item(
    pack: Pack, owed: dict[str, RemediationPlan], acts: Acts
) -> None:
    kept = filed(pack, owed[CANH_NAU])
    kept.refresh_from_db()
    lost = score.sheet(pack, kept.result).lost
    assert (kept.state, kept.filed_on) == (PlanState.SUBMITTED, JANUARY)
    assert [step.item for step in kept.steps.all()] == [row.item.key for row in lost]
    step = kept.steps.first()
    assert step is not None
    assert (step.due_on, step.evidence) == (dt.date(2024, 6, 30), "BC")
    assert str(step) == f"{CANH_NAU} 2023 {step.item}"
    assert acts()[-1] == ("move_plan", f"plan:{CANH_NAU}:2023")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"action": " "}, "biện pháp"),
        ({"post": ""}, "chức danh chịu trách nhiệm"),
        ({"due_on": None}, "thời hạn hoàn thành"),
        ({"evidence": ""}, "minh chứng"),
    ],
)
def test_an_unfinished_plan_is_refused_item_by_item(
    pack: Pack, owed: dict[str, RemediationPlan], change: dict[str, object], what: str
) -> None:
    one = owed[CANH_NAU]
    given = steps(pack, one, **change)
    with pytest.raises(Refusals, match=f"thiếu {what}; bổ sung trước") as refused:
        plan.file(pack=pack, plan=one, steps=given, on=JANUARY, by=BY, at=AT)
    assert kinds(refused.value) == ["PlanUnfinished"] * len(given)
    assert not PlanStep.objects.exists()
    one.refresh_from_db()
    assert (one.state, one.filed_on) == (PlanState.OWED, None)


def test_a_plan_that_leaves_out_a_lost_item_names_it(
    pack: Pack, owed: dict[str, RemediationPlan]
) -> None:
    one = owed[CANH_NAU]
    given = steps(pack, one)
    missing = score.sheet(pack, one.result).lost[0].item.label
    with pytest.raises(Refusals) as refused:
        plan.file(pack=pack, plan=one, steps=given[1:], on=JANUARY, by=BY, at=AT)
    assert str(refused.value) == (
        f"Kế hoạch khắc phục, mục “{missing}”: thiếu biện pháp; bổ sung trước khi gửi "
        "Ban Chỉ đạo tỉnh."
    )


def test_a_step_for_an_item_that_lost_nothing_is_not_kept(
    pack: Pack, owed: dict[str, RemediationPlan]
) -> None:
    one = owed[CANH_NAU]
    given = [*steps(pack, one), Step("reports", "", "", None, "")]
    kept = plan.file(pack=pack, plan=one, steps=given, on=JANUARY, by=BY, at=AT)
    assert kept.steps.count() == len(given) - 1


def test_a_plan_is_filed_once(pack: Pack, owed: dict[str, RemediationPlan]) -> None:
    filed(pack, owed[CANH_NAU])
    with pytest.raises(
        WrongMove, match="Xã Canh Nậu đang ở bước “đã gửi”, không thể chuyển sang"
    ):
        filed(pack, owed[CANH_NAU])


def test_a_plan_that_was_sent_back_is_filed_again_with_new_steps(
    pack: Pack, owed: dict[str, RemediationPlan]
) -> None:
    one = filed(pack, owed[CANH_NAU])
    back = plan.send_back(plan=one, reason="Chưa rõ minh chứng.", by=BY, at=AT)
    assert (back.state, back.reason) == (PlanState.RETURNED, "Chưa rõ minh chứng.")
    given = steps(pack, one, evidence="Biên bản kiểm tra")
    again = plan.file(pack=pack, plan=one, steps=given, on=AT.date(), by=BY, at=AT)
    assert (again.state, again.filed_on) == (PlanState.SUBMITTED, AT.date())
    assert {step.evidence for step in again.steps.all()} == {"Biên bản kiểm tra"}
    assert again.steps.count() == len(given)


def test_a_plan_is_given_back_only_with_a_reason(
    pack: Pack, owed: dict[str, RemediationPlan]
) -> None:
    one = filed(pack, owed[CANH_NAU])
    with pytest.raises(plan.ReasonMissing, match="Nêu lý do trả lại kế hoạch của Xã"):
        plan.send_back(plan=one, reason=" ", by=BY, at=AT)
    assert RemediationPlan.objects.get(pk=one.pk).state == PlanState.SUBMITTED


def test_the_second_of_two_judges_is_told_that_it_was_done(
    pack: Pack, owed: dict[str, RemediationPlan]
) -> None:
    one = filed(pack, owed[CANH_NAU])
    stale = RemediationPlan.objects.get(pk=one.pk)
    assert plan.accept(plan=one, by=BY, at=AT).state == PlanState.ACCEPTED
    with pytest.raises(WrongMove, match="“đã chấp nhận”, không thể"):
        plan.accept(plan=stale, by=BY, at=AT)
    with pytest.raises(WrongMove, match="“bị trả lại”"):
        plan.send_back(plan=stale, reason="x", by=BY, at=AT)


def test_an_owed_plan_can_be_neither_accepted_nor_sent_back(
    owed: dict[str, RemediationPlan],
) -> None:
    one = owed[CANH_NAU]
    with pytest.raises(WrongMove, match="“chưa gửi”"):
        plan.accept(plan=one, by=BY, at=AT)
    with pytest.raises(WrongMove, match="“chưa gửi”"):
        plan.send_back(plan=one, reason="x", by=BY, at=AT)


def test_no_step_remains_when_the_audit_of_a_filing_failed(
    pack: Pack, owed: dict[str, RemediationPlan], broken_audit: type[Exception]
) -> None:
    with pytest.raises(broken_audit):
        filed(pack, owed[CANH_NAU])
    assert not PlanStep.objects.exists()
    assert RemediationPlan.objects.get(unit__key=CANH_NAU).state == PlanState.OWED


def test_a_plan_is_overdue_on_the_day_after_it_was_due(
    pack: Pack, owed: dict[str, RemediationPlan]
) -> None:
    filed(pack, owed[THO_XUONG])
    plan.send_back(plan=filed(pack, owed[NGO_QUYEN]), reason="x", by=BY, at=AT)
    last = owed[CANH_NAU].due_on
    on_the_day = plan.sums(year=YEAR, on=last)
    after = plan.sums(year=YEAR, on=last + dt.timedelta(days=1))
    told = [int(on_the_day[f"plans.{k}"].total) for k in ("owed", "filed", "overdue")]
    assert told == [4, 1, 0]
    assert after["plans.overdue"].total == 3
    assert remediation.is_overdue(
        PlanState.OWED, due=last, on=last + dt.timedelta(days=1)
    )


def test_withdrawn_plans_are_in_no_sum(
    pack: Pack, owed: dict[str, RemediationPlan], counted: Counting
) -> None:
    rescored(counted)
    plan.assign(pack=pack, year=YEAR, by=BY, at=AT)
    assert [each.unit.key for each in plan.standing(YEAR)] == [ENTERPRISES[2]]
    assert plan.sums(year=YEAR, on=AT.date())["plans.owed"].total == 1


def test_a_year_without_plans_sums_nothing_rather_than_nought(pack: Pack) -> None:
    assert plan.sums(year=YEAR, on=AT.date()) == {}


# Next year's programme


def test_the_programme_of_the_next_year_is_set_once(pack: Pack, acts: Acts) -> None:
    works = plan.set_programme(pack=pack, year=YEAR + 1, by=BY, at=AT)
    assert len(works) == len(pack.programmes[YEAR + 1].works)
    told = acts()
    assert plan.set_programme(pack=pack, year=YEAR + 1, by=BY, at=AT) == works
    assert acts() == told
    sums = plan.sums(year=YEAR, on=AT.date())
    assert [sums[f"programme.{kind}"].total for kind in KINDS] == [5, 8]
    assert str(works[0]) == works[0].label


def test_works_that_the_pack_adds_are_set_too(pack: Pack) -> None:
    whole = pack.programmes[YEAR + 1]
    first = replace(whole, works=whole.works[:2])
    plan.set_programme(
        pack=replace(pack, programmes={YEAR + 1: first}), year=YEAR + 1, by=BY, at=AT
    )
    works = plan.set_programme(pack=pack, year=YEAR + 1, by=BY, at=AT)
    assert [work.key for work in works] == [work.key for work in whole.works]


def test_a_year_without_a_programme_is_refused(pack: Pack) -> None:
    with pytest.raises(plan.NoProgramme, match="chương trình công tác năm 2030"):
        plan.set_programme(pack=pack, year=2030, by=BY, at=AT)


def test_a_line_of_the_programme_is_marked_as_done(pack: Pack, acts: Acts) -> None:
    work = plan.set_programme(pack=pack, year=YEAR + 1, by=BY, at=AT)[0]
    plan.finish_work(work=work, by=BY, at=AT)
    assert ProgrammeWork.objects.get(pk=work.pk).state == "DONE"
    assert acts()[-1] == ("finish_work", f"work:{YEAR + 1}:{work.key}")


def test_a_plan_belongs_to_units_that_were_scored(
    owed: dict[str, RemediationPlan],
) -> None:
    assert set(owed) & {*COMMUNES} == {*WEAK}
