"""Can every number in a document be asked "why"?

A run that states a figure leads to one row of the annex "Nguồn gốc số liệu". The row
is found by a name that is short (Word allows tags of 64 letters and bookmarks of 40)
and the same in every document that states the figure.
"""

import hashlib
from collections.abc import Iterator

from tongket.domain.reports import FigureNote, Paragraph, Report, Run, Table
from tongket.domain.sentences import Refusal, Refusals

LONGEST_TAG = 64
HEADER = (
    "Số liệu",
    "Giá trị",
    "Định nghĩa",
    "Kỳ tính",
    "Tử số/mẫu số",
    "Gốc so sánh",
    "Báo cáo đã có",
    "Nguồn",
)


class FigureWithoutNote(Refusal, LookupError):
    """A run states a figure that the annex does not explain."""

    words = (
        "Số liệu “{text}” ({figure}) chưa có dòng giải thích trong phụ lục “Nguồn gốc "
        "số liệu”; bổ sung dòng giải thích trước khi xuất văn bản."
    )


class TwoNotes(Refusal, ValueError):
    """One figure is explained twice."""

    words = "Số liệu {figure} có hai dòng giải thích trong phụ lục; giữ lại một dòng."


def tag(figure: str) -> str:
    """Return the figure's key, shortened where a Word tag could not hold it.

    >>> tag("ttxh.cases@nd09-2023")
    'ttxh.cases@nd09-2023'
    >>> len(tag("x" * 100))
    64
    """
    if len(figure) <= LONGEST_TAG:
        return figure
    return f"{figure[: LONGEST_TAG - 13]}~{_fingerprint(figure, 12)}"


def anchor(figure: str) -> str:
    """Return the name of the figure's row, for bookmarks and links.

    >>> anchor("ttxh.cases@nd09-2023")
    'sl_150d89f96d3df6e8'
    """
    return f"sl_{_fingerprint(figure, 16)}"


def require_notes(report: Report) -> None:
    """Refuse a document in which a figure has no note, or two; names all of them."""
    known = [note.figure for note in report.figures]
    refusals: list[Refusal] = [
        TwoNotes(figure=figure)
        for figure in dict.fromkeys(known)
        if known.count(figure) > 1
    ]
    told: set[str] = set()
    for run in runs(report):
        if run.figure and run.figure not in known and run.figure not in told:
            told.add(run.figure)
            refusals.append(FigureWithoutNote(text=run.text, figure=run.figure))
    if refusals:
        raise Refusals(refusals)


def runs(report: Report) -> Iterator[Run]:
    """Yield every run of the document, the annexes included."""
    blocks = [*report.blocks, *(b for annex in report.annexes for b in annex.blocks)]
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.runs
        elif isinstance(block, Table):
            for row in block.rows:
                yield from row


def row(note: FigureNote) -> tuple[str, ...]:
    """Return the cells of the figure's row, in the order of `HEADER`."""
    return (
        note.label,
        note.value,
        note.definition,
        note.window,
        note.parts or "–",
        note.base or "–",
        note.returned,
        note.source,
    )


def _fingerprint(figure: str, letters: int) -> str:
    return hashlib.sha256(figure.encode()).hexdigest()[:letters]
