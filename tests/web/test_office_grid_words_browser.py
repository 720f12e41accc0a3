"""Are explanations saved as their box is left, and never lost or written over?"""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.factories import (
    month,
    opened,
)
from tests.web.desks import Desk, Open
from tests.web.test_office_grid_browser import FIRST, HERE, desk, open_desk

from tongket.records.models import ReturnVersion, WordsEdit

if TYPE_CHECKING:
    pass

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["desk", "open_desk"]


def test_words_asked_for_at_a_cell_are_kept_until_they_are_sent(desk: Desk) -> None:
    desk.type_into("social_order_cases", "1")
    desk.type_into("social_order_cleared", "2")
    box = desk.page.get_by_label("Giải trình dòng 1.2")
    box.fill("Khám phá một vụ của tháng trước.")
    desk.press("Control+Enter")
    expect(desk.dialog("send")).to_contain_text("Đã nhập 2/39 ô.")
    expect(desk.dialog("send")).not_to_contain_text("chưa có giải trình")
    desk.go("return-entry", *HERE)
    expect(box).to_have_value("Khám phá một vụ của tháng trước.")
    desk.page.click("[data-send]")
    desk.dialog("send").locator('[value="send"]').click()
    desk.page.wait_for_load_state()
    expect(desk.page.locator(".messages")).to_be_visible()
    version = ReturnVersion.objects.get(of__period__period="nd09-2023-m12")
    assert version.explanations == {
        "social_order_cleared": "Khám phá một vụ của tháng trước."
    }


def test_words_are_saved_as_their_box_is_left_and_stand_on_another_machine(
    open_desk: Open,
) -> None:
    opened(month(12))
    first, second = open_desk("own"), open_desk("own")
    first.go("return-entry", *HERE)
    second.go("return-entry", *HERE)
    first.type_into("social_order_cases", "1")
    first.type_into("social_order_cleared", "2")
    first.page.get_by_label("Giải trình dòng 1.2").fill("Vụ của tháng trước.")
    note = first.page.get_by_label("Giải trình chung")
    note.fill("Đã rà soát.")
    first.focus(FIRST)
    first.nothing_waits()
    sign = note.locator("xpath=../*[contains(@class, 'cell-state')]")
    expect(sign).to_have_attribute("data-state", "saved")
    second.page.evaluate("dispatchEvent(new Event('focus'))")
    box = second.page.get_by_label("Giải trình dòng 1.2")
    expect(box).to_have_value("Vụ của tháng trước.")
    expect(second.page.get_by_label("Giải trình chung")).to_have_value("Đã rà soát.")
    second.go("return-entry", *HERE)
    expect(box).to_have_value("Vụ của tháng trước.")


def test_words_that_two_wrote_are_shown_side_by_side(open_desk: Open) -> None:
    opened(month(12))
    first, second = open_desk("own"), open_desk("own")
    first.go("return-entry", *HERE)
    second.go("return-entry", *HERE)
    for one, words in ((first, "Của máy một"), (second, "Của máy hai")):
        one.page.get_by_label("Giải trình chung").fill(words)
        one.focus(FIRST)
        if one is first:
            one.nothing_waits()
    clashes = second.dialog("clashes")
    expect(clashes).to_contain_text("Của máy một")
    clashes.get_by_label("Của máy hai").check()
    clashes.locator("[data-apply]").click()
    second.nothing_waits()
    assert [row.text for row in WordsEdit.objects.all()] == [
        "Của máy một",
        "Của máy hai",
    ]


def test_words_typed_without_a_line_are_kept_and_sent_later(desk: Desk) -> None:
    desk.page.context.set_offline(True)
    desk.page.get_by_label("Giải trình chung").fill("Đã rà soát.")
    desk.focus(FIRST)
    expect(desk.status).to_contain_text("Mất kết nối")
    assert desk.kept_here == 1
    desk.page.context.set_offline(False)
    desk.nothing_waits()
    assert WordsEdit.objects.get().text == "Đã rà soát."
