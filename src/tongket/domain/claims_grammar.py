"""What stands behind and before a number: its unit, its hedge, its verb?

Behind: a multiplier (nghìn, triệu), a currency, "%", "điểm phần trăm" or a noun.
Before: hedges (gần, trên, khoảng) and verbs of change (tăng, giảm, ít hơn).
"""

from decimal import Decimal
from typing import NamedTuple

from tongket.domain import claims_words as lexicon
from tongket.domain.claims_tokens import BREAK, NUMBER, WORD, Tokens

PERCENT, POINTS, TIMES = "%", "điểm %", "lần"
ONE = Decimal(1)


class Unit(NamedTuple):
    """A unit of measure, what the number must be multiplied by, and where it ends."""

    name: str | None
    factor: Decimal
    after: int
    money: bool = False
    known: bool = True


def read_unit(tokens: Tokens, j: int, *, guess: bool = True) -> Unit:
    """Return the unit that begins at token `j`; name None when there is none."""
    words = tokens.words
    word = words[j]
    if word == "%":
        return Unit(PERCENT, ONE, j + 1)
    if word == "phần" and words[j + 1] == "trăm":
        return Unit(PERCENT, ONE, j + 2)
    if word == "điểm":
        if words[j + 1] == "%":
            return Unit(POINTS, ONE, j + 2)
        if words[j + 1] == "phần" and words[j + 2] == "trăm":
            return Unit(POINTS, ONE, j + 3)
    if word in lexicon.MULTIPLIERS and words[j + 1] not in lexicon.NOT_BILLION:
        return _after_multiplier(tokens, j)
    if word in lexicon.CURRENCIES and words[j + 1] != "chí":  # not "đồng chí"
        return Unit(lexicon.CURRENCIES[word], ONE, j + 1, money=True)
    if word == "số" and words[j + 1] in lexicon.UNIT_TREE:
        return Unit(None, ONE, j)
    return _noun(tokens, j, guess)


def _after_multiplier(tokens: Tokens, j: int) -> Unit:
    """Read "nghìn vụ", "triệu đồng", "nghìn tỷ đồng", "tỷ USD", "triệu viên"."""
    words, factors, names = tokens.words, [], []
    while words[j] in lexicon.MULTIPLIERS and words[j + 1] not in lexicon.NOT_BILLION:
        factors.append(lexicon.MULTIPLIERS[words[j]])
        names.append(words[j])
        j += 1
    last = "tỷ" if names[-1] == "tỉ" else names[-1]
    factor = ONE
    for each in factors[:-1]:
        factor *= each
    if words[j] in lexicon.CURRENCIES and words[j + 1] != "chí":
        return Unit(f"{last} {lexicon.CURRENCIES[words[j]]}", factor, j + 1, money=True)
    noun = _noun(tokens, j, guess=False)
    if noun.name is not None:
        return Unit(noun.name, factor * factors[-1] * noun.factor, noun.after)
    if last == "tỷ":
        return Unit("tỷ đồng", factor, j, money=True)
    noun = _noun(tokens, j, guess=True)
    return Unit(noun.name, factor * factors[-1], noun.after, known=False)


def _noun(tokens: Tokens, j: int, guess: bool) -> Unit:
    words = tokens.words
    if (words[j], words[j + 1]) in lexicon.NO_NOUNS:
        return Unit(None, ONE, j)
    for noun, name in lexicon.UNIT_TREE.get(words[j], ()):
        size = len(noun)
        if size == 1 or tuple(words[j : j + size]) == noun:
            if tokens.capital(j) and tokens.kinds[j - 1] != NUMBER:
                break
            return _person(tokens, Unit(name, ONE, j + size))
    word = words[j]
    plain = tokens.kinds[j] == WORD and len(word) > 1 and not tokens.capital(j)
    if (
        guess
        and plain
        and word not in lexicon.NOT_UNITS
        and (word,) not in lexicon.VERBS
    ):
        return Unit(word, ONE, j + 1, known=False)
    return Unit(None, ONE, j)


