"""What lies in the parts of an .xlsx that calamine does not tell?

The errors of formulas, formulas nobody calculated, merged cells and formats; calamine
shows the first two as empty cells, which would be taken for "not yet reported".
"""

import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

Position = tuple[int, int]
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_ADDRESS = re.compile(r"\$?([A-Z]+)\$?(\d+)")
_PERCENT_FORMATS = {9, 10}  # Excel's own: 0% and 0.00%
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass(slots=True)
class Held:
    """What one sheet holds beside its values; `corner` is the farthest filled cell."""

    errors: dict[Position, str] = field(default_factory=dict)
    uncalculated: set[Position] = field(default_factory=set)
    percents: set[Position] = field(default_factory=set)
    merges: list[tuple[Position, Position]] = field(default_factory=list)
    corner: tuple[int, int, str] = (0, 0, "A1")  # height, width, a cell at the edge


def sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of the part that each sheet lies in."""
    targets = {
        each["Id"]: each["Target"]
        for each in _attributes(archive, _RELATIONS, "Relationship")
    }
    paths = {}
    for each in _attributes(archive, _WORKBOOK, "sheet"):
        relation = next(value for name, value in each.items() if name.endswith(":id"))
        target = targets[relation]
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        paths[each["name"]] = path
    return paths


def percent_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Return the numbers of the cell styles that show a number as a percentage."""
    if _STYLES not in archive.namelist():
        return frozenset()
    percent = {str(number) for number in _PERCENT_FORMATS}
    styles: list[str] = []
    inside: list[str] = []

    def started(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "numFmt" and "%" in _QUOTED.sub("", attributes["formatCode"]):
            percent.add(attributes["numFmtId"])
        elif name == "cellXfs":
            inside.append(name)
        elif name == "xf" and inside:
            styles.append(attributes.get("numFmtId", "0"))

    def ended(tag: str) -> None:
        if tag.rpartition(":")[2] == "cellXfs":
            inside.pop()

    _parse(archive.read(_STYLES), started, ended)
    return frozenset(
        str(place) for place, number in enumerate(styles) if number in percent
    )


def held(archive: zipfile.ZipFile, path: str, percents: frozenset[str]) -> Held:
    """Return what a sheet holds that calamine does not tell."""
    reader = _SheetReader(percents)
    _parse(archive.read(path), reader.started, reader.ended, reader.wrote)
    return reader.held


class _SheetReader:
    """The part of one sheet being read, cell by cell."""

    def __init__(self, percents: frozenset[str]) -> None:
        self.held, self.percents = Held(), percents
        self.cell: dict[str, str] = {}
        self.text = ""
        self.has_formula = self.is_value = False

    def started(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self.cell, self.text, self.has_formula = attributes, "", False
        elif name == "f":
            self.has_formula = True
        elif name in ("v", "t"):
            self.is_value = True
        elif name == "mergeCell":
            first, _, last = attributes["ref"].partition(":")
            self.held.merges.append((position(first), position(last or first)))

    def wrote(self, text: str) -> None:
        if self.is_value:
            self.text += text

    def ended(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in ("v", "t"):
            self.is_value = False
        elif name == "c":
            self._keep()

    def _keep(self) -> None:
        address, kind = self.cell["r"], self.cell.get("t", "n")
        # A blank cell with nothing but a format takes no room.
        if not self.text and not self.has_formula and kind == "n":
            return
        row, column = here = position(address)
        height, width, _ = self.held.corner
        if row >= height or column >= width:
            self.held.corner = max(height, row + 1), max(width, column + 1), address
        if kind == "e":
            self.held.errors[here] = self.text or "#ERROR!"
        elif self.has_formula and not self.text and kind != "str":
            self.held.uncalculated.add(here)
        if self.cell.get("s", "") in self.percents:
            self.held.percents.add(here)


def position(address: str) -> Position:
    """Return row and column of an address; a damaged file has addresses without."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise KeyError(address)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _attributes(archive: zipfile.ZipFile, path: str, name: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of a name."""
    found: list[dict[str, str]] = []

    def started(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == name:
            found.append(attributes)

    _parse(archive.read(path), started, lambda _tag: None)
    return found


def _parse(content: bytes, started: Any, ended: Any, wrote: Any = None) -> None:
    def declared(*_: object) -> None:
        raise expat.ExpatError("a workbook declares no entities")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.CharacterDataHandler, parser.EntityDeclHandler = wrote, declared
    parser.Parse(content, True)
