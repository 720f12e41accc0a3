"""Does a return come back from Excel unchanged, or with one sentence per mistake?"""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
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
    SOURCE,
    TOP,
    UNIT,
    UNITS,
)

from tongket.documents import workbooks
from tongket.documents.workbooks import hints, layout, opening, refused
from tongket.domain import figures
from tongket.domain.figures import MISSING, NIL, NOT_APPLICABLE, Cell, reported
from tongket.domain.forms import Measure
from tongket.domain.periods import Frequency, Regime
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import UnitVersion

# Where the measures stand: a row for each, under the headings of their sections.
ROWS = {"cases": 9, "damage": 10, "accidents": 12, "rate": 13}


def written(cells: dict[str, Cell] | None = None, **other: Any) -> bytes:
    buffer = io.BytesIO()
    filling = filled(UNIT, CELLS if cells is None else cells)
    asked = {"form": FORM, "period": PERIOD, "filling": filling, "rules": RULES}
    workbooks.write(buffer, **{**asked, **other})
    return buffer.getvalue()


def filled(unit: UnitVersion, cells: dict[str, Cell]) -> workbooks.Filling:
    return workbooks.Filling(
        unit,
        f"{unit.name}, thành phố Bắc Giang",
        cells,
        previous={"cases": reported(1600), "rate": NOT_APPLICABLE},
        same_period={"cases": reported(1700)},
        explanations={"cases": "Đã rà soát."},
    )


def read(content: Any, **other: Any) -> workbooks.Sheet:
    return workbooks.read(
        content, **{"form": FORM, "period": PERIOD, "units": UNITS, **other}
    )


def changed(content: bytes, change: Callable[[Any], object], sheet: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book[sheet])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_cell(place: str, value: object) -> bytes:
    def change(sheet: Any) -> None:
        sheet[place] = value

    return changed(written(), change, layout.SHEET)


def refusals(content: Any, **other: Any) -> list[Refusal]:
    with pytest.raises(Refusals) as found:
        read(content, **other)
    return list(found.value.refusals)


def test_what_was_written_is_read_back():
    assert read(written()) == workbooks.Sheet(UNIT.unit, FORM.key, PERIOD.key, CELLS)


def test_a_measure_without_an_answer_is_not_yet_reported():
    cells = read(written({"cases": reported(0)})).cells
    assert cells["cases"] == reported(0)
    assert {cells[key].state.name for key in ("damage", "accidents", "rate")} == {
        "MISSING"
    }


def a_cell(decimals: int) -> st.SearchStrategy[Cell]:
    # Up to 17 digits, two more than a spreadsheet keeps; below the largest figure.
    most = 10 ** min(15 + decimals, 17) - 1
    numbers = st.integers(min_value=0, max_value=most)
    step = Decimal(1).scaleb(-decimals)
    return st.one_of(
        st.sampled_from([NIL, MISSING, NOT_APPLICABLE]),
        numbers.map(lambda number: reported(number * step)),
    )


@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries(
        {measure.key: a_cell(measure.decimals) for measure in FORM.measures}
    )
)
def test_any_answers_come_back_exactly(cells):
    assert read(written(cells)).cells == cells


def test_a_file_on_disk_is_written_and_read(tmp_path):
    path = tmp_path / "bieu.xlsx"
    path.write_bytes(written())
    workbooks.write(path, form=FORM, period=PERIOD, filling=filled(UNIT, CELLS))
    assert read(path).cells == CELLS


def test_the_same_return_is_the_same_file():
    assert written() == written()


def test_the_sheet_looks_like_the_paper_form():
    book = openpyxl.load_workbook(io.BytesIO(written()))
    sheet = book[layout.SHEET]
    headings = [cell.value for cell in sheet[layout.HEADER_ROW + 1]]
    assert headings == list(layout.HEADINGS)
    assert sheet["A2"].value == "BÁO CÁO THÁNG VỀ AN NINH, TRẬT TỰ"
    assert sheet["A8"].value == "I. Trật tự xã hội"
    assert [sheet["D9"].value, sheet["E9"].value, sheet["F9"].value] == [
        1554,
        1600,
        1700,
    ]
    assert [sheet["D12"].value, sheet["D13"].value] == ["-", "x"]
    assert sheet.row_dimensions[1].hidden
    assert sheet["G9"].value == "Đã rà soát."
    assert [sheet.column_dimensions[each].hidden for each in "GHI"] == [
        False,
        True,
        True,
    ]
    assert sheet.freeze_panes == "C8"
    assert sheet.print_title_rows == "$7:$7"
    assert book.sheetnames == [layout.SHEET, layout.HELP_SHEET]


