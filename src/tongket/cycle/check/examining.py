"""What is doubtful about a version that was sent, found once and kept with it.

A version is examined when it is sent, beside its own unit's returns; what may be read
of other units is looked at apart (`comparing`). When a return arrives that rules of
others read (another form, the next period, the unit above), those that still wait for a
reviewer are asked these rules again: what is broken now becomes a doubt, a doubt that
no longer holds is lifted. Accepted returns are left as they were decided on.
"""

import datetime as dt
import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.db.models import OuterRef, Subquery

from tongket.cycle import summarise
from tongket.cycle.check import beyond
from tongket.cycle.check.around import Reader
from tongket.cycle.check.kept import doubt_of, finding_of
from tongket.domain import checks
from tongket.domain.figures import Cell
from tongket.domain.periods import parse
from tongket.loader.pack import Pack
from tongket.records import cells
from tongket.records.models import (
    Doubt,
    OpenPeriod,
    Return,
    ReturnVersion,
    Unit,
)

EVERYTHING = "*"  # the key of an explanation given for the whole return
PORTION = 100  # returns whose history is held at once: little for the collector


@transaction.atomic
def examine(
    *, pack: Pack, versions: Sequence[ReturnVersion], at: dt.datetime
) -> list[Doubt]:
    """Find what is doubtful about versions nobody examined yet, and keep it.

    Returns the doubts about these versions; those of other returns that must now be
    asked again are kept too.
    """
    waiting = [version for version in versions if version.examined_at is None]
    if not waiting:
        return []
    _complete(waiting)
    doubts = [
        doubt_of(version, each)
        for version, found in found_in(pack, waiting)
        for each in found
    ]
    for version in waiting:
        version.examined_at = at
    Doubt.objects.bulk_create(doubts)
    examined = ReturnVersion.objects.filter(pk__in=[each.pk for each in waiting])
    examined.update(examined_at=at)
    beyond.ask_again(pack, waiting, at=at)
    return doubts


def found_in(
    pack: Pack, versions: Sequence[ReturnVersion]
) -> Iterator[tuple[ReturnVersion, tuple[checks.Finding, ...]]]:
    """Yield each version with what is doubtful about it; writes nothing.

    The history of a portion of them is read at once.
    """
    groups: dict[tuple[str, str], list[ReturnVersion]] = defaultdict(list)
    for version in versions:
        groups[version.of.form, version.of.period.period].append(version)
    for (form, key), members in groups.items():
        reader = Reader(pack, form, parse(key, pack.regimes))
        for start in range(0, len(members), PORTION):
            with uncollected():
                told = list(_portion(reader, members[start : start + PORTION]))
            yield from told


def _portion(
    reader: Reader, versions: Sequence[ReturnVersion]
) -> Iterator[tuple[ReturnVersion, tuple[checks.Finding, ...]]]:
    facts = reader.read(each.of.unit_id for each in versions)
    for version in versions:
        sent = cells.from_json(version.cells)
        found = reader.findings(version.of.unit_id, sent, facts)
        if reader.form.summarises:
            found += summarise.findings(
                pack=reader.pack,
                opened=version.of.period,
                unit=version.of.unit.key,
                form=reader.form.key,
                typed=sent,
            )
        yield version, found


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave the collector of cycles out while a portion is read: it has none.

    Walking a hundred thousand cells again and again took a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def look(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    current: Mapping[str, Cell],
) -> tuple[checks.Finding, ...]:
    """Return what would be doubtful about these cells, were they sent now."""
    reader = Reader(pack, form, parse(opened.period, pack.regimes))
    pk = Unit.objects.values_list("pk", flat=True).get(key=unit)
    found = reader.findings(pk, current, reader.read([pk]))
    return found + summarise.findings(
        pack=pack, opened=opened, unit=unit, form=form, typed=current
    )


def _complete(versions: Sequence[ReturnVersion]) -> None:
    """Give every return its period, read once and not once for each."""
    periods = OpenPeriod.objects.in_bulk({each.of.period_id for each in versions})
    for version in versions:
        version.of.period = periods[version.of.period_id]


def latest(returns: Iterable[Return] | None = None) -> "list[ReturnVersion]":
    """Return the last version of each return that was sent and waits for a reviewer."""
    numbers = (
        ReturnVersion.objects.filter(of=OuterRef("of"))
        .order_by("-number")
        .values("number")[:1]
    )
    found = ReturnVersion.objects.filter(
        of__state=Return.State.SENT, number=Subquery(numbers)
    ).select_related("of__unit", "of__period")
    if returns is not None:
        found = found.filter(of__in=list(returns))
    return list(found.order_by("of__period__start_on", "of_id"))


def is_blocked(version: ReturnVersion, doubts: Iterable[Doubt]) -> bool:
    """Whether the findings about a version stand against its acceptance."""
    found = [finding_of(doubt) for doubt in doubts]
    explained = frozenset(version.explanations)
    if EVERYTHING in explained:
        explained = frozenset(finding.measure for finding in found)
    return checks.blocks(found, explained)
