"""What did a unit answer in its sheet, or what must it put right?

A sheet whose identity or columns are wrong is refused before its numbers are looked at;
after that every row is read, so that all its mistakes are named at once. Columns and
rows are found by their headings and keys, wherever they were moved to.
"""

from collections.abc import Iterator

from tongket.documents.workbooks import layout
from tongket.documents.workbooks.answers import Answers, Mistake
from tongket.documents.workbooks.identity import Identity, seen_cells
from tongket.documents.workbooks.layout import place
from tongket.documents.workbooks.opening import Grid
from tongket.documents.workbooks.refused import (
    CellRefused,
    HeadingTwice,
    MeasureGone,
    MeasureMoved,
    MeasureTwice,
    MergedCells,
    UnitNotListed,
    UnitOfOtherKind,
    UnknownMeasure,
    WrongHeading,
)
from tongket.domain.figures import Cell, NotANumber
from tongket.domain.forms import Form, Measure
from tongket.domain.sentences import Refusal
from tongket.domain.units import Tree, search_key

_HEADINGS = {search_key(text): place for place, text in enumerate(layout.HEADINGS)}
_NEEDED = (layout.LABEL, layout.VALUE)
_HEADER_WITHIN = 40  # rows
LONGEST_EXPLANATION = 1000


def answers_of(
    grid: Grid, stated: Identity, form: Form, units: Tree, row: int
) -> Answers:
    """Return the answers in the sheet of one unit, and all that is wrong with them.

    `row` is where the sheet tells whose it is; its form and period were looked at.
    """
    unit = stated.unit
    wrong: list[Refusal] = []
    if unit not in units:
        where, day = {"sheet": grid.name, "row": row + 1}, f"{units.day:%d/%m/%Y}"
        wrong.append(UnitNotListed(**where, unit=unit, day=day))
    elif units[unit].kind not in form.unit_kinds:
        name = units[unit].name
        wrong.append(
            UnitOfOtherKind(sheet=grid.name, row=row + 1, unit=name, form=form.label)
        )
    header, columns = _header(grid)
    wrong.extend(_headings(grid, header, columns))
    if wrong:
        refused = tuple(Mistake(each, grid.name) for each in wrong)
        return Answers(grid.name, unit, form.key, refused=refused)
    return _Reading(grid, form, header, columns).answers(stated)


def _header(grid: Grid) -> tuple[int, dict[int, list[int]]]:
    """Return the row of headings, and in which columns each of them stands."""
    best: tuple[int, dict[int, list[int]]] = (layout.HEADER_ROW, {})
    for row in range(min(grid.height, _HEADER_WITHIN)):
        columns: dict[int, list[int]] = {}
        for column in range(grid.width):
            heading = _HEADINGS.get(search_key(grid.text(row, column)))
            if heading is not None:
                columns.setdefault(heading, []).append(column)
        if len(columns) > len(best[1]):
            best = row, columns
        if len(columns) == len(_HEADINGS):
            break
    return best


def _headings(grid: Grid, row: int, columns: dict[int, list[int]]) -> Iterator[Refusal]:
    for needed in _NEEDED:
        if needed not in columns:
            yield WrongHeading(sheet=grid.name, expected=layout.HEADINGS[needed])
    for heading, found in columns.items():
        if len(found) > 1 and heading in (*_NEEDED, layout.KEY):
            yield HeadingTwice(
                sheet=grid.name,
                place=place(row, found[1]),
                found=layout.HEADINGS[heading],
                first=place(row, found[0]),
            )


