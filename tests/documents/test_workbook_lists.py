"""Does the list of a whole district come back, each row under the right unit?"""

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.form_sample import (
    CELLS,
    FORM,
    OTHER,
    PERIOD,
    RULES,
    TOP,
    TWIN,
    UNIT,
    UNITS,
)
from tests.documents.test_workbooks import a_cell

from tongket.documents import workbooks
from tongket.documents.workbooks import layout, refused
from tongket.domain.figures import MISSING, NIL, NOT_APPLICABLE, Cell, reported
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import Tree


def a_list(*rows: tuple[Any, ...], heading: tuple[Any, ...] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = layout.LIST_SHEET
    sheet.append(["Danh sách báo cáo"])
    labels = [measure.label for measure in FORM.measures]
    sheet.append(heading or ["TT", "Mã xã", "Đơn vị", *labels, "Ghi chú"])
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_list(content: bytes, units: Tree = UNITS) -> list[workbooks.Sheet]:
    return workbooks.read_many(content, form=FORM, period=PERIOD, units=units)


def list_refusals(content: bytes, units: Tree = UNITS) -> list[Refusal]:
    with pytest.raises(Refusals) as found:
        read_list(content, units)
    return list(found.value.refusals)


def district(**cells: dict[str, Cell]) -> bytes:
    buffer = io.BytesIO()
    fillings = [
        workbooks.Filling(
            unit,
            unit.name,
            cells.get(unit.code[-2:], {}),
            previous={"cases": reported(16)},
            same_period={"cases": reported(17)},
        )
        for unit in (UNIT, OTHER)
    ]
    workbooks.write_many(
        buffer, form=FORM, period=PERIOD, fillings=fillings, rules=RULES
    )
    return buffer.getvalue()


def test_a_list_written_empty_is_read_back_as_not_yet_reported():
    sheets = read_list(district())
    assert [sheet.unit for sheet in sheets] == [UNIT.unit, OTHER.unit]
    assert all(cell == MISSING for sheet in sheets for cell in sheet.cells.values())


def test_a_list_comes_back_with_what_it_was_filled_with():
    first, second = read_list(district(**{"01": CELLS, "96": {"cases": NIL}}))
    assert first.cells == CELLS
    assert second.cells["cases"] == NIL


def test_a_list_lets_only_answers_be_typed_and_shows_the_periods_before():
    book = openpyxl.load_workbook(io.BytesIO(district()))
    assert book.sheetnames == [
        layout.LIST_SHEET,
        layout.PREVIOUS_SHEET,
        layout.SAME_PERIOD_SHEET,
        layout.HELP_SHEET,
    ]
    sheet = book[layout.LIST_SHEET]
    open_cells = {
        cell.coordinate for row in sheet for cell in row if not cell.protection.locked
    }
    assert open_cells == {f"{letter}{row}" for letter in "FGHIJ" for row in (8, 9)}
    rules = {str(each.sqref) for each in sheet.data_validations.dataValidation}
    assert rules == {f"{letter}8:{letter}9" for letter in "FGHI"}
    conditions = {str(each.sqref) for each in sheet.conditional_formatting}
    assert conditions == {"F8:F9", "H8:H9"}
    assert all(book[name].protection.sheet for name in book.sheetnames)
    assert book[layout.PREVIOUS_SHEET]["F8"].value == 16
    assert book[layout.SAME_PERIOD_SHEET]["F9"].value == 17


def test_a_list_of_another_period_is_refused():
    content, later = district(), replace(PERIOD, number=PERIOD.number + 1)
    with pytest.raises(Refusals) as found:
        workbooks.read_many(content, form=FORM, period=later, units=UNITS)
    (refusal,) = found.value.refusals
    assert isinstance(refusal, refused.OtherPeriod)


def test_columns_of_a_list_that_were_moved_are_found_by_their_names():
    book = openpyxl.load_workbook(io.BytesIO(district(**{"01": CELLS})))
    sheet = book[layout.LIST_SHEET]
    for row in sheet.iter_rows(min_row=4, max_row=9):
        row[5].value, row[7].value = row[7].value, row[5].value
    buffer = io.BytesIO()
    book.save(buffer)
    assert read_list(buffer.getvalue())[0].cells == CELLS


def test_a_row_whose_name_is_another_unit_s_is_refused():
    book = openpyxl.load_workbook(io.BytesIO(district()))
    sheet = book[layout.LIST_SHEET]
    for letter in "BC":
        sheet[f"{letter}8"], sheet[f"{letter}9"] = (
            sheet[f"{letter}9"].value,
            sheet[f"{letter}8"].value,
        )
    buffer = io.BytesIO()
    book.save(buffer)
    found = list_refusals(buffer.getvalue())
    assert [type(each) for each in found] == [refused.UnitMoved] * 2
    assert "ghi “Xã Tân Mỹ” nhưng dòng này là của Xã Đồng Sơn" in str(found[0])


def test_a_workbook_with_a_sheet_for_each_unit_gives_them_all_back():
    buffer = io.BytesIO()
    twin = replace(OTHER, unit="bg-twin", code="07998")
    units = Tree(PERIOD.start, [TOP, UNIT, OTHER, twin])
    workbooks.write_sheets(
        buffer,
        form=FORM,
        period=PERIOD,
        fillings=[workbooks.Filling(u, u.name, CELLS) for u in (UNIT, OTHER, twin)],
    )
    found = read_list(buffer.getvalue(), units)
    assert [sheet.unit for sheet in found] == [UNIT.unit, OTHER.unit, "bg-twin"]
    assert all(sheet.cells == CELLS for sheet in found)
    names = openpyxl.load_workbook(io.BytesIO(buffer.getvalue())).sheetnames
    assert names == ["Xã Đồng Sơn", "Xã Tân Mỹ", "07998 Xã Tân Mỹ", layout.HELP_SHEET]


def test_a_list_finds_units_by_code_or_by_name_and_skips_totals():
    content = a_list(
        (1, "07201", None, 5, "1,5", "-", "x", "đúng"),
        (2, None, "XÃ TÂN MỸ", 7, 2, 0, None),
        (None, None, None),
        (None, None, "Tổng cộng", 12, 3.5, 0, None),
    )
    first, second = read_list(content)
    assert (first.unit, second.unit) == (UNIT.unit, OTHER.unit)
    assert first.cells == {
        "cases": reported(5),
        "damage": reported("1.5"),
        "accidents": NIL,
        "rate": NOT_APPLICABLE,
    }
    assert second.cells["rate"] == MISSING


def test_a_list_by_names_alone_or_by_codes_alone_is_enough():
    labels = [measure.label for measure in FORM.measures]
    for column, stated in (("Tên đơn vị", "Xã Đồng Sơn"), ("Mã đơn vị", "07201")):
        (sheet,) = read_list(a_list((stated, 1, 2, 3, 4), heading=(column, *labels)))
        assert sheet.unit == UNIT.unit


def test_a_list_names_every_unit_it_does_not_know_with_its_row():
    units = Tree(PERIOD.start, [TOP, UNIT, OTHER, TWIN])
    content = a_list(
        (1, None, "Xã Không Có", 1, 1, 1, 1),
        (2, None, "Xã Tân Mỹ", 1, 1, 1, 1),
        (3, "24", None, 1, 1, 1, 1),
        (4, "07201", None, 1, 1, 1, 1),
        (5, None, "Xã Đồng Sơn", 1, 1, 1, 1),
    )
    found = list_refusals(content, units)
    assert [type(each) for each in found] == [
        refused.UnitNotListed,
        refused.SeveralUnits,
        refused.UnitOfOtherKind,
        refused.UnitTwice,
    ]
    assert [each.sentence.values["row"] for each in found] == [3, 4, 5, 7]
    assert "(07696, 07999)" in str(found[1])
    assert "đã có ở dòng 6" in str(found[3])


def test_a_code_that_excel_made_a_number_is_refused_as_it_is_seen():
    (found,) = list_refusals(a_list((1, 7201, None, 1, 1, 1, 1)))
    assert "không có đơn vị “7201”" in str(found)


def test_a_list_names_every_wrong_column():
    labels = [measure.label for measure in FORM.measures]
    heading = ("Mã đơn vị", labels[0], labels[0], "Số vụ cháy", labels[2], labels[3])
    found = list_refusals(a_list(("07201", 1, 1, 1, 1, 1), heading=heading))
    assert [type(each) for each in found] == [
        refused.MeasureTwice,
        refused.UnknownColumn,
        refused.MeasureGone,
    ]
    assert "ô D2: cột “Số vụ cháy”" in str(found[1])


def test_a_list_names_the_unit_and_measure_of_a_wrong_answer():
    (found,) = list_refusals(a_list((1, "07201", None, "abc", 1, 1, 1)))
    start = "Trang “Danh sách”, ô D3 (Xã Đồng Sơn, Số vụ phạm pháp hình sự): "
    assert str(found).startswith(start)


def test_a_list_of_its_own_without_a_column_for_units_is_no_form_of_ours():
    (found,) = list_refusals(a_list(heading=("STT", "Số liệu")))
    assert isinstance(found, refused.NotOurForm)
    book = openpyxl.load_workbook(io.BytesIO(district()))
    book[layout.LIST_SHEET]["B6"] = book[layout.LIST_SHEET]["C6"] = None
    buffer = io.BytesIO()
    book.save(buffer)
    (found,) = list_refusals(buffer.getvalue())
    assert isinstance(found, refused.NoUnitColumn)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({m.key: a_cell(m.decimals) for m in FORM.measures}),
        min_size=2,
        max_size=2,
    )
)
def test_any_answers_of_a_list_come_back_exactly(answers):
    buffer = io.BytesIO()
    fillings = [
        workbooks.Filling(unit, unit.name, cells)
        for unit, cells in zip((UNIT, OTHER), answers, strict=True)
    ]
    workbooks.write_many(buffer, form=FORM, period=PERIOD, fillings=fillings)
    found = workbooks.contents(
        buffer.getvalue(), forms=[FORM], period=PERIOD, units=UNITS
    )
    assert [each.cells for each in found] == answers
    assert [each.seen for each in found] == answers
