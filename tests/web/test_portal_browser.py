"""Do the public pages hold in a browser: accessible, in any theme, size and width?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override
from tests.web.portal_release import PUBLISHED_AT, release

from tongket.portal.models import ArticlePage, FiguresPage, RatingCount, ViewCount
from tongket.portal.receive import publish

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}
# A voice that reads at once; Chromium on a server has none of its own.
VOICE = """
window.said = [];
const voice = {lang: "vi-VN", localService: true, name: "Linh"};
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => [voice], addEventListener() {}, cancel() {},
  speak(each) { said.push(each.text); setTimeout(() => each.onend(), 0); },
}});
"""


@pytest.fixture
def site(live_server: Any) -> dict[str, str]:
    """The addresses of the pages made from one release."""
    publish(release=release(), by="office", at=PUBLISHED_AT)
    with override("vi"):
        article, figures = ArticlePage.objects.get(), FiguresPage.objects.get()
        paths = {
            "home": "/",
            "article": article.url,
            "figures": figures.url,
            "rating": f"/danh-gia/{article.pk}/",
            "search": "/tim-kiem/?q=toi+pham",
            "unknown": "/khong-co/",
            "english": f"/en{figures.url}",
        }
    return {name: live_server.url + path for name, path in paths.items()}


@pytest.fixture
def page(chromium: "Browser") -> "Iterator[Page]":
    """A page of a new reader, with nothing stored."""
    context = chromium.new_context(locale="vi-VN")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "size"), [(320, "100"), (768, "200"), (1280, "100")])
def test_no_page_breaks_a_rule_that_axe_knows(chromium, site, scheme, width, size):
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    context.add_init_script(f"localStorage.setItem('fs', '{size}')")
    page = context.new_page()
    for name, address in site.items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = 1)")
        found = Axe().run(page, options=AXE).response["violations"]
        assert [each["id"] for each in found] == [], name
        wider = "document.documentElement.scrollWidth > innerWidth"
        assert not page.evaluate(wider), f"{name} scrolls sideways"
    assert context.cookies() == []
    context.close()


def test_theme_and_size_are_kept_on_the_device_alone(page, site):
    page.goto(site["article"])
    page.locator(".reading-tools [data-theme-choice=dark]").click()
    page.locator(".reading-tools [data-size-step='1']").click()
    page.goto(site["figures"])
    data = page.evaluate("({...document.documentElement.dataset})")
    assert data == {"theme": "dark", "fs": "125"}
    pressed = page.locator("[data-theme-choice=dark]").get_attribute("aria-pressed")
    assert pressed == "true"
    assert page.context.cookies() == []


def test_a_number_of_the_article_opens_its_reason(page, site):
    page.goto(site["article"])
    page.locator("a.bound").first.click()
    page.wait_for_url("**/so-lieu-nam-2023/#crime-cases")
    reason = page.locator(".figure-row:target + .why-row details")
    assert reason.get_attribute("open") is not None


def test_a_view_is_counted_after_five_seconds_in_sight(page, site):
    page.goto(site["article"])
    with page.expect_response("**/v/*.gif", timeout=15_000):
        assert ViewCount.of(ArticlePage.objects.get()) == 0
    assert ViewCount.of(ArticlePage.objects.get()) == 1


def test_the_article_is_read_aloud_sentence_by_sentence(page, site):
    page.add_init_script(VOICE)
    page.goto(site["article"])
    page.locator("[data-speak=play]").click()
    # By a selector: a function would be polled with eval, which the policy forbids.
    page.wait_for_selector("[data-speak=play][aria-pressed=false]")
    said = page.evaluate("said")
    assert "Chú thích ảnh: Quang cảnh hội nghị." in said
    assert "Toàn tỉnh xảy ra 1008 vụ, tỷ lệ khám phá đạt 95,83%." in said


def test_without_a_vietnamese_voice_the_button_says_why_it_is_off(page, site):
    page.goto(site["article"])
    assert page.locator("[data-speak=play]").is_disabled()
    assert "chưa có giọng đọc" in page.locator("[data-speak-none]").inner_text()


def test_a_reader_without_script_can_read_and_rate(chromium, site, settings):
    settings.RATING_OPENS_AFTER = 0
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site["article"])
    assert not page.locator(".reading-tools").is_visible()
    page.get_by_role("link", name="Đánh giá trang này").click()
    page.locator("input[name=score][value='5']").check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    assert "Đã ghi nhận." in page.locator("#danh-gia").inner_text()
    assert RatingCount.of(ArticlePage.objects.get()) == {5: 1}
    assert context.cookies() == []
    context.close()
