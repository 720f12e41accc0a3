"""How is a pack file read, so that nothing in it is guessed?

Every scalar stays the text that was written: `07210` stays "07210", `no` stays "no". No
key may stand twice and no alias may stand for something written elsewhere. Each piece
keeps its line, so that a fault can be found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.refusals import AliasUsed, KeyTwice, NotReadable

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C one, where built


@dataclass(frozen=True, slots=True)
class Text:
    """One scalar, as written."""

    line: int
    value: str


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    line: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; every key is text and stands once."""

    line: int
    entries: dict[str, "Node"]


Node: TypeAlias = Text | Many | Table


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


class _Composer:
    """Builds nodes out of the parser's events and notes every fault on the way."""

    def __init__(self, events: Iterator[Any], file: str) -> None:
        self._events = events
        self._file = file
        self._anchored: dict[str, Node] = {}
        self.refusals: list[Refusal] = []

    def node(self, event: Any) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(_line(event), str(event.anchor))
        found = self._plain_node(event)
        if event.anchor:
            self._anchored[event.anchor] = found
        return found

    def _plain_node(self, event: Any) -> Node:
        line = _line(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return Many(line, tuple(self._until(yaml.SequenceEndEvent)))
        if isinstance(event, yaml.MappingStartEvent):
            return self._table(line)
        return Text(line, event.value)

    def _alias(self, line: int, name: str) -> Node:
        """Refuse the alias; what it stands for keeps the rest of the file readable."""
        self.refusals.append(AliasUsed(file=self._file, line=line, key=name))
        return self._anchored.get(name, Text(line, name))

    def _until(self, end: type) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield self.node(event)

    def _table(self, line: int) -> Table:
        entries: dict[str, Node] = {}
        parts = self._until(yaml.MappingEndEvent)
        for key in parts:
            value = next(parts)
            if not isinstance(key, Text):
                self.refusals.append(NotReadable(file=self._file, line=key.line))
            elif key.value in entries:
                self.refusals.append(
                    KeyTwice(file=self._file, line=key.line, key=key.value)
                )
            else:
                entries[key.value] = value
        return Table(line, entries)


def compose(text: str, file: str) -> tuple[Node | None, list[Refusal]]:
    """Return the one document of a text, and every fault found in how it is written.

    >>> node, refusals = compose("code: 07210", "units.yaml")
    >>> node.entries["code"].value
    '07210'
    """
    try:
        return _document(text, file)
    except yaml.MarkedYAMLError as error:
        line = _fault_line(error, text)
    except yaml.YAMLError:  # characters that no text file holds
        line = 1
    return None, [NotReadable(file=file, line=line)]


def _fault_line(error: yaml.MarkedYAMLError, text: str) -> int:
    """Return where the parser stopped; at the end of the text, what was left open."""
    mark = error.problem_mark
    if mark is None or mark.line >= len(text.splitlines()):
        mark = error.context_mark or mark
    return mark.line + 1 if mark else 1


def _document(text: str, file: str) -> tuple[Node | None, list[Refusal]]:
    events = iter(yaml.parse(text, Loader=_LOADER))
    composer = _Composer(events, file)
    next(events)  # the start of the stream
    if not isinstance(next(events), yaml.DocumentStartEvent):
        return None, [NotReadable(file=file, line=1)]
    found = composer.node(next(events))
    next(events)  # the end of the document
    after: Any = next(events)
    if not isinstance(after, yaml.StreamEndEvent):
        line = _line(after)
        composer.refusals.append(NotReadable(file=file, line=line))
    return found, composer.refusals


def plain(node: Node) -> Any:
    """Return the node as strings, lists and mappings."""
    if isinstance(node, Many):
        return [plain(item) for item in node.items]
    if isinstance(node, Table):
        return {key: plain(value) for key, value in node.entries.items()}
    return node.value


def text_of(path: Path, file: str) -> str:
    """Return the text of a file; one that is not UTF-8 is refused."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise NotReadable(file=file, line=line) from error


def read(path: Path) -> Any:
    """Return a file as strings, lists and mappings, or refuse all its faults at once.

    For texts whose shape the reader checks itself; packs go through `rows`.
    """
    file = f"{path.parent.name}/{path.name}"
    node, refusals = compose(text_of(path, file), file)
    if refusals:
        raise Refusals(refusals)
    assert node is not None, "no refusal, so there is a document"
    return plain(node)
