"""What do the portal's templates need to ask: where am I, how is this number set?"""

from typing import Any

from django import template
from django.utils.translation import gettext
from wagtail.models import Site

from tongket.portal.models import FiguresPage

register = template.Library()


@register.simple_tag(takes_context=True)
def portal_site(context: dict[str, Any]) -> dict[str, Any]:
    """Return the name of the province and the newest figures page for the frame."""
    site = Site.find_for_request(context.get("request"))
    return {
        "province": site.site_name if site else "",
        "figures": FiguresPage.public().first(),
    }


@register.filter
def percent_of(part: int, whole: int) -> int:
    """Return the part as whole per cent; nothing of nothing is 0."""
    return round(100 * part / whole) if whole else 0


@register.filter
def word(text: str) -> str:
    """Return a heading that came with the data in the language of the page."""
    return gettext(text) if text else ""
