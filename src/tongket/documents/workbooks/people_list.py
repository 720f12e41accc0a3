"""How is a list of people read, and how are their links written for printing?

One table in an .xlsx or CSV file: unit, role, user name or e-mail address, post. Which
column is which is told by the headings, in Vietnamese or English and in any order.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter

from tongket.documents.workbooks.unit_list import EmptyFile, ListRefused, tables_of
from tongket.domain.sentences import Refusals
from tongket.domain.units import search_key

MOST_PEOPLE = 20_000
_HEADER_WITHIN = 20
# The first name is the one that we write.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "unit": ("Đơn vị", "Mã đơn vị", "Khóa đơn vị", "Mã", "Khóa", "Unit", "Unit key"),
    "role": ("Vai trò", "Role"),
    "username": ("Tên đăng nhập", "Tài khoản", "Username", "User name"),
    "email": ("E-mail", "Email", "Thư điện tử", "Hộp thư", "Mail"),
    "post": ("Chức danh", "Chức vụ", "Post", "Tên", "Họ và tên", "Họ tên"),
    "start": ("Từ ngày", "From", "Start"),
    "end": ("Đến ngày", "To", "Until", "End"),
}
NEEDED = ("unit", "role")
_FIELD_OF = {
    search_key(name): key for key, names in HEADINGS.items() for name in (key, *names)
}


class NoPeopleHeadings(ListRefused):
    """No row of headings that we know."""

    words = (
        "Không tìm thấy dòng tiêu đề; cần các cột “Đơn vị”, “Vai trò” và “Tên đăng "
        "nhập” hoặc “E-mail”; tải mẫu danh sách để xem."
    )


class TooManyPeople(ListRefused):
    """More people than are invited at once."""

    words = (
        "Danh sách có {count} dòng, tối đa {most} dòng mỗi lần; tách thành nhiều tệp."
    )


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One filled line of a list, and where it stands."""

    sheet: str
    line: int
    told: Mapping[str, str]


def read_people(content: bytes) -> list[PersonRow]:
    """Return the people of a list in an .xlsx or CSV file, or refuse it."""
    tables = tables_of(content)
    found: list[PersonRow] = []
    is_known = False
    for sheet, lines in tables:
        for number, line in enumerate(lines[:_HEADER_WITHIN], start=1):
            columns = _columns(line)
            if set(NEEDED) <= set(columns.values()):
                is_known = True
                found += _rows(sheet, columns, lines[number:], number + 1)
                break
    if not is_known:
        raise Refusals([NoPeopleHeadings()])
    if not found:
        raise Refusals([EmptyFile()])
    if len(found) > MOST_PEOPLE:
        raise Refusals([TooManyPeople(count=len(found), most=MOST_PEOPLE)])
    return found


def _columns(line: Sequence[str]) -> dict[int, str]:
    columns: dict[int, str] = {}
    for place, heading in enumerate(line):
        name = _FIELD_OF.get(search_key(heading))
        if name is not None and name not in columns.values():
            columns[place] = name
    return columns


def _rows(
    sheet: str, columns: Mapping[int, str], lines: Sequence[Sequence[str]], first: int
) -> list[PersonRow]:
    rows = []
    for line, cells in enumerate(lines, start=first):
        told = {
            name: cells[column].strip()
            for column, name in columns.items()
            if column < len(cells) and cells[column].strip()
        }
        if told:
            rows.append(PersonRow(sheet, line, told))
    return rows


def sample(rows: Iterable[Sequence[str]]) -> bytes:
    """Return an empty list of people, with some lines as an example."""
    titles = [HEADINGS[name][0] for name in HEADINGS]
    return sheet("Danh sách mời", titles, rows)


def sheet(name: str, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook with one table; every cell is text, and no address a link."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_urls": False})
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    widths = [len(title) for title in titles]
    page.write_row(0, 0, titles, bold)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            page.write_string(number, column, text)
            widths[column] = max(widths[column], len(text))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(70, width + 2))
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    book.close()
    return made.getvalue()
