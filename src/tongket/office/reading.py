"""Who reads returns of units that are not their own? Every such answer is written down.

A page says what it is about to show (`a_return`, `a_list`); `ReadingMiddleware` writes
one row of the log for the request before the answer leaves, and shows nothing when that
cannot be done. Whoever fills in or reads the returns of a unit at which they hold a
role themselves is not written down: nothing is added to the way a return is sent.
"""

from collections.abc import Callable, Iterable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from tongket.cycle import consult
from tongket.cycle.consult import Reading
from tongket.office import clock
from tongket.office.api import door
from tongket.office.entrance import Actor

# Answers that show what was asked for, or show it again beside what was refused.
SHOWS = frozenset({200, 201, 206, 409, 412, 422})
MOST_FILTERS, LONGEST_FILTER = 20, 100


def a_return(actor: Actor, unit: str, form: str, period: str) -> None:
    """Say that a page is about to show one return, its versions or its story."""
    if unit not in actor.own:
        actor.readings.append(Reading(f"return:{unit}:{form}:{period}", unit))


def a_list(request: HttpRequest, subject: str, units: Iterable[str]) -> None:
    """Say that a page is about to list returns, or figures of them, of some units.

    The filter that the address states is kept with it.
    """
    actor = request.actor
    others = set(units) - actor.own
    if others:
        unit = others.pop() if len(others) == 1 else ""
        count = len(others) + bool(unit)
        found = Reading(f"list:{subject}", unit, count, asked(request))
        actor.readings.append(found)


def asked(request: HttpRequest) -> dict[str, str]:
    """Return the filter of an address, as much of it as a log can hold."""
    named = list(request.GET.items())[:MOST_FILTERS]
    return {
        _kept(name): _kept(str(value)) for name, value in named if name and str(value)
    }


def _kept(text: str) -> str:
    # No database keeps a NUL in JSON.
    return text.replace("\0", "")[:LONGEST_FILTER]


class ReadingMiddleware:
    """Writes down what an answer shows of other units, before the answer leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request; 503 where its reading cannot be written down."""
        response = self.get_response(request)
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or not actor.readings or response.status_code not in SHOWS:
            return response
        try:
            consult.read(
                reading=actor.readings[0],
                page=request.resolver_match.view_name,
                by=actor.user.get_username(),
                at=clock.now(),
            )
        except DatabaseError:
            return unshown(request)
        return response


def unshown(request: HttpRequest) -> HttpResponse:
    """Answer that nothing is shown, because the log could not be written."""
    if request.path.startswith(door.ADDRESS):
        return door.refused(503, "busy", door.Busy())
    words = gettext(
        "Chưa ghi được nhật ký tra cứu nên trang không được hiển thị; chờ vài giây rồi "
        "tải lại."
    )
    page = {"sentences": [words]}
    return render(request, "office/refused.html", page, status=503)
