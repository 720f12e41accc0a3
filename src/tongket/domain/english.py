"""How is a figure said in English, beside the Vietnamese of `wording`?

The English word of a unit of measure is a fact of the pack and is passed in as `units`;
a unit that the pack does not name was refused when the pack was loaded.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tongket.domain import wording
from tongket.domain.indicators import Comparison, Reading
from tongket.domain.numerals import PERCENT, number, percent, scale

DIRECTIONS = {-1: "down", 0: "no change", 1: "up"}
_SWAPPED = str.maketrans(".,", ",.")
_GROUPED = re.compile(r"\d[\d.,]*\d")


@dataclass(frozen=True, slots=True)
class MeasureUnit:
    """A unit of measure ("đơn vị tính") in English: of exactly one, and of others."""

    one: str
    many: str

    def of(self, value: Decimal) -> str:
        """Return the word that goes with a number."""
        return self.one if abs(value) == 1 else self.many


Units = Mapping[str, MeasureUnit]


def quantity(
    value: Decimal | int, measure_unit: str, decimals: int = 0, *, units: Units
) -> str:
    """Return number and unit; large money is told in billions, as in Vietnamese.

    >>> units = {"vụ": MeasureUnit("case", "cases")}
    >>> quantity(1008, "vụ", units=units), quantity(1, "vụ", units=units)
    ('1,008 cases', '1 case')
    """
    scaled, unit, decimals = scale(Decimal(value), measure_unit, decimals)
    shown = number(scaled, decimals, language="en")
    if unit == PERCENT:
        return shown + PERCENT
    return f"{shown} {units[unit].of(scaled)}"


def marks(text: str) -> str:
    """Return a text of numbers alone with the marks that English puts in them.

    >>> marks("966/1.008 (95,83%)")
    '966/1,008 (95.83%)'
    """
    return _GROUPED.sub(lambda found: found[0].translate(_SWAPPED), text)


def parts(reading: Reading) -> str:
    """Return "966/1,008" for a ratio whose parts are known, else nothing."""
    return marks(wording.parts(reading))


def reading_value(reading: Reading, *, units: Units) -> str:
    """Return what a reading says: "1,008 cases", "95.83%"; words when it is missing."""
    if reading.value is None:
        return "no figures"
    decimals = wording.decimals_of(reading)
    unit = reading.indicator.measure_unit
    return quantity(reading.value, unit, decimals, units=units)


def change(comparison: Comparison, *, units: Units) -> str:
    """Return the change with its base; see `wording.change`.

    "down 67 cases (6.23%) on the same period of 2022"
    """
    base, when = comparison.base, _base_period(comparison)
    if comparison.difference is None:
        return f"not comparable with {when} (no figures)"
    if comparison.direction == 0:
        level = reading_value(base, units=units) if base.value else "none in either"
        return f"{DIRECTIONS[0]} on {when} ({level})"
    if not base.value and not base.indicator.is_ratio:
        return f"{change_count(comparison, units=units)} (none in {when})"
    return f"{change_alone(comparison, units=units)} on {when}"


def _base_period(comparison: Comparison) -> str:
    base = comparison.base.period
    if wording.is_same_period(comparison):
        return f"the same period of {base.year}"
    return base.english


def change_alone(comparison: Comparison, *, units: Units) -> str:
    """Return the change without its base: "down 67 cases (6.23%)"."""
    said = change_count(comparison, units=units)
    if comparison.percent is None or comparison.direction == 0:
        return said
    size, decimals = wording.share_of_base(comparison)
    return f"{said} ({percent(size, decimals, language='en')})"


def change_count(comparison: Comparison, *, units: Units) -> str:
    """Return the difference alone: "down 67 cases", "up 1.54 percentage points"."""
    difference, way = comparison.difference, comparison.direction
    assert difference is not None, "the caller has a base and a current value"
    if way == 0:
        return DIRECTIONS[0]
    size, indicator = abs(difference), comparison.current.indicator
    if indicator.measure_unit == PERCENT:
        shown = number(size, indicator.decimals, language="en")
        return f"{DIRECTIONS[way]} {shown} percentage points"
    said = quantity(size, indicator.measure_unit, indicator.decimals, units=units)
    return f"{DIRECTIONS[way]} {said}"
