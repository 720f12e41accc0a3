"""Score: points and bands of a year, each unit's sheet, and what would lift it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tongket.cycle import score
from tongket.domain import criteria
from tongket.domain.access import Permission as P
from tongket.domain.criteria import Band, Edition, Fact, ItemResult
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import UnitVersion
from tongket.office import clock, drawn, facts, figures, grading, scopes, tables, years
from tongket.office.entrance import Actor, sentences, staff
from tongket.office.templatetags.office import number, said
from tongket.records.models import OpenPeriod, RemediationPlan, Result, ScoreRun
from tongket.records.register import register


@dataclass(frozen=True, slots=True)
class Graded:
    """One unit's result in the list."""

    unit: UnitVersion
    above: str
    above_name: str
    total: Decimal
    band: Band
    tone: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact behind a row of the sheet, and where it can be looked up."""

    label: str
    value: str
    url: str


Returns = Mapping[tuple[str, str], tuple[str, str]]
SORTS: dict[str, Callable[[Graded], Any]] = {
    "don-vi": lambda row: row.unit.name,
    "huyen": lambda row: (row.above_name, row.unit.name),
    "diem": lambda row: -row.total,
    "xep-loai": lambda row: (row.band.lowest, row.total),
}


def graded(actor: Actor, year: int) -> list[Graded]:
    """Return the results of a year that the person may see."""
    bands = grading.bands(year)
    tree = register().on(figures.regime().year(year).end)
    results = score.current(year).filter(unit__key__in=actor.scope(P.VIEW))
    found = []
    for key, total, band in results.values_list("unit__key", "total", "band"):
        unit = tree[key]
        above = unit.parent or ""
        found.append(
            Graded(
                unit,
                above,
                tree[above].name if above else "",
                total,
                bands[band],
                grading.tone(bands[band], bands.values()),
            )
        )
    return found


def chosen(request: HttpRequest, rows: Iterable[Graded]) -> list[Graded]:
    """Return what the filters leave, in the order the address asks for."""
    asked = request.GET
    found = tables.matching(asked.get("q", ""))
    kept = [
        row
        for row in rows
        if found(row.unit.name, row.unit.code)
        and asked.get("huyen", "") in {"", row.above}
        and asked.get("loai", "") in {"", row.unit.kind}
        and asked.get("xep-loai", "") in {"", row.band.key}
    ]
    return sorted(kept, key=SORTS.get(asked.get("xep", ""), SORTS["diem"]))


@staff(P.VIEW)
@require_safe
def score_page(request: HttpRequest) -> HttpResponse:
    """List the results of a year with their bands."""
    return page(request, [])


def page(request: HttpRequest, told: list[str]) -> HttpResponse:
    """Return the list; 422 when running the scoring was refused."""
    year, pack = years.chosen(request), facts.pack()
    every = graded(request.actor, year)
    rows = chosen(request, every)
    if "csv" in request.GET:
        return as_csv(rows, year)
    kinds = dict.fromkeys(row.unit.kind for row in every)
    scope = request.actor.scope(P.VIEW)
    context = {
        "title": gettext("Chấm điểm, xếp loại năm %(year)s") % {"year": year},
        "year": year,
        "years": years.opened(),
        "editions": grading.editions(year),
        "runs": ScoreRun.objects.filter(year=year).order_by("-id"),
        "page": tables.page(request, rows),
        "total": len(every),
        "chart": drawn.bands(*grading.in_bands(year, scope)),
        "bands": grading.bands(year).values(),
        "kinds": [pack.kinds[key] for key in kinds],
        "kind_of": pack.kinds,
        "districts": scopes.districts(request.actor, P.VIEW),
        "may_run": request.actor.may(P.RUN_YEAR, pack.province),
        "asked": request.GET,
        "band_key": request.GET.get("xep-loai", ""),
        "query": tables.query(request),
        "query_unsorted": tables.query(request, "xep"),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/score/score.html", context, status=status)


def as_csv(rows: Iterable[Graded], year: int) -> HttpResponse:
    """Return the list as a file."""
    header = [
        gettext("Mã"),
        gettext("Đơn vị"),
        gettext("Cấp trên"),
        gettext("Năm"),
        gettext("Tổng điểm"),
        gettext("Xếp loại"),
    ]
    lines = (
        [
            row.unit.code,
            row.unit.name,
            row.above_name,
            year,
            number(row.total),
            said(row.band),
        ]
        for row in rows
    )
    return tables.csv_response(f"xep-loai-{year}.csv", header, lines)


@staff(P.RUN_YEAR)
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Score every unit of the year; the same facts keep the run that is there."""
    pack, year = facts.pack(), years.chosen(request)
    request.actor.must(P.RUN_YEAR, pack.province)
    try:
        runs = score.run(
            pack=pack,
            counted=facts.store(),
            year=year,
            period=figures.regime().year(year),
            by=request.user.username,
            at=clock.now(),
        )
    except (Refusal, Refusals) as refused:
        return page(request, sentences(refused))
    counted = Result.objects.filter(run__in=runs).count()
    if runs:
        words = gettext("Đã chấm điểm %(count)s đơn vị.")
        messages.success(request, words % {"count": counted})
    else:
        words = gettext("Không có bộ tiêu chí nào áp dụng cho năm %(year)s.")
        messages.warning(request, words % {"year": year})
    return redirect(f"{reverse('score')}?nam={year}")


