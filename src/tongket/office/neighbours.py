"""Whose return of the same period comes before and after, for who files for many?"""

from dataclasses import dataclass

from django.urls import reverse

from tongket.domain.access import Permission as P
from tongket.office import clock, duties
from tongket.office.duties import Duty
from tongket.office.entrance import Actor
from tongket.office.returns import Place


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A unit that owes the same form for the same period, and where it is filled in."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a unit stands among those that one person files for.

    `wanting` is the next one, round the end, whose return is still to be sent.
    """

    before: Neighbour | None
    after: Neighbour | None
    wanting: Neighbour | None
    at: int
    all: int
    sent: int


def of(actor: Actor, place: Place) -> Neighbours | None:
    """Return the units beside this one; None where the person files for it alone."""
    scope = actor.scope(P.SEND_RETURN)
    if len(scope) < 2:
        return None
    owed = [
        duty
        for duty in duties.of([place.opened], scope, on=clock.today())
        if duty.form.key == place.form.key
    ]
    keys = [duty.unit.unit for duty in owed]
    if len(owed) < 2 or place.unit.unit not in keys:
        return None
    at = keys.index(place.unit.unit)
    following = [*owed[at + 1 :], *owed[:at]]
    wanting = next((duty for duty in following if duty.is_wanting), None)
    return Neighbours(
        before=_neighbour(owed[at - 1]) if at else None,
        after=_neighbour(owed[at + 1]) if at + 1 < len(owed) else None,
        wanting=_neighbour(wanting) if wanting else None,
        at=at + 1,
        all=len(owed),
        sent=sum(not duty.is_wanting for duty in owed),
    )


def _neighbour(duty: Duty) -> Neighbour:
    address = [
        duty.opened.scheme,
        duty.opened.period,
        duty.unit.unit,
        duty.form.key,
    ]
    return Neighbour(duty.unit.name, reverse("return-entry", args=address))
