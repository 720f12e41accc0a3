"""How is a long table written as a workbook, row by row and in little memory?"""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

import xlsxwriter

from tongket.domain.exports import defused

FONT = "Times New Roman"
WIDEST = 42  # characters


def write_table(
    target: BinaryIO,
    *,
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int] = (),
) -> None:
    """Write one sheet: a title, a header that stays in sight, then the rows.

    Numbers stay numbers; a text that a spreadsheet would run is defused.
    """
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    plain = {"font_name": FONT, "font_size": 11}
    head = book.add_format({**plain, "bold": True, "border": 1, "text_wrap": True})
    body = book.add_format({**plain, "border": 1})
    name = book.add_format({**plain, "bold": True, "font_size": 13})
    sheet = book.add_worksheet()
    sheet.freeze_panes(2, 2)
    sheet.set_landscape()
    sheet.repeat_rows(1)
    sheet.fit_to_pages(1, 0)
    for place, heading in enumerate(header):
        wide = widths[place] if place < len(widths) else min(len(heading) + 4, WIDEST)
        sheet.set_column(place, place, wide)
    sheet.write_string(0, 0, title, name)
    for place, heading in enumerate(header):
        sheet.write_string(1, place, heading, head)
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row):
            safe = defused(value)
            if isinstance(safe, int | float):
                sheet.write_number(number, place, safe, body)
            else:
                sheet.write_string(number, place, str(safe), body)
    book.close()
