"""Next year's work: objectives, solutions and tasks; conversion of hotspot areas.

The chair sets objectives ("mục tiêu"), the report names solutions ("giải pháp"), and
the instructions become tasks, each with an owner and a day. Hotspot areas ("địa bàn
phức tạp") move through a fixed set of states until they are initially recognised,
monitored for at least six months, and sustained or relapsed.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tongket.domain.sentences import Refusal, Sentence
from tongket.domain.sources import Source


class WorkKind(StrEnum):
    """What a line of the programme is."""

    OBJECTIVE = "OBJECTIVE"
    SOLUTION = "SOLUTION"
    TASK = "TASK"
    COORDINATION = "COORDINATION"


@dataclass(frozen=True, slots=True)
class Work:
    """One line of next year's programme; tasks have an owner, usually a day too."""

    key: str
    kind: WorkKind
    label: str
    english: str
    owner: str
    due_on: dt.date | None
    source: Source


@dataclass(frozen=True, slots=True)
class Programme:
    """The work that a review sets for the year after it."""

    year: int
    works: tuple[Work, ...]

    def of_kind(self, kind: WorkKind) -> tuple[Work, ...]:
        """Return the lines of one kind, in the order they were set."""
        return tuple(work for work in self.works if work.kind is kind)


class AreaState(StrEnum):
    """Where a hotspot area stands in its conversion ("chuyển hóa")."""

    PROPOSED = "PROPOSED"
    SELECTED = "SELECTED"
    IN_CONVERSION = "IN_CONVERSION"
    INITIAL = "INITIAL"
    CARRIED_OVER = "CARRIED_OVER"
    MONITORED = "MONITORED"
    SUSTAINED = "SUSTAINED"
    RELAPSED = "RELAPSED"


AREA_MOVES: Mapping[AreaState, frozenset[AreaState]] = {
    AreaState.PROPOSED: frozenset({AreaState.SELECTED}),
    AreaState.SELECTED: frozenset({AreaState.IN_CONVERSION}),
    AreaState.IN_CONVERSION: frozenset({AreaState.INITIAL, AreaState.CARRIED_OVER}),
    AreaState.CARRIED_OVER: frozenset({AreaState.IN_CONVERSION}),
    AreaState.INITIAL: frozenset({AreaState.MONITORED}),
    AreaState.MONITORED: frozenset({AreaState.SUSTAINED, AreaState.RELAPSED}),
    AreaState.SUSTAINED: frozenset({AreaState.RELAPSED}),
    AreaState.RELAPSED: frozenset({AreaState.PROPOSED}),
}


AREA_WORDS: Mapping[AreaState, str] = {
    AreaState.PROPOSED: "đề xuất",
    AreaState.SELECTED: "được chọn",
    AreaState.IN_CONVERSION: "đang chuyển hóa",
    AreaState.INITIAL: "bước đầu chuyển hóa",
    AreaState.CARRIED_OVER: "chuyển tiếp sang năm sau",
    AreaState.MONITORED: "đang theo dõi",
    AreaState.SUSTAINED: "chuyển hóa bền vững",
    AreaState.RELAPSED: "tái phức tạp",
}


class WrongAreaMove(Refusal):
    """A state that does not follow the one the area is in."""

    words = "Địa bàn đang ở bước “{state}”, không thể chuyển sang “{to}”."


def move_area(state: AreaState, to: AreaState) -> AreaState:
    """Return the state after the move, or refuse it.

    >>> move_area(AreaState.IN_CONVERSION, AreaState.INITIAL).name
    'INITIAL'
    """
    if to not in AREA_MOVES[state]:
        raise WrongAreaMove(
            state=Sentence(AREA_WORDS[state]), to=Sentence(AREA_WORDS[to])
        )
    return to
