"""Are workbooks taken from the page, with one outcome each, and given back marked?"""

import datetime as dt
import io
import json
import zipfile
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cycle.test_unpack import filled_in, workbook, zipped
from tests.factories import (
    CANH_NAU,
    DONG_TIEN,
    MONTHLY,
    NGO_QUYEN,
    THO_XUONG,
    accepted,
    cells,
    crimes,
    form_of,
    month,
    opened,
    sent,
    small_pack,
)
from tests.web.conftest import Office, close

from tongket.documents import workbooks
from tongket.domain.access import Role
from tongket.domain.figures import reported
from tongket.office import clock, entrance, uploading
from tongket.records.models import Membership, ReturnVersion, Upload

FORM = form_of(MONTHLY)
PERIOD = (MONTHLY, month(1).key)
WRONG = {"theft_cases": "bảy"}


@pytest.fixture
def clerk(office: Office) -> Any:
    """The browser of the person who files for the communes of Yên Thế."""
    grant = Membership.objects.get(user__username="stranger")
    grant.role = Role.CLERK
    grant.save()
    opened(month(1))
    return office.client("stranger")


def send(client: Any, *files: tuple[str, bytes], **other: Any) -> Any:
    data = [SimpleUploadedFile(name, content) for name, content in files]
    accept = other.pop("accept", "text/html")
    address = reverse("uploads", args=PERIOD)
    return client.post(address, {"files": data, **other}, headers={"Accept": accept})


def told(client: Any, answer: Any) -> str:
    assert answer.status_code == 302
    return client.get(answer["Location"]).content.decode()


def test_a_district_sends_its_communes_in_one_archive(clerk: Any) -> None:
    archive = zipped(
        {
            "xa/Dong Tien.xlsx": workbook(DONG_TIEN),
            "xa/Canh Nau.xlsx": workbook(CANH_NAU, typed=WRONG),
            "Tho Xuong.xlsx": workbook(THO_XUONG),
            "ghi chu.txt": b"abc",
        }
    )
    text = told(clerk, send(clerk, ("huyen.zip", archive)))
    assert ReturnVersion.objects.get().of.unit.key == DONG_TIEN
    for words in (
        "1 báo cáo đã gửi",
        "1 có lỗi",
        "2 bị từ chối",
        "“bảy” không phải là số",
        "ngoài phạm vi gửi báo cáo của tài khoản này",
        "Tải tệp đã đánh dấu",
    ):
        assert words in text


def test_lines_tell_how_far_the_reading_is(clerk: Any) -> None:
    files = [("a.xlsx", workbook(DONG_TIEN)), ("b.xlsx", workbook(CANH_NAU))]
    answer = send(clerk, *files, accept="application/x-ndjson")
    lines = [json.loads(line) for line in b"".join(answer).splitlines()]
    kept = Upload.objects.get()
    assert lines[0] == {"address": reverse("upload", args=[kept.pk])}
    assert (lines[1]["done"], lines[1]["total"], lines[1]["bad"]) == (2, 2, 0)
    assert lines[1]["words"] == "Đã đọc 2/2 tệp"
    assert lines[-1] == {"done": True}
    assert (kept.state, kept.done, kept.total) == (Upload.State.APPLIED, 2, 2)
    assert ReturnVersion.objects.count() == 2


def test_the_same_archive_again_changes_nothing(clerk: Any) -> None:
    file = ("a.zip", zipped({"a.xlsx": workbook(DONG_TIEN)}))
    send(clerk, file)
    assert "1 không đổi" in told(clerk, send(clerk, file))
    assert ReturnVersion.objects.count() == 1


def test_a_dry_run_says_so_and_keeps_nothing(clerk: Any) -> None:
    file = ("a.xlsx", workbook(DONG_TIEN))
    text = told(clerk, send(clerk, file, dry_run="on"))
    assert "Chưa có gì được ghi." in text
    assert not ReturnVersion.objects.exists()
    assert Upload.objects.get().state == Upload.State.READ


def test_all_or_nothing_says_what_held_the_others_back(clerk: Any) -> None:
    files = (
        ("a.xlsx", workbook(DONG_TIEN)),
        ("b.xlsx", workbook(CANH_NAU, typed=WRONG)),
    )
    text = told(clerk, send(clerk, *files, all_or_nothing="on"))
    assert "Chưa ghi báo cáo nào." in text
    assert "1 đúng, chưa ghi" in text
    assert not ReturnVersion.objects.exists()


