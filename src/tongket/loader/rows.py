"""What does one mapping of a pack file say, and which of its keys does nobody read?

A `Row` is asked for each key by type. What is missing or wrong is noted and a harmless
stand-in returned, so that reading goes on to the next fault; a log with any fault never
becomes a pack. Names of things defined elsewhere are noted and looked up at the end.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from tongket.domain.sentences import Refusal, Sentence
from tongket.domain.sources import Mark, Source
from tongket.loader.refusals import (
    MissingKey,
    NotChoice,
    NotDay,
    NotNumber,
    Undated,
    UnknownKey,
    UnknownName,
    Unsourced,
    WrongShape,
)
from tongket.loader.yamltext import Many, Node, Table, Text

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
SOME_DAY = dt.date(2000, 1, 1)
YES_NO = {"yes": True, "no": False}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")


def by_name(kind: type[E]) -> dict[str, E]:
    """Return the members of an enumeration by their names in small letters."""
    return {member.name.lower(): member for member in kind}


def by_value(kind: type[E]) -> dict[str, E]:
    """Return the members of an enumeration by their values."""
    return {str(member.value): member for member in kind}


@dataclass(frozen=True, slots=True)
class Mention:
    """A name used in one place of something defined in another.

    `space` says where it must be found: "form", "measure", "measure of commune-month" …
    """

    space: str
    what: Sentence
    name: str
    file: str
    line: int
    key: str

    def unknown(self) -> Refusal:
        """Return the refusal of a name that was found nowhere."""
        return UnknownName(
            file=self.file,
            line=self.line,
            key=self.key,
            what=self.what,
            name=self.name,
        )


@dataclass
class Log:
    """Everything noted while packs are read: faults, mentions, the rows themselves."""

    refusals: list[Refusal] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    rows: list["Row"] = field(default_factory=list)

    def unread_keys(self) -> None:
        """Refuse every key of a row that was never asked for."""
        for row in self.rows:
            row.refuse_unread()


class Row:
    """One mapping of a pack file."""

    def __init__(self, table: Table, file: str, log: Log) -> None:
        self._table = table
        self._asked: dict[str, None] = {}
        self.file = file
        self.line = table.line
        self.log = log
        log.rows.append(self)

    def refuse(self, kind: type[Refusal], **values: object) -> None:
        """Note a fault at this row; `line` may be given more exactly."""
        place = {"file": self.file, "line": self.line}
        self.log.refusals.append(kind(**{**place, **values}))

    def refuse_unread(self) -> None:
        """Note every key that nobody asked for."""
        known = ", ".join(sorted(self._asked))
        for key, node in self._table.entries.items():
            if key not in self._asked:
                self.refuse(UnknownKey, line=node.line, key=key, known=known)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of a mapping whose keys are themselves names."""
        self._asked.update(dict.fromkeys(self._table.entries))
        return tuple(self._table.entries)

    def has(self, key: str) -> bool:
        """Whether anything stands under the key; no text and no item is nothing."""
        self._asked[key] = None
        node = self._table.entries.get(key)
        return node is not None and node not in (
            Text(node.line, ""),
            Many(node.line, ()),
        )

    def _node(
        self, key: str, missing: type[Refusal] | None = MissingKey
    ) -> Node | None:
        if self.has(key):
            return self._table.entries[key]
        if missing is not None:
            self.refuse(missing, key=key)
        return None

    def _shaped(self, key: str, node: Node, shape: str) -> None:
        self.refuse(WrongShape, line=node.line, key=key, shape=Sentence(shape))

    def _text(self, key: str, missing: type[Refusal] | None) -> Text | None:
        node = self._node(key, missing)
        if node is None or isinstance(node, Text):
            return node
        self._shaped(key, node, "một dòng chữ")
        return None

    def text(self, key: str) -> str:
        """Return a text that must be there."""
        found = self._text(key, MissingKey)
        return found.value if found else ""

    def optional(self, key: str) -> str:
        """Return a text that may be left out."""
        found = self._text(key, None)
        return found.value if found else ""

    def number(self, key: str) -> Decimal:
        """Return a number written with a decimal point."""
        found = self._text(key, MissingKey)
        if found is None:
            return Decimal(0)
        if not _NUMBER.fullmatch(found.value):
            self.refuse(NotNumber, line=found.line, key=key, text=found.value)
            return Decimal(0)
        return Decimal(found.value)

    def whole(self, key: str) -> int:
        """Return a whole number."""
        value = self.number(key)
        if value != value.to_integral_value():
            self.refuse(NotNumber, key=key, text=f"{value:f}")
        return int(value)

    def day(self, key: str) -> dt.date:
        """Return a day that must be there: without it the fact is undated."""
        found = self._text(key, Undated)
        if found is None:
            return SOME_DAY
        try:
            return dt.date.fromisoformat(found.value)
        except ValueError:
            self.refuse(
                NotDay, line=found.line, key=key, text=found.value, example="2024-01-31"
            )
            return SOME_DAY

    def optional_day(self, key: str) -> dt.date | None:
        """Return a day that may be left out: not confirmed, or not ended."""
        return self.day(key) if self.has(key) else None

    def month_day(self, key: str) -> tuple[int, int]:
        """Return month and day, such as 12-15; the day is one every month has."""
        found = self._text(key, Undated)
        if found is None:
            return 1, 1
        parts = _MONTH_DAY.fullmatch(found.value)
        if parts and 1 <= int(parts[1]) <= 12 and 1 <= int(parts[2]) <= 28:
            return int(parts[1]), int(parts[2])
        self.refuse(NotDay, line=found.line, key=key, text=found.value, example="12-15")
        return 1, 1

    def choice(self, key: str, options: Mapping[str, T], default: T | None = None) -> T:
        """Return what a word stands for; without a default it must be there."""
        found = self._text(key, MissingKey if default is None else None)
        first = next(iter(options.values()))
        if found is None:
            return first if default is None else default
        if found.value not in options:
            known = ", ".join(options)
            self.refuse(
                NotChoice, line=found.line, key=key, text=found.value, known=known
            )
        return options.get(found.value, first)

    def flag(self, key: str) -> bool:
        """Return a yes or no; no when left out."""
        return self.choice(key, YES_NO, default=False)

    def _texts(self, key: str, missing: type[Refusal] | None) -> tuple[Text, ...]:
        node = self._node(key, missing)
        if node is None:
            return ()
        if isinstance(node, Many):
            found = tuple(item for item in node.items if isinstance(item, Text))
            if len(found) == len(node.items):
                return found
        self._shaped(key, node, "danh sách các dòng chữ")
        return ()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty when left out."""
        return tuple(item.value for item in self._texts(key, None))

    def parts(self, key: str) -> tuple["Text | Row", ...]:
        """Return a list whose items are texts or mappings; it must be there."""
        node = self._node(key)
        if isinstance(node, Many):
            found: list[Text | Row] = []
            for item in node.items:
                if isinstance(item, Text):
                    found.append(item)
                elif isinstance(item, Table):
                    found.append(Row(item, self.file, self.log))
            if len(found) == len(node.items):
                return tuple(found)
        if node is not None:
            self._shaped(key, node, "danh sách các chỉ tiêu hoặc khối khóa")
        return ()

    def choices(self, key: str, options: Mapping[str, T]) -> tuple[T, ...]:
        """Return what a list of words stands for; a list that must be there."""
        found = self._texts(key, MissingKey)
        for item in found:
            if item.value not in options:
                known = ", ".join(options)
                self.refuse(
                    NotChoice, line=item.line, key=key, text=item.value, known=known
                )
        return tuple(options[t.value] for t in found if t.value in options)

    def rows(self, key: str, *, required: bool = True) -> tuple["Row", ...]:
        """Return a list of mappings."""
        node = self._node(key, MissingKey if required else None)
        if node is None:
            return ()
        if isinstance(node, Many):
            tables = [item for item in node.items if isinstance(item, Table)]
            if len(tables) == len(node.items):
                return tuple(Row(table, self.file, self.log) for table in tables)
        self._shaped(key, node, "danh sách các khối khóa")
        return ()

    def row(self, key: str, missing: type[Refusal] | None = MissingKey) -> "Row | None":
        """Return a mapping inside this one."""
        node = self._node(key, missing)
        if node is None or isinstance(node, Table):
            return None if node is None else Row(node, self.file, self.log)
        self._shaped(key, node, "khối khóa")
        return None

    def source(self, key: str = "source") -> Source:
        """Return where the fact comes from; without it the fact is unsourced."""
        row = self.row(key, Unsourced)
        if row is None:
            return Source("")
        number = row.name("instrument", "instrument", "văn bản")
        mark = row.choice("mark", by_value(Mark))
        return Source(number, row.optional("at"), mark)

    def mention(self, space: str, what: str, name: str, key: str) -> None:
        """Note a name to be looked up when all files are read."""
        self.log.mentions.append(
            Mention(space, Sentence(what), name, self.file, self.line, key)
        )

    def name(self, key: str, space: str, what: str) -> str:
        """Return the name of something that must be defined in `space`."""
        found = self.text(key)
        if found:
            self.mention(space, what, found, key)
        return found

    def names(
        self, key: str, space: str, what: str, *, required: bool = True
    ) -> tuple[str, ...]:
        """Return names of things that must be defined in `space`."""
        found = self._texts(key, MissingKey if required else None)
        for item in found:
            self.log.mentions.append(
                Mention(space, Sentence(what), item.value, self.file, item.line, key)
            )
        return tuple(item.value for item in found)
