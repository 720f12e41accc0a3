"""Count ("tổng hợp"): what is the total, and against the same period?

The store holds a row for every cell that was owed, answered or not, so that a total can
say how many of those who owed it are in it. It is brought up to date from what was
accepted since, or counted anew when a period was opened or a unit changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count, Max

from tongket.analytics import store
from tongket.cycle import collect
from tongket.domain.figures import MISSING, Cell, State
from tongket.domain.forms import Adds, Form, Measure
from tongket.domain.indicators import Comparison, Indicator, Reading, Sum, compare, read
from tongket.domain.periods import Frequency, Period
from tongket.domain.units import Tree
from tongket.loader.pack import Pack
from tongket.records import cells, scope
from tongket.records.models import COUNTS, OpenPeriod, ReturnVersion, Review
from tongket.records.register import register, state

_open: dict[Path, store.Store] = {}


@scope.whole("the counted store holds every unit; pages ask it for theirs")
def refresh(*, pack: Pack, folder: Path) -> store.Store:
    """Return the counted store in `folder`, fresh with the records.

    The version names what was counted: facts, periods opened, units, and how many
    acceptances up to which. When one is found that took its number before the last one
    counted but was committed after it, everything is counted anew.
    """
    shape, accepted, last = _state(pack)
    version = f"{shape}:{accepted}:{last}"
    counted = _opened(pack, folder)
    if counted and counted.version == version:
        return counted
    was, before, reviewed = (counted.version if counted else "::").rsplit(":", 2)
    if was == shape and int(before) + _accepted_after(int(reviewed)) == accepted:
        rows = _accepted_since(pack, int(reviewed))
        store.amend(folder, rows=rows, version=version)
    else:
        _count_anew(pack, folder, version)
    fresh = _opened(pack, folder)
    assert fresh, "it was written a line above"
    return fresh


def readings(
    counted: store.Store,
    *,
    pack: Pack,
    unit: str,
    period: Period,
    beside: Mapping[str, Sum] | None = None,
) -> dict[str, Reading]:
    """Return every indicator's reading for one unit and window.

    `beside` gives the sums that other stages count (bands, awards), by their key.
    """
    sums = {
        measure: found
        for (each, measure), found in counted.sums(period).items()
        if each == unit
    }
    sums.update(beside or {})
    return {
        key: read(indicator, unit, period, sums)
        for key, indicator in pack.indicators.items()
    }


def comparisons(
    counted: store.Store,
    *,
    pack: Pack,
    unit: str,
    period: Period,
    beside: Mapping[str, Sum] | None = None,
    beside_before: Mapping[str, Sum] | None = None,
) -> dict[str, Comparison]:
    """Return every indicator compared with the same period of the year before."""
    base = pack.regimes[period.regime].same_period(period)
    now = readings(counted, pack=pack, unit=unit, period=period, beside=beside)
    before = readings(counted, pack=pack, unit=unit, period=base, beside=beside_before)
    return {key: compare(now[key], before[key]) for key in now}


def by_month(
    counted: store.Store, *, pack: Pack, unit: str, period: Period, indicator: Indicator
) -> list[Reading]:
    """Return one indicator for each month of a window, in order."""
    regime = pack.regimes[period.regime]
    found = []
    for month in regime.parts(period, Frequency.MONTH):
        sums = counted.sums(month)
        own = {m: sums[unit, m] for m in indicator.measures if (unit, m) in sums}
        found.append(read(indicator, unit, month, own))
    return found


def below(
    counted: store.Store, *, tree: Tree, reading: Reading
) -> list[tuple[str, Reading]]:
    """Return the same figure for each unit directly below: one step down the tree."""
    sums = counted.sums(reading.period)
    found = []
    for child in tree.children(reading.unit):
        own = {
            m: sums[child, m] for m in reading.indicator.measures if (child, m) in sums
        }
        if own:
            found.append((child, read(reading.indicator, child, reading.period, own)))
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What one return says about one measure: the leaf under every figure."""

    period: str
    measure: str
    cell: Cell
    version: ReturnVersion | None


def answers(*, pack: Pack, reading: Reading) -> list[Answer]:
    """Return the accepted cells of the unit's own returns that a figure came from."""
    found = []
    for opened in _inside(reading.period):
        rule = collect.scheme_of(pack, opened.scheme)
        if rule.is_on_call:
            continue
        for key in rule.forms:
            wanted = [
                measure
                for measure in reading.indicator.measures
                if pack.forms[key].measure(measure)
            ]
            # A summary repeats what is counted from the returns that it adds up.
            if not wanted or pack.forms[key].summarises:
                continue
            version = _accepted(opened, key, reading.unit)
            held = cells.from_json(version.cells) if version else {}
            found += [
                Answer(opened.period, measure, held.get(measure, MISSING), version)
                for measure in wanted
            ]
    return found


