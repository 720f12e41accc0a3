"""What do the units below add up to, and is that what the unit above sends?

A summary return ("báo cáo tổng hợp") begins with the sum of the returns below it. It
may be changed by hand, since a district knows what a commune left out; the difference
then stands beside the cell and asks for an explanation.

Missing is not nought: a total says how many returns of how many owed are in it. A row
that does not apply to a unit is not owed by it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tongket.domain.doubts import Finding, Severity
from tongket.domain.figures import (
    MISSING,
    NIL,
    NOT_APPLICABLE,
    Cell,
    State,
    reported,
    shown,
)
from tongket.domain.forms import Adds, Form, Measure
from tongket.domain.sentences import Sentence

Cells = Mapping[str, Cell]
RULE = "summary-differs"


@dataclass(frozen=True, slots=True)
class Summed:
    """What the units below add up to in one row: `counted` of `owed` are in the sum.

    `missing` are the units whose number is not in it, in the order they were given.
    """

    cell: Cell
    counted: int
    owed: int
    missing: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether everybody to whom the row applies is in the sum."""
        return not self.missing


def over_time(measure: Measure, parts: Sequence[Cells | None]) -> Cell:
    """Return one unit's cell for a window made of shorter ones, in their order.

    A flow adds up and needs every part; of a stock the last part counts. None stands
    for a part of which nothing was sent.

    >>> from tongket.domain.figures import reported
    >>> thefts = Measure("thefts", "Trộm cắp", "Thefts", "vụ")
    >>> months = [{"thefts": reported(2)}, {"thefts": NIL}, {"thefts": reported(1)}]
    >>> over_time(thefts, months).value
    Decimal('3')
    """
    told = [(part or {}).get(measure.key, MISSING) for part in parts]
    if measure.adds is Adds.STOCK:
        return told[-1]
    asked = [cell for cell in told if cell.state is not State.NOT_APPLICABLE]
    if not asked:
        return NOT_APPLICABLE
    if any(cell.counted is None for cell in asked):
        return MISSING
    return _total(asked)


def summed(measure: Measure, below: Mapping[str, Cell]) -> Summed:
    """Return the sum of one row over units: unit → its cell for the whole window.

    Stocks of different units add up as flows do. Nothing arose in the sum only when it
    arose nowhere among those who answered.
    """
    asked = {
        unit: cell
        for unit, cell in below.items()
        if cell.state is not State.NOT_APPLICABLE
    }
    if below and not asked:
        return Summed(NOT_APPLICABLE, 0, 0)
    missing = tuple(unit for unit, cell in asked.items() if cell.counted is None)
    cell = _total(asked.values())
    return Summed(cell, len(asked) - len(missing), len(asked), missing)


def _total(cells: Iterable[Cell]) -> Cell:
    """Add up the cells that say something; nothing said is no sum."""
    counted = [cell for cell in cells if cell.counted is not None]
    if not counted:
        return MISSING
    if all(cell.state is State.NIL for cell in counted):
        return NIL
    return reported(sum((cell.counted or Decimal(0) for cell in counted), Decimal(0)))


def totals(
    form: Form, below: Mapping[str, Sequence[Cells | None]]
) -> dict[str, Summed]:
    """Return every row of a summary: unit → its returns of the window's parts.

    >>> from tongket.domain.figures import reported
    >>> from tongket.domain.forms import Section
    >>> from tongket.domain.sources import Source
    >>> fires = Measure("fires", "Số vụ cháy", "Fires", "vụ")
    >>> section = Section("fire", "Cháy", "Fire", (fires,))
    >>> form = Form("f", "Biểu", "Form", frozenset(), (section,), Source(""))
    >>> found = totals(form, {"a": [{"fires": reported(2)}], "b": [None]})["fires"]
    >>> found.cell.value, found.counted, found.owed, found.missing
    (Decimal('2'), 1, 2, ('b',))
    """
    return {
        measure.key: summed(
            measure,
            {unit: over_time(measure, parts) for unit, parts in below.items()},
        )
        for measure in form.measures
    }


def difference(summed: Cell, typed: Cell) -> Decimal | None:
    """Return what was typed less what was summed; None unless both are numbers."""
    if summed.counted is None or typed.counted is None:
        return None
    return typed.counted - summed.counted


def differs(summed: Cell, typed: Cell) -> bool:
    """Whether a cell was changed by hand; an empty cell was not filled in yet."""
    if typed.state is State.MISSING:
        return False
    return typed.counted != summed.counted


def findings(
    form: Form, cells: Cells, below: Mapping[str, Summed]
) -> Iterator[Finding]:
    """Yield a finding, to be explained, for each cell that is not the sum below it."""
    for measure in form.measures:
        typed, found = cells.get(measure.key, MISSING), below.get(measure.key)
        if found is None or not differs(found.cell, typed):
            continue
        change = difference(found.cell, typed)
        yield Finding(
            RULE,
            measure.key,
            Severity.MUST_EXPLAIN,
            Sentence(
                "“{label}” là {typed}, tổng hợp từ cấp dưới là {summed}{change} "
                "({counted}/{owed} báo cáo có số); giải trình lý do sửa.",
                {
                    "label": measure.label,
                    "typed": _said(typed),
                    "summed": _said(found.cell),
                    "change": _changed(change),
                    "counted": found.counted,
                    "owed": found.owed,
                },
            ),
        )


def _said(cell: Cell) -> object:
    if cell.value is not None:
        return shown(cell.value.normalize())
    return {
        State.NIL: Sentence("không phát sinh"),
        State.NOT_APPLICABLE: Sentence("không thuộc đối tượng"),
        State.MISSING: Sentence("chưa có số liệu"),
    }[cell.state]


def _changed(change: Decimal | None) -> object:
    if not change:
        return ""
    sign = "+" if change > 0 else "−"
    return Sentence(", chênh {change}", {"change": f"{sign}{shown(abs(change))}"})
