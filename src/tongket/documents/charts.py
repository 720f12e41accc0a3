"""How does a chart of the report look: on a page, in Word and in a PDF?

One specification serves all three. What differs is the palette: a page takes its
colours from the design system (`var(--chart-1)` … as presentation attributes, because
the content security policy forbids inline style); paper takes fixed ones and the one
font that has all Vietnamese letters and is on every machine, Typst's own.
"""

import re
import xml.etree.ElementTree as ET  # reads our own drawings  # nosec B405

import typst
import vl_convert as vlc

from tongket.documents.chart_specs import Palette, specification
from tongket.domain.reports import Chart

LOCALE = {
    "decimal": ",",
    "thousands": ".",
    "grouping": [3],
    "currency": ["", " đồng"],
}
PRINT_FONT = "Libertinus Serif"
SVG = "http://www.w3.org/2000/svg"
PICTURE = """
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""


PAGE = Palette(
    series=("var(--chart-1)", "var(--chart-2)", "var(--chart-3)", "var(--chart-4)"),
    text="currentColor",
    grid="var(--line)",
)
PRINT = Palette(
    series=("#9a1b1e", "#4a5a6a", "#b7791f", "#2f6b5e"),
    text="#1a1a1a",
    grid="#d5d5d5",
)


def svg(chart: Chart) -> str:
    """Return the chart to be put into a page: it scales, and follows light and dark."""
    root = _drawn(chart, PAGE)
    _adapt_to_page(root, chart)
    return ET.tostring(root, encoding="unicode")


def print_svg(chart: Chart) -> str:
    """Return the chart as a drawing for paper, in fixed colours, font and size."""
    root = _drawn(chart, PRINT)
    _name(root, chart)
    for element in root.iter(f"{{{SVG}}}text"):
        element.set("font-family", PRINT_FONT)
    return ET.tostring(root, encoding="unicode")


def png(chart: Chart, scale: float = 2) -> bytes:
    """Return the chart as a picture for Word; `scale` 2 is twice the dots of a screen.

    Typst draws it: the fonts inside vl-convert lack Vietnamese letters.
    """
    picture = typst.compile(
        PICTURE.encode(),
        sys_inputs={"svg": print_svg(chart)},
        format="png",
        ppi=96 * scale,
        ignore_system_fonts=True,
    )
    assert isinstance(picture, bytes), "one page is one picture"
    return picture


def _drawn(chart: Chart, palette: Palette) -> ET.Element:
    text = vlc.vegalite_to_svg(specification(chart, palette), format_locale=LOCALE)
    ET.register_namespace("", SVG)
    root = ET.fromstring(text)  # noqa: S314 our own drawing  # nosec B314
    # The picture speaks as one (role img); Vega's notes for its parts would be noise.
    for element in root.iter():
        for name in [n for n in element.attrib if n.startswith(("aria-", "role"))]:
            del element.attrib[name]
        element.attrib.pop("class", None)
    return root


def _name(root: ET.Element, chart: Chart) -> None:
    title, description = _ids(chart)
    for index, (tag, key, words) in enumerate(
        (("title", title, chart.title), ("desc", description, chart.description))
    ):
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": key})
        element.text = words
        root.insert(index, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{title} {description}")


def _ids(chart: Chart) -> tuple[str, str]:
    key = re.sub(r"[^A-Za-z0-9_-]", "-", chart.key)
    return f"chart-{key}-title", f"chart-{key}-desc"


def _adapt_to_page(root: ET.Element, chart: Chart) -> None:
    _name(root, chart)
    root.set("class", "chart")
    root.set("width", "100%")
    root.attrib.pop("height", None)
    prefix = _ids(chart)[0].removesuffix("title")
    for element in root.iter():
        element.attrib.pop("font-family", None)
        if element.tag == f"{{{SVG}}}clipPath":
            element.set("id", prefix + element.get("id", ""))
        clip = element.get("clip-path", "")
        if clip.startswith("url(#"):
            element.set("clip-path", clip.replace("url(#", f"url(#{prefix}"))
