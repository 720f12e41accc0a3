"""What do the portal's templates need to ask: where am I, how is this number set?"""

from typing import Any

from django import template
from django.utils.translation import gettext
from wagtail.models import Site

from tongket.domain import numerals
from tongket.domain.periods import english_label
from tongket.portal.models import FiguresPage
from tongket.portal.presentation import is_english

register = template.Library()


@register.simple_tag(takes_context=True)
def portal_site(context: dict[str, Any]) -> dict[str, Any]:
    """Return the name of the province and the newest figures page for the frame.

    Several blocks of one page ask; the database is asked once a page.
    """
    known = context.render_context.setdefault("portal_site", {})
    if not known:
        site = Site.find_for_request(context.get("request"))
        known["province"] = site.site_name if site else ""
        known["figures"] = FiguresPage.public().select_related("release").first()
    return known


@register.filter
def period(label: str) -> str:
    """Return the label of a period in the language of the page."""
    return english_label(label) if is_english() else label


@register.filter
def counted(number: int) -> str:
    """Return a whole number with the marks of the page's language."""
    return numerals.number(number, language="en" if is_english() else "vi")


@register.filter
def word(text: str) -> str:
    """Return a heading that came with the data in the language of the page."""
    return gettext(text) if text else ""
