"""Does a return get from the paper form into the records, and back with a reason?"""

import io
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.factories import (
    COMMUNES,
    MONTHLY,
    THO_XUONG,
    accepted,
    cells,
    climbed,
    crimes,
    form_of,
    month,
    opened,
    sent,
)
from tests.web.conftest import Office

from tongket.cycle import check, collect
from tongket.documents import workbooks
from tongket.domain.figures import Cell, reported
from tongket.office import facts, sheets
from tongket.records.models import (
    AuditEntry,
    Doubt,
    OpenPeriod,
    Return,
    ReturnVersion,
)

FORM = form_of(MONTHLY)
HERE = (MONTHLY, "nd09-2023-m12", THO_XUONG, FORM.key)


def typed(stored: dict[str, Cell], **changed: str) -> dict[str, str]:
    """Return what a browser posts for a return; `changed` is typed over it."""
    texts = {key: sheets.typed(cell) for key, cell in stored.items()} | changed
    return {f"cell.{key}": text for key, text in texts.items()}


def post(office: Office, data: dict[str, str], page: str = "return-entry") -> Any:
    """Send the form of Thọ Xương as its reporter."""
    return office.client("own").post(reverse(page, args=HERE), data)


def page(client: Client, name: str, *arguments: Any, **query: str) -> str:
    """Return the text of a page."""
    return client.get(reverse(name, args=arguments), query).content.decode()


def filled(unit: str, stored: dict[str, Cell]) -> SimpleUploadedFile:
    """Return a filled workbook of a unit, as a browser uploads it."""
    tree = factories.small_pack().register.on(month(12).end)
    content = io.BytesIO()
    workbooks.write(
        content,
        form=FORM,
        period=month(12),
        filling=workbooks.Filling(tree[unit], tree[unit].name, stored),
    )
    return SimpleUploadedFile("bieu.xlsx", content.getvalue())


def test_a_return_typed_on_the_web_is_kept_and_waits(office: Office) -> None:
    opened(month(12))
    answer = post(office, typed(crimes(2), fire_damage="1.554"))
    kept = ReturnVersion.objects.get()
    assert answer.status_code == 302
    assert kept.cells["fire_damage"] == ["REPORTED", "1554"]
    assert (kept.of.state, kept.sent_by) == (Return.State.SENT, "own")
    assert kept.examined_at is not None


