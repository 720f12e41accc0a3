"""The whole year in Chromium: from a commune's return to the published article.

Each person does their part in a browser of their own. The last month of one commune is
missing at first; what it sends completes the year, and the numbers on the portal are
the published ones.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.journey.conftest import HELD_BACK, ROOT, Site

from tongket.domain.figures import Cell
from tongket.loader import demonstration, packs
from tongket.loader.pack import Pack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
MONTH, FORM = "nd09-2023-m12", "commune-month-2022"
YEAR_ENDS = dt.date(2023, 12, 14)
RETURN = f"/van-phong/thu-thap/commune-month/{MONTH}/{HELD_BACK}/{FORM}/"
REVIEW = f"/van-phong/kiem-tra/commune-month/{MONTH}/{HELD_BACK}/{FORM}/"

As = Callable[[str], "Page"]


@cache
def pack() -> Pack:
    return packs.load(ROOT / "packs" / "vietnam", ROOT / "packs" / "bac-giang")


@cache
def held_back() -> Mapping[str, Cell]:
    """What the commune has to send for December."""
    demo = demonstration.load_demo(ROOT / "packs" / "bac-giang" / "demo")
    sent = [
        each.cells
        for each in demonstration.returns(pack(), demo)
        if each.unit == HELD_BACK and each.period.key == MONTH
    ]
    return sent[-1]


def typed(cell: Cell) -> str:
    """What an official types for a cell."""
    if cell.value is None:
        return "-"
    return f"{cell.value:f}".replace(".", ",")


@pytest.fixture(scope="module")
def signed_in(site: Site, chromium: "Browser") -> Iterator[As]:
    """Give each person a page in which they are signed in."""
    pages: dict[str, Page] = {}

    def as_(username: str) -> "Page":
        if username not in pages:
            context = chromium.new_context(base_url=site.url, locale="vi-VN")
            page = context.new_page()
            page.goto("/dang-nhap/")
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", site.password)
            page.click("main button[type=submit], main button")
            page.wait_for_url("**/van-phong/")
            pages[username] = page
        return pages[username]

    yield as_
    for page in pages.values():
        page.context.close()


def fill(page: "Page", **instead: str) -> None:
    """Fill in the form as the commune has it, some cells otherwise; send it."""
    page.goto(f"{RETURN}nhap/")
    for measure, cell in held_back().items():
        field = page.locator(f"input[name='cell.{measure}']")
        field.fill(instead.get(measure, typed(cell)))
    send(page)


def send(page: "Page") -> None:
    """Press the button and say yes to the question; the answer is a new page."""
    page.get_by_role("button", name=re.compile("Gửi (lại )?báo cáo")).click()
    with page.expect_navigation():
        page.locator("dialog#send button[value=send]").click()


def told(page: "Page") -> str:
    """What the page says, spaces as in the text."""
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def test_the_commune_sends_a_contradiction_and_is_told_at_the_cell(signed_in: As):
    reporter = signed_in("xa-tan-soi")
    assert "tháng 12/2023" in told(reporter)  # the duty stands on the first page
    fill(reporter, theft_cases="7")

    assert reporter.url.endswith(f"{RETURN}nhap/")
    finding = reporter.locator("tr.said[data-mark=error]").first
    assert "phải bằng" in finding.inner_text()


def test_the_reviewer_cannot_accept_it_and_sends_it_back_with_a_reason(signed_in: As):
    reviewer = signed_in("huyen-yen-the")
    reviewer.goto(REVIEW)
    assert reviewer.get_by_role("button", name="Duyệt báo cáo").is_disabled()
    reviewer.get_by_label("Lý do trả lại").fill("Số vụ trộm cắp chưa khớp cơ cấu.")
    reviewer.get_by_role("button", name="Trả lại đơn vị").click()

    reporter = signed_in("xa-tan-soi")
    reporter.goto(f"{RETURN}nhap/")
    assert "Số vụ trộm cắp chưa khớp cơ cấu." in told(reporter)


def test_the_commune_mends_it_and_it_climbs_from_district_to_province(signed_in: As):
    reporter = signed_in("xa-tan-soi")
    fill(reporter)
    page = told(reporter)
    if "giải trình" in page and reporter.url.endswith("nhap/"):
        reporter.get_by_label("Giải trình chung").fill("Đã kiểm tra, số liệu đúng.")
        send(reporter)
    reviewer = signed_in("huyen-yen-the")
    reviewer.goto(REVIEW)
    reviewer.get_by_role("button", name="Duyệt báo cáo").click()
    office = signed_in("thuong-truc")
    office.goto(REVIEW)
    office.get_by_role("button", name="Duyệt báo cáo").click()
    reporter.goto(RETURN)
    story = told(reporter)
    assert "Số vụ trộm cắp chưa khớp cơ cấu." in story
    assert "Đã duyệt, chuyển cấp trên, tại Huyện Yên Thế" in story
    assert "Đã duyệt, nhận, tại Tỉnh Bắc Giang" in story


def test_the_total_holds_the_return_at_once_and_leads_down_to_it(signed_in: As):
    office = signed_in("thuong-truc")
    office.goto("/van-phong/vi-sao/social_order_cases/bg/nd09-2023/")
    page = told(office)
    assert "1.008" in page
    assert "1.075" in page
    office.get_by_role("link", name="Huyện Yên Thế").first.click()
    office.get_by_role("link", name="Xã Tân Sỏi").first.click()
    december = office.locator("tr", has_text="12/2023")
    assert december.count() >= 1
    assert december.get_by_role("link").first.get_attribute("href")


def test_units_are_scored_and_108_owe_a_plan_under_a_named_post(signed_in: As):
    office = signed_in("thuong-truc")
    office.goto("/van-phong/cham-diem/?nam=2023")
    office.get_by_role("button", name="Chấm điểm").click()
    office.goto("/van-phong/ke-hoach/?nam=2023")
    office.get_by_role("button", name="Giao theo kết quả xếp loại").click()
    office.goto("/van-phong/ke-hoach/?nam=2023")
    page = told(office)
    assert "0/108" in page
    assert "31/01/2024" in page
    posts = office.locator("main tbody td:nth-of-type(3)").all_inner_texts()
    assert posts
    for post in posts:
        named, committee = post.split("\n", 1)
        assert named.strip()
        assert re.search("Huyện|Thành phố", committee)


def test_a_weak_unit_files_its_plan_for_every_item_it_lost(signed_in: As):
    reporter = signed_in("doanh-nghiep-082")
    reporter.goto("/van-phong/ke-hoach/2023/bg-e082/")
    actions = reporter.locator("textarea")
    if actions.count() == 0:
        pytest.fail("the enterprise of the demonstration account owes no plan")
    for field in actions.all():
        field.fill("Bổ sung và thực hiện trong quý I, có biên bản nghiệm thu.")
    for field in reporter.locator("main fieldset input:not([type])").all():
        field.fill("Giám đốc doanh nghiệp")
    for field in reporter.locator("main fieldset input[type=date]").all():
        field.fill("2024-03-29")
    reporter.get_by_role("button", name=re.compile("Gửi kế hoạch")).click()
    office = signed_in("thuong-truc")
    office.goto("/van-phong/ke-hoach/?nam=2023")
    assert "1/108" in told(office)


def award_lines(form: str, bands: Mapping[str, str]) -> str:
    demo = demonstration.load_demo(ROOT / "packs" / "bac-giang" / "demo")
    kinds = {"COLLECTIVE": "tập thể", "INDIVIDUAL": "cá nhân"}
    return "\n".join(
        f"{each.awardee}\t{kinds[each.kind]}\t{each.ground}"
        for each in demonstration.proposals(pack(), demo, bands)
        if each.form == form
    )


def bands_shown(page: "Page", site: Site) -> dict[str, str]:
    """Read unit → band from the list that the scoring page exports."""
    exported = page.request.get(f"{site.url}/van-phong/cham-diem/?nam=2023&csv=1")
    labels = {b.label: b.key for e in pack().editions.values() for b in e.bands}
    names = {unit.name: unit.unit for unit in pack().register.on(YEAR_ENDS)}
    found = {}
    for line in exported.text().splitlines()[1:]:
        columns = [column.strip('"') for column in re.split(r"[,;\t]", line)]
        band = next((labels[c] for c in columns if c in labels), None)
        unit = next((names[c] for c in columns if c in names), None)
        if band and unit:
            found[unit] = band
    return found


def test_awards_go_from_proposal_to_decision_and_are_conferred(
    signed_in: As, site: Site
):
    office, chair = signed_in("thuong-truc"), signed_in("truong-ban")
    bands = bands_shown(office, site)
    for form in pack().award_forms:
        office.goto(f"/van-phong/khen-thuong/danh-sach/?nam=2023&hinh-thuc={form}")
        office.get_by_label("Danh sách").fill(award_lines(form, bands))
        office.get_by_role("button", name="Ghi danh sách").click()
        office.get_by_role("button", name=re.compile("Thẩm định xong")).first.click()
        chair.goto("/van-phong/khen-thuong/?nam=2023")
        chair.get_by_label("Số quyết định").first.fill("05/QĐ-UBND")
        chair.get_by_role("button", name=re.compile(r"Quyết định \d+")).first.click()
    office.goto("/van-phong/khen-thuong/?nam=2023")
    while office.get_by_role("button", name=re.compile("Đã trao tặng")).count():
        office.get_by_role("button", name=re.compile("Đã trao tặng")).first.click()
    page = told(office)
    assert "13/13" in page
    assert "35/35" in page
    assert "45/45" in page


def test_the_programme_of_the_next_year_is_set(signed_in: As):
    office = signed_in("thuong-truc")
    office.goto("/van-phong/chuong-trinh/?nam=2023")
    office.get_by_role("button", name="Ghi chương trình công tác").click()
    page = told(office)
    assert re.search(r"Mục tiêu 5\b", page)
    assert re.search(r"Giải pháp 8\b", page)


def test_a_report_with_a_false_remark_is_refused_and_the_true_one_is_signed(
    signed_in: As, site: Site
):
    office, chair = signed_in("thuong-truc"), signed_in("truong-ban")
    office.goto("/van-phong/tong-hop/nd09-2023/chot/")
    office.get_by_role("button", name="Chốt số liệu").click()
    office.goto("/van-phong/bao-cao/?nam=2023")
    office.get_by_label("Số báo cáo").fill("2")
    remarks = office.get_by_label("Nhận xét của cơ quan thường trực")
    remarks.fill("Tội phạm về trật tự xã hội giảm 76 vụ so với năm 2022.")
    office.get_by_role("button", name="Lập báo cáo").click()
    assert "giảm 76 vụ" in told(office)
    assert not list((site.folder / "files").glob("**/*.docx"))

    office.get_by_label("Nhận xét của cơ quan thường trực").fill(
        "Tội phạm về trật tự xã hội giảm 67 vụ so với năm 2022."
    )
    office.get_by_role("button", name="Lập báo cáo").click()
    assert len(list((site.folder / "files").glob("**/*.docx"))) == 1
    assert len(list((site.folder / "files").glob("**/*.pdf"))) == 1

    chair.goto("/van-phong/bao-cao/?nam=2023")
    chair.get_by_role("link", name="Ký báo cáo").click()
    chair.get_by_role("button", name="Ký báo cáo").click()
    assert "đã ký" in told(chair)


def test_the_editor_publishes_and_the_reader_sees_the_published_numbers(
    signed_in: As, site: Site, chromium: "Browser"
):
    editor = signed_in("bien-tap")
    editor.goto("/van-phong/cong-bo/?nam=2023")
    editor.get_by_label("Tôi đã đọc bài viết và số liệu dưới đây").check()
    editor.get_by_role("button", name="Công bố").click()

    context = chromium.new_context(base_url=site.url, locale="vi-VN")
    reader = context.new_page()
    reader.goto("/")
    article = reader.get_by_role("link", name=re.compile("giảm 6,23%")).first
    article.click()
    text = told(reader)
    for number in (
        "trên 1 nghìn vụ",
        "giảm 67 vụ",
        "giảm 6,23%",
        "20 người",
        "156 người",
        "khoảng 265,9 tỷ đồng",
        "gần 96%",
        "giảm cả 3 tiêu chí",
        "11/11",
        "108 đơn vị",
        "5 mục tiêu",
        "8 giải pháp",
        "13 tập thể, cá nhân",
        "35 tập thể",
        "45 cá nhân",
    ):
        assert number in text, number
    reader.get_by_role("link", name="giảm 67 vụ").click()
    figures = re.sub(r"\s+", " ", reader.locator("main").text_content() or "")
    for published in pack().examples[2023].values():
        indicator = pack().indicators[published.indicator]
        shown = f"{published.value:,f}".replace(",", ".")
        if indicator.published and indicator.measure_unit not in ("%", "triệu đồng"):
            assert shown in figures, indicator.label
    for number in ("966/1.008", "95,83%", "1.075 vụ", "265,9 tỷ đồng", "11/11"):
        assert number in figures, number
    assert context.cookies() == []
    context.close()


def test_the_signed_files_offered_to_readers_are_the_ones_written(
    site: Site, chromium: "Browser"
):
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name=re.compile("Số liệu năm 2023")).first.click()
    links = page.locator("main a[href*='/tep/']")
    assert links.count() == 2
    written = {
        path.read_bytes()
        for path in Path(site.folder, "files").glob("**/*")
        if path.is_file()
    }
    for place in range(2):
        href = links.nth(place).get_attribute("href")
        served = page.request.get(f"{site.url}{href}")
        assert served.ok
        assert served.body() in written
    context.close()
    assert Decimal(len(written)) == 2
