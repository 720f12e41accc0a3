"""Is a district's month the same by keyboard, by one workbook and by a program?

The clerk of Yên Thế files what its nineteen communes counted: January in Chromium
without touching the mouse, February in one workbook, March as one request.
"""

import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect
from tests.journey.conftest import ROOT

from tongket.cycle import collect, connect, enrol, reorganise
from tongket.cycle.connect import Scope
from tongket.domain.access import Role
from tongket.domain.figures import Cell, State, shown
from tongket.domain.periods import parse
from tongket.loader import demonstration, packs
from tongket.loader.pack import Pack
from tongket.office import facts
from tongket.records import cells as stored_cells
from tongket.records.models import ReturnVersion

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DISTRICT, SCHEME, FORM = "bg-d215", "commune-month", "commune-month-2022"
BY_KEYBOARD, BY_WORKBOOK, BY_PROGRAM = (f"nd09-2024-m0{month}" for month in (1, 2, 3))
TODAY = dt.date(2024, 3, 15)
AT = dt.datetime(2024, 3, 15, 8, tzinfo=dt.timezone(dt.timedelta(hours=7)))

Answers = Mapping[str, Mapping[str, Cell]]


@cache
def whole_pack() -> Pack:
    return packs.load(ROOT / "packs" / "vietnam", ROOT / "packs" / "bac-giang")


@cache
def answers() -> Answers:
    """What each commune of the district counted: December of the demonstration."""
    pack = whole_pack()
    communes = set(pack.register.on(TODAY).children(DISTRICT))
    demo = demonstration.load_demo(ROOT / "packs" / "bac-giang" / "demo")
    return {
        each.unit: each.cells
        for each in demonstration.returns(pack, demo)
        if each.unit in communes
        and each.form == FORM
        and each.period.key == "nd09-2023-m12"
    }


def typed(cell: Cell) -> str:
    """What an official types for a cell."""
    if cell.value is not None:
        return shown(cell.value)
    return {State.NIL: "-", State.NOT_APPLICABLE: "x", State.MISSING: ""}[cell.state]


def filed(period: str) -> dict[str, dict[str, Cell]]:
    """What the records hold for a period, by commune."""
    found = ReturnVersion.objects.filter(of__period__period=period).order_by("number")
    return {
        version.of.unit.key: stored_cells.from_json(version.cells)
        for version in found.select_related("of__unit")
    }


@pytest.fixture
def clerk(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> User:
    """The clerk of the district, with three months open."""
    monkeypatch.setattr(facts, "pack", whole_pack)
    settings.TODAY = TODAY
    settings.DATA_DIR = tmp_path
    pack = whole_pack()
    reorganise.load_units(pack=pack, by="tester", at=AT)
    newcomer = enrol.Newcomer("clerk", "", Role.CLERK, DISTRICT, dt.date(2022, 1, 1))
    (user,) = enrol.enrol(newcomers=[newcomer], password="!", by="tester", at=AT)
    for key in (BY_KEYBOARD, BY_WORKBOOK, BY_PROGRAM):
        period = parse(key, pack.regimes)
        collect.open_period(pack=pack, scheme=SCHEME, period=period, by="office", at=AT)
    return user


@pytest.fixture
def page(clerk: User, chromium: Any, live_server: Any) -> Iterator["Page"]:
    """The clerk's browser."""
    client = Client()
    client.force_login(clerk)
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    context = chromium.new_context(
        base_url=live_server.url, locale="vi-VN", service_workers="block"
    )
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    context.add_cookies([cookie])
    yield context.new_page()
    context.close()


FOCUSED = """() => {
  const here = document.activeElement;
  return here.matches("a, button") ? here.innerText : here.name ?? "";
}"""


def tab_to(page: "Page", words: str) -> None:
    """Press Tab until a link or button with these words, or such a box, has focus."""
    for _ in range(120):
        if words in page.evaluate(FOCUSED):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach “{words}”")


def by_keyboard(page: "Page") -> None:
    """File the month without the mouse: from the list to the last commune."""
    page.goto(reverse("collect"))
    tab_to(page, "Nhập số liệu")
    page.keyboard.press("Enter")
    for _ in answers():
        page.wait_for_selector("#entry[data-ready]")
        unit = page.url.rstrip("/").split("/")[-3]
        tab_to(page, "cell.")
        for cell in answers()[unit].values():
            page.keyboard.type(typed(cell))
            page.keyboard.press("Enter")
        page.keyboard.press("Control+Enter")
        expect(page.locator("dialog#send")).to_be_visible()
        with page.expect_navigation():
            page.keyboard.press("Enter")


def test_three_ways_of_filing_a_districts_month_give_the_same(
    clerk: User, page: "Page"
) -> None:
    by_keyboard(page)
    by_workbook(page)
    by_program(clerk)
    assert len(answers()) == 19
    assert filed(BY_KEYBOARD) == answers()
    assert filed(BY_WORKBOOK) == answers()
    assert filed(BY_PROGRAM) == answers()
    channels = ReturnVersion.objects.values_list("of__period__period", "channel")
    assert set(channels) == {
        (BY_KEYBOARD, "WEB"),
        (BY_WORKBOOK, "WORKBOOK"),
        (BY_PROGRAM, "API"),
    }


def by_workbook(page: "Page") -> None:
    """Fill the district's list in Excel and send it as one file."""
    arguments = [SCHEME, BY_WORKBOOK]
    blank = page.request.get(reverse("uploads-blank", args=arguments))
    book = openpyxl.load_workbook(io.BytesIO(blank.body()))
    fill(book.worksheets[0])
    filled = io.BytesIO()
    book.save(filled)
    page.goto(reverse("uploads", args=arguments))
    file = {"name": "yen-the.xlsx", "buffer": filled.getvalue()}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("main input[type=file]", {**file, "mimeType": kind})
    with page.expect_navigation(url="**/van-phong/nop-tep/*-*/"):
        page.click("main form button[type=submit], main form button.button")


def fill(sheet: Any) -> None:
    """Write what each commune counted into its row of the list."""
    labels = {each.label: each.key for each in whole_pack().forms[FORM].measures}
    columns: dict[int, str] = {}
    for row in sheet.iter_rows():
        for cell in row:
            if str(cell.value) in labels:
                columns[cell.column] = labels[str(cell.value)]
        unit = next((str(c.value) for c in row if str(c.value) in answers()), None)
        for column, measure in columns.items() if unit else ():
            content = answers()[unit][measure]
            number = None if content.value is None else float(content.value)
            sheet.cell(row[0].row, column).value = (
                typed(content) if number is None else number
            )


def by_program(clerk: User) -> None:
    """Send the month as one request."""
    _, key = connect.issue(
        user=clerk, name="Kế toán", scopes=list(Scope), until=TODAY, by="clerk", at=AT
    )
    values = [
        {"unit": unit, "measure": measure, "value": typed(cell)}
        for unit, cells in answers().items()
        for measure, cell in cells.items()
    ]
    body = {"scheme": SCHEME, "period": BY_PROGRAM, "form": FORM, "values": values}
    answer = Client(headers={"Authorization": f"Bearer {key}"}).post(
        "/api/v1/values/bulk", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == HTTPStatus.OK
    assert answer.json()["conflicts"] == []
