"""How does a report become a Word file in the layout of Decree 30/2020/NĐ-CP?

A number in it is a locked content control: its tag is the figure, a click leads to the
row of the last annex that says where the figure comes from.
"""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from tongket.documents import charts, decree30, ooxml, provenance
from tongket.documents.files import replace
from tongket.documents.word_styles import STYLES, define
from tongket.domain.reports import Annex, Block, Chart, Paragraph, Report, Run, Table

CENTRE = WD_ALIGN_PARAGRAPH.CENTER
GRID = "Table Grid"
CELL_INSET = 1.5
ROOM_TO_SIGN = 64  # points between post and name


def write(report: Report, path: Path) -> None:
    """Write the report to `path`; refused whole when a figure has no explanation."""
    provenance.require_notes(report)
    replace(path, _Writer(report).bytes())


class _Writer:
    """One document being written: what python-docx has, and the numbers given out."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.notes = {note.figure: note for note in report.figures}
        self.document = docx.Document()
        self.given = 0

    def bytes(self) -> bytes:
        define(self.document)
        ooxml.write_modern(self.document)
        self._properties()
        self._page(self.document.sections[0])
        self._head()
        self._kind_and_subject()
        self._blocks(self.report.blocks)
        self._foot()
        for heading, annex in decree30.annexes(self.report):
            self._annex(heading, annex)
        if self.notes:
            ooxml.keep_figures(self.document, self._figures())
        return ooxml.packed(self.document)

    def _figures(self) -> dict[str, dict[str, str]]:
        return {
            provenance.tag(note.figure): {
                "key": note.figure,
                "label": note.label,
                "value": note.value,
                "window": note.window,
            }
            for note in self.notes.values()
        }

    def _next(self) -> int:
        self.given += 1
        return self.given

    def _properties(self) -> None:
        head, properties = self.report.letterhead, self.document.core_properties
        day = dt.datetime.combine(head.dated, dt.time())
        properties.title = decree30.title(head)
        properties.author = head.issuing_body
        properties.last_modified_by = head.issuing_body
        properties.subject = head.subject
        properties.comments = self.report.warning
        properties.language = "vi-VN"
        properties.created = properties.modified = day
        properties.revision = 1

    def _page(self, section: Any, *, landscape: bool = False) -> None:
        width, height = decree30.PAGE_WIDTH, decree30.PAGE_HEIGHT
        if landscape:
            width, height = height, width
            section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.top_margin = Mm(decree30.MARGIN_TOP)
        section.bottom_margin = Mm(decree30.MARGIN_BOTTOM)
        section.left_margin = Mm(decree30.MARGIN_LEFT)
        section.right_margin = Mm(decree30.MARGIN_RIGHT)
        section.header_distance = section.footer_distance = Mm(9)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        if not number.runs:
            number.style, number.alignment = STYLES.page, CENTRE
            ooxml.page_number(number)
        if self.report.warning:
            for footer in (section.footer, section.first_page_footer):
                line = footer.paragraphs[0]
                line.style, line.alignment = STYLES.warning, CENTRE
                if not line.runs:
                    line.add_run(self.report.warning)

    def _head(self) -> None:
        head = self.report.letterhead
        table = self.document.add_table(rows=2, cols=2)
        ooxml.spread(table, decree30.HEAD_COLUMNS)
        bodies, nation = table.rows[0].cells
        self._line(bodies, head.governing_body.upper(), decree30.BODIES)
        self._line(bodies, decree30.issuing(head), decree30.BODIES, bold=True)
        self._rule(bodies, decree30.issuing(head), decree30.BODIES, 0)
        self._line(nation, decree30.NATIONAL_NAME, decree30.NATION, bold=True)
        self._line(nation, decree30.NATIONAL_MOTTO, decree30.MOTTO, bold=True)
        self._rule(nation, decree30.NATIONAL_MOTTO, decree30.MOTTO, 1, share=1)
        number, place = table.rows[1].cells
        self._line(number, decree30.number_line(head), decree30.NUMBER)
        self._line(place, decree30.place_line(head), decree30.PLACE, italic=True)

    def _line(
        self,
        container: Any,
        text: str,
        size: float,
        *,
        bold: bool = False,
        italic: bool = False,
    ) -> Any:
        """Add a centred line; the first takes the paragraph that a cell begins with."""
        paragraph = _empty(container)
        paragraph.style, paragraph.alignment = STYLES.frame, CENTRE
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.italic = Pt(size), bold, italic
        return paragraph

    def _rule(
        self,
        container: Any,
        text: str,
        size: float,
        column: int,
        share: float = decree30.LINE_SHARE,
    ) -> None:
        room = decree30.HEAD_COLUMNS[column]
        width = decree30.bold_width(text, size, room) * share
        paragraph = container.add_paragraph(style=STYLES.frame)
        ooxml.rule(paragraph, width=width, room=room)

    def _kind_and_subject(self) -> None:
        head, room = self.report.letterhead, decree30.TEXT_WIDTH
        kind = self._line(self.document, head.kind.upper(), decree30.HEADING, bold=True)
        kind.paragraph_format.space_before = Pt(18)
        self._line(self.document, head.subject, decree30.HEADING, bold=True)
        width = decree30.bold_width(head.subject, decree30.HEADING, room)
        line = self.document.add_paragraph(style=STYLES.frame)
        ooxml.rule(line, width=width * decree30.LINE_SHARE, room=room)
        line.paragraph_format.space_after = Pt(12)

    def _blocks(self, blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            match block:
                case Paragraph():
                    paragraph = self.document.add_paragraph(
                        style=STYLES.of[block.style]
                    )
                    self._runs(paragraph, decree30.runs_of(block))
                case Table():
                    self._table(block)
                case Chart():
                    self._chart(block)

    def _runs(self, paragraph: Any, runs: tuple[Run, ...]) -> None:
        for run in runs:
            written = paragraph.add_run(run.text)
            if run.figure:
                note = self.notes[run.figure]
                ooxml.control(
                    written,
                    number=self._next(),
                    tag=provenance.tag(run.figure),
                    alias=note.label,
                    hint=f"{note.label}: {note.value} ({note.window})",
                    anchor=provenance.anchor(run.figure),
                )

    def _table(self, table: Table) -> None:
        if table.title:
            self.document.add_paragraph(table.title, style=STYLES.caption)
        texts = [table.header, *(tuple(r.text for r in row) for row in table.rows)]
        drawn = self._grid(table.header, texts, decree30.TEXT_WIDTH)
        for row in table.rows:
            cells = self._row(drawn)
            for index, (cell, run) in enumerate(zip(cells, row, strict=True)):
                paragraph = cell.paragraphs[0]
                paragraph.style = (
                    STYLES.number if index in table.numeric else STYLES.cell
                )
                self._runs(paragraph, (run,))
        self.document.add_paragraph(table.note, style=STYLES.note)

    def _grid(self, header: tuple[str, ...], texts: list[Any], room: float) -> Any:
        drawn = self.document.add_table(rows=1, cols=len(header), style=GRID)
        widths = tuple(each * room for each in decree30.column_shares(texts, room))
        ooxml.spread(drawn, widths, inset=CELL_INSET)
        ooxml.repeat_header(drawn.rows[0])
        ooxml.keep_whole(drawn.rows[0])
        for cell, text in zip(drawn.rows[0].cells, header, strict=True):
            cell.paragraphs[0].style = STYLES.header
            cell.paragraphs[0].add_run(text)
        return drawn

    def _row(self, drawn: Any) -> Any:
        row = drawn.add_row()
        ooxml.keep_whole(row)
        return row.cells

    def _chart(self, chart: Chart) -> None:
        self.document.add_paragraph(chart.title, style=STYLES.caption)
        paragraph = self.document.add_paragraph(style=STYLES.picture)
        picture = io.BytesIO(charts.png(chart))
        shape = paragraph.add_run().add_picture(picture, width=Mm(145))
        properties = shape._inline.docPr
        properties.set("descr", f"{chart.title}. {chart.description}")
        properties.set("name", chart.key)

    def _foot(self) -> None:
        head = self.report.letterhead
        if self.report.blocks and isinstance(self.report.blocks[-1], Paragraph):
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        table = self.document.add_table(rows=1, cols=2)
        ooxml.spread(table, (decree30.TEXT_WIDTH / 2,) * 2)
        ooxml.keep_whole(table.rows[0])
        left, right = table.rows[0].cells
        title = _empty(left)
        title.style = STYLES.frame
        run = title.add_run(decree30.RECIPIENTS_LABEL)
        run.font.size, run.bold, run.italic = Pt(decree30.RECIPIENTS_TITLE), True, True
        for text in decree30.recipients(head):
            line = left.add_paragraph(style=STYLES.frame)
            line.add_run(text).font.size = Pt(decree30.RECIPIENTS)
        for text in (head.authority, head.post):
            self._line(right, text.upper(), decree30.HEADING, bold=True)
        signer = self._line(right, head.signer, decree30.HEADING, bold=True)
        signer.paragraph_format.space_before = Pt(ROOM_TO_SIGN)

    def _annex(self, heading: str, annex: Annex) -> None:
        ours = annex.title == decree30.PROVENANCE and not annex.blocks
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        ooxml.flatten(self.document.paragraphs[-1])
        self._page(section, landscape=ours)
        ooxml.count_pages_from_one(section)
        head = self.report.letterhead
        self._line(self.document, heading, decree30.HEADING, bold=True)
        name = self._line(
            self.document, annex.title.upper(), decree30.HEADING, bold=True
        )
        name.style = STYLES.annex
        tie = self._line(
            self.document, decree30.attached_to(head), decree30.PLACE, italic=True
        )
        tie.paragraph_format.space_after = Pt(12)
        if ours:
            self._provenance()
        self._blocks(annex.blocks)

    def _provenance(self) -> None:
        room = decree30.LANDSCAPE_WIDTH
        rows = [provenance.row(note) for note in self.report.figures]
        drawn = self._grid(provenance.HEADER, [provenance.HEADER, *rows], room)
        for note, row in zip(self.report.figures, rows, strict=True):
            cells = self._row(drawn)
            for index, (cell, text) in enumerate(zip(cells, row, strict=True)):
                paragraph = cell.paragraphs[0]
                paragraph.style = STYLES.number if index == 1 else STYLES.cell
                paragraph.add_run(text)
                if index == 0:
                    name = provenance.anchor(note.figure)
                    ooxml.bookmark(paragraph, number=self._next(), name=name)


def _empty(container: Any) -> Any:
    """Return the paragraph a new cell begins with, or a new one below the others."""
    paragraphs = container.paragraphs
    in_cell = not hasattr(container, "sections")
    if in_cell and len(paragraphs) == 1 and not paragraphs[0].runs:
        return paragraphs[0]
    return container.add_paragraph()
