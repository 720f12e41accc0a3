"""The chair's page: the figures that matter, their trend, target, and the reasons."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.cycle import freeze, plan
from tongket.domain import remediation
from tongket.domain.access import Permission as P
from tongket.domain.periods import Period
from tongket.domain.remediation import PlanState
from tongket.office import clock, drawn, facts, figures, grading, scopes, years
from tongket.office.entrance import staff
from tongket.office.figures import Told

BY_MONTH = ("social_order_cases", "traffic_cases")
BY_UNIT = "social_order_cases"


@staff(P.OVERVIEW)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the published figures of a unit's year, with charts."""
    unit = scopes.asked(request, P.OVERVIEW)
    year = years.chosen(request)
    period = figures.regime().year(year)
    shown = [row for row in figures.of(unit.unit, period) if is_shown(row)]
    scope = request.actor.scope(P.OVERVIEW)
    context = {
        "title": gettext("Tổng quan năm %(year)s") % {"year": year},
        "kicker": f"{unit.name} · {period.window}",
        "unit": unit,
        "year": year,
        "years": years.opened(),
        "main": [row for row in shown if row.has_base or row.indicator.target],
        "others": [
            row for row in shown if not row.has_base and not row.indicator.target
        ],
        "charts": charts(unit.unit, period, scope),
        "plans": plans(year, scope),
        "frozen": freeze.newest(period),
        "choices": scopes.tops(scope, request.actor.tree),
        "count_url": reverse("count"),
    }
    return render(request, "office/overview/overview.html", context)


def is_shown(row: Told) -> bool:
    """Whether the figure is one that the province publishes, and is known."""
    return row.indicator.published and row.reading.value is not None


def charts(unit: str, period: Period, scope: Collection[str]) -> list[drawn.Drawn]:
    """Return the months of crime and traffic, the bands, and the units below."""
    indicators = facts.pack().indicators
    found = [
        drawn.months(indicators[key], unit, period)
        for key in BY_MONTH
        if key in indicators
    ]
    found.append(drawn.bands(*grading.in_bands(period.year, scope)))
    if BY_UNIT in indicators:
        found.append(drawn.below(indicators[BY_UNIT], unit, period))
    return [chart for chart in found if chart]


def plans(year: int, scope: Collection[str]) -> dict[str, Any]:
    """Return how many plans are owed, filed and overdue in the scope today."""
    states = [
        (PlanState(each.state), each.due_on)
        for each in plan.standing(year).filter(unit__key__in=scope)
    ]
    waiting = [due for state, due in states if state in remediation.WAITING]
    filed = len(states) - len(waiting)
    return {
        "owed": len(states),
        "filed": filed,
        "overdue": sum(clock.today() > due for due in waiting),
        "share": Decimal(filed) * 100 / len(states) if states else None,
    }


urlpatterns = [path("van-phong/tong-quan/", overview, name="overview")]
