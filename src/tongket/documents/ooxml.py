"""Which pieces of Word does python-docx not make? Controls, links, bookmarks, rules.

Each function takes what python-docx gives and adds the missing elements to it.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import quoteattr  # reads nothing  # nosec B406

from docx.document import Document
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

LONGEST_TOOLTIP = 260
FIGURES_NAMESPACE = "urn:tongket:figures"
_CUSTOM_XML = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
)
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first day a zip file can state


def element(name: str, /, **attributes: str) -> Any:
    """Return a new element of the w: namespace with attributes of the same."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def control(
    run: Run, *, number: int, tag: str, alias: str, hint: str, anchor: str
) -> None:
    """Wrap a run into a content control that links to a bookmark.

    The content is locked: a published number is never typed. `hint` is what Word shows
    when the pointer rests on it.
    """
    properties = element("sdtPr")
    for name, value in (
        ("alias", alias),
        ("tag", tag),
        ("id", str(number)),
        ("lock", "contentLocked"),
    ):
        properties.append(element(name, val=value))
    link = element(
        "hyperlink", anchor=anchor, tooltip=hint[:LONGEST_TOOLTIP], history="1"
    )
    content = element("sdtContent")
    content.append(link)
    whole = element("sdt")
    whole.append(properties)
    whole.append(content)
    run._r.addprevious(whole)
    link.append(run._r)


def bookmark(paragraph: Paragraph, *, number: int, name: str) -> None:
    """Name a paragraph, so that a link can lead to it."""
    runs = list(paragraph._p.r_lst)
    runs[0].addprevious(element("bookmarkStart", id=str(number), name=name))
    runs[-1].addnext(element("bookmarkEnd", id=str(number)))


def page_number(paragraph: Paragraph) -> None:
    """Put the number of the page into a paragraph."""
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("end", "")):
        run = paragraph.add_run()
        if kind:
            run._r.append(element("fldChar", fldCharType=kind))
        else:
            instruction = element("instrText")
            instruction.text = text
            run._r.append(instruction)


def flatten(paragraph: Paragraph) -> None:
    """Take the height from the paragraph that ends a section.

    After a full page it would make a page of its own, with nothing on it.
    """
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing = Pt(1)


def rule(paragraph: Paragraph, *, width: float, room: float) -> None:
    """Make an empty paragraph a centred line of `width` mm in a column of `room` mm."""
    side = (room - width) / 2
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm(side)
    layout.first_line_indent = Mm(0)
    layout.space_before, layout.space_after = Pt(1), Pt(4)
    layout.line_spacing = Pt(3)
    borders = element("pBdr")
    borders.append(element("top", val="single", sz="6", space="0", color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    # The schema is ordered; borders stand before spacing and indents.
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def spread(table: Any, widths: tuple[float, ...], *, inset: float = 0) -> None:
    """Fix the widths of a table's columns (mm) and the room beside its text (mm)."""
    table.autofit = False
    margins = element("tblCellMar")
    twips = str(round(inset * 56.7))
    for side in ("left", "right"):
        margins.append(element(side, w=twips, type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def repeat_header(row: Any) -> None:
    """Print a table row again at the top of each page."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def keep_whole(row: Any) -> None:
    """Keep a table row on one page."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def count_pages_from_one(section: Any) -> None:
    """Start the page numbers of a section at 1."""
    properties = section._sectPr
    for old in properties.findall(qn("w:pgNumType")):  # python-docx copies sections
        properties.remove(old)
    start = element("pgNumType", start="1")
    properties.insert_element_before(start, "w:cols", "w:titlePg", "w:docGrid")


def write_modern(document: Document) -> None:
    """Tell Word that the file was made for today's layout, not that of 2007."""
    compatibility = element("compat")
    compatibility.append(
        element(
            "compatSetting",
            name="compatibilityMode",
            uri="http://schemas.microsoft.com/office/word",
            val="15",
        )
    )
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    settings.insert_element_before(
        compatibility, "w:rsids", "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping"
    )


def keep_figures(document: Document, figures: Mapping[str, Mapping[str, str]]) -> None:
    """Store what each tag stands for in the file itself, for programs that read it."""
    rows = "".join(
        f"<figure tag={quoteattr(tag)} "
        + " ".join(f"{name}={quoteattr(text)}" for name, text in row.items())
        + "/>"
        for tag, row in figures.items()
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<figures xmlns="{FIGURES_NAMESPACE}">{rows}</figures>'
    )
    name = document.part.package.next_partname("/customXml/item%d.xml")
    part = Part(name, "application/xml", text.encode(), None)
    document.part.relate_to(part, _CUSTOM_XML)


def packed(document: Document) -> bytes:
    """Return the file, the same bytes for the same document whenever it is written."""
    loose, fixed = io.BytesIO(), io.BytesIO()
    document.save(loose)
    with (
        zipfile.ZipFile(loose) as source,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
