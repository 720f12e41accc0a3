"""The year as one line of eight stages, and what this person must do in it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.cycle import collect
from tongket.domain.access import Permission as P
from tongket.domain.remediation import WAITING
from tongket.domain.units import Tree
from tongket.office import clock, duties, facts, navigation, stages, years
from tongket.office.duties import Duty, Tally
from tongket.office.entrance import Actor, staff
from tongket.office.waiting import mine
from tongket.records.models import OpenPeriod, RemediationPlan, Review
from tongket.records.register import register


@dataclass(frozen=True, slots=True)
class Owing:
    """What the units below one unit still owe in the year."""

    key: str
    name: str
    tally: Tally
    is_late: bool


@staff()
@require_safe
def year_page(request: HttpRequest) -> HttpResponse:
    """Show the year: own duties first, then the line of stages and who owes."""
    actor, year = request.actor, years.chosen(request)
    # An editor sees no unit's figures, but how far the year has come.
    scope = actor.scope(P.VIEW) or actor.scope(P.PUBLISH)
    owed = duties.of(duties.of_year(year), scope, on=clock.today())
    todo, todo_plans = tasks(actor), plans(actor)
    pack = facts.pack()
    context = {
        "title": gettext("Tổng kết năm %(year)s") % {"year": year},
        "kicker": pack.regimes[pack.regime].year(year).window,
        "year": year,
        "years": years.opened(),
        "has_role": bool(actor.memberships),
        "tasks": todo,
        "plans": todo_plans,
        "to_do": len(todo) + len(todo_plans),
        "may_send": actor.holds(P.SEND_RETURN),
        "waiting": waiting(actor),
        "stages": linked(request, stages.line(year, owed, scope, on=clock.today())),
        "owing": owing(actor, owed),
    }
    return render(request, "office/year/year.html", context)


def linked(request: HttpRequest, found: list[stages.Stage]) -> list[stages.Stage]:
    """Return the stages, without the addresses that this person may not open."""
    allowed = {
        item["url"] for item in navigation.entries(request, request.actor)
    }  # the same pages as in the navigation
    return [
        stage if stage.url.split("?")[0] in allowed else replace(stage, url="")
        for stage in found
    ]


def tasks(actor: Actor) -> list[dict[str, Any]]:
    """Return the returns this person must send or mend, of any year, earliest first."""
    scope = actor.scope(P.SEND_RETURN)
    if not scope:
        return []
    running = list(OpenPeriod.objects.filter(state=OpenPeriod.State.OPEN))
    owed = duties.of(running, scope, on=clock.today())
    mine = [duty for duty in owed if duty.is_wanting]
    reasons = {
        review.version.of_id: review
        for review in Review.objects.filter(
            version__of__in=[duty.pk for duty in mine if duty.pk],
            verdict=Review.Verdict.SENT_BACK,
        )
        .select_related("version")
        .order_by("id")
    }
    return [
        {"duty": duty, "review": reasons.get(duty.pk)}
        for duty in sorted(mine, key=lambda duty: (duty.due, duty.unit.name))
    ]


def plans(actor: Actor) -> list[RemediationPlan]:
    """Return the remediation plans that this person's own units still owe."""
    scope = actor.scope(P.FILE_PLAN)
    if not scope:
        return []
    found = RemediationPlan.objects.filter(unit__key__in=scope, state__in=list(WAITING))
    return list(found.select_related("unit").order_by("due_on"))


def waiting(actor: Actor) -> list[dict[str, Any]]:
    """Return, for each period, how many returns wait for this reviewer."""
    here = mine(actor).values("pk")
    found = OpenPeriod.objects.annotate(
        waiting=Count("returns", filter=Q(returns__in=here))
    )
    pack = facts.pack()
    return [
        {
            "opened": each,
            "period": collect.window(pack, each),
            "scheme": collect.scheme_of(pack, each.scheme),
        }
        for each in found.filter(waiting__gt=0)
    ]


def owing(actor: Actor, owed: Iterable[Duty]) -> list[Owing]:
    """Return who still owes, by the unit above, those most behind first."""
    if not (actor.holds(P.REVIEW_RETURN) or actor.holds(P.OVERVIEW)):
        return []
    everyone, below = register(), defaultdict(list)
    for duty in owed:
        below[duty.unit.parent or ""].append(duty)
    found = [
        Owing(key, name_of(everyone.on(rows[0].period.end), key), tally, late)
        for key, rows in below.items()
        for tally in [duties.tally(rows)]
        for late in [bool(tally.overdue)]
        if tally.unsent or tally.waiting or tally.sent_back
    ]
    return sorted(found, key=lambda row: (-row.tally.overdue, -row.tally.unsent))


def name_of(tree: Tree, key: str) -> str:
    """Return a unit's name on a day; its key when it was not there."""
    return tree[key].name if key in tree else key


urlpatterns = [path("van-phong/", year_page, name="year")]
