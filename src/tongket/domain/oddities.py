"""What is odd about a return beside the other returns of its unit?"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from tongket.domain.copies import (
    copied_blocks,
    copied_period,
    round_columns,
    round_numbers,
)
from tongket.domain.doubts import Finding
from tongket.domain.figures import Cell
from tongket.domain.forms import Form
from tongket.domain.outliers import sudden_noughts, unlike_itself
from tongket.domain.watching import Habit, Watches

Cells = Mapping[str, Cell]


def own(
    form: Form,
    cells: Cells,
    watches: Watches,
    *,
    told: Mapping[str, Sequence[Decimal]],
    season: Mapping[str, Sequence[Decimal]],
    earlier: Iterable[tuple[str, Cells]] = (),
    named: Callable[[str], str] = str,
) -> Iterator[Finding]:
    """Yield all that is odd beside the unit's own returns.

    `told` are the columns of the history, oldest first; `season` those of the same
    period of earlier years; `earlier` the returns before the last one,
    whose periods `named` puts in words.
    """
    if watch := watches.get(Habit.OWN_HISTORY):
        yield from unlike_itself(form, cells, told, watch)
    if watch := watches.get(Habit.OWN_SEASON):
        yield from unlike_itself(form, cells, season, watch)
    if watch := watches.get(Habit.SUDDEN_NOUGHT):
        yield from sudden_noughts(form, cells, told, watch)
    if watch := watches.get(Habit.ROUNDED):
        yield from round_numbers(form, cells, watch)
        yield from round_columns(form, cells, told, watch)
    if watch := watches.get(Habit.COPIED_BLOCK):
        yield from copied_blocks(form, cells, watch)
    if watch := watches.get(Habit.COPIED_PERIOD):
        yield from copied_period(cells, earlier, named, watch)
