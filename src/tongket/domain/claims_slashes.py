"""What does "12/6" say: a part of a whole, this period against the last, or a pair?

A slash is ambiguous (`domain.md` 8.4). A ratio above one is never a part of a whole; a
slash in brackets after a change is this period and the one before.
"""

from decimal import Decimal

from tongket.domain import claims_words as lexicon
from tongket.domain.claims_context import Context
from tongket.domain.claims_grammar import Unit, read_prefix, read_unit
from tongket.domain.claims_quantity import (
    CHANGE,
    COUNT,
    CURRENT_PREVIOUS,
    PART_WHOLE,
    PREVIOUS_CURRENT,
    RANK,
    RATIO,
    WHOLE_PART,
    Quantity,
)
from tongket.domain.claims_tokens import NUMBER, Tokens, read_digits
from tongket.domain.claims_traps import Chain


def read_slash(
    tokens: Tokens, context: Context, chain: Chain, unit: Unit
) -> tuple[Quantity, int] | None:
    """Return the quantity that the slash states and the index after it."""
    words, i, after = tokens.words, chain.numbers[0], max(unit.after, chain.after)
    read = [read_digits(words[n]) for n in chain.numbers]
    first, second = (each.value for each in read if each is not None)
    if words[i - 1] in ("thứ", "hạng") and i:
        found = context.quantity(
            i - 1, chain.after, value=first, unit="hạng", kind=RANK,
            numerator=first, denominator=second, slash="rank/of",
        )  # fmt: skip
        return found, chain.after
    if unit.name is not None and words[unit.after] == "/":
        other = read_unit(tokens, unit.after + 1, guess=False)
        if other.name is not None:
            return _pair_of_units(context, i, unit, other, (first, second))
    name = unit.name or context.last_unit()
    if name is None or _is_loose(tokens, context, chain, unit):
        return None
    semantics = _semantics(context, chain, unit, first, second)
    quotient = semantics in (PART_WHOLE, "score/max", "fraction") and second
    found = context.quantity(
        i, after, unit=name, kind=RATIO, slash=semantics,
        value=round(first / second, 6) if quotient else None,
        numerator=first, denominator=second, hedge=read_prefix(tokens, i).hedge,
    )  # fmt: skip
    return found, after


def _is_loose(tokens: Tokens, context: Context, chain: Chain, unit: Unit) -> bool:
    """Whether the slash, without unit and bracket, may be a date or "24/7"."""
    fraction = tokens.words[chain.after] == "số"  # "2/3 số hộ"
    if unit.name is not None or context.outer is not None or fraction:
        return False
    first, second = (tokens.words[n] for n in chain.numbers)
    return len(first) < 3 and len(second) < 3 and int(second) <= 12


def _pair_of_units(
    context: Context, i: int, unit: Unit, other: Unit, values: tuple[Decimal, Decimal]
) -> tuple[Quantity, int]:
    """Read "31/45 vụ/đối tượng"."""
    prefix = read_prefix(context.tokens, i)
    found = context.quantity(
        prefix.start, other.after, value=values[0], unit=unit.name,
        kind=CHANGE if prefix.direction else COUNT, direction=prefix.direction,
        hedge=prefix.hedge, slash="pair",
        pair=((values[0], unit.name or ""), (values[1], other.name or "")),
    )  # fmt: skip
    return found, other.after


def _semantics(
    context: Context, chain: Chain, unit: Unit, first: Decimal, second: Decimal
) -> str:
    tokens = context.tokens
    difference = first - second
    if unit.name == "điểm" and difference <= 0:
        return "score/max"
    change = context.last_change()
    if change is not None and unit.name not in (None, change.unit):
        change = None
    bracket = context.outer is not None
    if change is not None and (bracket or change.value == abs(difference)):
        falls = change.direction == lexicon.DOWN
        if (
            difference
            and (difference > 0) == falls
            and change.direction != lexicon.SAME
        ):
            return PREVIOUS_CURRENT
        return CURRENT_PREVIOUS
    if _change_follows(tokens, max(unit.after, chain.after), abs(difference)):
        return CURRENT_PREVIOUS
    before = tokens.words[max(chain.numbers[0] - 3, 0) : chain.numbers[0]]
    if difference > 0:
        done = "quyết" in before or "xử" in before
        return WHOLE_PART if done else CURRENT_PREVIOUS
    if not second:
        return CURRENT_PREVIOUS
    small = second <= 10 and tokens.words[chain.after] == "số"
    return "fraction" if small else PART_WHOLE


def _change_follows(tokens: Tokens, j: int, difference: Decimal) -> bool:
    """Whether "180/183 vụ" is followed by ", giảm 3 vụ"."""
    words = tokens.words
    if words[j] not in (",", "(") or words[j + 1] not in lexicon.PLAIN_VERBS:
        return False
    if tokens.kinds[j + 2] != NUMBER:
        return False
    told = read_digits(words[j + 2])
    return told is not None and told.value == difference and difference != 0
