"""What did a unit become, and what did it come from?

A row of lineage says that on a day one unit became another, or a part of it. A unit
that goes on living under its own key needs no row, except where a part of it leaves: a
split lists every part, the unit itself among them. Each walk follows the calendar: what
joined a unit on a day takes part only in what happens to that unit later.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from tongket.domain.sentences import Refusal
from tongket.domain.unit_versions import DAY

LivesOn = Callable[[str, dt.date], bool]  # whether a unit was there on a day


class Change(StrEnum):
    """What happened to a unit on a day (lineage)."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    KIND = "kind"  # a commune becomes a ward; the unit lives on under its own key
    PARENT = "parent"
    CLOSE = "close"
    ABOLISH = "abolish"  # its whole level ends; what it held goes to the unit above


ENDINGS = frozenset({Change.MERGE, Change.ABOLISH, Change.CLOSE})


@dataclass(frozen=True, slots=True)
class Lineage:
    """One unit became (part of) another on a day; a split states its share.

    `new` is empty for a closing. `share` is the part of what `old` held that went to
    `new`, above 0 and at most 1; None: nobody stated it.
    """

    old: str
    new: str
    on: dt.date
    change: Change
    share: Fraction | None = None
    instrument: str = ""


class LineageRefused(Refusal, ValueError):
    """A row of lineage that cannot be true; the words name the row and the remedy."""


class LineageUnknown(LineageRefused):
    """The row names a unit that no list describes."""

    words = (
        "Diễn biến {old} → {new} ngày {day:%d/%m/%Y}: không có đơn vị “{unit}” trong "
        "danh sách; sửa mã hoặc bổ sung đơn vị."
    )


class PredecessorNotThere(LineageRefused):
    """The old unit did not live on the day before."""

    words = (
        "Diễn biến {old} → {new} ngày {day:%d/%m/%Y}: đơn vị {old} không có vào ngày "
        "hôm trước; sửa ngày diễn biến hoặc thời gian hiệu lực của đơn vị."
    )


class SuccessorNotThere(LineageRefused):
    """The new unit does not live on the day."""

    words = (
        "Diễn biến {old} → {new} ngày {day:%d/%m/%Y}: đơn vị {new} không có vào ngày "
        "này; sửa ngày diễn biến hoặc thời gian hiệu lực của đơn vị."
    )


class StillThere(LineageRefused):
    """The old unit lives on after it was merged away, closed or abolished."""

    words = (
        "Diễn biến {old} → {new} ngày {day:%d/%m/%Y}: đơn vị {old} vẫn còn hiệu lực "
        "vào ngày này; cho đơn vị kết thúc vào ngày hôm trước, hoặc ghi là chia tách "
        "(split)."
    )


class WrongSuccessor(LineageRefused):
    """A closing that names a successor, or another change that names none."""

    words = (
        "Diễn biến {old} → {new} ngày {day:%d/%m/%Y}: giải thể (close) không có đơn vị "
        "mới, mọi thay đổi khác phải có một đơn vị mới; sửa cột new hoặc cột change."
    )


class RowTwice(LineageRefused):
    """The same change stands twice."""

    words = (
        "Diễn biến {old} → {new} ngày {day:%d/%m/%Y} được ghi hai lần; giữ lại một "
        "dòng."
    )


class TwoSuccessors(LineageRefused):
    """One unit went to two others on one day, and not by a split."""

    words = (
        "Diễn biến {old} → {new} ngày {day:%d/%m/%Y}: đơn vị {old} cùng ngày còn "
        "chuyển sang đơn vị khác; ghi các dòng này là chia tách (split), kèm tỷ lệ nếu "
        "biết."
    )


class SplitForgetsItself(LineageRefused):
    """The old unit lives on after a split that does not list it among the parts."""

    words = (
        "Diễn biến {old} → {new} ngày {day:%d/%m/%Y}: đơn vị {old} còn lại sau khi "
        "chia tách nhưng không có dòng {old} → {old}; bổ sung dòng đó, hoặc cho đơn vị "
        "kết thúc vào ngày hôm trước."
    )


