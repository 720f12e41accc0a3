"""Which numbers of a Vietnamese text are no statistics?

Dates, hours, periods, document numbers, bodies and roads named by a number, plates,
ages, format descriptions, slogans (`claims.md` §5). A trap is left alone: no value is
read from it.
"""

from typing import NamedTuple

from tongket.domain import claims_words as words_of
from tongket.domain.claims_tokens import BREAK, NUMBER, WORD, Tokens, read_digits

_GLUED = {
    "g", "kg", "mg", "km", "m", "m2", "m3", "ha", "đ", "tấn", "tr", "vnđ", "vnd", "ml",
    "gam", "gram", "lít", "kwh", "cm", "km2", "usd",
}  # fmt: skip
_DASHES = {"-", "–", "—"}


class Chain(NamedTuple):
    """Numbers joined by slashes or dashes: 12/6, 5-10, 15-12-2021."""

    numbers: tuple[int, ...]
    joins: str
    after: int


def read_chain(tokens: Tokens, i: int) -> Chain:
    """Return the chain of numbers that begins with token `i`."""
    words, kinds = tokens.words, tokens.kinds
    numbers, joins, j = [i], "", i + 1
    while True:
        at = j + 1 if words[j] == "%" and words[j + 1] in _DASHES else j
        join = words[at]
        if kinds[at + 1] != NUMBER or (join != "/" and join not in _DASHES):
            break
        tight = tokens.adjacent(at) and tokens.adjacent(at + 1)
        if not tight and (join == "/" or tokens.adjacent(at + 1)):
            break
        joins += "/" if join == "/" else "-"
        numbers.append(at + 1)
        j = at + 2
    return Chain(tuple(numbers), joins, j)


def _is_year(raw: str) -> bool:
    return len(raw) == 4 and raw.isdigit() and 1900 <= int(raw) <= 2100


def _is_day(raw: str, most: int) -> bool:
    return len(raw) <= 2 and raw.isdigit() and 0 < int(raw) <= most


def swallow(tokens: Tokens, j: int) -> int:
    """Return the index after everything that is glued to the trap ending before `j`."""
    words, kinds = tokens.words, tokens.kinds
    while tokens.adjacent(j):
        if kinds[j] not in (NUMBER, WORD) and not (
            words[j] in "/-–.:_"
            and kinds[j + 1] in (NUMBER, WORD)
            and tokens.adjacent(j + 1)
        ):
            break
        j += 1
    return j


def trap(tokens: Tokens, chain: Chain, has_unit: bool) -> bool:
    """Whether the chain is no statistic; `has_unit`: a unit or % follows it."""
    return (
        _is_code(tokens, chain)
        or _is_date(tokens, chain, has_unit)
        or _is_named(tokens, chain.numbers[0], has_unit)
        or _is_duration(tokens, chain, has_unit)
    )


def _is_code(tokens: Tokens, chain: Chain) -> bool:
    """Document numbers, plates, hours, phone numbers: digits glued to letters."""
    words, kinds, i, j = tokens.words, tokens.kinds, chain.numbers[0], chain.after
    if len(chain.numbers) > 2:
        return True
    if tokens.adjacent(i):
        before = words[i - 1]
        if kinds[i - 1] == WORD or before in "_:@":
            return True
        glued = before in "/-–.+" and tokens.adjacent(i - 1) and kinds[i - 2] == WORD
        if glued and (before != "/" or tokens.capital(i - 2)):
            return True
    if tokens.adjacent(j) and kinds[j] == WORD and words[j] not in _GLUED:
        return True
    if words[j] in ("/", "-", ":", "–") and tokens.adjacent(j):
        behind = kinds[j + 1] == WORD and tokens.capital(j + 1)
        if tokens.adjacent(j + 1) and (behind or words[j] == ":"):
            return True
    raw = words[i]
    return raw.isdigit() and (len(raw) >= 9 or (len(raw) > 3 and raw[0] == "0"))


def _is_date(tokens: Tokens, chain: Chain, has_unit: bool) -> bool:
    words, i = tokens.words, chain.numbers[0]
    raw, before = words[i], words[i - 1] if i else ""
    if len(chain.numbers) == 2:
        return _is_date_pair(words, chain, has_unit, before)
    if _is_year(raw):
        return not has_unit or before in ("năm", "tháng", "quý")
    if raw.count(".") == 1 and "," not in raw:
        day, month = raw.split(".")
        if _is_day(day, 31) and (
            _is_year(month) or (_is_day(month, 12) and not has_unit)
        ):
            return True
    if raw.count(".") == 2 and _is_year(raw.rsplit(".", 1)[1]):
        return True
    if before in ("tháng", "quý", "ngày", "mùng", "tuần") and _is_day(raw, 53):
        per_day = i > 1 and words[i - 2] in words_of.EACH
        return not (has_unit and per_day)
    return before == "năm" and not has_unit and _is_day(raw, 99)


def _is_date_pair(words: list[str], chain: Chain, has_unit: bool, before: str) -> bool:
    first, second = (words[n] for n in chain.numbers)
    if _is_year(second) and (_is_year(first) or _is_day(first, 12)):
        return not (has_unit and chain.joins == "-" and not _is_year(first))
    if before in ("ngày", "tuần", "tháng", "quý", "mùng", "lớp", "số"):
        return True
    like_date = _is_day(first, 31) and _is_day(second, 12)
    return like_date and not has_unit and before in words_of.DATE_BEFORE


def _is_named(tokens: Tokens, i: int, has_unit: bool) -> bool:
    """Bão số 5, Điều 150, Đề án số 06, quốc lộ 1, Vụ 5, năm thứ 7, Top 5."""
    if not i or tokens.kinds[i - 1] == BREAK:
        return False
    words, before = tokens.words, tokens.words[i - 1]
    two_before = words[i - 2] if i > 1 else ""
    if before == "số":
        return two_before not in words_of.NUMBERED_AFTER
    if before == "thứ":
        return two_before not in words_of.RANKS_BEFORE
    if before in ("điều", "khoản", "km", "lộ", "top", "sn", "khóa", "khoá"):
        return True
    if before in words_of.DOCUMENTS and not words[i].count(","):
        name_starts = tokens.capital(i - 1) or (i > 1 and tokens.capital(i - 2))
        if name_starts and (before != "vụ" or tokens.capital(i - 1)):
            return not has_unit or words[i].startswith("0") or before == "đạo"
    if before == "sinh":  # sinh năm is caught as a year
        return _is_year(words[i])
    return before in words_of.NAMES_BEFORE and not has_unit


def _is_duration(tokens: Tokens, chain: Chain, has_unit: bool) -> bool:
    """Ages, hours and lengths of time; digits of a format; slogans in quotes."""
    words, j = tokens.words, chain.after
    follows = words[j]
    if follows in words_of.TIME_UNITS and words[j - 1] != "%":
        needs = words_of.TIME_NEEDS.get(follows)
        return needs is None or words[j + 1] in needs
    if follows == "số" and words[j + 1] not in ("vụ", "người", "hộ", "đơn", "ca"):
        return "," not in words[j - 1]
    if follows == "đến" and tokens.kinds[j + 1] == NUMBER:
        return words[j + 2] in words_of.TIME_UNITS  # từ 6 đến 14 tuổi
    if words[chain.numbers[0] - 1] in ("“", '"') and not has_unit:
        return True
    return follows in words_of.SLOGANS and tokens.kinds[j + 1] == NUMBER


def is_number(tokens: Tokens, chain: Chain) -> bool:
    """Whether every member of the chain can be read as a number."""
    return all(read_digits(tokens.words[n]) is not None for n in chain.numbers)
