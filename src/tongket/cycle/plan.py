"""Plan ("khắc phục"): who must put what right, by when; what is next year's work?

Every result in a band that owes a plan gets one, under one named post of the committee
of its district. When results change, the duties are derived again: new ones are added,
and a duty that fell away is withdrawn with the reason.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from tongket.cycle import score
from tongket.domain import remediation
from tongket.domain.indicators import Sum
from tongket.domain.remediation import PlanState, Step
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import Tree
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import (
    PlanStep,
    ProgrammeWork,
    RemediationPlan,
    Result,
    Unit,
)
from tongket.records.register import register

FELL_AWAY_WORDS = "Kết quả xếp loại đã được điều chỉnh."


class NotScored(Refusal):
    """Nothing was scored for the year, so nobody can owe a plan."""

    words = "Năm {year} chưa chấm điểm, xếp loại; thực hiện bước chấm điểm trước."


class ReasonMissing(Refusal):
    """A plan is given back only with a reason."""

    words = "Nêu lý do trả lại kế hoạch của {unit}."


class NoPost(Refusal):
    """The pack names no post that could answer for a unit."""

    words = "Chưa có chức danh Ban Chỉ đạo nào cho cấp {kind}; bổ sung committee.yaml."


class NoProgramme(Refusal, LookupError):
    """The pack sets no work for the year."""

    words = (
        "Gói dữ liệu chưa có chương trình công tác năm {year} (programme/{year}.yaml)."
    )


@transaction.atomic
def assign(*, pack: Pack, year: int, by: str, at: dt.datetime) -> list[RemediationPlan]:
    """Derive who owes a plan for the year, and give each a post that answers for it.

    Returns the plans that stand; a second call changes nothing while results stay.
    """
    results = list(score.current(year).select_related("unit", "run").order_by("id"))
    if not results:
        raise NotScored(year=year)
    kept = {
        plan.unit.key: plan
        for plan in RemediationPlan.objects.filter(year=year).select_related("unit")
    }
    due = remediation.due_on(
        year, pack.dates["plan_due_day"].on(dt.date(year + 1, 1, 31)).value
    )
    tree = register().on(dt.date(year, 12, 31))
    ids = dict(Unit.objects.values_list("key", "id"))
    taken: Counter[str] = Counter()
    new, acts, owing = [], [], set()
    for result in results:
        unit = result.unit.key
        if not remediation.owes_plan(score.sheet(pack, result).band):
            continue
        committee, post = _answering(pack, tree, unit, taken)
        owing.add(unit)
        if unit in kept:
            _follow(kept[unit], result, by=by, at=at)
            continue
        new.append(
            RemediationPlan(
                result=result,
                unit_id=ids[unit],
                year=year,
                due_on=due,
                committee_id=ids[committee],
                post=post,
            )
        )
        act = {"due_on": due.isoformat(), "committee": committee, "post": post}
        acts.append(audit.Act("assign_plan", f"plan:{unit}:{year}", act))
    RemediationPlan.objects.bulk_create(new)
    audit.record(acts, by=by, at=at)
    for unit, plan in kept.items():
        if (
            unit not in owing
            and PlanState.WITHDRAWN in remediation.MOVES[PlanState(plan.state)]
        ):
            _moved(plan, PlanState.WITHDRAWN, FELL_AWAY_WORDS, by=by, at=at)
    return list(standing(year))


def standing(year: int) -> QuerySet[RemediationPlan]:
    """Return the plans of a year that are owed or were filed; not the withdrawn."""
    plans = RemediationPlan.objects.filter(year=year)
    return plans.exclude(state=PlanState.WITHDRAWN)


@transaction.atomic
def file(
    *,
    pack: Pack,
    plan: RemediationPlan,
    steps: Sequence[Step],
    on: dt.date,
    by: str,
    at: dt.datetime,
) -> RemediationPlan:
    """Take in a plan; refuses one that leaves an item without a complete step."""
    plan = _locked(plan)
    state = remediation.move(_name(plan), PlanState(plan.state), PlanState.SUBMITTED)
    lost = {r.item.key: r.item.label for r in score.sheet(pack, plan.result).lost}
    labelled = [
        Step(lost.get(s.item, s.item), s.action, s.post, s.due_on, s.evidence)
        for s in steps
    ]
    refusals = list(remediation.unfinished(tuple(lost.values()), tuple(labelled)))
    if refusals:
        raise Refusals(refusals)
    plan.steps.all().delete()  # a step for an item that lost nothing is not kept
    PlanStep.objects.bulk_create(
        PlanStep(
            plan=plan,
            item=step.item,
            action=step.action,
            post=step.post,
            due_on=step.due_on,
            evidence=step.evidence,
        )
        for step in steps
        if step.item in lost
    )
    plan.filed_on = on
    return _moved(plan, state, "", by=by, at=at)


@transaction.atomic
def accept(*, plan: RemediationPlan, by: str, at: dt.datetime) -> RemediationPlan:
    """Accept a plan that was filed."""
    plan = _locked(plan)
    state = remediation.move(_name(plan), PlanState(plan.state), PlanState.ACCEPTED)
    return _moved(plan, state, "", by=by, at=at)


@transaction.atomic
def send_back(
    *, plan: RemediationPlan, reason: str, by: str, at: dt.datetime
) -> RemediationPlan:
    """Give a plan back to its unit with a reason."""
    plan = _locked(plan)
    if not reason.strip():
        raise ReasonMissing(unit=_name(plan))
    state = remediation.move(_name(plan), PlanState(plan.state), PlanState.RETURNED)
    return _moved(plan, state, reason, by=by, at=at)


@transaction.atomic
def set_programme(
    *, pack: Pack, year: int, by: str, at: dt.datetime
) -> list[ProgrammeWork]:
    """Record the objectives, solutions and tasks that were set for a year."""
    if year not in pack.programmes:
        raise NoProgramme(year=year)
    kept = set(ProgrammeWork.objects.filter(year=year).values_list("key", flat=True))
    new = [
        ProgrammeWork(
            year=year,
            key=work.key,
            kind=work.kind,
            label=work.label,
            owner=work.owner,
            due_on=work.due_on,
        )
        for work in pack.programmes[year].works
        if work.key not in kept
    ]
    ProgrammeWork.objects.bulk_create(new)
    acts = [audit.Act("set_work", f"work:{year}:{w.key}", w.kind) for w in new]
    audit.record(acts, by=by, at=at)
    return list(ProgrammeWork.objects.filter(year=year))


@transaction.atomic
def finish_work(*, work: ProgrammeWork, by: str, at: dt.datetime) -> ProgrammeWork:
    """Mark a line of the programme as done."""
    old = work.state
    work.state = ProgrammeWork.State.DONE
    work.save(update_fields=["state"])
    act = audit.Act("finish_work", f"work:{work.year}:{work.key}", work.state, old)
    audit.record([act], by=by, at=at)
    return work


def sums(*, year: int, on: dt.date) -> dict[str, Sum]:
    """Return plans owed, filed and overdue, and the programme of the next year."""
    found: dict[str, int] = {}
    plans = list(standing(year))
    if plans:
        waiting = [p for p in plans if PlanState(p.state) in remediation.WAITING]
        found["plans.owed"] = len(plans)
        found["plans.filed"] = len(plans) - len(waiting)
        found["plans.overdue"] = sum(on > plan.due_on for plan in waiting)
    works = ProgrammeWork.objects.filter(year=year + 1)
    for kind, number in Counter(works.values_list("kind", flat=True)).items():
        found[f"programme.{kind}"] = number
    return {key: Sum(Decimal(number), 1, 1) for key, number in found.items()}


def _answering(
    pack: Pack, tree: Tree, unit: str, taken: Counter[str]
) -> tuple[str, str]:
    """Return the committee above a unit and its next post, each post in turn."""
    for committee in tree.ancestors(unit)[1:]:
        kind = tree[committee].kind
        posts = [post.label for post in pack.posts if post.kind == kind]
        if posts:
            post = posts[taken[committee] % len(posts)]
            taken[committee] += 1
            return committee, post
    raise NoPost(kind=tree[unit].kind)


def _follow(plan: RemediationPlan, result: Result, *, by: str, at: dt.datetime) -> None:
    """Tie a kept plan to the newest result of its unit, and revive a withdrawn one."""
    if plan.result_id != result.pk:
        plan.result = result
        plan.save(update_fields=["result"])
    if plan.state == PlanState.WITHDRAWN:
        _moved(plan, PlanState.OWED, "", by=by, at=at)


def _locked(plan: RemediationPlan) -> RemediationPlan:
    return (
        RemediationPlan.objects.select_for_update(of=("self",))
        .select_related("unit", "result__run")
        .get(pk=plan.pk)
    )


def _moved(
    plan: RemediationPlan, state: PlanState, reason: str, *, by: str, at: dt.datetime
) -> RemediationPlan:
    old, plan.state, plan.reason = plan.state, state, reason
    plan.save(update_fields=["state", "reason", "filed_on"])
    subject = f"plan:{plan.unit.key}:{plan.year}"
    new = {"state": state, "reason": reason}
    audit.record([audit.Act("move_plan", subject, new, old)], by=by, at=at)
    return plan


def _name(plan: RemediationPlan) -> str:
    return register().on(dt.date(plan.year, 12, 31))[plan.unit.key].name