def _inside(period: Period) -> Iterator[OpenPeriod]:
    yield from OpenPeriod.objects.filter(
        start_on__gte=period.start, end_on__lte=period.end
    ).order_by("start_on", "scheme")


def _accepted(opened: OpenPeriod, form: str, unit: str) -> ReturnVersion | None:
    review = (
        Review.objects.filter(
            COUNTS,
            version__of__period=opened,
            version__of__form=form,
            version__of__unit__key=unit,
        )
        .select_related("version__of")
        .last()
    )
    return review.version if review else None


def _state(pack: Pack) -> tuple[str, int, int]:
    periods = OpenPeriod.objects.count()
    shape = f"{pack.fingerprint[:16]}:{periods}:{state()}"
    accepted = Review.objects.filter(COUNTS)
    found = accepted.aggregate(Count("id"), Max("id"))
    return shape, found["id__count"], found["id__max"] or 0


def _accepted_after(review: int) -> int:
    accepted = Review.objects.filter(COUNTS)
    return accepted.filter(id__gt=review).count()


def _opened(pack: Pack, folder: Path) -> store.Store | None:
    """Return the file that counts now, opened once a process."""
    path = store.current(folder)
    if path is None:
        return None
    kept = _open.get(folder)
    if kept and kept.path == path:
        return kept
    decimals = {
        measure.key: measure.decimals
        for form in pack.forms.values()
        for measure in form.measures
    }
    # A store left behind is closed when the last page that reads it lets it go.
    _open[folder] = store.Store(path, decimals)
    return _open[folder]


def _count_anew(pack: Pack, folder: Path, version: str) -> None:
    units = register()
    ancestors: dict[str, tuple[str, ...]] = {}
    for opened in OpenPeriod.objects.all():
        tree = units.on(opened.end_on)
        ancestors.update({each.unit: tree.ancestors(each.unit) for each in tree})
    store.write(
        folder, rows=_everything_owed(pack), ancestors=ancestors, version=version
    )


def _counted(pack: Pack) -> list[OpenPeriod]:
    """Return the periods whose returns are counted: a call repeats what others tell."""
    return [
        each
        for each in OpenPeriod.objects.all()
        if not collect.scheme_of(pack, each.scheme).is_on_call
    ]


def _everything_owed(pack: Pack) -> Iterator[store.Row]:
    held: dict[tuple[int, str, str], dict[str, list[str | None]]] = {}
    for period, form, unit, stored in _reviewed(0):
        held[period, form, unit] = stored
    for opened in _counted(pack):
        for unit, key in collect.owed(pack=pack, opened=opened):
            kept = held.get((opened.pk, key, unit.unit))
            answered = cells.from_json(kept) if kept else {}
            yield from _rows(pack.forms[key], unit.unit, opened, answered)


def _accepted_since(pack: Pack, review: int) -> Iterator[store.Row]:
    opened = {each.pk: each for each in _counted(pack)}
    newest = {(p, form, unit): stored for p, form, unit, stored in _reviewed(review)}
    for (period, form, unit), stored in newest.items():
        if period not in opened:
            continue
        answered = cells.from_json(stored)
        yield from _rows(pack.forms[form], unit, opened[period], answered)


def _reviewed(
    after: int,
) -> Iterable[tuple[int, str, str, dict[str, list[str | None]]]]:
    return (
        Review.objects.filter(COUNTS, id__gt=after)
        .order_by("id")
        .values_list(
            "version__of__period",
            "version__of__form",
            "version__of__unit__key",
            "version__cells",
        )
        .iterator(2000)
    )


def _rows(
    form: Form, unit: str, opened: OpenPeriod, answered: Mapping[str, Cell]
) -> Iterator[store.Row]:
    if form.summarises:
        return  # its numbers are in the store already, from the units below
    for measure in form.measures:
        cell = answered.get(measure.key, MISSING)
        if cell.state is State.NOT_APPLICABLE or _is_left_out(measure, cell):
            continue
        yield store.Row(
            unit,
            form.key,
            measure.key,
            opened.start_on,
            opened.end_on,
            measure.adds is Adds.STOCK,
            cell.counted is not None,
            store.scaled(cell.counted, measure.decimals),
        )


def _is_left_out(measure: Measure, cell: Cell) -> bool:
    """Whether an empty cell is no gap: the row may be left empty."""
    return measure.is_optional and cell.state is State.MISSING


def timeliness(
    *, pack: Pack, scheme: str, period: Period
) -> dict[str, tuple[int, int]]:
    """Return unit → (returns first sent on time, returns owed) inside a window."""
    found: dict[str, tuple[int, int]] = {}
    for opened in _inside(period):
        if opened.scheme != scheme:
            continue
        for debt in collect.owing(pack=pack, opened=opened, on=opened.end_on):
            on_time, owed = found.get(debt.unit.unit, (0, 0))
            sent_in_time = debt.sent_at is not None and not debt.is_late
            found[debt.unit.unit] = (on_time + sent_in_time, owed + 1)
    return found
