"""What must hold: left – operator – right, where each side is a sum of terms.

A term is a measure times a number, or a number alone. It is read from the return itself
unless it says another period, another form of the unit, or the units below. A rule says
between which days it holds, for whom, and what a missing value means to it.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from tongket.domain.doubts import Severity
from tongket.domain.periods import Frequency, Period, Regime
from tongket.domain.sources import Source

Cadence = tuple[Regime, Frequency]  # in what windows a form is collected
ONE = Decimal(1)


class Operator(StrEnum):
    """How the left side must stand to the right."""

    EQUAL = "="
    AT_MOST = "<="
    AT_LEAST = ">="
    ONLY_IF = "only if"  # left above nought only if right above nought


class Span(StrEnum):
    """Of which time a term is read, counted from the period of the return."""

    THIS = "this"
    PREVIOUS = "previous"  # the window before
    SAME_PERIOD = "same_period"  # the same window a year earlier
    YEAR_TO_DATE = "year_to_date"  # from the year's first day to the period's last
    TO_PREVIOUS = "to_previous"  # the same, without the period itself


class Level(StrEnum):
    """Whose figure a term is."""

    OWN = "own"
    BELOW = "below"  # all units below that owe the form, added up


class Missing(StrEnum):
    """What a rule does where a value it needs is not there."""

    SKIP = "skip"  # nothing is said
    NOUGHT = "nought"  # it counts as nought, unless nothing at all was told


@dataclass(frozen=True, slots=True)
class Term:
    """`times` × one measure; without a measure the number `times` itself.

    An empty `form` is the rule's own. Over several windows flows add up, of stocks the
    last window counts.
    """

    measure: str = ""
    times: Decimal = ONE
    form: str = ""
    span: Span = Span.THIS
    level: Level = Level.OWN

    @property
    def is_constant(self) -> bool:
        """Whether the term is a number that the pack states."""
        return not self.measure

    @property
    def is_near(self) -> bool:
        """Whether the return itself answers it."""
        return self.is_constant or self.is_cell

    @property
    def is_cell(self) -> bool:
        """Whether it is a cell of the return itself."""
        return (
            bool(self.measure)
            and not self.form
            and self.span is Span.THIS
            and self.level is Level.OWN
        )


Side = tuple[Term, ...]


def plain(*measures: str) -> Side:
    """Return the sum of measures of the return itself.

    >>> [term.measure for term in plain("theft_cases", "fraud_cases")]
    ['theft_cases', 'fraud_cases']
    """
    return tuple(Term(measure) for measure in measures)


@dataclass(frozen=True)
class Rule:
    """left – operator – right for the returns on one form.

    `start` and `end` are days inside; the last day of the period decides. Empty `kinds`
    and `groups` ask nothing of the unit. `tolerance` is how far the sides may be apart
    in the wrong direction.
    """

    key: str
    form: str
    left: Side
    operator: Operator
    right: Side
    severity: Severity
    remedy: str
    missing: Missing = Missing.SKIP
    tolerance: Decimal = Decimal(0)
    kinds: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    start: dt.date | None = None
    end: dt.date | None = None
    source: Source | None = None

    def holds(self, left: Decimal, right: Decimal) -> bool:
        """Whether two sums satisfy the rule."""
        match self.operator:
            case Operator.EQUAL:
                return abs(left - right) <= self.tolerance
            case Operator.AT_MOST:
                return left <= right + self.tolerance
            case Operator.AT_LEAST:
                return left >= right - self.tolerance
            case Operator.ONLY_IF:
                return left <= self.tolerance or right > 0

    def holds_on(self, day: dt.date) -> bool:
        """Whether returns for a period that ends on `day` are held to the rule."""
        return (self.start is None or self.start <= day) and (
            self.end is None or day <= self.end
        )

    def concerns(self, kind: str, groups: Collection[str]) -> bool:
        """Whether a unit of a kind, a member of `groups`, is held to the rule."""
        return (not self.kinds or kind in self.kinds) and (
            not self.groups or not self.groups.isdisjoint(groups)
        )

    @cached_property
    def terms(self) -> Side:
        """Both sides, the left one first."""
        return (*self.left, *self.right)

    @cached_property
    def is_near(self) -> bool:
        """Whether a return answers the rule alone, whatever else was sent."""
        return all(term.is_near for term in self.terms)

    @cached_property
    def is_plain(self) -> bool:
        """Whether both sides are bare sums of cells, as a spreadsheet adds them."""
        return all(term.is_cell and term.times == ONE for term in self.terms)

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The measures of the return itself that the rule is about, each once."""
        return tuple(dict.fromkeys(t.measure for t in self.terms if t.is_cell))


def windows(
    span: Span, period: Period, regime: Regime, frequency: Frequency
) -> tuple[Period, ...] | None:
    """Return the windows of a length that make up a span; None where none do.

    Nothing came before the first window of a year: its `TO_PREVIOUS` has no window.

    >>> rule = Regime("nd09", "NĐ 09", 12, 15, -1, frozenset(Frequency), Source(""))
    >>> may = rule.period(Frequency.MONTH, 2023, 5)
    >>> [each.key for each in windows(Span.PREVIOUS, may, rule, Frequency.MONTH)]
    ['nd09-2023-m04']
    >>> len(windows(Span.YEAR_TO_DATE, may, rule, Frequency.MONTH))
    5
    >>> windows(Span.THIS, may, rule, Frequency.QUARTER)
    """
    match span:
        case Span.PREVIOUS:
            whole = regime.previous(period)
            start, end = whole.start, whole.end
        case Span.SAME_PERIOD:
            whole = regime.same_period(period)
            start, end = whole.start, whole.end
        case Span.YEAR_TO_DATE | Span.TO_PREVIOUS:
            whole = regime.year(period.year)
            start = whole.start
            end = period.end
            if span is Span.TO_PREVIOUS:
                end = period.start - dt.timedelta(days=1)
        case Span.THIS:
            whole, start, end = period, period.start, period.end
    inside = tuple(
        each
        for each in regime.windows(frequency, whole.year)
        if each.start >= start and each.end <= end
    )
    tiled = sum(each.days for each in inside) == (end - start).days + 1
    return inside if tiled else None


def reads(
    rule: Rule, period: Period, cadences: Mapping[str, Cadence]
) -> dict[Term, tuple[Period, ...] | None]:
    """Return the windows that each term of a rule beyond the return itself is read in.

    None where the form of a term is not collected in windows that make the span up.
    """
    found: dict[Term, tuple[Period, ...] | None] = {}
    for term in rule.terms:
        if term.is_near:
            continue
        regime, frequency = cadences.get(term.form or rule.form, (None, None))
        if regime is None or frequency is None or regime.key != period.regime:
            found[term] = None
        else:
            found[term] = windows(term.span, period, regime, frequency)
    return found
