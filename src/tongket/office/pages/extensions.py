"""More time for a unit: who was given how much for a period, and why; give more."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from tongket.cycle import collect, extend
from tongket.domain.access import Permission as P
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import Tree
from tongket.office import boards, clock, duties, facts, tables
from tongket.office.duties import Duty
from tongket.office.entrance import Actor, sentences, staff
from tongket.office.templatetags.office import said, said_with_window
from tongket.records.models import Extension, OpenPeriod
from tongket.records.register import register


def may_grant(actor: Actor, opened: OpenPeriod) -> bool:
    """Whether the person may give time: past a lock only who closes periods may."""
    if opened.state == OpenPeriod.State.CLOSED:
        return actor.may(P.RUN_YEAR, facts.pack().province)
    return actor.holds(P.RUN_YEAR)


@staff(P.VIEW)
@require_safe
def extensions(request: HttpRequest, scheme: str, period: str) -> HttpResponse:
    """List what was granted for a period to the units that the person sees."""
    opened = get_object_or_404(OpenPeriod, scheme=scheme, period=period)
    rows = granted(request, opened, register().on(opened.end_on))
    if "csv" in request.GET:
        return as_csv(opened, rows)
    context = place(opened, gettext("Gia hạn")) | {
        "title": gettext("Gia hạn, gửi sau khi khóa"),
        "page": (shown := tables.page(request, rows, 250)),
        "rows": shown,
        "asked": request.GET,
        "query": tables.query(request),
        "kinds": kind_choices(),
        "may_extend": may_grant(request.actor, opened),
    }
    return render(request, "office/collect/extensions.html", context)


def granted(
    request: HttpRequest, opened: OpenPeriod, tree: Tree
) -> list[dict[str, Any]]:
    """Return the extensions that the filters leave, the latest first.

    A row is in force until its day is over, unless a later one took its place.
    """
    found = tables.matching(request.GET.get("q", ""))
    kind, pack = request.GET.get("loai", ""), facts.pack()
    scope, today = request.actor.scope(P.VIEW), clock.today()
    rows, newer = [], set()
    for each in opened.extensions.select_related("unit").order_by("-id"):
        if each.unit.key not in tree:  # the register was corrected since
            continue
        unit = tree[each.unit.key]
        is_last = (unit.unit, each.form, each.kind) not in newer
        newer.add((unit.unit, each.form, each.kind))
        if (
            unit.unit in scope
            and found(unit.name, unit.code)
            and kind in ("", each.kind)
        ):
            above = tree.parent(unit.unit)
            rows.append(
                {
                    "extension": each,
                    "unit": unit,
                    "above": tree[above].name if above else "",
                    "form": said(pack.forms[each.form]) if each.form else "",
                    "kind": kind_words(each.kind),
                    "at": timezone.localtime(each.at),
                    "is_replaced": not is_last,
                    "is_over": each.until < today,
                }
            )
    return rows


def kind_words(kind: str) -> str:
    """Return in words what an extension lets a unit do."""
    if kind == Extension.Kind.LOCK:
        return gettext("Gửi sau khi khóa")
    return gettext("Gia hạn gửi")


def kind_choices() -> boards.Choices:
    """Return the kinds of extension with their words."""
    return [(kind.value, kind_words(kind)) for kind in Extension.Kind]


def as_csv(opened: OpenPeriod, rows: list[dict[str, Any]]) -> HttpResponse:
    """Return the list as a file, with the words of the page."""
    header = [
        gettext("Mã"),
        gettext("Đơn vị"),
        gettext("Cấp trên"),
        gettext("Biểu"),
        gettext("Loại"),
        gettext("Đến hết ngày"),
        gettext("Lý do"),
        gettext("Người cho phép"),
    ]
    lines = (
        [
            row["unit"].code,
            row["unit"].name,
            row["above"],
            row["form"],
            row["kind"],
            f"{row['extension'].until:%d/%m/%Y}",
            row["extension"].reason,
            row["extension"].by,
        ]
        for row in rows
    )
    return tables.csv_response(f"gia-han_{opened.period}.csv", header, lines)


@staff(P.RUN_YEAR)
def grant(request: HttpRequest, scheme: str, period: str) -> HttpResponse:
    """Choose units of a period, a last day and a reason; give them the time."""
    opened = get_object_or_404(OpenPeriod, scheme=scheme, period=period)
    if not may_grant(request.actor, opened):
        raise Http404
    owed = duties.of([opened], request.actor.scope(P.RUN_YEAR), on=clock.today())
    if not owed:
        raise Http404
    tree = register().on(opened.end_on)
    rows = boards.chosen(request, owed, tree)
    told: list[str] = []
    if request.method == "POST":
        try:
            return given(request, opened, rows)
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
    return form_page(request, opened, owed, rows, told)


def given(request: HttpRequest, opened: OpenPeriod, rows: list[Duty]) -> HttpResponse:
    """Give the time that was asked for and go to the list of what was granted.

    Only units on the page can be named: they lie within the person's reach.
    """
    listed = {duty.unit.unit: 0 for duty in rows}
    ticked = set(request.POST.getlist("unit"))
    is_all = request.POST.get("all") == "1"
    found = extend.grant(
        pack=facts.pack(),
        opened=opened,
        units=[unit for unit in listed if is_all or unit in ticked],
        form=request.POST.get("form", ""),
        kind=kind_of(opened),
        until=day(request.POST.get("until", "")),
        reason=request.POST.get("reason", ""),
        by=request.user.username,
        at=clock.now(),
        granters=request.actor.at(P.RUN_YEAR),
    )
    words = ngettext(
        "Đã gia hạn cho %(count)s đơn vị.",
        "Đã gia hạn cho %(count)s đơn vị.",
        len(found),
    )
    messages.success(request, words % {"count": len(found)})
    return redirect("collect-extensions", opened.scheme, opened.period)


def kind_of(opened: OpenPeriod) -> str:
    """Return what can be granted: time while the period is open, else a way in."""
    is_open = opened.state == OpenPeriod.State.OPEN
    return Extension.Kind.DUE if is_open else Extension.Kind.LOCK


def day(text: str) -> dt.date | None:
    """Return the day a date field names; None when it names none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def form_page(
    request: HttpRequest,
    opened: OpenPeriod,
    owed: list[Duty],
    rows: list[Duty],
    told: list[str],
) -> HttpResponse:
    """Return the form with the units to tick; 422 when something was wrong."""
    tree, typed = register().on(opened.end_on), request.POST
    ticked = {*typed.getlist("unit"), *request.GET.getlist("don-vi")}
    units = {duty.unit.unit: duty for duty in boards.ordered(request, rows, tree)}
    is_open = opened.state == OpenPeriod.State.OPEN
    context = place(opened, gettext("Gia hạn")) | {
        "title": gettext("Gia hạn gửi") if is_open else gettext("Gửi sau khi khóa"),
        "is_open": is_open,
        "rows": [
            (duty, boards.above(duty, tree), duty.unit.unit in ticked)
            for duty in sorted(
                units.values(), key=lambda duty: duty.unit.unit not in ticked
            )
        ],
        "typed": typed,
        "today": clock.today(),
        "sentences": told,
        **boards.filters(request, owed, tree),
    }
    status = 422 if told else 200
    return render(request, "office/collect/extend.html", context, status=status)


def place(opened: OpenPeriod, here: str) -> dict[str, Any]:
    """Return what both pages say about where they stand."""
    window = collect.window(facts.pack(), opened)
    board = reverse("collect-period", args=[opened.scheme, opened.period])
    return {
        "kicker": f"{said(collect.scheme_of(facts.pack(), opened.scheme))} · "
        f"{said_with_window(window)}",
        "crumbs": [
            {"label": gettext("Thu thập"), "url": reverse("collect")},
            {"label": said(window), "url": board},
            {"label": here},
        ],
        "opened": opened,
    }


PERIOD = "van-phong/thu-thap/<slug:scheme>/<slug:period>/"
urlpatterns = [
    path(f"{PERIOD}gia-han/", extensions, name="collect-extensions"),
    path(f"{PERIOD}gia-han-moi/", grant, name="collect-extend"),
]
