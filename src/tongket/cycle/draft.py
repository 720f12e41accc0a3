"""Draft ("soạn thảo"): a template and frozen figures become a document as values.

Nothing is typed here: every number in a sentence is put there by `wording` from a
figure and carries its identity, and each figure that is used gets a note that answers
"why" at the end of the document.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from tongket.cycle import freeze, plan
from tongket.domain import wording
from tongket.domain.commendations import STANDING, AwardeeKind
from tongket.domain.indicators import Comparison
from tongket.domain.periods import Period
from tongket.domain.programme import WorkKind
from tongket.domain.reports import (
    Annex,
    Block,
    Chart,
    FigureNote,
    Letterhead,
    Paragraph,
    Point,
    Report,
    Run,
    Style,
    Table,
)
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack, Template, TemplateBlock
from tongket.records import scope
from tongket.records.models import Award, FrozenPeriod, ProgrammeWork
from tongket.records.register import register

WARNING = "Ngoài các tổng số toàn tỉnh đã công bố, mọi số liệu là giả định."
STYLES = {
    "ground": Style.GROUND,
    "heading": Style.HEADING,
    "subheading": Style.SUBHEADING,
    "body": Style.BODY,
    "point": Style.POINT,
}
_, *NOTE = (field.name for field in fields(FigureNote))
WORKS = {
    "objectives": WorkKind.OBJECTIVE,
    "solutions": WorkKind.SOLUTION,
    "tasks": WorkKind.TASK,
    "coordination": WorkKind.COORDINATION,
}


class NoTemplate(Refusal, LookupError):
    """The pack has no outline for the document."""

    words = "Gói dữ liệu chưa có mẫu “{template}” (templates/{template}.yaml)."


@dataclass(frozen=True, slots=True)
class Material:
    """All that a document is written from."""

    pack: Pack
    period: Period
    frozen: FrozenPeriod
    comparisons: Mapping[str, Comparison]
    words: Mapping[str, str]


def material(*, pack: Pack, period: Period, frozen: FrozenPeriod) -> Material:
    """Gather the figures and words that the sentences of a period may use."""
    base = pack.regimes[period.regime].same_period(period)
    words = {
        "province": pack.label,
        "period": period.label,
        "base_period": base.label,
        "window": period.window,
        "base_window": base.window,
        "year": str(period.year),
        "base_year": str(base.year),
        "next_year": str(period.year + 1),
        "plan_month": f"tháng 01/{period.year + 1}",
    }
    return Material(pack, period, frozen, freeze.comparisons(pack, frozen), words)


def template_of(pack: Pack, key: str) -> Template:
    """Return an outline of the pack, or refuse its key."""
    if key not in pack.templates:
        raise NoTemplate(template=key)
    return pack.templates[key]


def annual(
    source: Material, *, number: int, dated: dt.date, remarks: str = ""
) -> Report:
    """Return the annual report ("báo cáo tổng kết") of the committee.

    `remarks` is what the standing office adds in its own words, a paragraph a line.
    """
    pack = source.pack
    template = template_of(pack, "annual")
    blocks = list(blocks_of(source, template.blocks))
    if remarks.strip():
        blocks.append(
            Paragraph((Run("Nhận xét của cơ quan thường trực"),), Style.HEADING)
        )
        lines = [line.strip() for line in remarks.splitlines() if line.strip()]
        blocks += [Paragraph((Run(line),)) for line in lines]
    annexes = tuple(_annexes(source, template.blocks))
    used = _figures(blocks)
    head = pack.letterhead
    return Report(
        Letterhead(
            governing_body=head.governing_body,
            issuing_body=head.issuing_body,
            number=number,
            symbol=f"{template.symbol}-{head.suffix}",
            place=head.place,
            dated=dated,
            kind=template.kind,
            subject="".join(run.text for run in runs(source, template.subject)),
            authority=head.authority,
            post=head.post,
            recipients=head.recipients,
        ),
        tuple(blocks),
        annexes,
        tuple(notes(source, used)),
        f"Số liệu minh họa. {WARNING}" if is_illustrative(source) else "",
    )


def is_illustrative(source: Material) -> bool:
    """Whether the year is the demonstration: only its published totals are real."""
    return source.period.year in source.pack.examples


def blocks_of(source: Material, wanted: Iterable[TemplateBlock]) -> Iterator[Block]:
    """Yield the blocks of a template, its gaps filled; annexes are left out."""
    for block in wanted:
        if block.kind in STYLES:
            yield Paragraph(runs(source, block.text), STYLES[block.kind])
        elif block.kind == "table":
            yield table(source, block)
        elif block.kind == "chart":
            yield from (chart(source, key, block.text) for key in block.indicators)
        elif block.kind == "list" and block.of in WORKS:
            yield from _works(source, WORKS[block.of])


def table(source: Material, block: TemplateBlock) -> Table:
    """Return a table of figures: value, same period, change."""
    rows = []
    for key in block.indicators:
        compared = source.comparisons[key]
        identity = compared.current.key
        percent = compared.percent
        changed = "–"
        if compared.difference is not None:
            changed = wording.change_count(compared)
            if percent is not None and compared.direction:
                changed = f"{changed} ({wording.change_percent(compared).split()[-1]})"
        rows.append(
            (
                Run(compared.current.indicator.label),
                Run(wording.reading_value(compared.current), identity),
                Run(wording.reading_value(compared.base), identity),
                Run(changed, identity),
            )
        )
    return Table(
        "".join(run.text for run in runs(source, block.text)),
        (
            "Chỉ tiêu",
            source.words["period"].capitalize(),
            source.words["base_period"].capitalize(),
            "Tăng, giảm",
        ),
        tuple(rows),
        frozenset({1, 2, 3}),
    )


def chart(source: Material, key: str, title: str) -> Chart:
    """Return the months of an indicator beside the months of the year before."""
    year, base_year = source.words["year"], source.words["base_year"]
    points = []
    for label, now, before in freeze.months(source.frozen, key):
        for series, value in ((f"Năm {year}", now), (f"Năm {base_year}", before)):
            if value is not None:
                points.append(Point(label, float(value), series))
    compared = source.comparisons[key]
    unit = compared.current.indicator.measure_unit
    said = wording.reading_value(compared.current)
    description = (
        f"{compared.current.indicator.label} theo tháng, năm {year} và năm "
        f"{base_year}; cả năm {said}, {wording.change(compared)}."
    )
    return Chart(
        key,
        "line",
        "".join(run.text for run in runs(source, title)),
        description,
        unit.capitalize(),
        tuple(points),
    )


def notes(source: Material, used: Iterable[str]) -> Iterator[FigureNote]:
    """Yield the answer to "why" of each figure, in the order they first stand.

    A run that states several figures at once ("giảm cả 3 tiêu chí") has one note that
    answers for each of them.
    """
    by_key = {each.current.key: each for each in source.comparisons.values()}
    for identity in dict.fromkeys(used):
        told = [_note(by_key[key]) for key in identity.split()]
        yield FigureNote(identity, **{name: _told(told, name) for name in NOTE})


def _told(told: Iterable[FigureNote], name: str) -> str:
    texts = [getattr(note, name) for note in told]
    # A value is said of each figure, although two may be equal.
    said = texts if name in ("value", "base") else dict.fromkeys(texts)
    return "; ".join(filter(None, said))


def _note(compared: Comparison) -> FigureNote:
    current, base = compared.current, compared.base
    has_base = base.value is not None
    return FigureNote(
        figure=current.key,
        label=current.indicator.label,
        value=wording.reading_value(current),
        definition=current.indicator.definition,
        window=current.period.window,
        parts=wording.parts(current),
        base=f"{wording.reading_value(base)} ({base.period.window})"
        if has_base
        else "",
        returned=f"{wording.number(current.returned)}/{wording.number(current.owed)}",
        source=str(current.indicator.source),
    )


def runs(source: Material, text: str) -> tuple[Run, ...]:
    """Return a sentence of a template, its gaps filled from the figures."""
    return wording.fill(text, source.comparisons, source.words)


def _figures(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        stated: Iterable[Run] = ()
        if isinstance(block, Paragraph):
            stated = block.runs
        elif isinstance(block, Table):
            stated = [run for row in block.rows for run in row]
        for run in stated:
            if run.figure:
                yield run.figure


def _works(source: Material, kind: WorkKind) -> Iterator[Paragraph]:
    works = ProgrammeWork.objects.filter(year=source.period.year + 1, kind=kind)
    for work in works:
        told = [work.owner] if work.owner else []
        if work.due_on:
            told.append(f"xong chậm nhất ngày {work.due_on:%d/%m/%Y}")
        text = work.label.rstrip(".;") + (f" ({'; '.join(told)})" if told else "")
        yield Paragraph((Run(f"{text}."),), Style.POINT)


def _annexes(source: Material, wanted: Iterable[TemplateBlock]) -> Iterator[Annex]:
    for block in wanted:
        if block.kind == "list" and block.of == "weak_units":
            yield Annex(block.text or "Danh sách đơn vị", (_weak_units(source),))
        elif block.kind == "list" and block.of == "awards":
            yield Annex(block.text or "Danh sách khen thưởng", (_awards(source),))


@scope.whole("the report lists every unit that owes a plan")
def _weak_units(source: Material) -> Table:
    tree = register().on(source.period.end)
    bands = {
        band.key: band.label
        for edition in source.pack.editions.values()
        for band in edition.bands
    }
    plans = plan.standing(source.period.year).select_related(
        "unit", "result", "committee"
    )
    rows = [
        (
            Run(str(place)),
            Run(tree[each.unit.key].name),
            Run(bands[each.result.band]),
            Run(f"{each.post}, {tree[each.committee.key].name}"),
        )
        for place, each in enumerate(plans, 1)
    ]
    header = ("STT", "Đơn vị", "Xếp loại", "Chức danh Ban Chỉ đạo phụ trách")
    return Table("", header, tuple(rows))


@scope.whole("the report lists every award of the year")
def _awards(source: Material) -> Table:
    tree = register().on(source.period.end)
    forms = source.pack.award_forms
    kinds = {AwardeeKind.COLLECTIVE: "Tập thể", AwardeeKind.INDIVIDUAL: "Cá nhân"}
    order = {form: place for place, form in enumerate(forms)}
    awards = sorted(
        Award.objects.filter(year=source.period.year, state__in=STANDING),
        key=lambda award: (order[award.form], award.kind, award.pk),
    )
    rows = [
        (
            Run(str(place)),
            Run(tree[each.awardee].name if each.awardee in tree else each.awardee),
            Run(kinds[AwardeeKind(each.kind)]),
            Run(forms[each.form].label),
        )
        for place, each in enumerate(awards, 1)
    ]
    return Table("", ("STT", "Tập thể, cá nhân", "Loại", "Hình thức"), tuple(rows))
