"""Does the entry form lose an edit when the line drops, or when two people type?"""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect
from tests.factories import THO_XUONG, crimes, month, opened, sent
from tests.web.conftest import Office
from tests.web.desks import Desk, Open
from tests.web.test_office_grid_browser import HERE, KEYS, open_desk, texts

from tongket.records.models import CellEdit, ReturnVersion

__all__ = ["open_desk"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST, SECOND, THIRD = KEYS[:3]


def entry(open_desk: Open, name: str = "own", **options: Any) -> Desk:
    """Open the form of December in a person's browser."""
    opened(month(12))
    desk = open_desk(name, **options)
    desk.go("return-entry", *HERE)
    return desk


def waits(desk: Desk, *measures: str) -> None:
    """Wait until cells are marked as waiting for the line."""
    for measure in measures:
        expect(desk.state(measure)).to_have_attribute("data-state", "waiting")


def look(desk: Desk) -> None:
    """Come back to the page, as from another window."""
    desk.page.evaluate("dispatchEvent(new Event('focus'))")


def test_a_dropped_line_loses_nothing(open_desk: Open) -> None:
    desk = entry(open_desk)
    desk.page.context.set_offline(True)
    desk.type_into(FIRST, "11")
    desk.paste(SECOND, "12\n-")
    waits(desk, FIRST, SECOND, THIRD)
    expect(desk.status).to_contain_text("Mất kết nối: 3 ô chờ gửi")
    desk.press("Control+Enter")
    expect(desk.status).to_contain_text("Chưa gửi được vì mất kết nối")
    assert not desk.dialog("send").is_visible()
    desk.type_into(FIRST, "13")  # over what never left
    assert texts() == {}
    desk.page.context.set_offline(False)
    desk.saved(FIRST, SECOND, THIRD)
    assert texts() == {FIRST: "13", SECOND: "12", THIRD: "-"}
    assert desk.kept_here == 0


def test_what_waited_is_sent_after_the_tab_was_closed(open_desk: Open) -> None:
    desk = entry(open_desk)
    context = desk.page.context
    context.set_offline(True)
    desk.type_into(FIRST, "21")
    desk.focus(SECOND)
    desk.page.keyboard.type("22")  # never left
    desk.page.close(run_before_unload=False)
    context.set_offline(False)
    again = Desk(context.new_page(), desk.root)
    again.go("return-entry", *HERE)
    assert again.cell(FIRST) == "21"
    expect(again.status).to_contain_text("Đã khôi phục")
    again.saved(FIRST)
    assert texts()[FIRST] == "21"
    assert again.kept_here == 0


def test_the_form_opens_again_without_a_line(open_desk: Open) -> None:
    desk = entry(open_desk, service_workers="allow")
    context = desk.page.context
    desk.page.wait_for_selector("#entry[data-offline]")
    context.set_offline(True)
    desk.page.close()
    again = Desk(context.new_page(), desk.root)
    again.go("return-entry", *HERE)
    expect(again.status).to_contain_text("Mất kết nối: đang xem bản lưu")
    again.type_into(FIRST, "31")
    waits(again, FIRST)
    again.page.close()
    third = Desk(context.new_page(), desk.root)
    third.go("return-entry", *HERE)
    assert third.cell(FIRST) == "31"
    context.set_offline(False)
    third.saved(FIRST)
    assert texts() == {FIRST: "31"}
    third.page.click(".masthead button")
    third.page.wait_for_url("**/dang-nhap/**")
    assert third.page.evaluate("caches.has('tongket-entry')") is False


def test_an_answer_that_was_lost_writes_the_edit_only_once(open_desk: Open) -> None:
    desk = entry(open_desk)

    def swallow(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    desk.page.route("**/o/", swallow)
    desk.type_into(FIRST, "41")
    waits(desk, FIRST)
    assert CellEdit.objects.count() == 1
    desk.type_into(FIRST, "42")
    desk.page.unroute("**/o/")
    look(desk)
    desk.saved(FIRST)
    desk.nothing_waits()
    edits = CellEdit.objects.order_by("number").values_list("text", "over")
    assert list(edits) == [("41", 0), ("42", 1)]


def test_an_ended_session_keeps_everything_until_one_signs_in_again(
    office: Office, open_desk: Open, live_server: Any
) -> None:
    desk = entry(open_desk)
    context = desk.page.context
    context.clear_cookies(name="sessionid")
    desk.type_into(FIRST, "51")
    waits(desk, FIRST)
    expect(desk.status).to_contain_text("Phiên làm việc đã hết")
    door = desk.page.locator("[data-door]")
    expect(door).to_have_attribute("target", "_blank")
    assert texts() == {}
    session = office.client("own").cookies["sessionid"].value
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    context.add_cookies([cookie])
    look(desk)
    desk.saved(FIRST)
    expect(door).to_be_hidden()
    assert texts() == {FIRST: "51"}


def test_another_person_who_signs_in_does_not_send_what_one_typed(
    office: Office, open_desk: Open, live_server: Any
) -> None:
    desk = entry(open_desk)
    session = office.client("clerk").cookies["sessionid"].value
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    desk.page.context.add_cookies([cookie])
    desk.type_into(FIRST, "55")
    waits(desk, FIRST)
    expect(desk.page.locator("[data-door]")).to_be_visible()
    assert texts() == {}


def test_two_who_type_in_one_cell_are_shown_both_and_one_decides(
    open_desk: Open,
) -> None:
    own, clerk = entry(open_desk), entry(open_desk, "clerk")
    clerk.paste(FIRST, "5\n6\n7")
    clerk.saved(FIRST, SECOND, THIRD)
    own.paste(FIRST, "8\n9\n7")
    dialog = own.dialog("clashes")
    expect(dialog).to_be_visible()
    expect(dialog.locator("tbody tr")).to_have_count(2)  # the third is the same
    expect(dialog).to_contain_text("clerk")
    expect(dialog.locator("[data-apply]")).to_be_disabled()
    assert texts() == {FIRST: "5", SECOND: "6", THIRD: "7"}
    own.press("Space", "Tab", "ArrowRight")  # mine, and theirs
    own.press("Tab", "Enter")
    expect(dialog).to_be_hidden()
    own.saved(FIRST)
    own.nothing_waits()
    assert (own.cell(FIRST), own.cell(SECOND)) == ("8", "6")
    assert texts() == {FIRST: "8", SECOND: "6", THIRD: "7"}
    last = CellEdit.objects.get(text="8")
    assert (last.by, last.over) == ("own", CellEdit.objects.get(text="5").number)


def test_a_clash_put_off_stays_marked_and_keeps_the_return_from_being_sent(
    open_desk: Open,
) -> None:
    own, clerk = entry(open_desk), entry(open_desk, "clerk")
    clerk.type_into(FIRST, "5")
    clerk.saved(FIRST)
    own.type_into(FIRST, "8")
    expect(own.dialog("clashes")).to_be_visible()
    own.press("Escape")
    expect(own.state(FIRST)).to_have_attribute("data-state", "clash")
    own.go("return-entry", *HERE)
    assert own.cell(FIRST) == "8"
    own.page.click("[data-send]")
    expect(own.dialog("clashes")).to_be_visible()
    own.dialog("clashes").locator("[data-all=mine]").click()
    own.press("Enter")
    own.saved(FIRST)
    assert texts() == {FIRST: "8"}


def test_what_another_changed_appears_and_is_not_undone(open_desk: Open) -> None:
    own, clerk = entry(open_desk), entry(open_desk, "clerk")
    own.type_into(FIRST, "1")
    own.saved(FIRST)
    look(clerk)
    expect(clerk.input(FIRST)).to_have_value("1")
    expect(clerk.state(FIRST)).to_have_attribute("data-state", "other")
    clerk.type_into(FIRST, "2")
    clerk.saved(FIRST)
    look(own)
    expect(own.input(FIRST)).to_have_value("2")
    own.focus(SECOND)
    own.press("Control+z")
    expect(own.status).to_contain_text("1 ô đã được người khác sửa, giữ nguyên.")
    assert own.cell(FIRST) == "2"


def test_a_version_sent_by_another_way_is_merged_cell_by_cell(open_desk: Open) -> None:
    own = entry(open_desk)
    own.type_into("theft_cases", "7")
    own.saved("theft_cases")
    sent(month(12), {THO_XUONG: crimes(2)})
    look(own)
    expect(own.input("cameras")).to_have_value("-")
    expect(own.status).to_contain_text("trùng với người khác")
    own.page.click("[data-decide]")
    row = own.dialog("clashes").locator("tbody tr")
    expect(row).to_contain_text(["Trong đó vụ trộm cắp tài sản"])
    own.dialog("clashes").locator("[data-all=theirs]").click()
    own.press("Enter")
    own.saved("theft_cases")
    assert own.cell("theft_cases") == "2"


def test_leaving_is_warned_of_only_when_nothing_can_be_kept(open_desk: Open) -> None:
    desk = entry(open_desk)

    def warns() -> bool:
        return desk.page.evaluate(
            "!dispatchEvent(new Event('beforeunload', {cancelable: true}))"
        )

    desk.page.context.set_offline(True)
    desk.type_into(FIRST, "1")
    waits(desk, FIRST)
    assert not warns()
    full = "() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }"
    desk.page.evaluate(full)
    desk.type_into(SECOND, "2")
    expect(desk.status).to_contain_text("Trình duyệt không cho lưu tạm")
    assert warns()
    desk.page.context.set_offline(False)
    desk.saved(FIRST, SECOND)
    assert not warns()


def test_a_sent_return_is_shown_with_its_number_and_keeps_no_draft(
    open_desk: Open,
) -> None:
    desk = entry(open_desk)
    desk.paste(FIRST, "\n".join("0" for _ in KEYS))
    desk.saved(KEYS[-1])
    desk.press("Control+Enter")
    desk.dialog("send").locator('[value="send"]').click()
    desk.page.wait_for_url(desk.root + reverse("return", args=HERE))
    assert ReturnVersion.objects.get().sent_by == "own"
    assert desk.page.evaluate("localStorage.length") == 0
