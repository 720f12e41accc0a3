"""Do the numbers of a text contradict one another?

Arithmetic among the text's own numbers, by intervals that honour stated decimals,
hedges, half-up or truncation: a change in percent against the change and the level, a
share against its slash, this period against the last, parts against their total. A
contradiction that one unit of the last place explains is soft: a warning.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from tongket.domain import claims_quantity as kinds
from tongket.domain.claims_arithmetic import (
    Interval,
    base_exists,
    bases,
    change_interval,
    stated,
    truncated_bases,
)
from tongket.domain.claims_links import fate, level_of, linked_changes
from tongket.domain.claims_quantity import Quantity
from tongket.domain.claims_units import WHOLE
from tongket.domain.indicators import HUNDRED, rounded
from tongket.domain.numerals import number, percent
from tongket.domain.sentences import Sentence

_EXHAUSTIVE = (":", "gồm", "chia ra")
_SHARE_CUES = ("đạt", "tỷ lệ", "tỉ lệ", "chiếm", "(")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two or more quantities that cannot all be true; `claims` are their places."""

    claims: tuple[int, ...]
    reason: Sentence
    soft: bool = False


def conflicts(found: Sequence[Quantity]) -> tuple[Conflict, ...]:
    """Return the contradictions among the quantities of each sentence."""
    sentences: dict[int, list[int]] = {}
    for at, quantity in enumerate(found):
        sentences.setdefault(quantity.sentence, []).append(at)
    told: list[Conflict] = []
    for places in sentences.values():
        if len(places) > 1:
            told.extend(_changes(found, places))
            told.extend(_periods(found, places))
            told.extend(_moves(found, places))
            told.extend(_shares(found, places))
            told.extend(_sums(found, places))
            told.extend(_totals(found, places))
    return tuple(told)


def _exact(quantity: Quantity) -> Decimal | None:
    return None if quantity.hedge else quantity.value


def _sign(quantity: Quantity) -> int:
    return -1 if quantity.direction == "down" else 1


def _changes(found: Sequence[Quantity], places: Sequence[int]) -> Iterator[Conflict]:
    seen: set[int] = set()
    for level, change, share in linked_changes(found, places):
        if share is None:
            continue
        seen.add(share)
        told = _change_conflict(found, level, change, share)
        if told is not None:
            yield told
    for n, at in enumerate(places):
        quantity = found[at]
        if quantity.kind != kinds.CHANGE_PERCENT or at in seen or not n:
            continue
        level = places[n - 1]
        if _exact(quantity) is not None and _is_alone(found, level, at):
            told = _lonely_percent(found, level, at)
            if told is not None:
                yield told


def _is_alone(found: Sequence[Quantity], level: int, share: int) -> bool:
    """Whether "55 vụ (giảm 43,87%)" is all that is said: a level and its change."""
    first, second = found[level], found[share]
    between = first.after[: second.start - first.end].strip()
    whole = first.kind == kinds.COUNT and _exact(first) is not None and first.step == 1
    return whole and between == "(" and first.unit in WHOLE


def _lonely_percent(
    found: Sequence[Quantity], level: int, share: int
) -> Conflict | None:
    current, change = found[level].value, found[share]
    assert current is not None, "the level is exact"
    exists = base_exists(current, change)
    if exists is True:
        return None
    words = (
        "“{percent}”: chỉ khi cắt bớt thay vì làm tròn mới có số kỳ gốc phù hợp với "
        "{current}."
        if exists is None
        else "“{percent}”: không có số kỳ gốc nguyên nào phù hợp với {current}."
    )
    values = {"percent": change.surface, "current": found[level].surface}
    return Conflict((level, share), Sentence(words, values), soft=exists is None)


def _change_conflict(
    found: Sequence[Quantity], level: int | None, change: int, share: int
) -> Conflict | None:
    difference, told = found[change], found[share]
    assert difference.value is not None, "restated changes have values"
    assert told.value is not None, "restated changes have values"
    sign = _sign(difference)
    told_level = None if level is None else found[level].value
    if level is None or told_level is None:
        return _no_base(found, change, share)
    current = stated(found[level])
    possible = change_interval(current, stated(difference), sign)
    claimed = stated(told)
    if claimed.meets(possible):
        return None
    soft = claimed.widened(told.step).meets(possible)
    exact = rounded(possible.low, max(told.decimals, 2))
    base = told_level - sign * difference.value
    reason = Sentence(
        "{level} và {change} suy ra kỳ gốc {base}, tỷ lệ đúng là {exact}, không phải "
        "{told}.",
        {
            "level": found[level].surface,
            "change": difference.surface,
            "base": number(base.normalize()),
            "exact": percent(exact, max(told.decimals, 2)),
            "told": told.surface,
        },
    )
    return Conflict((level, change, share), reason, soft)


