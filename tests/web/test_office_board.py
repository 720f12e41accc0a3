"""Does the board show every unit and period that a person may see, and add them up?"""

import csv
import datetime as dt
import io
import re
from http import HTTPStatus
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests import factories
from tests.factories import (
    CITY,
    DONG_TIEN,
    MONTHLY,
    NGO_QUYEN,
    THO_XUONG,
    YEN_THE,
    accepted,
    crimes,
    form_of,
    instant,
    month,
    opened,
    sent,
)
from tests.web.conftest import Office, close

from tongket.cycle import collect, extend
from tongket.domain.completeness import Share, Standing
from tongket.records.models import Extension, OpenPeriod

FORM = f"{MONTHLY}:{form_of(MONTHLY).key}"
DUE = dt.date(2023, 12, 18)  # two working days after 14/12/2023


def board(office: Office, name: str = "office", **query: str) -> Any:
    """Return the answer of the board to a person."""
    told = {"nam": "2023", "bieu": FORM, **query}
    return office.client(name).get(reverse("board"), told)


def row(answer: Any, name: str) -> dict[str, Any]:
    """Return the row of a unit as the page shows it."""
    (found,) = (r for r in answer.context["rows"] if r["unit"].name == name)
    return found


def shown(answer: Any, name: str) -> list[tuple[str, str, str]]:
    """Return words, note and tone of each cell of a unit's row."""
    return [read(cell) for cell in row(answer, name)["cells"]]


def read(cell: str) -> tuple[str, str, str]:
    """Return words, note and tone of a cell of the page."""
    tone = re.search(r'data-tone="(\w+)"', cell)
    note = re.search(r'<span class="note">(.*?)</span>', cell)
    told = re.sub(r'<span class="(note|visually-hidden)">.*?</span>', "", cell)
    words = re.sub(r"<[^>]+>", "", told)
    return words, note[1] if note else "", tone[1] if tone else ""


@pytest.fixture
def december(office: Office) -> Office:
    """The last month of 2023: one on time and accepted, one late, two missing."""
    period = month(12)
    accepted(period, {THO_XUONG: crimes(3)}, sent_at=instant(DUE, 23, 59))
    sent(period, {DONG_TIEN: crimes(1)}, sent_at=instant(DUE + dt.timedelta(1), 0, 1))
    return office


def test_a_level_shows_how_complete_and_timely_those_below_it_are(
    december: Office,
) -> None:
    answer = board(december)
    assert [r["unit"].unit for r in answer.context["rows"]] == [CITY, YEN_THE]
    assert shown(answer, "Thành phố Bắc Giang") == [("1/2", "quá hạn: 1", "bad")]
    total = answer.context["total"]
    assert (total.completeness, total.timeliness) == (Share(2, 4), Share(1, 4))
    text = answer.content.decode()
    assert "Đã có 2 trong 4 báo cáo phải gửi" in text
    assert "50,0%" in text
    assert "25,0%" in text


def test_a_district_leads_to_its_communes_and_they_to_their_returns(
    december: Office,
) -> None:
    above = row(board(december), "Huyện Yên Thế")
    answer = december.client("office").get(above["url"])
    assert shown(answer, "Xã Đồng Tiến")[0][0] == "Chờ duyệt"
    missing = DUE - factories.instant(dt.date(2024, 1, 16)).date()
    days = -missing.days
    assert shown(answer, "Xã Canh Nậu") == [(f"Quá hạn {days} ngày", "", "bad")]
    cell = row(answer, "Xã Đồng Tiến")["cells"][0]
    address = reverse(
        "return", args=(MONTHLY, "nd09-2023-m12", DONG_TIEN, form_of(MONTHLY).key)
    )
    assert f'href="{address}"' in cell
    assert december.client("office").get(address).status_code == HTTPStatus.OK


def test_a_return_that_waits_names_the_rung_it_waits_at(december: Office) -> None:
    answer = board(december, **{"don-vi": YEN_THE})
    assert shown(answer, "Xã Đồng Tiến") == [("Chờ duyệt", "Huyện Yên Thế", "info")]


def test_an_accepted_return_is_on_time_or_late_then_locked_with_its_period(
    december: Office,
) -> None:
    answer = board(december, **{"don-vi": CITY})
    name = "Phường Thọ Xương"
    assert shown(answer, name) == [("Đúng hạn", "", "good")]
    collect.close_period(
        opened=OpenPeriod.objects.get(), reason="Hết năm", by="office", at=factories.AT
    )
    assert shown(board(december, **{"don-vi": CITY}), name) == [("Đã khóa", "", "good")]


