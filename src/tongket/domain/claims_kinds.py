"""What kind of statement is a number: a count, a change, a share, a target?

Decided from the verb and hedge in front, the unit behind, and what the sentence said
before ("giảm 67 vụ (6,23%)": the bracket is the same change in percent of the base).
"""

from decimal import Decimal
from typing import NamedTuple

from tongket.domain import claims_words as lexicon
from tongket.domain.claims_context import Context
from tongket.domain.claims_grammar import (
    PERCENT,
    POINTS,
    TIMES,
    Prefix,
    Unit,
    read_unit,
)
from tongket.domain.claims_quantity import (
    CHANGE,
    CHANGE_PERCENT,
    COUNT,
    FREE,
    MONEY,
    RATIO,
)
from tongket.domain.claims_quantity import PERCENT as SHARE
from tongket.domain.claims_tokens import NUMBER

_SAME_SUBJECT = lexicon.CONNECTORS | {
    "so", "với", "cùng", "kỳ", "năm", "trước", "ngoái", ",", "(", "tháng", "quý", "thì",
    "giai", "đoạn", "trung", "bình", "chung", "toàn", "quốc", "cả", "nước",
}  # fmt: skip
_BREAKERS = {
    "(", ")", ";", ":", "đạt", "chiếm", "làm", "bắt", "tố", "lý", "phá", "hiện", "rõ",
    "xử", "có", "gồm", "trong", "còn", "riêng", "lệ", "thu", "xảy", "phạt",
}  # fmt: skip


class Meaning(NamedTuple):
    """How one number is to be understood."""

    start: int
    unit: str | None
    kind: str
    direction: str | None
    hedge: str | None
    role: str | None = None


def meaning(
    context: Context, prefix: Prefix, unit: Unit, value: Decimal | None
) -> Meaning:
    """Return what the number with this prefix and unit says."""
    start, direction, hedge = prefix.start, prefix.direction, prefix.hedge
    name = unit.name
    if prefix.verb == "vượt" and name != PERCENT and name != POINTS:
        hedge, direction = hedge or lexicon.ABOVE, None
    if direction is None and not prefix.level:
        direction = _inherited(context, start, unit)
    if name == TIMES and (prefix.times or prefix.direction):
        return Meaning(start, TIMES, RATIO, direction, hedge, "multiple")
    if name == POINTS:
        return Meaning(start, name, CHANGE, direction, hedge)
    kind, role = MONEY if unit.money else COUNT, None
    if name == PERCENT:
        name, kind, direction, role = _percent(context, prefix, direction, value)
    elif direction is not None:
        kind = CHANGE
    at_least = prefix.at_least and not prefix.direction and name == PERCENT
    aimed = context.is_target(start, at_least)
    if aimed and prefix.verb != "vượt" and name != POINTS:
        return Meaning(start, name, FREE, direction, hedge, "target")
    if context.is_average(start, unit.after) and direction is None:
        return Meaning(start, name, FREE, None, hedge, context.rate(start))
    return Meaning(start, name, kind, direction, hedge, role)


def _percent(
    context: Context, prefix: Prefix, direction: str | None, value: Decimal | None
) -> tuple[str, str, str | None, str | None]:
    """Return (unit, kind, direction, role) of a number with a percent sign."""
    words, start = context.tokens.words, prefix.start
    if prefix.verb == "vượt":
        return POINTS, CHANGE, direction, None
    if direction is not None:
        previous = context.previous
        if not prefix.direction and previous is not None:
            same = previous.unit == POINTS
        else:
            counted = words[_after(context, start)] == "số"  # tăng 5% số vụ
            same = not counted and _about_a_rate(context, prefix)
        if same:
            return POINTS, CHANGE, direction, None
        return PERCENT, CHANGE_PERCENT, direction, None
    compared = words[_after(context, start)] in ("so", "cùng", "của", "mức")
    if words[start - 1] == "bằng" and compared and value is not None:
        way = lexicon.DOWN if value < 100 else lexicon.UP
        return PERCENT, SHARE, way, "level_of_base"
    linked = None if prefix.level else _linked(context, start)
    if linked is not None:
        return PERCENT, CHANGE_PERCENT, linked, None
    return PERCENT, SHARE, None, None


