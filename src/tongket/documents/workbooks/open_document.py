"""What does a workbook say that LibreOffice saved as .ods? The same workbook as .xlsx.

A return is filled in where there is no Excel, too. What the form needs survives there:
values, formulas' errors, percentages, merged cells and the hidden first row. Colours,
widths and locks stay behind: the answer that goes back is an .xlsx without them.
"""

import datetime as dt
import io
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

import openpyxl
from openpyxl.utils import get_column_letter

_CONTENT = "content.xml"
_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_LABELS, _WIDTH = "B", 60
_ERROR_NAMES = {"Err:502": "#VALUE!", "Err:503": "#NUM!", "Err:508": "#NAME?"}
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")


class TooWide(ValueError):
    """The sheets hold more filled cells than any return can."""


@dataclass(slots=True)
class _Sheet:
    name: str
    cells: dict[tuple[int, int], tuple[str, Any]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def is_one(archive: zipfile.ZipFile) -> bool:
    """Whether an archive is a spreadsheet of this kind."""
    names = archive.namelist()
    if _CONTENT not in names:
        return False
    return "mimetype" not in names or archive.read("mimetype").strip() == _MIME.encode()


def as_xlsx(archive: zipfile.ZipFile, most_cells: int) -> bytes:
    """Return the workbook as .xlsx; raises `TooWide` beyond so many filled cells."""
    book = openpyxl.Workbook()
    assert book.active is not None, "a new workbook has a sheet"
    book.remove(book.active)
    for sheet in _Reader(most_cells).read(archive.read(_CONTENT)):
        _write(book.create_sheet(sheet.name), sheet)
    if not book.worksheets:
        raise KeyError("no sheet")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write(page: Any, sheet: _Sheet) -> None:
    for (row, column), (kind, value) in sheet.cells.items():
        cell = page.cell(row + 1, column + 1)
        if kind == "error":
            cell.value, cell.data_type = value, "e"
        elif kind == "formula":
            cell.value = "=0"  # nobody calculated it: it is read as such
        else:
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # also where it looks like a formula
            if kind == "percentage":
                cell.number_format = "0.00%"
    for top, left, bottom, right in sheet.merges:
        page.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
    for row in sheet.hidden_rows:
        page.row_dimensions[row + 1].hidden = True
    for column in sheet.hidden_columns:
        page.column_dimensions[get_column_letter(column + 1)].hidden = True
    page.column_dimensions[_LABELS].width = _WIDTH


class _Reader:
    """The sheets of a document being read, cell by cell."""

    def __init__(self, most_cells: int) -> None:
        self.sheets: list[_Sheet] = []
        self.most, self.count = most_cells, 0
        self.row = self.column = self.row_times = 0
        self.cell: dict[str, str] | None = None
        self.paragraphs: list[str] = []
        self.is_text = False
        self.aside = 0  # inside a note at a cell, whose words are not the cell's

    def read(self, content: bytes) -> list[_Sheet]:
        def declared(*_: object) -> None:
            raise expat.ExpatError("a workbook declares no entities")

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self.started, self.ended
        parser.CharacterDataHandler = self.wrote
        parser.EntityDeclHandler = declared
        parser.Parse(content, True)
        return self.sheets

    def started(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "office:annotation":
            self.aside += 1
        elif self.aside:
            return
        elif tag == "table:table":
            self.sheets.append(_Sheet(attributes["table:name"]))
            self.row = self.column = 0
        elif tag == "table:table-column" and self.sheets:
            self._hide_column(attributes)
        elif tag == "table:table-row":
            self.column = 0
            self.row_times = _times(attributes, "rows")
            if attributes.get("table:visibility", "visible") != "visible":
                shown = range(self.row, self.row + min(self.row_times, 100))
                self.sheets[-1].hidden_rows.extend(shown)
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self.cell, self.paragraphs = attributes, []
        elif tag == "text:p" and self.cell is not None:
            self.paragraphs.append("")
            self.is_text = True
        elif self.is_text and tag in ("text:s", "text:tab", "text:line-break"):
            times = min(int(attributes.get("text:c", "1")), 100)
            self.paragraphs[-1] += " " * times

    def wrote(self, text: str) -> None:
        if self.is_text and not self.aside:
            self.paragraphs[-1] += text

    def ended(self, tag: str) -> None:
        if tag == "office:annotation":
            self.aside -= 1
        elif self.aside:
            return
        elif tag == "text:p":
            self.is_text = False
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._keep(tag)
        elif tag == "table:table-row":
            self.row += self.row_times

    def _hide_column(self, attributes: dict[str, str]) -> None:
        times = _times(attributes, "columns")
        if attributes.get("table:visibility", "visible") != "visible":
            hidden = range(self.column, self.column + min(times, 100))
            self.sheets[-1].hidden_columns.extend(hidden)
        self.column += times

    def _keep(self, tag: str) -> None:
        assert self.cell is not None, "a cell ends that began"
        attributes, self.cell = self.cell, None
        times, sheet = _times(attributes, "columns"), self.sheets[-1]
        right = int(attributes.get("table:number-columns-spanned", "1"))
        down = int(attributes.get("table:number-rows-spanned", "1"))
        if (right, down) != (1, 1) and tag == "table:table-cell":
            end = self.row + down - 1, self.column + right - 1
            sheet.merges.append((self.row, self.column, *end))
        found = _value(attributes, "\n".join(self.paragraphs))
        if found is not None and tag == "table:table-cell":
            self.count += times * self.row_times
            if self.count > self.most:
                raise TooWide
            for row in range(self.row, self.row + self.row_times):
                for column in range(self.column, self.column + times):
                    sheet.cells[row, column] = found
        self.column += times


def _times(attributes: dict[str, str], what: str) -> int:
    return int(attributes.get(f"table:number-{what}-repeated", "1"))


def _value(attributes: dict[str, str], text: str) -> tuple[str, Any] | None:
    """Return kind and value of a cell; None for an empty one."""
    kind = attributes.get("office:value-type", "")
    if attributes.get("calcext:value-type") == "error" or (
        "table:formula" in attributes and text in (*_ERRORS, *_ERROR_NAMES)
    ):
        return "error", _ERROR_NAMES.get(text, text if text in _ERRORS else "#VALUE!")
    if kind in ("float", "percentage", "currency"):
        return kind, float(attributes["office:value"])
    if kind == "date":
        told = attributes["office:date-value"]
        return kind, dt.datetime.fromisoformat(told)
    if kind == "boolean":
        return kind, attributes.get("office:boolean-value") == "true"
    if kind == "" and "table:formula" in attributes and not text:
        return "formula", None
    words = attributes.get("office:string-value", text) or text
    return ("string", words) if words else None
