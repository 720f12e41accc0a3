"""The units: the tree of a day, found by name, and what is known of each."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.cycle import collect, score
from tongket.domain.access import Permission as P
from tongket.domain.periods import Period
from tongket.domain.units import Lineage, Register, Tree, UnitVersion
from tongket.office import clock, facts, tables
from tongket.office.entrance import staff
from tongket.office.templatetags.office import said
from tongket.records.models import Award, RemediationPlan, Result, Return
from tongket.records.register import register

RECENT = 60


@dataclass(frozen=True, slots=True)
class Node:
    """One unit in the tree with those below it that the person sees."""

    unit: UnitVersion
    below: list["Node"]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """One return of a unit in its list."""

    row: Return
    period: Period
    url: str


def asked_day(request: HttpRequest) -> dt.date:
    """Return the day the address asks for, or the office's day."""
    try:
        return dt.date.fromisoformat(request.GET.get("ngay", ""))
    except ValueError:
        return clock.today()


@staff(P.VIEW)
@require_safe
def units_page(request: HttpRequest) -> HttpResponse:
    """Show the tree of a day, or the units that a search and a filter leave."""
    day, seen = asked_day(request), request.actor.scope(P.VIEW)
    tree = register().on(day)
    shown = [unit for unit in tree if unit.unit in seen]
    kind, words = request.GET.get("loai", ""), request.GET.get("q", "").strip()
    is_search = bool(kind or words)
    found = tables.matching(words)
    rows = [
        unit
        for unit in shown
        if kind in {"", unit.kind} and found(unit.name, unit.code, unit.unit)
    ]
    if "csv" in request.GET:
        return as_csv(rows, tree)
    kinds = facts.pack().kinds
    page = tables.page(request, rows)
    context = {
        "title": gettext("Đơn vị"),
        "kicker": gettext("Ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"},
        "day": day,
        "total": len(shown),
        "kinds": [kinds[key] for key in dict.fromkeys(u.kind for u in shown)],
        "kind_of": kinds,
        "is_search": is_search,
        "page": page,
        "rows": [(unit, name_above(unit, tree)) for unit in page],
        "nodes": [] if is_search else forest(tree, seen),
        "asked": request.GET,
        "query": tables.query(request),
    }
    return render(request, "office/units/units.html", context)


def name_above(unit: UnitVersion, tree: Tree) -> str:
    """Return the name of the unit directly above."""
    return tree[unit.parent].name if unit.parent else ""


def forest(tree: Tree, seen: frozenset[str]) -> list[Node]:
    """Return the tops of what a person sees, each with everything below."""

    def node(key: str, depth: int) -> Node:
        below = [node(each, depth + 1) for each in tree.children(key) if each in seen]
        return Node(tree[key], below, depth == 0)

    tops = [u.unit for u in tree if u.unit in seen and u.parent not in seen]
    return [node(key, 0) for key in tops]


def as_csv(rows: Iterable[UnitVersion], tree: Tree) -> HttpResponse:
    """Return the list as a file; codes stay text."""
    header = [
        gettext("Khóa"),
        gettext("Mã"),
        gettext("Tên"),
        gettext("Loại"),
        gettext("Cấp trên"),
        gettext("Dân số"),
    ]
    kinds = facts.pack().kinds
    lines = (
        [
            unit.unit,
            unit.code,
            unit.name,
            said(kinds[unit.kind]),
            name_above(unit, tree),
            unit.population if unit.population is not None else "",
        ]
        for unit in rows
    )
    return tables.csv_response("don-vi.csv", header, lines)


@staff(P.VIEW)
@require_safe
def unit_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show a unit: its life, returns, scores, plans and awards."""
    request.actor.must(P.VIEW, key)
    everyone, tree = register(), register().on(clock.today())
    lives = sorted(
        (v for v in everyone.versions if v.unit == key), key=lambda v: v.start
    )
    if not lives:
        raise Http404
    unit = tree[key]
    results = Result.objects.filter(unit__key=key, run__is_current=True)
    plans = RemediationPlan.objects.filter(unit__key=key).order_by("-year")
    context = {
        "title": unit.name,
        "kicker": said(facts.pack().kinds[unit.kind]),
        "crumbs": way(request, tree, key),
        "unit": unit,
        "lives": [(life, parent_name(everyone.on(life.start), life)) for life in lives],
        "lineage": [
            (row, names(row, everyone))
            for row in everyone.lineage
            if key in {row.old, row.new}
        ],
        "below": [tree[each] for each in tree.children(key)],
        "sent": sent(key),
        "results": graded(results),
        "plans": plans.select_related("committee"),
        "awards": Award.objects.filter(unit__key=key).order_by("-year", "id"),
        "award_forms": facts.pack().award_forms,
    }
    return render(request, "office/units/unit.html", context)


def graded(results: Any) -> list[dict[str, Any]]:
    """Return each year's total and band, the latest first."""
    found = results.select_related("run", "unit").order_by("-run__year", "id")
    return [
        {
            "year": result.run.year,
            "total": result.total,
            "band": score.sheet(facts.pack(), result).band,
        }
        for result in found
    ]


def way(request: HttpRequest, tree: Tree, key: str) -> list[dict[str, str]]:
    """Return the way down to a unit, through those above that the person sees."""
    seen = request.actor.scope(P.VIEW)
    chain = [each for each in reversed(tree.ancestors(key)) if each in seen]
    crumbs = [{"label": gettext("Đơn vị"), "url": reverse("units")}]
    for each in chain:
        label = {"label": tree[each].name}
        crumbs.append(
            label if each == key else {**label, "url": reverse("unit", args=[each])}
        )
    return crumbs


def parent_name(tree: Tree, life: UnitVersion) -> str:
    """Return the name of the unit above on the day a version starts."""
    return tree[life.parent].name if life.parent and life.parent in tree else ""


def names(row: Lineage, everyone: Register) -> tuple[str, str]:
    """Return both units' names: the old on its last day, the new on its first."""
    before, after = everyone.on(row.on - dt.timedelta(days=1)), everyone.on(row.on)
    old = before[row.old].name if row.old in before else row.old
    return old, after[row.new].name if row.new in after else row.new


def sent(key: str) -> list[Sent]:
    """Return the latest returns of a unit, the newest period first."""
    rows = Return.objects.filter(unit__key=key).select_related("period")
    return [
        Sent(
            row,
            collect.window(facts.pack(), row.period),
            reverse(
                "return", args=[row.period.scheme, row.period.period, key, row.form]
            ),
        )
        for row in rows.order_by("-period__end_on", "form")[:RECENT]
    ]


urlpatterns = [
    path("van-phong/don-vi/", units_page, name="units"),
    path("van-phong/don-vi/<slug:key>/", unit_page, name="unit"),
]
