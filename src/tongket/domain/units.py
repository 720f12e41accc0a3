"""Units through time ("đơn vị"): kind, parent, code and name by date; lineage.

A unit's identity is our own key. Official codes are attributes with dates: on
01/07/2025 codes of Bắc Giang communes were given to other units, so a code alone
identifies nothing. Codes are text: leading zeros matter.
"""

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from tongket.domain.sentences import Refusal, Refusals


class UnitRefused(Refusal, ValueError):
    """A unit whose life cannot be told; the words name unit and remedy."""


class OwnAncestor(UnitRefused):
    """Following the parents of a unit leads back to it."""

    words = (
        "Đơn vị {unit}: từ ngày {day:%d/%m/%Y} là cấp trên của chính mình ({chain}); "
        "sửa cột parent."
    )


class ParentUnknown(UnitRefused):
    """The parent does not exist on a day the unit does."""

    words = (
        "Đơn vị {unit}: đơn vị cấp trên “{parent}” không có trong danh sách vào ngày "
        "{day:%d/%m/%Y}; bổ sung đơn vị đó hoặc sửa cột parent."
    )


class TwoVersionsAtOnce(UnitRefused):
    """Two rows describe the unit on one day."""

    words = (
        "Đơn vị {unit}: hai dòng cùng có hiệu lực ngày {day:%d/%m/%Y}; sửa cột "
        "valid_from hoặc valid_to để các khoảng không chồng nhau."
    )


class GapInLife(UnitRefused):
    """Between two rows of a unit lies a day on which it does not exist."""

    words = (
        "Đơn vị {unit}: không có dòng nào cho ngày {day:%d/%m/%Y} giữa hai khoảng hiệu "
        "lực; nối liền valid_to và valid_from."
    )


class EndsBeforeItStarts(UnitRefused):
    """A row whose last day lies before its first."""

    words = (
        "Đơn vị {unit}: valid_to {end:%d/%m/%Y} trước valid_from {start:%d/%m/%Y}; sửa "
        "một trong hai cột."
    )


class UnknownUnit(Refusal, LookupError):
    """No unit with this key on the day asked about."""

    words = (
        "Không có đơn vị “{unit}” vào ngày {day:%d/%m/%Y}; kiểm tra lại mã đơn vị "
        "trong danh sách."
    )


class Change(StrEnum):
    """What happened to a unit on a day (lineage)."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    KIND = "kind"  # a commune becomes a ward; the unit lives on under its own key
    PARENT = "parent"
    CLOSE = "close"
    ABOLISH = "abolish"  # its whole level ends; what it held goes to the unit above


@dataclass(frozen=True, slots=True)
class UnitVersion:
    """What a unit was called and where it stood between two days, both included."""

    unit: str
    code: str
    name: str
    kind: str
    parent: str | None
    start: dt.date
    end: dt.date | None = None
    designation: str = ""
    population: int | None = None
    size_class: str = ""

    def holds_on(self, day: dt.date) -> bool:
        """Whether the version describes the unit on `day`."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Lineage:
    """One unit became (part of) another on a day; a split states its share."""

    old: str
    new: str
    on: dt.date
    change: Change
    share: Fraction | None = None
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class GroupMembership:
    """A unit belongs to a group ("nhóm") between two days, both included."""

    unit: str
    group: str
    start: dt.date
    end: dt.date | None = None


