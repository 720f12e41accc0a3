"""Which exact numbers can stand behind the rounded ones that a text prints?

Half-up is the rule, truncation a habit (`claims.md` §4): both are computed, and told
apart. A hedge widens the interval that a number stands for; how far is a choice of this
project, stated here once.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TypeAlias

from tongket.domain.claims_quantity import CHANGE_PERCENT, Quantity
from tongket.domain.indicators import HUNDRED, rounded

Pairs: TypeAlias = tuple[tuple[int, int], ...]
MOST_PAIRS = 1000
HALF = Decimal("0.5")
# Hedge → how far below and above the stated figure the true one may lie.
BANDS = {
    "approx_below": (Decimal("0.06"), Decimal(0)),
    "approx_above": (Decimal(0), Decimal("0.10")),
    "about": (Decimal("0.05"), Decimal("0.05")),
}
PERCENT_BANDS = {
    "approx_below": (Decimal("0.12"), Decimal(0)),
    "approx_above": (Decimal(0), Decimal("0.12")),
    "about": (Decimal("0.10"), Decimal("0.10")),
}


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`, both included."""

    low: Decimal
    high: Decimal

    def __contains__(self, value: Decimal) -> bool:
        return self.low <= value <= self.high

    def meets(self, other: "Interval") -> bool:
        """Whether some number lies in both."""
        return self.low <= other.high and other.low <= self.high

    def widened(self, by: Decimal) -> "Interval":
        """The interval with `by` added at both ends."""
        return Interval(self.low - by, self.high + by)


def stated(quantity: Quantity) -> Interval:
    """Return the values that the quantity can stand for.

    Without a hedge: half a unit of the last place either way, nothing for whole counts.
    """
    if quantity.minimum is not None and quantity.maximum is not None:
        return Interval(quantity.minimum, quantity.maximum)
    assert quantity.value is not None, "the caller chose a quantity with a value"
    value = quantity.value
    if quantity.hedge:
        bands = PERCENT_BANDS if quantity.kind == CHANGE_PERCENT else BANDS
        below, above = bands[quantity.hedge]
        return Interval(value * (1 - below), value * (1 + above))
    whole = quantity.kind in ("count", "change_abs") and quantity.step == 1
    if whole and quantity.unit != "điểm %":
        return Interval(value, value)
    return Interval(value - quantity.step * HALF, value + quantity.step * HALF)


def precise(exact: Decimal, quantity: Quantity) -> Decimal:
    """Return `exact` as it would be printed at the decimals of the quantity."""
    return rounded(exact / quantity.scale, quantity.decimals) * quantity.scale


def bases(difference: Decimal, percent: Decimal, decimals: int) -> Pairs:
    """Return every (base, current) of whole numbers that rounds half-up to `percent`.

    Empty when none fits, and when more than a thousand do: then the two numbers
    say nothing about each other.

    >>> bases(Decimal(-67), Decimal("-6.23"), 2)
    ((1075, 1008), (1076, 1009))
    """
    step = Decimal(1).scaleb(-decimals)
    size = abs(percent)
    return _pairs(difference, percent, size - step * HALF, size + step * HALF)


def truncated_bases(difference: Decimal, percent: Decimal, decimals: int) -> Pairs:
    """Return the pairs that give `percent` only when it was cut instead of rounded.

    >>> truncated_bases(Decimal(-67), Decimal("-6.23"), 2)
    ((1074, 1007),)
    """
    size = abs(percent)
    cut = _pairs(difference, percent, size, size + Decimal(1).scaleb(-decimals))
    fitting = bases(difference, percent, decimals)
    return tuple(pair for pair in cut if pair not in fitting)


def _pairs(difference: Decimal, percent: Decimal, low: Decimal, high: Decimal) -> Pairs:
    """Return the whole bases for which |difference| ÷ base × 100 is in [low, high)."""
    if not difference or difference * percent < 0 or low <= 0:
        return ()
    size = abs(difference) * HUNDRED
    first = int((size / high).to_integral_value(ROUND_FLOOR)) + 1
    last = int((size / low).to_integral_value(ROUND_FLOOR))
    step = int(difference)
    first = max(first, -step, 1)
    if last - first >= MOST_PAIRS or difference != step:
        return ()
    return tuple((base, base + step) for base in range(first, last + 1))


def base_exists(current: Decimal, percent: Quantity) -> bool | None:
    """Whether a whole base gives the change in percent; None: only when truncated."""
    assert percent.value is not None, "the caller chose a quantity with a value"
    sign = -1 if percent.direction == "down" else 1
    for rounding in (True, False):
        step = percent.step
        half = step * HALF
        low = percent.value - half if rounding else percent.value
        high = percent.value + half if rounding else percent.value + step
        ends = [1 + sign * end / HUNDRED for end in (low, high)]
        if min(ends) <= 0:
            return True
        small, large = sorted(current / end for end in ends)
        if small.to_integral_value(ROUND_CEILING) <= large:
            return True if rounding else None
    return False


def change_interval(current: Interval, difference: Interval, sign: int) -> Interval:
    """Return the changes in percent that the two intervals allow."""
    found = []
    for level in (current.low, current.high):
        for size in (difference.low, difference.high):
            base = level - sign * size
            if base > 0:
                found.append(size / base * HUNDRED)
    if not found:
        return Interval(Decimal(0), Decimal("Infinity"))
    return Interval(min(found), max(found))