class ShareOutOfRange(LineageRefused):
    """A share that is no part of a whole, or stands at a row that is no split."""

    words = (
        "Diễn biến {old} → {new} ngày {day:%d/%m/%Y}: tỷ lệ {share} không hợp lệ; tỷ "
        "lệ lớn hơn 0, không quá 1, và chỉ ghi cho chia tách (split)."
    )


class SharesNotWhole(LineageRefused):
    """The shares of one split are no whole, or only some are stated."""

    words = (
        "Diễn biến {old} → {new} ngày {day:%d/%m/%Y}: các tỷ lệ chia tách của {old} "
        "cộng lại là {total}, phải bằng 1; sửa cột share, hoặc để trống tất cả nếu "
        "chưa rõ."
    )


class SplitWithoutWeights(Refusal, ValueError):
    """Nobody stated which part of a split unit went where, so no count can follow."""

    words = (
        "Đơn vị {unit} chia tách ngày {day:%d/%m/%Y} thành {parts} nhưng chưa có tỷ "
        "lệ, nên không quy đổi được số liệu; bổ sung cột share của các dòng diễn biến "
        "này."
    )


class NoSuccessor(Refusal, LookupError):
    """The unit ended and no other took over what it held."""

    words = (
        "Đơn vị {unit} không còn vào ngày {day:%d/%m/%Y} và không có đơn vị kế tiếp, "
        "nên số liệu không quy đổi được sang đơn vị nào; bổ sung dòng diễn biến nếu "
        "thiếu."
    )


class Succession:
    """The rows of lineage as a web that is walked forwards and backwards in time."""

    def __init__(self, rows: Iterable[Lineage], lives_on: LivesOn) -> None:
        self._lives_on = lives_on
        self._from: dict[str, dict[dt.date, list[Lineage]]] = defaultdict(dict)
        self._into: dict[str, dict[dt.date, list[Lineage]]] = defaultdict(dict)
        for row in sorted(rows, key=lambda row: row.on):
            self._from[row.old].setdefault(row.on, []).append(row)
            if row.new:
                self._into[row.new].setdefault(row.on, []).append(row)

    def became(self, unit: str, since: dt.date, on: dt.date) -> tuple[str, ...]:
        """Return what `unit` as it stood on `since` had become by `on`."""
        waiting, found = {(unit, since): None}, dict[str, None]()
        for each, day in _growing(waiting):
            change = self._next(each, day, on)
            if change is None:
                if self._lives_on(each, on):
                    found[each] = None
                continue
            waiting.update(
                dict.fromkeys((part, change) for part in self._parts(each, change))
            )
        return tuple(found)

    def came_from(self, unit: str, on: dt.date, until: dt.date) -> tuple[str, ...]:
        """Return the units of day `on` of which `unit` as of `until` is made."""
        waiting, found = {(unit, until): None}, dict[str, None]()
        for each, day in _growing(waiting):
            days = [d for d in self._into.get(each, {}) if on < d <= day]
            if not days:
                if self._lives_on(each, on):
                    found[each] = None
                continue
            eve = days[-1] - DAY
            before = [row.old for row in self._into[each][days[-1]]]
            if self._lives_on(each, eve) and each not in before:
                before.insert(0, each)
            waiting.update(dict.fromkeys((source, eve) for source in before))
        return tuple(found)

    def shares(self, unit: str, since: dt.date, on: dt.date) -> Mapping[str, Fraction]:
        """Return which part of what `unit` held on `since` each unit of `on` holds."""
        known: dict[tuple[str, dt.date], dict[str, Fraction]] = {}
        # Depth first without recursion: a long history must not end the program.
        stack = [(unit, since)]
        while stack:
            each, day = stack[-1]
            change = self._next(each, day, on)
            if change is None:
                known[stack.pop()] = self._itself(each, on)
                continue
            parts = self._parts(each, change)
            missing = [(p, change) for p in parts if (p, change) not in known]
            if missing:
                stack += missing
                continue
            known[stack.pop()] = self._weighed(
                each, change, {part: known[part, change] for part in parts}
            )
        return known[unit, since]

    def _itself(self, unit: str, on: dt.date) -> dict[str, Fraction]:
        if not self._lives_on(unit, on):
            raise NoSuccessor(unit=unit, day=on)
        return {unit: Fraction(1)}

    def _weighed(
        self, unit: str, day: dt.date, parts: Mapping[str, Mapping[str, Fraction]]
    ) -> dict[str, Fraction]:
        if not parts:
            raise NoSuccessor(unit=unit, day=day)
        ways = list(parts.values())
        if all(way == ways[0] for way in ways):
            return dict(ways[0])  # every part ends in the same units: no weight matters
        stated = {row.new: row.share for row in self._from[unit][day]}
        found: dict[str, Fraction] = defaultdict(Fraction)
        for part, way in parts.items():
            share = stated.get(part)
            if share is None:
                names = ", ".join(parts)
                raise SplitWithoutWeights(unit=unit, day=day, parts=names)
            for end, weight in way.items():
                found[end] += share * weight
        return dict(found)

    def _next(self, unit: str, since: dt.date, on: dt.date) -> dt.date | None:
        """Return the first day after `since`, up to `on`, that changed the unit."""
        days = self._from.get(unit, {})
        return next((day for day in days if since < day <= on), None)

    def _parts(self, unit: str, day: dt.date) -> tuple[str, ...]:
        """Return what the unit was on a day that changed it, itself where it lives."""
        parts = dict.fromkeys(row.new for row in self._from[unit][day] if row.new)
        if unit not in parts and self._lives_on(unit, day):
            return (unit, *parts)
        return tuple(parts)


