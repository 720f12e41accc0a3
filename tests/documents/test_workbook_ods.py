"""Is a workbook that LibreOffice saved as .ods read like the .xlsx it was made from?"""

import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from tests.documents.form_sample import CELLS, FORM, PERIOD, RULES, UNIT, UNITS

from tongket.documents import workbooks
from tongket.documents.workbooks import Filling, Mark, refused
from tongket.documents.workbooks.opening import as_xlsx, opened
from tongket.domain.sentences import Refusals

OFFICE = shutil.which("soffice")
VALUE, FIRST = 4, 9  # the column of answers and the first row of them, from 1


def filled() -> bytes:
    """Return the workbook of a unit, filled in."""
    target = io.BytesIO()
    filling = Filling(UNIT, "Xã Đồng Sơn, Tỉnh Bắc Giang", CELLS, {}, {}, {})
    workbooks.write(target, form=FORM, period=PERIOD, filling=filling, rules=RULES)
    return target.getvalue()


def saved_as(content: bytes, kind: str, folder: Path) -> bytes:
    """Return a workbook as LibreOffice saves it in another format."""
    if OFFICE is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing, and CI=true allows no skipping")
        pytest.skip("LibreOffice is not installed")
    (folder / "bieu.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    ask = [OFFICE, "--headless", profile, "--convert-to", kind, "bieu.xlsx"]
    subprocess.run(ask, cwd=folder, check=True, capture_output=True, timeout=120)
    return (folder / f"bieu.{kind}").read_bytes()


def changed(**cells: object) -> bytes:
    """Return the workbook with other cells, each named by its address."""
    book = openpyxl.load_workbook(io.BytesIO(filled()))
    for address, value in cells.items():
        book.worksheets[0][address] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(content: bytes) -> workbooks.Answers:
    """Return the answers of the only sheet of a workbook."""
    given = {"forms": [FORM], "period": PERIOD, "units": UNITS}
    (answers,) = workbooks.contents(content, **given)
    return answers


def test_an_ods_says_what_the_xlsx_says(tmp_path: Path) -> None:
    ours, theirs = read(filled()), read(saved_as(filled(), "ods", tmp_path))
    assert theirs == ours
    assert theirs.cells == CELLS


def test_mistakes_of_an_ods_are_found_and_marked_in_an_xlsx(tmp_path: Path) -> None:
    wrong = changed(D9="=1/0", D12="1,554", D10="")
    content = saved_as(wrong, "ods", tmp_path)
    answers = read(content)
    told = [str(mistake.refusal) for mistake in answers.wrong]
    assert len(told) == 2
    marks = [Mark(m.sheet, m.row, m.column, str(m.refusal)) for m in answers.wrong]
    marked = openpyxl.load_workbook(io.BytesIO(workbooks.mark(content, marks=marks)))
    page = marked.worksheets[0]
    assert page.cell(FIRST, VALUE).comment is not None
    assert page.row_dimensions[1].hidden
    again = read(workbooks.mark(content, marks=marks))
    assert again.unit == answers.unit
    assert again.cells == answers.cells


def test_an_old_xls_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refusals) as raised:
        read(saved_as(filled(), "xls", tmp_path))
    (refusal,) = raised.value.refusals
    assert isinstance(refusal, refused.OtherProgram)
    assert "(.xlsx)" in str(refusal)


def ods(content: str, **parts: str) -> bytes:
    """Return a small .ods with this in its only sheet."""
    spaces = "".join(f' xmlns:{n}="urn:{n}"' for n in ("office", "table", "text"))
    body = f"<office:document-content{spaces}>{content}</office:document-content>"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("content.xml", body)
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return target.getvalue()


def sheet(*cells: str) -> str:
    """Return a sheet of one row."""
    row = f"<table:table-row>{''.join(cells)}</table:table-row>"
    return f'<table:table table:name="A">{row}</table:table>'


def cell(text: str, **told: str) -> str:
    """Return a cell with a text."""
    named = "".join(f' {n.replace("__", ":")}="{v}"' for n, v in told.items())
    return f"<table:table-cell{named}><text:p>{text}</text:p></table:table-cell>"


def test_a_note_at_a_cell_is_not_its_text() -> None:
    note = "<office:annotation><text:p>ghi chú</text:p></office:annotation>"
    box = f'<table:table-cell office:value-type="string">{note}<text:p>a'
    grid = opened(ods(sheet(f"{box}<text:s/>b</text:p></table:table-cell>"))).grid("A")
    assert grid.text(0, 0) == "a b"


def test_repeated_cells_stand_in_each_of_their_places() -> None:
    twice = cell("7", office__value_type="string")
    twice = twice.replace("office:value_type", "office:value-type")
    more = twice.replace("<table:table-cell", "<table:table-cell table:x=''", 1)
    again = more.replace("table:x=''", 'table:number-columns-repeated="3"')
    grid = opened(ods(sheet(again))).grid("A")
    assert [grid.text(0, place) for place in range(4)] == ["7", "7", "7", ""]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (ods(sheet()[:-5]), "NotAWorkbook"),
        (ods(""), "NotAWorkbook"),
        (ods('<!DOCTYPE a [<!ENTITY b "c">]>'), "NotAWorkbook"),
        (ods(sheet(), **{"META-INF__manifest.xml": "<encryption-data/>"}), "Encrypted"),
        (
            ods(
                sheet(
                    '<table:table-cell office:value-type="float" office:value="1" '
                    'table:number-columns-repeated="99999999"/>'
                )
            ),
            "TooLarge",
        ),
    ],
    ids=["cut off", "no sheet", "entity", "password", "too wide"],
)
def test_an_ods_that_cannot_be_read_is_refused_in_one_sentence(
    content: bytes, kind: str
) -> None:
    with pytest.raises(Refusals) as raised:
        opened(content)
    assert [type(each).__name__ for each in raised.value.refusals] == [kind]


def test_what_is_no_ods_is_left_as_it_is() -> None:
    content = filled()
    assert as_xlsx(content) is content
    assert as_xlsx(b"abc") == b"abc"
