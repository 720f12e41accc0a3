"""Whose decision does each return wait for on a day, by the ladder of the pack?"""

import datetime as dt
from collections.abc import Collection

from django.db.models import Count, Max, Q, QuerySet

from tongket.domain.dated import NothingInForce
from tongket.domain.ladder import NoReviewer
from tongket.loader.pack import Pack
from tongket.records.models import Return, ReturnVersion, Review
from tongket.records.register import register


def of(pack: Pack, unit: str, on: dt.date) -> tuple[str, ...]:
    """Return the units that decide on a return of `unit` on a day, the lowest first."""
    return pack.ladder.rungs_on(unit, register(), on)


def first(pack: Pack, unit: str, on: dt.date) -> str:
    """Return the unit that decides first on a return of `unit` sent on a day.

    "" where the pack knows none: nobody is kept from sending by that; whoever decides
    is told.
    """
    try:
        return of(pack, unit, on)[0]
    except (NoReviewer, NothingInForce):
        return ""


def next_of(rungs: tuple[str, ...], approved: Collection[str]) -> str:
    """Return the lowest rung that has not approved; the last one never approves."""
    return next((rung for rung in rungs if rung not in approved), rungs[-1])


def waiting_at(pack: Pack, units: Collection[str], on: dt.date) -> QuerySet[Return]:
    """Return the returns that wait for the decision of one of the units on a day.

    Those that waited at a unit that ended since wait at the next rung.
    """
    waiting = Return.objects.filter(state=Return.State.SENT)
    tree, here = register().on(on), Q(awaits__key__in=units)
    awaited = waiting.order_by().values_list("awaits__key", flat=True).distinct()
    ended = [key for key in awaited if key is None or key not in tree]
    if ended:
        lost = waiting.filter(
            Q(awaits__key__in=[key for key in ended if key]) | Q(awaits=None)
        )
        here |= Q(pk__in=[pk for pk, at in _moved(pack, lost, on) if at in units])
    return waiting.filter(here)


def count_at(pack: Pack, units: Collection[str], on: dt.date) -> int:
    """Return how many returns wait for the units; one query on an ordinary day."""
    waiting = Return.objects.filter(state=Return.State.SENT).order_by()
    counts = dict(waiting.values_list("awaits__key").annotate(Count("pk")))
    tree = register().on(on)
    if all(key in tree for key in counts):
        return sum(counts.get(unit, 0) for unit in units)
    return waiting_at(pack, units, on).count()


def awaited(pack: Pack, waiting: QuerySet[Return], on: dt.date) -> dict[int, str]:
    """Return for whose decision each waiting return waits on a day, "" for nobody's.

    What waited at a unit that ended since waits at the next rung, as in `waiting_at`.
    """
    told = dict(waiting.order_by().values_list("pk", "awaits__key"))
    tree = register().on(on)
    lost = [pk for pk, key in told.items() if key is None or key not in tree]
    found = {pk: key or "" for pk, key in told.items()}
    if lost:
        found.update(dict.fromkeys(lost, ""))
        found.update(_moved(pack, Return.objects.filter(pk__in=lost), on))
    return found


def _moved(pack: Pack, lost: QuerySet[Return], on: dt.date) -> list[tuple[int, str]]:
    rows = dict(lost.values_list("pk", "unit__key"))
    sent = ReturnVersion.objects.filter(of__in=list(rows)).order_by().values_list("of")
    last = dict(sent.annotate(Max("number")))
    approved: dict[int, set[str]] = {pk: set() for pk in rows}
    verdict = Review.Verdict.APPROVED
    reviews = Review.objects.filter(verdict=verdict, version__of__in=list(rows))
    for pk, number, unit in reviews.values_list(
        "version__of", "version__number", "unit__key"
    ):
        if number == last[pk]:
            approved[pk].add(unit)
    found = []
    for pk, unit in rows.items():
        try:
            found.append((pk, next_of(of(pack, unit, on), approved[pk])))
        except (NoReviewer, NothingInForce):
            continue
    return found


def was_taken_back(version: ReturnVersion) -> bool:
    """Whether the sender took a version back."""
    taken = Review.objects.filter(verdict=Review.Verdict.TAKEN_BACK, version=version)
    return taken.exists()
