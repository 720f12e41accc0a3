"""What does a row change when it is laid over what is known of a unit?"""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from tongket.domain.unit_reading import DAY, Meant, made
from tongket.domain.unit_rows import RowRefused
from tongket.domain.units import Change, GroupMembership, Lineage, UnitVersion

FIELDS = ("code", "name", "kind", "designation", "parent", "population", "size_class")
Event: TypeAlias = tuple[str, str, dt.date, Change]


class GroupTwice(RowRefused):
    """Two stays in one group overlap."""

    words = (
        "{unit} đã thuộc nhóm “{group}” ngày {day:%d/%m/%Y}; sửa ngày để các khoảng "
        "không chồng nhau."
    )


class RowsDisagree(RowRefused):
    """Two rows of a list say different things of a unit for the same days."""

    words = (
        "Dòng này trái với dòng khác của {unit} trong cùng danh sách; giữ lại dòng "
        "đúng, hoặc sửa “Từ ngày” và “Đến ngày”."
    )


class Outcome(StrEnum):
    """What a row does."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    CORRECTED = "CORRECTED"  # what was said of a day in the past was wrong
    CLOSED = "CLOSED"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"


WRITES = frozenset(Outcome) - {Outcome.UNCHANGED, Outcome.REFUSED}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a unit: what it says now, and what it is to say."""

    field: str
    old: str
    new: str


Told: TypeAlias = tuple[Outcome, tuple[FieldChange, ...]]


def laid_life(
    life: list[UnitVersion], meant: Meant, on: dt.date
) -> tuple[Outcome, tuple[FieldChange, ...]]:
    """Lay a row over a life; return what it does to it."""
    start = meant.start or on
    if not life:
        version = made(meant.unit, meant.stated, start, meant.end)
        life.append(version)
        return Outcome.NEW, _differences(None, version)
    base = next((v for v in life if v.holds_on(start)), None)
    if base is None and meant.start is None:
        # The unit does not live on the day of the list: is anything said against it?
        base = life[0] if start < life[0].start else life[-1]
        if all(getattr(base, k) == v for k, v in meant.stated.items()) and (
            meant.end in {None, base.end} and not meant.is_reopened
        ):
            return Outcome.UNCHANGED, ()
        base = None
    if base is None:
        return _beyond(life, meant, start)
    last = life[-1]
    # Without a first day a row ends the unit, not a stretch in its midst.
    is_later = base is not last and meant.end is not None and last.start <= meant.end
    if meant.start is None and is_later:
        return _ended_later(life, meant, on)
    end = None if meant.is_reopened else meant.end or base.end
    version = replace(base, **meant.stated, end=end)
    changes = _differences(base, version)
    if not changes:
        return Outcome.UNCHANGED, ()
    place = life.index(base)
    if base.start == start or {change.field for change in changes} == {"valid_to"}:
        life[place] = version
        return (Outcome.CORRECTED if base.start == start else Outcome.CHANGED), changes
    life[place] = replace(base, end=start - DAY)
    life.append(replace(version, start=start))
    return Outcome.CHANGED, changes


def _ended_later(life: list[UnitVersion], meant: Meant, on: dt.date) -> Told:
    """Lay a row whose fields hold from a day and whose end is that of the unit."""
    last = life[-1]
    outcome, changes = laid_life(life, replace(meant, end=None), on)
    if last.end == meant.end:
        return outcome, changes
    life[life.index(last)] = replace(last, end=meant.end)
    ended = FieldChange("valid_to", _shown(last.end), _shown(meant.end))
    return (
        Outcome.CHANGED if outcome is Outcome.UNCHANGED else outcome,
        (*changes, ended),
    )


def _beyond(
    life: list[UnitVersion], meant: Meant, start: dt.date
) -> tuple[Outcome, tuple[FieldChange, ...]]:
    """Lay a row before or after everything that is known of a unit."""
    is_before = start < life[0].start
    base = life[0] if is_before else life[-1]
    end = meant.end or (base.start - DAY if is_before else None)
    version = replace(base, **meant.stated, start=start, end=end)
    life.append(version)
    began = FieldChange("valid_from", "", _shown(start))
    changes = (c for c in _differences(base, version) if c.field != "valid_to")
    return Outcome.CHANGED, (began, *changes)


def _differences(old: UnitVersion | None, new: UnitVersion) -> tuple[FieldChange, ...]:
    """Return every field in which two versions differ, the last day among them."""
    pairs = [(name, getattr(old, name, None), getattr(new, name)) for name in FIELDS]
    pairs.append(("valid_to", old.end if old else None, new.end))
    return tuple(
        FieldChange(name, _shown(before), _shown(after))
        for name, before, after in pairs
        if (before if before is not None else "")
        != (after if after is not None else "")
    )


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def laid_lineage(known: dict[Event, Lineage], meant: Meant) -> Told:
    """Lay a row of lineage over the events that are known; return what it does."""
    row = meant.lineage
    assert row is not None, "a lineage row that is not refused was read"
    event = same_event(row)
    old = known.get(event)
    if old is None:
        known[event] = row
        stated = (("share", row.share), ("instrument", row.instrument))
        new = (FieldChange(name, "", _shown(each)) for name, each in stated if each)
        return Outcome.NEW, tuple(new)
    share = row.share if row.share or meant.clears_share else old.share
    known[event] = replace(
        old, share=share, instrument=row.instrument or old.instrument
    )
    changes = tuple(
        FieldChange(name, _shown(getattr(old, name)), _shown(getattr(new, name)))
        for new in (known[event],)
        for name in ("share", "instrument")
        if getattr(old, name) != getattr(new, name)
    )
    return (Outcome.CHANGED if changes else Outcome.UNCHANGED), changes


def laid_stay(stays: list[GroupMembership], meant: Meant, name: str) -> Told:
    """Lay a row over the stays of its unit in its group; return what it does."""
    stay = meant.stay
    assert stay is not None, "a group row that is not refused was read"
    said = bool(meant.row.text("valid_from"))
    for place, old in enumerate(stays):
        holds = old.start <= stay.start and (not old.end or stay.start <= old.end)
        if old.start == stay.start or (holds and not said):
            end = None if meant.is_reopened else meant.end or old.end
            stays[place] = replace(old, end=end)
            change = FieldChange("valid_to", _shown(old.end), _shown(end))
            if end == old.end:
                return Outcome.UNCHANGED, ()
            return (Outcome.CLOSED if end else Outcome.CHANGED), (change,)
        if not (old.end and old.end < stay.start) and not (
            stay.end and stay.end < old.start
        ):
            raise GroupTwice(unit=name, group=stay.group, day=stay.start)
    stays.append(stay)
    return Outcome.NEW, (FieldChange("group", "", stay.group),)


def same_event(row: Lineage) -> Event:
    """Return what makes two rows of lineage tell the same event."""
    return row.old, row.new or row.old, row.on, row.change
