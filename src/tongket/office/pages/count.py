"""Count: the figures of a unit and window against the same period; freezing them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.cycle import freeze
from tongket.domain.access import Permission as P
from tongket.domain.periods import Frequency, Period, parse
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import UnitVersion
from tongket.office import clock, facts, figures, scopes, tables, years
from tongket.office.entrance import sentences, staff
from tongket.office.figures import Told
from tongket.office.pages import why
from tongket.office.templatetags.office import (
    number,
    percent,
    said,
    said_with_window,
)
from tongket.records.models import COUNTS, FrozenPeriod, Review

LENGTHS = (
    Frequency.YEAR,
    Frequency.NINE_MONTHS,
    Frequency.HALF,
    Frequency.QUARTER,
    Frequency.MONTH,
)
SORTS: dict[str, Callable[[Told], Any]] = {
    "ten": lambda row: said(row.indicator),
    "so-lieu": lambda row: -(row.reading.value or 0),
    "thay-doi": lambda row: row.compared.percent or row.compared.difference or 0,
    "du": lambda row: row.reading.returned - row.reading.owed,
}


def asked_period(request: HttpRequest, year: int) -> Period:
    """Return the window that `?ky=` names, by default the whole year."""
    regime = figures.regime()
    key = request.GET.get("ky", "")
    return next((each for each in windows(year) if each.key == key), regime.year(year))


def windows(year: int) -> list[Period]:
    """Return the windows of a year that figures are told for, the longest first."""
    regime = figures.regime()
    return [
        window
        for length in LENGTHS
        if length in regime.frequencies
        for window in regime.windows(length, year)
    ]


def chosen(request: HttpRequest, rows: Iterable[Told]) -> list[Told]:
    """Return what the filters of the address leave, in the order it asks for."""
    asked = request.GET
    found = tables.matching(asked.get("q", ""))
    block = asked.get("khoi", "")
    kept = [
        row
        for row in rows
        if found(row.indicator.label, row.indicator.english)
        and block in {"", row.indicator.block}
    ]
    key = SORTS.get(asked.get("xep", ""))
    return sorted(kept, key=key) if key else kept


@staff(P.VIEW)
@require_safe
def count_page(request: HttpRequest) -> HttpResponse:
    """Show the figures of a unit and window, filtered and sorted."""
    unit, year = scopes.asked(request, P.VIEW), years.chosen(request)
    period = asked_period(request, year)
    every = figures.of(unit.unit, period)
    rows = chosen(request, every)
    if "csv" in request.GET:
        return as_csv(rows, unit, period)
    return page(request, unit, period, every, rows)


def page(
    request: HttpRequest,
    unit: UnitVersion,
    period: Period,
    every: Sequence[Told],
    rows: Sequence[Told],
    told: Sequence[str] = (),
) -> HttpResponse:
    """Return the page of figures; 422 with what was refused."""
    province = facts.pack().province
    is_sorted = bool(request.GET.get("xep"))
    context = {
        "title": gettext("Tổng hợp"),
        "kicker": f"{unit.name} · {said_with_window(period)}",
        "unit": unit,
        "period": period,
        "year": period.year,
        "years": years.opened(),
        "groups": [("", rows)] if is_sorted else list(figures.blocks(rows).items()),
        "is_empty": not rows,
        "blocks": list(figures.blocks(every)),
        "unit_choices": scopes.choices(request.actor, P.VIEW),
        "windows": windows(period.year),
        "asked": request.GET,
        "query": tables.query(request),
        "query_unsorted": tables.query(request, "xep"),
        "last_review": Review.objects.filter(COUNTS).last(),
        "frozen": frozen_periods(period),
        "may_freeze": unit.unit == province and request.actor.may(P.RUN_YEAR, province),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/count/count.html", context, status=status)


def frozen_periods(period: Period) -> list[FrozenPeriod]:
    """Return what was frozen of a window, the newest first."""
    return list(FrozenPeriod.objects.filter(period=period.key).order_by("-id"))


def as_csv(rows: Iterable[Told], unit: UnitVersion, period: Period) -> HttpResponse:
    """Return the table as a file."""
    header = [
        gettext("Đơn vị"),
        gettext("Kỳ"),
        gettext("Khối"),
        gettext("Chỉ tiêu"),
        gettext("Đơn vị tính"),
        gettext("Số liệu"),
        gettext("Cùng kỳ"),
        gettext("Tăng, giảm"),
        gettext("Tỷ lệ tăng, giảm (%)"),
        gettext("Báo cáo đã nhận"),
        gettext("Báo cáo phải có"),
    ]
    lines = (
        [
            unit.name,
            row.reading.period.window,
            said(row.indicator.block),
            said(row.indicator),
            said(row.indicator.measure_unit),
            cell(row.reading.value),
            cell(row.compared.base.value),
            cell(row.compared.difference),
            "" if row.compared.percent is None else percent(row.compared.percent)[:-1],
            row.reading.returned,
            row.reading.owed,
        ]
        for row in rows
    )
    return tables.csv_response(f"tong-hop-{unit.unit}-{period.key}.csv", header, lines)


def cell(value: Any) -> str:
    """Return a number as it stands in a file; nothing stays empty."""
    return "" if value is None else number(value)


@staff(P.RUN_YEAR)
def freeze_page(request: HttpRequest, period: str) -> HttpResponse:
    """Ask, then keep the province's figures of a window as they stand now."""
    pack = facts.pack()
    request.actor.must(P.RUN_YEAR, pack.province)
    window = parse(period, pack.regimes)
    told: list[str] = []
    if request.method == "POST":
        try:
            frozen = freeze.freeze(
                facts.store(),
                pack=pack,
                period=window,
                by=request.user.username,
                at=clock.now(),
            )
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
        else:
            words = gettext("Đã chốt số liệu %(period)s, mã %(hash)s.")
            values = {"period": said(window), "hash": frozen.content_hash[:12]}
            messages.success(request, words % values)
            return redirect(f"{reverse('count')}?nam={window.year}&ky={window.key}")
    rows = figures.of(pack.province, window)
    context = {
        "title": gettext("Chốt số liệu %(period)s") % {"period": said(window)},
        "kicker": window.window,
        "crumbs": [
            {"label": gettext("Tổng hợp"), "url": reverse("count")},
            {"label": gettext("Chốt số liệu")},
        ],
        "period": window,
        "known": sum(row.reading.value is not None for row in rows),
        "incomplete": [row for row in rows if not row.reading.is_complete],
        "frozen": frozen_periods(window),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/count/freeze.html", context, status=status)


urlpatterns = [
    path("van-phong/tong-hop/", count_page, name="count"),
    path("van-phong/tong-hop/<slug:period>/chot/", freeze_page, name="count-freeze"),
    *why.urlpatterns,
]