@staff(P.VIEW)
@require_safe
def sheet_page(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    """Show a unit's sheet: each point with its reason and the facts behind it."""
    request.actor.must(P.VIEW, unit)
    results = score.current(year).filter(unit__key=unit).select_related("run")
    result = results.first()
    if result is None:
        raise Http404
    scored = score.sheet(facts.pack(), result)
    tree = register().on(figures.regime().year(year).end)
    lift, returns = criteria.lift(scored), opened_for(scored.edition)
    context = {
        "title": tree[unit].name,
        "kicker": gettext("Phiếu chấm điểm năm %(year)s") % {"year": year},
        "crumbs": [
            {"label": gettext("Chấm điểm"), "url": f"{reverse('score')}?nam={year}"},
            {"label": tree[unit].name},
        ],
        "unit": tree[unit],
        "year": year,
        "result": result,
        "edition": scored.edition,
        "scored": scored,
        "tone": grading.tone(scored.band, scored.edition.bands),
        "rows": [sheet_row(row, unit, returns, request.actor) for row in scored.items],
        "lift": lift,
        "total": plain(scored.total),
        "maximum": plain(scored.edition.maximum),
        "needed": plain(lift.points_needed) if lift and lift.points_needed else "",
        "lift_rows": [
            (row, plain(lost_by(row))) for row in (lift.items if lift else ())
        ],
        "plan": RemediationPlan.objects.filter(unit__key=unit, year=year).first(),
        "earlier": earlier(unit, year, result),
    }
    return render(request, "office/score/sheet.html", context)


def earlier(unit: str, year: int, result: Result) -> list[Result]:
    """Return the results of earlier runs, which a later run does not erase."""
    found = Result.objects.filter(unit__key=unit, run__year=year).exclude(pk=result.pk)
    return list(found.select_related("run").order_by("-id"))


def sheet_row(
    row: ItemResult, unit: str, returns: Returns, actor: Actor
) -> tuple[ItemResult, str, str, list[Evidence]]:
    """Return a row with its points, their maximum and the facts behind it."""
    facts_behind = evidence(row, unit, returns, actor)
    return row, plain(row.points), plain(row.item.max_points), facts_behind


def lost_by(row: ItemResult) -> Decimal:
    """Return the points that a row lost."""
    return row.item.max_points - row.points


def evidence(
    row: ItemResult, unit: str, returns: Returns, actor: Actor
) -> list[Evidence]:
    """Return the facts behind a row, each linked to its figure or its return."""
    return [
        Evidence(
            named(key, fact), plain(fact.value), url_of(fact, unit, returns, actor)
        )
        for key, fact in zip(row.item.use.facts, row.facts, strict=True)
    ]


def named(key: str, fact: Fact) -> str:
    """Return what a fact is called, told from others of the same figure."""
    apart = {
        "numerator": gettext("tử số"),
        "denominator": gettext("mẫu số"),
        "same_period": gettext("cùng kỳ"),
    }
    words = apart.get(re.split("[.@]", key)[-1])
    return f"{said(fact.label)} ({words})" if words else said(fact.label)


def plain(value: Decimal | None) -> str:
    """Return a number without noughts behind it; "" for none."""
    return "" if value is None else number(value.normalize())


def opened_for(edition: Edition) -> Returns:
    """Return (measure, period) → scheme and form of the return that holds it."""
    pack = facts.pack()
    form = pack.forms[edition.form]
    schemes = [key for key, each in pack.schemes.items() if form.key in each.forms]
    opened = OpenPeriod.objects.filter(scheme__in=schemes)
    return {
        (measure.key, period): (scheme, form.key)
        for scheme, period in opened.values_list("scheme", "period")
        for measure in form.measures
    }


def url_of(fact: Fact, unit: str, returns: Returns, actor: Actor) -> str:
    """Return where a fact can be looked up; "" for what has no page."""
    url = figures.why_of(fact.figure, actor)
    if url or not fact.figure:
        return url
    key, _, rest = fact.figure.partition("@")
    period = rest.rpartition("@")[2]
    if (key, period) not in returns:
        return ""
    scheme, form = returns[key, period]
    return reverse("return", args=[scheme, period, unit, form])


urlpatterns = [
    path("van-phong/cham-diem/", score_page, name="score"),
    path("van-phong/cham-diem/chay/", run, name="score-run"),
    path("van-phong/cham-diem/<int:year>/<slug:unit>/", sheet_page, name="score-unit"),
]
