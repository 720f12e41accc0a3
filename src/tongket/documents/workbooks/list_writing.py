"""How is the list of a whole district written, one unit a row and one measure a column?

Beside the sheet that is filled in stand two of the same shape with what the units
reported for the period before and for the same period of the year before.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from tongket.documents.workbooks import layout, sums
from tongket.documents.workbooks.hints import remedies, validation
from tongket.documents.workbooks.identity import EVERYBODY, identity, seen_text
from tongket.documents.workbooks.listing import EVERYTHING, KEY_HEADING, SEEN_HEADING
from tongket.documents.workbooks.writing import (
    BROKEN_COLOUR,
    BROKEN_INK,
    FONT,
    INPUT_COLOUR,
    NOTE,
    Filling,
    add_help,
    begin,
    put,
)
from tongket.domain.checks import Rule
from tongket.domain.figures import MISSING, Cell
from tongket.domain.forms import Form, Measure
from tongket.domain.periods import Period

_BORDERED = {"border": 1, "font_name": FONT, "font_size": 12, "valign": "vcenter"}
_MEASURE_WIDTH, _WORDS_WIDTH = 13, 30


def write_many(
    target: Path | BinaryIO,
    *,
    form: Form,
    period: Period,
    fillings: Iterable[Filling],
    rules: Iterable[Rule] = (),
) -> None:
    """Write a list of these units, to be filled in and sent back."""
    book, kept = begin(target, form, period), tuple(fillings)
    sheet = book.add_worksheet(layout.LIST_SHEET)
    table = _Table(book, sheet, form, is_input=True)
    table.head(period, f"{form.label}, {period}", layout.LIST_HINT)
    table.rows(kept, {each.unit.unit: each.cells for each in kept})
    table.hints_and_conditions(len(kept), [r for r in rules if r.form == form.key])
    for name, cells in (
        (layout.PREVIOUS_SHEET, {each.unit.unit: each.previous for each in kept}),
        (layout.SAME_PERIOD_SHEET, {each.unit.unit: each.same_period for each in kept}),
    ):
        table = _Table(book, book.add_worksheet(name), form, is_input=False)
        table.head(period, f"{form.label}: {name.lower()}", "Chỉ để đối chiếu.")
        table.rows(kept, cells)
    add_help(book)
    book.close()


class _Table:
    """One sheet of a list being written; only the first of a book takes input."""

    def __init__(self, book: Any, sheet: Any, form: Form, *, is_input: bool) -> None:
        self.book, self.sheet, self.form, self.is_input = book, sheet, form, is_input
        self.words = layout.LIST_BESIDE + len(form.measures)
        self.remedy = self.words + 1

    def _look(self, **properties: Any) -> Any:
        return self.book.add_format({**_BORDERED, **properties})

    def head(self, period: Period, title: str, hint: str) -> None:
        """Write what stands above the units, and how the sheet is seen and printed."""
        sheet = self.sheet
        if self.is_input:
            stated = identity(self.form, EVERYBODY, period, {})
            for column, text in enumerate(stated.row()[:-1]):
                sheet.write_string(layout.MACHINE_ROW, column, text)
        bold = self.book.add_format({"bold": True, "font_name": FONT, "font_size": 14})
        italic = self.book.add_format({"italic": True, "font_name": FONT})
        sheet.write_string(layout.TITLE_ROW, 0, title, bold)
        sheet.write_string(layout.UNIT_ROW, 0, hint, italic)
        for row in (layout.MACHINE_ROW, layout.LIST_KEYS_ROW):
            sheet.set_row(row, None, None, {"hidden": True})
        self._headings()
        self._columns()
        first = layout.LIST_FIRST
        sheet.freeze_panes(first, layout.LIST_BESIDE)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4: a wide list goes over several pages, names on each
        sheet.set_print_scale(70)
        sheet.repeat_columns(layout.LIST_NUMBER, layout.LIST_NAME)
        sheet.repeat_rows(layout.LIST_SECTION_ROW, layout.LIST_UNIT_ROW)
        sheet.set_footer("&C&P/&N")
        sheet.protect(options={"format_columns": True, "format_rows": True})

    def _headings(self) -> None:
        sheet, header = self.sheet, layout.LIST_HEADER
        shown = {"text_wrap": True, "align": "center", "bg_color": "#EDEDED"}
        heading = self._look(bold=True, **shown)
        small = self._look(italic=True, **{**shown, "font_size": 11})
        beside = ("STT", layout.CODE, layout.NAME, KEY_HEADING, SEEN_HEADING)
        for column, text in enumerate(beside):
            sheet.write_string(header, column, text, heading)
            sheet.write_blank(layout.LIST_UNIT_ROW, column, None, small)
        column = layout.LIST_BESIDE
        for section in self.form.sections:
            self._section(section.label, column, len(section.measures), heading)
            for measure in section.measures:
                sheet.write_string(layout.LIST_KEYS_ROW, column, measure.key)
                sheet.write_string(header, column, measure.label, heading)
                unit = measure.measure_unit
                sheet.write_string(layout.LIST_UNIT_ROW, column, unit, small)
                if measure.note:
                    sheet.write_comment(header, column, measure.note, NOTE)
                column += 1
        if self.is_input:
            for last, text in (
                (self.words, layout.HEADINGS[layout.EXPLANATION]),
                (self.remedy, layout.HEADINGS[layout.REMEDY]),
            ):
                sheet.write_string(header, last, text, heading)
                sheet.write_blank(layout.LIST_UNIT_ROW, last, None, small)
        sheet.set_row(header, 96)

    def _section(self, label: str, column: int, count: int, look: Any) -> None:
        row = layout.LIST_SECTION_ROW
        if count == 1:
            self.sheet.write_string(row, column, label, look)
        elif count:
            self.sheet.merge_range(row, column, row, column + count - 1, label, look)
        self.sheet.set_row(row, 34)

    def _columns(self) -> None:
        sheet, hidden = self.sheet, {"hidden": True}
        sheet.set_column(layout.LIST_NUMBER, layout.LIST_NUMBER, 6)
        sheet.set_column(layout.LIST_CODE, layout.LIST_CODE, 12)
        sheet.set_column(layout.LIST_NAME, layout.LIST_NAME, 28)
        sheet.set_column(layout.LIST_KEY, layout.LIST_SEEN, 4, None, hidden)
        sheet.set_column(layout.LIST_BESIDE, self.words - 1, _MEASURE_WIDTH)
        if self.is_input:
            sheet.set_column(self.words, self.words, _WORDS_WIDTH)
            sheet.set_column(self.remedy, self.remedy, 2 * _WORDS_WIDTH, None, hidden)

    def rows(
        self, fillings: Sequence[Filling], cells: Mapping[str, Mapping[str, Cell]]
    ) -> None:
        """Write a row for each unit with the answers given."""
        text, entries = self._look(num_format="@"), self._entries()
        words = self._look(text_wrap=True, locked=False, bg_color=INPUT_COLOUR)
        for row, filling in enumerate(fillings, start=layout.LIST_FIRST):
            held = cells[filling.unit.unit]
            number = row - layout.LIST_FIRST + 1
            self.sheet.write_number(row, layout.LIST_NUMBER, number, text)
            self.sheet.write_string(row, layout.LIST_CODE, filling.unit.code, text)
            self.sheet.write_string(row, layout.LIST_NAME, filling.unit.name, text)
            for place, measure in enumerate(self.form.measures):
                column = layout.LIST_BESIDE + place
                cell = held.get(measure.key, MISSING)
                put(self.sheet, row, column, cell, entries[place])
            if self.is_input:
                self.sheet.write_string(row, layout.LIST_KEY, filling.unit.unit)
                seen = seen_text(self.form, held)
                self.sheet.write_string(row, layout.LIST_SEEN, seen)
                told = filling.explanations.get(EVERYTHING, "")
                self.sheet.write_string(row, self.words, told, words)

    def _entries(self) -> list[Any]:
        open_to_input = {"locked": False, "bg_color": INPUT_COLOUR}
        kind = open_to_input if self.is_input else {"font_color": "#555555"}
        return [
            self._look(num_format=layout.number_format(measure.decimals), **kind)
            for measure in self.form.measures
        ]

    def hints_and_conditions(self, count: int, rules: Sequence[Rule]) -> None:
        """Let Excel refuse what is no answer, and turn red what does not agree."""
        if not count:
            return
        told = remedies(self.form, rules)
        for place, measure in enumerate(self.form.measures):
            self._hint(layout.LIST_BESIDE + place, measure, count, told)
        look = self.book.add_format({"bg_color": BROKEN_COLOUR, "color": BROKEN_INK})
        columns = {
            measure.key: layout.LIST_BESIDE + place
            for place, measure in enumerate(self.form.measures)
        }
        first, last = layout.LIST_FIRST, layout.LIST_FIRST + count - 1
        places = {
            key: f"${layout.place(first, column)}" for key, column in columns.items()
        }
        for rule in rules:
            criteria = sums.broken(rule, places)
            for key in sums.marked(rule) if criteria else ():
                column = columns[key]
                condition = {"type": "formula", "criteria": criteria, "format": look}
                self.sheet.conditional_format(first, column, last, column, condition)

    def _hint(
        self, column: int, measure: Measure, count: int, told: Mapping[str, str]
    ) -> None:
        first, last = layout.LIST_FIRST, layout.LIST_FIRST + count - 1
        place = layout.place(first, column)
        rule = validation(measure, place, told.get(measure.key, ""))
        self.sheet.data_validation(first, column, last, column, rule)
