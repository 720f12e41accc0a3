"""How does a report become a PDF that can be filed and read aloud?

Typst lays it out from `templates/report.typ`. The file is PDF/A-2a and PDF/UA-1: it
carries its fonts, its language, its reading order and a description of every picture.
Its date is that of the letterhead, so the same report is always the same file.
"""

import datetime as dt
import json
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from tongket.documents import charts, decree30, provenance
from tongket.documents.files import replace
from tongket.domain.reports import (
    Annex,
    Block,
    Chart,
    Letterhead,
    Paragraph,
    Report,
    Run,
    Table,
)

STANDARDS: list[Any] = ["a-2a", "ua-1"]


def write(report: Report, path: Path, *, system_fonts: bool = True) -> None:
    """Write the report to `path`; refused whole when a figure has no explanation.

    Without system fonts the text is set in the one that Typst brings along.
    """
    provenance.require_notes(report)
    template = resources.files("tongket.documents") / "templates" / "report.typ"
    day = report.letterhead.dated
    made = typst.compile(
        template.read_bytes(),
        format="pdf",
        sys_inputs={"report": json.dumps(_data(report), ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=dt.datetime.combine(day, dt.time(), dt.UTC),
        ignore_system_fonts=not system_fonts,
    )
    assert isinstance(made, bytes), "one document is one file"
    replace(path, made)


def _data(report: Report) -> dict[str, Any]:
    head = report.letterhead
    parts = list(decree30.annexes(report))
    last = parts.pop() if report.figures else None
    return {
        "title": decree30.title(head),
        "author": head.issuing_body,
        "description": report.warning,
        "dated": [head.dated.year, head.dated.month, head.dated.day],
        "warning": report.warning,
        "page": _page(),
        "sizes": _sizes(),
        "head": _head(head),
        "foot": _foot(head),
        "tie": decree30.attached_to(head),
        "blocks": [_block(block) for block in report.blocks],
        "annexes": [
            {**_annex(label, annex), "blocks": [_block(b) for b in annex.blocks]}
            for label, annex in parts
        ],
        "provenance": {**_annex(*last), **_provenance(report)} if last else None,
    }


def _page() -> dict[str, float]:
    return {
        "width": decree30.PAGE_WIDTH,
        "height": decree30.PAGE_HEIGHT,
        "top": decree30.MARGIN_TOP,
        "bottom": decree30.MARGIN_BOTTOM,
        "left": decree30.MARGIN_LEFT,
        "right": decree30.MARGIN_RIGHT,
    }


def _head(head: Letterhead) -> dict[str, str]:
    return {
        "governing": head.governing_body.upper(),
        "issuing": decree30.issuing(head),
        "nation": decree30.NATIONAL_NAME,
        "motto": decree30.NATIONAL_MOTTO,
        "number": decree30.number_line(head),
        "place": decree30.place_line(head),
        "kind": head.kind.upper(),
        "subject": head.subject,
    }


def _foot(head: Letterhead) -> dict[str, Any]:
    return {
        "label": decree30.RECIPIENTS_LABEL,
        "recipients": decree30.recipients(head),
        "signature": [head.authority.upper(), head.post.upper()],
        "signer": head.signer,
    }


def _sizes() -> dict[str, float]:
    return {
        "body": decree30.BODY,
        "heading": decree30.HEADING,
        "table": decree30.TABLE,
        "note": decree30.NOTE,
        "recipients": decree30.RECIPIENTS,
        "recipients_title": decree30.RECIPIENTS_TITLE,
        "nation": decree30.NATION,
        "motto": decree30.MOTTO,
        "bodies": decree30.BODIES,
        "number": decree30.NUMBER,
        "place": decree30.PLACE,
        "page_number": decree30.PAGE_NUMBER,
        "warning": decree30.WARNING,
        "first_line": decree30.FIRST_LINE,
        "gap": decree30.PARAGRAPH_GAP,
        "line_share": decree30.LINE_SHARE,
    }


def _annex(label: str, annex: Annex) -> dict[str, Any]:
    return {"label": label, "title": annex.title.upper()}


def _provenance(report: Report) -> dict[str, Any]:
    rows = [provenance.row(note) for note in report.figures]
    return {
        "header": provenance.HEADER,
        "shares": decree30.column_shares(
            [provenance.HEADER, *rows], decree30.LANDSCAPE_WIDTH
        ),
        "rows": [
            {"anchor": provenance.anchor(note.figure), "cells": row}
            for note, row in zip(report.figures, rows, strict=True)
        ],
    }


def _run(run: Run) -> dict[str, Any]:
    anchor = provenance.anchor(run.figure) if run.figure else None
    return {"text": run.text, "anchor": anchor}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            runs = [_run(run) for run in decree30.runs_of(block)]
            return {"type": "paragraph", "style": block.style.value, "runs": runs}
        case Table():
            texts = [block.header, *([r.text for r in row] for row in block.rows)]
            return {
                "type": "table",
                "title": block.title,
                "header": block.header,
                "rows": [[_run(run) for run in row] for row in block.rows],
                "numeric": sorted(block.numeric),
                "note": block.note,
                "shares": decree30.column_shares(texts),
            }
        case Chart():
            return {
                "type": "chart",
                "title": block.title,
                "alt": f"{block.title}. {block.description}",
                "svg": charts.print_svg(block),
            }
