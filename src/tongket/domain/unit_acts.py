"""Which rows does one act of reorganising consist of?

An act of the standing office goes the same way as a list: it becomes rows, is shown as
a plan, and is applied as one. `on` is the first day on which the act holds.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tongket.domain.unit_lives import DAY
from tongket.domain.unit_matching import new_key
from tongket.domain.unit_rows import NOTHING, Row, RowRefused, Table, read_share
from tongket.domain.units import Change, Register, search_key


class TooFew(RowRefused):
    """A merger of nothing, or a split into one."""

    words = "Sáp nhập hoặc chia tách cần ít nhất {least} đơn vị; chọn thêm đơn vị."


class NothingStated(RowRefused):
    """A change that changes nothing."""

    words = "Nội dung nhập vào giống hệt hiện trạng ngày {day:%d/%m/%Y}; sửa nội dung."


@dataclass(frozen=True, slots=True)
class Part:
    """A unit that comes out of an act: one that exists (`unit`), or a new one."""

    unit: str = ""
    stated: Mapping[str, str] = field(default_factory=dict)
    share: str = ""


class Acts:
    """The acts on a register, on a day, under an instrument."""

    def __init__(
        self, register: Register, *, on: dt.date, instrument: str = "", root: str = ""
    ) -> None:
        self.tree, self.on = register.on(on), on
        self.before = register.on(on - DAY)
        self.taken = {version.unit for version in register.versions}
        self.instrument, self.root = instrument, root

    def changed(self, unit: str, stated: Mapping[str, str]) -> list[Row]:
        """Return the rows by which a unit is called, led or classed otherwise."""
        now = self.tree[unit]
        new = {
            name: text
            for name, text in stated.items()
            if (text or NOTHING) != (str(getattr(now, name) or "") or NOTHING)
        }
        if not new:
            raise NothingStated(day=self.on)
        rows = [self._unit({"unit": unit, **_told(new)})]
        name = new.get("name", now.name)
        called = new.get("designation", now.designation)
        if "kind" in new or "designation" in new:
            rows.append(self._event(unit, "", Change.KIND))
        if _bare(name, called) != _bare(now.name, now.designation):
            rows.append(self._event(unit, "", Change.RENAME))
        if "parent" in new:
            rows.append(self._event(unit, "", Change.PARENT))
        return rows

    def merged(self, olds: Sequence[str], into: Part) -> list[Row]:
        """Return the rows by which units become one; what stood below them follows."""
        going = [unit for unit in dict.fromkeys(olds) if unit != into.unit]
        if not going or len(going) + bool(into.unit) < 2:
            raise TooFew(least=2)
        key, rows = self._part(into, going[0])
        for old in going:
            rows += self._ended(old, key, going)
            rows.append(self._event(old, key, Change.MERGE))
        return rows

    def split(self, old: str, parts: Sequence[Part], *, remains: bool) -> list[Row]:
        """Return the rows by which a unit is divided; its shares may be unknown.

        With `remains` the unit lives on beside its parts, with what they leave of it.
        What stands below a unit that ends must have been given another unit above.
        """
        if len(parts) + remains < 2:
            raise TooFew(least=2)
        rows: list[Row] = []
        for part in parts:
            key, made = self._part(part, old)
            rows += made
            rows.append(self._event(old, key, Change.SPLIT, part.share))
        if not remains:
            return [*rows, self._end(old)]
        shares = [read_share(part.share) for part in parts]
        rest = 1 - sum((share for share in shares if share), Fraction(0))
        share = str(rest) if all(shares) and rest > 0 else ""
        return [*rows, self._event(old, old, Change.SPLIT, share)]

    def closed(self, unit: str, heir: str = "") -> list[Row]:
        """Return the rows by which a unit ends; `heir` takes what stood below it."""
        rows = self._ended(unit, heir, [unit]) if heir else [self._end(unit)]
        change = Change.ABOLISH if heir else Change.CLOSE
        return [*rows, self._event(unit, heir, change)]

    def joined(self, unit: str, group: str) -> list[Row]:
        """Return the row by which a unit enters a group."""
        told = {"unit": unit, "group": group, "valid_from": self.on.isoformat()}
        return [Row(Table.GROUPS, "", 0, told)]

    def left(self, unit: str, group: str) -> list[Row]:
        """Return the row by which a unit is no longer in a group."""
        last = (self.on - DAY).isoformat()
        told = {"unit": unit, "group": group, "valid_to": last}
        return [Row(Table.GROUPS, "", 0, told)]

    def founded(self, stated: Mapping[str, str]) -> list[Row]:
        """Return the row by which a unit begins that nothing came before."""
        return self._part(Part(stated=stated))[1]

    def _part(self, part: Part, like: str = "") -> tuple[str, list[Row]]:
        """Return the key of a part, and its row where it is new: `like` an old one."""
        if part.unit:
            return part.unit, []
        stated = {name: text for name, text in part.stated.items() if text}
        if like:
            old = self.before[like]
            stated = {"kind": old.kind, "parent": old.parent or NOTHING, **stated}
        kind, code, name = (stated.get(each, "") for each in ("kind", "code", "name"))
        key = new_key(self.root, kind, code, name, self.taken)
        self.taken.add(key)
        return key, [self._unit({"unit": key, **stated})]

    def _ended(self, old: str, heir: str, ending: Sequence[str]) -> list[Row]:
        rows = [self._end(old)]
        for below in self.before.children(old):
            if below not in ending and below != heir:
                rows.append(self._unit({"unit": below, "parent": heir}))
                rows.append(self._event(below, "", Change.PARENT))
        return rows

    def _end(self, unit: str) -> Row:
        last = (self.on - DAY).isoformat()
        return Row(Table.UNITS, "", 0, {"unit": unit, "valid_to": last})

    def _unit(self, told: dict[str, str]) -> Row:
        cells = {**told, "valid_from": self.on.isoformat()}
        return Row(Table.UNITS, "", 0, cells)

    def _event(self, old: str, new: str, change: Change, share: str = "") -> Row:
        cells = {
            "old": old,
            "new": new,
            "on": self.on.isoformat(),
            "change": str(change),
            "share": share,
            "instrument": self.instrument,
        }
        return Row(Table.LINEAGE, "", 0, {k: v for k, v in cells.items() if v})


def _told(stated: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed as cells of a row, where an empty cell says nothing."""
    return {name: text or NOTHING for name, text in stated.items()}


def _bare(name: str, called: str) -> str:
    return search_key(name).removeprefix(f"{search_key(called)} ")