def test_a_cell_that_is_no_number_is_told_at_the_cell_and_nothing_is_lost(
    office: Office,
) -> None:
    opened(month(12))
    answer = post(office, typed(crimes(2), theft_cases="hai", fire_cases="1,554"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert ReturnVersion.objects.count() == 0
    assert 'value="hai"' in text
    assert "“hai” không phải là số" in text
    assert "“1,554” có thể hiểu hai cách" in text


def test_the_four_nothings_are_typed_apart(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "pack", factories.pack_without_cameras)
    opened(month(12))
    post(office, typed(crimes(0), fire_cases="-", cameras="x", fire_injured=""))
    kept = ReturnVersion.objects.get().cells
    states = [kept[key][0] for key in ("fire_cases", "cameras", "fire_injured")]
    assert states == ["NIL", "NOT_APPLICABLE", "MISSING"]


def test_a_finding_stands_at_its_cell_until_it_is_mended(office: Office) -> None:
    opened(month(12))
    wrong = typed(crimes(2), theft_cases="1")
    assert post(office, wrong)["Location"] == reverse("return-entry", args=HERE)
    text = page(office.client("own"), "return-entry", *HERE)
    assert "Rà soát cơ cấu từng loại tội phạm" in text
    assert post(office, typed(crimes(2)))["Location"] == reverse("return", args=HERE)
    assert "Rà soát cơ cấu" not in page(office.client("own"), "return-entry", *HERE)


def test_words_for_an_odd_number_make_it_acceptable(office: Office) -> None:
    opened(month(12))
    odd = typed(crimes(2, social_order_cleared=3))
    post(office, odd)
    (version,) = ReturnVersion.objects.all()
    assert check.is_blocked(version, Doubt.objects.all())
    post(office, {**odd, "explain.social_order_cleared": "Khám phá cả vụ kỳ trước."})
    version = ReturnVersion.objects.get(number=2)
    assert not check.is_blocked(version, version.doubts.all())


def test_sending_the_same_again_makes_no_new_version(office: Office) -> None:
    opened(month(12))
    post(office, typed(crimes(2)))
    address = reverse("return-entry", args=HERE)
    again = office.client("own").post(address, typed(crimes(2)), follow=True)
    assert ReturnVersion.objects.count() == 1
    assert "Không có thay đổi" in again.content.decode()


def test_the_period_before_and_the_same_period_stand_beside_each_cell(
    office: Office,
) -> None:
    accepted(month(11), {THO_XUONG: crimes(71)})
    accepted(month(12, 2022), {THO_XUONG: crimes(83)})
    opened(month(12))
    text = page(office.client("own"), "return-entry", *HERE)
    assert 'data-label="Kỳ trước" data-typed="71">71<' in text
    assert 'data-label="Cùng kỳ" data-typed="83">83<' in text


def test_a_closed_period_takes_no_return(office: Office) -> None:
    period = opened(month(12))
    collect.close_period(
        opened=period, reason="Chốt số liệu", by="office", at=factories.AT
    )
    answer = post(office, typed(crimes(2)))
    assert answer.status_code == 422
    assert "đã khóa" in answer.content.decode()
    assert ReturnVersion.objects.count() == 0


def test_a_filled_workbook_is_received(office: Office) -> None:
    opened(month(12))
    post(office, {"files": filled(THO_XUONG, crimes(3))}, "return-upload")
    kept = ReturnVersion.objects.get()
    assert kept.channel == ReturnVersion.Channel.WORKBOOK
    assert kept.cells["theft_cases"] == ["REPORTED", "3"]


def test_the_downloaded_workbook_holds_what_was_sent_last(office: Office) -> None:
    sent(month(12), {THO_XUONG: crimes(4)})
    answer = office.client("own").get(reverse("return-workbook", args=HERE))
    tree = factories.small_pack().register.on(month(12).end)
    sheet = workbooks.read(answer.content, form=FORM, period=month(12), units=tree)
    assert (sheet.unit, sheet.cells["theft_cases"]) == (THO_XUONG, reported(4))


def test_the_story_tells_what_changed_and_why_it_was_sent_back(office: Office) -> None:
    (version,) = sent(month(12), {THO_XUONG: crimes(2)})
    reason = "Rà soát lại số vụ trộm cắp."
    factories.decided([version], reason, by="office")
    sent(month(12), {THO_XUONG: crimes(5)})
    text = page(office.client("own"), "return", *HERE)
    assert reason in text
    assert '<td class="num">2</td><td class="num">5</td>' in text


def test_the_board_counts_who_owes_and_who_is_late(office: Office) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    text = page(office.client("office"), "collect-period", *HERE[:2])
    assert "Đã gửi 1/4 báo cáo" in text
    assert text.count("Quá hạn, chưa gửi") == 3


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "tho xuong"}, ["Phường Thọ Xương"]),
        ({"huyen": factories.YEN_THE}, ["Xã Đồng Tiến", "Xã Canh Nậu"]),
        ({"trang-thai": "cho-duyet"}, ["Phường Thọ Xương"]),
        ({"q": "không có đâu"}, []),
    ],
)
def test_the_board_is_filtered(
    query: dict[str, str], names: list[str], office: Office
) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    text = page(office.client("office"), "collect-period", *HERE[:2], csv="1", **query)
    found = [line.split(",")[1] for line in text.splitlines()[1:]]
    assert found == names


def test_a_list_is_taken_away_as_a_file_that_excel_reads(office: Office) -> None:
    opened(month(12))
    text = page(office.client("office"), "collect-period", *HERE[:2], csv="1")
    assert text.startswith("\ufeffMã,Đơn vị")
    assert "\n07201,Phường Thọ Xương" in text


def test_a_reporter_sees_only_the_own_unit_on_the_board(office: Office) -> None:
    opened(month(12))
    text = page(office.client("own"), "collect-period", *HERE[:2])
    assert "Phường Thọ Xương" in text
    assert "Phường Ngô Quyền" not in text


def test_a_period_opens_from_a_scheme_with_its_ten_items(office: Office) -> None:
    client = office.client("office")
    text = page(client, "collect-open", **{"che-do": MONTHLY})
    assert "10. Biểu mẫu số liệu" in text
    answer = client.post(
        reverse("collect-open"), {"scheme": MONTHLY, "period": "nd09-2024-m01"}
    )
    assert answer.status_code == 302
    assert OpenPeriod.objects.get().period == "nd09-2024-m01"