class _Reading:
    """One sheet being read: where its columns are, and what is wrong with its rows."""

    def __init__(
        self, grid: Grid, form: Form, header: int, columns: dict[int, list[int]]
    ) -> None:
        self.grid, self.form, self.header = grid, form, header
        self.columns = {heading: found[0] for heading, found in columns.items()}
        self.wrong: list[Mistake] = []
        self.by_key = {measure.key: measure for measure in form.measures}
        labels = [search_key(measure.label) for measure in form.measures]
        self.by_label = {
            label: measure
            for label, measure in zip(labels, form.measures, strict=True)
            if labels.count(label) == 1
        }

    def answers(self, stated: Identity) -> Answers:
        rows = self._rows()
        value = self.columns[layout.VALUE]
        cells = self._cells(rows, value)
        self.wrong.sort(key=lambda mistake: (mistake.row < 0, mistake.row))
        return Answers(
            self.grid.name,
            stated.unit,
            self.form.key,
            seen=seen_cells(self.form, stated.seen),
            cells=cells,
            explanations=self._explanations(rows),
            wrong=tuple(self.wrong),
            places={key: (row, value) for key, row in rows.items()},
        )

    def _at(self, row: int, heading: int) -> str:
        column = self.columns.get(heading)
        return "" if column is None else self.grid.text(row, column)

    def _mistake(self, refusal: Refusal, row: int = -1, measure: str = "") -> None:
        column = self.columns[layout.VALUE] if row >= 0 else -1
        self.wrong.append(Mistake(refusal, self.grid.name, row, column, measure))

    def _measure(self, row: int) -> Measure | None:
        key, label = self._at(row, layout.KEY), self._at(row, layout.LABEL)
        if key:
            return self.by_key.get(key)
        return self.by_label.get(search_key(label))

    def _rows(self) -> dict[str, int]:
        """Return the row of each measure; what is wrong with the others is kept."""
        rows: dict[str, int] = {}
        for row in range(self.header + 1, self.grid.height):
            key, label = self._at(row, layout.KEY), self._at(row, layout.LABEL)
            measure = self._measure(row)
            if measure is None:
                if key or self._at(row, layout.VALUE):
                    self._unknown(row, label or key)
            elif measure.key in rows:
                self._twice(row, rows[measure.key], measure)
            else:
                rows[measure.key] = row
                if search_key(label) != search_key(measure.label):
                    self._moved(row, label, measure)
        return rows

    def _unknown(self, row: int, measure: str) -> None:
        name = self.grid.name
        self._mistake(UnknownMeasure(sheet=name, row=row + 1, measure=measure), row)

    def _twice(self, row: int, first: int, measure: Measure) -> None:
        column = self.columns[layout.LABEL]
        refusal = MeasureTwice(
            sheet=self.grid.name,
            place=place(row, column),
            measure=measure.label,
            first=place(first, column),
        )
        self._mistake(refusal, row)

    def _moved(self, row: int, label: str, measure: Measure) -> None:
        refusal = MeasureMoved(
            sheet=self.grid.name, row=row + 1, found=label, expected=measure.label
        )
        self._mistake(refusal, row, measure.key)

    def _cells(self, rows: dict[str, int], column: int) -> dict[str, Cell]:
        """Return the right answers; what is wrong with the others is kept."""
        cells: dict[str, Cell] = {}
        moved = {mistake.measure for mistake in self.wrong}
        for measure in self.form.measures:
            if measure.key not in rows:
                gone = MeasureGone(sheet=self.grid.name, measure=measure.label)
                self._mistake(gone)
            elif measure.key not in moved:
                row = rows[measure.key]
                answer = answer_at(self.grid, row, column, measure, measure.label)
                if isinstance(answer, Refusal):
                    self._mistake(answer, row, measure.key)
                else:
                    cells[measure.key] = answer
        return cells

    def _explanations(self, rows: dict[str, int]) -> dict[str, str]:
        return {
            key: words[:LONGEST_EXPLANATION]
            for key, row in rows.items()
            if (words := self._at(row, layout.EXPLANATION))
        }


def answer_at(
    grid: Grid, row: int, column: int, measure: Measure, subject: str
) -> Cell | Refusal:
    """Return the answer in a cell, or one sentence that says where and why it is none.

    `subject` tells people what the cell is about.
    """
    where = {"sheet": grid.name, "place": place(row, column), "subject": subject}
    merged = grid.merged(row, column)
    if merged:
        return MergedCells(**where, range=merged)
    try:
        return grid.cell(row, column, measure)
    except NotANumber as refusal:
        return CellRefused(**where, reason=refusal.sentence)
