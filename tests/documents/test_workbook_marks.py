"""Does a workbook go back with every mistake at its cell, and nothing of it changed?"""

import io
from typing import Any

import openpyxl
from tests.documents.form_sample import CELLS, FORM, OTHER, PERIOD, UNIT, UNITS
from tests.documents.test_workbooks import changed, filled, read, written

from tongket.documents import workbooks
from tongket.documents.workbooks import Mark, Seen, layout
from tongket.domain.figures import MISSING, reported

RED, AMBER, INPUT = "FFF4A79D", "FFFFD98A", "FFFFF9E5"


def wrong() -> bytes:
    def change(sheet: Any) -> None:
        sheet["D9"], sheet["D10"], sheet["K3"] = "abc", 6.5, "ghi chú riêng"

    return changed(written(), change, layout.SHEET)


def marks_of(content: bytes) -> list[Mark]:
    (answers,) = workbooks.contents(content, forms=[FORM], period=PERIOD, units=UNITS)
    return [
        Mark(each.sheet, each.row, each.column, str(each.refusal))
        for each in answers.wrong
    ]


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))[layout.SHEET]


def test_a_wrong_cell_is_red_with_the_sentence_in_a_note_and_in_its_row():
    sheet = sheet_of(workbooks.mark(wrong(), marks=marks_of(wrong())))
    assert sheet["D9"].fill.fgColor.rgb == RED
    assert "“abc” không phải là số" in sheet["D9"].comment.text
    assert "“abc” không phải là số" in sheet["I9"].value
    assert not sheet.column_dimensions["I"].hidden
    assert sheet["D10"].fill.fgColor.rgb == INPUT
    assert sheet["I10"].value is None


def test_everything_that_was_typed_stays_as_it_was_typed():
    before, after = sheet_of(wrong()), sheet_of(workbooks.mark(wrong(), marks=[]))
    assert {c.coordinate: c.value for row in before for c in row} == {
        c.coordinate: c.value for row in after for c in row
    }
    marked = sheet_of(workbooks.mark(wrong(), marks=marks_of(wrong())))
    assert (marked["D9"].value, marked["D10"].value) == ("abc", 6.5)
    assert marked["K3"].value == "ghi chú riêng"
    assert marked.protection.sheet
    assert not marked["D9"].protection.locked
    assert len(marked.data_validations.dataValidation) == 4
    assert len(marked.conditional_formatting) == 2


def test_a_marked_workbook_that_was_put_right_is_read():
    marked = workbooks.mark(wrong(), marks=marks_of(wrong()))
    right = changed(marked, lambda sheet: sheet.__setitem__("D9", 12), layout.SHEET)
    assert read(right).cells == {
        **CELLS, "cases": reported(12), "damage": reported("6.5")
    }  # fmt: skip


def test_marks_of_an_earlier_reading_are_taken_away():
    marked = workbooks.mark(wrong(), marks=marks_of(wrong()))
    right = changed(marked, lambda sheet: sheet.__setitem__("D9", 12), layout.SHEET)
    warned = Mark(layout.SHEET, 9, 3, "Giải trình.", must_fix=False)
    sheet = sheet_of(workbooks.mark(right, marks=[warned]))
    assert (sheet["D9"].fill.fgColor.rgb, sheet["D9"].comment) == (INPUT, None)
    assert sheet["I9"].value is None
    assert sheet["D10"].fill.fgColor.rgb == AMBER
    assert sheet["B10"].comment.text == "Theo kết quả xác minh."


def test_what_has_no_cell_is_told_at_the_top():
    gone = Mark(layout.SHEET, -1, -1, "Thiếu chỉ tiêu.")
    sheet = sheet_of(workbooks.mark(wrong(), marks=[gone, gone]))
    assert sheet["I6"].value == "Thiếu chỉ tiêu.\nThiếu chỉ tiêu."


def test_a_list_is_marked_in_the_row_of_each_unit():
    buffer = io.BytesIO()
    fillings = [filled(unit, CELLS) for unit in (UNIT, OTHER)]
    workbooks.write_many(buffer, form=FORM, period=PERIOD, fillings=fillings)
    content = changed(
        buffer.getvalue(), lambda s: s.__setitem__("F9", "abc"), layout.LIST_SHEET
    )
    first, second = workbooks.contents(
        content, forms=[FORM], period=PERIOD, units=UNITS
    )
    assert first.is_right
    (mistake,) = second.wrong
    mark = Mark(mistake.sheet, mistake.row, mistake.column, str(mistake.refusal))
    seen = Seen(layout.LIST_SHEET, second.list_row, workbooks.seen_text(FORM, {}))
    marked = workbooks.mark(content, marks=[mark], seen=[seen])
    sheet = openpyxl.load_workbook(io.BytesIO(marked))[layout.LIST_SHEET]
    assert sheet["F9"].fill.fgColor.rgb == RED
    assert "Xã Tân Mỹ, Số vụ phạm pháp hình sự" in sheet["K9"].value
    again = workbooks.contents(marked, forms=[FORM], period=PERIOD, units=UNITS)
    assert again[0].seen == CELLS
    assert set(again[1].seen.values()) == {MISSING}


def test_a_marked_workbook_remembers_what_the_return_holds_by_now():
    seen = Seen(layout.SHEET, -1, workbooks.seen_text(FORM, {"cases": reported(7)}))
    marked = workbooks.mark(written(), marks=[], seen=[seen])
    (answers,) = workbooks.contents(marked, forms=[FORM], period=PERIOD, units=UNITS)
    assert answers.seen["cases"] == reported(7)
    assert answers.seen["rate"] == MISSING