def test_a_period_is_not_opened_twice(office: Office) -> None:
    opened(month(12))
    answer = office.client("office").post(
        reverse("collect-open"), {"scheme": MONTHLY, "period": "nd09-2023-m12"}
    )
    assert answer.status_code == 422
    assert "đã được mở từ trước" in answer.content.decode()


def test_a_scheme_that_lacks_an_item_opens_no_period(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = factories.small_pack()
    lacking = replace(pack.schemes[MONTHLY], recipient="")
    changed = replace(pack, schemes={**pack.schemes, MONTHLY: lacking})
    monkeypatch.setattr(facts, "pack", lambda: changed)
    client = office.client("office")
    assert "chưa có" in page(client, "collect-open", **{"che-do": MONTHLY})
    answer = client.post(
        reverse("collect-open"), {"scheme": MONTHLY, "period": "nd09-2024-m01"}
    )
    assert answer.status_code == 422
    assert "thiếu cơ quan nhận báo cáo" in answer.content.decode()
    assert OpenPeriod.objects.count() == 0


def test_a_period_is_closed_with_a_reason_only(office: Office) -> None:
    opened(month(12))
    client, address = office.client("office"), reverse("collect-close", args=HERE[:2])
    assert client.post(address, {"reason": " "}).status_code == 422
    client.post(address, {"reason": "Chốt số liệu năm."})
    assert OpenPeriod.objects.get().state == OpenPeriod.State.CLOSED


def test_closing_warns_of_what_still_waits_and_says_where(office: Office) -> None:
    accepted(month(12), {unit: crimes(1) for unit in COMMUNES[1:]})
    client, address = office.client("office"), reverse("collect-close", args=HERE[:2])
    assert "1 báo cáo chưa gửi" in client.get(address).content.decode()
    (version,) = sent(month(12), {THO_XUONG: crimes(2)})
    text = client.get(address).content.decode()
    link = f"{reverse('collect-period', args=HERE[:2])}?trang-thai=cho-duyet"
    assert f'<a href="{link}">1 báo cáo đang chờ duyệt</a>' in text
    assert "báo cáo chưa gửi" not in text
    listed = client.get(link).content.decode()
    assert "Phường Thọ Xương" in listed
    assert "Phường Ngô Quyền" not in listed
    climbed([version.of])
    assert "Kỳ này còn việc chưa xong" not in client.get(address).content.decode()


def test_a_closed_period_is_opened_again_with_a_reason_that_stays_on_record(
    office: Office,
) -> None:
    opened(month(12))
    client = office.client("office")
    close, reopen = (
        reverse(name, args=HERE[:2]) for name in ("collect-close", "collect-reopen")
    )
    client.post(close, {"reason": "Chốt số liệu năm."})
    assert client.get(reopen).status_code == 200
    assert client.post(reopen, {"reason": ""}).status_code == 422
    client.post(reopen, {"reason": "Xã đề nghị đính chính."})
    assert OpenPeriod.objects.get().state == OpenPeriod.State.OPEN
    acts = AuditEntry.objects.filter(act="reopen_period")
    assert acts.get().new["reason"] == "Xã đề nghị đính chính."


def test_more_returns_need_no_more_queries(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    sent(month(12), {unit: cells() for unit in factories.COMMUNES})
    client = office.client("office")
    for name, arguments in (
        ("collect", ()),
        ("collect-period", HERE[:2]),
        ("check", ()),
    ):
        with django_assert_max_num_queries(18):
            assert client.get(reverse(name, args=arguments)).status_code == 200


def test_an_english_page_names_rows_and_periods_in_english(office: Office) -> None:
    opened(month(12))
    address = f"/en{reverse('return-entry', args=HERE)}"
    text = office.client("own").get(address).content.decode()
    assert "Social-order crimes that occurred" in text
    assert "month 12/2023" in text
    assert "month 11/2023" in text


def test_a_period_of_the_next_year_is_told_while_this_one_is_under_review(
    office: Office,
) -> None:
    opened(month(12))
    opened(month(1, 2024))
    text = page(office.client("own"), "collect")
    assert "Năm 2023" in text
    assert "Tháng 01/2024" in text


def test_a_database_held_too_long_is_told_in_a_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("tongket.office.duties.of", held)
    answer = office.client("office").get(reverse("collect"))
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "đang bận" in answer.content.decode()
