"""Does the command take in workbooks and archives, and give the wrong ones back?"""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from tests.cycle.test_unpack import workbook, zipped
from tests.factories import CANH_NAU, DONG_TIEN, THO_XUONG, month, opened
from tests.web.conftest import Office

from tongket.records.models import ReturnVersion

WRONG = {"theft_cases": "bảy"}


def load(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_returns", *arguments, f"--period={month(1).key}", stdout=out)
    return out.getvalue()


@pytest.fixture
def folder(office: Office, tmp_path: Path) -> Any:
    """A folder with a workbook and an archive in it."""
    opened(month(1))
    place = tmp_path / "den"
    (place / "sub").mkdir(parents=True)
    (place / "sub" / "a.xlsx").write_bytes(workbook(DONG_TIEN))
    (place / "b.zip").write_bytes(zipped({"x/c.xlsx": workbook(CANH_NAU)}))
    return place


def test_workbooks_and_archives_in_a_folder_are_received(folder: Path) -> None:
    assert "Đã nhận 2 báo cáo." in load(str(folder))
    assert "Đã nhận 2 báo cáo." in load(str(folder))
    assert ReturnVersion.objects.count() == 2


def test_a_dry_run_keeps_nothing(folder: Path) -> None:
    assert "Chạy thử: 2 báo cáo sẽ được nhận" in load(str(folder), "--dry-run")
    assert not ReturnVersion.objects.exists()


def test_wrong_workbooks_are_written_marked_under_a_safe_name(folder: Path) -> None:
    (folder / "d.zip").write_bytes(
        zipped({"y/d.xlsx": workbook(THO_XUONG, typed=WRONG)})
    )
    marked = folder.parent / "sai"
    with pytest.raises(CommandError, match=r"y/d\.xlsx: .*“bảy” không phải là số"):
        load(str(folder), f"--marked={marked}")
    (file,) = marked.iterdir()
    assert file.name.endswith("_d.xlsx")
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert any(cell.comment for row in sheet for cell in row if cell.value == "bảy")
    assert ReturnVersion.objects.count() == 2


def test_one_wrong_workbook_holds_back_all_when_that_is_asked(folder: Path) -> None:
    (folder / "d.xlsx").write_bytes(b"abc")
    with pytest.raises(CommandError, match=r"d\.xlsx: Tệp không phải bảng tính"):
        load(str(folder), "--all-or-nothing")
    assert not ReturnVersion.objects.exists()
