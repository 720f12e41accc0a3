"""Plan: who owes what remedy by when, and who has filed it?"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tongket.cycle import plan
from tongket.domain import remediation
from tongket.domain.access import Permission as P
from tongket.domain.criteria import Band
from tongket.domain.remediation import PlanState
from tongket.domain.sentences import Refusal, Refusals, Sentence
from tongket.domain.units import UnitVersion
from tongket.office import clock, facts, figures, grading, scopes, speech, tables, years
from tongket.office.entrance import Actor, sentences, staff
from tongket.office.pages import programme, remedies
from tongket.office.templatetags.office import said
from tongket.records.models import RemediationPlan
from tongket.records.register import register

OVERDUE = "qua-han"


@dataclass(frozen=True, slots=True)
class Owed:
    """One plan in the list: unit, band, post that answers, and whether it is late."""

    plan: RemediationPlan
    unit: UnitVersion
    above: str
    above_name: str
    committee_name: str
    band: Band
    band_tone: str
    is_overdue: bool

    @property
    def state(self) -> Sentence:
        """Where the plan stands, in words."""
        return Sentence(remediation.STATE_WORDS[PlanState(self.plan.state)])

    @property
    def tone(self) -> str:
        """The tone of that."""
        return remedies.TONES[PlanState(self.plan.state)]


SORTS: dict[str, Callable[[Owed], Any]] = {
    "don-vi": lambda row: row.unit.name,
    "huyen": lambda row: (row.above_name, row.unit.name),
    "han": lambda row: (row.plan.due_on, row.unit.name),
    "gui": lambda row: (row.plan.filed_on or dt.date.max, row.unit.name),
    "tinh-trang": lambda row: (not row.is_overdue, row.plan.state, row.unit.name),
}


def owed(actor: Actor, year: int) -> list[Owed]:
    """Return the plans of a year that the person may see."""
    found = plan.standing(year).filter(unit__key__in=actor.scope(P.VIEW))
    bands = grading.bands(year)
    tree = register().on(figures.regime().year(year).end)
    today = clock.today()
    return [
        Owed(
            each,
            tree[each.unit.key],
            tree[each.unit.key].parent or "",
            tree[tree[each.unit.key].parent or each.unit.key].name,
            tree[each.committee.key].name,
            bands[each.result.band],
            grading.tone(bands[each.result.band], bands.values()),
            remediation.is_overdue(PlanState(each.state), due=each.due_on, on=today),
        )
        for each in found.select_related("unit", "committee", "result")
    ]


def chosen(request: HttpRequest, rows: Iterable[Owed]) -> list[Owed]:
    """Return what the filters leave, in the order the address asks for."""
    asked = request.GET
    found = tables.matching(asked.get("q", ""))
    state = asked.get("tinh-trang", "")
    kept = [
        row
        for row in rows
        if found(row.unit.name, row.unit.code, row.plan.post)
        and asked.get("huyen", "") in {"", row.above}
        and (row.is_overdue if state == OVERDUE else state in {"", row.plan.state})
    ]
    return sorted(kept, key=SORTS.get(asked.get("xep", ""), SORTS["tinh-trang"]))


@staff(P.VIEW)
@require_safe
def plan_page(request: HttpRequest) -> HttpResponse:
    """List the plans owed for a year."""
    return page(request, [])


def page(request: HttpRequest, told: list[str]) -> HttpResponse:
    """Return the list; 422 when assigning was refused."""
    year, province = years.chosen(request), facts.pack().province
    every = owed(request.actor, year)
    rows = chosen(request, every)
    if "csv" in request.GET:
        return as_csv(rows, year)
    waiting = sum(PlanState(row.plan.state) in remediation.WAITING for row in every)
    context = {
        "title": gettext("Kế hoạch khắc phục năm %(year)s") % {"year": year},
        "year": year,
        "years": years.opened(),
        "total": len(every),
        "filed": len(every) - waiting,
        "overdue": sum(row.is_overdue for row in every),
        "due_on": every[0].plan.due_on if every else None,
        "today": clock.today(),
        "page": tables.page(request, rows),
        "states": [
            (state.value, Sentence(remediation.STATE_WORDS[state]))
            for state in PlanState
            if state is not PlanState.WITHDRAWN
        ],
        "districts": scopes.districts(request.actor, P.VIEW),
        "may_assign": request.actor.may(P.RUN_YEAR, province),
        "asked": request.GET,
        "state_key": request.GET.get("tinh-trang", ""),
        "query": tables.query(request),
        "query_unsorted": tables.query(request, "xep"),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/plan/plans.html", context, status=status)


def as_csv(rows: Iterable[Owed], year: int) -> HttpResponse:
    """Return the list as a file."""
    header = [
        gettext("Đơn vị"),
        gettext("Cấp trên"),
        gettext("Xếp loại"),
        gettext("Chức danh phụ trách"),
        gettext("Ban Chỉ đạo"),
        gettext("Hạn gửi"),
        gettext("Ngày gửi"),
        gettext("Tình trạng"),
        gettext("Quá hạn"),
    ]
    lines = (
        [
            row.unit.name,
            row.above_name,
            said(row.band),
            row.plan.post,
            row.committee_name,
            f"{row.plan.due_on:%d/%m/%Y}",
            f"{row.plan.filed_on:%d/%m/%Y}" if row.plan.filed_on else "",
            speech.translated(row.state),
            gettext("có") if row.is_overdue else "",
        ]
        for row in rows
    )
    return tables.csv_response(f"ke-hoach-khac-phuc-{year}.csv", header, lines)


@staff(P.RUN_YEAR)
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Derive from the bands who owes a plan, and give each a post that answers."""
    pack, year = facts.pack(), years.chosen(request)
    request.actor.must(P.RUN_YEAR, pack.province)
    try:
        plans = plan.assign(
            pack=pack, year=year, by=request.user.username, at=clock.now()
        )
    except (Refusal, Refusals) as refused:
        return page(request, sentences(refused))
    words = gettext("Đã giao: %(count)s đơn vị phải gửi kế hoạch khắc phục.")
    messages.success(request, words % {"count": len(plans)})
    return redirect(f"{reverse('plan')}?nam={year}")


urlpatterns = [
    path("van-phong/ke-hoach/", plan_page, name="plan"),
    path("van-phong/ke-hoach/giao/", assign, name="plan-assign"),
    *remedies.urlpatterns,
    *programme.urlpatterns,
]