def _person(tokens: Tokens, unit: Unit) -> Unit:
    """Take "chết", "bị thương" into the surface; "/năm" and "/ngày" into the unit."""
    words, after, name = tokens.words, unit.after, unit.name
    if words[after] == "/" and words[after + 1] in (
        "năm",
        "ngày",
        "tháng",
        "tuần",
        "quý",
    ):
        return Unit(f"{name}/{words[after + 1]}", ONE, after + 2)
    while words[after] in lexicon.DESCRIPTORS:
        if words[after] == "bị" and words[after + 1] != "thương":
            break
        after += 1
    return Unit(name, ONE, after)


class Prefix(NamedTuple):
    """What governs a number from in front; `start` is the first token of it."""

    start: int
    hedge: str | None = None
    direction: str | None = None
    verb: str = ""
    level: bool = False
    at_least: bool = False
    times: bool = False


def read_prefix(tokens: Tokens, i: int) -> Prefix:
    """Return the hedge and the verb in front of token `i`.

    >>> from tongket.domain.claims_tokens import tokenise
    >>> read_prefix(tokenise("số vụ giảm gần 30%"), 4)[:4]
    (2, 'approx_below', 'down', 'giảm')
    """
    words = tokens.words
    sign = words[i - 1] if i else ""
    if sign in "+-–−" and sign and tokens.adjacent(i) and tokens.kinds[i - 2] != NUMBER:
        direction = lexicon.UP if sign == "+" else lexicon.DOWN
        return Prefix(i - 1, direction=direction, verb=sign)
    hedge, at_least, start = _hedges(words, i)
    k = _verb_end(words, start)
    if k and words[k - 1] in lexicon.LEVELS:
        after_verb = k > 1 and words[k - 2] in ("xuống", "giảm", "tăng")
        return Prefix(k - 2 if after_verb else k - 1, hedge, level=True)
    if k and words[k - 1] in lexicon.MULTIPLE_VERBS:
        first = k - 2 if k > 1 and (words[k - 2],) in lexicon.VERBS else k - 1
        return Prefix(first, hedge, lexicon.UP, "gấp", times=True)
    verb, size = _verb(words, k)
    if verb:
        if not hedge:
            hedge, at_least, _ = _hedges(words, i)
        return Prefix(k - size, hedge, lexicon.VERBS[verb], " ".join(verb))
    return Prefix(start, hedge, at_least=at_least)


def _verb_end(words: list[str], k: int) -> int:
    """Return where a verb would end: in front of adverbs, and of an aim of "vượt"."""
    while k and words[k - 1] in lexicon.ADVERBS and not _verb(words, k)[0]:
        k -= 1
    aim = k
    while aim and words[aim - 1] in lexicon.AIMS:
        aim -= 1
    return aim if aim and words[aim - 1] == "vượt" else k


def _hedges(words: list[str], k: int) -> tuple[str | None, bool, int]:
    """Return (hedge, whether it sets a bound, index of its first word)."""
    hedge, at_least = None, False
    while k:
        two, one = tuple(words[max(k - 2, 0) : k]), (words[k - 1],)
        if two in lexicon.VERBS:
            break
        for each in (two, one):
            if each in lexicon.HEDGES:
                hedge = lexicon.HEDGES[each] if hedge is None else hedge
                at_least = at_least or each in lexicon.AT_LEAST
                k -= len(each)
                break
        else:
            break
    return hedge, at_least, k


def _verb(words: list[str], k: int) -> tuple[tuple[str, ...], int]:
    """Return the verb that ends before token `k`, and how many words it has."""
    two, one = tuple(words[max(k - 2, 0) : k]), tuple(words[max(k - 1, 0) : k])
    if len(two) == 2 and two in lexicon.VERBS:
        return two, 2
    if one in lexicon.VERBS:
        return one, 1
    return (), 0


def match(words: list[str], i: int, patterns: tuple[tuple[str, ...], ...]) -> int:
    """Return how many words of the first pattern that stands at `i`; 0 when none."""
    for pattern in patterns:
        if words[i] == pattern[0] and tuple(words[i : i + len(pattern)]) == pattern:
            return len(pattern)
    return 0


def sentence_ends(tokens: Tokens, i: int) -> bool:
    """Whether token `i` ends a sentence: a line break, or a stop before a space."""
    if tokens.kinds[i] == BREAK:
        return True
    return tokens.words[i] in (".", "?", "!", "…") and not tokens.adjacent(i + 1)
