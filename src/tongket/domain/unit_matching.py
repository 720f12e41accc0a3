"""Which unit, which kind and which unit above does a row of a list mean?

Our key says it. Without one the official code does, but only together with the name:
codes are given to other units (07210 was Hoàng Văn Thụ, then Bắc Giang). Without a code
the name does, under the unit above. What fits two units is asked about, never guessed.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Protocol

from tongket.domain.sentences import Sentence
from tongket.domain.unit_rows import NOTHING, RowRefused
from tongket.domain.units import UnitVersion, search_key

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class CodeOfAnother(RowRefused):
    """The code belongs to a unit of another name."""

    words = (
        "Mã {code} ngày {day:%d/%m/%Y} là của {unit} (khóa {key}); nếu là đơn vị này "
        "thì ghi khóa, nếu là đơn vị mới thì cho {unit} kết thúc hoặc đổi mã trước."
    )


class FitsSeveral(RowRefused):
    """A name or code fits several units."""

    words = (
        "“{text}” khớp với nhiều đơn vị ngày {day:%d/%m/%Y} ({keys}); ghi khóa của đơn "
        "vị cần chọn."
    )


class NoSuchUnit(RowRefused):
    """A unit that the row refers to does not exist."""

    words = (
        "Không có đơn vị “{text}” vào ngày {day:%d/%m/%Y}, cả trong danh sách này; ghi "
        "khóa, mã hoặc tên đầy đủ."
    )


class NotAKey(RowRefused):
    """Our key is made of small letters, digits and hyphens."""

    words = (
        "Khóa “{text}” chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ "
        "bg-c07201; để trống nếu là đơn vị mới."
    )


class NoSuchKind(RowRefused):
    """The kind of unit is not one of the country's."""

    words = "Không có loại đơn vị “{text}”; ghi một trong: {known}."


class KindMissing(RowRefused):
    """A new unit of which nothing tells the kind."""

    words = "Đơn vị mới cần có loại; ghi một trong: {known}."


CODE_WITHOUT_NOUGHT = (
    "Mã {found} đã được hiểu là {code} (Excel bỏ số 0 ở đầu); nên định dạng cột mã là "
    "văn bản."
)


class Kind(Protocol):
    """A kind of unit, as the country's pack names it."""

    @property
    def label(self) -> str:
        """The name in Vietnamese; several apart by commas."""

    @property
    def english(self) -> str:
        """The name in English."""

    @property
    def level(self) -> int:
        """The level, 1 at the top."""


def bare(version: UnitVersion) -> str:
    """Return the name of a unit without what it is called: "dong son"."""
    name, called = search_key(version.name), search_key(version.designation)
    return name.removeprefix(f"{called} ") if called else name


