"""What happened to a unit, in order: begun, renamed, moved, joined, divided, ended?"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from tongket.domain.lineage import Change, Lineage
from tongket.domain.unit_versions import DAY, GroupMembership, Life, UnitVersion


class EventKind(StrEnum):
    """What one event of a history is."""

    STARTED = "started"
    RECEIVED = "received"  # other units, or parts of them, came in
    RENAMED = "renamed"
    KIND = "kind"  # its kind, or what it is called by law (xã → phường)
    PARENT = "parent"
    CODE = "code"
    SIZE = "size"
    JOINED = "joined"  # a group
    LEFT = "left"
    SPLIT = "split"
    MERGED = "merged"
    ABOLISHED = "abolished"
    CLOSED = "closed"
    ENDED = "ended"  # no row of lineage tells why


@dataclass(frozen=True, slots=True)
class Event:
    """One event: what the unit was before and after, and which others took part.

    `day` is the first day of the new state. `rows` are the rows of lineage behind the
    event, from which come the other unit, the share and the instrument.
    """

    day: dt.date
    kind: EventKind
    before: UnitVersion | None = None
    after: UnitVersion | None = None
    rows: tuple[Lineage, ...] = ()
    group: str = ""

    @property
    def instrument(self) -> str:
        """The instrument the rows name, empty when none does."""
        return next((row.instrument for row in self.rows if row.instrument), "")


_ORDER = {kind: place for place, kind in enumerate(EventKind)}
_BY_CHANGE = {
    Change.MERGE: EventKind.MERGED,
    Change.RENAME: EventKind.MERGED,  # to another key: the unit goes on as that one
    Change.KIND: EventKind.MERGED,
    Change.PARENT: EventKind.MERGED,
    Change.SPLIT: EventKind.SPLIT,
    Change.ABOLISH: EventKind.ABOLISHED,
    Change.CLOSE: EventKind.CLOSED,
}


def history(
    life: Life, lineage: Iterable[Lineage], stays: Iterable[GroupMembership]
) -> tuple[Event, ...]:
    """Return the events of one unit's life, by day.

    `lineage` are the rows that name the unit, `stays` its memberships.
    """
    unit, rows = life[0].unit, tuple(lineage)
    found = [Event(life[0].start, EventKind.STARTED, after=life[0])]
    for before, after in pairwise(life):
        found += _changes(before, after, rows)
    found += _received(unit, rows)
    found += _departures(unit, life, rows)
    for stay in stays:
        found.append(Event(stay.start, EventKind.JOINED, group=stay.group))
        if stay.end is not None:
            found.append(Event(stay.end + DAY, EventKind.LEFT, group=stay.group))
    return tuple(sorted(found, key=lambda event: (event.day, _ORDER[event.kind])))


def _changes(
    before: UnitVersion, after: UnitVersion, rows: Iterable[Lineage]
) -> list[Event]:
    own = [row for row in rows if row.old == row.new and row.on == after.start]
    differs = {
        EventKind.RENAMED: (before.name != after.name, Change.RENAME),
        EventKind.KIND: (
            (before.kind, before.designation) != (after.kind, after.designation),
            Change.KIND,
        ),
        EventKind.PARENT: (before.parent != after.parent, Change.PARENT),
        EventKind.CODE: (before.code != after.code, None),
        EventKind.SIZE: (before.size_class != after.size_class, None),
    }
    return [
        Event(
            after.start,
            kind,
            before,
            after,
            # The row of this change first: it knows the instrument best.
            tuple(sorted(own, key=lambda row: row.change is not change)),
        )
        for kind, (is_so, change) in differs.items()
        if is_so
    ]


def _received(unit: str, rows: Iterable[Lineage]) -> list[Event]:
    came: dict[dt.date, list[Lineage]] = {}
    for row in rows:
        if row.new == unit and row.old != unit:
            came.setdefault(row.on, []).append(row)
    return [
        Event(day, EventKind.RECEIVED, rows=tuple(found)) for day, found in came.items()
    ]


def _departures(unit: str, life: Life, rows: Iterable[Lineage]) -> list[Event]:
    went: dict[tuple[dt.date, EventKind], list[Lineage]] = {}
    for row in rows:
        is_own = row.new == unit and row.change is not Change.SPLIT
        if row.old == unit and not is_own:
            went.setdefault((row.on, _BY_CHANGE[row.change]), []).append(row)
    found = [Event(day, kind, rows=tuple(named)) for (day, kind), named in went.items()]
    end = life[-1].end
    if end is None or end == dt.date.max:
        return found
    if all(event.day != end + DAY for event in found):
        found.append(Event(end + DAY, EventKind.ENDED, before=life[-1]))
    return found
