"""Which of the returns that are owed are in, and which came on time?

A cell of the board ("bảng theo dõi") is one unit and one period; a row or a column adds
cells up. Two shares are told, each with numerator and denominator:

- completeness ("đầy đủ"): of the returns that are owed, those that are in. One that was
  sent back, or taken back, is not in until it is sent again.
- timeliness ("đúng hạn"): of the returns that were sent or whose due day has passed,
  those whose first sending came by the due day, that day included.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from tongket.domain.deadlines import is_overdue


class Stage(StrEnum):
    """How far a return has come by itself, whatever the day."""

    UNSENT = ""
    SENT = "SENT"
    SENT_BACK = "SENT_BACK"
    TAKEN_BACK = "TAKEN_BACK"  # by its sender, before anybody decided
    ACCEPTED = "ACCEPTED"


class Standing(StrEnum):
    """What a cell of the board says, the most urgent first."""

    MISSING = "MISSING"  # its due day has passed
    SENT_BACK = "SENT_BACK"
    TAKEN_BACK = "TAKEN_BACK"
    DUE_SOON = "DUE_SOON"
    DRAFTED = "DRAFTED"  # typing has begun, and there is time
    NOT_DUE = "NOT_DUE"
    WAITING = "WAITING"  # sent; somebody above must decide
    ACCEPTED = "ACCEPTED"
    LOCKED = "LOCKED"  # accepted, and its period is closed
    AMENDED = "AMENDED"  # accepted anew after it had been accepted


IN = frozenset({Standing.WAITING, Standing.ACCEPTED, Standing.LOCKED, Standing.AMENDED})


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one return that is owed; `is_late` is its first sending."""

    due: dt.date
    stage: Stage = Stage.UNSENT
    is_late: bool = False
    has_draft: bool = False
    is_closed: bool = False
    is_amended: bool = False

    def standing(self, on: dt.date, soon: int) -> Standing:
        """Return where the return stands on a day.

        A return is due soon during the last `soon` days before its due day, and on it.
        """
        if self.stage is Stage.UNSENT:
            return self._unsent(on, soon)
        if self.stage is Stage.SENT:
            return Standing.WAITING
        if self.stage in (Stage.SENT_BACK, Stage.TAKEN_BACK):
            return Standing(self.stage.value)
        if self.is_amended:
            return Standing.AMENDED
        return Standing.LOCKED if self.is_closed else Standing.ACCEPTED

    def _unsent(self, on: dt.date, soon: int) -> Standing:
        if is_overdue(due=self.due, on=on):
            return Standing.MISSING
        if (self.due - on).days <= soon:
            return Standing.DUE_SOON
        return Standing.DRAFTED if self.has_draft else Standing.NOT_DUE

    def is_settled(self, on: dt.date) -> bool:
        """Whether it can be said if the return was on time."""
        return self.stage is not Stage.UNSENT or is_overdue(due=self.due, on=on)

    def days_overdue(self, on: dt.date) -> int:
        """Return for how many days nothing was sent after the due day; 0 if not."""
        is_missing = self.stage is Stage.UNSENT
        return max((on - self.due).days, 0) if is_missing else 0


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """Return the share in per cent with one decimal, half up; None of nothing.

        A share that is not whole never reads 100, nor one that is not empty 0.

        >>> Share(2, 3).percent, Share(11999, 12000).percent, Share(0, 0).percent
        (Decimal('66.7'), Decimal('99.9'), None)
        """
        if not self.whole:
            return None
        tenth = Decimal("0.1")
        exact = Decimal(100 * self.part) / self.whole
        rounded = exact.quantize(tenth, ROUND_HALF_UP)
        if self.part < self.whole:
            rounded = min(rounded, 100 - tenth)
        return max(rounded, tenth) if self.part else rounded


@dataclass(frozen=True, slots=True)
class Tally:
    """Cells of the board added up: how many returns stand where."""

    standings: Mapping[Standing, int] = field(default_factory=dict)
    on_time: int = 0
    settled: int = 0

    @property
    def owed(self) -> int:
        """How many returns are owed."""
        return sum(self.standings.values())

    @property
    def completeness(self) -> Share:
        """Of the returns that are owed, those that are in."""
        arrived = sum(self.standings.get(each, 0) for each in IN)
        return Share(arrived, self.owed)

    @property
    def timeliness(self) -> Share:
        """Of the returns sent or past their day, those first sent by that day."""
        return Share(self.on_time, self.settled)

    @property
    def missing(self) -> int:
        """How many were not sent and are past their due day."""
        return self.standings.get(Standing.MISSING, 0)

    @property
    def worst(self) -> Standing | None:
        """The most urgent thing that stands in any cell; None when nothing is owed."""
        found = (each for each in Standing if self.standings.get(each))
        return next(found, None)


def added(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies of different returns."""
    standings: dict[Standing, int] = {}
    on_time = settled = 0
    for each in tallies:
        on_time += each.on_time
        settled += each.settled
        for standing, count in each.standings.items():
            standings[standing] = standings.get(standing, 0) + count
    return Tally(standings, on_time, settled)


def tally(marks: Iterable[tuple[Mark, int]], on: dt.date, soon: int) -> Tally:
    """Return how many returns stand where; each mark comes with how many have it."""
    standings: Counter[Standing] = Counter()
    on_time = settled = 0
    for mark, count in marks:
        standings[mark.standing(on, soon)] += count
        if mark.is_settled(on):
            settled += count
            on_time += count * (mark.stage is not Stage.UNSENT and not mark.is_late)
    return Tally(standings, on_time, settled)
