"""Which units may a person see on any day, and on which days did something change?"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from tongket.domain import access, unit_rows
from tongket.domain.access import Permission as P
from tongket.domain.units import Register, Tree, UnitVersion
from tongket.office import clock, facts, speech
from tongket.office.entrance import Actor

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayOfChange:
    """A day on which units began, changed or ended, and under which instruments."""

    day: dt.date
    begun: int
    ended: int
    changed: int
    instruments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many units of a kind a day has, and how many of each name in it."""

    key: str
    label: str
    count: int
    parts: tuple[tuple[str, int], ...]


def asked_day(request: HttpRequest) -> dt.date:
    """Return the day the address asks for, or the office's day.

    The first and the last day that can be told have no day beside them to go to.
    """
    try:
        day = unit_rows.read_day(request.GET.get("ngay", "").strip())
    except unit_rows.NotADay:
        day = None
    if day is None or not dt.date.min < day < dt.date.max:
        return clock.today()
    return day


def runs_the_year(actor: Actor) -> bool:
    """Whether the person may change the register: it is one for the whole province."""
    return actor.may(P.RUN_YEAR, facts.pack().province)


def must_run_the_year(request: HttpRequest) -> None:
    """Answer as for a page that does not exist unless the person runs the year."""
    if not runs_the_year(request.actor):
        raise Http404


def visible(actor: Actor, tree: Tree) -> frozenset[str]:
    """Return the units of a day that the person sees.

    Who sees the whole province today sees all of it on any day, also under another key.
    """
    if actor.may(P.VIEW, facts.pack().province):
        return frozenset(version.unit for version in tree)
    of_today = actor.scope(P.VIEW)
    # The grants are today's; the tree says who stood below whom on its own day.
    mine = {grant.unit for grant in actor.grants if grant.holds_on(actor.day)}
    below = {
        unit
        for grant in actor.grants
        if grant.unit in mine and grant.unit in tree and grant.unit in of_today
        for unit in tree.descendants(grant.unit)
        if access.MAY[grant.role].get(P.VIEW) is access.Reach.OWN_AND_BELOW
    }
    return frozenset(unit for unit in of_today | below if unit in tree)


def days_of_change(register: Register, *, most: int = 12) -> list[DayOfChange]:
    """Return the latest days on which the register changed, the first day left out."""
    begun: Counter[dt.date] = Counter()
    ended: Counter[dt.date] = Counter()
    changed: Counter[dt.date] = Counter()
    lives: dict[str, list[UnitVersion]] = defaultdict(list)
    for version in register.versions:
        lives[version.unit].append(version)
    for life in lives.values():
        life.sort(key=lambda version: version.start)
        begun[life[0].start] += 1
        changed.update(version.start for version in life[1:])
        if life[-1].end:
            ended[life[-1].end + DAY] += 1
    told: dict[dt.date, set[str]] = defaultdict(set)
    for row in register.lineage:
        if row.instrument:
            told[row.on].add(row.instrument)
    days = sorted({*begun, *ended, *changed})[1:]
    return [
        DayOfChange(d, begun[d], ended[d], changed[d], tuple(sorted(told[d])))
        for d in days[-most:]
    ]


def counts(shown: Iterable[UnitVersion]) -> list[KindCount]:
    """Return how many units there are of each kind, and of each name within it."""
    kinds = facts.pack().kinds
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for version in shown:
        found[version.kind][version.designation or speech.said(version.name)] += 1
    return [
        KindCount(
            key,
            speech.said(kinds[key]) if key in kinds else key,
            sum(parts.values()),
            tuple(parts.most_common()) if 1 < len(parts) <= 6 else (),
        )
        for key, parts in sorted(
            found.items(),
            key=lambda each: kinds[each[0]].level if each[0] in kinds else 9,
        )
    ]