def search_key(text: str) -> str:
    """Fold case, accents, tone placement and đ/d, for comparison and search.

    >>> search_key("Xã Cảnh Thụy") == search_key("XÃ CẢNH THUỴ") == "xa canh thuy"
    True
    >>> search_key("Đồi Ngô")
    'doi ngo'
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", plain).strip()


class Tree:
    """The units of one day: at most one parent each, none its own ancestor."""

    def __init__(self, day: dt.date, versions: Iterable[UnitVersion]) -> None:
        self.day = day
        self._versions = {version.unit: version for version in versions}
        self._children: dict[str | None, list[str]] = defaultdict(list)
        for version in self._versions.values():
            self._children[version.parent].append(version.unit)

    def __contains__(self, unit: object) -> bool:
        return unit in self._versions

    def __iter__(self) -> Iterator[UnitVersion]:
        return iter(self._versions.values())

    def __getitem__(self, unit: str) -> UnitVersion:
        if unit not in self._versions:
            raise UnknownUnit(unit=unit, day=self.day)
        return self._versions[unit]

    def parent(self, unit: str) -> str | None:
        """Return the key of the unit above, or None at the top."""
        return self[unit].parent

    def children(self, unit: str | None) -> tuple[str, ...]:
        """Return the keys of the units directly below; None asks for the tops."""
        return tuple(self._children.get(unit, ()))

    def ancestors(self, unit: str) -> tuple[str, ...]:
        """Return the chain upwards, the unit itself first."""
        chain, above = [unit], self.parent(unit)
        while above is not None:
            assert above not in chain, f"{above} is its own ancestor"
            chain.append(above)
            above = self.parent(above)
        return tuple(chain)

    def descendants(self, unit: str) -> tuple[str, ...]:
        """Return the unit itself and every unit below it, parents before children."""
        found = [self[unit].unit]
        for each in found:
            found.extend(self._children.get(each, ()))
        return tuple(found)

    def of_kind(self, *kinds: str) -> tuple[UnitVersion, ...]:
        """Return the units of these kinds, in the order of the list they came from."""
        return tuple(version for version in self if version.kind in kinds)

    def named(self, name: str, *kinds: str) -> tuple[UnitVersion, ...]:
        """Return the units whose name or code matches, however it is spelled."""
        wanted = search_key(name)
        return tuple(
            version
            for version in self
            if (not kinds or version.kind in kinds)
            and (search_key(version.name) == wanted or version.code == name.strip())
        )


class Register:
    """Every unit's versions and lineage; refuses lives with gaps, overlaps or loops."""

    def __init__(
        self, versions: Iterable[UnitVersion], lineage: Iterable[Lineage] = ()
    ) -> None:
        self.versions = tuple(versions)
        self.lineage = tuple(lineage)
        refusals = [*self._broken_lives(), *self._broken_parents()]
        if refusals:
            raise Refusals(refusals)
        self._trees: dict[dt.date, Tree] = {}

    def on(self, day: dt.date) -> Tree:
        """Return the tree of one day."""
        if day not in self._trees:
            self._trees[day] = Tree(day, (v for v in self.versions if v.holds_on(day)))
        return self._trees[day]

    def became(self, unit: str, *, on: dt.date) -> tuple[str, ...]:
        """Return the units that `unit` had become by `on`; itself while it lives.

        A unit that was closed without a successor became nothing.
        """
        seen, found = [unit], []
        for each in seen:
            steps = [row for row in self.lineage if row.old == each and row.on <= on]
            # After a split or a change of name the unit may live on under its own key.
            if not steps or each in self.on(on):
                found.append(each)
            for row in steps:
                if row.change is not Change.CLOSE and row.new not in seen:
                    seen.append(row.new)
        return tuple(found)

    def _broken_lives(self) -> Iterator[Refusal]:
        lives: dict[str, list[UnitVersion]] = defaultdict(list)
        for version in self.versions:
            lives[version.unit].append(version)
        day_after = dt.timedelta(days=1)
        for unit, rows in lives.items():
            rows.sort(key=lambda row: row.start)
            backwards = [row for row in rows if row.end and row.end < row.start]
            for row in backwards:
                yield EndsBeforeItStarts(unit=unit, start=row.start, end=row.end)
            if backwards:
                continue
            for earlier, later in pairwise(rows):
                if earlier.end is None or earlier.end >= later.start:
                    yield TwoVersionsAtOnce(unit=unit, day=later.start)
                elif earlier.end + day_after != later.start:
                    yield GapInLife(unit=unit, day=earlier.end + day_after)

    def _days_of_change(self) -> list[dt.date]:
        # A parent that ends breaks its children on the day after, where nothing starts.
        starts = {version.start for version in self.versions}
        ends = {v.end for v in self.versions if v.end and v.end < dt.date.max}
        return sorted(starts | {end + dt.timedelta(days=1) for end in ends})

    def _broken_parents(self) -> Iterator[Refusal]:
        told: set[str] = set()
        for day in self._days_of_change():
            above = {v.unit: v.parent for v in self.versions if v.holds_on(day)}
            for unit, parent in above.items():
                if unit in told:
                    continue
                if parent is not None and parent not in above:
                    told.add(unit)
                    yield ParentUnknown(unit=unit, parent=parent, day=day)
                    continue
                chain = [unit]
                while parent is not None and parent in above and parent not in chain:
                    chain.append(parent)
                    parent = above[parent]
                if parent is not None and parent == unit:
                    told.update(chain)
                    loop = " → ".join([*chain, unit])
                    yield OwnAncestor(unit=unit, day=day, chain=loop)
