"""How does the office say what the domain and the packs know, in the page's language?

Vietnamese is the language of the domain. For an English page a label of the packs has
the English that the packs give it, words of the program have the catalogue's, numbers
and changes are said by `domain.english`. Pages, tables and commands all ask here.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from tongket.domain import english, periods, wording
from tongket.domain.indicators import Comparison, Reading
from tongket.domain.periods import Period
from tongket.domain.sentences import Refusals, Sentence
from tongket.office import facts

NOTHING = "–"
# Between the labels of a sum, and of a list.
_JOINTS = (" + ", ", ")
# A number that cannot be anything else: grouped in threes, or with a decimal comma.
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_NUMBERS = re.compile(rf"(?:{_NUMBER})%?(?:/(?:{_NUMBER}))?")


def language() -> str:
    """Return the language of the page: vi or en."""
    return "en" if get_language() == "en" else "vi"


def word(text: str) -> str:
    """Return words of the program or of a pack in the language of the page."""
    if not text or language() == "vi":
        return text
    known = _in_english().get(text)
    return known or periods.english_label(gettext(text))


def _in_english() -> Mapping[str, str]:
    """Return the packs' English; nothing where the packs themselves are refused."""
    try:
        return facts.pack().in_english
    except Refusals:  # what is wrong with them must still be told
        return {}


def said(thing: Any) -> str:
    """Return the name of a thing of a pack, a period, or words, in the page's language.

    What has only a `name` and no English (a unit) is called by it in both.
    """
    if isinstance(thing, str):
        return word(thing)
    own = str(getattr(thing, "english", "")) if language() == "en" else ""
    label = getattr(thing, "label", "") or getattr(thing, "name", "")
    return own or word(str(label))


def translated(sentence: Sentence) -> str:
    """Return a sentence in the language of the page, and so the labels inside it.

    A value that is words of the program is a sentence itself; other text is shown as it
    is unless it is a label of the packs, a period or a number.
    """
    if language() == "vi":
        return str(sentence)
    values = {name: _value(value) for name, value in sentence.values.items()}
    return word(sentence.words).format(**values)


def _value(value: object) -> object:
    match value:
        case Sentence():
            return translated(value)
        case Period():
            return f"{value.english} ({value.window})"
        case str() if _NUMBERS.fullmatch(value):
            return english.marks(value)
        case str():
            return _label(value)
    return value


def _label(text: str) -> str:
    """Return the English of a label, of several joined, or of a period."""
    known = _in_english()
    if text in known:
        return known[text]
    for joint in _JOINTS:
        parts = text.split(joint)
        for cut in range(1, len(parts)):
            head = joint.join(parts[:cut])
            if head in known:
                return known[head] + joint + _label(joint.join(parts[cut:]))
    return periods.english_label(text)


def number(value: Decimal | int | None, decimals: int | None = None) -> str:
    """Return a number as printed, with so many decimals; nothing is a dash."""
    if value is None:
        return NOTHING
    return wording.number(value, decimals, language=language())


def percent(value: Decimal | int | None, decimals: int = 2) -> str:
    """Return a percentage, the sign glued to the number; nothing is a dash."""
    if value is None:
        return NOTHING
    return wording.percent(value, decimals, language=language())


def quantity(value: Decimal | int, measure_unit: str, decimals: int = 0) -> str:
    """Return a number with its unit of measure."""
    if language() == "vi":
        return wording.quantity(value, measure_unit, decimals)
    units = facts.pack().measure_units
    return english.quantity(value, measure_unit, decimals, units=units)


def reading_value(reading: Reading) -> str:
    """Return what a reading says, with its unit; words when it is missing."""
    if language() == "vi":
        return wording.reading_value(reading)
    return english.reading_value(reading, units=facts.pack().measure_units)


def parts(reading: Reading) -> str:
    """Return numerator and denominator of a ratio, else nothing."""
    return english.parts(reading) if language() == "en" else wording.parts(reading)


def change_alone(comparison: Comparison) -> str:
    """Return the change without its base: "giảm 67 vụ (6,23%)"."""
    if language() == "vi":
        return wording.change_alone(comparison)
    return english.change_alone(comparison, units=facts.pack().measure_units)