def test_every_sheet_prints_on_one_page_across():
    for sheet in openpyxl.load_workbook(io.BytesIO(written())):
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.paperSize) == (1, 9)


def test_only_the_answers_of_this_period_can_be_typed():
    sheet = openpyxl.load_workbook(io.BytesIO(written()))[layout.SHEET]
    assert sheet.protection.sheet
    open_cells = {
        cell.coordinate for row in sheet for cell in row if not cell.protection.locked
    }
    answers = {"D9", "D10", "D12", "D13"}
    assert open_cells == answers | {f"G{place[1:]}" for place in answers}
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert set(rules) == answers
    assert rules["D10"].formula1.count("ROUND(D10,3)=D10") == 1
    assert rules["D10"].prompt.startswith("Tính bằng: tỷ đồng. Theo kết quả xác minh.")
    assert sheet["B10"].comment.text == "Theo kết quả xác minh."


def test_a_question_of_yes_or_no_is_a_list_to_choose_from():
    asked = Measure("held", "Đã tổ chức ngày hội", "Held", hints.YES_OR_NO)
    never = replace(asked, may_be=frozenset({figures.State.REPORTED}))
    assert hints.validation(asked, "D9")["source"] == ["1", "0", "-", "x"]
    assert hints.validation(never, "D9")["source"] == ["1", "0"]


def test_figures_that_do_not_agree_turn_red_in_excel():
    sheet = openpyxl.load_workbook(io.BytesIO(written()))[layout.SHEET]
    found = {
        str(each.sqref): [rule.formula[0] for rule in each.rules]
        for each in sheet.conditional_formatting
    }
    assert set(found) == {"D9", "D12"}
    assert found["D9"] == found["D12"]
    assert found["D9"][0].endswith("ROUND(N($D$12)-(N($D$9)),6)>0)")
    prompts = {
        str(rule.sqref): rule.prompt for rule in sheet.data_validations.dataValidation
    }
    assert "Rà soát hai chỉ tiêu." in prompts["D12"]


@pytest.mark.parametrize(
    ("place", "value", "answer"),
    [
        ("D9", "1.554", reported(1554)),
        ("D13", "6,23", reported("6.23")),
        ("D13", 6.23, reported("6.23")),
        ("D13", 0.1 + 0.2, reported("0.3")),
        ("D9", " 12 ", reported(12)),
        ("D9", "–", NIL),
        ("D9", "X", NOT_APPLICABLE),
        ("D9", None, MISSING),
        ("D9", 0, reported(0)),
    ],
)
def test_an_answer_is_understood_however_it_was_typed(place, value, answer):
    key = {"D9": "cases", "D13": "rate"}[place]
    assert read(with_cell(place, value)).cells[key] == answer


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("D9", "abc", "“abc” không phải là số"),
        ("D9", -3, "“-3” là số âm"),
        ("D9", "-3", "“-3” là số âm"),
        ("D9", "1,554", "“1,554” có thể hiểu hai cách"),
        ("D9", 1.554, "“1,554” có thể hiểu hai cách"),
        ("D9", 1.5, "“1,5”: chỉ tiêu này lấy 0 chữ số thập phân"),
        ("D13", 6.2345, "“6,2345”: chỉ tiêu này lấy 2 chữ số thập phân"),
        ("D9", True, "“TRUE” không phải là số"),
        ("D9", dt.date(2023, 5, 1), "“01/05/2023” là ngày tháng hoặc giờ"),
        ("D9", dt.time(8, 30), "“08:30:00” là ngày tháng hoặc giờ"),
        ("D9", "#REF!", "Công thức bị lỗi (#REF!)"),
    ],
)
def test_an_answer_that_is_none_is_refused_in_one_sentence(place, value, words):
    (refusal,) = refusals(with_cell(place, value))
    assert isinstance(refusal, refused.CellRefused)
    label = {"D9": "Số vụ phạm pháp hình sự", "D13": "Tỷ lệ điều tra, khám phá"}[place]
    start = f"Trang “Biểu nhập”, ô {place} ({label}): "
    assert str(refusal).startswith(start)
    assert words in str(refusal)


