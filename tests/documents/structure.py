"""What is in a Word file, said as lines of text: pages, styles, tables, controls."""

from pathlib import Path

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph


def of_word(path: Path) -> str:
    """Return the structure of a Word file for comparison with a recorded one."""
    document = docx.Document(str(path))
    lines: list[str] = []
    for index, section in enumerate(document.sections, start=1):
        sides = (section.top_margin, section.right_margin, section.bottom_margin)
        margins = "/".join(f"{side.mm:.0f}" for side in (*sides, section.left_margin))
        lines.append(
            f"PAGE {index} {section.page_width.mm:.0f}x{section.page_height.mm:.0f} "
            f"margins {margins} first-page-differs "
            f"{section.different_first_page_header_footer}"
        )
        for name in ("header", "first_page_header", "footer", "first_page_footer"):
            shown = " | ".join(_line(p) for p in getattr(section, name).paragraphs)
            lines.append(f"  {name}: {shown}")
    lines.extend(_block(child, document) for child in document.iter_inner_content())
    return "\n".join(lines) + "\n"


def _block(block: Paragraph | Table, document: object) -> str:
    if isinstance(block, Paragraph):
        return _line(block)
    repeated = block._tbl.findall(f".//{qn('w:tblHeader')}")
    lines = [f"TABLE {len(block.columns)} columns, {len(repeated)} repeated rows"]
    for row in block.rows:
        cells = (" / ".join(_line(p) for p in cell.paragraphs) for cell in row.cells)
        lines.append("  " + " || ".join(cells))
    return "\n".join(lines)


def _line(paragraph: Paragraph) -> str:
    parts: list[str] = []
    for node in paragraph._p.iter():
        if node.tag == qn("w:tag"):
            parts.append(f"<{node.get(qn('w:val'))}>")
        elif node.tag == qn("w:hyperlink"):
            parts.append(f"→{node.get(qn('w:anchor'))} ")
        elif node.tag == qn("w:bookmarkStart"):
            parts.append(f"#{node.get(qn('w:name'))} ")
        elif node.tag == qn("w:instrText"):
            parts.append(f"{{{(node.text or '').strip()}}}")
        elif node.tag == qn("wp:docPr"):
            parts.append(f"[picture: {node.get('descr')}]")
        elif node.tag == qn("w:t"):
            parts.append(f"{_marks(node)}{node.text or ''}")
    style = paragraph.style.name if paragraph.style is not None else ""
    return f"[{style}] {''.join(parts)}"


def _marks(text: object) -> str:
    properties = text.getparent().find(qn("w:rPr"))
    if properties is None:
        return ""
    marks = ""
    for tag, mark in (("w:b", "b"), ("w:i", "i")):
        found = properties.find(qn(tag))
        if found is not None and found.get(qn("w:val")) not in ("0", "false"):
            marks += mark
    size = properties.find(qn("w:sz"))
    if size is not None:
        marks += str(int(size.get(qn("w:val"))) / 2).removesuffix(".0")
    return f"({marks})" if marks else ""
