"""What a unit fills in: measures ("chỉ tiêu") in sections of a form ("biểu mẫu").

A form is an edition: replaced whole, never changed once a return was made on it. The
last day of a period decides which edition is filled in.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from tongket.domain.figures import State
from tongket.domain.sources import Source


class Adds(StrEnum):
    """How a measure adds up over the months of a window."""

    FLOW = "flow"  # summed: cases that occurred
    STOCK = "stock"  # the last one counts: cameras in use


class Polarity(StrEnum):
    """Which direction is good; detected offences are neutral: a rise is more work."""

    LOWER = "lower"
    HIGHER = "higher"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted, in its unit of measure and number of decimals.

    `of` names the measure that this one is a category of ("phân tổ"): the categories of
    a measure add up to it. An optional cell may be left empty without a finding.
    """

    key: str
    label: str
    english: str
    measure_unit: str
    decimals: int = 0
    adds: Adds = Adds.FLOW
    polarity: Polarity = Polarity.NEUTRAL
    may_be: frozenset[State] = frozenset(State)
    note: str = ""
    of: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A block of a form under one heading."""

    key: str
    label: str
    english: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Form:
    """One edition of a form: what units of these kinds fill in.

    It holds for periods that end between `start` and `end`, both included. `summarises`
    names the form of the units below that this one adds up ("biểu tổng hợp"): the same
    rows, never counted a second time.
    """

    key: str
    label: str
    english: str
    unit_kinds: frozenset[str]
    sections: tuple[Section, ...]
    source: Source
    start: dt.date | None = None
    end: dt.date | None = None
    summarises: str = ""

    def holds_on(self, day: dt.date) -> bool:
        """Whether a period that ends on `day` is reported on this edition."""
        return (self.start is None or self.start <= day) and (
            self.end is None or day <= self.end
        )

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """All measures, in the order of the paper form."""
        return tuple(m for section in self.sections for m in section.measures)

    @cached_property
    def _by_key(self) -> dict[str, Measure]:
        # A page of 80 rows asks for each of them several times. The first row counts.
        return {measure.key: measure for measure in reversed(self.measures)}

    def measure(self, key: str) -> Measure | None:
        """Return one measure by its key; None when the form has no such row."""
        return self._by_key.get(key)

    def categories(self, key: str) -> tuple[Measure, ...]:
        """Return the measures that add up to one, in their order; often none."""
        return tuple(m for m in self.measures if m.of == key)
