"""Does the entry form behave like a spreadsheet, for keyboard, mouse and finger?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests import factories
from tests.factories import (
    CITY,
    MONTHLY,
    NGO_QUYEN,
    THO_XUONG,
    accepted,
    crimes,
    form_of,
    month,
    opened,
)
from tests.web.conftest import Office
from tests.web.desks import Desk, Open

from tongket.cycle import enrol
from tongket.domain.access import Role
from tongket.records.models import CellComment, CellEdit, ReturnVersion

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORM = form_of(MONTHLY)
KEYS = [measure.key for measure in FORM.measures]
PERIOD = (MONTHLY, "nd09-2023-m12")
HERE = (*PERIOD, THO_XUONG, FORM.key)
FIRST, SECOND, THIRD = KEYS[:3]


@pytest.fixture
def open_desk(office: Office, chromium: "Browser", live_server: Any) -> Iterator[Open]:
    """Give a person a browser in which they are signed in, closed after the test."""
    newcomer = enrol.Newcomer(
        "clerk", "clerk of the city", Role.CLERK, CITY, factories.AT.date()
    )
    enrol.enrol(newcomers=[newcomer], password="!", by=factories.BY, at=factories.AT)
    contexts = []

    def opens(name: str = "own", **options: Any) -> Desk:
        told = {"locale": "vi-VN", "service_workers": "block", **options}
        context = chromium.new_context(**told)
        session = office.client(name).cookies["sessionid"].value
        cookie = {"name": "sessionid", "value": session, "url": live_server.url}
        context.add_cookies([cookie])
        contexts.append(context)
        return Desk(context.new_page(), live_server.url)

    yield opens
    for context in contexts:
        context.close()


@pytest.fixture
def desk(open_desk: Open) -> Desk:
    """The reporter's browser with the form of December open, November accepted."""
    accepted(month(11), {THO_XUONG: crimes(2)})
    opened(month(12))
    found = open_desk()
    found.go("return-entry", *HERE)
    return found


def texts() -> dict[str, str]:
    """Return what was typed last into each cell, as the server keeps it."""
    return dict(CellEdit.objects.order_by("number").values_list("measure", "text"))


def test_arrows_enter_and_ends_move_from_cell_to_cell(desk: Desk) -> None:
    desk.focus(FIRST)
    visited = []
    for key in (
        "Enter", "ArrowDown", "ArrowUp", "Shift+Enter", "Tab", "PageDown", "Home",
        "Control+End", "Enter",
    ):  # fmt: skip
        desk.press(key)
        visited.append(desk.focused.removeprefix("cell."))
    second = FORM.sections[1].measures[0].key
    assert visited[:7] == [SECOND, THIRD, SECOND, FIRST, SECOND, second, second]
    assert visited[7] == KEYS[-1]
    assert desk.page.evaluate("'send' in document.activeElement.dataset")
    desk.focus(second)
    desk.press("End")
    assert desk.focused == f"cell.{FORM.sections[1].measures[-1].key}"
    desk.press("Control+Home")
    assert desk.focused == f"cell.{FIRST}"


def test_a_cell_is_saved_as_it_is_left_and_says_so(desk: Desk) -> None:
    desk.type_into(FIRST, "1554")
    desk.saved(FIRST)
    assert desk.cell(FIRST) == "1.554"
    assert "Đã lưu" in desk.state(FIRST).inner_text()
    expect(desk.status).to_contain_text("Đã lưu lúc")
    assert texts() == {FIRST: "1554"}
    assert CellEdit.objects.get().by == "own"


def test_escape_brings_back_what_stood_before_editing(desk: Desk) -> None:
    desk.type_into(FIRST, "12")
    desk.saved(FIRST)
    desk.focus(FIRST)
    desk.press("F2", "3", "Escape")
    assert desk.cell(FIRST) == "12"
    desk.press("F2", "3", "Enter")
    desk.saved(FIRST)
    assert desk.cell(FIRST) == "123"


def test_each_of_the_four_nothings_has_one_key(desk: Desk) -> None:
    desk.type_into(FIRST, "5")
    desk.type_into(SECOND, "0")
    desk.focus(THIRD)
    desk.press("-")
    desk.focus(FIRST)
    desk.press("Delete")
    desk.saved(FIRST, SECOND, THIRD)
    assert (desk.cell(FIRST), desk.cell(SECOND), desk.cell(THIRD)) == ("", "0", "-")
    states = CellEdit.objects.order_by("number").values_list("measure", "state")
    assert dict(states) == {FIRST: "MISSING", SECOND: "REPORTED", THIRD: "NIL"}


