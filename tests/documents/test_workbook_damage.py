"""Is a workbook that was changed on its way understood, or refused in a sentence?"""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import numbers
from tests.documents.form_sample import CELLS, FORM, OTHER, PERIOD, UNIT, UNITS
from tests.documents.test_workbooks import changed, filled, read, refusals, written

from tongket.documents import workbooks
from tongket.documents.workbooks import layout, refused
from tongket.domain.figures import NIL, reported

SOFFICE = shutil.which("soffice")


def altered(change: Callable[[Any], object]) -> bytes:
    return changed(written(), change, layout.SHEET)


def with_format(place: str, value: float, number_format: str) -> bytes:
    def change(sheet: Any) -> None:
        sheet[place], sheet[place].number_format = value, number_format

    return altered(change)


def swapped(first: str, second: str) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for row in range(layout.HEADER_ROW + 1, layout.HEADER_ROW + 8):
            one, two = sheet[f"{first}{row}"], sheet[f"{second}{row}"]
            if type(one).__name__ == type(two).__name__ == "Cell":
                one.value, two.value = two.value, one.value

    return change


def test_columns_that_changed_places_are_found_by_their_headings():
    assert read(altered(swapped("D", "E"))).cells == CELLS


def test_two_columns_of_one_heading_are_refused():
    (found,) = refusals(altered(lambda sheet: sheet.__setitem__("E7", "Kỳ này")))
    assert isinstance(found, refused.HeadingTwice)
    assert "ô E7: cột “Kỳ này” đã có ở ô D7" in str(found)


def test_a_sheet_whose_column_of_answers_lost_its_heading_is_refused():
    (found,) = refusals(altered(lambda sheet: sheet.__setitem__("D7", "Tháng 3")))
    assert isinstance(found, refused.WrongHeading)
    assert "không tìm thấy cột “Kỳ này”" in str(found)


def test_without_the_hidden_keys_rows_are_found_by_their_labels():
    def change(sheet: Any) -> None:
        for row in range(7, 14):
            sheet[f"H{row}"] = None

    assert read(altered(change)).cells == CELLS


def test_rows_put_in_between_and_above_do_no_harm():
    def change(sheet: Any) -> None:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.insert_rows(10, 2)
        sheet.insert_rows(1, 3)

    assert read(altered(change)).cells == CELLS


def test_hidden_rows_are_read_like_any_other():
    def change(sheet: Any) -> None:
        sheet.row_dimensions[9].hidden = True

    assert read(altered(change)).cells == CELLS


@pytest.mark.parametrize("merged", ["D9:D10", "D9:E9", "C9:D9"])
def test_an_answer_in_merged_cells_is_refused(merged):
    found = refusals(altered(lambda sheet: sheet.merge_cells(merged)))
    assert {type(each) for each in found} == {refused.MergedCells}
    assert f"(Số vụ phạm pháp hình sự): ô bị gộp ({merged})" in str(found[0])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1.554", reported(1554)),
        ("1 554", reported(1554)),
        ("1\u00a0554", reported(1554)),
        ("1\u202f554", reported(1554)),
        ("  12 \t", reported(12)),
        ("１２", reported(12)),
        ("12\u200b", None),
        ("—", NIL),
    ],
)
def test_numbers_as_text_are_understood_or_refused(text, answer):
    content = altered(lambda sheet: sheet.__setitem__("D9", text))
    if answer is None:
        (found,) = refusals(content)
        assert isinstance(found, refused.CellRefused)
    else:
        assert read(content).cells["cases"] == answer


def test_a_number_that_excel_turned_into_a_date_is_refused_and_told():
    content = with_format("D9", 45047, numbers.FORMAT_DATE_DDMMYY)
    (found,) = refusals(content)
    assert "ô D9" in str(found)
    assert "“01/05/2023” là ngày tháng hoặc giờ, không phải số" in str(found)


@pytest.mark.parametrize("shown", ["0%", "0.00%", '0.0"%"'])
def test_a_percent_format_counts_only_where_it_is_one(shown):
    is_percent = '"' not in shown
    content = with_format("D13", 0.4525, shown)
    if is_percent:
        assert read(content).cells["rate"] == reported("45.25")
    else:
        (found,) = refusals(content)
        assert "“0,4525”: chỉ tiêu này lấy 2 chữ số" in str(found)


def test_a_percent_format_is_refused_where_cases_are_counted():
    (found,) = refusals(with_format("D9", 0.45, "0%"))
    assert "Ô đang định dạng phần trăm (45%) nhưng chỉ tiêu tính bằng vụ" in str(found)


def test_a_percentage_typed_as_text_is_understood():
    content = altered(lambda sheet: sheet.__setitem__("D13", "45,5%"))
    assert read(content).cells["rate"] == reported("45.5")


def test_a_formula_that_nobody_worked_out_is_never_taken_for_a_blank():
    (found,) = refusals(altered(lambda sheet: sheet.__setitem__("D9", "=1+1")))
    assert "ô D9" in str(found)
    assert "Công thức chưa được tính" in str(found)


