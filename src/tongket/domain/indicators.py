"""What is counted and how it reads: sums, ratios and the change on the same period.

Engines return exact sums; division and rounding are done here, once, in `Decimal`,
half-up on the magnitude (`domain.md` 8.4). A rate is a ratio of sums, never a mean of
ratios, and keeps its numerator and denominator. What has no base is not comparable:
never infinity, never 100 %.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tongket.domain.figures import Figure, State
from tongket.domain.forms import Polarity
from tongket.domain.periods import Period, comparison_notes
from tongket.domain.sentences import Sentence
from tongket.domain.sources import Source

HUNDRED = Decimal(100)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Round half-up on the magnitude, as Vietnamese statistics are printed.

    >>> rounded(Decimal("-25.3968"), 2), rounded(Decimal("0.125"), 2)
    (Decimal('-25.40'), Decimal('0.13'))
    """
    # Plus nought, so that a small negative becomes 0,00 and not −0,00.
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def change_in_percent(current: Decimal, base: Decimal) -> Decimal | None:
    """Return (current − base) ÷ base × 100, not rounded; None when the base is nought.

    >>> rounded(change_in_percent(Decimal(1008), Decimal(1075)), 2)
    Decimal('-6.23')
    """
    return (current - base) * HUNDRED / base if base else None


@dataclass(frozen=True, slots=True)
class Target:
    """A value to reach ("chỉ tiêu phấn đấu"): at least or at most, with its source."""

    value: Decimal
    source: Source

    @property
    def decimals(self) -> int:
        """How many decimals the value is stated at, noughts at its end left out."""
        exponent = self.value.normalize().as_tuple().exponent
        assert isinstance(exponent, int), "a target is a number"
        return max(0, -exponent)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One published quantity: summed measures, or a ratio of two sums × `per`."""

    key: str
    label: str
    english: str
    definition: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    measure_unit: str
    decimals: int
    polarity: Polarity
    source: Source
    per: Decimal = Decimal(1)
    block: str = ""
    target: Target | None = None
    published: bool = False

    @property
    def target_sign(self) -> str:
        """Whether the target is to be reached from above ("≤") or from below ("≥")."""
        return "≤" if self.polarity is Polarity.LOWER else "≥"

    @property
    def is_ratio(self) -> bool:
        """Whether the indicator divides two sums."""
        return bool(self.denominator)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that the indicator needs."""
        return tuple(dict.fromkeys((*self.numerator, *self.denominator)))


@dataclass(frozen=True, slots=True)
class Sum:
    """One measure added up over a unit and window: the sum, and who is in it."""

    total: Decimal
    returned: int  # cells with an answer
    owed: int  # cells that were due


