"""One unit: what happened to it, what it was on a day, and what is known of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.cycle import collect, score
from tongket.domain.access import Permission as P
from tongket.domain.periods import Period
from tongket.domain.sentences import Refusal
from tongket.domain.units import Register, Tree, UnitVersion
from tongket.office import clock, facts, reading, speech, unit_events, unit_registers
from tongket.office.entrance import Actor, staff
from tongket.office.templatetags.office import said
from tongket.records.models import Award, RemediationPlan, Result, Return
from tongket.records.register import register

RECENT = 60


@dataclass(frozen=True, slots=True)
class Sent:
    """One return of a unit in its list."""

    row: Return
    period: Period
    url: str


@dataclass(frozen=True, slots=True)
class Relative:
    """A unit that another became or came from, and its part, where that is known."""

    unit: str
    name: str
    share: str


@staff(P.VIEW)
@require_safe
def unit_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show a unit on a day: its life, returns, scores, plans and awards."""
    everyone, day = register(), unit_registers.asked_day(request)
    must_see(request.actor, everyone, key)
    life = everyone.life(key)
    unit = next((v for v in life if v.holds_on(day)), None)
    lives_now = unit is not None
    unit = unit or (life[0] if day < life[0].start else life[-1])
    # A unit that does not live on the day is shown as it last (or first) was.
    tree = everyone.on(day if lives_now else unit.end or unit.start)
    reading.a_list(request, "unit", {key})
    results = Result.objects.filter(unit__key=key, run__is_current=True)
    plans = RemediationPlan.objects.filter(unit__key=key).order_by("-year")
    context = {
        "title": unit.name,
        "kicker": said(facts.pack().kinds[unit.kind]),
        "crumbs": way(request, tree, key),
        "day": day,
        "today": clock.today(),
        "unit": unit,
        "lives_now": lives_now,
        "is_yet_to_come": day < life[0].start,
        "above": parent_name(tree, unit),
        "groups": everyone.groups(key, day),
        "lives": [(v, parent_name(everyone.on(v.start), v)) for v in reversed(life)],
        "events": unit_events.story(everyone, key),
        "became": became(everyone, key, day),
        "came_from": came_from(everyone, key, day),
        "below": [tree[each] for each in tree.children(key)],
        "sent": sent(key),
        "results": graded(results),
        "plans": plans.select_related("committee"),
        "awards": Award.objects.filter(unit__key=key).order_by("-year", "id"),
        "award_forms": facts.pack().award_forms,
        "may_change": unit_registers.runs_the_year(request.actor),
    }
    return render(request, "office/units/unit.html", context)


def must_see(actor: Actor, everyone: Register, key: str) -> None:
    """Answer as for a page that does not exist unless the person may see the unit.

    Who sees the whole province sees also what ended or is yet to begin.
    """
    whole = actor.may(P.VIEW, facts.pack().province)
    if key not in everyone or not (whole or actor.may(P.VIEW, key)):
        raise Http404


def became(everyone: Register, key: str, day: dt.date) -> list[Relative]:
    """Return the units that today hold what the unit was on a day, with their parts."""
    today, life = clock.today(), everyone.life(key)
    latest = max(today, *(v.start for v in everyone.versions))
    since = min(max(day, life[0].start), life[-1].end or day)
    found = everyone.became(key, on=latest, since=since)
    if found == (key,) or not found:
        return []
    try:
        shares = everyone.shares(key, on=latest, since=since)
    except Refusal:  # nobody stated the weights: the names are still true
        shares = {}
    return relatives(everyone, found, latest, shares)


def came_from(everyone: Register, key: str, day: dt.date) -> list[Relative]:
    """Return the units of the first day of the register that the unit comes from."""
    first = min(version.start for version in everyone.versions)
    life = everyone.life(key)
    until = min(max(day, life[0].start), life[-1].end or dt.date.max)
    found = everyone.came_from(key, on=first, until=until)
    if found == (key,):
        return []
    shares = {}
    for old in found:
        try:
            whole = everyone.shares(old, on=until, since=first)
        except Refusal:
            continue
        if key in whole:
            shares[old] = whole[key]
    return relatives(everyone, found, first, shares)


def relatives(
    everyone: Register,
    units: Iterable[str],
    day: dt.date,
    shares: Any,
) -> list[Relative]:
    """Return units by their names on a day, each with its part in percent."""
    tree = everyone.on(day)
    return [
        Relative(unit, tree[unit].name, part(shares.get(unit)))
        for unit in units
        if unit in tree
    ]


def part(share: Fraction | None) -> str:
    """Return a part as it is said: the whole, a percentage, or not known."""
    if share is None:
        return gettext("chưa rõ phần")
    if share == 1:
        return gettext("toàn bộ")
    return speech.percent(Decimal(share.numerator) * 100 / share.denominator)


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
    seen = unit_registers.visible(request.actor, tree)
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


urlpatterns = [path("van-phong/don-vi/<slug:key>/", unit_page, name="unit")]
