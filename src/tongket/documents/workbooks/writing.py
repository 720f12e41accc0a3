"""How is the form of a unit written, to look like the paper and come back whole?"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from tongket.documents.workbooks import layout, sums
from tongket.documents.workbooks.hints import remedies, validation
from tongket.documents.workbooks.identity import identity
from tongket.domain.checks import Rule
from tongket.domain.figures import MISSING, Cell
from tongket.domain.forms import Form, Measure, Section
from tongket.domain.periods import Period
from tongket.domain.units import UnitVersion

FONT = "Times New Roman"
WIDTHS = (6, 44, 12, 12, 12, 12, 24, 4, 50)
ROW_HEIGHT = 20
LABEL_LETTERS = 42  # as many stand in one line of the column "Chỉ tiêu"
INPUT_COLOUR = "#FFF9E5"
BROKEN_COLOUR, BROKEN_INK = "#F8CBC6", "#8E1B10"
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_SHEET_NAME = 31  # letters that Excel allows


@dataclass(frozen=True, slots=True)
class Filling:
    """What the sheet of one unit is filled with.

    `unit_label` tells the unit with those above it; `previous` and `same_period` stand
    beside the input for comparison and are locked.
    """

    unit: UnitVersion
    unit_label: str
    cells: Mapping[str, Cell] = field(default_factory=dict)
    previous: Mapping[str, Cell] = field(default_factory=dict)
    same_period: Mapping[str, Cell] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)


def write(
    target: Path | BinaryIO,
    *,
    form: Form,
    period: Period,
    filling: Filling,
    rules: Iterable[Rule] = (),
) -> None:
    """Write the workbook of one return; what is not filled stays blank to be typed."""
    book = begin(target, form, period)
    page = Page(book, book.add_worksheet(layout.SHEET), form, rules)
    page.write(period, filling)
    add_help(book)
    book.close()


def write_sheets(
    target: Path | BinaryIO,
    *,
    form: Form,
    period: Period,
    fillings: Iterable[Filling],
    rules: Iterable[Rule] = (),
) -> None:
    """Write one workbook with a sheet for each unit, called by the unit's name."""
    book, kept = begin(target, form, period), tuple(rules)
    looks: dict[str, Any] = {}
    names: set[str] = set()
    for filling in fillings:
        name = _sheet_name(filling.unit, names)
        names.add(name.casefold())
        page = Page(book, book.add_worksheet(name), form, kept, looks)
        page.write(period, filling)
    add_help(book)
    book.close()


def _sheet_name(unit: UnitVersion, taken: set[str]) -> str:
    name = _NOT_IN_NAMES.sub(" ", unit.name)[:_SHEET_NAME].strip()
    if name.casefold() in taken:
        name = f"{unit.code} {name}"[:_SHEET_NAME]
    return name if name.casefold() not in taken else unit.unit[-_SHEET_NAME:]


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
    sheet.fit_to_pages(1, 0)
    sheet.set_paper(9)  # A4
    sheet.protect()


def put(sheet: Any, row: int, column: int, cell: Cell, look: Any) -> None:
    """Write an answer: a number as number, the kinds of nothing as their sign."""
    value = layout.content(cell)
    if isinstance(value, float):
        sheet.write_number(row, column, value, look)
    elif value:
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_blank(row, column, None, look)


def _noon(period: Period) -> dt.datetime:
    return dt.datetime.combine(period.end, dt.time(12))