def test_a_wrong_workbook_goes_back_marked_and_is_taken_when_put_right(
    clerk: Any,
) -> None:
    send(clerk, ("a.xlsx", workbook(DONG_TIEN, held={}, typed=WRONG)))
    kept = Upload.objects.get()
    answer = clerk.get(reverse("upload-marked", args=[kept.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    notes = [cell for row in sheet for cell in row if cell.comment]
    assert any("“bảy” không phải là số" in cell.comment.text for cell in notes)
    right = dict.fromkeys(cells(), "-") | {"theft_cases": 7, "social_order_cases": 7}
    text = told(clerk, send(clerk, ("a.xlsx", filled_in(answer.content, right))))
    assert "1 báo cáo đã gửi" in text
    assert ReturnVersion.objects.get().cells["theft_cases"] == ["REPORTED", "7"]


def test_several_wrong_workbooks_go_back_in_one_archive(clerk: Any) -> None:
    archive = zipped(
        {
            "xa/1.xlsx": workbook(DONG_TIEN, typed=WRONG),
            "xa/2.xlsx": workbook(CANH_NAU, typed=WRONG),
        }
    )
    send(clerk, ("a.zip", archive))
    kept = Upload.objects.get()
    answer = clerk.get(reverse("upload-marked", args=[kept.pk]))
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == ["xa/1.xlsx", "xa/2.xlsx"]


def test_the_outcomes_are_taken_away_as_a_file(clerk: Any) -> None:
    answer = send(clerk, ("a.xlsx", workbook(DONG_TIEN)), ("b.xlsx", b"abc"))
    text = clerk.get(answer["Location"], {"csv": "1"}).content.decode()
    assert text.startswith("\ufeffTệp,Trang,Đơn vị,Kết quả,Nội dung")
    assert "\na.xlsx,Biểu nhập,Xã Đồng Tiến,Đã gửi," in text
    assert 'b.xlsx,,,Bị từ chối,"Tệp không phải bảng tính Excel' in text


def test_without_a_file_or_with_too_much_the_page_says_so(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = clerk.post(reverse("uploads", args=PERIOD))
    assert answer.status_code == 422
    assert "Chọn tệp Excel đã điền trước khi gửi." in answer.content.decode()
    monkeypatch.setattr(uploading, "MOST_MEGABYTES", 0)
    answer = send(clerk, ("a.xlsx", b"abc"))
    assert answer.status_code == 422
    assert not Upload.objects.exists()


def test_a_reporter_sends_only_the_own_unit_s_workbook(office: Office) -> None:
    opened(month(1))
    client = office.client("own")
    files = ("a.xlsx", workbook(THO_XUONG)), ("b.xlsx", workbook(NGO_QUYEN))
    text = told(client, send(client, *files))
    assert "1 bị từ chối" in text
    assert ReturnVersion.objects.get().of.unit.key == THO_XUONG


def test_from_the_page_of_a_return_only_its_own_workbook_is_taken(clerk: Any) -> None:
    here = reverse("return-upload", args=[*PERIOD, DONG_TIEN, FORM.key])
    file = SimpleUploadedFile("a.xlsx", workbook(CANH_NAU))
    text = told(clerk, clerk.post(here, {"files": file}))
    assert "biểu của Xã Canh Nậu, ngoài phạm vi" in text
    file = SimpleUploadedFile("a.xlsx", workbook(DONG_TIEN))
    answer = clerk.post(here, {"files": file}, follow=True)
    assert "Đã gửi lần 1. Báo cáo đang chờ duyệt." in answer.content.decode()
    file.seek(0)
    answer = clerk.post(here, {"files": file}, follow=True)
    assert "Không có thay đổi so với lần gửi trước." in answer.content.decode()


@pytest.mark.parametrize("layout", ["danh-sach", "trang"])
def test_the_workbook_of_a_district_comes_filled_in_and_goes_back(
    clerk: Any, layout: str
) -> None:
    accepted(month(12, 2022), {DONG_TIEN: crimes(5)})
    accepted(month(1, 2022), {DONG_TIEN: crimes(9)})
    sent(month(1), {DONG_TIEN: crimes(7)})
    blank = clerk.get(reverse("uploads-blank", args=PERIOD), {"kieu": layout}).content
    units = small_pack().register.on(month(1).end)
    held = workbooks.read_many(blank, form=FORM, period=month(1), units=units)
    assert {sheet.unit for sheet in held} == {DONG_TIEN, CANH_NAU}
    (first,) = (sheet for sheet in held if sheet.unit == DONG_TIEN)
    assert first.cells["theft_cases"] == reported(7)
    assert {5, 9} <= {
        cell.value
        for sheet in openpyxl.load_workbook(io.BytesIO(blank))
        for row in sheet
        for cell in row
        if isinstance(cell.value, int)
    }
    text = told(clerk, send(clerk, ("huyen.xlsx", blank)))
    assert "1 không đổi" in text


def test_the_workbooks_of_a_district_come_in_one_archive(clerk: Any) -> None:
    answer = clerk.get(reverse("uploads-blank", args=PERIOD), {"kieu": "tep"})
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert len(names) == 2
    assert all(name.endswith(".xlsx") for name in names)
    assert "1 báo cáo đã gửi" not in told(clerk, send(clerk, ("a.zip", answer.content)))


def test_an_unknown_way_of_putting_units_together_is_not_there(clerk: Any) -> None:
    answer = clerk.get(reverse("uploads-blank", args=PERIOD), {"kieu": "khac"})
    assert answer.status_code == 404


def test_the_page_tells_the_earlier_uploads_of_the_period(clerk: Any) -> None:
    send(clerk, ("Đồng Tiến.xlsx", workbook(DONG_TIEN)))
    answer = clerk.get(reverse("uploads", args=PERIOD))
    assert "Đồng Tiến.xlsx" in answer.content.decode()
    close(answer)


def test_files_are_removed_thirty_days_later_and_their_outcomes_stay(
    clerk: Any, settings: Any
) -> None:
    send(clerk, ("a.xlsx", workbook(DONG_TIEN, held={}, typed=WRONG)))
    old = Upload.objects.get()
    page, marked = (
        reverse(name, args=[old.pk]) for name in ("upload", "upload-marked")
    )
    assert marked in clerk.get(page).content.decode()
    (uploading.folder() / "stray").mkdir()
    for days, is_there in ((30, True), (31, False)):
        Upload.objects.filter(pk=old.pk).update(
            at=clock.now() - dt.timedelta(days=days) + dt.timedelta(minutes=1)
        )
        send(clerk, ("b.xlsx", workbook(DONG_TIEN, held={}, typed=WRONG)))
        assert (uploading.folder() / str(old.pk)).exists() is is_there
    assert (uploading.folder() / "stray").exists()
    text = clerk.get(page).content.decode()
    assert "Có lỗi" in text
    assert marked not in text
    assert clerk.get(marked).status_code == 404


def test_the_workbook_of_who_only_looks_holds_nothing_unsent(office: Office) -> None:
    opened(month(12))
    place = (MONTHLY, "nd09-2023-m12", THO_XUONG, form_of(MONTHLY).key)
    edit = {"token": "a", "measure": "theft_cases", "text": "4321"}
    office.client("own").post(
        reverse("return-cells", args=place),
        {"version": 0, "edits": [edit]},
        content_type="application/json",
    )

    def held(name: str) -> set[object]:
        answer = office.client(name).get(reverse("return-workbook", args=place))
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        return {cell.value for sheet in book for row in sheet for cell in row}

    assert 4321 in held("own")
    assert 4321 not in held("reviewer")


@pytest.mark.parametrize("name", ["own", ""])
def test_more_than_any_page_sends_is_refused_before_it_is_read(
    name: str, office: Office
) -> None:
    class Unread(io.BytesIO):
        def read(self, *_: int) -> bytes:
            raise AssertionError("nobody reads what is too large")

    answer = office.client(name).generic(
        "POST",
        reverse("uploads", args=PERIOD),
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(entrance.LARGEST_REQUEST + 1),
        **{"wsgi.input": Unread()},
    )
    assert answer.status_code == 413
    assert "Các tệp lớn hơn 64 MB" in answer.content.decode()
    assert Upload.objects.count() == 0
