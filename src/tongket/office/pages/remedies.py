"""The plan of one unit: filed item by item, accepted or given back."""

import datetime as dt
from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext

from tongket.cycle import plan, score
from tongket.domain import remediation
from tongket.domain.access import Permission as P
from tongket.domain.criteria import ItemResult
from tongket.domain.remediation import PlanState, Step
from tongket.domain.sentences import Refusal, Refusals, Sentence
from tongket.office import clock, facts, figures, grading
from tongket.office.entrance import sentences, staff
from tongket.office.pages.score import lost_by, plain
from tongket.records.models import RemediationPlan
from tongket.records.register import register

TONES = {
    PlanState.OWED: "warn",
    PlanState.SUBMITTED: "info",
    PlanState.RETURNED: "warn",
    PlanState.ACCEPTED: "good",
    PlanState.CLOSED: "good",
    PlanState.WITHDRAWN: "neutral",
}
FIELDS = ("action", "post", "due_on", "evidence")


class NotADay(Refusal, ValueError):
    """A due date that is no date."""

    words = "Mục “{item}”: ngày “{text}” không hợp lệ; nhập ngày, tháng, năm."


@staff(P.VIEW, P.FILE_PLAN, P.JUDGE_PLAN)
def unit_plan(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    """Show a unit's plan; on POST file it, accept it or give it back."""
    request.actor.must(P.VIEW, unit)
    found = RemediationPlan.objects.filter(year=year, unit__key=unit)
    kept = found.select_related("unit", "committee", "result__run").first()
    if kept is None:
        raise Http404
    lost = score.sheet(facts.pack(), kept.result).lost
    if request.method != "POST":
        return unit_page(request, kept, lost, kept_rows(kept, lost), [])
    typed = typed_rows(request, lost)
    try:
        words = act(request, kept, lost, typed)
    except (Refusal, Refusals) as refused:
        return unit_page(request, kept, lost, typed, sentences(refused))
    messages.success(request, words)
    return redirect("plan-unit", year=year, unit=unit)


Row = dict[str, str]


def kept_rows(kept: RemediationPlan, lost: Iterable[ItemResult]) -> dict[str, Row]:
    """Return what was filed for each item that lost points."""
    found = {row.item.key: dict.fromkeys(FIELDS, "") for row in lost}
    for step in kept.steps.all():
        found[step.item] = {
            "action": step.action,
            "post": step.post,
            "due_on": f"{step.due_on:%Y-%m-%d}",
            "due_shown": f"{step.due_on:%d/%m/%Y}",
            "evidence": step.evidence,
        }
    return found


def typed_rows(request: HttpRequest, lost: Iterable[ItemResult]) -> dict[str, Row]:
    """Return what was typed for each item that lost points."""
    return {
        row.item.key: {
            name: request.POST.get(f"{name}-{row.item.key}", "").strip()
            for name in FIELDS
        }
        for row in lost
    }


def act(
    request: HttpRequest,
    kept: RemediationPlan,
    lost: Iterable[ItemResult],
    typed: dict[str, Row],
) -> str:
    """File, accept or give back, as the button pressed says; return what was done."""
    by, at, unit = request.user.username, clock.now(), kept.unit.key
    if "file" in request.POST:
        request.actor.must(P.FILE_PLAN, unit)
        steps = list(as_steps(lost, typed))
        pack, today = facts.pack(), clock.today()
        plan.file(pack=pack, plan=kept, steps=steps, on=today, by=by, at=at)
        return gettext("Đã gửi kế hoạch khắc phục.")
    request.actor.must(P.JUDGE_PLAN, unit)
    if "accept" in request.POST:
        plan.accept(plan=kept, by=by, at=at)
        return gettext("Đã chấp nhận kế hoạch.")
    reason = request.POST.get("reason", "").strip()
    plan.send_back(plan=kept, reason=reason, by=by, at=at)
    return gettext("Đã trả lại kế hoạch kèm lý do.")


def as_steps(lost: Iterable[ItemResult], typed: dict[str, Row]) -> Iterable[Step]:
    """Return the typed rows as steps; every day that is none is refused at once."""
    steps, refusals = [], []
    for row in lost:
        said_of = typed[row.item.key]
        due = None
        try:
            due = (
                dt.date.fromisoformat(said_of["due_on"]) if said_of["due_on"] else None
            )
        except ValueError:
            refusals.append(NotADay(item=row.item.label, text=said_of["due_on"]))
        values = said_of["action"], said_of["post"], due, said_of["evidence"]
        steps.append(Step(row.item.key, *values))
    if refusals:
        raise Refusals(list(refusals))
    return steps


def unit_page(
    request: HttpRequest,
    kept: RemediationPlan,
    lost: Iterable[ItemResult],
    rows: dict[str, Row],
    told: list[str],
) -> HttpResponse:
    """Return the plan's page; 422 with what was typed when it was refused."""
    tree = register().on(figures.regime().year(kept.year).end)
    unit, state = tree[kept.unit.key], PlanState(kept.state)
    bands = grading.bands(kept.year)
    band = bands[kept.result.band]
    context = {
        "title": unit.name,
        "kicker": gettext("Kế hoạch khắc phục năm %(year)s") % {"year": kept.year},
        "crumbs": [
            {
                "label": gettext("Kế hoạch"),
                "url": f"{reverse('plan')}?nam={kept.year}",
            },
            {"label": unit.name},
        ],
        "plan": kept,
        "year": kept.year,
        "unit": unit,
        "committee": tree[kept.committee.key],
        "band": band,
        "band_tone": grading.tone(band, bands.values()),
        "state": Sentence(remediation.STATE_WORDS[state]),
        "tone": TONES[state],
        "is_overdue": remediation.is_overdue(state, due=kept.due_on, on=clock.today()),
        "items": [
            (row, plain(lost_by(row)), rows.get(row.item.key, {})) for row in lost
        ],
        "may_file": state in remediation.WAITING
        and request.actor.may(P.FILE_PLAN, unit.unit),
        "may_judge": state is PlanState.SUBMITTED
        and request.actor.may(P.JUDGE_PLAN, unit.unit),
        "reason": request.POST.get("reason", ""),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/plan/plan.html", context, status=status)


urlpatterns = [
    path("van-phong/ke-hoach/<int:year>/<slug:unit>/", unit_plan, name="plan-unit"),
]
