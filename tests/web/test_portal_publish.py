"""Does a release that is handed over become pages, once, whole or not at all?"""

import dataclasses
import datetime as dt

import pytest
from django.test import Client
from tests.web.portal_release import PUBLISHED_AT, SVG, article, photo, release
from wagtail.models import Page, Site

from tongket.domain.releases import DrawnChart, File
from tongket.domain.reports import Paragraph, Run, Table
from tongket.domain.sentences import Refusal, Refusals
from tongket.portal.models import (
    ArticlePage,
    FiguresPage,
    HomePage,
    PublishedRelease,
    ReleaseFile,
)
from tongket.portal.receive import publish

pytestmark = pytest.mark.django_db
AT = PUBLISHED_AT


def test_publishing_the_same_content_twice_is_one_release():
    first = publish(release=release(), by="office", at=AT)
    again = publish(release=release(), by="office", at=AT + dt.timedelta(days=1))
    assert first.pk == again.pk
    assert PublishedRelease.objects.count() == 1
    assert ArticlePage.objects.count() == FiguresPage.objects.count() == 1


def test_the_first_release_makes_the_home_page_the_root_of_the_site():
    publish(release=release(), by="office", at=AT)
    site = Site.objects.get(is_default_site=True)
    assert site.root_page.specific == HomePage.objects.get()
    assert (site.hostname, site.port) == ("localhost", 8000)
    assert Page.objects.filter(title__startswith="Welcome").count() == 0


def test_new_content_for_a_period_renews_its_pages_at_the_same_address():
    publish(release=release(), by="office", at=AT)
    address = ArticlePage.objects.get().url
    changed = release(article=article(lead="Sửa."), content_hash="b" * 64)
    second = publish(release=changed, by="office", at=AT + dt.timedelta(days=1))
    page = ArticlePage.objects.get()
    assert (page.url, page.lead, second.version) == (address, "Sửa.", 2)
    assert page.revisions.count() == 2


def test_another_period_gets_its_own_pages():
    publish(release=release(), by="office", at=AT)
    other = release(key="nd09-2023-q1", period_label="quý I/2023", content_hash="c")
    publish(release=other, by="office", at=AT)
    slugs = set(FiguresPage.objects.values_list("slug", flat=True))
    assert slugs == {"so-lieu-nam-2023", "so-lieu-quy-i-2023"}
    assert len(set(ArticlePage.objects.values_list("slug", flat=True))) == 2


def test_every_fault_of_a_release_is_told_at_once_and_nothing_is_stored():
    loose = Paragraph((Run("999 vụ", "no-such-figure"),))
    damaged = File("a.pdf", "Báo cáo", "application/pdf", b"x", "0" * 64)
    mute = dataclasses.replace(photo(), alt=" ")
    doubled = release().figures + release().figures[:1]
    broken = release(
        article=article(paragraphs=(loose,), photo=mute),
        files=(damaged,),
        figures=doubled,
    )
    with pytest.raises(Refusals) as told:
        publish(release=broken, by="office", at=AT)
    words = str(told.value)
    for part in ("no-such-figure", "a.pdf", "hoi-nghi.png", "hai lần"):
        assert part in words
    assert PublishedRelease.objects.count() == HomePage.objects.count() == 0


@pytest.mark.parametrize(
    "svg",
    [
        SVG.replace("<rect", "<script>alert(1)</script><rect"),
        SVG.replace("<rect", '<rect onload="x()"'),
        SVG.replace("<rect", '<use href="https://example.org/x.svg#a"/><rect'),
        "<svg",
    ],
)
def test_a_chart_that_does_more_than_draw_is_refused_and_leaves_nothing(svg):
    chart = DrawnChart("c", "Biểu đồ", "Mô tả", svg, Table("Bảng", ("a",), ()))
    with pytest.raises(Refusal, match="Biểu đồ c"):
        publish(release=release(charts=(chart,)), by="office", at=AT)
    assert PublishedRelease.objects.count() == ReleaseFile.objects.count() == 0


def test_a_chart_loses_its_style_attributes_but_not_their_meaning():
    stored = publish(release=release(), by="office", at=AT)
    svg = stored.charts[0]["svg"]
    assert "style=" not in svg
    assert 'fill="var(--chart-1)"' in svg
    assert 'viewBox="0 0 320 120"' in svg
    assert 'role="img"' in svg


def test_before_its_hour_a_release_answers_like_an_unknown_address(settings):
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    stored = publish(release=release(published_at=tomorrow), by="office", at=AT)
    page, file = ArticlePage.objects.get(), stored.files.first()
    client = Client()
    unknown = client.get("/khong-co-trang-nay/")
    for address in (
        page.url,
        FiguresPage.objects.get().url,
        f"/v/{page.pk}.gif",
        f"/anh/{page.photo_id}/",
        f"/tep/{file.pk}/{file.name}",
        f"/danh-gia/{page.pk}/",
        "/so-lieu/nd09-2023.csv",
        "/so-lieu/nd09-2023.json",
    ):
        assert client.get(address).status_code == unknown.status_code == 404, address
    assert page.title not in client.get("/").text
    assert page.title not in client.get("/tin.atom").text
    assert page.title not in client.get("/tim-kiem/?q=bac+giang").text
