"""What does a check read beyond what the person who acts may see?

Two things, and nothing of either is shown to that person: the returns of other units of
the kind, of which only the spread and whether one is a copy come back; and the waiting
returns of units above, which are asked their own rules again. Both say so
(`scope.whole`), and both are here, so that one page is all there is to review.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from tongket.cycle.check.around import Reader
from tongket.cycle.check.kept import doubt_of, told
from tongket.domain.figures import Cell
from tongket.domain.periods import parse
from tongket.domain.rules import Level
from tongket.loader.pack import Pack
from tongket.records import cells, scope
from tongket.records.models import (
    TAKEN_BACK,
    Doubt,
    OpenPeriod,
    Return,
    ReturnVersion,
    Unit,
)
from tongket.records.register import register


def ask_again(
    pack: Pack, arrived: Sequence[ReturnVersion], *, at: dt.datetime
) -> list[Doubt]:
    """Ask waiting returns the rules that read those which arrived; return new doubts.

    Only a unit's own returns, and those of the units above it, read what it sent.
    """
    readers = _readers(pack, {version.of.form for version in arrived})
    if not readers:
        return []
    with scope.whole("rules of waiting returns that read one which arrived"):
        return _asked_again(pack, _waiting(readers, arrived), arrived, at)


def _readers(pack: Pack, forms: set[str]) -> dict[str, set[Level]]:
    """Return the forms whose rules read one of these, and at which level."""
    found: dict[str, set[Level]] = defaultdict(set)
    for rule in pack.rules:
        if rule.is_near:
            continue
        for term in rule.terms:
            if not term.is_near and (term.form or rule.form) in forms:
                found[rule.form].add(term.level)
    return found


def _waiting(
    readers: Mapping[str, set[Level]], arrived: Sequence[ReturnVersion]
) -> list[ReturnVersion]:
    """Return the waiting versions, examined before, that may read what arrived."""
    units = {version.of.unit_id for version in arrived}
    if any(Level.BELOW in levels for levels in readers.values()):
        units |= _above(arrived)
    newest = ReturnVersion.objects.filter(of=OuterRef("of")).order_by("-number")
    found = ReturnVersion.objects.filter(
        of__state=Return.State.SENT,
        of__unit__in=units,
        of__form__in=list(readers),
        of__period__end_on__gte=min(each.of.period.end_on for each in arrived),
        examined_at__isnull=False,
        number=Subquery(newest.values("number")[:1]),
    ).exclude(pk__in=[version.pk for version in arrived])
    return list(found.select_related("of__period", "of__unit"))


def _above(arrived: Iterable[ReturnVersion]) -> set[int]:
    """Return the units above those that sent, on the last day of the period."""
    days: dict[dt.date, set[int]] = defaultdict(set)
    for version in arrived:
        days[version.of.period.end_on].add(version.of.unit_id)
    keys: set[str] = set()
    for day, units in days.items():
        tree = register().on(day)
        for key in Unit.objects.filter(pk__in=units).values_list("key", flat=True):
            keys.update(tree.ancestors(key)[1:] if key in tree else ())
    return set(Unit.objects.filter(key__in=keys).values_list("pk", flat=True))


def _asked_again(
    pack: Pack,
    waiting: Iterable[ReturnVersion],
    arrived: Iterable[ReturnVersion],
    at: dt.datetime,
) -> list[Doubt]:
    places = {(version.of.form, version.of.period.period) for version in arrived}
    groups: dict[tuple[str, str], list[ReturnVersion]] = defaultdict(list)
    for version in waiting:
        groups[version.of.form, version.of.period.period].append(version)
    fresh: list[Doubt] = []
    lifted: list[int] = []
    for (form, key), versions in groups.items():
        reader = Reader(pack, form, parse(key, pack.regimes))
        if places.isdisjoint(set().union(*reader.places.values())):
            continue
        around = reader.around({version.of.unit_id for version in versions})
        rules = [each.rule.key for each in reader.far]
        standing: dict[int, list[Doubt]] = defaultdict(list)
        for doubt in Doubt.objects.filter(version__in=versions, rule__in=rules):
            standing[doubt.version_id].append(doubt)
        for version in versions:
            sent = cells.from_json(version.cells)
            found = reader.far_findings(version.of.unit_id, sent, around)
            doubts = {told(d): d for d in (doubt_of(version, f) for f in found)}
            before = {told(each): each.pk for each in standing[version.pk]}
            lifted += [pk for each, pk in before.items() if each not in doubts]
            fresh += [doubt for each, doubt in doubts.items() if each not in before]
    Doubt.objects.filter(pk__in=lifted).update(lifted_at=at)
    return Doubt.objects.bulk_create(fresh)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one unit sent last of a form and period."""

    version: int
    unit: str
    sent_at: dt.datetime
    cells: Mapping[str, Cell]


def sent_by_all(opened: OpenPeriod, form: str) -> list[Sent]:
    """Return what every unit sent last, accepted or waiting; in the order of sending.

    Read once for a form and period, whoever asks: nothing of it is shown as it is.
    """
    newest = ReturnVersion.objects.filter(of=OuterRef("of")).exclude(TAKEN_BACK)
    newest = newest.order_by("-number")
    with scope.whole("the returns of all units, as peers of those that are checked"):
        rows = ReturnVersion.objects.filter(
            of__period=opened,
            of__form=form,
            of__state__in=(Return.State.SENT, Return.State.ACCEPTED),
            number=Subquery(newest.values("number")[:1]),
        ).order_by("sent_at", "pk")
        return [
            Sent(pk, unit, sent_at, cells.from_json(stored))
            for pk, unit, sent_at, stored in rows.values_list(
                "pk", "of__unit__key", "sent_at", "cells"
            )
        ]
