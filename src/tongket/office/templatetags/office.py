"""How is a value of the domain said on a staff page, in the page's language?"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from tongket.domain import checks, wording
from tongket.domain.figures import Cell, State
from tongket.domain.periods import Frequency, Period
from tongket.domain.sentences import Sentence
from tongket.records.models import OpenPeriod, Return

register = template.Library()

RETURN_TONES = {"SENT": "info", "SENT_BACK": "bad", "ACCEPTED": "good"}
SEVERITY_TONES = {"MUST_FIX": "bad", "MUST_EXPLAIN": "warn", "NOTE": "info"}


def language() -> str:
    """Return the language numbers and names are said in: vi or en."""
    return "en" if get_language() == "en" else "vi"


def english_period(period: Period) -> str:
    """Return an English name for a period: "2023", "Q1 2023", "month 01/2023"."""
    return {
        Frequency.YEAR: f"{period.year}",
        Frequency.NINE_MONTHS: f"nine months of {period.year}",
        Frequency.HALF: f"H{period.number} {period.year}",
        Frequency.QUARTER: f"Q{period.number} {period.year}",
        Frequency.MONTH: f"month {period.number:02}/{period.year}",
    }[period.frequency]


@register.filter
def said(thing: Any) -> str:
    """Return the name of a thing of a pack: `label`, or `english` on English pages.

    What has only a `name` (units, reporting schemes) is called by it in both.
    """
    if isinstance(thing, Period) and language() == "en":
        return english_period(thing)
    english = getattr(thing, "english", "") if language() == "en" else ""
    return english or getattr(thing, "label", "") or getattr(thing, "name", "")


@register.filter
def said_with_window(period: Period) -> str:
    """Return a period's name with its first and last day."""
    return f"{said(period)} ({period.window})"


@register.filter
def sentence(words: Sentence) -> str:
    """Return a sentence of the domain in the language of the page."""
    return words.translated(gettext)


@register.filter
def number(value: Decimal | int | None, decimals: int | None = None) -> str:
    """Return a number as printed, with so many decimals; nothing is a dash."""
    if value is None:
        return "–"
    return wording.number(value, decimals, language=language())


@register.filter
def quantity(value: Decimal | int | None, measured: Any) -> str:
    """Return the number with the unit of a measure or an indicator."""
    if value is None:
        return "–"
    unit, decimals = measured.measure_unit, measured.decimals
    return wording.quantity(value, unit, decimals, language=language())


@register.filter
def percent(value: Decimal | None, decimals: int = 2) -> str:
    """Return a percentage; nothing is a dash."""
    if value is None:
        return "–"
    return wording.percent(value, decimals, language=language())


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return what a mapping holds under a key that the template knows, or None."""
    return mapping.get(key)


@register.filter
def cell(content: Cell | None) -> SafeString | str:
    """Return a cell as shown: its number, or which of the nothings it is."""
    state = State.MISSING if content is None else content.state
    if content is not None and content.value is not None:
        return number(content.value)
    kind, sign, words = {
        State.NIL: ("nil", "–", gettext("không phát sinh")),
        State.MISSING: ("missing", gettext("chưa báo cáo"), ""),
        State.NOT_APPLICABLE: ("not-applicable", "x", gettext("không thuộc đối tượng")),
    }[state]
    if not words:
        return format_html('<span class="{}">{}</span>', kind, sign)
    return format_html(
        '<span class="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        kind,
        sign,
        words,
    )


@register.simple_tag
def badge(tone: str, words: str) -> SafeString:
    """Return a badge; the tone is good, warn, bad, info or neutral."""
    return format_html('<span class="badge" data-tone="{}">{}</span>', tone, words)


def return_state_words(state: str, is_overdue: bool = False) -> tuple[str, str]:
    """Return tone and words for where a return stands; "" is not sent yet."""
    if not state:
        if is_overdue:
            return "bad", gettext("Quá hạn, chưa gửi")
        return "neutral", gettext("Chưa gửi")
    words = {
        Return.State.SENT: gettext("Chờ duyệt"),
        Return.State.SENT_BACK: gettext("Bị trả lại"),
        Return.State.ACCEPTED: gettext("Đã nhận"),
    }[Return.State(state)]
    return RETURN_TONES[state], words


@register.simple_tag
def return_state(state: str, is_overdue: bool = False) -> SafeString:
    """Return the badge of a return's state."""
    return badge(*return_state_words(state, is_overdue))


@register.simple_tag
def period_state(state: str) -> SafeString:
    """Return the badge of an opened period: open, or closed for returns."""
    if state == OpenPeriod.State.OPEN:
        return badge("info", gettext("Đang mở"))
    return badge("neutral", gettext("Đã khóa"))


def severity_words(severity: str) -> str:
    """Return what the sender must do about a finding, in one or two words."""
    return {
        checks.Severity.MUST_FIX: gettext("Phải sửa"),
        checks.Severity.MUST_EXPLAIN: gettext("Phải giải trình"),
        checks.Severity.NOTE: gettext("Lưu ý"),
    }[checks.Severity(severity)]


@register.simple_tag
def severity(value: str) -> SafeString:
    """Return the badge of a finding's severity."""
    return badge(SEVERITY_TONES[value], severity_words(value))


@register.filter
def severity_tone(value: str) -> str:
    """Return the tone of a finding's severity."""
    return SEVERITY_TONES[value]