class Page:
    """The sheet of one unit being written; the sheets of a book share `looks`."""

    def __init__(
        self,
        book: Any,
        sheet: Any,
        form: Form,
        rules: Iterable[Rule],
        looks: dict[str, Any] | None = None,
    ) -> None:
        self.book, self.sheet, self.form = book, sheet, form
        self.rules = [rule for rule in rules if rule.form == form.key]
        self.remedies = remedies(form, self.rules)
        self.looks = {} if looks is None else looks
        self.row = layout.FIRST_ROW
        self.places: dict[str, str] = {}

    def write(self, period: Period, filling: Filling) -> None:
        """Write head, rows and conditions, and lock all but the input."""
        self._identity(period, filling)
        self._head(period, filling)
        number = 0
        for section in self.form.sections:
            self._section(section)
            for measure in section.measures:
                number += 1
                self._measure(number, measure, filling)
        self._conditions()
        self._finish()

    def look(self, **properties: Any) -> Any:
        """Return a format; the same one for the same properties."""
        key = repr(sorted(properties.items()))
        if key not in self.looks:
            base = {"font_name": FONT, "font_size": 12, "valign": "vcenter"}
            self.looks[key] = self.book.add_format({**base, **properties})
        return self.looks[key]

    def _identity(self, period: Period, filling: Filling) -> None:
        stated = identity(self.form, filling.unit.unit, period, filling.cells)
        for column, text in enumerate(stated.row()):
            self.sheet.write_string(layout.MACHINE_ROW, column, text)
        self.sheet.set_row(layout.MACHINE_ROW, None, None, {"hidden": True})

    def _head(self, period: Period, filling: Filling) -> None:
        sheet, last = self.sheet, layout.EXPLANATION
        for column, width in enumerate(WIDTHS):
            hidden = {"hidden": column in (layout.KEY, layout.REMEDY)}
            sheet.set_column(column, column, width, None, hidden)
        title = self.look(bold=True, font_size=14, align="center", text_wrap=True)
        middle = self.look(align="center", italic=True)
        hint = self.look(italic=True, font_size=11, text_wrap=True, valign="top")
        for row, text, look in (
            (layout.TITLE_ROW, self.form.label.upper(), title),
            (layout.UNIT_ROW, f"Đơn vị báo cáo: {filling.unit_label}", middle),
            (layout.PERIOD_ROW, f"Kỳ báo cáo: {period}", middle),
            (layout.HINT_ROW, layout.HINT, hint),
        ):
            sheet.merge_range(row, 0, row, last, text, look)
        sheet.set_row(layout.TITLE_ROW, 30)
        sheet.set_row(layout.HINT_ROW, 32)
        heading = self.look(
            bold=True, align="center", text_wrap=True, border=1, bg_color="#EDEDED"
        )
        for column, text in enumerate(layout.HEADINGS):
            sheet.write_string(layout.HEADER_ROW, column, text, heading)
        sheet.set_row(layout.HEADER_ROW, 34)

    def _section(self, section: Section) -> None:
        look = self.look(bold=True, border=1, bg_color="#F7F7F7", indent=1)
        self.sheet.set_row(self.row, ROW_HEIGHT)
        last = layout.EXPLANATION
        self.sheet.merge_range(self.row, 0, self.row, last, section.label, look)
        self.row += 1

    def _measure(self, number: int, measure: Measure, filling: Filling) -> None:
        sheet, row = self.sheet, self.row
        sheet.set_row(row, ROW_HEIGHT * (1 + len(measure.label) // LABEL_LETTERS))
        centre = self.look(border=1, align="center")
        sheet.write_number(row, layout.NUMBER, number, centre)
        label = self.look(border=1, text_wrap=True, indent=1)
        sheet.write_string(row, layout.LABEL, measure.label, label)
        if measure.note:
            sheet.write_comment(row, layout.LABEL, measure.note, NOTE)
        sheet.write_string(row, layout.MEASURE_UNIT, measure.measure_unit, centre)
        self._answers(measure, filling)
        words = self.look(
            border=1, text_wrap=True, font_size=11, locked=False, bg_color=INPUT_COLOUR
        )
        told = filling.explanations.get(measure.key, "")
        sheet.write_string(row, layout.EXPLANATION, told, words)
        sheet.write_string(row, layout.KEY, measure.key)
        self.row += 1

    def _answers(self, measure: Measure, filling: Filling) -> None:
        sheet, row = self.sheet, self.row
        shown: dict[str, Any] = {
            "border": 1,
            "align": "right",
            "indent": 1,
            "num_format": layout.number_format(measure.decimals),
        }
        entry = self.look(**shown, locked=False, bg_color=INPUT_COLOUR)
        other = self.look(**shown, font_color="#555555")
        for column, cells, look in (
            (layout.VALUE, filling.cells, entry),
            (layout.PREVIOUS, filling.previous, other),
            (layout.SAME_PERIOD, filling.same_period, other),
        ):
            put(sheet, row, column, cells.get(measure.key, MISSING), look)
        place = layout.place(row, layout.VALUE)
        self.places[measure.key] = place
        told = self.remedies.get(measure.key, "")
        sheet.data_validation(place, validation(measure, place, told))

    def _conditions(self) -> None:
        look = self.book.add_format({"bg_color": BROKEN_COLOUR, "color": BROKEN_INK})
        fixed = {key: f"${place[0]}${place[1:]}" for key, place in self.places.items()}
        for rule in self.rules:
            criteria = sums.broken(rule, fixed)
            if criteria:
                for measure in sums.marked(rule):
                    condition = {"type": "formula", "criteria": criteria}
                    place = self.places[measure]
                    self.sheet.conditional_format(place, {**condition, "format": look})

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
        sheet.print_area(layout.TITLE_ROW, 0, self.row - 1, layout.EXPLANATION)
        sheet.set_footer("&C&P/&N")


NOTE = {"author": "tongket", "font_name": FONT, "font_size": 11, "x_scale": 2}
