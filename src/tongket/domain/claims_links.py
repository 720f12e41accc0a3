"""Which numbers of a sentence speak of the same thing?

A change and the level it led to, a change and the percent that restates it, people
killed and people injured: decided by unit, place and the words between.
"""

import re
from collections.abc import Iterator, Sequence

from tongket.domain import claims_quantity as kinds
from tongket.domain.claims_quantity import Quantity

_FATES = (("chết", "vong", "tử nạn"), ("thương",), ("mất tích",))


def fate_of(words: str) -> int | None:
    """Return which people the words speak of: killed 0, injured 1, missing 2."""
    for n, fates in enumerate(_FATES):
        if any(each in words for each in fates):
            return n
    return None


def fate(quantity: Quantity) -> int | None:
    """Return which people a count speaks of, as `fate_of`; None when it says not."""
    told = fate_of(quantity.surface)
    if told is None and quantity.after.startswith((" số ", " chết", " bị thương")):
        told = fate_of(quantity.after[:24])
    if told is None:
        told = fate_of(re.split(r"[;,]\s", quantity.before)[-1])
    return told


def linked_changes(
    found: Sequence[Quantity], places: Sequence[int]
) -> Iterator[tuple[int | None, int, int | None]]:
    """Yield (level, change, percent) told of one thing; level and percent may lack.

    The level is the last one in the same unit before the change, unless another change
    in that unit stands between; the percent follows, or comes right before.
    """
    for n, at in enumerate(places):
        change = found[at]
        if change.kind != kinds.CHANGE or change.unit == "điểm %":
            continue
        if change.direction == "same":
            continue
        level = level_of(found, places, n)
        sides = (places[n + 1 : n + 3], places[max(n - 1, 0) : n])
        shares = (_restating(found, at, side) for side in sides)
        share = next((each for each in shares if each is not None), None)
        yield level, at, share


def _restating(
    found: Sequence[Quantity], change: int, side: Sequence[int]
) -> int | None:
    """Return the percent that restates the change, the first that is no slash."""
    for nearby in side:
        other = found[nearby]
        if other.kind == kinds.RATIO:
            continue
        told = other.kind == kinds.CHANGE_PERCENT
        return nearby if told and _is_restated(found, change, nearby) else None
    return None


def _is_restated(found: Sequence[Quantity], change: int, share: int) -> bool:
    """Whether the percent restates the change: in brackets, or after "tương ứng"."""
    first, second = sorted((found[change], found[share]), key=lambda each: each.start)
    if found[change].direction != found[share].direction:
        return False
    if found[change].value is None or found[share].value is None:
        return False
    between = first.after[: second.start - first.end]
    if len(between) < second.start - first.end:
        return False
    plain = between.replace("tương đương", "").replace("tương ứng", "").strip()
    if plain.startswith(("(", ";")):
        return ")" not in plain or _is_slash(plain)
    return plain in ("", ",", "=", ", hay", "hay", ", tức", "tức", "với") or (
        "(" in between and ")" not in between and len(between) < 40
    )


def _is_slash(words: str) -> bool:
    return "/" in words and words.endswith((",", ";", "("))


def same_unit(first: str | None, second: str | None) -> bool:
    """Whether two numbers count in one unit, said in full or short: "tin báo", tin."""
    if first is None or second is None:
        return first == second
    one, other = f"{first} ", f"{second} "
    return one.startswith(other) or other.startswith(one)


def level_of(found: Sequence[Quantity], places: Sequence[int], n: int) -> int | None:
    change = found[places[n]]
    for at in reversed(places[:n]):
        other = found[at]
        if not same_unit(other.unit, change.unit) or other.kind == kinds.RATIO:
            continue
        told = fate(change)
        if change.unit == "người" and told is not None and fate(other) != told:
            continue
        if other.kind not in (kinds.COUNT, kinds.MONEY) or other.value is None:
            return None
        near = at == places[n - 1] or _same_topic(found, at, places[n])
        return at if near else None
    return None


def _same_topic(found: Sequence[Quantity], level: int, change: int) -> bool:
    """Whether the change, told after other quantities, still speaks of the level."""
    first = change
    if found[change - 1].kind == kinds.CHANGE_PERCENT and change - 1 > level:
        first = change - 1  # "số vụ tăng gần 18% (tương đương tăng 13 vụ)"
    before = found[first - 1]
    lead = before.after[: found[first].start - before.end].strip(" ,:;")
    if found[change].unit == "người" and fate(found[change]) is not None:
        return True
    return lead in ("", "và", "so với cùng kỳ", "nhưng", "số vụ")
