"""Do the pages of the register show any day, take a list, and carry out an act?"""

import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook
from tests import factories
from tests.factories import CANH_NAU, CITY, NGO_QUYEN, THO_XUONG, YEN_THE
from tests.web.conftest import Office

from tongket.cycle import reorganise
from tongket.domain.units import Register
from tongket.office import facts
from tongket.records.models import AuditEntry, Upload
from tongket.records.register import register

HEADING = "Khóa,Mã,Tên đơn vị,Loại đơn vị,Cấp trên,Từ ngày,Đến ngày\n"
ON = "01/02/2024"


@pytest.fixture
def desk(office: Office) -> Client:
    """The browser of the standing office."""
    return office.client("office")


@pytest.fixture
def whole(office: Office, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The standing office with all that the shipped pack knows of its units."""
    pack = factories.whole_pack()
    monkeypatch.setattr(facts, "pack", factories.whole_pack)
    known = register()
    versions = [v for v in pack.register.versions if v.unit not in known]
    assert len(versions) > 500
    reorganise.load_units(pack=pack, by=factories.BY, at=factories.AT)
    return office.client("office")


def page(client: Client, name: str, *arguments: Any, **asked: str) -> str:
    """Return a page as its reader sees it, without tags."""
    answer = client.get(reverse(name, args=arguments), asked)
    assert answer.status_code == 200, answer
    return text(answer)


def text(answer: HttpResponse) -> str:
    """Return the words of a page, blanks made one."""
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(plain.split())


def send(client: Client, rows: str, on: str = ON) -> Any:
    """Send a list and return the answer, its dry run shown."""
    file = SimpleUploadedFile("xa.csv", (HEADING + rows).encode())
    sent = {"file": file, "on": on}
    return client.post(reverse("units-import"), sent, follow=True)


def the_list() -> Upload:
    """Return the one list that was sent."""
    return Upload.objects.get(kind=Upload.Kind.UNITS)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2023-12-31", ("209 182 xã, 17 thị trấn, 10 phường", "10 9 huyện")),
        ("2024-02-01", ("209 175 xã, 19 phường, 15 thị trấn", "1 thị xã")),
        ("2025-01-02", ("192", "10 7 huyện, 2 thị xã, 1 thành phố")),
        ("2025-07-01", ("99 66 xã, 33 phường", "Tỉnh Bắc Ninh")),
    ],
)
def test_bac_giang_is_shown_as_it_was_on_each_day(
    whole: Client, day: str, told: tuple[str, ...]
) -> None:
    shown = page(whole, "units", ngay=day)
    assert [words for words in told if words not in shown] == []


def test_the_days_of_change_lead_to_the_trees_of_those_days(whole: Client) -> None:
    answer = whole.get(reverse("units"), {"ngay": "2025-07-01"})
    days = [each.day.isoformat() for each in answer.context["days"]]
    assert days == ["2024-02-01", "2025-01-01", "2025-07-01"]
    assert "1658/NQ-UBTVQH15" in text(answer)
    assert "Huyện" not in page(whole, "units", loai="commune", ngay="2025-07-02")


def test_a_history_tells_what_became_of_a_unit_and_under_which_instrument(
    whole: Client,
) -> None:
    shown = page(whole, "unit", "bg-c07777", ngay="2024-02-01")
    assert "Đổi tên từ Thị trấn Bích Động thành Phường Bích Động." in shown
    assert "Theo 938/NQ-UBTVQH15" in shown
    assert "Kết thúc, nhập vào: Phường Việt Yên" in shown
    assert "Đã trở thành Phường Việt Yên toàn bộ" in shown
    ended = page(whole, "unit", "bg-c07777", ngay="2025-07-02")
    assert "đơn vị không còn; kết thúc hết ngày 30/06/2025" in ended


def test_a_unit_of_today_shows_what_it_was_made_of(whole: Client) -> None:
    (viet_yen,) = register().on(dt.date(2025, 7, 1)).named("phuong viet yen")
    shown = page(whole, "unit", viet_yen.unit, ngay="2025-07-01")
    assert "Hình thành từ" in shown
    assert "Thị trấn Bích Động" in shown
    before = page(whole, "unit", viet_yen.unit, ngay="2024-01-16")
    assert "đơn vị chưa có; có từ ngày 01/07/2025" in before


@pytest.mark.parametrize("words", ["canh nau", "CẢNH NẬU", "Xã Cảnh Nậu", "07246"])
def test_a_search_needs_neither_accents_nor_case(desk: Client, words: str) -> None:
    assert "1 đơn vị" in page(desk, "units", q=words)
    assert "Xã Canh Nậu" in page(desk, "units", q=words)


def test_a_filter_leaves_one_kind(desk: Client) -> None:
    tree = register().on(dt.date(2024, 1, 16))
    shown = page(desk, "units", loai="district")
    assert tree[CITY].name in shown
    assert tree[THO_XUONG].name not in shown


def test_a_reporter_sees_the_own_unit_only(office: Office) -> None:
    shown = page(office.client("own"), "units")
    assert "Phường Thọ Xương" in shown
    assert "Phường Ngô Quyền" not in shown
    assert "Nhập danh sách" not in shown
    answer = office.client("own").get(reverse("units"), {"tai": "units"})
    assert NGO_QUYEN not in answer.content.decode()


def test_a_list_is_shown_before_anything_is_written(desk: Client) -> None:
    answer = send(desk, f"{THO_XUONG},,Phường Mới,,,,\n,,Xã Lạ,,Không Có,,\n")
    shown = text(answer)
    assert "1 dòng không nhận được." in shown
    assert "Tên: Phường Thọ Xương → Phường Mới" in shown
    assert "Không có đơn vị “Không Có” vào ngày 01/02/2024" in shown
    assert register().on(dt.date(2024, 2, 1))[THO_XUONG].name == "Phường Thọ Xương"
    only = desk.get(answer.request["PATH_INFO"], {"kq": "REFUSED"})
    assert "Phường Mới" not in text(only)


def test_all_that_can_be_taken_is_written_at_one_click_and_taken_back(
    desk: Client,
) -> None:
    send(desk, f"{THO_XUONG},,Phường Mới,,,,\n,,Xã Lạ,,Không Có,,\n")
    address = reverse("units-apply", args=[the_list().pk])
    answer = desk.post(address, {"which": "tat-ca"}, follow=True)
    assert "Đã ghi 1 dòng vào danh sách đơn vị." in text(answer)
    assert "Phường Mới" in page(desk, "units", q="moi", ngay="2024-02-01")
    back = {"edition": answer.context["edition"]}
    undone = desk.post(reverse("units-take-back"), back, follow=True)
    assert "Đã hoàn tác" in text(undone)
    assert register().on(dt.date(2024, 2, 1))[THO_XUONG].name == "Phường Thọ Xương"
    again = desk.post(reverse("units-take-back"), back, follow=True)
    assert "Chỉ hoàn tác được lần thay đổi gần nhất" in text(again)


def test_only_the_rows_that_are_ticked_are_written(desk: Client) -> None:
    send(desk, f"{THO_XUONG},,Phường A,,,,\n{NGO_QUYEN},,Phường B,,,,\n")
    address = reverse("units-apply", args=[the_list().pk])
    assert desk.post(address, {"which": "chon"}).status_code == 422
    desk.post(address, {"which": "chon", "row": ["1"]})
    tree = register().on(dt.date(2024, 2, 1))
    assert (tree[THO_XUONG].name, tree[NGO_QUYEN].name) == (
        "Phường Thọ Xương",
        "Phường B",
    )


def test_a_stale_list_is_run_again_before_it_can_be_written(desk: Client) -> None:
    send(desk, f"{THO_XUONG},,Phường A,,,,\n")
    first = the_list()
    typed = {"on": ON, "name": "Phường C", "edition": reorganise.edition()}
    desk.post(reverse("unit-found"), {**typed, "parent": CITY, "apply": "1"})
    refused = desk.post(reverse("units-apply", args=[first.pk]), {"which": "tat-ca"})
    assert refused.status_code == 422
    assert "đã thay đổi sau lần chạy thử" in text(refused)
    again = desk.post(reverse("units-again", args=[first.pk]), follow=True)
    assert "Mọi dòng đều nhận được" in text(again)


def test_a_list_can_be_dropped(desk: Client, settings: Any) -> None:
    send(desk, f"{THO_XUONG},,Phường A,,,,\n")
    desk.post(reverse("units-drop", args=[the_list().pk]))
    assert not Upload.objects.filter(kind=Upload.Kind.UNITS).exists()
    assert list(Path(settings.DATA_DIR, "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "on", "told"),
    [
        (None, ON, "Tệp không có dòng nào"),
        ("", ON, "Tệp không có dòng nào"),
        (f"{THO_XUONG},,Phường A,,,,\n", "mai", "“mai” không phải ngày"),
    ],
)
def test_a_file_that_is_no_list_is_refused_on_the_page(
    desk: Client, rows: str | None, on: str, told: str
) -> None:
    if rows is None:
        answer = desk.post(reverse("units-import"), {"on": on})
    else:
        answer = send(desk, rows, on)
    assert answer.status_code == 422
    assert told in text(answer)
    assert not Upload.objects.filter(kind=Upload.Kind.UNITS).exists()


def test_the_exported_workbook_comes_back_unchanged(desk: Client) -> None:
    exported = desk.get(reverse("units"), {"tai": "xlsx"}).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported))
    assert book.sheet_names[:3] == ["Đơn vị", "Diễn biến", "Nhóm"]
    file = SimpleUploadedFile("don-vi.xlsx", exported)
    sent = {"file": file, "on": ON}
    answer = desk.post(reverse("units-import"), sent, follow=True)
    assert "Không có gì để ghi" in text(answer)


def act(client: Client, unit: str, which: str, **typed: Any) -> Any:
    """Preview an act, then carry it out from what the preview shows."""
    address = reverse("unit-change", args=[unit, which])
    typed = {"on": ON, "instrument": "12/NQ", **typed}
    shown = client.post(address, typed)
    assert "Xem trước, chưa ghi" in text(shown), text(shown)
    edition = shown.context["edition"]
    return client.post(
        address, {**typed, "edition": edition, "apply": "1"}, follow=True
    )


def test_a_change_of_name_is_previewed_and_told_as_history(desk: Client) -> None:
    now = register().on(dt.date(2024, 2, 1))[THO_XUONG]
    typed = {
        "name": "Phường Mới",
        "code": now.code,
        "kind": now.kind,
        "designation": now.designation,
        "parent": now.parent,
        "population": str(now.population or ""),
        "size_class": "",
    }
    shown = text(act(desk, THO_XUONG, "doi", **typed))
    assert "Đổi tên từ Phường Thọ Xương thành Phường Mới. Theo 12/NQ" in shown
    assert AuditEntry.objects.filter(act="reorganise").count() == 1
    address = reverse("unit-change", args=[THO_XUONG, "doi"])
    same = desk.post(address, {**typed, "on": "02/02/2024"})
    assert same.status_code == 422
    assert "giống hệt hiện trạng" in text(same)


def test_units_are_merged_split_closed_and_grouped_by_forms(desk: Client) -> None:
    act(desk, THO_XUONG, "sap-nhap", others=[NGO_QUYEN], into="", name="Phường Mới")
    act(
        desk,
        CANH_NAU,
        "chia-tach",
        remains="1",
        **{"part1.name": "Xã Một", "part1.share": "1/4"},
    )
    act(desk, CANH_NAU, "nhom", group="bien-gioi")
    tree = register().on(dt.date(2024, 2, 1))
    assert {v.name for v in tree} >= {"Phường Mới", "Xã Một"}
    assert THO_XUONG not in tree
    shown = page(desk, "unit", CANH_NAU, ngay="2024-02-01")
    assert "Vào nhóm “bien-gioi”." in shown
    assert "Chia tách thành: Xã Một (1/4)" in shown
    assert "1 đơn vị" in page(desk, "units", nhom="bien-gioi", ngay="2024-02-01")
    act(desk, "bg-xa-mot", "ket-thuc", on="01/03/2024")
    assert "bg-xa-mot" not in register().on(dt.date(2024, 3, 1))


def test_an_act_that_cannot_be_says_why_and_keeps_what_was_typed(desk: Client) -> None:
    address = reverse("unit-change", args=[YEN_THE, "ket-thuc"])
    answer = desk.post(address, {"on": ON, "instrument": "7/NQ"})
    assert answer.status_code == 422
    assert "đơn vị trực thuộc vào ngày 01/02/2024" in text(answer)
    assert 'value="7/NQ"' in answer.content.decode()
    assert desk.get(reverse("unit-change", args=[YEN_THE, "bay"])).status_code == 404


def test_what_was_previewed_on_another_register_is_not_carried_out(
    desk: Client,
) -> None:
    address = reverse("unit-found")
    typed = {"on": ON, "name": "Phường C", "parent": CITY, "apply": "1"}
    answer = desk.post(address, {**typed, "edition": "cu"})
    assert answer.status_code == 422
    assert "chạy thử lại" in text(answer)


def test_a_pack_without_some_units_leaves_them_as_they_are(desk: Client) -> None:
    small = factories.small_pack()
    versions = [v for v in small.register.versions if v.unit != CANH_NAU]
    fewer = replace(small, register=Register(versions))
    at = factories.AT
    assert reorganise.load_units(pack=fewer, by=factories.BY, at=at) == 0
    assert CANH_NAU in register()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_with_none_beside_it_shows_the_units_of_today(
    day: str, office: Office
) -> None:
    for name, args in (("units", ()), ("unit", (factories.THO_XUONG,))):
        answer = office.client("office").get(reverse(name, args=args), {"ngay": day})
        assert answer.status_code == 200
        assert answer.context["day"] == dt.date(2024, 1, 16)