def _no_base(found: Sequence[Quantity], change: int, share: int) -> Conflict | None:
    """Whole changes need a whole base; none is a contradiction."""
    difference, told = found[change], found[share]
    if _exact(difference) is None or _exact(told) is None or difference.step != 1:
        return None
    assert difference.value is not None, "exact quantities have values"
    assert told.value is not None, "exact quantities have values"
    size = (difference.value, told.value, told.decimals)
    wide = told.value * 200 <= difference.value * told.step * HUNDRED
    if bases(*size) or wide or told.value <= told.step:
        return None
    values = {"change": difference.surface, "percent": told.surface}
    if truncated_bases(*size):
        words = "{change} và {percent} chỉ hợp nhau khi cắt bớt thay vì làm tròn."
        return Conflict((change, share), Sentence(words, values), soft=True)
    words = "Không có cặp số nguyên nào cho cả {change} và {percent}."
    return Conflict((change, share), Sentence(words, values))


def _periods(found: Sequence[Quantity], places: Sequence[int]) -> Iterator[Conflict]:
    """Check current/previous slashes against the change they stand with."""
    for n, at in enumerate(places):
        slash = found[at]
        if slash.slash not in (kinds.CURRENT_PREVIOUS, kinds.PREVIOUS_CURRENT):
            continue
        assert slash.numerator is not None, "slashes keep their members"
        assert slash.denominator is not None, "slashes keep their members"
        nearby = [*places[max(n - 1, 0) : n], *places[n + 1 : n + 2]]
        for other in nearby:
            change = found[other]
            if change.kind == kinds.CHANGE and change.unit == slash.unit:
                yield from _slash_against(found, at, other)
                level = level_of(found, places, places.index(other))
                if slash.slash == kinds.PREVIOUS_CURRENT and level is not None:
                    yield from _level_against(found, level, at)
                break


def _slash_against(
    found: Sequence[Quantity], slash: int, change: int
) -> Iterator[Conflict]:
    told, difference = found[slash], found[change]
    assert told.numerator is not None, "slashes keep their members"
    assert told.denominator is not None, "slashes keep their members"
    if _exact(difference) is None:
        return
    size = Decimal(0) if difference.direction == "same" else difference.value
    if abs(told.numerator - told.denominator) == size:
        return
    yield Conflict(
        (change, slash),
        Sentence(
            "{slash} chênh nhau {gap}, không phải “{change}”.",
            {
                "slash": told.surface,
                "gap": number(abs(told.numerator - told.denominator)),
                "change": difference.surface,
            },
        ),
    )


def _level_against(
    found: Sequence[Quantity], level: int, slash: int
) -> Iterator[Conflict]:
    told, current = found[slash], found[level]
    if _exact(current) is None or current.value in (told.numerator, told.denominator):
        return
    yield Conflict(
        (level, slash),
        Sentence(
            "{level} không trùng với số nào trong {slash}.",
            {"level": current.surface, "slash": told.surface},
        ),
    )


def _moves(found: Sequence[Quantity], places: Sequence[int]) -> Iterator[Conflict]:
    """Check "từ 120 vụ xuống còn 90 vụ" against the change told beside it."""
    for n, (first, second) in enumerate(pairwise(places)):
        base, current = found[first], found[second]
        starts = base.before.endswith("từ ") and base.unit == current.unit
        moved = current.surface.startswith(("xuống", "lên", "còn"))
        if not (starts and moved) or base.value is None or current.value is None:
            continue
        gap = current.value - base.value
        for beside in (*places[max(n - 1, 0) : n], *places[n + 2 : n + 3]):
            change = found[beside]
            size = _exact(change)
            same = change.kind == kinds.CHANGE and change.unit == base.unit
            if not same or size is None or base.hedge or current.hedge:
                continue
            if size * _sign(change) != gap:
                words = "{base} {current} là {gap}, không phải “{change}”."
                said = {
                    "base": base.surface,
                    "current": current.surface,
                    "gap": number(abs(gap)),
                    "change": change.surface,
                }
                yield Conflict((first, second, beside), Sentence(words, said))


