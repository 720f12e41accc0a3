"""What does a sheet say of itself: which form in which edition, whose, which period?

It stands in the first row, hidden, with a seal over it. The seal finds a row that was
copied together or retyped; it is no signature and keeps no secret.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tongket.documents.workbooks import layout
from tongket.documents.workbooks.opening import Grid
from tongket.domain.figures import MISSING, Cell, NotANumber, read_cell, shown
from tongket.domain.forms import Form
from tongket.domain.periods import Period

SIGNATURE = "tongket/2"
EVERYBODY = "*"  # the unit of a list
_FAMILY = "tongket/"
_SEAL_LETTERS = 12
_WITHIN = 30  # rows; some are put above the first by hand
_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class Identity:
    """What the hidden row of a sheet holds.

    `form_label` and `period_label` are for the sentences that refuse it; `seen` is what
    the answers were when the sheet was written (`seen_text`).
    """

    form: str
    unit: str
    period: str
    edition: str
    form_label: str
    period_label: str
    seen: str

    def row(self) -> tuple[str, ...]:
        """Return the texts of the hidden row."""
        parts = (self.form, self.unit, self.period, self.edition)
        labels = (self.form_label, self.period_label)
        return (SIGNATURE, *parts, _digest(parts), *labels, self.seen)


def identity(
    form: Form, unit: str, period: Period, seen: Mapping[str, Cell]
) -> Identity:
    """Return what a sheet for this form, unit and period says of itself."""
    return Identity(
        form.key,
        unit,
        period.key,
        edition(form),
        form.label,
        period.label,
        seen_text(form, seen),
    )


def edition(form: Form) -> str:
    """Return the mark of a form's rows: another row, name or unit is another mark."""
    parts = [form.key]
    for measure in form.measures:
        parts += [measure.key, measure.label, measure.measure_unit]
        parts.append(str(measure.decimals))
    return _digest(parts)


def found_in(grid: Grid) -> tuple[int, int] | None:
    """Return where the signature stands, of any version of it; None when nowhere."""
    for row in range(min(grid.height, _WITHIN)):
        for column in range(min(grid.width, 3)):
            if grid.text(row, column).startswith(_FAMILY):
                return row, column
    return None


def told(grid: Grid, row: int, column: int) -> Identity | None:
    """Return what the hidden row says; None when seal and texts do not agree."""
    signature, form, unit, period, mark, seal, form_label, label, seen = (
        grid.text(row, column + place) for place in range(9)
    )
    found = Identity(form, unit, period, mark, form_label, label, seen)
    is_ours = signature == SIGNATURE and found.row()[5] == seal
    return found if is_ours else None


def seen_text(form: Form, cells: Mapping[str, Cell]) -> str:
    """Return the answers of a form in one line, in the order of its measures."""
    return _BETWEEN.join(
        typed(cells.get(measure.key, MISSING)) for measure in form.measures
    )


def seen_cells(form: Form, text: str) -> dict[str, Cell]:
    """Return the answers that `seen_text` wrote; nothing for a line that is none."""
    texts = text.split(_BETWEEN)
    if len(texts) != len(form.measures):
        return {}
    try:
        return {
            measure.key: read_cell(each, measure.decimals)
            for measure, each in zip(form.measures, texts, strict=True)
        }
    except NotANumber:
        return {}


def typed(cell: Cell) -> str:
    """Return what an official types for a cell, so that it is read back the same."""
    if cell.value is None:
        return layout.NOTHING[cell.state]
    return shown(cell.value)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256(_BETWEEN.join(parts).encode()).hexdigest()[:_SEAL_LETTERS]