def test_a_row_that_takes_no_x_says_so_and_the_text_is_not_lost(desk: Desk) -> None:
    desk.focus(FIRST)
    desk.press("x")
    expect(desk.state(FIRST)).to_have_attribute("data-state", "wrong")
    said = desk.page.locator(f"#said-{FIRST}")
    expect(said).to_contain_text("không nhận giá trị “x”")
    assert desk.input(FIRST).get_attribute("aria-invalid") == "true"
    desk.go("return-entry", *HERE)
    assert desk.cell(FIRST) == "x"
    desk.type_into(FIRST, "4")
    desk.saved(FIRST)
    expect(said).to_have_count(0)


def test_chosen_cells_are_filled_by_one_key_and_undone_by_one(desk: Desk) -> None:
    desk.focus(FIRST)
    desk.press("Shift+ArrowDown", "Shift+ArrowDown", "-")
    desk.saved(FIRST, SECOND, THIRD)
    assert set(texts().values()) == {"-"}
    desk.press("Control+z")
    expect(desk.status).to_contain_text("Đã hoàn tác 3 ô")
    assert [desk.cell(key) for key in KEYS[:3]] == ["", "", ""]
    desk.saved(FIRST, SECOND, THIRD)
    desk.press("Control+y")
    assert [desk.cell(key) for key in KEYS[:3]] == ["-", "-", "-"]
    expect(desk.status).to_contain_text("Đã lưu lúc")
    desk.nothing_waits()
    assert CellEdit.objects.count() == 9


def test_a_paste_is_undone_as_one_step(desk: Desk) -> None:
    desk.type_into(FIRST, "7")
    desk.paste(FIRST, "1\n2\n3")
    expect(desk.status).to_contain_text("Đã dán 3 ô")
    desk.saved(FIRST, SECOND, THIRD)
    desk.press("Control+z")
    assert [desk.cell(key) for key in KEYS[:3]] == ["7", "", ""]


def test_a_block_goes_to_excel_with_labels_and_periods(desk: Desk) -> None:
    desk.type_into(FIRST, "1554")
    desk.saved(FIRST)
    desk.focus(FIRST)
    desk.press("Shift+ArrowDown")
    assert desk.copied() == "1.554\r\n"
    desk.press(*["Shift+ArrowLeft"] * 9)
    first, second = (line.split("\t") for line in desk.copied().split("\r\n"))
    assert first == [FORM.measures[0].label, "vụ", "2", "", "1.554"]
    assert second[0] == FORM.measures[1].label
    assert 'x:num="1554"' in desk.copied("text/html")


def test_what_was_copied_is_pasted_back_where_its_labels_stand(desk: Desk) -> None:
    desk.type_into(FIRST, "1554")
    desk.type_into(SECOND, "3")
    desk.saved(FIRST, SECOND)
    desk.focus(FIRST)
    desk.press("Shift+ArrowDown", *["Shift+ArrowLeft"] * 4)
    block = desk.copied(how="cut")
    assert (desk.cell(FIRST), desk.cell(SECOND)) == ("", "")
    desk.paste(KEYS[9], block)
    assert (desk.cell(FIRST), desk.cell(SECOND)) == ("1.554", "3")
    assert desk.cell(KEYS[9]) == ""


def test_the_mouse_chooses_a_block(desk: Desk) -> None:
    desk.page.locator(f"#row-{FIRST} td.before").first.hover()
    desk.page.mouse.down()
    desk.input(SECOND).hover()
    desk.page.mouse.up()
    assert desk.copied() == "2\t\t\r\n-\t\t"


def test_a_column_from_excel_goes_down_over_the_headings(desk: Desk) -> None:
    desk.paste("social_order_injured", "1\r\n2\r\n\r\n3\r\n-\r\n")
    assert desk.cell("social_order_damage") == "2"
    assert desk.cell("drug_cases_detected") == "3"
    assert desk.cell("drug_persons") == "-"
    expect(desk.status).to_contain_text("Đã dán 4 ô")


def test_a_column_without_blanks_skips_the_headings(desk: Desk) -> None:
    desk.paste("social_order_damage", "8\n9")
    assert desk.cell("drug_cases_detected") == "9"


def test_a_block_with_its_labels_finds_its_rows(desk: Desk) -> None:
    rows = "1\tSố vụ tai nạn giao thông\tvụ\t3\n2\tSố vụ cháy, nổ\tvụ\t-"
    desk.paste("social_order_cases", rows)
    assert (desk.cell("traffic_cases"), desk.cell("fire_cases")) == ("3", "-")
    assert desk.cell("social_order_cases") == ""


