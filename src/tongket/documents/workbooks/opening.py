"""What does a spreadsheet that somebody sent really hold?

Values come from calamine, which is quick; what calamine keeps to itself (errors of
formulas, merged cells, percent formats) from `parts`.
"""

import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from tongket.documents.workbooks import open_document, parts
from tongket.documents.workbooks.layout import place
from tongket.documents.workbooks.refused import (
    DateInCell,
    Encrypted,
    NotAWorkbook,
    NotCalculated,
    OtherProgram,
    PercentInCell,
    StrayCell,
    TooLarge,
)
from tongket.domain.figures import Cell, FormulaError, NotANumber, read_cell, shown
from tongket.domain.forms import Measure
from tongket.domain.sentences import Refusals

MOST_MEGABYTES = 50
MOST_PLACES = 2_000_000  # rows × columns; calamine makes room for every one of them
Content: TypeAlias = float | int | str | bool | dt.date | dt.time | dt.timedelta
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,  # the end of a part is cut off
    EOFError,
    CalamineError,
    expat.ExpatError,
    KeyError,  # a part of the file is not there
    StopIteration,  # a part names another that is not there
    NotImplementedError,  # packed in a way that no office program packs
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet; places outside it are empty."""

    name: str
    rows: list[list[Content]]
    held: parts.Held = field(default_factory=parts.Held)

    def at(self, row: int, column: int) -> Content:
        """Return what stands in a cell, "" for nothing."""
        if (row, column) in self.held.errors:
            return self.held.errors[row, column]
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

    def cell(self, row: int, column: int, measure: Measure) -> Cell:
        """Return the answer in a cell, or refuse it as `figures.read_cell` does."""
        value = self.at(row, column)
        if (row, column) in self.held.errors:
            raise FormulaError(text=value)
        if (row, column) in self.held.uncalculated:
            raise NotCalculated()
        if isinstance(value, str):
            plain = value.strip()
            if measure.measure_unit == PERCENT:
                plain = plain.removesuffix(PERCENT)
            return read_cell(plain, measure.decimals)
        if isinstance(value, dt.date | dt.time | dt.timedelta):
            raise DateInCell(text=_shown(value))
        if isinstance(value, bool):
            raise NotANumber(text=_shown(value))
        # 15 digits are what Excel itself shows and keeps: 0,1 + 0,2 is 0,3 there too.
        # Read as it is shown: 1.554 typed into an English Excel is asked about, too.
        number = Decimal(f"{value:.15g}")
        if (row, column) in self.held.percents:
            number = (number * 100).normalize()
            if measure.measure_unit != PERCENT:
                raise PercentInCell(text=shown(number), unit=measure.measure_unit)
        return read_cell(shown(number), measure.decimals)

    def merged(self, row: int, column: int) -> str:
        """Return the range that a cell was merged into, "" for none."""
        for (top, left), (bottom, right) in self.held.merges:
            if top <= row <= bottom and left <= column <= right:
                return f"{place(top, left)}:{place(bottom, right)}"
        return ""


class Book:
    """An opened .xlsx: its sheets in their order, each read when it is asked for."""

    def __init__(self, raw: bytes) -> None:
        refuse_other_programs(raw)
        with damaged_is_refused():
            self._archive = zipfile.ZipFile(io.BytesIO(raw))
            self._bounded()
            self._paths = parts.sheet_paths(self._archive)
            self._percents = parts.percent_styles(self._archive)
            self._workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
            self.names: tuple[str, ...] = tuple(self._workbook.sheet_names)

    def _bounded(self) -> None:
        entries = self._archive.infolist()
        size = sum(entry.file_size for entry in entries)
        if size > MOST_MEGABYTES * 2**20:
            raise Refusals([TooLarge(megabytes=size >> 20, most=MOST_MEGABYTES)])
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refusals([Encrypted()])
        # What a part unpacks to is what its header says, or it does not unpack.
        if self._archive.testzip() is not None:
            raise zipfile.BadZipFile

    def grid(self, name: str) -> Grid:
        """Return one sheet; refused when it would fill the memory."""
        with damaged_is_refused():
            held = parts.held(self._archive, self._paths[name], self._percents)
            height, width, address = held.corner
            if height * width > MOST_PLACES:
                raise Refusals([StrayCell(sheet=name, place=address)])
            sheet = self._workbook.get_sheet_by_name(name)
            return Grid(name, sheet.to_python(skip_empty_area=False), held)


def opened(content: bytes | Path) -> Book:
    """Return the workbook in an .xlsx or .ods; refused when it is none."""
    raw = content.read_bytes() if isinstance(content, Path) else content
    return Book(as_xlsx(raw))


def as_xlsx(raw: bytes) -> bytes:
    """Return an .ods as .xlsx; everything else as it is."""
    if not raw.startswith(b"PK"):
        return raw
    with damaged_is_refused(), zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if not open_document.is_one(archive):
            return raw
        size = sum(entry.file_size for entry in archive.infolist())
        if size > MOST_MEGABYTES * 2**20:
            raise Refusals([TooLarge(megabytes=size >> 20, most=MOST_MEGABYTES)])
        if any(entry.flag_bits & 1 for entry in archive.infolist()):
            raise Refusals([Encrypted()])
        if b"encryption-data" in _manifest(archive):
            raise Refusals([Encrypted()])
        try:
            return open_document.as_xlsx(archive, MOST_PLACES // 10)
        except open_document.TooWide:
            refusal = TooLarge(megabytes=size >> 20, most=MOST_MEGABYTES)
            raise Refusals([refusal]) from None
        except ValueError as damaged:
            raise Refusals([NotAWorkbook()]) from damaged


def _manifest(archive: zipfile.ZipFile) -> bytes:
    path = "META-INF/manifest.xml"
    return archive.read(path) if path in archive.namelist() else b""


def refuse_other_programs(raw: bytes) -> None:
    """Refuse what is a spreadsheet, but of another kind or behind a password."""
    if raw.startswith(_OLD_EXCEL):
        if _PASSWORD in raw:
            raise Refusals([Encrypted()])
        raise Refusals([OtherProgram(kind=".xls")])
    with damaged_is_refused(), zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        raise Refusals([OtherProgram(kind=".xlsb")])


@contextmanager
def damaged_is_refused() -> Iterator[None]:
    """Say in one sentence what libraries say in many ways of a broken file."""
    try:
        yield
    except _DAMAGED as damaged:
        raise Refusals([NotAWorkbook()]) from damaged


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime) and (value.hour or value.minute):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value)