NOTHING = Sum(Decimal(0), 0, 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator's answer for a unit and window, with all that it came from.

    `numerator` is None when no unit reported anything: missing, which is not nought.
    """

    indicator: Indicator
    unit: str
    period: Period
    numerator: Decimal | None
    denominator: Decimal | None = None
    returned: int = 0
    owed: int = 0

    @property
    def key(self) -> str:
        """The identity of the figure, printed with it wherever it stands."""
        return f"{self.indicator.key}@{self.unit}@{self.period.key}"

    @property
    def exact(self) -> Decimal | None:
        """The value, not rounded; None when missing or when the divisor is nought."""
        if self.numerator is None or not self.indicator.is_ratio:
            return self.numerator
        if not self.denominator:
            return None
        return self.numerator * self.indicator.per / self.denominator

    @property
    def value(self) -> Decimal | None:
        """The value at the decimals of the indicator."""
        return (
            None if self.exact is None else rounded(self.exact, self.indicator.decimals)
        )

    @property
    def is_complete(self) -> bool:
        """Whether every unit that owed an answer gave one."""
        return self.returned == self.owed


def read(
    indicator: Indicator, unit: str, period: Period, sums: Mapping[str, Sum]
) -> Reading:
    """Return the reading of an indicator from the sums of its measures."""

    def added(measures: tuple[str, ...]) -> Decimal | None:
        parts = [sums.get(measure, NOTHING) for measure in measures]
        if not any(part.returned for part in parts):
            return None
        return sum((part.total for part in parts), Decimal(0))

    used = [sums.get(measure, NOTHING) for measure in indicator.measures]
    # The measure with most answers outstanding speaks for all: a unit that one of them
    # does not concern owes the others only.
    worst = max(used, key=lambda part: (part.owed - part.returned, part.owed))
    return Reading(
        indicator,
        unit,
        period,
        added(indicator.numerator),
        added(indicator.denominator) if indicator.is_ratio else None,
        worst.returned,
        worst.owed,
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """A reading beside its base; differences of rates are percentage points."""

    current: Reading
    base: Reading
    notes: tuple[Sentence, ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """Current minus base, at the decimals of the indicator; None when unknown."""
        if self.current.value is None or self.base.value is None:
            return None
        return self.current.value - self.base.value

    @property
    def percent(self) -> Decimal | None:
        """The change in percent of the base; None without a base, and for rates."""
        if self.current.indicator.is_ratio or self.difference is None:
            return None
        assert self.current.value is not None
        assert self.base.value is not None
        return change_in_percent(self.current.value, self.base.value)

    @property
    def direction(self) -> int:
        """−1 down, 0 level or unknown, 1 up."""
        difference = self.difference or Decimal(0)
        return (difference > 0) - (difference < 0)

    @property
    def is_good(self) -> bool | None:
        """Whether the change goes the right way; None when neither or level."""
        polarity = self.current.indicator.polarity
        if polarity is Polarity.NEUTRAL or self.direction == 0:
            return None
        return (self.direction > 0) == (polarity is Polarity.HIGHER)


def compare(current: Reading, base: Reading) -> Comparison:
    """Return the comparison of two windows of one rule; refuses two rules."""
    assert current.indicator.key == base.indicator.key, "one indicator at a time"
    notes = list(comparison_notes(current.period, base.period))
    for reading in (current, base):
        if not reading.is_complete:
            notes.append(
                Sentence(
                    "Số liệu {period} chưa đủ: {returned}/{owed} báo cáo.",
                    {
                        "period": reading.period.label,
                        "returned": _grouped(reading.returned),
                        "owed": _grouped(reading.owed),
                    },
                )
            )
    return Comparison(current, base, tuple(notes))


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def meets(reading: Reading) -> bool | None:
    """Whether the target is reached, compared unrounded; None without one."""
    target = reading.indicator.target
    if target is None or reading.exact is None:
        return None
    if reading.indicator.polarity is Polarity.LOWER:
        return reading.exact <= target.value
    return reading.exact >= target.value


def totals(
    figures: Iterable[Figure], ancestors: Mapping[str, Iterable[str]]
) -> dict[tuple[str, str, str], Sum]:
    """Add figures up to every unit above: the meaning that engines are compared with.

    Returns (unit, measure, period) → `Sum`. A figure that is not applicable is not
    owed; a missing one is owed and not returned.

    >>> from tongket.domain.figures import MISSING, reported
    >>> rows = [Figure("a", "m", "p", reported(2)), Figure("b", "m", "p", MISSING)]
    >>> totals(rows, {"a": ["a", "top"], "b": ["b", "top"]})[("top", "m", "p")]
    Sum(total=Decimal('2'), returned=1, owed=2)
    """
    found: dict[tuple[str, str, str], Sum] = {}
    for figure in figures:
        if figure.cell.state is State.NOT_APPLICABLE:
            continue
        counted = figure.cell.counted
        for unit in ancestors[figure.unit]:
            key = (unit, figure.measure, figure.period)
            so_far = found.get(key, NOTHING)
            found[key] = Sum(
                so_far.total + (counted or Decimal(0)),
                so_far.returned + (counted is not None),
                so_far.owed + 1,
            )
    return found