def test_sums_and_differences_are_shown_while_typing(desk: Desk) -> None:
    desk.paste("theft_cases", "2\n3\n-\n0\n1")
    desk.input("social_order_cases").fill("5")
    row = desk.page.locator("#row-social_order_cases")
    note = row.locator(".sum-note")
    expect(note).to_have_text("Cộng cơ cấu: 6")
    assert note.get_attribute("data-differs") is not None
    expect(row.locator(".change-note")).to_have_text("+3")
    desk.input("social_order_cases").fill("6")
    expect(note).not_to_have_attribute("data-differs", "")


def test_a_finding_is_told_at_its_cell_as_soon_as_it_is_saved(desk: Desk) -> None:
    desk.type_into("social_order_cases", "5")
    desk.paste("theft_cases", "2\n3\n-\n0\n1")
    said = desk.page.locator("#said-theft_cases")
    expect(said).to_contain_text("phải bằng")
    button = desk.page.locator("[data-doubts]")
    expect(button).to_contain_text("Cần xem: 1")
    desk.focus("cameras")
    desk.press("F9")
    assert desk.focused == "cell.theft_cases"
    desk.focus("cameras")
    button.click()
    desk.dialog("doubts").locator("li button").click()
    assert desk.focused == "cell.theft_cases"
    desk.type_into("social_order_cases", "6")
    expect(said).to_have_count(0)
    expect(button).to_be_hidden()


def test_the_story_of_a_cell_is_read_and_spoken_to_by_keyboard(desk: Desk) -> None:
    desk.type_into(FIRST, "5")
    desk.saved(FIRST)
    desk.focus(FIRST)
    desk.press("Shift+F2")
    story = desk.dialog("story")
    expect(story.locator("li")).to_have_text(["Nhập: 5own, " + when() + ""])
    desk.page.keyboard.type("Đã đối chiếu sổ theo dõi.")
    desk.press("Control+Enter")
    expect(story.locator("li").first).to_contain_text("Đã đối chiếu sổ theo dõi.")
    assert CellComment.objects.get().measure == FIRST
    desk.press("Escape")
    assert desk.focused == f"cell.{FIRST}"
    comments = desk.page.locator(f"#row-{FIRST} .comments")
    expect(comments).to_have_text("1")


def when() -> str:
    """Return the hour of the only edit as the page tells it."""
    at = CellEdit.objects.get().at.astimezone(factories.HANOI)
    return f"{at:%H:%M %d/%m/%Y}"


def test_filters_leave_the_blank_and_the_doubtful(desk: Desk) -> None:
    for key in KEYS[:-2]:
        desk.focus(key)
        desk.press("-")
    desk.saved(KEYS[0], KEYS[-3])
    desk.page.click("[data-show=blank]")
    assert desk.page.locator("tr.line:visible").count() == 2
    desk.focus(KEYS[-2])
    desk.press("Enter")
    assert desk.focused == f"cell.{KEYS[-1]}"
    expect(desk.page.locator("[data-how-far]")).to_have_text(f"{len(KEYS) - 2}/39 ô")
    desk.page.click("[data-show=doubtful]")
    expect(desk.page.locator("[data-none]")).to_be_visible()
    desk.page.select_option("[data-jump]", index=3)
    assert desk.focused == f"cell.{FORM.sections[2].measures[0].key}"


def test_keys_are_told_on_f1_and_the_question_mark(desk: Desk) -> None:
    desk.focus(FIRST)
    desk.press("?")
    assert desk.cell(FIRST) == ""
    expect(desk.dialog("keys")).to_be_visible()
    desk.press("Escape")
    desk.press("F1")
    expect(desk.dialog("keys")).to_contain_text("Hoàn tác, làm lại")


def test_two_returns_of_a_city_are_filed_by_keyboard_alone(open_desk: Open) -> None:
    opened(month(12))
    desk = open_desk("clerk")
    desk.go("return-entry", *HERE)
    expect(desk.page.locator(".neighbours")).to_contain_text("Đơn vị 1/2, đã gửi 0")
    for _ in range(2):
        desk.focus(FIRST)
        desk.press("Control+a", "-")
        desk.press("Control+Home")
        for _ in KEYS:
            desk.page.keyboard.type("0")
            desk.press("Enter")
        desk.press("Control+Enter")
        send = desk.dialog("send")
        expect(send).to_contain_text(f"Đã nhập {len(KEYS)}/{len(KEYS)} ô.")
        here = desk.page.url
        desk.press("Enter")
        desk.page.wait_for_url(lambda url, left=here: url != left)
    sent = ReturnVersion.objects.values_list("of__unit__key", "sent_by")
    assert set(sent) == {(THO_XUONG, "clerk"), (NGO_QUYEN, "clerk")}
    assert desk.kept_here == 0