@pytest.mark.parametrize("target", ["=1+1", "=Sheet2!A1"])
def test_the_error_of_a_formula_is_never_taken_for_a_blank(target):
    content = written()
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w") as changed_file,
    ):
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                start = text.index(b'<c r="D9"')
                end = text.index(b"</c>", start)
                style = text[start:end].split(b's="')[1].split(b'"')[0]
                error = f'<c r="D9" s="{style.decode()}" t="e"><f>{target[1:]}</f>'
                text = text[:start] + error.encode() + b"<v>#REF!</v>" + text[end:]
            changed_file.writestr(name, text)
    (refusal,) = refusals(buffer.getvalue())
    assert "Công thức bị lỗi (#REF!); thay bằng con số." in str(refusal)
    assert "ô D9" in str(refusal)


def test_an_inner_sentence_is_translated_with_the_outer_one():
    (refusal,) = refusals(with_cell("D9", "abc"))
    english = {
        refused.CellRefused.words: "Cell {place}: {reason}",
        figures.NotANumber.words: "“{text}” is no number.",
    }
    said = refusal.sentence.translated(lambda words: english[words])
    assert said == "Cell D9: “abc” is no number."


def test_all_mistakes_are_named_at_once_from_top_to_bottom():
    def change(sheet: Any) -> None:
        sheet["D12"], sheet["D9"], sheet["D10"] = "abc", -1, "1,2,3"

    found = refusals(changed(written(), change, layout.SHEET))
    places = [refusal.sentence.values["place"] for refusal in found]
    assert places == ["D9", "D10", "D12"]


def test_a_sheet_without_its_hidden_row_is_refused():
    found = refusals(with_cell("A1", None))
    assert [type(each) for each in found] == [refused.NotOurForm]


def test_a_hidden_row_that_was_written_over_is_refused():
    (found,) = refusals(with_cell("C1", OTHER.unit))
    assert isinstance(found, refused.IdentityBroken)
    (found,) = refusals(with_cell("A1", "tongket/1"))
    assert isinstance(found, refused.IdentityBroken)


def test_a_workbook_of_another_form_is_refused_by_its_name():
    (found,) = refusals(written(form=replace(FORM, key="quy-2023", label="Biểu quý")))
    assert isinstance(found, refused.OtherForm)
    assert "“Biểu quý”, đang nhận “Báo cáo tháng về an ninh, trật tự”" in str(found)


def test_a_workbook_of_another_edition_is_refused():
    section = FORM.sections[0]
    renamed = replace(section.measures[0], label="Số vụ hình sự")
    changed_section = replace(section, measures=(renamed, *section.measures[1:]))
    other = replace(FORM, sections=(changed_section, *FORM.sections[1:]))
    (found,) = refusals(written(form=other))
    assert isinstance(found, refused.OtherEdition)


def test_a_workbook_of_another_period_is_refused_by_both_names():
    regime = Regime("nd09", "NĐ 09", 12, 15, -1, frozenset(Frequency), SOURCE)
    (found,) = refusals(written(period=regime.period(Frequency.MONTH, 2023, 4)))
    assert isinstance(found, refused.OtherPeriod)
    assert "tệp của kỳ tháng 04/2023, đang nhận kỳ tháng 03/2023" in str(found)


def test_a_workbook_of_a_unit_that_is_not_there_is_refused():
    gone = replace(UNIT, unit="bg-nowhere")
    (found,) = refusals(written(filling=filled(gone, CELLS)))
    assert isinstance(found, refused.UnitNotListed)
    assert "“bg-nowhere” vào ngày 15/02/2023" in str(found)


