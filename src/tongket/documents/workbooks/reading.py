"""What did a unit answer in its workbook, or what must it put right?

A sheet whose columns or identity are wrong is refused before its numbers are looked at;
after that every row is read, so that all its mistakes are named at once.
"""

from collections.abc import Iterator
from pathlib import Path

from tongket.documents.workbooks import layout
from tongket.documents.workbooks.layout import Sheet
from tongket.documents.workbooks.opening import Grid, opened
from tongket.documents.workbooks.refused import (
    CellRefused,
    MeasureGone,
    MeasureMoved,
    MeasureTwice,
    NotOurForm,
    OtherForm,
    OtherPeriod,
    UnitNotListed,
    UnitOfOtherKind,
    UnknownMeasure,
    WrongHeading,
)
from tongket.domain.figures import Cell, NotANumber
from tongket.domain.forms import Form
from tongket.domain.periods import Period
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import Tree, search_key


def read(content: bytes | Path, *, form: Form, period: Period, units: Tree) -> Sheet:
    """Return the return in a workbook, or `Refusals` with everything wrong about it.

    Numbers written as text ("1.554", "6,23") are understood; "-", "x" and blank are
    the three kinds of nothing. `units` are those of the period.
    """
    grid = opened(content, layout.SHEET)
    wrong: list[Refusal] = [*_headings(grid), *_identity(grid, form, period, units)]
    if wrong:
        raise Refusals(wrong)
    cells = _cells(grid, form, _rows(grid, form, wrong), wrong)
    if wrong:
        raise Refusals(sorted(wrong, key=_row_of))
    unit = grid.text(layout.MACHINE_ROW, 2)
    return Sheet(unit=unit, form=form.key, period=period.key, cells=cells)


def _row_of(refusal: Refusal) -> int:
    row = refusal.sentence.values.get("row", 0)
    assert isinstance(row, int), "a row is a number"
    return row


def _headings(grid: Grid) -> Iterator[Refusal]:
    for column, expected in enumerate(layout.HEADINGS):
        found = grid.text(layout.HEADER_ROW, column)
        if search_key(found) != search_key(expected):
            yield WrongHeading(
                sheet=grid.name,
                place=layout.place(layout.HEADER_ROW, column),
                found=found,
                expected=expected,
            )


def _identity(grid: Grid, form: Form, period: Period, units: Tree) -> Iterator[Refusal]:
    signature, found_form, unit, found_period = (
        grid.text(layout.MACHINE_ROW, column) for column in range(4)
    )
    if signature != layout.SIGNATURE:
        yield NotOurForm(sheet=grid.name)
        return
    if found_form != form.key:
        yield OtherForm(sheet=grid.name, found=found_form, expected=form.key)
    if found_period != period.key:
        yield OtherPeriod(sheet=grid.name, found=found_period, expected=period.label)
    if unit not in units:
        row = layout.MACHINE_ROW + 1
        yield UnitNotListed(sheet=grid.name, row=row, unit=unit, day=units.day)
    elif units[unit].kind not in form.unit_kinds:
        row, name = layout.MACHINE_ROW + 1, units[unit].name
        yield UnitOfOtherKind(sheet=grid.name, row=row, unit=name, form=form.label)


def _rows(grid: Grid, form: Form, wrong: list[Refusal]) -> dict[str, int]:
    """Return the row of each measure; adds what is wrong with the others to `wrong`."""
    rows: dict[str, int] = {}
    for row in range(layout.FIRST_ROW, grid.height):
        key, label = grid.text(row, layout.KEY), grid.text(row, layout.LABEL)
        measure = form.measure(key) if key else None
        if measure is None:
            if key or grid.text(row, layout.VALUE):
                wrong.append(
                    UnknownMeasure(sheet=grid.name, row=row + 1, measure=label or key)
                )
        elif key in rows:
            wrong.append(
                MeasureTwice(
                    sheet=grid.name,
                    place=layout.place(row, layout.LABEL),
                    measure=label,
                    first=layout.place(rows[key], layout.LABEL),
                )
            )
        else:
            rows[key] = row
            if search_key(label) != search_key(measure.label):
                wrong.append(
                    MeasureMoved(
                        sheet=grid.name,
                        row=row + 1,
                        found=label,
                        expected=measure.label,
                    )
                )
    return rows


def _cells(
    grid: Grid, form: Form, rows: dict[str, int], wrong: list[Refusal]
) -> dict[str, Cell]:
    """Return the answers; adds a sentence to `wrong` for each that is none."""
    cells: dict[str, Cell] = {}
    for measure in form.measures:
        if measure.key not in rows:
            wrong.append(MeasureGone(sheet=grid.name, measure=measure.label))
            continue
        row = rows[measure.key]
        try:
            cells[measure.key] = grid.cell(row, layout.VALUE, measure.decimals)
        except NotANumber as refusal:
            wrong.append(
                CellRefused(
                    sheet=grid.name,
                    row=row + 1,
                    column=layout.HEADINGS[layout.VALUE],
                    subject=measure.label,
                    reason=refusal.sentence,
                )
            )
    return cells
