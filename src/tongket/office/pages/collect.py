"""Collect: which periods are open, and who still owes?"""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.domain.access import Permission as P
from tongket.domain.units import Tree
from tongket.office import clock, duties, facts, tables, years
from tongket.office.duties import Duty
from tongket.office.entrance import Actor, staff
from tongket.office.pages import entry, opening
from tongket.office.templatetags.office import (
    return_state_words,
    said,
    said_with_window,
)
from tongket.records.models import OpenPeriod, Return
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
        "own": own(actor, owed),
        "may_open": actor.may(P.RUN_YEAR, facts.pack().province),
    }
    return render(request, "office/collect/board.html", context)


def own(actor: Actor, owed: Iterable[Duty]) -> list[Duty]:
    """Return the duties that this person sends the returns of, wanting ones first."""
    scope = actor.scope(P.SEND_RETURN)
    mine = [duty for duty in owed if duty.unit.unit in scope]
    return sorted(mine, key=lambda duty: (not duty.is_wanting, duty.due))


@staff(P.VIEW)
@require_safe
def period_board(request: HttpRequest, scheme: str, period: str) -> HttpResponse:
    """Show who owes, sent, was sent back and was accepted for one period."""
    opened = get_object_or_404(OpenPeriod, scheme=scheme, period=period)
    actor = request.actor
    owed = duties.of([opened], actor.scope(P.VIEW), on=clock.today())
    if not owed:
        raise Http404
    tree = register().on(owed[0].period.end)
    rows = ordered(request, chosen(request, owed, tree), tree)
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
        "opened": opened,
        "scheme": owed[0].scheme,
        "tally": duties.tally(owed),
        "dues": sorted({(duty.due, duty.unit.kind) for duty in owed}),
        "kinds": facts.pack().kinds,
        "page": shown,
        "rows": [(duty, above(duty, tree)) for duty in shown],
        "districts": districts(owed, tree),
        "states": state_choices(),
        "asked": request.GET,
        "query": tables.query(request),
        "query_unsorted": tables.query(request, "xep"),
        "may_run": actor.may(P.RUN_YEAR, facts.pack().province),
    }
    return render(request, "office/collect/period.html", context)


def above(duty: Duty, tree: Tree) -> str:
    """Return the name of the unit above the one that owes."""
    parent = tree.parent(duty.unit.unit)
    return tree[parent].name if parent else ""


def districts(owed: Iterable[Duty], tree: Tree) -> list[tuple[str, str]]:
    """Return key and name of every unit directly above one that owes."""
    keys = {tree.parent(duty.unit.unit) for duty in owed}
    return sorted(((key, tree[key].name) for key in keys if key), key=lambda p: p[1])


def state_choices() -> list[tuple[str, str]]:
    """Return the states that the list can be filtered by, with their words."""
    return [
        ("chua-gui", gettext("Chưa gửi")),
        ("qua-han", gettext("Quá hạn")),
        ("cho-duyet", gettext("Chờ duyệt")),
        ("tra-lai", gettext("Bị trả lại")),
        ("da-nhan", gettext("Đã nhận")),
    ]


def stands(duty: Duty, state: str) -> bool:
    """Whether a duty is in the state that the filter names."""
    return {
        "chua-gui": duty.state == "",
        "qua-han": duty.is_overdue,
        "cho-duyet": duty.state == Return.State.SENT,
        "tra-lai": duty.state == Return.State.SENT_BACK,
        "da-nhan": duty.state == Return.State.ACCEPTED,
    }.get(state, True)


def chosen(request: HttpRequest, owed: Iterable[Duty], tree: Tree) -> list[Duty]:
    """Return the duties that the filters of the address leave."""
    found = tables.matching(request.GET.get("q", ""))
    district, state = request.GET.get("huyen", ""), request.GET.get("trang-thai", "")
    return [
        duty
        for duty in owed
        if found(duty.unit.name, duty.unit.code)
        and (not district or tree.parent(duty.unit.unit) == district)
        and stands(duty, state)
    ]


def ordered(request: HttpRequest, rows: list[Duty], tree: Tree) -> list[Duty]:
    """Return the duties sorted by the column that the address names."""
    keys = {
        "don-vi": lambda duty: duty.unit.name,
        "huyen": lambda duty: (above(duty, tree), duty.unit.name),
        "trang-thai": lambda duty: (not duty.is_overdue, duty.state, duty.unit.name),
    }
    key = keys.get(request.GET.get("xep", ""))
    return sorted(rows, key=key) if key else rows


def as_csv(opened: OpenPeriod, rows: Iterable[Duty], tree: Tree) -> HttpResponse:
    """Return the list as a file, with the words of the page."""
    header = [
        gettext("Mã"),
        gettext("Đơn vị"),
        gettext("Cấp trên"),
        gettext("Biểu"),
        gettext("Hạn gửi"),
        gettext("Trạng thái"),
    ]
    lines = (
        [
            duty.unit.code,
            duty.unit.name,
            above(duty, tree),
            said(duty.form),
            f"{duty.due:%d/%m/%Y}",
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
    *entry.urlpatterns,
]
