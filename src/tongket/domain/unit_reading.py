"""What do the rows of a list mean, each for itself, before they are put together?

Names are looked up on the day a row is about: the day from which it holds, or the day
on which the list takes effect.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tongket.domain.sentences import Refusal, Sentence
from tongket.domain.unit_matching import (
    Directory,
    KindMissing,
    Kinds,
    checked_key,
    new_key,
)
from tongket.domain.unit_rows import (
    NOTHING,
    Row,
    RowRefused,
    Table,
    read_change,
    read_day,
    read_people,
    read_share,
)
from tongket.domain.units import (
    Change,
    GroupMembership,
    Lineage,
    UnitVersion,
    search_key,
)

DAY = dt.timedelta(days=1)


class NoUnitNamed(RowRefused):
    """A row that names no unit by key, code or name."""

    words = "Dòng không có khóa, mã hoặc tên đơn vị; ghi ít nhất một trong ba cột này."


class NameMissing(RowRefused):
    """A new unit without a name."""

    words = "Đơn vị mới “{unit}” chưa có tên; ghi tên đầy đủ, ví dụ Xã Đồng Sơn."


class ParentMissing(RowRefused):
    """A new unit below the top that does not say under which."""

    words = (
        "Đơn vị mới “{unit}” chưa có đơn vị cấp trên; ghi khóa, mã hoặc tên đơn vị cấp "
        "trên (ghi “-” nếu đứng đầu)."
    )


class RowTwice(RowRefused):
    """Two rows say something about a unit from one day on."""

    words = "{unit} từ ngày {day:%d/%m/%Y} đã có ở dòng {line}; chỉ giữ lại một dòng."


class SuccessorMissing(RowRefused):
    """A merger, a split or the end of a level without the unit that follows."""

    words = "Ghi đơn vị mới mà {unit} trở thành, ở cột “Đơn vị mới”."


class DayMissing(RowRefused):
    """A lineage row without its day."""

    words = "Ghi ngày có hiệu lực của thay đổi ở {unit}."


SAME_NAME_ELSEWHERE = (
    "Đã có đơn vị cùng tên ở nơi khác ({keys}); nếu là đơn vị đó chuyển cấp trên thì "
    "ghi khóa của nó."
)


@dataclass(slots=True)
class Meant:
    """What one row means: the unit, the day, and the fields that it states."""

    row: Row
    unit: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    is_reopened: bool = False
    stated: dict[str, Any] = field(default_factory=dict)
    lineage: Lineage | None = None
    stay: GroupMembership | None = None
    clears_share: bool = False
    notes: list[Sentence] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


class Reading:
    """A list being read against the units that there are."""

    def __init__(
        self, versions: Iterable[UnitVersion], kinds: Kinds, on: dt.date, root: str
    ) -> None:
        self.directory, self.kinds = Directory(versions, kinds), kinds
        self.on, self.root = on, root
        self.fresh: dict[tuple[str, str, str], str] = {}
        self.begun: dict[str, Meant] = {}

    def rows(self, rows: Sequence[Row]) -> list[Meant]:
        """Return what each row means, or why it means nothing."""
        found = [Meant(row) for row in rows]
        units = [each for each in found if each.row.table is Table.UNITS]
        for each in units:
            self._tell(each, self._fields)
        # A unit above is found before those below it look for its name.
        for each in sorted(units, key=self._level):
            self._tell(each, self._identity)
        for each in units:
            self._tell(each, self._parent)
        for each in units:
            self._tell(each, self._as_begun)
        self._doubles(units)
        for each in found:
            if each.row.table is Table.LINEAGE:
                self._tell(each, self._lineage)
            elif each.row.table is Table.GROUPS:
                self._tell(each, self._stay)
        return found

    @staticmethod
    def _tell(meant: Meant, step: Any) -> None:
        if meant.refusals:
            return
        try:
            step(meant)
        except Refusal as refusal:
            meant.refusals.append(refusal)

    def _level(self, meant: Meant) -> int:
        kind, name = meant.stated.get("kind", ""), meant.stated.get("name", "")
        try:
            return self.kinds.level(kind or self.kinds.of_name(name)[0])
        except KindMissing:  # nothing tells: such a row comes last
            return self.kinds.level("")

    def _fields(self, meant: Meant) -> None:
        row = meant.row
        meant.refusals += row.too_long()
        meant.start = read_day(row.text("valid_from"))
        meant.is_reopened = row.text("valid_to") == NOTHING
        if not meant.is_reopened:
            meant.end = read_day(row.text("valid_to"))
        for name in ("name", "code", "designation", "size_class"):
            if text := row.text(name):
                meant.stated[name] = "" if text == NOTHING else text
        if text := row.text("population"):
            meant.stated["population"] = None if text == NOTHING else read_people(text)
        if text := row.text("kind"):
            kind, called = self.kinds.named(text)
            meant.stated["kind"] = kind
            if called:
                meant.stated.setdefault("designation", called)
        if not (row.text("unit") or meant.stated.get("code") or row.text("name")):
            raise NoUnitNamed

    def _identity(self, meant: Meant) -> None:
        day, stated = meant.start or self.on, meant.stated
        kind = stated.get("kind", "")
        if code := stated.get("code", ""):
            stated["code"], notes = self.directory.whole_code(code, kind, day)
            meant.notes += notes
        if key := meant.row.text("unit"):
            meant.unit = key if key in self.directory.lives else checked_key(key)
        else:
            parent = self._named_parent(meant)
            name, code = stated.get("name", ""), stated.get("code", "")
            known = self.directory.meant(code, name, kind, parent, day)
            # Two rows of one new unit tell of two stretches of its life.
            same = self.fresh.get((search_key(name), parent, code), "")
            meant.unit = known.unit if known else same
        if meant.unit not in self.directory.lives:
            self._begin(meant, day)

    def _named_parent(self, meant: Meant) -> str:
        text = meant.row.text("parent")
        if text in {"", NOTHING}:
            return text
        day = meant.start or self.on
        return self.directory.unit(text, day, self._level(meant))

    def _begin(self, meant: Meant, day: dt.date) -> None:
        """Let a unit be found that the list brings anew."""
        stated = meant.stated
        name = stated.get("name", "")
        if not name:
            raise NameMissing(unit=meant.row.text("unit") or stated.get("code", ""))
        called = stated.get("designation", "")
        if "kind" not in stated:
            stated["kind"], _ = self.kinds.of_name(f"{called} " if called else name)
        if not called:
            stated["designation"] = self.kinds.called(name, stated["kind"])
        twins = [v.unit for v in self.directory.called(name, day)]
        if twins and not meant.row.text("unit"):
            keys = ", ".join(twins)
            meant.notes.append(Sentence(SAME_NAME_ELSEWHERE, {"keys": keys}))
        if not meant.row.text("parent"):
            if self.kinds.level(stated["kind"]) > self.kinds.top:
                raise ParentMissing(unit=name)
            stated["parent"] = None
        if not meant.unit:
            code, taken = stated.get("code", ""), self.directory.lives
            meant.unit = new_key(self.root, stated["kind"], code, name, taken)
        parent = self._named_parent(meant)
        self.fresh[search_key(name), parent, stated.get("code", "")] = meant.unit
        self.begun[meant.unit] = meant
        self.directory.add(made(meant.unit, stated, day, meant.end))

    def _parent(self, meant: Meant) -> None:
        if text := meant.row.text("parent"):
            parent = self._named_parent(meant)
            meant.stated["parent"] = None if text == NOTHING else parent

    def _as_begun(self, meant: Meant) -> None:
        """Let another row of a new unit state what its first row states."""
        first = self.begun.get(meant.unit, meant)
        for name in ("name", "kind", "designation", "parent"):
            if first is not meant and name in first.stated:
                meant.stated.setdefault(name, first.stated[name])
        if meant.unit in self.begun and "parent" not in meant.stated:
            raise ParentMissing(unit=meant.stated["name"])

    def _doubles(self, units: list[Meant]) -> None:
        first: dict[tuple[str, dt.date], Meant] = {}
        for each in units:
            if each.refusals:
                continue
            day = each.start or self.on
            other = first.setdefault((each.unit, day), each)
            if other is not each:
                name = self.directory.lives[each.unit][-1].name
                line = other.row.line
                each.refusals.append(RowTwice(unit=name, day=day, line=line))

    def _lineage(self, meant: Meant) -> None:
        row = meant.row
        meant.refusals += row.too_long()
        day, change = read_day(row.text("on")), read_change(row.text("change"))
        if day is None:
            raise DayMissing(unit=row.text("old"))
        if not row.text("old"):
            raise NoUnitNamed
        old = self.directory.unit(row.text("old"), day - DAY)
        # A unit that lives on under its own key follows itself; a closing has nobody.
        text, new = row.text("new"), "" if change is Change.CLOSE else old
        if text and text != NOTHING and change is not Change.CLOSE:
            new = self.directory.unit(text, day)
        elif change in {Change.MERGE, Change.SPLIT, Change.ABOLISH}:
            raise SuccessorMissing(unit=row.text("old"))
        meant.clears_share = row.text("share") == NOTHING
        share = None if meant.clears_share else read_share(row.text("share"))
        meant.unit, meant.start = old, day
        meant.lineage = Lineage(
            old, new, day, change, share, row.text("instrument").removeprefix(NOTHING)
        )

    def _stay(self, meant: Meant) -> None:
        row = meant.row
        meant.refusals += row.too_long()
        if not row.text("unit"):
            raise NoUnitNamed
        meant.start = read_day(row.text("valid_from")) or self.on
        meant.is_reopened = row.text("valid_to") == NOTHING
        if not meant.is_reopened:
            meant.end = read_day(row.text("valid_to"))
        meant.unit = self.directory.unit(row.text("unit"), meant.start)
        group = checked_key(row.text("group"))
        meant.stay = GroupMembership(meant.unit, group, meant.start, meant.end)


def made(
    unit: str, stated: dict[str, Any], start: dt.date, end: dt.date | None
) -> UnitVersion:
    """Return the first version of a unit from what a row states."""
    return UnitVersion(
        unit=unit,
        code=stated.get("code", ""),
        name=stated["name"],
        kind=stated["kind"],
        parent=stated.get("parent"),
        start=start,
        end=end,
        designation=stated.get("designation", ""),
        population=stated.get("population"),
        size_class=stated.get("size_class", ""),
    )
