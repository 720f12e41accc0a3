"""The story of a return: its versions, what changed, what was doubted and decided."""

from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.cycle import check
from tongket.domain.access import Permission as P
from tongket.domain.checks import Finding
from tongket.domain.forms import Measure
from tongket.office import clock, returns, sheets, telling
from tongket.office.entrance import staff
from tongket.office.pages import amend, taking
from tongket.office.pages.differences import Difference, between
from tongket.office.returns import Place
from tongket.office.telling import Event
from tongket.office.templatetags.office import said, said_with_window
from tongket.records import cells
from tongket.records.models import Doubt, OpenPeriod, ReturnVersion
from tongket.records.register import steady


@dataclass(frozen=True, slots=True)
class Chapter:
    """One version in the story of a return.

    `doubts` are findings with their row and the sender's words for it, which stand at
    the first finding of the row; `explanations` are those that no finding asked for.
    """

    version: ReturnVersion
    differences: list[Difference]
    doubts: list[tuple[Measure | None, Finding, str]]
    told: list[Event]
    explanations: list[tuple[Measure | None, str]]


def above(place: Place) -> list[dict[str, str]]:
    """Return the way from the periods to the return."""
    board = reverse("collect-period", args=place.arguments[:2])
    return [
        {"label": gettext("Thu thập"), "url": reverse("collect")},
        {"label": said(place.period), "url": board},
    ]


@staff(P.VIEW)
@require_safe
@steady()
def story(request: HttpRequest, **asked: str) -> HttpResponse:
    """Show every version of a return: what changed, what was doubted, who said what."""
    return story_page(request, returns.place(request.actor, P.VIEW, **asked))


def story_page(
    request: HttpRequest, place: Place, *, told: list[str] | None = None
) -> HttpResponse:
    """Return the story of a return; 422 when a workbook was just refused."""
    actor = request.actor
    may_send = actor.may(P.SEND_RETURN, place.unit.unit)
    told_of = chapters(place)
    previous, same = sheets.beside(place)
    context = {
        "title": place.unit.name,
        "kicker": f"{said(place.form)} · {said_with_window(place.period)}",
        "crumbs": [*above(place), {"label": place.unit.name}],
        "place": place,
        "chapters": told_of,
        "last": told_of[-1].version if told_of else None,
        "blocks": last_sheet(place, told_of),
        "previous": previous,
        "same": same,
        "due": place.due,
        "today": clock.today(),
        "may_send": may_send,
        "may_review": actor.may(P.REVIEW_RETURN, place.unit.unit),
        "is_open": place.opened.state == OpenPeriod.State.OPEN,
        "may_take_back": taking.may_take_back(actor, place),
        "may_withdraw": actor.holds(P.REVIEW_RETURN)
        and taking.may_withdraw(actor, place),
        "may_amend": amend.may_amend(actor, place),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/collect/story.html", context, status=status)


def last_sheet(place: Place, told_of: list[Chapter]) -> list[sheets.Block]:
    """Return the rows of what was sent last; none when nothing was."""
    if not told_of:
        return []
    return sheets.blocks(place, cells.from_json(told_of[-1].version.cells))


def chapters(place: Place) -> list[Chapter]:
    """Return the versions of a return, the earliest first, with all that belongs."""
    versions = place.versions()
    doubts: dict[int, list[Doubt]] = defaultdict(list)
    for doubt in Doubt.objects.filter(version__in=versions).order_by("id"):
        doubts[doubt.version_id].append(doubt)
    events = telling.events(place, versions)
    found = []
    for version, before in zip(versions, [*versions[1:], None], strict=False):
        unsaid = dict(version.explanations)
        found.append(
            Chapter(
                version,
                between(place, before, version),
                [
                    (
                        place.form.measure(doubt.measure),
                        check.finding_of(doubt),
                        unsaid.pop(doubt.measure, ""),
                    )
                    for doubt in doubts[version.pk]
                ],
                [each for each in events if each.version == version.pk],
                [(place.form.measure(key), words) for key, words in unsaid.items()],
            )
        )
    return found[::-1]


urlpatterns = [path(returns.ADDRESS, story, name="return")]
