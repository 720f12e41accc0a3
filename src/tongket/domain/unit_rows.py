"""What does one row of a list of units say, and what can be wrong with it?

A row keeps its cells as text, as a person typed them. An empty cell says nothing and
leaves the register as it is; "-" says that there is nothing (any more).
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from tongket.domain.sentences import Refusal
from tongket.domain.units import Change, search_key

NOTHING = "-"
_EXCEL_DAY_NOUGHT = dt.date(1899, 12, 30)
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_LOCAL_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_PEOPLE = re.compile(r"\d+|\d{1,3}(?:[.,\s]\d{3})+")
_SHARE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(%|/\s*\d+)?")


class RowRefused(Refusal, ValueError):
    """A row that cannot be taken into the register; says what to do about it."""


class NotADay(RowRefused):
    """A cell for a day holds something else."""

    words = "“{text}” không phải ngày; ghi dạng 01/07/2025."


class NotPeople(RowRefused):
    """The number of inhabitants is no whole number."""

    words = "Dân số “{text}” không phải số nguyên; ghi dạng 12345."


class NotAShare(RowRefused):
    """A share of a split is no part of a whole."""

    words = "Tỷ lệ “{text}” không nằm giữa 0 và 1; ghi dạng 1/3, 0,25 hoặc 25%."


class NotAChange(RowRefused):
    """The kind of change is not one of those known."""

    words = "Không có loại thay đổi “{text}”; ghi một trong: {known}."


class TooLong(RowRefused):
    """More letters than the register keeps."""

    words = "“{text}…” dài quá {most} ký tự; rút gọn lại."


class Table(StrEnum):
    """The three lists that describe the units."""

    UNITS = "units"
    LINEAGE = "lineage"
    GROUPS = "groups"


FIELDS: Mapping[Table, tuple[str, ...]] = {
    Table.UNITS: (
        "unit",
        "code",
        "name",
        "kind",
        "designation",
        "parent",
        "valid_from",
        "valid_to",
        "population",
        "size_class",
    ),
    Table.LINEAGE: ("old", "new", "on", "change", "share", "instrument"),
    Table.GROUPS: ("unit", "group", "valid_from", "valid_to"),
}
NEEDED: Mapping[Table, tuple[str, ...]] = {
    Table.UNITS: ("unit", "code", "name"),  # at least one of these
    Table.LINEAGE: ("old", "on", "change"),
    Table.GROUPS: ("unit", "group"),
}
MOST_LETTERS = {
    "unit": 60,
    "code": 20,
    "name": 200,
    "kind": 40,
    "designation": 40,
    "size_class": 40,
    "group": 60,
    "instrument": 120,
}
CHANGE_WORDS: Mapping[Change, str] = {
    Change.MERGE: "Sáp nhập",
    Change.SPLIT: "Chia tách",
    Change.RENAME: "Đổi tên",
    Change.KIND: "Đổi loại",
    Change.PARENT: "Đổi cấp trên",
    Change.CLOSE: "Kết thúc",
    Change.ABOLISH: "Bỏ cấp",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was typed; `sheet` and `line` say where a person finds it."""

    table: Table
    sheet: str
    line: int
    cells: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what a cell says, "" for nothing."""
        return self.cells.get(name, "")

    def too_long(self) -> list[RowRefused]:
        """Return a refusal for each cell that the register has no room for."""
        return [
            TooLong(text=self.text(name)[:20], most=most)
            for name, most in MOST_LETTERS.items()
            if len(self.text(name)) > most
        ]


def read_day(text: str) -> dt.date | None:
    """Return the day a cell names, None for an empty one; refuses anything else.

    An Excel that keeps days as numbers counts them from 30/12/1899.

    >>> read_day("01/07/2025") == read_day("2025-07-01") == read_day("45839")
    True
    """
    if not text:
        return None
    try:
        if match := _ISO_DAY.fullmatch(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match := _LOCAL_DAY.fullmatch(text):
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        if _SERIAL.fullmatch(text):
            return _EXCEL_DAY_NOUGHT + dt.timedelta(days=int(float(text)))
    except ValueError:
        raise NotADay(text=text) from None
    raise NotADay(text=text)


def read_people(text: str) -> int:
    """Return a number of inhabitants, its thousands set apart or not.

    >>> read_people("12.345"), read_people("12345")
    (12345, 12345)
    """
    number = re.sub(r"[.,\s]", "", text)
    if not _PEOPLE.fullmatch(text) or int(number) > 2**31 - 1:
        raise NotPeople(text=text)
    return int(number)


def read_share(text: str) -> Fraction | None:
    """Return a share, None for an empty cell.

    >>> read_share("1/3"), read_share("25%"), read_share("0,25")
    (Fraction(1, 3), Fraction(1, 4), Fraction(1, 4))
    """
    if not text:
        return None
    match = _SHARE.fullmatch(text)
    if match is None:
        raise NotAShare(text=text)
    share, of = Fraction(match[1].replace(",", ".")), match[2] or ""
    whole = 100 if of == "%" else int(of.lstrip("/ ") or 1)
    if not whole or not 0 < share / whole <= 1:
        raise NotAShare(text=text)
    share /= whole
    if share.denominator > 2**31 - 1:
        share = share.limit_denominator(10**9)
    return share


def read_change(text: str) -> Change:
    """Return the kind of change, told by its key or in Vietnamese."""
    wanted = search_key(text)
    for change, words in CHANGE_WORDS.items():
        if wanted in {search_key(change), search_key(words)}:
            return change
    raise NotAChange(text=text, known=", ".join(CHANGE_WORDS.values()))
