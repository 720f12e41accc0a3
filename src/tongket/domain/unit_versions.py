"""What was a unit between two days, and are the lives of all units told whole?

A life is the row of versions of one unit: no gap, no overlap, and on each of its days
the unit above lives too and is not the unit itself.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from tongket.domain.sentences import Refusal

DAY = dt.timedelta(days=1)


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


class MemberUnknown(UnitRefused):
    """A group names a unit that no row describes."""

    words = (
        "Nhóm “{group}”: không có đơn vị “{unit}” trong danh sách; sửa mã hoặc bổ sung "
        "đơn vị."
    )


class MemberTwice(UnitRefused):
    """Two rows put a unit into one group on one day."""

    words = (
        "Nhóm “{group}”: đơn vị {unit} được ghi hai lần cho ngày {day:%d/%m/%Y}; sửa "
        "valid_from hoặc valid_to để các khoảng không chồng nhau."
    )


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
class GroupMembership:
    """A unit belongs to a group ("nhóm") between two days, both included."""

    unit: str
    group: str
    start: dt.date
    end: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether the unit belongs to the group on `day`."""
        return self.start <= day and (self.end is None or day <= self.end)


Life = tuple[UnitVersion, ...]
Lives = Mapping[str, Life]


def lives_of(versions: Iterable[UnitVersion]) -> dict[str, Life]:
    """Return each unit's versions, the earliest first."""
    found: dict[str, list[UnitVersion]] = defaultdict(list)
    for version in versions:
        found[version.unit].append(version)
    return {
        unit: tuple(sorted(rows, key=lambda row: row.start))
        for unit, rows in found.items()
    }


def version_on(life: Life, day: dt.date) -> UnitVersion | None:
    """Return what a life says about a day, or None when the unit was not there."""
    return next((version for version in life if version.holds_on(day)), None)


def lived_on(lives: Lives, unit: str, day: dt.date) -> bool:
    """Whether the unit was there on a day."""
    return version_on(lives.get(unit, ()), day) is not None


def broken_lives(lives: Lives) -> Iterator[Refusal]:
    """Yield each gap and each overlap in the life of a unit."""
    for unit, rows in lives.items():
        backwards = [row for row in rows if row.end and row.end < row.start]
        for row in backwards:
            yield EndsBeforeItStarts(unit=unit, start=row.start, end=row.end)
        if backwards:
            continue
        for earlier, later in pairwise(rows):
            if earlier.end is None or earlier.end >= later.start:
                yield TwoVersionsAtOnce(unit=unit, day=later.start)
            elif earlier.end + DAY != later.start:
                yield GapInLife(unit=unit, day=earlier.end + DAY)


def broken_parents(lives: Lives) -> Iterator[Refusal]:
    """Yield each unit whose parent is missing or is itself, on the first such day.

    One look at each version is enough: the parent must be there from the version's
    first day to its last, and a loop begins on a day on which one of its units changes.
    """
    told: set[str] = set()
    for unit, rows in lives.items():
        for row in rows:
            day = _first_day_without_parent(row, lives)
            if day is not None:
                told.add(unit)
                yield ParentUnknown(unit=unit, parent=row.parent, day=day)
                break
    starts = sorted(
        (row for rows in lives.values() for row in rows if row.parent is not None),
        key=lambda row: row.start,
    )
    for row in starts:
        chain = [] if row.unit in told else _loop(row, lives)
        if chain:
            told.update(chain)
            loop = " → ".join([*chain, row.unit])
            yield OwnAncestor(unit=row.unit, day=row.start, chain=loop)


def _first_day_without_parent(row: UnitVersion, lives: Lives) -> dt.date | None:
    if row.parent is None:
        return None
    above = lives.get(row.parent)
    if above is None or row.start < above[0].start:
        return row.start
    end = above[-1].end
    if end is None or (row.end is not None and row.end <= end):
        return None
    if end == dt.date.max:
        return None
    return max(row.start, end + DAY)


def _loop(row: UnitVersion, lives: Lives) -> list[str]:
    """Return the chain of parents that leads back to the unit, empty when none does."""
    chain: list[str] = []
    above: UnitVersion | None = row
    while above is not None and above.unit not in chain:
        chain.append(above.unit)
        parent = above.parent
        if parent == row.unit:
            return chain
        above = version_on(lives.get(parent, ()), row.start) if parent else None
    return []


def broken_groups(
    memberships: Iterable[GroupMembership], lives: Lives
) -> Iterator[Refusal]:
    """Yield each membership of an unknown unit, and each that stands twice."""
    stays: dict[tuple[str, str], list[GroupMembership]] = defaultdict(list)
    for each in memberships:
        stays[each.unit, each.group].append(each)
    for (unit, group), rows in stays.items():
        if unit not in lives:
            yield MemberUnknown(group=group, unit=unit)
        rows.sort(key=lambda row: row.start)
        for row in rows:
            if row.end is not None and row.end < row.start:
                yield EndsBeforeItStarts(
                    unit=unit, start=row.start, end=row.end, group=group
                )
        for earlier, later in pairwise(rows):
            if earlier.end is None or earlier.end >= later.start:
                yield MemberTwice(group=group, unit=unit, day=later.start)
