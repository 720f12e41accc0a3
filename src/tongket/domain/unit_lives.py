"""Could the units live so? Whose row is at fault when they could not?

`Register` says whether all units stand together; here the question is asked of the
units that a list changes, so that the answer can be given at the row.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from tongket.domain.sentences import Refusal
from tongket.domain.unit_rows import RowRefused
from tongket.domain.units import Change, Lineage, UnitVersion

DAY = dt.timedelta(days=1)
Lives = Mapping[str, Sequence[UnitVersion]]
MOST_NAMED = 3


class EndsTooEarly(RowRefused):
    """A row whose last day lies before its first."""

    words = (
        "{unit}: “Đến ngày” {end:%d/%m/%Y} trước “Từ ngày” {start:%d/%m/%Y}; sửa một "
        "trong hai ngày."
    )


class Overlaps(RowRefused):
    """Two rows tell of the unit on one day."""

    words = (
        "{unit} đã có nội dung khác từ ngày {day:%d/%m/%Y}; ghi “Đến ngày” trước ngày "
        "này, hoặc sửa dòng từ ngày {day:%d/%m/%Y}."
    )


class LeavesGap(RowRefused):
    """Between two rows of a unit lies a day on which it does not exist."""

    words = (
        "{unit} sẽ không có nội dung từ ngày {day:%d/%m/%Y} nhưng lại có từ ngày "
        "{next:%d/%m/%Y}; nối liền “Đến ngày” với “Từ ngày”."
    )


class NoParentThen(RowRefused):
    """The unit above does not live on a day on which the unit does."""

    words = (
        "{unit} đứng dưới {parent}, nhưng {parent} không có vào ngày {day:%d/%m/%Y}; "
        "sửa cấp trên, hoặc ghi thêm dòng chuyển cấp trên từ ngày đó."
    )


class AboveItself(RowRefused):
    """Following the units above leads back to the unit."""

    words = (
        "{unit} từ ngày {day:%d/%m/%Y} là cấp trên của chính mình ({chain}); sửa cấp "
        "trên."
    )


class HasChildren(RowRefused):
    """A unit ends while others still stand below it."""

    words = (
        "{unit} còn {count} đơn vị trực thuộc vào ngày {day:%d/%m/%Y} ({names}); "
        "chuyển các đơn vị đó sang cấp trên khác từ ngày này rồi mới kết thúc."
    )


class CodeTwice(RowRefused):
    """Two units of a kind would have one code on one day."""

    words = (
        "Mã {code} ngày {day:%d/%m/%Y} đã là của {unit} (khóa {key}); sửa mã, hoặc cho "
        "đơn vị đó kết thúc hay đổi mã trước."
    )


class StillLives(RowRefused):
    """A unit was merged away or closed, but lives on."""

    words = (
        "{unit} còn hiệu lực ngày {day:%d/%m/%Y} dù diễn biến ghi đã kết thúc; ghi "
        "ngày {last:%d/%m/%Y} vào cột “Đến ngày” của đơn vị."
    )


class NotThere(RowRefused):
    """A lineage row names a unit that does not live on its day."""

    words = "{unit} không có hiệu lực ngày {day:%d/%m/%Y}; sửa ngày hoặc đơn vị."


class SharesDoNotAddUp(RowRefused):
    """The shares of a split are no whole."""

    words = (
        "Các tỷ lệ chia của {unit} ngày {day:%d/%m/%Y} cộng lại là {total}, phải bằng "
        "1; sửa tỷ lệ, hoặc để trống tất cả nếu chưa rõ."
    )


def version_on(life: Iterable[UnitVersion], day: dt.date) -> UnitVersion | None:
    """Return what a life says about a day."""
    return next((version for version in life if version.holds_on(day)), None)


def name_of(lives: Lives, unit: str) -> str:
    """Return the latest name of a unit, its key when nothing is known."""
    life = lives.get(unit)
    return life[-1].name if life else unit


def faults(
    before: Lives, after: Lives, touched: frozenset[str]
) -> Iterator[tuple[str, Refusal]]:
    """Yield what is wrong with the units after a change, each with whose fault it is.

    Lives are sorted by their first days; `before` stood together already.
    """
    broken = [*_lives(after, touched)]
    yield from broken
    if broken:  # parents are looked up by the days of lives that hold together
        return
    yield from _parents(before, after, touched)
    yield from _loops(after, touched)
    yield from _codes(before, after, touched)


def _lives(after: Lives, touched: frozenset[str]) -> Iterator[tuple[str, Refusal]]:
    for unit in touched:
        life = after.get(unit, ())
        for row in life:
            if row.end is not None and row.end < row.start:
                name = row.name
                yield unit, EndsTooEarly(unit=name, start=row.start, end=row.end)
                return
        for earlier, later in pairwise(life):
            if earlier.end is None or earlier.end >= later.start:
                yield unit, Overlaps(unit=later.name, day=later.start)
            elif earlier.end + DAY != later.start:
                day, following = earlier.end + DAY, later.start
                yield unit, LeavesGap(unit=later.name, day=day, next=following)


def _parents(
    before: Lives, after: Lives, touched: frozenset[str]
) -> Iterator[tuple[str, Refusal]]:
    left: dict[tuple[str, dt.date], list[str]] = defaultdict(list)
    for unit, life in after.items():
        for version in life:
            if version.parent is None:
                continue
            if unit not in touched and version.parent not in touched:
                continue
            day = _uncovered(version, after.get(version.parent, ()))
            if day is None:
                continue
            # A parent that lived on before the change leaves its children behind.
            if _uncovered(version, before.get(version.parent, ())) is None:
                left[version.parent, day].append(version.name)
            else:
                parent = name_of(after, version.parent)
                yield unit, NoParentThen(unit=version.name, parent=parent, day=day)
    for (parent, day), names in left.items():
        several = ", ".join(names[:MOST_NAMED])
        yield (
            parent,
            HasChildren(
                unit=name_of(after, parent) if parent in after else parent,
                count=len(names),
                day=day,
                names=several + (", …" if len(names) > MOST_NAMED else ""),
            ),
        )


def _uncovered(version: UnitVersion, above: Sequence[UnitVersion]) -> dt.date | None:
    """Return a day of a version on which the unit above does not live."""
    if not above or version.start < above[0].start:
        return version.start
    last = above[-1].end
    if (
        last is not None
        and last < dt.date.max
        and (version.end is None or version.end > last)
    ):
        return max(version.start, last + DAY)
    return None


def _loops(after: Lives, touched: frozenset[str]) -> Iterator[tuple[str, Refusal]]:
    # All units of a loop stand in it on the day on which the latest of them begins.
    told: set[str] = set()
    for unit, life in after.items():
        for version in life:
            chain, above = [unit], version.parent
            while above is not None and above not in chain:
                chain.append(above)
                found = version_on(after.get(above, ()), version.start)
                above = found.parent if found else None
            if above != unit or unit in told:
                continue
            told.update(chain)
            loop = " → ".join(name_of(after, each) for each in [*chain, unit])
            guilty = next(each for each in chain if each in touched)
            name = name_of(after, guilty)
            yield guilty, AboveItself(unit=name, day=version.start, chain=loop)


def _codes(
    before: Lives, after: Lives, touched: frozenset[str]
) -> Iterator[tuple[str, Refusal]]:
    wanted = {
        (version.kind, version.code)
        for unit in touched
        for version in after.get(unit, ())
        if version.code
    }
    holders: dict[tuple[str, str], list[UnitVersion]] = defaultdict(list)
    for life in after.values():
        for version in life:
            if (version.kind, version.code) in wanted:
                holders[version.kind, version.code].append(version)
    for versions in holders.values():
        versions.sort(key=lambda version: (version.start, version.unit in touched))
        for earlier, later in pairwise(versions):
            if earlier.unit == later.unit or not earlier.holds_on(later.start):
                continue
            # Who brings the code is at fault, not who had it before.
            guilty, other = later, earlier
            if later.unit not in touched or (
                earlier.unit in touched and _had(before, later)
            ):
                guilty, other = earlier, later
            yield (
                guilty.unit,
                CodeTwice(
                    code=later.code, day=later.start, unit=other.name, key=other.unit
                ),
            )


def _had(before: Lives, version: UnitVersion) -> bool:
    return any(each.code == version.code for each in before.get(version.unit, ()))


def lineage_faults(
    after: Lives, rows: Sequence[Lineage]
) -> Iterator[tuple[Lineage, Refusal]]:
    """Yield what is wrong with rows of lineage, given the lives of the units."""
    shares: dict[tuple[str, dt.date], list[Lineage]] = defaultdict(list)
    for row in rows:
        if version_on(after.get(row.old, ()), row.on - DAY) is None:
            name = name_of(after, row.old)
            yield row, NotThere(unit=name, day=row.on - DAY)
        ends = row.change in {Change.CLOSE, Change.ABOLISH} or (
            row.change is Change.MERGE and row.new != row.old
        )
        if ends and version_on(after.get(row.old, ()), row.on) is not None:
            name = name_of(after, row.old)
            yield row, StillLives(unit=name, day=row.on, last=row.on - DAY)
        follows = row.new not in {"", row.old}
        if follows and version_on(after.get(row.new, ()), row.on) is None:
            yield row, NotThere(unit=name_of(after, row.new), day=row.on)
        if row.share is not None:
            shares[row.old, row.on].append(row)
    for (old, day), found in shares.items():
        total = sum((each.share for each in found if each.share), Fraction(0))
        parts = [row for row in rows if (row.old, row.on) == (old, day)]
        if total != 1 and any(each.change is Change.SPLIT for each in parts):
            name = name_of(after, old)
            for each in found:
                yield each, SharesDoNotAddUp(unit=name, day=day, total=str(total))
