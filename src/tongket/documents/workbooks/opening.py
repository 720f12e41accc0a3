"""What does a spreadsheet that somebody sent really hold?

calamine reads values but shows the error of a formula as an empty cell, which would
turn a broken number into "not yet reported"; so errors are looked up in the file.
"""

import datetime as dt
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from tongket.documents.workbooks.refused import (
    NoSheet,
    NotAWorkbook,
    StrayCell,
    TooLarge,
)
from tongket.domain.figures import Cell, FormulaError, NotANumber, read_cell, shown
from tongket.domain.sentences import Refusals

MOST_MEGABYTES = 50
MOST_PLACES = 2_000_000  # rows × columns; calamine makes room for every one of them
Content: TypeAlias = float | int | str | bool | dt.date | dt.time | dt.timedelta
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    CalamineError,
    expat.ExpatError,
    KeyError,  # a part of the file is not there
    StopIteration,  # a part names another that is not there
    RuntimeError,  # a part is encrypted
)
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet; places outside it are empty."""

    name: str
    rows: list[list[Content]]
    errors: dict[tuple[int, int], str]

    def at(self, row: int, column: int) -> Content:
        """Return what stands in a cell, "" for nothing."""
        if (row, column) in self.errors:
            return self.errors[row, column]
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def text(self, row: int, column: int) -> str:
        """Return a cell as text; whole numbers without decimals."""
        value = self.at(row, column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return " ".join(str(value).split())

    @property
    def height(self) -> int:
        """How many rows the sheet has."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int, decimals: int) -> Cell:
        """Return the answer in a cell, or refuse it as `figures.read_cell` does."""
        value = self.at(row, column)
        if (row, column) in self.errors:
            raise FormulaError(text=value)
        if isinstance(value, str):
            return read_cell(value, decimals)
        if isinstance(value, bool) or not isinstance(value, float | int):
            raise NotANumber(text=_shown(value))
        # 15 digits are what Excel itself shows and keeps: 0,1 + 0,2 is 0,3 there too.
        # Read as it is shown: 1.554 typed into an English Excel is asked about, too.
        return read_cell(shown(Decimal(f"{value:.15g}")), decimals)


def opened(content: bytes | Path, sheet: str) -> Grid:
    """Return one sheet of an .xlsx; refused when it is none or has no such sheet."""
    raw = content.read_bytes() if isinstance(content, Path) else content
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > MOST_MEGABYTES * 2**20:
                raise Refusals([TooLarge(megabytes=size >> 20, most=MOST_MEGABYTES)])
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
            if sheet not in workbook.sheet_names:
                found = ", ".join(workbook.sheet_names)
                raise Refusals([NoSheet(sheet=sheet, found=found)])
            held = _elements(archive, _path(archive, sheet), "c")
            _bounded(sheet, held)
            rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            return Grid(sheet, rows, _errors(held))
    except _DAMAGED as damaged:
        raise Refusals([NotAWorkbook()]) from damaged


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value)


def _path(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part that a sheet lies in."""
    relation = next(
        each for each in _elements(archive, _WORKBOOK, "sheet") if each["name"] == sheet
    )
    wanted = next(value for name, value in relation.items() if name.endswith(":id"))
    target = next(
        each["Target"]
        for each in _elements(archive, _RELATIONS, "Relationship")
        if each["Id"] == wanted
    )
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _bounded(sheet: str, held: list[dict[str, str]]) -> None:
    """Refuse a sheet in which something stands far below or beside everything else."""
    # A blank cell with nothing but a format takes no room.
    addresses = [each["r"] for each in held if each[""] or each.get("t", "n") != "n"]
    places = [_position(address) for address in addresses]
    height = max((row for row, _ in places), default=0) + 1
    width = max((column for _, column in places), default=0) + 1
    if height * width > MOST_PLACES:
        farthest = max(range(len(places)), key=lambda index: sum(places[index]))
        raise Refusals([StrayCell(sheet=sheet, place=addresses[farthest])])


def _errors(held: list[dict[str, str]]) -> dict[tuple[int, int], str]:
    """Return the cells of a sheet that hold the error of a formula."""
    return {
        _position(each["r"]): each[""] or "#ERROR!"
        for each in held
        if each.get("t") == "e"
    }


def _elements(archive: zipfile.ZipFile, path: str, name: str) -> list[dict[str, str]]:
    """Return the attributes of all elements of a name, their text under ""."""
    found: list[dict[str, str]] = []
    inside: list[dict[str, str]] = []

    def started(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == name:
            inside.append({"": "", **attributes})
        elif tag.rpartition(":")[2] == "f":
            inside.append({"": ""})  # a formula's text is not its value

    def ended(tag: str) -> None:
        if tag.rpartition(":")[2] == name:
            found.append(inside.pop())
        elif tag.rpartition(":")[2] == "f":
            inside.pop()

    def wrote(text: str) -> None:
        if inside:
            inside[-1][""] += text

    def declared(*_: object) -> None:
        raise expat.ExpatError("a workbook declares no entities")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.CharacterDataHandler, parser.EntityDeclHandler = wrote, declared
    parser.Parse(archive.read(path), True)
    return found


def _position(address: str) -> tuple[int, int]:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise KeyError(address)  # the file is damaged
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