Place = tuple[str, dt.date]


def _growing(waiting: dict[Place, None]) -> Iterator[Place]:
    """Yield every key of a dict that grows while it is walked, each once."""
    done = 0
    while done < len(waiting):
        places = list(waiting)[done:]
        done += len(places)
        yield from places


def broken_lineage(
    rows: Sequence[Lineage], units: Mapping[str, object], lives_on: LivesOn
) -> Iterator[Refusal]:
    """Yield what cannot be true in the rows; circles cannot pass these questions."""
    together: dict[tuple[str, dt.date], list[Lineage]] = defaultdict(list)
    seen: set[tuple[str, str, dt.date, Change]] = set()
    for row in rows:
        if (row.old, row.new, row.on, row.change) in seen:
            yield _refused(RowTwice, row)
            continue
        seen.add((row.old, row.new, row.on, row.change))
        fault = _fault(row, units, lives_on)
        if fault is not None:
            yield fault
        else:
            together[row.old, row.on].append(row)
    for (old, day), group in together.items():
        yield from _faults_together(group, lives_on(old, day))


def _refused(kind: type[Refusal], row: Lineage, **values: object) -> Refusal:
    return kind(old=row.old, new=row.new or "–", day=row.on, **values)


def _fault(
    row: Lineage, units: Mapping[str, object], lives_on: LivesOn
) -> Refusal | None:
    if bool(row.new) == (row.change is Change.CLOSE):
        return _refused(WrongSuccessor, row)
    for unit in filter(None, (row.old, row.new)):
        if unit not in units:
            return _refused(LineageUnknown, row, unit=unit)
    if not lives_on(row.old, row.on - DAY):
        return _refused(PredecessorNotThere, row)
    if row.new and not lives_on(row.new, row.on):
        return _refused(SuccessorNotThere, row)
    if row.change in ENDINGS and lives_on(row.old, row.on):
        return _refused(StillThere, row)
    if row.share is not None and (
        row.change is not Change.SPLIT or not 0 < row.share <= 1
    ):
        return _refused(ShareOutOfRange, row, share=row.share)
    return None


def _faults_together(group: Sequence[Lineage], lives_on_day: bool) -> Iterator[Refusal]:
    """Yield what the rows of one unit and day say against each other."""
    splits = [row for row in group if row.change is Change.SPLIT]
    leaving = [row for row in group if row.new != row.old and row not in splits]
    if leaving and (splits or len(leaving) > 1 or lives_on_day):
        # A change of name to another key leaves nothing behind, like a merger.
        kind = StillThere if lives_on_day and not splits else TwoSuccessors
        yield _refused(kind, leaving[-1])
    if not splits:
        return
    if lives_on_day and all(row.new != row.old for row in splits):
        yield _refused(SplitForgetsItself, splits[0])
    stated = [row.share for row in splits if row.share is not None]
    total = sum(stated, Fraction(0))
    if stated and (len(stated) < len(splits) or total != 1):
        yield _refused(SharesNotWhole, splits[0], total=total)