def _after(context: Context, start: int) -> int:
    """Return the index after the number, and its %, whose prefix is at `start`."""
    words, kinds = context.tokens.words, context.tokens.kinds
    number = next((j for j in range(start, start + 7) if kinds[j] == NUMBER), start)
    return number + 2 if words[number + 1] == "%" else number + 1


def _about_a_rate(context: Context, prefix: Prefix) -> bool:
    """Whether what rose or fell is itself a rate, so that the gap is in points."""
    words, k = context.tokens.words, prefix.start
    stop = max(context.sentence_start, context.spans[-1][1] if context.spans else 0)
    subject: list[str] = []
    while k > stop and words[k - 1] not in (",", ";", "(", ":"):
        k -= 1
        subject.append(words[k])
    subject.reverse()
    for at, word in enumerate(subject[:-1]):
        if word in ("tỷ", "tỉ") and subject[at + 1] in ("lệ", "trọng", "suất"):
            previous = context.previous
            leads = at + 2 == len(subject)  # "giảm 154 vụ, tỷ lệ giảm 28,79%"
            return not (leads and previous is not None and previous.kind == CHANGE)
    outer = context.outer_quantity(prefix.start)
    if outer is None:
        return False
    rate = outer.kind == SHARE and outer.unit == PERCENT and outer.role is None
    rest = words[context.spans[-1][1] : prefix.start] if k == stop else subject
    gap = [
        w for w in rest if w not in _SAME_SUBJECT and w != ")" and not w[0].isdigit()
    ]
    return rate and not gap


def _inherited(context: Context, start: int, unit: Unit) -> str | None:
    """Return the direction that a verb further in front still governs.

    "giảm 255 vụ, 82 người chết và 59 người bị thương": all three went down. A number
    with a change of its own behind it ("528 người chết, tăng 29 người") is a level.
    """
    words = context.tokens.words
    gap = context.gap(start) if context.previous else []
    previous = context.previous
    if ")" in gap:  # "giảm 44 vụ (4,23%), 29 người chết"
        previous = context.outer_quantity(start)
        gap = gap[len(gap) - gap[::-1].index(")") :]
    if previous is None or (previous.is_level and previous.role != "target"):
        return None
    if previous.direction not in (lexicon.UP, lexicon.DOWN):
        return None
    if words[start - 1] not in (",", "và", "cùng", "/"):
        return None
    if len(gap) > 12 or not _BREAKERS.isdisjoint(gap):
        return None
    percents = (previous.unit in (PERCENT, POINTS), unit.name == PERCENT)
    if percents[0] != percents[1] or (not percents[1] and previous.unit == unit.name):
        distinct = previous.unit == unit.name == "người" and _tail(previous.surface)
        if not (distinct and not percents[0]):
            return None
    return None if _own_change_follows(context, unit) else previous.direction


def _tail(surface: str) -> bool:
    """Whether the surface says which people: "3 người chết"."""
    return surface.endswith(("chết", "thương", "vong", "nạn", "tích"))


def _own_change_follows(context: Context, unit: Unit) -> bool:
    tokens, j = context.tokens, unit.after
    if tokens.words[j] not in (",", "("):
        return False
    j += 1
    if tokens.words[j] not in lexicon.PLAIN_VERBS:
        return False
    if tokens.kinds[j + 1] != NUMBER:
        return False
    other = read_unit(tokens, j + 2, guess=False)
    return other.name in (unit.name, PERCENT)


def _linked(context: Context, start: int) -> str | None:
    """Return the direction of the change that a percentage merely restates.

    "giảm 67 vụ (6,23%)", "tăng 272 vụ, tương ứng 98,55%", "ít hơn 03 vụ = 1,6%".
    """
    change = context.last_change()
    if change is None or change.kind != CHANGE or change.unit == POINTS:
        return None
    if change.direction not in (lexicon.UP, lexicon.DOWN):
        return None
    gap = context.gap(start)
    if "(" in gap:
        at = len(gap) - 1 - gap[::-1].index("(")
        before, gap = gap[:at], gap[at + 1 :]
        if len(before) > 5 or "," in before or ";" in before or ")" in before:
            return None
    elif context.outer is not None and gap[:1] in ([";"], [","]):
        gap = gap[1:]
    elif not gap or (gap[0] != "," and gap[0] not in lexicon.LINKS):
        return None
    linked = all(word in lexicon.LINKS or word == "," for word in gap)
    return change.direction if linked else None
