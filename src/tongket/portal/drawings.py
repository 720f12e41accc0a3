"""Is a drawn chart fit to stand inside a page, and how is it named for a reader?

A page forbids scripts and inline style. A drawing with a script is refused; a style
attribute is written out as the attributes that it means.
"""

import re
from xml.etree.ElementTree import (  # reads nothing  # nosec B405
    Element,
    ParseError,
    register_namespace,
    tostring,
)

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tongket.domain.sentences import Refusal

SVG = "http://www.w3.org/2000/svg"
_ALLOWED = frozenset(
    {
        *("svg", "g", "defs", "use", "symbol", "title", "desc", "text", "tspan"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *("clipPath", "mask", "marker", "pattern", "stop"),
        *("linearGradient", "radialGradient"),
    }
)
register_namespace("", SVG)


class UnfitDrawing(Refusal, ValueError):
    """A chart that is no drawing or does more than draw."""

    words = (
        "Biểu đồ {key}: bản vẽ SVG không dùng được ({reason}); vẽ lại biểu đồ chỉ gồm "
        "hình và chữ."
    )


def cleaned(svg: str, *, key: str, label: str) -> str:
    """Return the drawing as one image named `label`, without style or script."""
    try:
        root = fromstring(svg)
    except (ParseError, DefusedXmlException) as error:
        raise UnfitDrawing(key=key, reason=str(error)) from error
    for element in root.iter():
        _clean(element, key)
    _fit(root)
    root.set("role", "img")
    root.set("aria-label", label)
    root.attrib.pop("class", None)
    return tostring(root, encoding="unicode")


def _clean(element: Element, key: str) -> None:
    name = str(element.tag).removeprefix(f"{{{SVG}}}")
    if name not in _ALLOWED:
        raise UnfitDrawing(key=key, reason=f"<{name}>")
    for attribute, value in list(element.attrib.items()):
        local = attribute.rsplit("}", 1)[-1]
        if local.startswith("on"):
            raise UnfitDrawing(key=key, reason=local)
        if local == "href" and not value.startswith("#"):
            raise UnfitDrawing(key=key, reason=f"href={value}")
        if local.startswith(("aria-", "role", "tabindex")):
            del element.attrib[attribute]  # the whole drawing is one image
    for declaration in element.attrib.pop("style", "").split(";"):
        property_name, _, value = declaration.partition(":")
        if value.strip() and property_name.strip() != "background-color":
            element.attrib.setdefault(property_name.strip(), value.strip())


def _fit(root: Element) -> None:
    """Let the drawing take the width of its column: a view box instead of a size."""
    sizes = [root.attrib.pop(name, "") for name in ("width", "height")]
    numbers = [re.match(r"[\d.]+", size) for size in sizes]
    if "viewBox" not in root.attrib and all(numbers):
        root.set("viewBox", "0 0 " + " ".join(n[0] for n in numbers if n))
