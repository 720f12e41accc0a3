"""Are workbooks dropped on the page taken, and do its pages hold at every width?"""

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from tests.cycle.test_unpack import workbook, zipped
from tests.factories import CANH_NAU, DONG_TIEN, MONTHLY, month, opened
from tests.web.conftest import Office
from tests.web.desks import Desk

from tongket.domain.access import Role
from tongket.records.models import Membership, ReturnVersion

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PERIOD = (MONTHLY, month(1).key)
DROP = """(text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], "huyen.zip", { type: "application/zip" }));
  const zone = document.querySelector("[data-drop]");
  zone.dispatchEvent(new DragEvent("dragover", { dataTransfer: files, bubbles: true }));
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true }));
}"""


@pytest.fixture
def clerk(office: Office, chromium: "Browser", live_server: Any) -> "Iterator[Desk]":
    """The browser of the person who files for the communes of Yên Thế."""
    grant = Membership.objects.get(user__username="stranger")
    grant.role = Role.CLERK
    grant.save()
    opened(month(1))
    session = office.client("stranger").cookies["sessionid"].value
    context = chromium.new_context(locale="vi-VN")
    context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    yield Desk(context.new_page(), live_server.url)
    context.close()


def archive() -> bytes:
    wrong = {"theft_cases": "bảy", "fire_cases": -1}
    return zipped(
        {
            "xa/Đồng Tiến.xlsx": workbook(DONG_TIEN),
            "xa/Canh Nậu.xlsx": workbook(CANH_NAU, typed=wrong),
            "xa/ghi chú.xlsx": b"abc",
        }
    )


def drop(desk: Desk) -> None:
    """Drop an archive on the page, send it, and wait for the page that tells all."""
    desk.go("uploads", *PERIOD)
    desk.page.evaluate(DROP, base64.b64encode(archive()).decode())
    desk.page.click("form[data-upload] button")
    desk.page.wait_for_selector("#outcomes")


def test_an_archive_that_is_dropped_on_the_page_is_taken(clerk: Desk) -> None:
    drop(clerk)
    text = clerk.page.inner_text("main")
    assert "1 báo cáo đã gửi" in text
    assert "“bảy” không phải là số" in text
    with clerk.page.expect_download() as download:
        clerk.page.click("text=Tải tệp đã đánh dấu")
    assert download.value.suggested_filename.startswith("can-sua_")
    assert ReturnVersion.objects.get().of.unit.key == DONG_TIEN


@pytest.mark.parametrize(
    ("scheme", "width", "size"),
    [("light", 360, "100"), ("dark", 360, "200"), ("dark", 1280, "100")],
)
def test_the_pages_of_uploading_break_no_rule_that_axe_knows(
    clerk: Desk, scheme: str, width: int, size: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = clerk.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.add_init_script(f"localStorage.setItem('fs', '{size}')")
    drop(clerk)
    told = page.url
    clerk.go("uploads", *PERIOD)
    for address in (page.url, told):
        page.goto(address)
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found] == [], address
        wider = "document.documentElement.scrollWidth > innerWidth"
        assert not page.evaluate(wider), f"{address} scrolls sideways"
