"""What a unit fills in: measures ("chỉ tiêu") in sections of a form ("biểu mẫu").

A form is an edition: replaced whole, never changed once a return was made on it.
"""

from dataclasses import dataclass
from enum import StrEnum

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
    """One thing that is counted, in its unit of measure and number of decimals."""

    key: str
    label: str
    english: str
    measure_unit: str
    decimals: int = 0
    adds: Adds = Adds.FLOW
    polarity: Polarity = Polarity.NEUTRAL
    may_be: frozenset[State] = frozenset(State)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A block of a form under one heading."""

    key: str
    label: str
    english: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One edition of a form: what units of these kinds fill in."""

    key: str
    label: str
    english: str
    unit_kinds: frozenset[str]
    sections: tuple[Section, ...]
    source: Source

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All measures, in the order of the paper form."""
        return tuple(m for section in self.sections for m in section.measures)

    def measure(self, key: str) -> Measure | None:
        """Return one measure by its key; None when the form has no such row."""
        return next((m for m in self.measures if m.key == key), None)
