"""Does a reader get whole pages: numbers with reasons, no cookie, no inline code?"""

import csv
import gzip
import hashlib
import html
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override
from tests.web.portal_release import PUBLISHED_AT, SVG, article, figure, release

from tongket.domain.releases import Photo
from tongket.portal.models import ArticlePage, FiguresPage, PublishedRelease
from tongket.portal.receive import publish

pytestmark = pytest.mark.django_db
STATIC = Path(settings.STATICFILES_DIRS[0])


@pytest.fixture
def published() -> PublishedRelease:
    return publish(release=release(), by="office", at=PUBLISHED_AT)


def address_of(kind) -> str:
    # A test client leaves the language of its last answer behind.
    with override("vi"):
        return kind.objects.get().url


def page_of(kind, prefix=""):
    return Client().get(prefix + address_of(kind))


def addresses() -> list[str]:
    pages = ["/", address_of(ArticlePage), address_of(FiguresPage)]
    pages += [f"/danh-gia/{ArticlePage.objects.get().pk}/", "/tim-kiem/?q=toi"]
    return pages + [f"/en{page}" for page in pages] + ["/khong-co/"]


class Tags(HTMLParser):
    """Collects every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_each_number_of_the_article_leads_to_its_figure(published):
    text = page_of(ArticlePage).text
    figures = page_of(FiguresPage)
    address = address_of(FiguresPage)
    links = re.findall(rf'class="bound" href="{address}#([^"]+)">([^<]+)<', text)
    assert links == [("crime-cases", "1.008 vụ"), ("clearance-rate", "95,83%")]
    ids = [attrs["id"] for _, attrs in Tags(figures.text).tags if "id" in attrs]
    assert {key for key, _ in links} <= set(ids)
    assert len(ids) == len(set(ids))


def test_each_figure_says_why(published):
    text = html.unescape(page_of(FiguresPage).text)
    for words in (
        "Số số vụ phạm tội về trật tự xã hội phát sinh trong kỳ.",
        "966/1.008",
        "1.075 (15/12/2021–14/12/2022)",
        "209 trên 209 báo cáo phải gửi",
        "200 trên 209 báo cáo phải gửi",
        "09/2019/NĐ-CP, Điều 12",
    ):
        assert words in text
    assert text.count('<details class="why">') == len(published.figures)


def test_nought_nothing_arisen_missing_and_protected_look_different(published):
    text = page_of(FiguresPage).text
    assert "<strong>0 vụ</strong>" in text
    assert '<span class="nil">không phát sinh</span>' in text
    assert '<span class="missing">chưa có số liệu</span>' in text
    assert '<span class="suppressed">&lt;3' in text


def test_the_warning_about_illustrative_figures_stands_on_every_page(published):
    for address in addresses()[:3]:
        assert published.warning in Client().get(address).text


def test_a_reader_gets_no_cookie_on_any_page(published):
    client = Client()
    article = ArticlePage.objects.get()
    for address in [*addresses(), f"/v/{article.pk}.gif", "/tin.atom"]:
        answer = client.get(address)
        assert not answer.cookies, address
    client.post(f"/danh-gia/{article.pk}/", {"score": "3", "nonce": "x"})
    assert not client.cookies


def test_no_page_has_a_style_attribute_or_a_script_without_the_nonce(published):
    for address in addresses():
        answer = Client().get(address)
        policy = answer["Content-Security-Policy"]
        nonce = re.search(r"'nonce-([^']+)'", policy)
        for tag, attrs in Tags(answer.text).tags:
            assert "style" not in attrs, (address, tag)
            assert tag != "style", address
            assert not any(name.startswith("on") for name in attrs), (address, tag)
            if tag == "script" and "src" not in attrs:
                assert nonce, address
                assert attrs.get("nonce") == nonce[1], address


def test_no_page_asks_another_host_for_anything(published):
    for address in addresses():
        for tag, attrs in Tags(Client().get(address).text).tags:
            if tag in {"script", "img", "iframe", "source"} or (
                tag == "link" and attrs.get("rel") in {"stylesheet", "icon"}
            ):
                assert (attrs.get("src") or attrs.get("href") or "/")[0] == "/", address


def test_pages_are_light(published, record_property):
    parts = {name: (STATIC / "tongket" / name).read_bytes() for name in (
        "site.css", "portal.css", "display.js", "portal.js",
    )}  # fmt: skip
    styles = sum(len(gzip.compress(parts[n])) for n in parts if n.endswith("css"))
    scripts = sum(len(parts[n]) for n in parts if n.endswith("js"))
    assert styles <= 15_000
    assert scripts <= 10_000
    for address in addresses()[:3]:
        page = len(gzip.compress(Client().get(address).content))
        record_property(f"gzip bytes of {address} with styles", page + styles)
        assert page + styles + scripts <= 60_000, address


def test_english_pages_have_english_labels_and_numbers(published):
    figures = page_of(FiguresPage, prefix="/en").text
    assert '<html lang="en">' in figures
    for words in (
        "Social-order offences",
        "1,008 cases",
        "down 67 cases",
        "1,075",
        "75% and",
    ):
        assert words in figures
    text = page_of(ArticlePage, prefix="/en").text
    assert '<div class="article-body" lang="vi"' in text


def test_the_language_link_leads_to_the_same_page_in_the_other_language(published):
    address = address_of(FiguresPage)
    link = f'<a href="/en{address}?a=1" hreflang="en"'
    assert link in Client().get(f"{address}?a=1").text
    assert f'<a href="{address}" hreflang="vi"' in Client().get(f"/en{address}").text


def test_the_language_link_never_leads_to_another_site(published):
    text = Client().get("/en//example.net/").text
    assert 'href="//' not in text
    assert 'href="/%2Fexample.net/" hreflang="vi"' in text


def test_a_text_with_tags_is_shown_as_text_also_inside_json_ld():
    title = "</script><script>alert(1)</script> & <b>"
    publish(release=release(article=article(title=title)), by="o", at=PUBLISHED_AT)
    text = page_of(ArticlePage).text
    assert "<script>alert(1)" not in text
    data = re.search(r'ld\+json" nonce="[^"]+">(.+?)</script>', text)
    assert json.loads(data[1])["headline"] == title


def test_the_article_describes_itself_to_machines(published):
    text = page_of(ArticlePage).text
    data = json.loads(re.search(r'ld\+json" nonce="[^"]+">(.+?)</script>', text)[1])
    assert data["@type"] == "NewsArticle"
    assert data["datePublished"] == "2024-01-12T17:30:00+07:00"
    assert [each["name"] for each in data["author"]] == ["Phóng viên A", "Phóng viên B"]
    assert data["image"][0].endswith(f"/anh/{ArticlePage.objects.get().photo_id}/")
    assert 'property="og:title"' in text
    assert 'rel="canonical"' in text


def test_the_photo_has_size_caption_and_alternative_text(published):
    text = page_of(ArticlePage).text
    assert 'alt="Hội trường hội nghị" width="16" height="9"' in text
    assert "<figcaption>Quang cảnh hội nghị.</figcaption>" in text
    answer = Client().get(f"/anh/{ArticlePage.objects.get().photo_id}/")
    assert answer["Content-Type"] == "image/png"


def test_the_csv_holds_every_figure_and_nothing_a_spreadsheet_would_run():
    trap = figure("trap", "=HYPERLINK(1)", "1")
    publish(
        release=release(figures=(*release().figures, trap)), by="o", at=PUBLISHED_AT
    )
    answer = Client().get("/so-lieu/nd09-2023.csv")
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(release().figures) + 1
    assert rows[0]["Giá trị"] == "1.008 vụ"
    assert rows[-1]["Chỉ tiêu"] == "'=HYPERLINK(1)"
    assert answer.content.startswith("\ufeff".encode())


def test_the_open_data_names_each_file_with_its_hash(published):
    data = Client().get("/so-lieu/nd09-2023.json").json()
    assert [each["key"] for each in data["figures"]][:2] == [
        "crime-cases",
        "clearance-rate",
    ]
    (file,) = data["files"]
    answer = Client().get(file["url"])
    assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
    assert answer["Content-Disposition"] == 'attachment; filename="bao-cao.pdf"'


def test_the_feed_names_the_article(published):
    text = Client().get("/tin.atom").text
    page = ArticlePage.objects.get()
    assert page.title in text
    assert f"<id>urn:uuid:{page.translation_key}</id>" in text


@pytest.mark.parametrize("words", ["toi pham trat tu", "TỘI PHẠM", "tội phạm"])
def test_search_finds_with_or_without_accents(published, words):
    text = Client().get("/tim-kiem/", {"q": words}).text
    assert "#crime-cases" in text


def test_search_that_finds_nothing_says_so(published):
    assert "Không tìm thấy" in Client().get("/tim-kiem/?q=zzz").text


def test_before_anything_is_published_the_first_page_says_so():
    answer = Client().get("/")
    assert answer.status_code == 200
    assert "Chưa có bản công bố nào" in answer.text


def test_an_article_without_a_photo_has_no_empty_picture():
    publish(release=release(article=article(photo=None)), by="o", at=PUBLISHED_AT)
    for address in ("/", address_of(ArticlePage)):
        assert "<img" not in Client().get(address).text


def test_a_drawn_photo_is_shown_without_a_size_in_dots():
    drawn = Photo("hinh.svg", SVG.encode(), "Hình vẽ.", "Hai cột")
    publish(release=release(article=article(photo=drawn)), by="o", at=PUBLISHED_AT)
    text = page_of(ArticlePage).text
    assert 'alt="Hai cột">' in text
    photo = Client().get(f"/anh/{ArticlePage.objects.get().photo_id}/")
    assert photo["Content-Type"] == "image/svg+xml"
    assert "script-src 'self'" in photo["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("label", "english"),
    [("năm 2023", "2023"), ("quý I/2023", "Q1 2023"), ("đợt 1", "đợt 1")],
)
def test_a_period_has_an_english_name(label, english):
    publish(release=release(period_label=label), by="o", at=PUBLISHED_AT)
    assert f"{english}</h1>" in page_of(FiguresPage, prefix="/en").text
