"""How is the form of a unit written, to look like the paper and come back whole?"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from tongket.documents.workbooks import layout
from tongket.domain.figures import MISSING, Cell
from tongket.domain.forms import Form, Measure, Section
from tongket.domain.periods import Period
from tongket.domain.units import UnitVersion

FONT = "Times New Roman"
WIDTHS = (6, 46, 12, 13, 13, 13)
ROW_HEIGHT = 20
LABEL_LETTERS = 44  # as many stand in one line of the column "Chỉ tiêu"
INPUT_COLOUR = "#FFF9E5"


def write(
    target: Path | BinaryIO,
    *,
    form: Form,
    unit: UnitVersion,
    unit_label: str,
    period: Period,
    cells: Mapping[str, Cell],
    previous: Mapping[str, Cell],
    same_period: Mapping[str, Cell],
) -> None:
    """Write the workbook of one return; what `cells` lacks stays blank to be filled in.

    `previous` and `same_period` stand beside the input for comparison and are locked.
    """
    book = begin(target, form, period)
    page = _Page(book, book.add_worksheet(layout.SHEET))
    page.head(form, unit, unit_label, period)
    page.body(form, (cells, previous, same_period))
    add_help(book)
    book.close()


def begin(target: Path | BinaryIO, form: Form, period: Period) -> Any:
    """Return a new workbook whose dates are those of the period, not of the writing."""
    place = str(target) if isinstance(target, Path) else target
    book = xlsxwriter.Workbook(place, {"in_memory": True})
    book.formats[0].set_font_name(FONT)
    book.formats[0].set_font_size(12)
    properties = {"title": f"{form.label} {period.label}", "created": _noon(period)}
    book.set_properties(properties)
    return book


def add_help(book: Any) -> None:
    """Add the sheet that explains what to write where there is no number."""
    sheet = book.add_worksheet(layout.HELP_SHEET)
    bold = book.add_format({"bold": True, "font_name": FONT, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "font_name": FONT, "valign": "top"})
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 72)
    sheet.write_string(0, 0, "Cách nhập số liệu", bold)
    for row, (sign, meaning) in enumerate(layout.HELP, start=2):
        sheet.write_string(row, 0, sign, bold)
        sheet.write_string(row, 1, meaning, plain)
    sheet.protect()


def validation(measure: Measure, place: str) -> dict[str, Any]:
    """Return the rule by which Excel refuses a wrong entry while it is typed."""
    finest = f"ROUND({place},{measure.decimals})={place}"
    allowed = f'OR(IF(ISNUMBER({place}),AND({place}>=0,{finest}),FALSE),{place}="-",'
    decimals = f"tối đa {measure.decimals} chữ số thập phân"
    kind = decimals if measure.decimals else "số nguyên"
    return {
        "validate": "custom",
        "value": f'={allowed}LOWER({place})="x")',
        "ignore_blank": True,
        "input_title": measure.label[:32],
        "input_message": _hint(measure)[:255],
        "error_title": "Số liệu chưa đúng",
        "error_message": f"Nhập số không âm ({kind}), “-” nếu không phát sinh hoặc “x” "
        "nếu không thuộc đối tượng; để trống nếu chưa có số liệu.",
    }


def put(sheet: Any, row: int, column: int, cell: Cell, look: Any) -> None:
    """Write an answer: a number as number, the kinds of nothing as their sign."""
    value = layout.content(cell)
    if isinstance(value, float):
        sheet.write_number(row, column, value, look)
    elif value:
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_blank(row, column, None, look)


def _hint(measure: Measure) -> str:
    note = f"{measure.note} " if measure.note else ""
    return (
        f"{note}Tính bằng: {measure.measure_unit}. “-”: không phát sinh; “x”: không "
        "thuộc đối tượng; để trống: chưa có số liệu."
    )


def _noon(period: Period) -> dt.datetime:
    return dt.datetime.combine(period.end, dt.time(12))


class _Page:
    """The sheet "Biểu nhập" being written."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.book, self.sheet = book, sheet
        self.row = layout.FIRST_ROW

    def look(self, **properties: Any) -> Any:
        base = {"font_name": FONT, "font_size": 12, "valign": "vcenter"}
        return self.book.add_format({**base, **properties})

    def head(self, form: Form, unit: UnitVersion, label: str, period: Period) -> None:
        sheet, last = self.sheet, layout.SAME_PERIOD
        machine = (layout.SIGNATURE, form.key, unit.unit, period.key)
        for column, text in enumerate(machine):
            sheet.write_string(layout.MACHINE_ROW, column, text)
        sheet.set_row(layout.MACHINE_ROW, None, None, {"hidden": True})
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_column(layout.KEY, layout.KEY, None, None, {"hidden": True})
        title = self.look(bold=True, font_size=14, align="center", text_wrap=True)
        middle = self.look(align="center", italic=True)
        hint = self.look(italic=True, font_size=11, text_wrap=True, valign="top")
        sheet.merge_range(
            layout.TITLE_ROW, 0, layout.TITLE_ROW, last, form.label.upper(), title
        )
        sheet.set_row(layout.TITLE_ROW, 30)
        for row, text in (
            (layout.UNIT_ROW, f"Đơn vị báo cáo: {label}"),
            (layout.PERIOD_ROW, f"Kỳ báo cáo: {period}"),
        ):
            sheet.merge_range(row, 0, row, last, text, middle)
        sheet.merge_range(layout.HINT_ROW, 0, layout.HINT_ROW, last, layout.HINT, hint)
        sheet.set_row(layout.HINT_ROW, 32)
        heading = self.look(
            bold=True, align="center", text_wrap=True, border=1, bg_color="#EDEDED"
        )
        for column, text in enumerate(layout.HEADINGS):
            sheet.write_string(layout.HEADER_ROW, column, text, heading)
        sheet.set_row(layout.HEADER_ROW, 34)

    def body(self, form: Form, columns: tuple[Mapping[str, Cell], ...]) -> None:
        number = 0
        for section in form.sections:
            self._section(section)
            for measure in section.measures:
                number += 1
                self._measure(number, measure, columns)
        self._finish()

    def _section(self, section: Section) -> None:
        look = self.look(bold=True, border=1, bg_color="#F7F7F7", indent=1)
        self.sheet.set_row(self.row, ROW_HEIGHT)
        last = layout.SAME_PERIOD
        self.sheet.merge_range(self.row, 0, self.row, last, section.label, look)
        self.row += 1

    def _measure(
        self, number: int, measure: Measure, columns: tuple[Mapping[str, Cell], ...]
    ) -> None:
        sheet, row = self.sheet, self.row
        sheet.set_row(row, ROW_HEIGHT * (1 + len(measure.label) // LABEL_LETTERS))
        centre = self.look(border=1, align="center")
        sheet.write_number(row, layout.NUMBER, number, centre)
        label = self.look(border=1, text_wrap=True, indent=1)
        sheet.write_string(row, layout.LABEL, measure.label, label)
        sheet.write_string(row, layout.MEASURE_UNIT, measure.measure_unit, centre)
        shown = layout.number_format(measure.decimals)
        entry = self.look(
            border=1,
            align="right",
            indent=1,
            num_format=shown,
            locked=False,
            bg_color=INPUT_COLOUR,
        )
        other = self.look(
            border=1, align="right", indent=1, num_format=shown, font_color="#555555"
        )
        for column, cells in enumerate(columns, start=layout.VALUE):
            look = entry if column == layout.VALUE else other
            put(sheet, row, column, cells.get(measure.key, MISSING), look)
        place = layout.place(row, layout.VALUE)
        sheet.data_validation(place, validation(measure, place))
        sheet.write_string(row, layout.KEY, measure.key)
        self.row += 1

    def _finish(self) -> None:
        sheet = self.sheet
        sheet.protect(options={"format_columns": True, "format_rows": True})
        sheet.freeze_panes(layout.FIRST_ROW, layout.MEASURE_UNIT)
        sheet.set_selection(layout.place(layout.FIRST_ROW + 1, layout.VALUE))
        sheet.set_paper(9)  # A4
        sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
        sheet.repeat_rows(layout.HEADER_ROW)
        sheet.print_area(layout.TITLE_ROW, 0, self.row - 1, layout.SAME_PERIOD)
        sheet.set_footer("&C&P/&N")
