"""Does a browser set up and use passkeys and codes under the site's own policy?"""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.core.cache import cache
from django.urls import reverse
from tests.factories import THO_XUONG
from tests.web.conftest import Office

from tongket.cycle import enrol, invite
from tongket.office import facts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOOD = "ghế xanh bơi ngược dòng"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def context(
    office: Office, chromium: "Browser", settings: Any
) -> "Iterator[BrowserContext]":
    """A browser at a site that requires the second factor."""
    settings.IS_SECOND_FACTOR_REQUIRED = True
    cache.clear()
    for name in ("office", "chair"):
        user = User.objects.get(username=name)
        user.set_password(GOOD)
        user.save()
    found = chromium.new_context(locale="vi-VN")
    yield found
    found.close()


def address(server: Any, name: str, *arguments: Any) -> str:
    """Return where a page is; passkeys need a name, not a number."""
    url = server.url.replace("127.0.0.1", "localhost")
    return f"{url}{reverse(name, args=arguments)}"


def opened(context: "BrowserContext") -> "tuple[Page, list[str]]":
    """Return a page with a virtual authenticator, and what its console complains of."""
    page, said = context.new_page(), list[str]()
    page.on("console", lambda line: said.append(line.text))
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page, said


def sign_in(page: "Page", server: Any, name: str) -> None:
    """Type name and password."""
    page.goto(address(server, "sign-in"))
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", GOOD)
    page.click("main button")


def test_a_passkey_is_set_up_and_signs_in_without_a_password(
    context: "BrowserContext", live_server: Any
) -> None:
    page, said = opened(context)
    sign_in(page, live_server, "office")
    page.wait_for_url("**/xac-thuc/")
    page.get_by_role("link", name="Thêm khóa truy cập").click()
    page.fill("#id_name", "Máy thử")
    page.get_by_role("button", name="Tạo khóa").click()
    page.wait_for_url("**/ma-du-phong/")
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="Đã cất mã").click()
    page.wait_for_url("**/van-phong/")
    page.goto(address(live_server, "account"))
    assert page.get_by_text("Máy thử", exact=True).first.is_visible()
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    page.wait_for_url("**/dang-nhap/")
    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    page.wait_for_url("**/van-phong/")
    assert [line for line in said if "Content Security" in line] == []


def test_an_application_s_codes_are_set_up_and_asked_for(
    context: "BrowserContext", live_server: Any
) -> None:
    page, said = opened(context)
    sign_in(page, live_server, "chair")
    page.get_by_role("link", name="Bật ứng dụng tạo mã").click()
    secret = page.locator("main code").inner_text()
    step = int(time.time()) // 30
    page.fill("#id_code", format_hotp_value(hotp_value(secret, step)))
    page.get_by_role("button", name="Bật").click()
    page.wait_for_url("**/ma-du-phong/")
    spare = page.locator(".codes li").first.inner_text()
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    sign_in(page, live_server, "chair")
    page.wait_for_url("**/dang-nhap/ma/")
    page.fill("#id_code", "000000")
    page.get_by_role("button", name="Xác nhận").click()
    assert page.get_by_text("Mã không đúng").is_visible()
    page.fill("#id_code", spare)
    page.get_by_role("button", name="Xác nhận").click()
    page.wait_for_url("**/van-phong/")
    assert [line for line in said if "Content Security" in line] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_accounts_break_no_rule_that_axe_knows(
    scheme: str,
    width: int,
    office: Office,
    context: "BrowserContext",
    live_server: Any,
    settings: Any,
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    at = facts.clock.now()
    admin = enrol.Giver("office", (), facts.tree(), is_administrator=True)
    told = {"unit": THO_XUONG, "role": "CLERK", "username": "moi", "post": "Cán bộ"}
    upload = invite.for_one(told=told, giver=admin, at=at)
    refused = invite.for_one(told={**told, "role": "?"}, giver=admin, at=at)
    upload = invite.carry_out(upload=upload, giver=admin, at=at)
    (link,) = invite.links(upload=upload, giver=admin, at=at)
    page, _ = opened(context)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    own = User.objects.get(username="own")

    def looked_at(name: str, *arguments: Any) -> None:
        page.goto(address(live_server, name, *arguments))
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert found.response["violations"] == [], name
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, name

    looked_at("sign-in")
    looked_at("welcome-link", link.token)
    looked_at("welcome-link", "khong-co")
    sign_in(page, live_server, "office")
    for name in ("second-factor", "mfa_activate_totp", "mfa_add_webauthn"):
        looked_at(name)
    settings.IS_SECOND_FACTOR_REQUIRED = False
    for name in ("account", "account_change_password", "account_reauthenticate"):
        looked_at(name)
    for name in ("people", "invite"):
        looked_at(name)
    looked_at("person", own.pk)
    looked_at("role-end", own.memberships.get().pk)
    looked_at("person-lock", own.pk)
    looked_at("invite-list", upload.pk)
    looked_at("invite-list", refused.pk)
