"""What is watched for in figures that contradict nothing, and from when on?

Which habits, how many values there must be, how far is too far and how grave it is are
dated facts of the pack, each with its source.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tongket.domain.doubts import Severity
from tongket.domain.sources import Source


class Habit(StrEnum):
    """What is watched for."""

    OWN_HISTORY = "own_history"  # far from what the unit sent before
    OWN_SEASON = "own_season"  # far from the same period of the unit's earlier years
    PEERS = "peers"  # far from units of the kind, same form and period
    SUDDEN_NOUGHT = "sudden_nought"  # nothing where there was always something
    ROUNDED = "rounded"  # every number ends in 0 or 5
    COPIED_BLOCK = "copied_block"  # one block of the form repeats another
    COPIED_PERIOD = "copied_period"  # an earlier return than the last one, again
    COPIED_UNIT = "copied_unit"  # another unit's return of the same period


@dataclass(frozen=True, slots=True)
class Watch:
    """How one habit is watched for, between two days, both included.

    `least` is how many values there must be: of the history, of peers, of numbers in
    the block. `change` is the smallest distance that can be odd.
    """

    habit: Habit
    severity: Severity
    least: int
    start: dt.date
    source: Source
    change: Decimal = Decimal(0)
    factor: Decimal = Decimal("0.6745")
    threshold: Decimal = Decimal("3.5")
    end: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether returns for a period that ends on `day` are watched."""
        return self.start <= day and (self.end is None or day <= self.end)


Watches = Mapping[Habit, Watch]


def watches_on(watches: Iterable[Watch], day: dt.date) -> dict[Habit, Watch]:
    """Return what is watched for on a day; the row written last counts."""
    return {each.habit: each for each in watches if each.holds_on(day)}
