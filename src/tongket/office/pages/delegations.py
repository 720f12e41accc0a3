"""Who decides while a reviewer is away: given, listed, ended early."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tongket.cycle.check import delegating, unit_name
from tongket.domain.access import Permission as P
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, seats
from tongket.office.entrance import Actor, sentences, staff
from tongket.records.models import Delegation


def day(text: str) -> dt.date | None:
    """Return the day that a date field holds, if it does."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def visible(actor: Actor) -> list[Delegation]:
    """Return what the person gave or took, and all at units where they run the year."""
    run = actor.scope(P.RUN_YEAR)
    rows = Delegation.objects.select_related("giver", "taker", "membership__unit")
    return [
        row
        for row in rows.order_by("-id")
        if actor.user.pk in {row.giver_id, row.taker_id}
        or row.membership.unit.key in run
    ]


@staff(P.REVIEW_RETURN)
def delegations(request: HttpRequest) -> HttpResponse:
    """List delegations; on POST give one."""
    told: list[str] = []
    if request.method == "POST":
        try:
            return give(request)
        except (Refusal, Refusals) as refusal:
            told = sentences(refusal)
    today = request.actor.day
    rows = [
        {
            "row": row,
            "unit": unit_name(row.membership.unit.key, today),
            "is_on": row.ended_at is None and row.start_on <= today <= row.end_on,
            "may_end": row.ended_at is None and row.end_on >= today,
        }
        for row in visible(request.actor)
    ]
    own = seats.of(request.actor)
    choices = {seat.unit: unit_name(seat.unit, today) for seat in own}
    context = {
        "title": gettext("Ủy quyền duyệt báo cáo"),
        "crumbs": [
            {"label": gettext("Kiểm tra"), "url": reverse("check")},
            {"label": gettext("Ủy quyền duyệt báo cáo")},
        ],
        "rows": rows,
        "units": choices.items(),
        "asked": request.POST,
        "today": today,
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/check/delegations.html", context, status=status)


def give(request: HttpRequest) -> HttpResponse:
    """Give a delegation as the form says; a missing day is today, which is refused."""
    post, today = request.POST, request.actor.day
    kept = delegating.delegate(
        giver=request.user,
        unit=post.get("unit", ""),
        taker=post.get("taker", ""),
        start=day(post.get("start", "")) or today,
        end=day(post.get("end", "")) or dt.date.min,
        reason=post.get("reason", ""),
        by=request.user.username,
        at=clock.now(),
        tree=request.actor.tree,
    )
    words = gettext("Đã ủy quyền cho %(taker)s đến hết ngày %(end)s.")
    told = {"taker": kept.taker.username, "end": f"{kept.end_on:%d/%m/%Y}"}
    messages.success(request, words % told)
    return redirect("delegations")


@staff(P.REVIEW_RETURN)
@require_POST
def end(request: HttpRequest, delegation: int) -> HttpResponse:
    """End a delegation early: by who gave or took it, or the standing office."""
    row = get_object_or_404(Delegation, pk=delegation)
    if row not in visible(request.actor):
        raise Http404
    try:
        delegating.end(delegation=row, by=request.user.username, at=clock.now())
    except Refusal as refusal:
        messages.error(request, " ".join(sentences(refusal)))
    else:
        messages.success(request, gettext("Đã kết thúc ủy quyền."))
    return redirect("delegations")


HERE = "van-phong/kiem-tra/uy-quyen/"
urlpatterns = [
    path(HERE, delegations, name="delegations"),
    path(f"{HERE}<int:delegation>/het/", end, name="delegation-end"),
]
