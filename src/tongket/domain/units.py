"""Units through time ("đơn vị"): kind, parent, code and name by date; lineage.

A unit's identity is our own key. Official codes are attributes with dates: on
01/07/2025 codes of Bắc Giang communes were given to other units, so a code alone
identifies nothing. Codes are text: leading zeros matter.
"""

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property

from tongket.domain import unit_history
from tongket.domain.lineage import (
    Change,
    Lineage,
    LineageRefused,
    NoSuccessor,
    SplitWithoutWeights,
    Succession,
    broken_lineage,
)
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.unit_history import Event, EventKind
from tongket.domain.unit_versions import (
    EndsBeforeItStarts,
    GapInLife,
    GroupMembership,
    Life,
    MemberTwice,
    MemberUnknown,
    OwnAncestor,
    ParentUnknown,
    TwoVersionsAtOnce,
    UnitRefused,
    UnitVersion,
    broken_groups,
    broken_lives,
    broken_parents,
    lived_on,
    lives_of,
)

__all__ = [
    "Change",
    "EndsBeforeItStarts",
    "Event",
    "EventKind",
    "GapInLife",
    "GroupMembership",
    "Lineage",
    "LineageRefused",
    "MemberTwice",
    "MemberUnknown",
    "NoSuccessor",
    "OwnAncestor",
    "ParentUnknown",
    "Register",
    "SplitWithoutWeights",
    "Tree",
    "TwoVersionsAtOnce",
    "UnitRefused",
    "UnitVersion",
    "UnknownUnit",
    "search_key",
]


class UnknownUnit(Refusal, LookupError):
    """No unit with this key on the day asked about."""

    words = (
        "Không có đơn vị “{unit}” vào ngày {day:%d/%m/%Y}; kiểm tra lại mã đơn vị "
        "trong danh sách."
    )


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
    """Every unit's versions, lineage and groups; refuses what cannot have been so."""

    def __init__(
        self,
        versions: Iterable[UnitVersion],
        lineage: Iterable[Lineage] = (),
        memberships: Iterable[GroupMembership] = (),
    ) -> None:
        self.versions = tuple(versions)
        self.lineage = tuple(lineage)
        self.memberships = tuple(memberships)
        self._lives = lives_of(self.versions)
        refusals = [
            *broken_lives(self._lives),
            *broken_parents(self._lives),
            *broken_lineage(self.lineage, self._lives, self._lived_on),
            *broken_groups(self.memberships, self._lives),
        ]
        if refusals:
            raise Refusals(refusals)
        self._succession = Succession(self.lineage, self._lived_on)
        self._trees: dict[dt.date, Tree] = {}
        self._groups: dict[dt.date, Mapping[str, frozenset[str]]] = {}

    def __contains__(self, unit: object) -> bool:
        return unit in self._lives

    def __len__(self) -> int:
        """Return how many units there ever were."""
        return len(self._lives)

    def on(self, day: dt.date) -> Tree:
        """Return the tree of one day."""
        if day not in self._trees:
            self._trees[day] = Tree(day, (v for v in self.versions if v.holds_on(day)))
        return self._trees[day]

    def life(self, unit: str) -> Life:
        """Return the versions of a unit, the earliest first; none when unknown."""
        return self._lives.get(unit, ())

    def became(
        self, unit: str, *, on: dt.date, since: dt.date | None = None
    ) -> tuple[str, ...]:
        """Return the units that `unit` had become by `on`; itself while it lives.

        `since` is the day on which it is looked at: what left it on that day or before
        is no part of it. By default all of its life counts. A unit that was closed, or
        that ended without a row of lineage, became nothing.
        """
        return self._succession.became(unit, since or self._first(unit, on), on)

    def came_from(
        self, unit: str, *, on: dt.date, until: dt.date | None = None
    ) -> tuple[str, ...]:
        """Return the units of day `on` from which `unit`, as it is on `until`, comes.

        The inverse of `became`: `a` is among them where `unit` is among
        `became(a, on=until, since=on)`. By default `until` is the unit's last day.
        """
        self._first(unit, on)
        last = until or self._lives[unit][-1].end or dt.date.max
        return self._succession.came_from(unit, on, last)

    def shares(
        self, unit: str, *, on: dt.date, since: dt.date | None = None
    ) -> Mapping[str, Fraction]:
        """Return which part of what `unit` held each unit of day `on` now holds.

        The parts make up 1, so a count that is carried over keeps its total. A split
        without weights is refused, unless all its parts end in the same units; so is
        a unit that ended without a successor. `since` is as in `became`: the last day
        of the period in which the count was made.
        """
        return self._succession.shares(unit, since or self._first(unit, on), on)

    def history(self, unit: str) -> tuple[Event, ...]:
        """Return what happened to a unit, by day; nothing for a key nobody knows."""
        if unit not in self._lives:
            return ()
        return unit_history.history(
            self._lives[unit],
            self._rows_of.get(unit, ()),
            [each for each in self.memberships if each.unit == unit],
        )

    def groups(self, unit: str, on: dt.date) -> tuple[str, ...]:
        """Return the groups a unit belongs to on a day, in the order of their names."""
        return tuple(sorted(self.groups_on(on).get(unit, ())))

    def members(self, group: str, on: dt.date) -> tuple[str, ...]:
        """Return the units of a group on a day, in the order of the tree."""
        inside = self.groups_on(on)
        return tuple(v.unit for v in self.on(on) if group in inside.get(v.unit, ()))

    def groups_on(self, day: dt.date) -> Mapping[str, frozenset[str]]:
        """Return the groups of each unit that lives on a day and belongs to one."""
        if day not in self._groups:
            tree, found = self.on(day), defaultdict[str, set[str]](set)
            for each in self.memberships:
                if each.holds_on(day) and each.unit in tree:
                    found[each.unit].add(each.group)
            self._groups[day] = {unit: frozenset(of) for unit, of in found.items()}
        return self._groups[day]

    @cached_property
    def _rows_of(self) -> Mapping[str, tuple[Lineage, ...]]:
        found: dict[str, list[Lineage]] = defaultdict(list)
        for row in self.lineage:
            for unit in dict.fromkeys((row.old, row.new)):
                found[unit].append(row)
        return {unit: tuple(rows) for unit, rows in found.items()}

    def _lived_on(self, unit: str, day: dt.date) -> bool:
        return lived_on(self._lives, unit, day)

    def _first(self, unit: str, day: dt.date) -> dt.date:
        """Return the first day of a unit's life; an unknown unit is refused."""
        if unit not in self._lives:
            raise UnknownUnit(unit=unit, day=day)
        return self._lives[unit][0].start
