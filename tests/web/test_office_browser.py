"""Does the entry form behave like a spreadsheet, and hold in any browser and theme?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests import factories
from tests.factories import (
    MONTHLY,
    NGO_QUYEN,
    THO_XUONG,
    accepted,
    crimes,
    form_of,
    month,
    opened,
    sent,
)
from tests.web.conftest import Office

from tongket.cycle import check
from tongket.records.models import ReturnVersion

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PERIOD = (MONTHLY, "nd09-2023-m12")
HERE = (*PERIOD, THO_XUONG, form_of(MONTHLY).key)


class Desk:
    """A person's browser at the office: opens pages by name, reads and fills cells."""

    def __init__(self, page: "Page", root: str) -> None:
        self.page, self.root = page, root

    def go(self, name: str, *arguments: Any) -> None:
        """Open a page by its name."""
        self.page.goto(self.root + reverse(name, args=arguments))

    def cell(self, measure: str) -> str:
        """Return what stands in a cell."""
        return self.page.input_value(f'[name="cell.{measure}"]')

    def paste(self, measure: str, text: str) -> None:
        """Paste a block, as Excel puts it on the clipboard, into a cell."""
        self.page.focus(f'[name="cell.{measure}"]')
        self.page.evaluate(
            """text => {
              const data = new DataTransfer();
              data.setData("text/plain", text);
              const all = {clipboardData: data, bubbles: true, cancelable: true};
              document.activeElement.dispatchEvent(new ClipboardEvent("paste", all));
            }""",
            text,
        )

    @property
    def said(self) -> str:
        """What the form says about the draft."""
        return self.page.inner_text(".saved")


@pytest.fixture
def desks(
    office: Office, chromium: "Browser", live_server: Any
) -> "Iterator[dict[str, Desk]]":
    """A signed-in browser for the reporter and for the standing office."""
    contexts, found = [], {}
    for name in ("own", "office"):
        session = office.client(name).cookies["sessionid"].value
        context = chromium.new_context(locale="vi-VN")
        context.add_cookies(
            [{"name": "sessionid", "value": session, "url": live_server.url}]
        )
        contexts.append(context)
        found[name] = Desk(context.new_page(), live_server.url)
    yield found
    for context in contexts:
        context.close()


@pytest.fixture
def desk(desks: dict[str, Desk]) -> Desk:
    """The reporter's browser with the form of December open."""
    opened(month(12))
    desks["own"].go("return-entry", *HERE)
    return desks["own"]


def test_arrows_and_enter_move_from_cell_to_cell(desk: Desk) -> None:
    desk.page.focus('[name="cell.social_order_cases"]')
    for key in ("7", "Enter", "6", "ArrowDown", "5", "ArrowUp", "4"):
        desk.page.keyboard.press(key)
    assert desk.cell("social_order_cases") == "7"
    assert desk.cell("social_order_cleared") == "4"
    assert desk.cell("social_order_persons") == "5"


def test_a_column_from_excel_goes_down_over_the_headings(desk: Desk) -> None:
    desk.paste("social_order_injured", "1\r\n2\r\n\r\n3\r\n-\r\n")
    assert desk.cell("social_order_damage") == "2"
    assert desk.cell("drug_cases_detected") == "3"
    assert desk.cell("drug_persons") == "-"
    assert "Đã dán 4 ô" in desk.said


def test_a_column_without_blanks_skips_the_headings(desk: Desk) -> None:
    desk.paste("social_order_damage", "8\n9")
    assert desk.cell("drug_cases_detected") == "9"


def test_a_block_with_its_labels_finds_its_rows(desk: Desk) -> None:
    desk.paste(
        "social_order_cases",
        "1\tSố vụ tai nạn giao thông\tvụ\t3\n2\tSố vụ cháy, nổ\tvụ\t-",
    )
    assert (desk.cell("traffic_cases"), desk.cell("fire_cases")) == ("3", "-")
    assert desk.cell("social_order_cases") == ""


