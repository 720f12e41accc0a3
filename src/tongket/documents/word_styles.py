"""Which styles does a Word document of the committee use?

The names are those an official sees in Word's list of styles.
"""

from dataclasses import dataclass, field
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tongket.documents import decree30, ooxml
from tongket.domain.reports import Style

FONT = "Times New Roman"
LEFT, CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
RIGHT, JUSTIFIED = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True, slots=True)
class Styles:
    """The names of the styles, by what they are for."""

    of: dict[Style, str] = field(
        default_factory=lambda: {
            Style.GROUND: "Căn cứ",
            Style.HEADING: "Heading 1",
            Style.SUBHEADING: "Heading 2",
            Style.BODY: "Nội dung",
            Style.POINT: "Gạch đầu dòng",
        }
    )
    frame: str = "Thể thức"
    annex: str = "Tên phụ lục"
    caption: str = "Tên bảng, biểu đồ"
    picture: str = "Biểu đồ"
    header: str = "Tiêu đề bảng"
    cell: str = "Ô bảng"
    number: str = "Ô số"
    note: str = "Ghi chú bảng"
    page: str = "Số trang"
    warning: str = "Cảnh báo"


STYLES = Styles()


@dataclass(frozen=True, slots=True)
class _Look:
    size: float
    align: Any = LEFT
    bold: bool = False
    italic: bool = False
    first_line: float = 0
    before: float = 0
    after: float = 0
    spacing: float = 1.0
    keep: bool = False


_TEXT: dict[str, Any] = {
    "first_line": decree30.FIRST_LINE,
    "after": decree30.PARAGRAPH_GAP,
}
_LOOKS = {
    STYLES.of[Style.GROUND]: _Look(
        decree30.BODY, JUSTIFIED, italic=True, spacing=1.15, **_TEXT
    ),
    STYLES.of[Style.HEADING]: _Look(
        decree30.HEADING, JUSTIFIED, bold=True, before=6, keep=True, **_TEXT
    ),
    STYLES.of[Style.SUBHEADING]: _Look(
        decree30.HEADING, JUSTIFIED, bold=True, keep=True, **_TEXT
    ),
    STYLES.of[Style.BODY]: _Look(decree30.BODY, JUSTIFIED, spacing=1.15, **_TEXT),
    STYLES.of[Style.POINT]: _Look(decree30.BODY, JUSTIFIED, spacing=1.15, **_TEXT),
    STYLES.frame: _Look(decree30.BODY),
    STYLES.annex: _Look(decree30.HEADING, CENTRE, bold=True),
    STYLES.caption: _Look(
        decree30.TABLE, CENTRE, bold=True, before=6, after=4, keep=True
    ),
    STYLES.picture: _Look(decree30.BODY, CENTRE, after=8),
    STYLES.header: _Look(decree30.TABLE, CENTRE, bold=True, before=2, after=2),
    STYLES.cell: _Look(decree30.TABLE, before=1, after=1),
    STYLES.number: _Look(decree30.TABLE, RIGHT, before=1, after=1),
    STYLES.note: _Look(decree30.NOTE, italic=True, before=2, after=8),
    STYLES.page: _Look(decree30.PAGE_NUMBER, CENTRE),
    STYLES.warning: _Look(decree30.WARNING, CENTRE, italic=True),
}


def define(document: Document) -> None:
    """Give the document the styles of the Decree, in Times New Roman and Vietnamese."""
    styles = document.styles
    normal = styles["Normal"]
    _font(normal)
    normal.font.size = Pt(decree30.BODY)
    normal.paragraph_format.space_after = Pt(0)
    language = normal.element.get_or_add_rPr()
    language.append(ooxml.element("lang", val="vi-VN", eastAsia="vi-VN"))
    for name, look in _LOOKS.items():
        style: Any = (
            styles[name]
            if name in styles
            else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        )
        style.base_style = normal
        style.quick_style = True
        _apply(style, look)
    # The name of an annex belongs to the outline, as the headings do.
    outline = styles[STYLES.annex].element.get_or_add_pPr()
    outline.append(ooxml.element("outlineLvl", val="0"))


def _apply(style: Any, look: _Look) -> None:
    _font(style)
    style.font.size, style.font.bold = Pt(look.size), look.bold
    style.font.italic = look.italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    layout = style.paragraph_format
    layout.alignment = look.align
    layout.first_line_indent = Mm(look.first_line)
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    layout.line_spacing = look.spacing
    layout.keep_with_next = look.keep
    layout.widow_control = True


def _font(style: Any) -> None:
    """Name the font for every script; theme fonts would win over it, so they go."""
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    style.font.name = FONT
    fonts = properties.find(qn("w:rFonts"))
    for script in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
