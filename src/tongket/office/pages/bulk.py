"""Many returns approved at one press: the choice, the progress, and what was left."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tongket.cycle import check, collect
from tongket.cycle.check import bulk
from tongket.domain.access import Permission as P
from tongket.domain.sentences import Refusal
from tongket.office import clock, facts, reading, seats, speech, tables, waiting
from tongket.office.entrance import sentences, staff
from tongket.office.templatetags.office import said, said_with_window
from tongket.records import sentences as stored
from tongket.records.models import BulkDecision, OpenPeriod, Return

MOST = 20_000  # returns a press; more than a province has for a period


@staff(P.REVIEW_RETURN)
def accept_sound(request: HttpRequest, scheme: str, period: str) -> HttpResponse:
    """Ask, then approve every return of a period that nothing stands against."""
    opened = get_object_or_404(OpenPeriod, scheme=scheme, period=period)
    mine = [
        each
        for each in waiting.in_scope(request.actor)
        if each.version.of.period_id == opened.pk
    ]
    if request.method == "POST":
        sound = [each.version for each in mine if not each.is_blocked]
        return begin(request, sound)
    reading.a_list(request, "check", {each.unit.unit for each in mine})
    window = collect.window(facts.pack(), opened)
    context = {
        "title": gettext("Duyệt các báo cáo không có nghi vấn"),
        "kicker": said_with_window(window),
        "crumbs": [
            {"label": gettext("Kiểm tra"), "url": reverse("check")},
            {"label": said(window)},
        ],
        "opened": opened,
        "sound": [each for each in mine if not each.is_blocked],
        "left": [each for each in mine if each.is_blocked],
    }
    return render(request, "office/check/accept_sound.html", context)


@staff(P.REVIEW_RETURN)
@require_POST
def accept_chosen(request: HttpRequest) -> HttpResponse:
    """Approve the returns that were ticked in the list."""
    ticked = tables.numbers(request.POST.getlist("chon")[:MOST])
    here = waiting.mine(request.actor).values("pk")
    rows = Return.objects.filter(pk__in=ticked)
    return begin(request, check.latest(rows.filter(pk__in=here)))


def begin(request: HttpRequest, versions: list) -> HttpResponse:
    """Keep what is to be decided on, and go to the page that does it."""
    try:
        made = bulk.start(versions=versions, by=request.user.username, at=clock.now())
    except Refusal as refusal:
        messages.error(request, " ".join(sentences(refusal)))
        return redirect("check")
    # The first portion at once: a short list is done with the press.
    step(request, made)
    return redirect("check-bulk", made=made.pk)


def step(request: HttpRequest, made: BulkDecision) -> None:
    """Decide on the next portion from the seats the person holds now."""
    held = seats.of(request.actor)
    bulk.step(pack=facts.pack(), bulk=made, seats=held, at=clock.now())


@staff(P.REVIEW_RETURN)
def progress(request: HttpRequest, made: int) -> HttpResponse:
    """Show how far it is and what was left; on POST decide on the next portion."""
    kept = get_object_or_404(BulkDecision, pk=made, by=request.user.username)
    if request.method == "POST":
        step(request, kept)
        return redirect("check-bulk", made=made)
    rows = Return.objects.filter(pk__in=[each[0] for each in kept.left])
    places = {row.pk: row for row in rows.select_related("unit", "period")}
    left = [
        {
            "words": speech.translated(stored.from_json([words, values])),
            "url": url_of(places[key]),
        }
        for key, words, values in kept.left
        if key in places
    ]
    context = {
        "title": gettext("Duyệt hàng loạt"),
        "crumbs": [
            {"label": gettext("Kiểm tra"), "url": reverse("check")},
            {"label": gettext("Duyệt hàng loạt")},
        ],
        "made": kept,
        "total": len(kept.returns),
        "decided": kept.done - len(kept.left),
        "left": left,
    }
    return render(request, "office/check/bulk.html", context)


def url_of(row: Return) -> str:
    """Return the address at which a return is reviewed."""
    arguments = [row.period.scheme, row.period.period, row.unit.key, row.form]
    return reverse("check-return", args=arguments)


PERIOD = "van-phong/kiem-tra/<slug:scheme>/<slug:period>/"
urlpatterns = [
    path("van-phong/kiem-tra/da-chon/", accept_chosen, name="check-chosen"),
    path("van-phong/kiem-tra/hang-loat/<int:made>/", progress, name="check-bulk"),
    path(f"{PERIOD}duyet/", accept_sound, name="check-accept-sound"),
]
