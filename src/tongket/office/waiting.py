"""Which returns wait for this reviewer, and how doubtful is each?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from tongket.cycle import check, collect, rungs
from tongket.domain.access import Permission as P
from tongket.domain.checks import Severity
from tongket.domain.periods import Period
from tongket.domain.units import UnitVersion
from tongket.office import facts, seats
from tongket.office.entrance import Actor
from tongket.office.returns import Place
from tongket.records.models import Doubt, Return, ReturnVersion
from tongket.records.register import register, steady


@dataclass(frozen=True, slots=True)
class Waiting:
    """One return that waits, with how much is doubtful about its last version."""

    version: ReturnVersion
    period: Period
    unit: UnitVersion
    above: str
    above_name: str
    must_fix: int
    unexplained: int
    explained: int
    is_blocked: bool
    awaits_name: str = ""

    @property
    def url(self) -> str:
        """Return the address of the page on which it is reviewed."""
        opened, form = self.version.of.period, self.version.of.form
        arguments = [opened.scheme, opened.period, self.unit.unit, form]
        return reverse("check-return", args=arguments)

    @property
    def is_examined(self) -> bool:
        """Whether the checks looked at the version."""
        return self.version.examined_at is not None


def mine(actor: Actor) -> QuerySet[Return]:
    """Return the returns whose turn it is to be decided on from a person's seats."""
    return rungs.waiting_at(facts.pack(), seats.units(seats.of(actor)), actor.day)


@steady()
def in_scope(actor: Actor, *, is_lower: bool = False) -> list[Waiting]:
    """Return the returns that wait for this person, oldest period first.

    `is_lower`: those that wait for a rung below instead.
    """
    rows = mine(actor)
    if is_lower:
        below = Return.objects.filter(
            unit__key__in=actor.scope(P.REVIEW_RETURN), state=Return.State.SENT
        )
        rows = below.exclude(pk__in=set(rows.values_list("pk", flat=True)))
    awaited = rungs.awaited(facts.pack(), rows, actor.day)
    versions = check.latest(rows)
    doubts: dict[int, list[Doubt]] = defaultdict(list)
    for doubt in Doubt.objects.filter(version__in=versions):
        doubts[doubt.version_id].append(doubt)
    everyone = register()
    found = []
    for version in versions:
        period = collect.window(facts.pack(), version.of.period)
        tree = everyone.on(period.end)
        unit = tree[version.of.unit.key]
        above = unit.parent or ""
        asked = [
            doubt
            for doubt in doubts[version.pk]
            if doubt.severity == Severity.MUST_EXPLAIN
        ]
        explained = sum(is_explained(version, doubt.measure) for doubt in asked)
        found.append(
            Waiting(
                version,
                period,
                unit,
                above,
                tree[above].name if above else "",
                sum(d.severity == Severity.MUST_FIX for d in doubts[version.pk]),
                len(asked) - explained,
                explained,
                check.is_blocked(version, doubts[version.pk]),
                check.unit_name(awaited.get(version.of_id, ""), actor.day),
            )
        )
    return found


def lower(actor: Actor) -> int:
    """Return how many returns of the scope wait for a rung below this person's."""
    scope = actor.scope(P.REVIEW_RETURN)
    below = Return.objects.filter(unit__key__in=scope, state=Return.State.SENT)
    return below.exclude(pk__in=mine(actor).values("pk")).count()


def is_explained(version: ReturnVersion, measure: str) -> bool:
    """Whether the sender's words cover a row: its own, or those for the whole."""
    return not version.explanations.keys().isdisjoint({measure, check.EVERYTHING})


def in_periods(waiting: Iterable[Waiting]) -> list[dict[str, Any]]:
    """Return the periods in which returns wait, with how many, and how many sound."""
    found: dict[int, dict[str, Any]] = {}
    for each in waiting:
        opened = each.version.of.period
        row = found.setdefault(
            opened.pk,
            {
                "opened": opened,
                "period": each.period,
                "scheme": facts.pack().schemes[opened.scheme],
                "waiting": 0,
                "sound": 0,
            },
        )
        row["waiting"] += 1
        row["sound"] += each.is_examined and not each.is_blocked
    return list(found.values())


def beside(actor: Actor, place: Place) -> tuple[Waiting | None, Waiting | None]:
    """Return what waits before and after a return in its period, round and round."""
    key = place.row.pk if place.row else 0
    same = [
        each
        for each in in_scope(actor)
        if each.version.of.period_id == place.opened.pk and each.version.of_id != key
    ]
    if not same:
        return None, None
    after = next((w for w in same if w.version.of_id > key), same[0])
    before = next((w for w in same[::-1] if w.version.of_id < key), same[-1])
    return before, after