def test_rows_that_must_add_up_are_summed_while_typing(desk: Desk) -> None:
    desk.paste("theft_cases", "2\n3\n-\n0\n1")
    desk.page.fill('[name="cell.social_order_cases"]', "5")
    note = desk.page.locator('[data-sum="social_order_cases"]')
    assert note.inner_text().endswith("Cộng cơ cấu: 6")
    assert note.get_attribute("data-differs") is not None
    desk.page.fill('[name="cell.social_order_cases"]', "6")
    assert note.get_attribute("data-differs") is None


def test_what_was_typed_is_there_after_the_page_was_left(desk: Desk) -> None:
    desk.page.fill('[name="cell.theft_cases"]', "12")
    desk.go("return", *HERE)
    desk.go("return-entry", *HERE)
    assert desk.cell("theft_cases") == "12"
    assert "Đã khôi phục bản nháp" in desk.said
    desk.page.click("[data-discard]")
    expect(desk.page.locator('[name="cell.theft_cases"]')).to_have_value("")
    assert desk.page.evaluate("localStorage.length") == 0


def test_a_draft_is_forgotten_once_it_was_sent(desk: Desk) -> None:
    for measure in form_of(MONTHLY).measures:
        desk.page.fill(f'[name="cell.{measure.key}"]', "0")
    expect(desk.page.locator(".saved")).to_contain_text("Đã lưu nháp")
    desk.page.click(".bar .button:not([data-discard])")
    desk.page.wait_for_url(desk.root + reverse("return", args=HERE))
    desk.go("return-entry", *HERE)
    assert desk.said == ""
    assert desk.page.evaluate("localStorage.length") == 0
    assert ReturnVersion.objects.get().sent_by == "own"


@pytest.fixture
def pages(desks: dict[str, Desk]) -> list[tuple[Desk, str, tuple[str, ...]]]:
    """Every page of collecting and checking, with something on it to show."""
    accepted(month(11), {THO_XUONG: crimes(2)})
    (version, _) = sent(month(12), {THO_XUONG: crimes(2), NGO_QUYEN: crimes(1)})
    check.send_back(
        returns=[version.of], reason="Rà soát lại.", by="office", at=factories.AT
    )
    wrong = crimes(2, injury_cases=4, social_order_cleared=3)
    versions = sent(month(12), {THO_XUONG: wrong})
    check.examine(pack=factories.small_pack(), versions=versions, at=factories.AT)
    own, office = desks["own"], desks["office"]
    return [
        (own, "year", ()),
        (own, "collect", ()),
        (own, "return-entry", HERE),
        (own, "return", HERE),
        (office, "year", ()),
        (office, "units", ()),
        (office, "unit", (THO_XUONG,)),
        (office, "collect", ()),
        (office, "collect-open", ()),
        (office, "collect-period", PERIOD),
        (office, "collect-close", PERIOD),
        (office, "check", ()),
        (office, "check-return", HERE),
        (office, "check-accept-sound", PERIOD),
        (office, "audit", ()),
    ]


@pytest.mark.parametrize(
    ("scheme", "width", "size"),
    [("light", 320, "100"), ("dark", 768, "200"), ("dark", 1280, "100")],
)
def test_no_staff_page_breaks_a_rule_that_axe_knows(
    pages: Any, scheme: str, width: int, size: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for desk, name, arguments in pages:
        desk.page.set_viewport_size({"width": width, "height": 800})
        desk.page.emulate_media(color_scheme=scheme)
        desk.page.add_init_script(f"localStorage.setItem('fs', '{size}')")
        desk.go(name, *arguments)
        found = Axe().run(desk.page).response["violations"]
        assert [each["id"] for each in found] == [], name
        wider = "document.documentElement.scrollWidth > innerWidth"
        assert not desk.page.evaluate(wider), f"{name} scrolls sideways"
