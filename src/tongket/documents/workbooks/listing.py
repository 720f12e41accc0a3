"""How does a district send the returns of all its communes in one sheet?

One row is a unit, by code or name; one column is a measure, by its label. The sheet may
come from `write_many` or from somebody's own file, so columns are found by their names.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from tongket.documents.workbooks import layout
from tongket.documents.workbooks.layout import LIST_SHEET, Sheet
from tongket.documents.workbooks.opening import Grid, opened
from tongket.documents.workbooks.refused import (
    CellRefused,
    MeasureGone,
    MeasureTwice,
    NoUnitColumn,
    SeveralUnits,
    UnitNotListed,
    UnitOfOtherKind,
    UnitTwice,
    UnknownColumn,
)
from tongket.documents.workbooks.writing import (
    FONT,
    INPUT_COLOUR,
    add_help,
    begin,
    validation,
)
from tongket.domain.figures import Cell, NotANumber
from tongket.domain.forms import Form, Measure
from tongket.domain.periods import Period
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import Tree, UnitVersion, search_key

CODE, NAME = "Mã đơn vị", "Tên đơn vị"
_CODE_NAMES = {search_key(name) for name in (CODE, "Mã", "Mã xã")}
_NAME_NAMES = {search_key(name) for name in (NAME, "Đơn vị", "Tên xã")}
_PASSED_OVER = {search_key(name) for name in ("", "STT", "TT", "Ghi chú")}
_TOTALS = {search_key(name) for name in ("Tổng", "Tổng cộng", "Cộng", "Tổng số")}
_LIST_HEADER = 3  # the row of headings in a list that we wrote
_BESIDE = 3  # number, code and name stand before the measures
_BORDERED = {"border": 1, "font_name": FONT, "font_size": 12, "valign": "vcenter"}
_HEADER_WITHIN = 20  # rows above it may hold titles


def write_many(
    target: Path | BinaryIO, *, form: Form, period: Period, units: Iterable[UnitVersion]
) -> None:
    """Write an empty list for these units, one row each, to be filled in and sent."""
    book = begin(target, form, period)
    sheet = book.add_worksheet(LIST_SHEET)
    _title(book, sheet, form, period)
    text = book.add_format({**_BORDERED, "num_format": "@"})
    entries = [
        book.add_format(
            {
                **_BORDERED,
                "num_format": layout.number_format(measure.decimals),
                "bg_color": INPUT_COLOUR,
            }
        )
        for measure in form.measures
    ]
    for row, unit in enumerate(units, start=_LIST_HEADER + 1):
        sheet.write_number(row, 0, row - _LIST_HEADER, text)
        sheet.write_string(row, 1, unit.code, text)
        sheet.write_string(row, 2, unit.name, text)
        for column, measure in enumerate(form.measures, start=_BESIDE):
            sheet.write_blank(row, column, None, entries[column - _BESIDE])
            place = layout.place(row, column)
            sheet.data_validation(place, validation(measure, place))
    add_help(book)
    book.close()


def _title(book: Any, sheet: Any, form: Form, period: Period) -> None:
    """Write what stands above the units, and how the sheet is seen and printed."""
    bold = book.add_format({"bold": True, "font_name": FONT, "font_size": 14})
    hint = book.add_format({"italic": True, "font_name": FONT})
    heading = book.add_format(
        {
            **_BORDERED,
            "bold": True,
            "text_wrap": True,
            "align": "center",
            "bg_color": "#EDEDED",
        }
    )
    sheet.write_string(0, 0, f"{form.label}, {period}", bold)
    sheet.write_string(1, 0, layout.LIST_HINT, hint)
    labels = tuple(measure.label for measure in form.measures)
    for column, text in enumerate(("STT", CODE, NAME, *labels)):
        sheet.write_string(_LIST_HEADER, column, text, heading)
    sheet.set_row(_LIST_HEADER, 64)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 28)
    sheet.set_column(_BESIDE, _BESIDE + len(labels) - 1, 15)
    sheet.freeze_panes(_LIST_HEADER + 1, _BESIDE)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_LIST_HEADER)
    sheet.set_footer("&C&P/&N")


def read_many(
    content: bytes | Path, *, form: Form, period: Period, units: Tree
) -> list[Sheet]:
    """Return one sheet for each row of a list, or `Refusals` with all that is wrong.

    Rows of totals and empty rows are passed over; `units` are those of the period.
    """
    listing = _Listing(opened(content, LIST_SHEET), form, period, units)
    sheets = listing.sheets()
    if listing.wrong:
        raise Refusals(listing.wrong)
    return sheets


class _Listing:
    """One list being read: where its columns are, and what is wrong with it."""

    def __init__(self, grid: Grid, form: Form, period: Period, units: Tree) -> None:
        self.grid, self.form, self.period, self.units = grid, form, period, units
        self.wrong: list[Refusal] = []
        self.header = self._header()
        self.code = self._column(_CODE_NAMES)
        self.name = self._column(_NAME_NAMES)
        self.columns = self._measures()

    def sheets(self) -> list[Sheet]:
        rows: dict[str, int] = {}
        sheets: list[Sheet] = []
        for row in range(self.header + 1, self.grid.height):
            unit = self._unit(row)
            if unit is None:
                continue
            if unit.unit in rows:
                first = rows[unit.unit] + 1
                self._refuse(UnitTwice, row, unit=unit.name, first=first)
                continue
            rows[unit.unit] = row
            cells = self._cells(row, unit)
            sheets.append(Sheet(unit.unit, self.form.key, self.period.key, cells))
        return sheets

    def _refuse(self, kind: type[Refusal], row: int, **values: object) -> None:
        self.wrong.append(kind(sheet=self.grid.name, row=row + 1, **values))

    def _header(self) -> int:
        names = _CODE_NAMES | _NAME_NAMES
        for row in range(min(self.grid.height, _HEADER_WITHIN)):
            texts = {
                search_key(self.grid.text(row, column))
                for column in range(self.grid.width)
            }
            if texts & names:
                return row
        raise Refusals([NoUnitColumn(sheet=self.grid.name)])

    def _column(self, names: set[str]) -> int | None:
        for column in range(self.grid.width):
            if search_key(self.grid.text(self.header, column)) in names:
                return column
        return None

    def _measures(self) -> dict[int, Measure]:
        labels = {search_key(measure.label): measure for measure in self.form.measures}
        columns: dict[int, Measure] = {}
        places: dict[str, str] = {}
        for column in range(self.grid.width):
            heading = self.grid.text(self.header, column)
            plain = search_key(heading)
            place = layout.place(self.header, column)
            if column in (self.code, self.name) or plain in _PASSED_OVER:
                continue
            if plain not in labels:
                self.wrong.append(
                    UnknownColumn(sheet=self.grid.name, place=place, found=heading)
                )
            elif plain in places:
                self.wrong.append(
                    MeasureTwice(
                        sheet=self.grid.name,
                        place=place,
                        measure=heading,
                        first=places[plain],
                    )
                )
            else:
                places[plain], columns[column] = place, labels[plain]
        self.wrong.extend(
            MeasureGone(sheet=self.grid.name, measure=measure.label)
            for plain, measure in labels.items()
            if plain not in places
        )
        return columns

    def _unit(self, row: int) -> UnitVersion | None:
        """Return the unit of a row by code, else by name; None for rows without one."""
        code = self.grid.text(row, self.code) if self.code is not None else ""
        name = self.grid.text(row, self.name) if self.name is not None else ""
        stated = code or name
        if not stated or search_key(name) in _TOTALS:
            return None
        known = self.units.named(stated)
        found = [unit for unit in known if unit.kind in self.form.unit_kinds]
        if not known:
            self._refuse(UnitNotListed, row, unit=stated, day=self.units.day)
        elif not found:
            self._refuse(UnitOfOtherKind, row, unit=known[0].name, form=self.form.label)
        elif len(found) > 1:
            codes = ", ".join(unit.code for unit in found)
            self._refuse(SeveralUnits, row, unit=stated, count=len(found), codes=codes)
        return found[0] if len(found) == 1 else None

    def _cells(self, row: int, unit: UnitVersion) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        for column, measure in self.columns.items():
            try:
                cells[measure.key] = self.grid.cell(row, column, measure.decimals)
            except NotANumber as refusal:
                self._refuse(
                    CellRefused,
                    row,
                    column=measure.label,
                    subject=unit.name,
                    reason=refusal.sentence,
                )
        return cells
