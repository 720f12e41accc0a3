"""How is a value of the domain said on a staff page, in the page's language?"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from tongket.domain import checks
from tongket.domain.access import Permission
from tongket.domain.figures import Cell, State
from tongket.domain.periods import Period
from tongket.office import facts, sheets, speech, summing
from tongket.office.entrance import Actor
from tongket.office.returns import Place
from tongket.records.models import Extension, OpenPeriod, Return

register = template.Library()

RETURN_TONES = {
    "SENT": "info",
    "SENT_BACK": "bad",
    "TAKEN_BACK": "neutral",
    "ACCEPTED": "good",
}
SEVERITY_TONES = {"MUST_FIX": "bad", "MUST_EXPLAIN": "warn", "NOTE": "info"}


said = register.filter("said", speech.said)
sentence = register.filter("sentence", speech.translated)
number = register.filter("number", speech.number)
percent = register.filter("percent", speech.percent)


@register.filter
def typed(content: Cell | None) -> str:
    """Return a cell as an official types it, the same in every language."""
    return sheets.typed(content) if content else ""


@register.simple_tag
def extension_of(place: Place) -> Extension | None:
    """Return the last extension of a return's due day or lock, if there is one."""
    return (
        place.opened.extensions.filter(unit__key=place.unit.unit)
        .filter(form__in=("", place.form.key))
        .order_by("id")
        .last()
    )


@register.simple_tag(takes_context=True)
def may_extend(context: Mapping[str, Any], place: Place) -> bool:
    """Whether the reader may give the unit of a return more time."""
    actor: Actor = context["request"].actor
    if place.opened.state == OpenPeriod.State.CLOSED:
        return actor.may(Permission.RUN_YEAR, facts.pack().province)
    return actor.may(Permission.RUN_YEAR, place.unit.unit)


@register.simple_tag
def summary_of(place: Place) -> summing.Summary | None:
    """Return where a summary return stands against those below; None for others."""
    return summing.summary(place)


@register.simple_tag
def row_words() -> dict[str, str]:
    """Return what the cells of a form's rows are called, for all of its rows at once.

    A page of 80 rows would ask for each of them 80 times.
    """
    return {
        "previous": gettext("Kỳ trước"),
        "same": gettext("Cùng kỳ"),
        "summed": gettext("Tổng hợp từ cấp dưới"),
        "now": gettext("Kỳ này"),
        "change": gettext("So với kỳ trước"),
    }


@register.filter
def said_with_window(period: Period) -> str:
    """Return a period's name with its first and last day."""
    return f"{speech.said(period)} ({period.window})"


@register.filter
def quantity(value: Decimal | int | None, measured: Any) -> str:
    """Return the number with the unit of a measure or an indicator."""
    if value is None:
        return speech.NOTHING
    return speech.quantity(value, measured.measure_unit, measured.decimals)


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
        Return.State.TAKEN_BACK: gettext("Đơn vị đã rút"),
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


# Lazy, for a page of 80 rows asks 80 times and needs one of them.
SEVERITY_WORDS = {
    checks.Severity.MUST_FIX: gettext_lazy("Phải sửa"),
    checks.Severity.MUST_EXPLAIN: gettext_lazy("Phải giải trình"),
    checks.Severity.NOTE: gettext_lazy("Lưu ý"),
}


def severity_words(severity: str) -> str:
    """Return what the sender must do about a finding, in one or two words."""
    return str(SEVERITY_WORDS[severity])


@register.simple_tag
def severity(value: str) -> SafeString:
    """Return the badge of a finding's severity."""
    return badge(SEVERITY_TONES[value], severity_words(value))


@register.filter
def severity_tone(value: str) -> str:
    """Return the tone of a finding's severity."""
    return SEVERITY_TONES[value]