def _shares(found: Sequence[Quantity], places: Sequence[int]) -> Iterator[Conflict]:
    """Check a percentage against the part and whole that it is told right after."""
    for n, at in enumerate(places):
        share = found[at]
        if share.kind != kinds.PERCENT or share.value is None or not n or share.role:
            continue
        parts = _parts(found, places, n)
        if parts is None:
            continue
        exact = parts[0] / parts[1] * HUNDRED
        if exact in stated(share):
            continue
        said = {
            "parts": f"{number(parts[0])}/{number(parts[1])}",
            "exact": percent(exact, max(share.decimals, 2)),
            "told": share.surface,
        }
        words = "{parts} bằng {exact}, không phải {told}."
        soft = exact in stated(share).widened(share.step)
        yield Conflict((places[n - 1], at), Sentence(words, said), soft)


def _parts(
    found: Sequence[Quantity], places: Sequence[int], n: int
) -> tuple[Decimal, Decimal] | None:
    """Return (part, whole) told right before a percentage: "48/58 vụ, đạt …".

    Also "156 vụ trong 233 vụ, chiếm …", in words.
    """
    share, part = found[places[n]], found[places[n - 1]]
    lead = part.after[: share.start - part.end].casefold()
    cued = any(cue in lead for cue in _SHARE_CUES)
    if len(lead) != share.start - part.end or not cued or part.hedge:
        return None
    if part.slash == kinds.PART_WHOLE and part.numerator and part.denominator:
        return part.numerator, part.denominator
    first = found[places[n - 2]] if n > 1 else None
    if first is None or first.unit != part.unit or part.kind != kinds.COUNT:
        return None
    between = first.after[: part.start - first.end].strip()
    explicit = between in ("trong", "trong tổng số", "trên", "trên tổng số")
    if not explicit or _exact(first) is None or not part.value or first.value is None:
        return None
    return first.value, part.value


def _listed(found: Sequence[Quantity], places: Sequence[int]) -> tuple[int, ...]:
    """Return the places of one list: up to the first semicolon between its members."""
    for n, (at, following) in enumerate(pairwise(places), 1):
        between = found[at].after[: found[following].start - found[at].end + 1]
        if len(between) <= found[following].start - found[at].end:
            return tuple(places[:n])
    return tuple(places)


def _sums(found: Sequence[Quantity], places: Sequence[int]) -> Iterator[Conflict]:
    """Check a total against the parts that a colon or "gồm" lists behind it."""
    for n, at in enumerate(places[:-2]):
        total = found[at]
        if total.kind not in (kinds.COUNT, kinds.MONEY) or total.value is None:
            continue
        lead = total.after[: found[places[n + 1]].start - total.end].casefold()
        if not any(cue in lead for cue in _EXHAUSTIVE) or "trong đó" in lead:
            continue
        listed = _listed(found, places[n + 1 :])
        parts = [found[p] for p in listed]
        if any(p.unit != total.unit or not p.is_level for p in parts) or len(parts) < 2:
            continue
        if any(p.value is None or p.slash for p in parts):
            continue
        low = sum((stated(p).low for p in parts), Decimal(0))
        high = sum((stated(p).high for p in parts), Decimal(0))
        added, step = Interval(low, high), total.step if total.step != 1 else Decimal(0)
        if not added.widened(step).meets(stated(total)):
            values = (p.value for p in parts if p.value is not None)
            yield _not_the_sum(found, (at, *listed), at, sum(values, Decimal(0)))


def _not_the_sum(
    found: Sequence[Quantity], claims: tuple[int, ...], total: int, added: Decimal
) -> Conflict:
    words = "Cộng các thành phần được {sum}, không phải {total}."
    said = {"sum": number(added), "total": found[total].surface}
    return Conflict(claims, Sentence(words, said))


def _totals(found: Sequence[Quantity], places: Sequence[int]) -> Iterator[Conflict]:
    """Check that the parts told before a total ("tổng là …") do not exceed it."""
    for n, at in enumerate(places):
        total = found[at]
        if total.value is None or total.hedge or not _is_total(found, places, n):
            continue
        parts = [
            part
            for part in places[:n]
            if found[part].unit == total.unit
            and found[part].kind == total.kind
            and not _is_total(found, places, places.index(part))
            and fate(found[part]) == fate(total)
        ]
        values = [found[part].value for part in parts]
        added = sum((value for value in values if value is not None), Decimal(0))
        if (
            len(parts) > 1
            and added > total.value + total.step
            and fate(total) is not None
        ):
            yield _not_the_sum(found, (*parts, at), at, added)


def _is_total(found: Sequence[Quantity], places: Sequence[int], n: int) -> bool:
    """Whether "tổng" stands before the quantity or the one it is listed with."""
    quantity = found[places[n]]
    clause = re.split(r"[;,(]\s", quantity.before)[-1]
    if "tổng" in clause:
        return True
    listed = n > 0 and quantity.before.endswith((", ", "và "))
    return listed and "tổng" in re.split(r"[;,(]\s", found[places[n - 1]].before)[-1]
