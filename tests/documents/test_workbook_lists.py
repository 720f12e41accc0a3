"""Does the list of a whole district come back, each row under the right unit?"""

import io
from typing import Any

import openpyxl
import pytest
from tests.documents.form_sample import FORM, OTHER, PERIOD, TOP, TWIN, UNIT, UNITS

from tongket.documents import workbooks
from tongket.documents.workbooks import layout, refused
from tongket.domain.figures import MISSING, NIL, NOT_APPLICABLE, reported
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


def test_a_list_written_empty_is_read_back_as_not_yet_reported():
    buffer = io.BytesIO()
    workbooks.write_many(buffer, form=FORM, period=PERIOD, units=[UNIT, OTHER])
    sheets = read_list(buffer.getvalue())
    assert [sheet.unit for sheet in sheets] == [UNIT.unit, OTHER.unit]
    assert all(cell == MISSING for sheet in sheets for cell in sheet.cells.values())


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
    start = "Trang “Danh sách”, dòng 3, cột “Số vụ phạm pháp hình sự” (Xã Đồng Sơn): "
    assert str(found).startswith(start)


def test_a_list_without_a_column_for_units_is_refused():
    (found,) = list_refusals(a_list(heading=("STT", "Số liệu")))
    assert isinstance(found, refused.NoUnitColumn)
    book = openpyxl.Workbook()
    book.active.title = layout.LIST_SHEET
    buffer = io.BytesIO()
    book.save(buffer)
    (found,) = list_refusals(buffer.getvalue())
    assert isinstance(found, refused.NoUnitColumn)
