"""Does a doubtful return travel commune, district, province and read as a story?

The December of one commune with three contradictions: explained badly, sent back with
reasons at its cells, mended, approved by who stands in for the reviewer, accepted,
locked, amended. Every step is done in Chromium by the person whose step it is.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.factories import (
    CITY,
    MONTHLY,
    PROVINCE,
    THO_XUONG,
    accepted,
    crimes,
    form_of,
    month,
    opened,
)
from tests.web.conftest import Office
from tests.web.desks import Desk

from tongket.records.models import COUNTS, Return, Review

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PERIOD = (MONTHLY, month(12).key)
HERE = (*PERIOD, THO_XUONG, form_of(MONTHLY).key)
WIDTHS, SCHEMES = (360, 1280), ("light", "dark")
SHOTS = os.environ.get("TONGKET_SHOTS", "")  # a folder for pictures of every page

# What the commune types first. Five thefts do not make four cases; nobody dies of no
# fire; more is cleared than happened.
TYPED = {
    "social_order_cases": "4",
    "social_order_cleared": "5",
    "theft_cases": "5",
    "fire_deaths": "1",
}
BADLY = "Đã rà soát, số liệu đúng."
WELL = "Khám phá cả 1 vụ trộm cắp xảy ra tháng 11/2023, đã báo cáo kỳ trước."
OVERALL = "Hai số liệu mâu thuẫn, một giải trình chưa rõ; sửa rồi gửi lại."
AT_CELLS = {
    "social_order_cleared": "Nêu rõ vụ của tháng nào được khám phá.",
    "theft_cases": "Sổ thụ lý ghi 4 vụ trộm cắp, báo cáo ghi 5.",
    "fire_deaths": "Không có vụ cháy thì không có người chết; rà soát lại.",
}
ABSENT = "Đi tập huấn ba ngày."
LOCK = "Chốt số liệu năm theo kế hoạch."
AMENDMENT = "Đếm sót một vụ trộm cắp ngày 13/12, hồ sơ chuyển về muộn."

Sits = Callable[[str], Desk]


@pytest.fixture
def sits(office: Office, chromium: "Browser", live_server: Any) -> Iterator[Sits]:
    """Give each person one browser, kept open; all break no rule that axe knows."""
    desks: dict[str, Desk] = {}

    def at(name: str) -> Desk:
        if name not in desks:
            context = chromium.new_context(locale="vi-VN", service_workers="block")
            session = office.client(name).cookies["sessionid"].value
            cookie = {"name": "sessionid", "value": session, "url": live_server.url}
            context.add_cookies([cookie])
            desks[name] = Desk(context.new_page(), live_server.url)
        return desks[name]

    yield at
    for desk in desks.values():
        desk.page.context.close()


def look(desk: Desk, name: str) -> None:
    """Look at a page narrow and wide, light and dark: sound for axe, never sideways."""
    for width in WIDTHS:
        desk.page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            desk.page.emulate_media(color_scheme=scheme)
            found = Axe().run(desk.page).response["violations"]
            where = f"{name} {width} {scheme}"
            assert [each["id"] for each in found] == [], where
            assert not desk.scrolls_sideways(), where
            if SHOTS:
                path = Path(SHOTS) / f"{name}-{width}-{scheme}.png"
                desk.page.screenshot(path=path, full_page=True)
    desk.page.emulate_media(color_scheme="light")


def press(desk: Desk, words: str) -> None:
    """Click the button with these words in the page and wait for what comes."""
    with desk.page.expect_navigation():
        desk.page.locator("main").get_by_role("button", name=words, exact=True).click()


def follow(desk: Desk, words: str) -> None:
    """Click the link with these words in the page and wait for what comes."""
    with desk.page.expect_navigation():
        desk.page.locator("main").get_by_role("link", name=words, exact=True).click()


def says(desk: Desk, words: str) -> None:
    """Wait until the page says something."""
    expect(desk.page.locator("main")).to_contain_text(words)


def told(desk: Desk, words: str) -> None:
    """Wait until the page tells what was just done."""
    expect(desk.page.locator(".messages")).to_contain_text(words)


def row() -> Return:
    """Return the return as it is kept."""
    return Return.objects.get(unit__key=THO_XUONG, period__period=PERIOD[1])


def counted() -> str | None:
    """Return how many thefts count: of the version that was accepted last."""
    found = Review.objects.filter(COUNTS, version__of=row()).order_by("id").last()
    return found and found.version.cells["theft_cases"][1]


def send(desk: Desk) -> None:
    """Send what the grid holds, as the dialog asks."""
    desk.page.click("[data-send]")
    with desk.page.expect_navigation():
        desk.dialog("send").locator('[value="send"]').click()
    expect(desk.page.locator(".messages")).to_be_visible()


def explain(desk: Desk, words: str) -> None:
    """Write the explanation that the grid asks for at the cleared cases."""
    box = desk.page.locator('[name="explain.social_order_cleared"]')
    box.fill(words)
    box.blur()
    desk.nothing_waits()


def types_contradictions(desk: Desk) -> None:
    """Type the month; the grid tells each contradiction at its cell; send it."""
    desk.go("return-entry", *HERE)
    for measure in form_of(MONTHLY).measures:
        desk.type_into(measure.key, TYPED.get(measure.key, "0"))
    expect(desk.page.locator("[data-doubts]")).to_contain_text("Cần xem: 3")
    expect(desk.page.locator("#said-theft_cases")).to_contain_text("phải bằng")
    explain(desk, BADLY)
    look(desk, "entry-found")
    send(desk)


def takes_back_and_sends_again(desk: Desk) -> None:
    """Take the sending back, then send the same again."""
    desk.go("return", *HERE)
    follow(desk, "Rút lại")
    look(desk, "take-back")
    desk.page.get_by_label("Lý do").fill("Còn đối chiếu với sổ thụ lý.")
    press(desk, "Rút báo cáo")
    told(desk, "Đã rút báo cáo")
    desk.page.wait_for_selector("#entry[data-ready]")
    send(desk)


def sends_back(desk: Desk) -> None:
    """Send the return back from the list of what waits, with reasons at its cells."""
    desk.go("check")
    follow(desk, "Phường Thọ Xương")
    says(desk, BADLY)
    for key, words in AT_CELLS.items():
        desk.page.fill(f'[name="reason.{key}"]', words)
    desk.page.get_by_label("Lý do trả lại").fill(OVERALL)
    look(desk, "review")
    press(desk, "Trả lại đơn vị")
    told(desk, "Đã trả lại báo cáo của Phường Thọ Xương kèm lý do.")


def mends(desk: Desk) -> None:
    """Read the reasons at the cells, correct two, explain the third, send again."""
    desk.go("return-entry", *HERE)
    says(desk, OVERALL)
    for key, words in AT_CELLS.items():
        expect(desk.page.locator(f"#said-{key} [data-reason]")).to_contain_text(words)
    look(desk, "entry-reasons")
    desk.type_into("theft_cases", "4")
    desk.type_into("fire_deaths", "0")
    desk.saved("theft_cases", "fire_deaths")
    expect(desk.page.locator("#said-theft_cases")).not_to_contain_text("phải bằng")
    explain(desk, WELL)
    send(desk)


def gives_the_right_away(desk: Desk) -> None:
    """Let a colleague decide at the city while the reviewer is away."""
    desk.go("check")
    follow(desk, "Ủy quyền")
    desk.page.get_by_label("Người được ủy quyền").fill("member")
    desk.page.get_by_label("Đến hết ngày").fill("2024-01-19")
    desk.page.get_by_label("Lý do").fill(ABSENT)
    press(desk, "Ủy quyền")
    told(desk, "Đã ủy quyền cho member đến hết ngày 19/01/2024.")
    look(desk, "delegations")


def approves(desk: Desk, *words: str) -> None:
    """Approve the return from the list of what waits."""
    desk.go("check")
    follow(desk, "Phường Thọ Xương")
    for each in words:
        says(desk, each)
    look(desk, f"review-{row().versions.count()}")
    press(desk, "Duyệt báo cáo")
    told(desk, "Đã duyệt báo cáo của Phường Thọ Xương")


def looks_at_withdrawing(desk: Desk) -> None:
    """Open the page that withdraws an acceptance, and leave it."""
    desk.go("return", *HERE)
    follow(desk, "Thu hồi việc duyệt")
    look(desk, "withdraw")
    follow(desk, "Quay lại")


def locks(desk: Desk) -> None:
    """Lock the period with a reason."""
    desk.go("collect-period", *PERIOD)
    follow(desk, "Khóa kỳ")
    says(desk, "3 báo cáo chưa gửi")
    desk.page.get_by_label("Lý do khóa kỳ").fill(LOCK)
    look(desk, "lock")
    press(desk, "Khóa kỳ")
    told(desk, "Đã khóa kỳ")


def amends(desk: Desk) -> None:
    """File an amendment with its reason after the lock."""
    desk.go("return", *HERE)
    follow(desk, "Đính chính")
    desk.input("theft_cases").fill("5")
    desk.input("social_order_cases").fill("5")
    desk.page.get_by_label("Lý do đính chính").fill(AMENDMENT)
    look(desk, "amend")
    press(desk, "Gửi bản đính chính")
    told(desk, "Đã gửi bản đính chính (lần 4), đang chờ duyệt.")


STORY = (
    "own gửi lúc",
    BADLY,
    "Đơn vị rút lại",
    "Còn đối chiếu với sổ thụ lý.",
    "Trả lại, tại Thành phố Bắc Giang",
    OVERALL,
    *AT_CELLS.values(),
    WELL,
    "Đã duyệt, chuyển cấp trên, tại Thành phố Bắc Giang, thay mặt reviewer",
    "Đã duyệt, nhận, tại Tỉnh Bắc Giang",
    "Kỳ được khóa",
    LOCK,
    "Đính chính sau khi khóa",
    AMENDMENT,
    "Đã duyệt, chuyển cấp trên, tại Thành phố Bắc Giang, thay mặt reviewer",
    "Đã duyệt, nhận, tại Tỉnh Bắc Giang",
)


def reads_as_a_story(desk: Desk) -> None:
    """Find all that happened on one page, in the order in which it happened."""
    desk.go("return", *HERE)
    text, at = desk.page.locator("#story").inner_text(), 0
    for words in STORY:
        found = text.find(words, at)
        assert found >= 0, f"“{words}” is not told, or not in its turn, in:\n{text}"
        at = found + len(words)
    look(desk, "story")


def test_a_return_with_three_contradictions_travels_and_reads_as_a_story(
    sits: Sits,
) -> None:
    accepted(month(11), {THO_XUONG: crimes(2, social_order_cleared=2)})
    opened(month(12))
    commune, city, province = sits("own"), sits("reviewer"), sits("office")
    types_contradictions(commune)
    takes_back_and_sends_again(commune)
    sends_back(city)
    assert row().state == Return.State.SENT_BACK
    mends(commune)
    gives_the_right_away(city)
    approves(sits("member"), "Bạn quyết định thay mặt reviewer.", WELL)
    assert (row().state, row().awaits.key, counted()) == ("SENT", PROVINCE, None)
    approves(province)
    assert (row().state, counted()) == (Return.State.ACCEPTED, "4")
    looks_at_withdrawing(province)
    locks(province)
    amends(commune)
    assert (row().state, row().awaits.key, counted()) == ("SENT", CITY, "4")
    approves(sits("member"), AMENDMENT)
    assert counted() == "4"
    approves(province, AMENDMENT)
    assert (row().state, counted()) == (Return.State.ACCEPTED, "5")
    reads_as_a_story(commune)
