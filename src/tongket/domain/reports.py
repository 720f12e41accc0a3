"""A document as values: letterhead, paragraphs of runs, tables, charts, annexes.

A run is a stretch of text; a run that states a figure carries the figure's identity, so
that page, Word and PDF can all answer the question "why". Documents draw these values;
they never compute one.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `figure` is the identity of the reading it states.

    One that states several at once ("giảm cả 3 tiêu chí") names them all, with spaces.
    """

    text: str
    figure: str | None = None

    @property
    def figures(self) -> tuple[str, ...]:
        """The identity of each reading that the text states."""
        return tuple((self.figure or "").split())


class Style(StrEnum):
    """What a paragraph is in the outline of Decree 30/2020/NĐ-CP."""

    GROUND = "ground"  # "Căn cứ …", italic
    HEADING = "heading"  # "I. KẾT QUẢ …", bold
    SUBHEADING = "subheading"  # "1. …", bold
    BODY = "body"
    POINT = "point"  # "- …"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a document."""

    runs: tuple[Run, ...]
    style: Style = Style.BODY

    @property
    def text(self) -> str:
        """The words without the identities."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row; `numeric` columns are set to the right."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Run, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One mark of a chart: where it stands, how high, which series it belongs to."""

    x: str
    y: float
    series: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: the title states the finding, the description says it in words."""

    key: str
    kind: str  # "bar" | "line"
    title: str
    description: str
    y_label: str
    points: tuple[Point, ...]


Block: TypeAlias = Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Annex:
    """A numbered attachment ("Phụ lục") with a title and its blocks."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The boxes of Decree 30/2020/NĐ-CP, Annex I, that frame a document.

    `number` is the number alone (0 when not yet given); `symbol` as "BC-BCĐ".
    """

    governing_body: str
    issuing_body: str
    number: int
    symbol: str
    place: str
    dated: dt.date
    kind: str
    subject: str
    authority: str  # "TM. BAN CHỈ ĐẠO"
    post: str  # "TRƯỞNG BAN"
    signer: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureNote:
    """The answer to "why" of one figure, as it stands in the annex of a document.

    `parts` is "966/1.008" for a rate, else empty; `base` is the value compared with and
    its window; `returned` says how many of the returns owed are in it.
    """

    figure: str
    label: str
    value: str
    definition: str
    window: str
    parts: str
    base: str
    returned: str
    source: str


@dataclass(frozen=True, slots=True)
class Report:
    """One document: letterhead, blocks, annexes, and a note for every figure in it.

    `warning` is printed at the foot of each page ("Số liệu minh họa").
    """

    letterhead: Letterhead
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...] = ()
    figures: tuple[FigureNote, ...] = ()
    warning: str = ""

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """All paragraphs of the body, in order."""
        return tuple(b for b in self.blocks if isinstance(b, Paragraph))
