"""What is known about a unit when the demonstration's classes are verified?

The same facts as the score is made from: the measures of the yearly form, the counts of
the reporting year and of the same period before, the clearance rate, and timeliness.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from tongket.domain.criteria import Fact, Facts
from tongket.domain.figures import Cell
from tongket.domain.forms import Adds, Form
from tongket.domain.indicators import Indicator
from tongket.loader.demonstration.sendings import SyntheticReturn

MONTHLY_OWED = 12


def counted(
    sendings: Iterable[SyntheticReturn], form: Form
) -> dict[tuple[str, int], dict[str, Decimal]]:
    """Return the sums of the final monthly returns by unit and reporting year.

    A stock is what the last month of the year that was sent says; `returns.on_time`
    counts the months whose first sending came on or before the due day.
    """
    stock = {m.key for m in form.measures if m.adds is Adds.STOCK}
    finals: dict[tuple[str, str], SyntheticReturn] = {}
    firsts: dict[tuple[str, str], SyntheticReturn] = {}
    for each in sendings:
        firsts.setdefault((each.unit, each.period.key), each)
        finals[(each.unit, each.period.key)] = each
    found: dict[tuple[str, int], dict[str, Decimal]] = defaultdict(
        lambda: defaultdict(Decimal)
    )
    for (unit, period), final in finals.items():
        sums = found[(unit, final.period.year)]
        sums["returns.on_time"] += int(firsts[(unit, period)].is_on_time)
        for key, cell in final.cells.items():
            value = cell.counted or Decimal(0)
            sums[key] = value if key in stock else sums[key] + value
    return found


def facts(
    rates: Sequence[Indicator],
    now: Mapping[str, Decimal],
    before: Mapping[str, Decimal],
    answers: Mapping[str, Cell],
) -> Facts:
    """Return the facts of one unit from its two years of counts and its answers.

    Every rate whose measures were counted gives its numerator and its denominator.
    """
    values: dict[str, Decimal | None] = {
        **now,
        **{f"{key}@same_period": value for key, value in before.items()},
        "returns.owed": Decimal(MONTHLY_OWED),
        **{key: cell.counted for key, cell in answers.items()},
    }
    for rate in rates:
        if all(measure in now for measure in rate.measures):
            values[f"{rate.key}.numerator"] = _added(now, rate.numerator)
            values[f"{rate.key}.denominator"] = _added(now, rate.denominator)
    return {key: Fact(key, value) for key, value in values.items()}


def _added(now: Mapping[str, Decimal], measures: Iterable[str]) -> Decimal:
    return sum((now[measure] for measure in measures), Decimal(0))


def with_yearly_return(known: Facts) -> Facts:
    """Return the facts as they are when the yearly self-assessment is counted too.

    Whether "on time" is asked of the monthly returns alone or of all is the cycle's
    matter; a band of the demonstration must stand either way.
    """
    more = dict(known)
    for key in ("returns.on_time", "returns.owed"):
        value = known[key].value if key in known else None
        more[key] = Fact(key, (value or Decimal(0)) + 1)
    return more
