"""Collect: which periods are open, and who still owes?"""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.cycle import collect
from tongket.domain.access import Permission as P
from tongket.domain.units import Tree
from tongket.office import boards, clock, duties, facts, reading, tables, years
from tongket.office.duties import Duty, Tally
from tongket.office.entrance import Actor, staff
from tongket.office.pages import entry, extensions, opening, summing, uploads
from tongket.office.templatetags.office import (
    return_state_words,
    said,
    said_with_window,
)
from tongket.records.models import OpenPeriod
from tongket.records.register import register


@staff(P.VIEW)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """List the periods of a year with how many returns stand where."""
    actor, year = request.actor, years.chosen(request)
    opened = duties.of_year(year)
    owed = duties.of(opened, actor.scope(P.VIEW), on=clock.today())
    by_period: dict[int, list[Duty]] = {each.pk: [] for each in opened}
    for duty in owed:
        by_period[duty.opened.pk].append(duty)
    context = {
        "title": gettext("Thu thập"),
        "kicker": gettext("Năm %(year)s") % {"year": year},
        "year": year,
        "years": years.opened(),
        "rows": [
            (each, found[0], duties.tally(found))
            for each in opened
            if (found := by_period[each.pk])
        ],
        "own": own(actor, [*owed, *later(actor, year)]),
        "is_many": len(actor.scope(P.SEND_RETURN)) > 1,
        "may_open": actor.may(P.RUN_YEAR, facts.pack().province),
    }
    return render(request, "office/collect/board.html", context)


def own(actor: Actor, owed: Iterable[Duty]) -> list[Duty]:
    """Return the duties that this person sends the returns of, wanting ones first.

    Who files for several units sees only what is still wanting.
    """
    scope = actor.scope(P.SEND_RETURN)
    mine = [duty for duty in owed if duty.unit.unit in scope]
    if len(scope) > 1:
        mine = [duty for duty in mine if duty.is_wanting]
    return sorted(mine, key=lambda duty: (not duty.is_wanting, duty.due))


def later(actor: Actor, year: int) -> list[Duty]:
    """Return what this person must send for periods of the years after the shown one.

    While a year is under review, the next one has begun.
    """
    scope, pack = actor.scope(P.SEND_RETURN), facts.pack()
    if not scope:
        return []
    found = [
        each
        for each in OpenPeriod.objects.order_by("end_on")
        if collect.window(pack, each).year > year
    ]
    return duties.of(found, scope, on=clock.today())


@staff(P.VIEW)
@require_safe
def period_board(request: HttpRequest, scheme: str, period: str) -> HttpResponse:
    """Show who owes, sent, was sent back and was accepted for one period."""
    opened = get_object_or_404(OpenPeriod, scheme=scheme, period=period)
    actor = request.actor
    owed = duties.of([opened], actor.scope(P.VIEW), on=clock.today())
    if not owed:
        raise Http404
    reading.a_list(request, "period", {duty.unit.unit for duty in owed})
    tree = register().on(owed[0].period.end)
    rows = boards.ordered(request, boards.chosen(request, owed, tree), tree)
    if "csv" in request.GET:
        return as_csv(opened, rows, tree)
    shown = tables.page(request, rows, 250)
    context = {
        "title": said(owed[0].scheme),
        "kicker": said_with_window(owed[0].period),
        "crumbs": [
            {"label": gettext("Thu thập"), "url": reverse("collect")},
            {"label": said(owed[0].period)},
        ],
        "may_upload": any(
            duty.unit.unit in actor.scope(P.SEND_RETURN) for duty in owed
        ),
        "opened": opened,
        "scheme": owed[0].scheme,
        "tally": duties.tally(owed),
        "dues": sorted(
            {(d.due, d.unit.kind) for d in owed if d.extended_until is None}
        ),
        "kinds": facts.pack().kinds,
        "page": shown,
        "rows": [(duty, boards.above(duty, tree)) for duty in shown],
        **boards.filters(request, owed, tree),
        "query": tables.query(request),
        "query_unsorted": tables.query(request, "xep"),
        "progress": progress(owed, tree),
        "extended": sum(duty.extended_until is not None for duty in owed),
        "may_run": actor.may(P.RUN_YEAR, facts.pack().province),
        "may_extend": extensions.may_grant(actor, opened),
    }
    return render(request, "office/collect/period.html", context)


def progress(owed: Iterable[Duty], tree: Tree) -> list[tuple[str, str, Tally]]:
    """Return key, name and tally of each unit above; nothing when there is only one."""
    groups: dict[str, list[Duty]] = {}
    for duty in owed:
        groups.setdefault(tree.parent(duty.unit.unit) or "", []).append(duty)
    if len(groups) < 2:
        return []
    named = ((key, tree[key].name if key else "", groups[key]) for key in groups)
    return [
        (key, name, duties.tally(rows))
        for key, name, rows in sorted(named, key=lambda group: group[1])
    ]


def as_csv(opened: OpenPeriod, rows: Iterable[Duty], tree: Tree) -> HttpResponse:
    """Return the list as a file, with the words of the page."""
    header = [
        gettext("Mã"),
        gettext("Đơn vị"),
        gettext("Cấp trên"),
        gettext("Biểu"),
        gettext("Hạn gửi"),
        gettext("Gia hạn đến"),
        gettext("Ngày gửi"),
        gettext("Trạng thái"),
    ]
    lines = (
        [
            duty.unit.code,
            duty.unit.name,
            boards.above(duty, tree),
            said(duty.form),
            f"{duty.due:%d/%m/%Y}",
            f"{duty.extended_until:%d/%m/%Y}" if duty.extended_until else "",
            f"{duty.sent_on:%d/%m/%Y}" if duty.sent_on else "",
            return_state_words(duty.state, duty.is_overdue)[1],
        ]
        for duty in rows
    )
    name = f"{opened.scheme}_{opened.period}.csv"
    return tables.csv_response(name, header, lines)


urlpatterns = [
    path("van-phong/thu-thap/", board, name="collect"),
    path(
        "van-phong/thu-thap/<slug:scheme>/<slug:period>/",
        period_board,
        name="collect-period",
    ),
    *opening.urlpatterns,
    *extensions.urlpatterns,
    *entry.urlpatterns,
    *uploads.urlpatterns,
    *summing.urlpatterns,
]
