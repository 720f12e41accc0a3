"""From which seats may a person decide on returns, and from which on this one?"""

from collections.abc import Iterable
from dataclasses import dataclass

from tongket.cycle import check, rungs
from tongket.cycle.check import Seat
from tongket.domain.access import MAY, Permission, Role
from tongket.domain.dated import NothingInForce
from tongket.domain.ladder import NoReviewer
from tongket.office import facts
from tongket.office.entrance import Actor
from tongket.records.models import Return, ReturnVersion, Review


def of(actor: Actor) -> tuple[Seat, ...]:
    """Return the seats that a person holds on the office's day, their own first."""
    found = [
        Seat(
            grant.unit,
            grant.giver,
            stands_in=grant.role is Role.STANDING_OFFICE and not grant.giver,
        )
        for grant in actor.grants
        if grant.holds_on(actor.day) and Permission.REVIEW_RETURN in MAY[grant.role]
    ]
    return tuple(sorted(set(found), key=lambda seat: bool(seat.on_behalf_of)))


def on_ladder(actor: Actor, unit: str) -> tuple[Seat, ...]:
    """Return the seats of a person that decide on returns of a unit, now or in turn."""
    found = ladder(actor, unit)
    return tuple(seat for seat in of(actor) if seat.unit in found)


def ladder(actor: Actor, unit: str) -> tuple[str, ...]:
    """Return the units that decide on a unit's returns; none where nobody does."""
    try:
        return rungs.of(facts.pack(), unit, actor.day)
    except (NoReviewer, NothingInForce):
        return ()


def units(seats: Iterable[Seat]) -> frozenset[str]:
    """Return the units at which the seats are."""
    return frozenset(seat.unit for seat in seats)


@dataclass(frozen=True, slots=True)
class Standing:
    """For whose decision a return waits, and from which seat a person may give it.

    `seat` is None where it is not their turn; `is_in_place` says that they would decide
    in place of the unit it waits for, with a reason.
    """

    awaits: str
    awaits_name: str
    seat: Seat | None
    is_in_place: bool
    is_last: bool


def standing(actor: Actor, row: Return, last: ReturnVersion) -> Standing | None:
    """Return how a return stands to a person; None while it waits for nobody."""
    if row.state != Return.State.SENT:
        return None
    found = rungs.of(facts.pack(), row.unit.key, actor.day)
    approved = last.reviews.filter(verdict=Review.Verdict.APPROVED)
    awaited = rungs.next_of(found, set(approved.values_list("unit__key", flat=True)))
    name = check.unit_name(awaited, actor.day, row.period.end_on)
    above = found[found.index(awaited) + 1 :]
    held = of(actor)
    own = next((seat for seat in held if seat.unit == awaited), None)
    over = next((seat for seat in held if seat.stands_in and seat.unit in above), None)
    seat = own or over
    is_last = seat is not None and seat.unit == found[-1]
    return Standing(awaited, name, seat, own is None and over is not None, is_last)
