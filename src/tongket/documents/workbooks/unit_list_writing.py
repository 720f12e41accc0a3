"""How is the register written as a list that can be edited and sent back?

Every cell is written so that reading it changes nothing: codes and keys as text, days
as days, kinds by their names, units above by their keys with the name beside.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import xlsxwriter

from tongket.documents.workbooks.unit_list import BESIDE, HEADINGS, SHEETS
from tongket.domain.exports import defused
from tongket.domain.unit_rows import CHANGE_WORDS, FIELDS, Table
from tongket.domain.units import GroupMembership, Lineage, UnitVersion

FONT = "Times New Roman"
DAY_FORMAT = "dd/mm/yyyy"
ROOM = 2000  # empty rows below the list, ready to be filled in
WIDTHS = {"name": 34, "kind": 22, "parent": 14, "instrument": 26, "unit": 16}
HINTS = (
    (
        "Mỗi dòng là một đơn vị trong một khoảng thời gian. Ô để trống: giữ nguyên "
        "nội dung đang có. Ghi “-” để xóa nội dung."
    ),
    (
        "Đơn vị có thay đổi: sửa nội dung và ghi ngày có hiệu lực vào cột “Từ "
        "ngày”; dòng cũ tự kết thúc vào ngày hôm trước. Giữ nguyên “Từ ngày” là sửa"
        " lại chính dòng đó."
    ),
    (
        "Đơn vị mới: để trống cột “Khóa”, hệ thống đặt khóa. Đơn vị kết thúc: ghi "
        "ngày cuối cùng vào cột “Đến ngày”."
    ),
    "Cấp trên: ghi khóa, mã hoặc tên đầy đủ. Mã là văn bản, giữ số 0 ở đầu.",
    (
        "Sáp nhập, chia tách, đổi tên: ghi thêm một dòng ở trang “Diễn biến”, kèm "
        "số hiệu văn bản. Tỷ lệ chia ghi 1/3, 0,25 hoặc 25%; để trống nếu chưa rõ."
    ),
    (
        "Trang “Nhóm”: đơn vị thuộc nhóm nào, từ ngày nào. Tải tệp lên sẽ được chạy"
        " thử trước; chưa có gì được ghi cho đến khi bấm ghi."
    ),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list is to hold; `kinds` names the kinds, `names` the units above."""

    versions: Sequence[UnitVersion]
    lineage: Sequence[Lineage]
    memberships: Sequence[GroupMembership]
    kinds: Mapping[str, str]
    names: Mapping[str, str]
    on: dt.date


def write_csv(listed: Listed, table: Table) -> str:
    """Return one of the three lists as CSV, days as 01/07/2025."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(_headings(table))
    for line in _lines(listed, table):
        writer.writerow(
            f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else defused(value)
            for value in line
        )
    return target.getvalue()


def write_list(target: BinaryIO, listed: Listed) -> None:
    """Write the three lists as a workbook with hints and lists to choose from."""
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.formats[0].set_font_name(FONT)
    book.formats[0].set_font_size(12)
    made = dt.datetime.combine(listed.on, dt.time(12))
    book.set_properties({"title": "Danh sách đơn vị", "created": made})
    for table in Table:
        _Sheet(book, table).fill(list(_lines(listed, table)))
    _choices(book, listed)
    _hints(book)
    book.close()


def _headings(table: Table) -> list[str]:
    names = [HEADINGS[table][name][0] for name in FIELDS[table]]
    return [*names, BESIDE[0]] if table is Table.UNITS else names


def _lines(listed: Listed, table: Table) -> Iterator[list[object]]:
    rows: Iterable[Any] = {
        Table.UNITS: listed.versions,
        Table.LINEAGE: listed.lineage,
        Table.GROUPS: listed.memberships,
    }[table]
    ours = {"valid_from": "start", "valid_to": "end"}
    for row in rows:
        line = [getattr(row, ours.get(name, name)) for name in FIELDS[table]]
        if table is Table.UNITS:
            place = FIELDS[table].index("kind")
            line[place] = listed.kinds.get(row.kind, row.kind)
            line.append(listed.names.get(row.parent or "", ""))
        elif table is Table.LINEAGE:
            line[FIELDS[table].index("change")] = CHANGE_WORDS[row.change]
            line[FIELDS[table].index("share")] = str(row.share) if row.share else ""
        yield ["" if value is None else value for value in line]


class _Sheet:
    """One of the three lists while it is written."""

    def __init__(self, book: Any, table: Table) -> None:
        self.table = table
        self.sheet = book.add_worksheet(SHEETS[table])
        self.head = book.add_format(
            {"bold": True, "bg_color": "#EDEDED", "border": 1, "font_name": FONT}
        )
        self.text = book.add_format({"num_format": "@", "font_name": FONT})
        self.day = book.add_format({"num_format": DAY_FORMAT, "font_name": FONT})
        self.number = book.add_format({"num_format": "#,##0", "font_name": FONT})

    def fill(self, lines: Sequence[Sequence[object]]) -> None:
        headings = _headings(self.table)
        for column, (heading, name) in enumerate(
            zip(headings, (*FIELDS[self.table], "name"), strict=False)
        ):
            self.sheet.write_string(0, column, heading, self.head)
            style = self.day if name in {"valid_from", "valid_to", "on"} else self.text
            style = self.number if name == "population" else style
            self.sheet.set_column(column, column, WIDTHS.get(name, 13), style)
        for row, line in enumerate(lines, start=1):
            for column, value in enumerate(line):
                self._write(row, column, value)
        self._offer(len(lines) + ROOM)
        self.sheet.freeze_panes(1, 0)
        self.sheet.autofilter(0, 0, max(len(lines), 1), len(headings) - 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)

    def _write(self, row: int, column: int, value: object) -> None:
        if isinstance(value, dt.date):
            noon = dt.datetime.combine(value, dt.time())
            self.sheet.write_datetime(row, column, noon, self.day)
        elif isinstance(value, int):
            self.sheet.write_number(row, column, value, self.number)
        elif value != "":
            self.sheet.write_string(row, column, str(value), self.text)

    def _offer(self, last: int) -> None:
        """Let kinds and changes be chosen from a list; other words are allowed."""
        for name, choices in (("kind", "A"), ("change", "B")):
            if name not in FIELDS[self.table]:
                continue
            column = FIELDS[self.table].index(name)
            self.sheet.data_validation(
                1,
                column,
                last,
                column,
                {
                    "validate": "list",
                    "source": f"='{CHOICES}'!${choices}$1:${choices}$40",
                    "error_type": "information",
                    "error_title": "Ngoài danh sách",
                    "error_message": "Chọn một giá trị trong danh sách.",
                },
            )


CHOICES = "Lựa chọn"


def _choices(book: Any, listed: Listed) -> None:
    sheet = book.add_worksheet(CHOICES)
    sheet.write_column(0, 0, list(listed.kinds.values()))
    sheet.write_column(0, 1, list(CHANGE_WORDS.values()))
    sheet.hide()


def _hints(book: Any) -> None:
    sheet = book.add_worksheet("Hướng dẫn")
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "font_name": FONT})
    sheet.set_column(0, 0, 100, wrapped)
    for row, hint in enumerate(HINTS):
        sheet.write_string(row, 0, hint, wrapped)
    sheet.protect()
