"""Which values lie too far from what the unit sends, from its season, from its peers?

Robust z-score: z = factor × (x − median) ÷ MAD, odd beyond a threshold; MAD is the
median distance from the median (Iglewicz & Hoaglin, "How to Detect and Handle
Outliers", 1993: 0.6745 and 3.5). Small counts are guarded: a value less than `change`
away from what was expected is never odd, so 1 → 4 is none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongket.domain.doubts import Compared, Finding
from tongket.domain.figures import MISSING, Cell, shown
from tongket.domain.forms import Form, Measure
from tongket.domain.indicators import rounded
from tongket.domain.sentences import Sentence
from tongket.domain.watching import Habit, Watch

Cells = Mapping[str, Cell]
NOUGHT = Decimal(0)
# Where over half of the values are one number, MAD is nought; the mean distance from
# the median, times √(π÷2), then stands for the spread, as statistics programs have it.
MEAN_DISTANCE = Decimal("1.253314")


@dataclass(frozen=True, slots=True)
class Spread:
    """Where values lie: the middle one, and the middle distance from it."""

    median: Decimal
    mad: Decimal
    mean_distance: Decimal
    count: int

    def z(self, value: Decimal, factor: Decimal) -> Decimal | None:
        """Return the robust z-score; None where all values are one number."""
        if self.mad:
            return factor * (value - self.median) / self.mad
        if self.mean_distance:
            return (value - self.median) / (MEAN_DISTANCE * self.mean_distance)
        return None


def _middle(values: Sequence[Decimal]) -> Decimal:
    """Return the median of values in order."""
    half, odd = divmod(len(values), 2)
    return values[half] if odd else (values[half - 1] + values[half]) / 2


def spread(values: Iterable[Decimal]) -> Spread:
    """Return median, MAD and mean distance of at least one value, in any order.

    >>> spread(map(Decimal, (2, 4, 4, 6, 100)))
    Spread(median=Decimal('4'), mad=Decimal('2'), mean_distance=Decimal('20'), count=5)
    """
    ordered = sorted(values)
    median = _middle(ordered)
    distances = sorted([abs(value - median) for value in ordered])
    mean = sum(distances, NOUGHT) / len(distances)
    return Spread(median, _middle(distances), mean, len(ordered))


_BESIDE = {
    Habit.OWN_HISTORY: (
        "“{label}” là {value}, khác hẳn mức thường có của đơn vị (giữa {count} kỳ "
        "trước: {median}; z = {z}); kiểm tra lại số liệu hoặc giải trình."
    ),
    Habit.OWN_SEASON: (
        "“{label}” là {value}, khác hẳn cùng kỳ {count} năm trước của đơn vị (mức "
        "giữa: {median}; z = {z}); kiểm tra lại số liệu hoặc giải trình."
    ),
    Habit.PEERS: (
        "“{label}” là {value}, khác hẳn {count} đơn vị cùng loại cùng kỳ (mức giữa: "
        "{median}; z = {z}); kiểm tra lại số liệu hoặc giải trình."
    ),
}
PER_HEAD = (
    "“{label}” là {value}, khác hẳn {count} đơn vị cùng loại cùng kỳ tính theo dân số "
    "(tương ứng {median}; z = {z}); kiểm tra lại số liệu hoặc giải trình."
)


def outlier(
    measure: Measure,
    value: Decimal,
    of: Spread,
    watch: Watch,
    *,
    heads: Decimal | None = None,
    words: str = "",
) -> Finding | None:
    """Return a finding when a value lies too far from the others.

    With `heads` the others are values per head, and so is the value before it is
    compared; what is shown, and guarded, is counted for so many heads.
    """
    each = value if heads is None else value / heads
    expected = of.median if heads is None else of.median * heads
    if of.count < watch.least or abs(value - expected) < watch.change:
        return None
    z = of.z(each, watch.factor)
    if z is None or abs(z) <= watch.threshold:
        return None
    decimals = measure.decimals if expected == expected.to_integral_value() else 1
    return Finding(
        f"outlier-{watch.habit}",
        measure.key,
        watch.severity,
        Sentence(
            words or _BESIDE[watch.habit],
            {
                "label": measure.label,
                "value": shown(value),
                "count": of.count,
                "median": shown(rounded(expected, decimals)),
                "z": shown(rounded(z, 1)),
            },
        ),
        (Compared(measure.key, rounded(expected, decimals)),),
    )


def unlike_itself(
    form: Form,
    cells: Cells,
    told: Mapping[str, Sequence[Decimal]],
    watch: Watch,
) -> Iterator[Finding]:
    """Yield the values far from what the unit told before, or in its season."""
    for measure in form.measures:
        before = told.get(measure.key)
        if not before or len(before) < watch.least:
            continue
        value = cells.get(measure.key, MISSING).counted
        if value is None or _is_near(value, before, watch.change):
            continue
        found = outlier(measure, value, spread(before), watch)
        if found:
            yield found


def _is_near(value: Decimal, before: Sequence[Decimal], change: Decimal) -> bool:
    """Whether no value is `change` away: the common case, told without sorting."""
    return value - min(before) < change and max(before) - value < change


def sudden_noughts(
    form: Form,
    cells: Cells,
    told: Mapping[str, Sequence[Decimal]],
    watch: Watch,
) -> Iterator[Finding]:
    """Yield the cells that are nought where the last `least` returns never were.

    Small ones may be: the smallest of those returns must be at least `change`.
    """
    for measure in form.measures:
        if cells.get(measure.key, MISSING).counted != 0:
            continue
        before = told.get(measure.key, ())[-watch.least :]
        if len(before) < watch.least or min(before) < max(watch.change, Decimal(1)):
            continue
        yield Finding(
            "sudden-nought",
            measure.key,
            watch.severity,
            Sentence(
                "“{label}” kỳ này bằng 0, trong khi {count} kỳ trước đều có (ít nhất "
                "{least}, kỳ gần nhất {last}); bổ sung số liệu hoặc giải trình.",
                {
                    "label": measure.label,
                    "count": len(before),
                    "least": shown(min(before)),
                    "last": shown(before[-1]),
                },
            ),
            (Compared(measure.key, before[-1]),),
        )


@dataclass(frozen=True, slots=True)
class Peer:
    """One unit of a kind, what it sent, and how many people live there if known."""

    unit: str
    cells: Cells
    heads: int | None = None


class Peers:
    """The returns of one form and period by units of one kind, read once."""

    def __init__(self, form: Form, peers: Iterable[Peer], watch: Watch) -> None:
        self.form, self.watch = form, watch
        plain: dict[str, list[Decimal]] = {}
        by_head: dict[str, list[Decimal]] = {}
        for peer in peers:
            for key, cell in peer.cells.items():
                counted = cell.counted
                if counted is None:
                    continue
                plain.setdefault(key, []).append(counted)
                if peer.heads:
                    by_head.setdefault(key, []).append(counted / peer.heads)
        self._plain = {key: spread(told) for key, told in plain.items()}
        self._by_head = {key: spread(told) for key, told in by_head.items()}

    def findings(self, peer: Peer) -> Iterator[Finding]:
        """Yield the values of a unit that lie far from those of its peers.

        Per head where its own population and that of enough peers is known.
        """
        for measure in self.form.measures:
            value = peer.cells.get(measure.key, MISSING).counted
            if value is None:
                continue
            by_head = self._by_head.get(measure.key)
            if peer.heads and by_head and by_head.count >= self.watch.least:
                heads = Decimal(peer.heads)
                found = outlier(
                    measure, value, by_head, self.watch, heads=heads, words=PER_HEAD
                )
            elif measure.key in self._plain:
                found = outlier(measure, value, self._plain[measure.key], self.watch)
            else:
                found = None
            if found:
                yield found
