"""What happens when a finished release is handed to the portal?

One transaction: the release with its files, then the article and the figures page made
from it or renewed. Handing over the same content again changes nothing. Nothing is
asked back: all that the pages will ever show is in the release.
"""

import datetime as dt
import hashlib
import io
import mimetypes
from dataclasses import asdict
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from PIL import Image, UnidentifiedImageError
from wagtail.models import Locale, Page, Site

from tongket.domain.releases import Article, DrawnChart, Photo, Release
from tongket.domain.reports import Paragraph, Run, Table
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import search_key
from tongket.portal.drawings import cleaned
from tongket.portal.models import (
    ArticlePage,
    FiguresPage,
    HomePage,
    PublishedRelease,
    ReleasedPage,
    ReleaseFile,
)

LONGEST_SLUG = 90
_Page = TypeVar("_Page", bound=ReleasedPage)


class FigureNotInRelease(Refusal, LookupError):
    """A sentence or table states a figure that the release does not hold."""

    words = (
        "Bản công bố {key}: “{text}” dẫn tới số liệu “{figure}” không có trong bản "
        "công bố; bổ sung số liệu đó hoặc bỏ liên kết."
    )


class TwoFiguresOfOneName(Refusal, ValueError):
    """Two figures of a release share a key, so a link would be ambiguous."""

    words = "Bản công bố {key}: số liệu “{figure}” xuất hiện hai lần; giữ lại một."


class DamagedFile(Refusal, ValueError):
    """A file is not the one whose hash was announced."""

    words = (
        "Bản công bố {key}: tệp {name} không khớp mã SHA-256 đã khai; xuất lại tệp rồi "
        "công bố lại."
    )


class PhotoWithoutWords(Refusal, ValueError):
    """A photo without alternative text or caption."""

    words = (
        "Bản công bố {key}: ảnh {name} thiếu chú thích hoặc mô tả thay thế; bổ sung "
        "trước khi công bố."
    )


def publish(*, release: Release, by: str, at: dt.datetime) -> PublishedRelease:
    """Put a release on the portal; the same content again returns what is there.

    `by` is who pushed it and `at` when; the pages appear at `release.published_at`.
    Refuses, all reasons at once, what a reader could not follow or trust.
    """
    found = PublishedRelease.objects.filter(content_hash=release.content_hash).first()
    if found:
        return found
    refusals = [*_loose_figures(release), *_bad_files(release)]
    if refusals:
        raise Refusals(refusals)
    with transaction.atomic():
        stored = _stored(release, by=by, at=at)
        photo = _stored_photo(stored, release.article.photo)
        home = _home(release)
        _put_article(home, stored, release.article, photo)
        _put_figures(home, stored)
    return stored


def _loose_figures(release: Release) -> list[Refusal]:
    keys = [figure.key for figure in release.figures]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    runs = [run for each in release.article.paragraphs for run in each.runs]
    tables = [*release.tables, *(chart.table for chart in release.charts)]
    runs += [run for table in tables for row in table.rows for run in row]
    return [
        *(TwoFiguresOfOneName(key=release.key, figure=key) for key in twice),
        *(
            FigureNotInRelease(key=release.key, text=run.text, figure=figure)
            for run in runs
            for figure in run.figures
            if figure not in keys
        ),
    ]


def _bad_files(release: Release) -> list[Refusal]:
    refusals: list[Refusal] = [
        DamagedFile(key=release.key, name=file.name)
        for file in release.files
        if hashlib.sha256(file.content).hexdigest() != file.sha256.lower()
    ]
    photo = release.article.photo
    if photo and not (photo.alt.strip() and photo.caption.strip()):
        refusals.append(PhotoWithoutWords(key=release.key, name=photo.name))
    return refusals


def _stored(release: Release, *, by: str, at: dt.datetime) -> PublishedRelease:
    before = PublishedRelease.objects.filter(key=release.key).count()
    stored = PublishedRelease.objects.create(
        key=release.key,
        version=before + 1,
        content_hash=release.content_hash,
        province=release.province,
        period_label=release.period_label,
        window=release.window,
        published_at=release.published_at,
        received_at=at,
        received_from=by,
        warning=release.warning,
        figures=[asdict(figure) for figure in release.figures],
        tables=[_table(table) for table in release.tables],
        charts=[_chart(chart) for chart in release.charts],
        search_text=_words(release.article),
    )
    for file in release.files:
        ReleaseFile.objects.create(
            release=stored,
            name=file.name,
            label=file.label,
            content_type=file.content_type,
            content=file.content,
            size=len(file.content),
            sha256=file.sha256.lower(),
        )
    return stored


