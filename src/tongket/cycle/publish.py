"""Publish ("công bố"): may the public see it? A finished release, pushed to the portal.

Only a signed report is published. The release holds text, figures, tables, charts and
files of the frozen figures; counts too small to print are hidden, with enough others
that subtraction cannot bring them back.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

from django.db import transaction

from tongket.cycle import draft, freeze, report
from tongket.documents import charts
from tongket.domain import disclosure, english, wording
from tongket.domain.indicators import Comparison, Indicator
from tongket.domain.periods import Period
from tongket.domain.releases import (
    Article,
    DrawnChart,
    File,
    Photo,
    PublishedFigure,
    Release,
)
from tongket.domain.reports import Chart, Paragraph, Run, Table
from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.pack import Pack
from tongket.portal import receive
from tongket.portal.models import ArticlePage, FiguresPage, PublishedRelease
from tongket.records import audit
from tongket.records.models import AnnualReport
from tongket.records.register import register

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HIDDEN = "…"
FILE_WORDS = {"word": "Báo cáo tổng kết (Word)", "pdf": "Báo cáo tổng kết (PDF)"}


class NotSigned(Refusal):
    """Only a signed report is published."""

    words = "Báo cáo {period} chưa được ký; ký báo cáo trước khi công bố."


@transaction.atomic
def publish(
    *,
    pack: Pack,
    period: Period,
    folder: Path,
    photo: Photo | None,
    by: str,
    at: dt.datetime,
) -> PublishedRelease:
    """Push the signed report of a period, its article and figures to the portal.

    `folder` is where the report's files lie. Publishing what is published already
    changes nothing.
    """
    written = report.newest(period)
    if written is None or written.state == AnnualReport.State.DRAFT:
        raise NotSigned(period=period.label)
    source = draft.material(pack=pack, period=period, frozen=written.frozen)
    release = _release(source, written, folder, photo, at)
    before = PublishedRelease.objects.filter(content_hash=release.content_hash)
    is_new = not before.exists()
    published = receive.publish(release=release, by=by, at=at)
    if is_new:
        written.state = AnnualReport.State.PUBLISHED
        written.save(update_fields=["state"])
        new = {"hash": release.content_hash}
        audit.record([audit.Act("publish", f"release:{period.key}", new)], by=by, at=at)
    return published


def article(source: draft.Material, photo: Photo | None) -> Article:
    """Return the news article of a period, every claim in it verified."""
    template = draft.template_of(source.pack, "article")
    by_kind = {block.kind: block.text for block in template.blocks}
    title, lead = (
        "".join(run.text for run in draft.runs(source, by_kind[kind]))
        for kind in ("title", "lead")
    )
    body = [b for b in template.blocks if b.kind not in ("title", "lead")]
    paragraphs = tuple(
        block for block in draft.blocks_of(source, body) if isinstance(block, Paragraph)
    )
    written = Article(title, lead, paragraphs, (template.byline,), photo)
    told = [Paragraph(draft.runs(source, by_kind["lead"])), *paragraphs]
    judged = report.judge_paragraphs(
        told, pack=source.pack, comparisons=source.comparisons
    )
    refusals: list[Refusal] = [
        report.FalseClaim(surface=each.quantity.surface, reason=each.reason)
        for each in judged
        if each.verdict in report.FALSE
    ]
    if refusals:
        raise Refusals(refusals)
    return written


def figures(source: draft.Material) -> Iterator[PublishedFigure]:
    """Yield every figure that the province publishes, with the answer to "why"."""
    for key, compared in source.comparisons.items():
        if compared.current.value is not None:
            yield _figure(source, key, compared)


def by_district(source: draft.Material, key: str) -> Table:
    """Return one count for each district, small counts hidden beyond subtraction.

    One mark stands for every hidden cell, so that none can be told from another; the
    total is hidden too where it is itself too small to print.
    """
    tree = register().on(source.period.end)
    held = freeze.districts(source.frozen, key)
    threshold = source.pack.disclosure_threshold.on(source.period.end).value
    hidden = disclosure.hidden(held, threshold)
    total = source.comparisons[key].current
    rows = [
        (Run(tree[unit].name), Run(HIDDEN if unit in hidden else _counted(value)))
        for unit, value in held.items()
    ]
    is_small = total.value is not None and disclosure.is_small(total.value, threshold)
    whole = Run(HIDDEN) if is_small else Run(wording.reading_value(total), total.key)
    rows.append((Run("Toàn tỉnh"), whole))
    indicator = total.indicator
    note = (
        f"Ô ghi “{HIDDEN}” được che vì số liệu nhỏ, hoặc để không suy ra được số liệu "
        "nhỏ ở ô khác."
        if hidden or is_small
        else ""
    )
    title = f"{indicator.label} theo huyện, thành phố, {source.period.label}"
    header = ("Huyện, thành phố", indicator.measure_unit.capitalize())
    return Table(title, header, tuple(rows), frozenset({1}), note)


def _counted(value: Decimal | None) -> str:
    return "chưa có số liệu" if value is None else wording.number(value)


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page that readers see: its title and address."""

    title: str
    url: str


