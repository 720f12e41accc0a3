"""How is the history of a unit told, one sentence an event?"""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext

from tongket.domain.unit_history import Event, EventKind
from tongket.domain.units import Lineage, Register, UnitVersion
from tongket.office import facts, speech

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Link:
    """Another unit that took part in an event, with the part it took, if stated."""

    unit: str
    name: str
    share: str


@dataclass(frozen=True, slots=True)
class Told:
    """One event as a reader sees it."""

    day: dt.date
    words: str
    instrument: str
    others: list[Link]


def story(everyone: Register, unit: str) -> list[Told]:
    """Return the events of a unit's life, the latest first."""
    return [
        Told(
            event.day,
            words(everyone, event),
            event.instrument,
            others(everyone, unit, event),
        )
        for event in reversed(everyone.history(unit))
    ]


def words(everyone: Register, event: Event) -> str:
    """Return what an event says, without the other units that took part."""
    before, after = event.before, event.after
    match event.kind:
        case EventKind.STARTED:
            assert after is not None, "a beginning knows what began"
            return gettext("Có trong danh sách với tên %(name)s.") % {
                "name": after.name
            }
        case EventKind.RENAMED | EventKind.KIND | EventKind.CODE | EventKind.SIZE:
            assert before is not None, "a change knows what was before"
            assert after is not None, "a change knows what is after"
            return _changed(event.kind, before, after)
        case EventKind.PARENT:
            assert before is not None, "a change knows what was before"
            assert after is not None, "a change knows what is after"
            return gettext("Chuyển từ %(old)s về %(new)s.") % {
                "old": _name(everyone, before.parent, event.day - DAY),
                "new": _name(everyone, after.parent, event.day),
            }
        case EventKind.JOINED:
            return gettext("Vào nhóm “%(group)s”.") % {"group": event.group}
        case EventKind.LEFT:
            return gettext("Ra khỏi nhóm “%(group)s”.") % {"group": event.group}
    return {
        EventKind.RECEIVED: gettext("Tiếp nhận từ:"),
        EventKind.SPLIT: gettext("Chia tách thành:"),
        EventKind.MERGED: gettext("Kết thúc, nhập vào:"),
        EventKind.ABOLISHED: gettext("Bỏ cấp này; phần việc chuyển về:"),
        EventKind.CLOSED: gettext("Kết thúc, không có đơn vị kế tiếp."),
        EventKind.ENDED: gettext("Kết thúc; chưa ghi diễn biến."),
    }[event.kind]


def _changed(kind: EventKind, before: UnitVersion, after: UnitVersion) -> str:
    if kind is EventKind.RENAMED:
        told = {"old": before.name, "new": after.name}
        return gettext("Đổi tên từ %(old)s thành %(new)s.") % told
    if kind is EventKind.CODE:
        told = {"old": before.code or "–", "new": after.code or "–"}
        return gettext("Đổi mã từ %(old)s thành %(new)s.") % told
    if kind is EventKind.SIZE:
        told = {"old": before.size_class or "–", "new": after.size_class or "–"}
        return gettext("Đổi quy mô từ %(old)s thành %(new)s.") % told
    told = {"old": _called(before), "new": _called(after)}
    return gettext("Từ %(old)s thành %(new)s.") % told


def _called(version: UnitVersion) -> str:
    kinds = facts.pack().kinds
    if version.designation:
        return version.designation.lower()
    return speech.said(kinds[version.kind]) if version.kind in kinds else version.kind


def _name(everyone: Register, unit: str | None, day: dt.date) -> str:
    if unit is None:
        return gettext("cấp cao nhất")
    tree = everyone.on(day)
    return tree[unit].name if unit in tree else unit


def others(everyone: Register, unit: str, event: Event) -> list[Link]:
    """Return the other units of an event, each by its name on its side of the day."""
    return [
        _link(everyone, row, unit)
        for row in event.rows
        if row.new and (row.old != row.new or event.kind is EventKind.SPLIT)
    ]


def _link(everyone: Register, row: Lineage, unit: str) -> Link:
    is_old = row.new == unit and row.old != unit
    other, day = (row.old, row.on - DAY) if is_old else (row.new, row.on)
    return Link(other, _name(everyone, other or None, day), str(row.share or ""))
