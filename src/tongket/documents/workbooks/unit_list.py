"""How is a list of units read from a file that somebody sent?

An .xlsx holds units, lineage and groups in any of its sheets; a CSV file holds one of
the three. Which one a table is, and which column is which, is told by the headings, in
Vietnamese or English and in any order.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tongket.documents.workbooks.opening import Grid, opened
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.unit_rows import FIELDS, NEEDED, Row, Table
from tongket.domain.units import search_key

MOST_ROWS = 60_000
MOST_BYTES = 20 * 2**20
_HEADER_WITHIN = 20  # rows above it may hold titles
_FORMULA_STARTS = ("=", "+", "-", "@")
SHEETS: Mapping[Table, str] = {
    Table.UNITS: "Đơn vị",
    Table.LINEAGE: "Diễn biến",
    Table.GROUPS: "Nhóm",
}
# The first name is the one that we write, the second the English one.
HEADINGS: Mapping[Table, Mapping[str, tuple[str, ...]]] = {
    Table.UNITS: {
        "unit": ("Khóa", "Key", "Unit", "Khóa đơn vị", "Mã trong hệ thống"),
        "code": ("Mã", "Code", "Mã đơn vị", "Mã số", "Mã xã", "Mã ĐVHC"),
        "name": ("Tên đơn vị", "Name", "Tên", "Đơn vị", "Tên xã"),
        "kind": ("Loại đơn vị", "Kind", "Loại"),
        "designation": ("Loại hình", "Designation", "Danh xưng"),
        "parent": ("Cấp trên", "Parent", "Đơn vị cấp trên", "Trực thuộc", "Thuộc"),
        "valid_from": ("Từ ngày", "Valid from", "From", "Ngày hiệu lực"),
        "valid_to": ("Đến ngày", "Valid to", "To", "Hiệu lực đến"),
        "population": ("Dân số", "Population"),
        "size_class": ("Quy mô", "Size class", "Nhóm quy mô"),
    },
    Table.LINEAGE: {
        "old": ("Đơn vị cũ", "Old unit", "Old"),
        "new": ("Đơn vị mới", "New unit", "New"),
        "on": ("Ngày thay đổi", "On", "Ngày", "Từ ngày", "Date", "Valid from"),
        "change": ("Thay đổi", "Change", "Loại thay đổi"),
        "share": ("Tỷ lệ", "Share", "Tỉ lệ"),
        "instrument": ("Văn bản", "Instrument", "Số hiệu văn bản", "Căn cứ"),
    },
    Table.GROUPS: {
        "unit": ("Đơn vị", "Unit", "Khóa", "Key", "Khóa đơn vị"),
        "group": ("Nhóm", "Group"),
        "valid_from": ("Từ ngày", "Valid from", "From"),
        "valid_to": ("Đến ngày", "Valid to", "To"),
    },
}
_FIELD_OF = {
    table: {
        search_key(name): key
        for key, names in columns.items()
        for name in (key, key.replace("_", " "), *names)
    }
    for table, columns in HEADINGS.items()
}
# Columns that say nothing new, in our own lists and in other people's.
BESIDE = ("Tên cấp trên", "Name of parent")
_PASSED_OVER = {search_key(name) for name in ("", "STT", "TT", "Ghi chú", *BESIDE)}


class ListRefused(Refusal, ValueError):
    """A file that cannot be read as a list of units."""


class EmptyFile(ListRefused):
    """A file without a byte or without a filled row."""

    words = "Tệp không có dòng nào; tải mẫu danh sách, điền rồi gửi lại."


class FileTooLarge(ListRefused):
    """More than any list of units needs."""

    words = "Tệp nặng {megabytes} MB, tối đa {most} MB; tách thành nhiều tệp."


class TooManyRows(ListRefused):
    """More rows than are read at once."""

    words = "Tệp có {count} dòng, tối đa {most} dòng mỗi lần; tách thành nhiều tệp."


class NotText(ListRefused):
    """A CSV file in an encoding that cannot be told."""

    words = (
        "Không đọc được chữ trong tệp; trong Excel hãy lưu lại dạng “CSV UTF-8” hoặc "
        ".xlsx."
    )


class NoHeadings(ListRefused):
    """No row of headings that we know."""

    words = (
        "Không tìm thấy dòng tiêu đề; cần ít nhất các cột “Mã” và “Tên đơn vị”, hoặc "
        "“Đơn vị cũ”, “Ngày thay đổi” và “Thay đổi”; tải mẫu danh sách để xem."
    )


class HeadingTwice(ListRefused):
    """Two columns have the same heading."""

    words = "Trang “{sheet}”: hai cột cùng là “{heading}”; bỏ hoặc đổi tên một cột."


class BrokenCsv(ListRefused):
    """Quotes or line ends in a CSV file do not fit together."""

    words = (
        "Dòng {line}: dấu ngoặc kép hoặc xuống dòng trong tệp CSV không khớp; lưu lại "
        "từ Excel."
    )


@dataclass(slots=True)
class UnitList:
    """The rows of a file, and the headings of columns that were passed over."""

    rows: list[Row] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def read_list(content: bytes) -> UnitList:
    """Return the rows of a list of units in an .xlsx or CSV file, or refuse it."""
    tables = tables_of(content)
    found = UnitList()
    known = [_read_table(sheet, lines, found) for sheet, lines in tables]
    if not any(known):
        raise Refusals([NoHeadings() if any(t for _, t in tables) else EmptyFile()])
    if not found.rows:
        raise Refusals([EmptyFile()])
    if len(found.rows) > MOST_ROWS:
        raise Refusals([TooManyRows(count=len(found.rows), most=MOST_ROWS)])
    return found


def tables_of(content: bytes) -> list[tuple[str, list[list[str]]]]:
    """Return each sheet of an .xlsx, or the one table of a CSV file, as texts.

    Refuses what is empty, too large or no table at all.
    """
    if len(content) > MOST_BYTES:
        megabytes, most = len(content) >> 20, MOST_BYTES >> 20
        raise Refusals([FileTooLarge(megabytes=megabytes, most=most)])
    if not content.strip():
        raise Refusals([EmptyFile()])
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        book = opened(content)
        return [(name, _texts(book.grid(name))) for name in book.names]
    return [("CSV", _csv_rows(_decoded(content)))]


def _texts(grid: Grid) -> list[list[str]]:
    """Return the cells of a sheet as text; a day as 2025-07-01."""
    return [
        [grid.text(row, column) for column in range(len(grid.rows[row]))]
        for row in range(grid.height)
    ]


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content[1:2] == b"\0":  # no mark of the order of bytes
        encoding = "utf-16-le"
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Refusals([NotText()]) from None


def _csv_rows(text: str) -> list[list[str]]:
    if "\0" in text:
        raise Refusals([NotText()])
    head = "\n".join(text.splitlines()[:_HEADER_WITHIN])
    separator = max(",;\t", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    try:
        for line in lines:
            # A quoted cell may hold line ends: keep the number that a person sees.
            rows += [[]] * (lines.line_num - len(rows) - 1)
            rows.append([_plain(cell) for cell in line])
    except csv.Error:
        raise Refusals([BrokenCsv(line=lines.line_num)]) from None
    return rows


def _plain(cell: str) -> str:
    """Return a cell without the mark that keeps spreadsheets from running it."""
    text = " ".join(cell.split())
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA_STARTS else text


def _read_table(sheet: str, lines: Sequence[Sequence[str]], found: UnitList) -> bool:
    """Read one sheet into `found`; return whether it has headings that we know."""
    for number, line in enumerate(lines[:_HEADER_WITHIN], start=1):
        table = _table(line)
        if table is not None:
            columns = _columns(sheet, table, line, found)
            found.rows += _rows(sheet, table, columns, lines[number:], number + 1)
            return True
    return False


def _rows(
    sheet: str,
    table: Table,
    columns: Mapping[int, str],
    lines: Sequence[Sequence[str]],
    first: int,
) -> Iterator[Row]:
    for line, cells in enumerate(lines, start=first):
        told = {
            name: cells[column]
            for column, name in columns.items()
            if column < len(cells) and cells[column]
        }
        if told:
            yield Row(table, sheet, line, told)


def _table(line: Sequence[str]) -> Table | None:
    """Return which of the three lists a row of headings belongs to."""
    headings = {search_key(text) for text in line if text}
    scores = {}
    for table, fields in _FIELD_OF.items():
        known = {fields[heading] for heading in headings & fields.keys()}
        needed = known & set(NEEDED[table])
        is_whole = needed if table is Table.UNITS else needed == set(NEEDED[table])
        if is_whole and len(known) > 1:
            scores[table] = len(known)
    return max(scores, key=scores.__getitem__, default=None)


def _columns(
    sheet: str, table: Table, line: Sequence[str], found: UnitList
) -> dict[int, str]:
    columns: dict[int, str] = {}
    for place, heading in enumerate(line):
        plain = search_key(heading)
        name = _FIELD_OF[table].get(plain)
        if name is None:
            if plain not in _PASSED_OVER and heading not in found.passed_over:
                found.passed_over.append(heading)
        elif name in columns.values():
            raise Refusals([HeadingTwice(sheet=sheet, heading=heading)])
        else:
            columns[place] = name
    assert set(columns.values()) <= set(FIELDS[table]), "headings name known fields"
    return columns