def test_brackets_lead_to_the_unit_beside(open_desk: Open) -> None:
    opened(month(12))
    desk = open_desk("clerk")
    desk.go("return-entry", *HERE)
    desk.focus(FIRST)
    desk.press("4", "]")
    there = reverse("return-entry", args=(*PERIOD, NGO_QUYEN, FORM.key))
    desk.page.wait_for_url(f"**{there}")
    desk.page.wait_for_selector("#entry[data-ready]")
    desk.nothing_waits()
    assert texts() == {FIRST: "4"}
    desk.focus(FIRST)
    desk.press("[")
    desk.page.wait_for_url(f"**{reverse('return-entry', args=HERE)}")


def test_sending_asks_and_says_what_is_blank(desk: Desk) -> None:
    desk.type_into(FIRST, "1")
    desk.press("Control+Enter")
    expect(desk.dialog("send")).to_contain_text("38 ô còn trống.")
    desk.press("Escape")
    assert ReturnVersion.objects.filter(of__period__period="nd09-2023-m12").count() == 0


def test_a_summary_shows_the_sum_below_and_how_far_one_is_from_it(
    open_desk: Open,
) -> None:
    accepted(month(12), {THO_XUONG: crimes(2), NGO_QUYEN: crimes(3)})
    opened(month(12), "district-month")
    (form,) = factories.small_pack().schemes["district-month"].forms
    desk = open_desk("clerk")
    desk.go("return-entry", "district-month", PERIOD[1], CITY, form)
    row = desk.page.locator("#row-social_order_cases")
    expect(row.locator("td.summed")).to_have_attribute("data-typed", "5")
    desk.input("social_order_cases").fill("9")
    expect(row.locator(".summed-note")).to_have_text("lệch +4")
    desk.input("social_order_cases").fill("5")
    expect(row.locator(".summed-note")).to_have_text("")


def test_what_a_summary_is_prefilled_with_is_saved_and_taken_back_as_one_step(
    open_desk: Open,
) -> None:
    accepted(month(12), {THO_XUONG: crimes(2), NGO_QUYEN: crimes(3)})
    opened(month(12), "district-month")
    (form,) = factories.small_pack().schemes["district-month"].forms
    desk = open_desk("clerk")
    desk.go("return-entry", "district-month", PERIOD[1], CITY, form)
    desk.saved("theft_cases")
    desk.nothing_waits()
    assert texts()["theft_cases"] == "5"
    assert {row.by for row in CellEdit.objects.all()} == {"clerk"}
    desk.focus("theft_cases")
    desk.press("Control+z")
    desk.nothing_waits()
    assert texts()["theft_cases"] == ""


def test_without_script_the_form_is_posted_as_any_other(open_desk: Open) -> None:
    opened(month(12))
    desk = open_desk(java_script_enabled=False)
    desk.page.goto(desk.root + reverse("return-entry", args=HERE))
    for key in KEYS:
        desk.input(key).fill("0")
    desk.page.click("[data-send]")
    desk.page.wait_for_url(desk.root + reverse("return", args=HERE))
    assert ReturnVersion.objects.get().sent_by == "own"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_grid_and_its_dialogs_break_no_rule_that_axe_knows(
    open_desk: Open, scheme: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    accepted(month(11), {THO_XUONG: crimes(2)})
    opened(month(12))
    desk = open_desk(
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        has_touch=width == 360,
        is_mobile=width == 360,
    )
    desk.go("return-entry", *HERE)
    desk.type_into("social_order_cases", "5")
    desk.paste("theft_cases", "2\n3\n-\n0\nx")
    expect(desk.state("other_social_order_cases")).to_have_attribute(
        "data-state", "wrong"
    )
    seen = {}

    def look(name: str) -> None:
        found = Axe().run(desk.page).response["violations"]
        seen[name] = [each["id"] for each in found]
        assert not desk.scrolls_sideways(), name

    look("page")
    for opener, name in (
        ("keys", "keys"), ("doubts", "doubts"), ("story", "story"), ("send", "send"),
    ):  # fmt: skip
        desk.page.evaluate(f"document.getElementById('{opener}').showModal()")
        look(name)
        desk.press("Escape")
    assert {name: ids for name, ids in seen.items() if ids} == {}


def test_a_finger_has_large_cells_and_a_button_for_each_nothing(
    open_desk: Open,
) -> None:
    opened(month(12))
    desk = open_desk(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    desk.go("return-entry", *HERE)
    row = desk.page.locator(f"#row-{FIRST}")
    for target in (desk.input(FIRST), *row.locator("button:visible").all()):
        box = target.bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= 44
    for fill, text in (("0", "0"), ("-", "-"), ("", "")):
        row.locator(f'[data-fill="{fill}"]').tap()
        desk.saved(FIRST)
        assert desk.cell(FIRST) == text
    assert row.locator('[data-fill="x"]').is_disabled()
    assert not desk.scrolls_sideways()
