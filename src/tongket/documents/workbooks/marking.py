"""How does a workbook go back to its sender with every mistake marked in it?

It is the sender's own workbook: what was typed stays as it was typed. A wrong cell is
red and has a note, and the column "Cần sửa" tells the sentence in its row.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from tongket.documents.workbooks import identity, layout
from tongket.documents.workbooks.listing import SEEN_HEADING
from tongket.documents.workbooks.opening import as_xlsx
from tongket.documents.workbooks.writing import FONT, INPUT_COLOUR

_AUTHOR = "Cần sửa"
_RED, _AMBER = "FFF4A79D", "FFFFD98A"
_INPUT = f"FF{INPUT_COLOUR.lstrip('#')}"
_REMEDY = layout.HEADINGS[layout.REMEDY]
_HEADER_WITHIN, _WIDTH = 40, 60
_NOTE_WIDTH, _NOTE_HEIGHT = 320, 110


@dataclass(frozen=True, slots=True)
class Mark:
    """A sentence at a cell; without a row it is told at the top of the sheet."""

    sheet: str
    row: int
    column: int
    words: str
    must_fix: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """What a unit's return holds by now, to be written where the sheet was filled from.

    `row` is the row of a list, -1 in a unit's own sheet.
    """

    sheet: str
    row: int
    text: str


def mark(content: bytes, *, marks: Iterable[Mark], seen: Iterable[Seen] = ()) -> bytes:
    """Return the workbook with these marks, and without those of an earlier reading."""
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(content)))
    pages = {sheet.title: _Marked(sheet) for sheet in book.worksheets}
    for page in pages.values():
        page.clear()
    for each in marks:
        pages[each.sheet].put(each)
    for known in seen:
        pages[known.sheet].see(known)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


class _Marked:
    """One sheet being marked; its own rows and columns are counted from 1."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.header, self.remedy = self._heading(_REMEDY)
        self.top = max(self.header - 1, 2)  # what has no cell is told above the heading

    def _heading(self, wanted: str) -> tuple[int, int]:
        """Return where a heading stands; (0, 0) where there is none."""
        for row in self.sheet.iter_rows(max_row=_HEADER_WITHIN):
            for cell in row:
                if cell.value == wanted:
                    return cell.row, cell.column
        return 0, 0

    def clear(self) -> None:
        """Take away the marks of an earlier reading; the column is hidden again."""
        for row in self.sheet.iter_rows():
            for cell in row:
                if cell.comment and cell.comment.author == _AUTHOR:
                    cell.comment = None
                if cell.fill.fgColor.rgb in (_RED, _AMBER):
                    cell.fill = PatternFill("solid", fgColor=_INPUT)
        if not self.remedy:
            return
        for row in range(self.top, self.sheet.max_row + 1):
            cell = self.sheet.cell(row, self.remedy)
            if row != self.header and cell.value is not None:
                cell.value = None
        self._column().hidden = True

    def put(self, mark: Mark) -> None:
        """Mark one cell, or tell at the top what has no cell."""
        if mark.row >= 0:
            cell = self.sheet.cell(mark.row + 1, mark.column + 1)
            colour = _RED if mark.must_fix else _AMBER
            cell.fill = PatternFill("solid", fgColor=colour)
            words = mark.words
            if cell.comment and cell.comment.author == _AUTHOR:
                words = f"{cell.comment.text}\n{words}"
            cell.comment = Comment(words, _AUTHOR, _NOTE_HEIGHT, _NOTE_WIDTH)
        self._tell(mark.row + 1 if mark.row >= 0 else self.top, mark.words)

    def _tell(self, row: int, words: str) -> None:
        if not self.remedy:
            self.remedy = self.sheet.max_column + 1
        cell = self.sheet.cell(row, self.remedy)
        cell.value = f"{cell.value}\n{words}" if cell.value else words
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.font = Font(name=FONT, size=11, color="FF8E1B10")
        column = self._column()
        column.hidden, column.width = False, _WIDTH

    def _column(self) -> Any:
        letter = layout.place(0, self.remedy - 1).rstrip("1")
        return self.sheet.column_dimensions[letter]

    def see(self, seen: Seen) -> None:
        """Write what the return holds by now where the sheet tells what it held."""
        if seen.row >= 0:
            _, column = self._heading(SEEN_HEADING)
            if column:
                self.sheet.cell(seen.row + 1, column).value = seen.text
            return
        for row in self.sheet.iter_rows(max_row=_HEADER_WITHIN, max_col=3):
            for cell in row:
                if cell.value == identity.SIGNATURE:
                    self.sheet.cell(cell.row, cell.column + 8).value = seen.text
                    return
