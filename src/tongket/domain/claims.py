"""Is every number of a text true?

`judge` finds the quantities of a Vietnamese text, ties each to a figure where the words
allow it, and says of each: verified, contradicted (by how much, the likely cause),
inconsistent with another claim of the text, or unknown (and why). From a change and its
percent it derives the only bases that fit, whether or not any figure is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tongket.domain import claims_quantity as kinds
from tongket.domain.claims_arithmetic import Pairs, bases, truncated_bases
from tongket.domain.claims_consistency import Conflict, conflicts
from tongket.domain.claims_links import linked_changes
from tongket.domain.claims_quantity import Quantity, as_json
from tongket.domain.claims_ties import Tie, Vocabulary, is_together, tie
from tongket.domain.claims_truth import FALSE, TRUE, UNKNOWN, Finding, examine
from tongket.domain.indicators import Comparison
from tongket.domain.numerals import number
from tongket.domain.quantities import find
from tongket.domain.sentences import Sentence

__all__ = [
    "Derivation", "Judged", "Quantity", "Stated", "as_json", "bases", "find", "judge",
    "truncated_bases",
]  # fmt: skip
INCONSISTENT = "inconsistent"
FEW = 4  # bases worth naming one by one


@dataclass(frozen=True, slots=True)
class Derivation:
    """What a change and its percent say together: the (base, current) that fit.

    `claims` are the places of the two among the quantities; `cut` are the pairs that
    fit only when the percent was cut instead of rounded.
    """

    claims: tuple[int, int]
    pairs: Pairs
    cut: Pairs
    words: Sentence


@dataclass(frozen=True, slots=True)
class Judged:
    """One quantity and what is to be thought of it; `conflicts` are other places."""

    quantity: Quantity
    verdict: str
    reason: Sentence
    indicator: str | None = None
    figure: str | None = None
    warning: bool = False
    conflicts: tuple[int, ...] = ()
    derivations: tuple[Derivation, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """A stretch of text that is known to speak of these indicators."""

    start: int
    end: int
    keys: tuple[str, ...]


def judge(
    text: str,
    comparisons: Mapping[str, Comparison],
    vocabulary: Vocabulary,
    stated: Sequence[Stated] = (),
) -> tuple[Judged, ...]:
    """Return the judgement of every quantity in the text, in order.

    `vocabulary` gives for each indicator the phrases by which a sentence names it;
    `stated` the places whose indicator is known, as in a text written from figures.
    """
    found = find(text)
    ties = _known(found, tie(text, found, comparisons, vocabulary), stated)
    judged = [
        _judged(quantity, made, comparisons)
        for quantity, made in zip(found, ties, strict=True)
    ]
    derived = _derive(found, ties)
    for conflict in conflicts(found):
        _apply(judged, conflict)
    for derivation in derived:
        for at in derivation.claims:
            told = (*judged[at].derivations, derivation)
            judged[at] = replace(judged[at], derivations=told)
    return tuple(judged)


def _known(
    found: Sequence[Quantity], ties: Sequence[Tie | None], stated: Sequence[Stated]
) -> list[Tie | None]:
    """Replace what the words suggest by what is known of a place."""
    known = list(ties)
    for at, quantity in enumerate(found):
        for place in stated:
            if quantity.start < place.end and place.start < quantity.end:
                known[at] = Tie(place.keys, firm=True)
    return known


def _judged(
    quantity: Quantity, made: Tie | None, comparisons: Mapping[str, Comparison]
) -> Judged:
    if made is None:
        words = "Không xác định được chỉ tiêu mà số này nói đến."
        return Judged(quantity, UNKNOWN, Sentence(words))
    key = " ".join(made.keys)
    chosen = [comparisons[each] for each in made.keys if each in comparisons]
    if len(chosen) != len(made.keys):
        words = "Chưa có số liệu của chỉ tiêu này để đối chiếu."
        return Judged(quantity, UNKNOWN, Sentence(words), key)
    figure = " ".join(each.current.key for each in chosen)
    if is_together(quantity):
        told = _all(quantity, chosen)
    else:
        tried = [examine(quantity, each) for each in chosen]
        told = next((each for each in tried if each.verdict == TRUE), tried[0])
    if told.verdict == FALSE and not made.firm:
        words = "Không chắc số này nói đến {label}; cần người đọc kiểm tra."
        label = chosen[0].current.indicator.label
        return Judged(quantity, UNKNOWN, Sentence(words, {"label": label}), key)
    return Judged(quantity, told.verdict, told.reason, key, figure, told.warning)


def _all(quantity: Quantity, comparisons: Sequence[Comparison]) -> Finding:
    """Say whether all the indicators moved the way that is told of them."""
    way = {"up": 1, "down": -1, "same": 0}[quantity.direction or "same"]
    if any(each.difference is None for each in comparisons):
        words = "Chưa có đủ số liệu của {count} tiêu chí để đối chiếu."
        return Finding(UNKNOWN, Sentence(words, {"count": len(comparisons)}))
    wrong = [each for each in comparisons if each.direction != way]
    if not wrong:
        labels = ", ".join(each.current.indicator.label for each in comparisons)
        return Finding(TRUE, Sentence("Khớp với {labels}.", {"labels": labels}))
    labels = ", ".join(each.current.indicator.label for each in wrong)
    words = "Không đúng với {labels}."
    return Finding(FALSE, Sentence(words, {"labels": labels}))


def _apply(judged: list[Judged], conflict: Conflict) -> None:
    """Mark the claims of a conflict; what the figures decided stays decided."""
    decided = any(judged[at].verdict == FALSE for at in conflict.claims)
    for at in conflict.claims:
        each = judged[at]
        others = tuple(other for other in conflict.claims if other != at)
        met = tuple(dict.fromkeys((*each.conflicts, *others)))
        if conflict.soft:
            judged[at] = replace(each, warning=True, conflicts=met)
        elif each.verdict == UNKNOWN and not decided:
            judged[at] = replace(
                each, verdict=INCONSISTENT, reason=conflict.reason, conflicts=met
            )
        else:
            judged[at] = replace(each, conflicts=met)


def _derive(found: Sequence[Quantity], ties: Sequence[Tie | None]) -> list[Derivation]:
    """Return what changes and percents of one indicator say about its base."""
    derived: list[Derivation] = []
    for change, share in _paired(found, ties):
        first, second = found[change], found[share]
        assert first.value is not None, "pairs are exact"
        assert second.value is not None, "pairs are exact"
        size = (first.value, second.value, second.decimals)
        sign = -1 if first.direction == "down" else 1
        fitting, cut = (
            tuple((base, base + sign * int(first.value)) for base, _ in pairs)
            for pairs in (bases(*size), truncated_bases(*size))
        )
        fitting = tuple(pair for pair in fitting if pair[1] >= 0)
        cut = tuple(pair for pair in cut if pair[1] >= 0)
        if fitting or cut:
            words = _derivation(first, second, fitting, cut)
            derived.append(Derivation((change, share), fitting, cut, words))
    return derived


def _paired(
    found: Sequence[Quantity], ties: Sequence[Tie | None]
) -> list[tuple[int, int]]:
    """Return the exact whole changes and the percents told of the same indicator."""
    changes: dict[str, list[int]] = {}
    shares: dict[str, list[int]] = {}
    for at, (quantity, made) in enumerate(zip(found, ties, strict=True)):
        exact = quantity.value is not None and quantity.hedge is None
        if made is None or not made.firm or not exact:
            continue
        if quantity.kind == kinds.CHANGE_PERCENT:
            shares.setdefault(made.keys[0], []).append(at)
        elif _is_exact(quantity) and not is_together(quantity):
            changes.setdefault(made.keys[0], []).append(at)
    pairs = [
        (change, share)
        for places in _sentences(found)
        for _, change, share in linked_changes(found, places)
        if share is not None and _is_exact(found[change]) and not found[share].hedge
    ]
    told = {at for pair in pairs for at in pair}
    for key, some in changes.items():
        for change in (at for at in some if at not in told):
            near = [at for at in shares.get(key, ()) if at not in told]
            near = [at for at in near if found[at].direction == found[change].direction]
            if near:
                pairs.append((change, min(near, key=lambda at: abs(at - change))))
    return pairs


def _is_exact(quantity: Quantity) -> bool:
    """Whether it is a change by a whole number of things, without a hedge."""
    whole = quantity.kind == kinds.CHANGE and quantity.step == 1 and not quantity.hedge
    return whole and quantity.unit != "điểm %" and quantity.value is not None


def _sentences(found: Sequence[Quantity]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for at, quantity in enumerate(found):
        groups.setdefault(quantity.sentence, []).append(at)
    return list(groups.values())


def _derivation(
    change: Quantity, share: Quantity, fitting: Pairs, cut: Pairs
) -> Sentence:
    said: dict[str, object] = {"change": change.surface, "percent": share.surface}
    if not fitting:
        words = "“{change}” và “{percent}” chỉ hợp nhau nếu cắt bớt: {cut}."
        return Sentence(words, {**said, "cut": _told(cut)})
    said["pairs"] = _told(fitting)
    if not cut:
        return Sentence("“{change}” và “{percent}” chỉ hợp với: {pairs}.", said)
    words = (
        "“{change}” và “{percent}” chỉ hợp với: {pairs}; nếu cắt bớt thay vì làm tròn "
        "thì thêm {cut}."
    )
    return Sentence(words, {**said, "cut": _told(cut)})


def _told(pairs: Pairs) -> str:
    """Write "1.075→1.008, 1.076→1.009"; of many only the first and the last."""
    shown = [f"{number(base)}→{number(current)}" for base, current in pairs]
    if len(shown) <= FEW:
        return ", ".join(shown)
    return f"{shown[0]} … {shown[-1]} ({number(len(shown))})"