def test_a_unit_that_does_not_fill_in_the_form_is_refused():
    (found,) = refusals(written(filling=filled(TOP, CELLS)))
    assert isinstance(found, refused.UnitOfOtherKind)
    assert "Tỉnh Bắc Giang" in str(found)


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (lambda s: s.delete_rows(13), {refused.MeasureGone}),
        (
            lambda s: s.__setitem__("H10", "cases"),
            {refused.MeasureTwice, refused.MeasureGone},
        ),
        (
            lambda s: s.__setitem__("H10", "unheard-of"),
            {refused.UnknownMeasure, refused.MeasureGone},
        ),
        (lambda s: s.__setitem__("D15", 7), {refused.UnknownMeasure}),
        (lambda s: s.__setitem__("B10", "Số vụ cháy"), {refused.MeasureMoved}),
    ],
)
def test_rows_that_are_not_those_of_the_form_are_refused(change, kinds):
    found = refusals(changed(written(), change, layout.SHEET))
    assert {type(each) for each in found} == kinds


def test_a_blank_row_below_the_form_is_no_mistake():
    content = changed(written(), lambda s: s.__setitem__("B20", "Người lập biểu"),
                      layout.SHEET)  # fmt: skip
    assert read(content).cells == CELLS


def test_what_is_no_workbook_is_refused():
    docx_like = io.BytesIO()
    with zipfile.ZipFile(docx_like, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    good = written()
    for content in (b"", b"abc", docx_like.getvalue(), good[: len(good) // 2]):
        (found,) = refusals(content)
        assert isinstance(found, refused.NotAWorkbook)


def test_a_workbook_that_declares_entities_is_refused():
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(written())) as source,
        zipfile.ZipFile(buffer, "w") as bad,
    ):
        for name in source.namelist():
            text = source.read(name).decode()
            if name == "xl/workbook.xml":
                head, body = text.split("\n", 1)
                text = f'{head}<!DOCTYPE workbook [<!ENTITY a "b">]>{body}'
            bad.writestr(name, text)
    (found,) = refusals(buffer.getvalue())
    assert isinstance(found, refused.NotAWorkbook)


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(opening, "MOST_MEGABYTES", 0)
    (found,) = refusals(written())
    assert isinstance(found, refused.TooLarge)


def test_a_stray_cell_at_the_end_of_the_sheet_is_refused_before_it_fills_the_memory():
    book = openpyxl.load_workbook(io.BytesIO(written()))
    book["Biểu nhập"]["XFD1048576"] = "x"
    buffer = io.BytesIO()
    book.save(buffer)
    (found,) = refusals(buffer.getvalue())
    assert isinstance(found, refused.StrayCell)
    assert "ô XFD1048576" in str(found)


def test_a_format_at_the_end_of_the_sheet_does_no_harm():
    book = openpyxl.load_workbook(io.BytesIO(written()))
    book["Biểu nhập"]["XFD1048576"].number_format = "0.00"
    buffer = io.BytesIO()
    book.save(buffer)
    assert read(buffer.getvalue()).cells == CELLS


def test_a_cell_without_an_address_is_a_damaged_file():
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(written())) as source,
        zipfile.ZipFile(buffer, "w") as bad,
    ):
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(b'<c r="A1"', b"<c")
            bad.writestr(name, text)
    (found,) = refusals(buffer.getvalue())
    assert isinstance(found, refused.NotAWorkbook)


def test_a_workbook_without_the_sheet_names_those_it_has():
    book = openpyxl.Workbook()
    buffer = io.BytesIO()
    book.save(buffer)
    (found,) = refusals(buffer.getvalue())
    assert "không có trang nào là biểu mẫu của hệ thống (các trang: Sheet)" in str(
        found
    )


def test_an_absolute_path_inside_the_file_is_followed():
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(written())) as source,
        zipfile.ZipFile(buffer, "w") as other,
    ):
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                text = text.replace(b'"worksheets/', b'"/xl/worksheets/')
            other.writestr(name, text)
    assert read(buffer.getvalue()).cells == CELLS