def test_a_formula_counts_with_the_value_that_was_worked_out():
    content = altered(lambda sheet: sheet.__setitem__("D9", "=1+1"))
    worked_out = {b"<f>1+1</f><v></v>": b"<f>1+1</f><v>2</v>"}
    assert read(replaced(content, "sheet1.xml", worked_out)).cells["cases"] == reported(
        2
    )


def replaced(content: bytes, part: str, texts: dict[bytes, bytes]) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w") as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            for old, new in texts.items():
                if name.endswith(part):
                    assert old in text, "there is something to replace"
                    text = text.replace(old, new)
            target.writestr(name, text)
    return buffer.getvalue()


def test_a_sheet_that_was_renamed_is_still_known():
    book = openpyxl.load_workbook(io.BytesIO(written()))
    book[layout.SHEET].title = "Sheet1"
    book.move_sheet("Sheet1", 1)
    buffer = io.BytesIO()
    book.save(buffer)
    assert read(buffer.getvalue()).cells == CELLS


def with_copy(**cells: object) -> bytes:
    """Return a workbook with a copy of its sheet, some cells of the copy changed."""
    book = openpyxl.load_workbook(io.BytesIO(written()))
    copy = book.copy_worksheet(book[layout.SHEET])
    for address, value in cells.items():
        copy[address] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_copy_that_says_the_same_is_understood_as_one():
    given = {"forms": [FORM], "period": PERIOD, "units": UNITS}
    (answers,) = workbooks.contents(with_copy(), **given)
    assert answers.cells == CELLS


def test_two_sheets_of_one_return_that_differ_are_both_refused_with_the_cells():
    given = {"forms": [FORM], "period": PERIOD, "units": UNITS}
    found = workbooks.contents(with_copy(D9=7, G10="Khác"), **given)
    told = {str(mistake.refusal) for each in found for mistake in each.refused}
    assert len(found) == 2
    (sentence,) = told
    assert sentence == (
        "Trang “Biểu nhập” và trang “Biểu nhập Copy” cùng đơn vị và biểu nhưng khác "
        "nhau ở ô D9, D10; chỉ giữ lại một trang, hoặc sửa cho hai trang giống nhau."
    )


def test_a_copy_with_a_mistake_in_it_is_no_copy():
    given = {"forms": [FORM], "period": PERIOD, "units": UNITS}
    for content in (with_copy(D9="hai"), with_copy(H9="khong-co", B9="Dòng lạ")):
        found = workbooks.contents(content, **given)
        kinds = {type(m.refusal) for each in found for m in each.refused}
        assert kinds == {refused.SheetTwice}


def test_what_was_right_is_told_beside_what_was_wrong():
    content = altered(lambda sheet: sheet.__setitem__("D9", "abc"))
    (answers,) = workbooks.contents(content, forms=[FORM], period=PERIOD, units=UNITS)
    assert not answers.is_right
    assert [mistake.measure for mistake in answers.wrong] == ["cases"]
    assert set(answers.cells) == {"damage", "accidents", "rate"}
    assert answers.seen == CELLS
    assert answers.explanations == {"cases": "Đã rà soát."}


def test_a_file_behind_a_password_is_told_so():
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode(
        "utf-16-le"
    )
    (found,) = refusals(locked)
    assert isinstance(found, refused.Encrypted)


def test_a_part_that_unpacks_to_more_than_it_says_is_a_damaged_file():
    content = bytearray(written())
    # The size of the first part, as the directory at the end tells it.
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (5).to_bytes(4, "little")
    (found,) = refusals(bytes(content))
    assert isinstance(found, refused.NotAWorkbook)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_workbook_saved_by_libreoffice_is_understood_or_told_apart(kind, tmp_path):
    saved = saved_by_libreoffice(written(), kind, tmp_path)
    if kind != "xls":
        assert read(saved).cells == CELLS
    else:
        (found,) = refusals(saved)
        assert isinstance(found, refused.OtherProgram)
        assert f"Tệp ở dạng .{kind}" in str(found)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_list_saved_by_libreoffice_is_understood(tmp_path):
    buffer = io.BytesIO()
    fillings = [filled(unit, CELLS) for unit in (UNIT, OTHER)]
    workbooks.write_many(buffer, form=FORM, period=PERIOD, fillings=fillings)
    saved = saved_by_libreoffice(buffer.getvalue(), "xlsx", tmp_path)
    found = workbooks.read_many(saved, form=FORM, period=PERIOD, units=UNITS)
    assert [sheet.cells for sheet in found] == [CELLS, CELLS]


def saved_by_libreoffice(content: bytes, kind: str, folder: Path) -> bytes:
    source = folder / "bieu.xlsx"
    source.write_bytes(content)
    out = folder / "out"
    command = [
        str(SOFFICE),
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(out),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (out / f"bieu.{kind}").read_bytes()
