"""How is a Vietnamese text cut into numbers, words and marks, with their places?

One pass of one expression; a megabyte is cut in a fraction of a second. Words are
lower-cased and composed (NFC), places are those of the text as given.
"""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from tongket.domain.claims_words import DIGIT_WORDS, NUMBER_WORDS

NUMBER, WORD, MARK, BREAK = 1, 2, 3, 4
_TOKEN = re.compile(r"(\d+(?:[.,]\d+)*)|([^\W\d_][\w\u0300-\u036f]*)|([^\w\s]|_)|(\n)")


class Tokens(NamedTuple):
    """The tokens of a text as columns; three empty ones follow the last."""

    text: str
    words: list[str]
    kinds: list[int]
    starts: list[int]
    ends: list[int]

    def adjacent(self, i: int) -> bool:
        """Whether token `i` touches the one before it."""
        return i > 0 and self.starts[i] == self.ends[i - 1]

    def capital(self, i: int) -> bool:
        """Whether token `i` begins with a capital letter."""
        return self.text[self.starts[i] : self.starts[i] + 1].isupper()

    def raw(self, i: int) -> str:
        """Token `i` as it stands in the text."""
        return self.text[self.starts[i] : self.ends[i]]


def tokenise(text: str) -> Tokens:
    """Return the tokens of `text`; a number keeps its dots and commas.

    >>> tokenise("giảm 1.008 vụ (6,23%)").words[:7]
    ['giảm', '1.008', 'vụ', '(', '6,23', '%', ')']
    """
    words: list[str] = []
    kinds: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    plain = text.lower()
    composed = unicodedata.is_normalized("NFC", plain)
    if len(plain) != len(text):
        plain, composed = "".join(c.lower()[0] for c in text), False
    for found in _TOKEN.finditer(plain):
        word = found[0]
        words.append(word if composed else unicodedata.normalize("NFC", word))
        kinds.append(found.lastindex or BREAK)
        starts.append(found.start())
        ends.append(found.end())
    for _ in range(3):
        words.append("")
        kinds.append(BREAK)
        starts.append(len(text) + 1)
        ends.append(len(text) + 1)
    return Tokens(text, words, kinds, starts, ends)


_LONGEST = 17  # characters; what is longer is an identifier, not a statistic
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_DECIMAL = re.compile(r"\d+(?:,\d+)?")
_DOTTED = re.compile(r"\d+\.\d+")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3}){2,}")


class Digits(NamedTuple):
    """A number in digits: its value and how many decimals were written."""

    value: Decimal
    decimals: int


def read_digits(raw: str) -> Digits | None:
    """Return what the digits say; None when they are no number at all (7,8,9).

    A dot before exactly three digits groups thousands, a comma is the decimal mark even
    before three digits. A dot before one or two digits is a decimal mark by mistake.

    >>> read_digits("21.661,3"), read_digits("374,925").decimals, read_digits("6.01")
    (Digits(value=Decimal('21661.3'), decimals=1), 3, Digits(value=Decimal('6.01'), ...
    """
    if len(raw) > _LONGEST:
        return None
    if _DECIMAL.fullmatch(raw) or _GROUPED.fullmatch(raw):
        plain = raw.replace(".", "").replace(",", ".")
    elif _DOTTED.fullmatch(raw):
        plain = raw
    elif _ENGLISH.fullmatch(raw):
        plain = raw.replace(",", "")
    else:
        return None
    return Digits(Decimal(plain), len(plain.partition(".")[2]))


def read_words(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """Return (value, index after it) of a number in words: units, tens or hundreds.

    >>> read_words(tokenise("hai mươi lăm vụ"), 0)
    (25, 3)
    """
    words = tokens.words
    first = NUMBER_WORDS.get(words[i])
    if first is None and words[i] == "một":
        first = 1
    if first is None:
        return None
    if words[i + 1] == "trăm":
        return first * 100, i + 2
    if words[i + 1] == "mươi":
        unit = DIGIT_WORDS.get(words[i + 2])
        return (first * 10 + unit, i + 3) if unit else (first * 10, i + 2)
    if first == 10 and words[i + 1] in DIGIT_WORDS:
        return 10 + DIGIT_WORDS[words[i + 1]], i + 2
    return first, i + 1