def test_time_that_was_given_moves_the_due_day_of_the_unit(december: Office) -> None:
    extend.grant(
        pack=factories.small_pack(),
        opened=OpenPeriod.objects.get(),
        units=[NGO_QUYEN, DONG_TIEN],
        kind=Extension.Kind.DUE,
        until=dt.date(2024, 1, 17),
        reason="Lũ",
        by="office",
        at=instant(dt.date(2023, 12, 15)),
    )
    answer = board(december, **{"don-vi": CITY})
    assert shown(answer, "Phường Ngô Quyền") == [("Sắp đến hạn", "hạn 17/01", "warn")]
    total = board(december).context["total"]
    assert total.timeliness == Share(2, 3)
    assert total.missing == 1


def test_typing_that_has_begun_is_seen(december: Office) -> None:
    enter_one_cell(december)
    answer = board(december, **{"don-vi": CITY})
    (cell,) = shown(answer, "Phường Ngô Quyền")
    assert cell == ("Quá hạn 29 ngày", "đang nhập", "bad")


def enter_one_cell(office: Office) -> None:
    """Let the reporter of Ngô Quyền leave one cell of the grid."""
    here = (MONTHLY, "nd09-2023-m12", NGO_QUYEN, form_of(MONTHLY).key)
    edit = {"token": "a" * 32, "measure": "theft_cases", "text": "2", "over": 0}
    answer = office.client("other").post(
        reverse("return-cells", args=here),
        {"version": 0, "edits": [edit]},
        content_type="application/json",
    )
    assert answer.status_code == HTTPStatus.OK


def test_the_rows_can_be_filtered_and_sorted(december: Office) -> None:
    def names(**query: str) -> list[str]:
        answer = board(december, **query)
        return [r["unit"].name for r in answer.context["rows"]]

    assert names(cap="commune", q="dong") == ["Xã Đồng Tiến"]
    assert len(names(cap="commune")) == 4
    waiting = names(cap="commune", **{"trang-thai": str(Standing.WAITING)})
    assert waiting == ["Xã Đồng Tiến"]
    by_time = names(cap="commune", xep="dung-han")
    assert by_time[-1] == "Phường Thọ Xương"
    assert names(xep="ten") == ["Huyện Yên Thế", "Thành phố Bắc Giang"]
    assert names(q="không có đâu") == []


def test_a_month_not_due_yet_is_neither_missing_nor_timely(office: Office) -> None:
    opened(month(2, 2024))
    answer = board(office, nam="2024")
    total = answer.context["total"]
    assert total.completeness == Share(0, 4)
    assert total.timeliness.percent is None
    assert shown(answer, "Huyện Yên Thế")[0][2] == "neutral"


def test_a_person_sees_own_units_alone(december: Office) -> None:
    answer = board(december, "reviewer")
    assert [r["unit"].unit for r in answer.context["rows"]] == [THO_XUONG, NGO_QUYEN]
    assert board(december, "reviewer", **{"don-vi": YEN_THE}).status_code == 404
    assert board(december, "reviewer", **{"don-vi": "khong-co"}).status_code == 404
    own = board(december, "own")
    assert [r["unit"].unit for r in own.context["rows"]] == [THO_XUONG]
    assert own.context["total"].owed == 1


def test_a_standing_that_nobody_knows_is_no_page(december: Office) -> None:
    assert board(december, **{"trang-thai": "XYZ"}).status_code == 404


def test_the_export_holds_every_unit_below_with_its_words(december: Office) -> None:
    answer = board(december, tai="csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("Mã,Đơn vị,Cấp trên,")
    assert len(lines) == 5
    (one,) = (line for line in lines if "Đồng Tiến" in line)
    assert "Chờ duyệt, muộn" in one
    assert one.endswith(",1,1,1,0")
    answer = board(december, tai="xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    close(answer)
    rows = book.active.iter_rows(min_row=2, values_only=True)
    assert [list(map(str, each)) for each in rows] == list(csv.reader(lines))


def test_a_year_in_which_nothing_was_opened_says_so(office: Office) -> None:
    text = board(office).content.decode()
    assert "Chưa có kỳ báo cáo nào" in text
