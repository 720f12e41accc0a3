"""How is a list of units read, one unit a row and one measure a column?

The list may be one of ours or somebody's own file, so columns are found by their
names. One of ours has hidden keys, too: of the measure in each column, of the unit in
each row.
"""

from collections.abc import Iterable

from tongket.documents.workbooks import layout
from tongket.documents.workbooks.answers import Answers, Mistake
from tongket.documents.workbooks.identity import seen_cells
from tongket.documents.workbooks.layout import place
from tongket.documents.workbooks.opening import Grid
from tongket.documents.workbooks.reading import LONGEST_EXPLANATION, answer_at
from tongket.documents.workbooks.refused import (
    MeasureGone,
    MeasureTwice,
    NoUnitColumn,
    SeveralUnits,
    UnitMoved,
    UnitNotListed,
    UnitOfOtherKind,
    UnitTwice,
    UnknownColumn,
)
from tongket.domain.figures import Cell
from tongket.domain.forms import Form, Measure
from tongket.domain.sentences import Refusal
from tongket.domain.units import Tree, UnitVersion, search_key

KEY_HEADING, SEEN_HEADING = "Mã hệ thống", "Đã có"
EVERYTHING = "*"  # an explanation for the whole return
_CODE_NAMES = {search_key(name) for name in (layout.CODE, "Mã", "Mã xã")}
_NAME_NAMES = {search_key(name) for name in (layout.NAME, "Đơn vị", "Tên xã")}
_KEY_NAMES, _SEEN_NAMES = {search_key(KEY_HEADING)}, {search_key(SEEN_HEADING)}
_EXPLANATION_NAMES = {search_key(layout.HEADINGS[layout.EXPLANATION])}
_REMEDY = layout.HEADINGS[layout.REMEDY]
_PASSED_OVER = {search_key(name) for name in ("", "STT", "TT", "Ghi chú", _REMEDY)}
_TOTALS = {search_key(name) for name in ("Tổng", "Tổng cộng", "Cộng", "Tổng số")}
_HEADER_WITHIN = 40  # rows above it may hold titles
_KEYS_ABOVE = 4  # rows between the keys of the measures and the headings


def answers_of(grid: Grid, form: Form, units: Tree) -> list[Answers]:
    """Return the answers of each row of a list, and all that is wrong with them.

    Rows of totals and empty rows are passed over; `units` are those of the period.
    """
    header = _header(grid)
    if header is None:
        mistake = Mistake(NoUnitColumn(sheet=grid.name), grid.name)
        return [Answers(grid.name, "", form.key, refused=(mistake,))]
    return _Listing(grid, header, form, units).answers()


def unsigned(grid: Grid, forms: Iterable[Form], units: Tree) -> list[Answers]:
    """Return the answers of a list that is not ours; none when it is no such list.

    It must have a column for units, and more measures of one form than of any other.
    """
    header = _header(grid)
    if header is None:
        return []
    headings = {search_key(grid.text(header, column)) for column in range(grid.width)}
    shared = [
        (sum(search_key(each.label) in headings for each in form.measures), form)
        for form in forms
    ]
    most = max((count for count, _ in shared), default=0)
    fitting = [form for count, form in shared if count == most > 0]
    return answers_of(grid, fitting[0], units) if len(fitting) == 1 else []


def _header(grid: Grid) -> int | None:
    names = _CODE_NAMES | _NAME_NAMES
    for row in range(min(grid.height, _HEADER_WITHIN)):
        if any(search_key(grid.text(row, c)) in names for c in range(grid.width)):
            return row
    return None