def _stored_photo(stored: PublishedRelease, photo: Photo | None) -> ReleaseFile | None:
    if photo is None:
        return None
    try:
        width, height = Image.open(io.BytesIO(photo.content)).size
    except UnidentifiedImageError:  # a drawing (SVG) has no pixels to measure
        width = height = None
    return ReleaseFile.objects.create(
        release=stored,
        name=photo.name,
        content_type=mimetypes.guess_type(photo.name)[0] or "application/octet-stream",
        content=photo.content,
        size=len(photo.content),
        sha256=hashlib.sha256(photo.content).hexdigest(),
        is_photo=True,
        width=width,
        height=height,
    )


def _table(table: Table) -> dict[str, object]:
    return {
        "title": table.title,
        "header": [
            {"text": text, "is_numeric": column in table.numeric}
            for column, text in enumerate(table.header)
        ],
        "rows": [
            [
                {
                    "text": run.text,
                    "figure": _leads_to(run),
                    "is_numeric": column in table.numeric,
                }
                for column, run in enumerate(row)
            ]
            for row in table.rows
        ],
        "note": table.note,
    }


def _chart(chart: DrawnChart) -> dict[str, object]:
    return {
        "key": chart.key,
        "title": chart.title,
        "description": chart.description,
        "svg": cleaned(chart.svg, key=chart.key, label=chart.title),
        "table": _table(chart.table),
    }


def _paragraph(paragraph: Paragraph) -> dict[str, object]:
    runs = [{"text": run.text, "figure": _leads_to(run)} for run in paragraph.runs]
    return {"style": paragraph.style.value, "runs": runs}


def _leads_to(run: Run) -> str | None:
    """Return the figure a click leads to: the first where the text states several."""
    return run.figures[0] if run.figures else None


def _words(article: Article) -> str:
    paragraphs = (paragraph.text for paragraph in article.paragraphs)
    return search_key(" ".join([article.title, article.lead, *paragraphs]))


def _home(release: Release) -> HomePage:
    """Return the first page; on first use make it the root of the default site."""
    home = HomePage.objects.first()
    if home:
        return home
    root = Page.get_first_root_node() or _root()
    home = root.add_child(
        instance=HomePage(title=f"Tổng kết {release.province}", slug="trang-chu")
    )
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": "localhost",
            "port": 8000,
            "root_page": home,
            "site_name": release.province,
        },
    )
    # Only the page that Wagtail's own installation makes is of the bare type here.
    for welcome in root.get_children().exact_type(Page):
        welcome.delete()
    return home


def _root() -> Page:
    """Return a new root: an emptied database lost what Wagtail's migrations made."""
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    return Page.add_root(title="Root", slug="root")


def _put(home: HomePage, page: ReleasedPage, slug: str) -> None:
    if page.pk is None:
        page.slug = _free_slug(home, slug)
        home.add_child(instance=page)
    page.save_revision().publish()


def _existing(kind: type[_Page], stored: PublishedRelease) -> _Page:
    found = kind.objects.filter(release__key=stored.key).first()
    return found or kind()


def _put_article(
    home: HomePage,
    stored: PublishedRelease,
    article: Article,
    photo: ReleaseFile | None,
) -> None:
    page = _existing(ArticlePage, stored)
    page.release = stored
    page.title = article.title
    page.lead = page.search_description = article.lead
    page.paragraphs = [_paragraph(paragraph) for paragraph in article.paragraphs]
    page.authors = list(article.authors)
    page.photo = photo
    page.photo_caption = article.photo.caption if article.photo else ""
    page.photo_alt = article.photo.alt if article.photo else ""
    _put(home, page, article.title)


def _put_figures(home: HomePage, stored: PublishedRelease) -> None:
    page = _existing(FiguresPage, stored)
    page.release = stored
    page.title = f"{stored.province}: số liệu {stored.period_label}"
    _put(home, page, f"so lieu {stored.period_label}")


def _free_slug(home: HomePage, text: str) -> str:
    """Return an address made of the words, not longer than it must be nor taken."""
    wanted = slugify(search_key(text).replace("/", " "))
    if len(wanted) > LONGEST_SLUG:
        wanted = wanted[:LONGEST_SLUG].rsplit("-", 1)[0]
    taken = set(home.get_children().values_list("slug", flat=True))
    free, number = wanted, 1
    while free in taken:
        number += 1
        free = f"{wanted}-{number}"
    return free
