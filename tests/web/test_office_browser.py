"""Do the pages of collecting and checking hold in any browser, width and theme?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests import factories
from tests.factories import (
    MONTHLY,
    NGO_QUYEN,
    THO_XUONG,
    accepted,
    crimes,
    form_of,
    month,
    sent,
)
from tests.web.conftest import Office
from tests.web.desks import Desk

from tongket.cycle import check

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PERIOD = (MONTHLY, "nd09-2023-m12")
HERE = (*PERIOD, THO_XUONG, form_of(MONTHLY).key)


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
def pages(desks: dict[str, Desk]) -> list[tuple[Desk, str, tuple[str, ...]]]:
    """Every page of collecting and checking, with something on it to show."""
    accepted(month(11), {THO_XUONG: crimes(2)})
    (version, _) = sent(month(12), {THO_XUONG: crimes(2), NGO_QUYEN: crimes(1)})
    factories.decided([version], "Rà soát lại.", by="reviewer")
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
        (office, "collect-extensions", PERIOD),
        (office, "collect-extend", PERIOD),
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