class _Listing:
    """One list being read: where its columns are, and what is wrong with it."""

    def __init__(self, grid: Grid, header: int, form: Form, units: Tree) -> None:
        self.grid, self.header, self.form, self.units = grid, header, form, units
        self.headings = [
            search_key(grid.text(header, column)) for column in range(grid.width)
        ]
        self.code, self.name, self.key, self.seen, self.words = (
            self._column(names)
            for names in (
                _CODE_NAMES,
                _NAME_NAMES,
                _KEY_NAMES,
                _SEEN_NAMES,
                _EXPLANATION_NAMES,
            )
        )
        self.wrong: list[Mistake] = []
        self.columns = self._measures()

    def answers(self) -> list[Answers]:
        if self.wrong:
            against = tuple(self.wrong)
            return [Answers(self.grid.name, "", self.form.key, refused=against)]
        rows: dict[str, int] = {}
        found = []
        for row in range(self.header + 1, self.grid.height):
            unit = self._unit(row)
            if isinstance(unit, UnitVersion) and unit.unit in rows:
                first = rows[unit.unit] + 1
                unit = UnitTwice(**self._where(row), unit=unit.name, first=first)
            if isinstance(unit, Refusal):
                mistake = Mistake(unit, self.grid.name, row, self._name_column())
                refused = Answers(self.grid.name, "", self.form.key, refused=(mistake,))
                found.append(refused)
            elif unit is not None:
                rows[unit.unit] = row
                found.append(self._row(row, unit))
        return found

    def _where(self, row: int) -> dict[str, object]:
        return {"sheet": self.grid.name, "row": row + 1}

    def _name_column(self) -> int:
        return self.name if self.name is not None else self.code or 0

    def _column(self, names: set[str]) -> int | None:
        for column, heading in enumerate(self.headings):
            if heading in names:
                return column
        return None

    def _text(self, row: int, column: int | None) -> str:
        return "" if column is None else self.grid.text(row, column)

    def _keys(self) -> dict[int, str]:
        """Return the key of the measure in each column, where the list has them."""
        known = {measure.key for measure in self.form.measures}
        for row in range(max(0, self.header - _KEYS_ABOVE), self.header):
            found = {
                column: text
                for column in range(self.grid.width)
                if (text := self.grid.text(row, column)) in known
            }
            if found:
                return found
        return {}

    def _measures(self) -> dict[int, Measure]:
        keys, columns = self._keys(), {}
        labels = {search_key(measure.label): measure for measure in self.form.measures}
        places: dict[str, str] = {}
        passed = _PASSED_OVER | _KEY_NAMES | _SEEN_NAMES | _EXPLANATION_NAMES
        for column, plain in enumerate(self.headings):
            if column in (self.code, self.name) or plain in passed:
                continue
            measure = labels.get(plain)
            if column in keys:
                keyed = self.form.measure(keys[column])
                if keyed and search_key(keyed.label) == plain:
                    measure = keyed
            here = place(self.header, column)
            where = {"sheet": self.grid.name, "place": here}
            heading = self.grid.text(self.header, column)
            if measure is None:
                self._refuse(UnknownColumn(**where, found=heading), column)
            elif measure.key in places:
                first = places[measure.key]
                twice = MeasureTwice(**where, measure=heading, first=first)
                self._refuse(twice, column)
            else:
                places[measure.key], columns[column] = here, measure
        for measure in self.form.measures:
            if measure.key not in places:
                gone = MeasureGone(sheet=self.grid.name, measure=measure.label)
                self._refuse(gone, -1)
        return columns

    def _refuse(self, refusal: Refusal, column: int) -> None:
        row = self.header if column >= 0 else -1
        self.wrong.append(Mistake(refusal, self.grid.name, row, column))

    def _unit(self, row: int) -> UnitVersion | Refusal | None:
        """Return the unit of a row by key, code or name; None for rows without one."""
        code, name = self._text(row, self.code), self._text(row, self.name)
        key = self._text(row, self.key)
        if not (key or code or name) or search_key(name) in _TOTALS:
            return None
        if key in self.units:
            return self._keyed(row, self.units[key], code, name)
        stated = code or name
        known = self.units.named(stated)
        found = [unit for unit in known if unit.kind in self.form.unit_kinds]
        where = self._where(row)
        if not known:
            return UnitNotListed(**where, unit=stated, day=f"{self.units.day:%d/%m/%Y}")
        if not found:
            return UnitOfOtherKind(**where, unit=known[0].name, form=self.form.label)
        if len(found) > 1:
            codes = ", ".join(unit.code for unit in found)
            return SeveralUnits(**where, unit=stated, count=len(found), codes=codes)
        return found[0]

    def _keyed(
        self, row: int, unit: UnitVersion, code: str, name: str
    ) -> UnitVersion | Refusal:
        where = self._where(row)
        is_named = search_key(name) == search_key(unit.name)
        if code != unit.code and not is_named:
            return UnitMoved(**where, found=name or code, expected=unit.name)
        if unit.kind not in self.form.unit_kinds:
            return UnitOfOtherKind(**where, unit=unit.name, form=self.form.label)
        return unit

    def _row(self, row: int, unit: UnitVersion) -> Answers:
        cells: dict[str, Cell] = {}
        wrong = []
        for column, measure in self.columns.items():
            subject = f"{unit.name}, {measure.label}"
            answer = answer_at(self.grid, row, column, measure, subject)
            if isinstance(answer, Refusal):
                name = self.grid.name
                wrong.append(Mistake(answer, name, row, column, measure.key))
            else:
                cells[measure.key] = answer
        words = self._text(row, self.words)[:LONGEST_EXPLANATION]
        return Answers(
            self.grid.name,
            unit.unit,
            self.form.key,
            seen=seen_cells(self.form, self._text(row, self.seen)),
            cells=cells,
            explanations={EVERYTHING: words} if words else {},
            wrong=tuple(wrong),
            places={each.key: (row, column) for column, each in self.columns.items()},
            list_row=row,
        )
