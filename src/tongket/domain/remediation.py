"""Remediation plans ("kế hoạch khắc phục"): who owes one, what it holds, is it late.

Owed by every unit whose band is one that owes a plan (average and weak in the reviewed
year), due within January of the next year, under one named post of the committee. The
items that lost points come from the score sheet and are never typed again.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tongket.domain.criteria import Band
from tongket.domain.sentences import Refusal, Sentence


class PlanState(StrEnum):
    """Where a plan stands; overdue is not a state but a question about a day."""

    OWED = "OWED"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    ACCEPTED = "ACCEPTED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"  # the result was corrected and no plan is owed any more


MOVES: Mapping[PlanState, frozenset[PlanState]] = {
    PlanState.OWED: frozenset({PlanState.SUBMITTED, PlanState.WITHDRAWN}),
    PlanState.SUBMITTED: frozenset(
        {PlanState.ACCEPTED, PlanState.RETURNED, PlanState.WITHDRAWN}
    ),
    PlanState.RETURNED: frozenset({PlanState.SUBMITTED, PlanState.WITHDRAWN}),
    PlanState.ACCEPTED: frozenset({PlanState.CLOSED}),
    PlanState.CLOSED: frozenset(),
    PlanState.WITHDRAWN: frozenset({PlanState.OWED}),
}
STATE_WORDS: Mapping[PlanState, str] = {
    PlanState.OWED: "chưa gửi",
    PlanState.SUBMITTED: "đã gửi",
    PlanState.RETURNED: "bị trả lại",
    PlanState.ACCEPTED: "đã chấp nhận",
    PlanState.CLOSED: "đã hoàn thành",
    PlanState.WITHDRAWN: "không còn phải gửi",
}
WAITING = frozenset({PlanState.OWED, PlanState.RETURNED})


class PlanRefused(Refusal):
    """A plan that cannot be filed or moved on."""


class WrongMove(PlanRefused):
    """The plan is not where the act expects it."""

    words = "Kế hoạch của {unit} đang ở bước “{state}”, không thể chuyển sang “{to}”."


class PlanUnfinished(PlanRefused):
    """Something that a plan must hold is missing."""

    words = (
        "Kế hoạch khắc phục, mục “{item}”: thiếu {what}; bổ sung trước khi gửi Ban Chỉ "
        "đạo tỉnh."
    )


@dataclass(frozen=True, slots=True)
class Step:
    """What is done about one item that lost points: action, post, day, evidence."""

    item: str
    action: str
    post: str
    due_on: dt.date | None
    evidence: str


def owes_plan(band: Band) -> bool:
    """Whether a unit in this band owes a plan; the edition says which bands do."""
    return band.owes_plan


def due_on(year: int, day_of_january: int) -> dt.date:
    """Return the last day to send the plan for year Y, that day included.

    >>> due_on(2023, 31)
    datetime.date(2024, 1, 31)
    """
    return dt.date(year + 1, 1, day_of_january)


STEP_WORDS = {
    "action": "biện pháp",
    "post": "chức danh chịu trách nhiệm",
    "due_on": "thời hạn hoàn thành",
    "evidence": "minh chứng",
}


def unfinished(items: tuple[str, ...], steps: tuple[Step, ...]) -> Iterator[Refusal]:
    """Yield what a plan still lacks: every lost item needs a complete step."""
    for item in items:
        taken = [step for step in steps if step.item == item]
        lacking = [what for step in taken for what in _lacking(step)]
        for what in dict.fromkeys(lacking if taken else [STEP_WORDS["action"]]):
            yield PlanUnfinished(item=item, what=Sentence(what))


def _lacking(step: Step) -> Iterator[str]:
    if not step.action.strip():
        yield STEP_WORDS["action"]
    if not step.post.strip():
        yield STEP_WORDS["post"]
    if step.due_on is None:
        yield STEP_WORDS["due_on"]
    if not step.evidence.strip():
        yield STEP_WORDS["evidence"]


def move(unit: str, state: PlanState, to: PlanState) -> PlanState:
    """Return the state after the move, or refuse it."""
    if to not in MOVES[state]:
        raise WrongMove(
            unit=unit, state=Sentence(STATE_WORDS[state]), to=Sentence(STATE_WORDS[to])
        )
    return to


def is_overdue(state: PlanState, *, due: dt.date, on: dt.date) -> bool:
    """Whether the unit still owes its plan after the last day to send it."""
    return state in WAITING and on > due