def releases(period: Period) -> list[PublishedRelease]:
    """Return what was published of a period, the newest first."""
    found = PublishedRelease.objects.filter(key=period.key).order_by("-version")
    return list(found.prefetch_related("files"))


def public_pages(period: Period) -> list[PublicPage]:
    """Return the article and the figures page of a period, once it is published."""
    return [
        PublicPage(page.title, page.url or "")
        for kind in (ArticlePage, FiguresPage)
        for page in kind.objects.filter(release__key=period.key, live=True)
    ]


def _release(
    source: draft.Material,
    written: AnnualReport,
    folder: Path,
    photo: Photo | None,
    at: dt.datetime,
) -> Release:
    template = draft.template_of(source.pack, "annual")
    drawn = [
        block
        for block in draft.blocks_of(source, template.blocks)
        if isinstance(block, Chart)
    ]
    tables = tuple(by_district(source, each.key) for each in drawn[:1])
    parts = {
        "article": article(source, photo),
        "figures": tuple(figures(source)),
        "tables": tables,
        "charts": tuple(_drawn(source, each) for each in drawn),
        "files": tuple(_files(written, folder)),
    }
    told = {name: _plain(part) for name, part in parts.items()}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return Release(
        key=source.period.key,
        province=source.pack.label,
        period_label=source.period.label,
        window=source.period.window,
        published_at=at,
        warning=draft.WARNING if draft.is_illustrative(source) else "",
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        **parts,
    )


def _plain(part: object) -> object:
    """Return a part of a release as what its hash is made over; files by their own."""
    if isinstance(part, tuple):
        return [_plain(each) for each in part]
    if isinstance(part, File):
        return [part.name, part.sha256]
    if isinstance(part, Article):
        picture = part.photo
        told = asdict(part)
        told["photo"] = hashlib.sha256(picture.content).hexdigest() if picture else None
        return told
    return asdict(part)  # type: ignore[call-overload]


def _figure(source: draft.Material, key: str, compared: Comparison) -> PublishedFigure:
    current, base = compared.current, compared.base
    indicator = current.indicator
    assert current.value is not None, "missing figures are not published"
    has_base = base.value is not None
    example = source.pack.example(key, source.period.year)
    units = source.pack.measure_units
    return PublishedFigure(
        key=current.key,
        block=indicator.block,
        block_english=source.pack.in_english.get(indicator.block, indicator.block),
        label=indicator.label,
        english=indicator.english,
        value=wording.reading_value(current),
        value_english=english.reading_value(current, units=units),
        definition=indicator.definition,
        window=current.period.window,
        parts=wording.parts(current),
        change=wording.change(compared) if has_base else "",
        change_english=english.change(compared, units=units) if has_base else "",
        base=wording.reading_value(base) if has_base else "",
        base_english=english.reading_value(base, units=units) if has_base else "",
        base_window=base.period.window if has_base else "",
        direction=compared.direction if has_base else 0,
        is_good=compared.is_good if has_base else None,
        target=_target(indicator, wording.quantity),
        target_english=_target(indicator, partial(english.quantity, units=units)),
        returned=current.returned,
        owed=current.owed,
        source=str(indicator.source),
        is_headline=indicator.published,
        is_illustrative=draft.is_illustrative(source) and example is None,
        needs_verification=indicator.source.needs_verification,
    )


def _target(indicator: Indicator, said: Callable[[Decimal, str, int], str]) -> str:
    target = indicator.target
    if target is None:
        return ""
    size = said(target.value, indicator.measure_unit, target.decimals)
    return f"{indicator.target_sign} {size}"


def _drawn(source: draft.Material, chart: Chart) -> DrawnChart:
    months = freeze.months(source.frozen, chart.key)
    year, base_year = source.words["year"], source.words["base_year"]
    rows = tuple(
        (
            Run(label),
            Run("" if now is None else wording.number(now)),
            Run("" if before is None else wording.number(before)),
        )
        for label, now, before in months
    )
    header = ("Tháng", f"Năm {year}", f"Năm {base_year}")
    table = Table(chart.title, header, rows, frozenset({1, 2}))
    return DrawnChart(
        chart.key, chart.title, chart.description, charts.svg(chart), table
    )


def _files(written: AnnualReport, folder: Path) -> Iterator[File]:
    for name, label, kind in (
        (written.word, FILE_WORDS["word"], WORD),
        (written.pdf, FILE_WORDS["pdf"], "application/pdf"),
    ):
        content = (folder / name).read_bytes()
        hashed = hashlib.sha256(content).hexdigest()
        yield File(Path(name).name, label, kind, content, hashed)


def preview(*, pack: Pack, period: Period) -> tuple[Article, list[PublishedFigure]]:
    """Return what would be published from the figures frozen last, without a photo."""
    frozen = freeze.newest_or_refuse(period)
    source = draft.material(pack=pack, period=period, frozen=frozen)
    return article(source, None), list(figures(source))