class Kinds:
    """The kinds of unit by key, name, or one of the names in it ("Phường")."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds
        self.top = min((kind.level for kind in kinds.values()), default=1)
        self._parts: dict[str, tuple[str, str]] = {}
        self._names: dict[str, str] = {}
        for key, kind in kinds.items():
            for part in kind.label.split(","):
                self._parts.setdefault(search_key(part), (key, part.strip()))
            for name in (key, kind.label, kind.english):
                self._names.setdefault(search_key(name), key)

    @property
    def known(self) -> str:
        """The names to choose from, in one line."""
        return "; ".join(kind.label for kind in self.kinds.values())

    def named(self, text: str) -> tuple[str, str]:
        """Return the kind a text names and what such a unit is called, if it says."""
        wanted = search_key(text)
        if wanted in self._names:
            return self._names[wanted], ""
        if wanted in self._parts:
            key, called = self._parts[wanted]
            return key, called[0].upper() + called[1:]
        raise NoSuchKind(text=text, known=self.known)

    def of_name(self, name: str) -> tuple[str, str]:
        """Return the kind that a full name begins with ("Xã Đồng Sơn"), or refuse."""
        wanted = search_key(name)
        for part, (key, called) in self._parts.items():
            if wanted.startswith(f"{part} "):
                return key, called[0].upper() + called[1:]
        raise KindMissing(known=self.known)

    def called(self, name: str, kind: str) -> str:
        """Return what a unit of a kind is called, by its full name: "Phường", or ""."""
        wanted = search_key(name)
        for part, (key, called) in self._parts.items():
            if key == kind and wanted.startswith(f"{part} "):
                return called[0].upper() + called[1:]
        return ""

    def bare(self, name: str) -> str:
        """Return a name without the kind before it: "dong son" of "Xã Đồng Sơn"."""
        wanted = search_key(name)
        for part in self._parts:
            if wanted.startswith(f"{part} "):
                return wanted.removeprefix(f"{part} ")
        return wanted

    def level(self, kind: str) -> int:
        """Return the level of a kind; unknown ones stand below all."""
        return self.kinds[kind].level if kind in self.kinds else 99


class Directory:
    """The versions of all units, found by key, code or name on a day."""

    def __init__(self, versions: Iterable[UnitVersion], kinds: Kinds) -> None:
        self.kinds = kinds
        self.lives: dict[str, list[UnitVersion]] = defaultdict(list)
        self._codes: dict[str, list[UnitVersion]] = defaultdict(list)
        self._names: dict[str, list[UnitVersion]] = defaultdict(list)
        self._bare: dict[str, list[UnitVersion]] = defaultdict(list)
        self._lengths: dict[str, set[int]] = defaultdict(set)
        for version in versions:
            self.add(version)

    def add(self, version: UnitVersion) -> None:
        """Let a version be found; also that of a unit which a list is to bring."""
        self.lives[version.unit].append(version)
        self._names[search_key(version.name)].append(version)
        self._bare[bare(version)].append(version)
        if version.code:
            self._codes[version.code].append(version)
            self._lengths[version.kind].add(len(version.code))

    def on(self, unit: str, day: dt.date) -> UnitVersion | None:
        """Return the version of a unit on a day."""
        return next((v for v in self.lives.get(unit, ()) if v.holds_on(day)), None)

    def coded(self, code: str, day: dt.date) -> list[UnitVersion]:
        """Return the units that have a code on a day."""
        return [v for v in self._codes.get(code, ()) if v.holds_on(day)]

    def called(self, name: str, day: dt.date) -> list[UnitVersion]:
        """Return the units of a name on a day; of the bare name when none has all."""
        wanted = search_key(name)
        whole = [v for v in self._names.get(wanted, ()) if v.holds_on(day)]
        return whole or [v for v in self._bare.get(wanted, ()) if v.holds_on(day)]

    def whole_code(
        self, code: str, kind: str, day: dt.date
    ) -> tuple[str, tuple[Sentence, ...]]:
        """Return a code with the noughts that Excel took from its front, and say so.

        A code is mended where all codes of the kind have one length, or where only one
        code of the day is it with noughts before.
        """
        if not code.isdecimal() or self.coded(code, day):
            return code, ()
        if kind:
            lengths = self._lengths[kind]
        else:
            lengths = {n for found in self._lengths.values() for n in found}
            lengths = {n for n in lengths if self.coded(code.zfill(n), day)}
        if len(lengths) != 1 or (length := next(iter(lengths))) <= len(code):
            return code, ()
        mended = code.zfill(length)
        return mended, (Sentence(CODE_WITHOUT_NOUGHT, {"found": code, "code": mended}),)

    def unit(self, text: str, day: dt.date, below: int = 0) -> str:
        """Return the key of the one unit that a text names on a day, or refuse.

        Of several only those are meant that stand above level `below`, when it is told.
        """
        if self.on(text, day) is not None:
            return text
        found = self.coded(text, day) or self.called(text, day)
        if not found:
            code, _ = self.whole_code(text, "", day)
            found = self.coded(code, day)
        if len(found) > 1 and below:
            above = [v for v in found if self.kinds.level(v.kind) < below]
            found = above or found
        keys = list(dict.fromkeys(version.unit for version in found))
        if len(keys) > 1:
            raise FitsSeveral(text=text, day=day, keys=", ".join(keys))
        if not keys:
            if text in self.lives:  # it lives, on other days: told where it is needed
                return text
            raise NoSuchUnit(text=text, day=day)
        return keys[0]

    def meant(
        self, code: str, name: str, kind: str, parent: str, day: dt.date
    ) -> UnitVersion | None:
        """Return the unit that a row without a key means; None for a new one.

        `parent` is a key already; "" says nothing.
        """
        found = self.coded(code, day) if code else []
        if len({version.unit for version in found}) > 1:
            keys = ", ".join(version.unit for version in found)
            raise FitsSeveral(text=code, day=day, keys=keys)
        if found and name:
            (version,) = found
            wanted = {search_key(name), self.kinds.bare(name)}
            if wanted & {search_key(version.name), bare(version)}:
                return version
            key = version.unit
            raise CodeOfAnother(code=code, day=day, unit=version.name, key=key)
        if found:
            return found[0]
        found = [
            version
            for version in (self.called(name, day) if name else ())
            if kind in {"", version.kind} and parent in {"", version.parent or NOTHING}
        ]
        if len(found) > 1:
            keys = ", ".join(version.unit for version in found)
            raise FitsSeveral(text=name, day=day, keys=keys)
        return found[0] if found else None


def checked_key(text: str) -> str:
    """Return one of our keys, or refuse it."""
    if not _KEY.fullmatch(text):
        raise NotAKey(text=text)
    return text


def new_key(root: str, kind: str, code: str, name: str, taken: Iterable[str]) -> str:
    """Return a key for a new unit, after its code or else its name.

    >>> new_key("bg", "commune", "07201", "Xã A", ())
    'bg-c07201'
    >>> new_key("bg", "school", "", "Trường Số 1", ())
    'bg-truong-so-1'
    >>> new_key("bg", "commune", "07201", "Xã A", {"bg-c07201"})
    'bg-c07201-2'
    """
    words = f"{kind[:1]}{search_key(code)}" if code else search_key(name)
    slug = re.sub(r"[^a-z0-9]+", "-", words).strip("-") or "x"
    wanted = f"{root}-{slug}"[:52].rstrip("-") if root else slug[:52].rstrip("-")
    key, number = wanted, 1
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key
