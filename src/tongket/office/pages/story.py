"""The story of a return: its versions, what changed, what was doubted and decided."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.cycle import check
from tongket.domain.access import Permission as P
from tongket.domain.checks import Finding
from tongket.domain.figures import Cell
from tongket.domain.forms import Measure
from tongket.office import clock, returns, sheets
from tongket.office.entrance import staff
from tongket.office.returns import Place
from tongket.office.templatetags.office import said, said_with_window
from tongket.records import cells
from tongket.records.models import Doubt, OpenPeriod, ReturnVersion, Review


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that a version says otherwise than the version before it."""

    measure: Measure
    before: Cell | None
    after: Cell | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """One version in the story of a return."""

    version: ReturnVersion
    differences: list[Difference]
    doubts: list[tuple[Measure | None, Finding]]
    reviews: list[Review]
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
        "blocks": last_sheet(place, told_of),
        "previous": previous,
        "same": same,
        "due": place.due,
        "today": clock.today(),
        "may_send": may_send,
        "may_review": actor.may(P.REVIEW_RETURN, place.unit.unit),
        "is_open": place.opened.state == OpenPeriod.State.OPEN,
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/collect/story.html", context, status=status)


def last_sheet(place: Place, told_of: list[Chapter]) -> list[sheets.Block]:
    """Return the rows of what was sent last; none when nothing was."""
    if not told_of:
        return []
    return sheets.blocks(place, cells.from_json(told_of[0].version.cells))


def chapters(place: Place) -> list[Chapter]:
    """Return the versions of a return, the latest first, with all that belongs."""
    versions = place.versions()
    doubts = list(Doubt.objects.filter(version__in=versions))
    reviews = list(Review.objects.filter(version__in=versions))
    found = []
    for version, before in zip(versions, [*versions[1:], None], strict=False):
        found.append(
            Chapter(
                version,
                differences(place, version, before),
                [
                    (place.form.measure(doubt.measure), check.finding_of(doubt))
                    for doubt in doubts
                    if doubt.version_id == version.pk
                ],
                [review for review in reviews if review.version_id == version.pk],
                [
                    (place.form.measure(key), words)
                    for key, words in version.explanations.items()
                ],
            )
        )
    return found


def differences(
    place: Place, version: ReturnVersion, before: ReturnVersion | None
) -> list[Difference]:
    """Return the rows in which two versions differ; none for the first."""
    if before is None:
        return []
    old, new = cells.from_json(before.cells), cells.from_json(version.cells)
    return [
        Difference(measure, old.get(measure.key), new.get(measure.key))
        for measure in place.form.measures
        if old.get(measure.key) != new.get(measure.key)
    ]


urlpatterns = [path(returns.ADDRESS, story, name="return")]
