"""Where and when did the crimes of the demonstration happen, and were they cleared?

Every case is placed once, with its offence, gravity and month of clearing; the columns
of the form are counted from the cases, so the structure adds up by construction.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random

from tongket.loader.demonstration.places import Board
from tongket.loader.demonstration.shares import parts, picks, sample, shuffled, stream
from tongket.loader.demonstration.year import Demo

Tally = dict[str, Counter[int]]

OFFENCES = (
    "theft_cases",
    "injury_cases",
    "gambling_cases",
    "fraud_cases",
    "other_social_order_cases",
)
# How much damage a case of the offence does, and how many persons it has, relatively.
DAMAGE: Mapping[str, float] = {
    "theft_cases": 1.0,
    "injury_cases": 0.1,
    "gambling_cases": 0.0,
    "fraud_cases": 4.0,
    "other_social_order_cases": 1.6,
}
PERSONS: Mapping[str, float] = {
    "theft_cases": 0.6,
    "injury_cases": 1.0,
    "gambling_cases": 4.0,
    "fraud_cases": 0.5,
    "other_social_order_cases": 0.9,
}
CLEARED_LATER = 0.04  # share of the cleared cases that are cleared in the month after


@dataclass(slots=True)
class Case:
    """One case: its square, its offence, how grave it is, and where it was cleared."""

    square: int
    offence: str
    gravity: str = ""
    cleared: int | None = None


def crimes(board: Board, demo: Demo, year: int) -> Tally:
    """Return every column about social-order crime, by square of the board."""
    chance = stream(demo.seed, f"crimes {year}")

    def total(measure: str) -> int:
        return demo.count("flows", measure, year)

    cases = _placed(board, chance, total)
    _clear(board, cases, chance, total)
    tally: Tally = {
        "social_order_cases": Counter(case.square for case in cases),
        "social_order_cleared": Counter(_cleared(cases)),
    }
    for offence in OFFENCES:
        tally[offence] = Counter(c.square for c in cases if c.offence == offence)
    for gravity in ("very_serious", "especially_serious"):
        grave = [case for case in cases if case.gravity == gravity]
        tally[f"{gravity}_cases"] = Counter(case.square for case in grave)
        tally[f"{gravity}_cleared"] = Counter(_cleared(grave))
    tally |= _harm(cases, chance, total)
    return tally


def _cleared(cases: Iterable[Case]) -> list[int]:
    return [case.cleared for case in cases if case.cleared is not None]


def _placed(board: Board, chance: Random, total: Callable[[str], int]) -> list[Case]:
    squares = picks(
        chance, total("social_order_cases"), board.weights("crime", "crime")
    )
    kinds = [offence for offence in OFFENCES for _ in range(total(offence))]
    assert len(kinds) == len(squares), "the offences of the year add up to its cases"
    cases = [
        Case(square, offence)
        for square, offence in zip(squares, shuffled(chance, kinds), strict=True)
    ]
    # Killings stand among "other"; the very serious cases are spread over all offences.
    others = [case for case in cases if case.offence == OFFENCES[-1]]
    for case in others[: total("especially_serious_cases")]:
        case.gravity = "especially_serious"
    ordinary = [c for c in cases if not c.gravity and c.offence != "gambling_cases"]
    count = total("very_serious_cases")
    for case in sample(chance, count, ordinary, [1.0] * len(ordinary)):
        case.gravity = "very_serious"
    return cases


def _clear(
    board: Board, cases: list[Case], chance: Random, total: Callable[[str], int]
) -> None:
    """Clear exactly as many as the year states; grave cases in their own month."""
    left_over = total("social_order_cases") - total("social_order_cleared")
    open_grave = 0
    for gravity in ("very_serious", "especially_serious"):
        grave = [case for case in cases if case.gravity == gravity]
        cleared = total(f"{gravity}_cleared")
        open_grave += len(grave) - cleared
        for case in grave[:cleared]:
            case.cleared = case.square
    ordinary = [case for case in cases if not case.gravity]
    # Thefts are the cases that stay open most often.
    weights = [3.0 if case.offence == "theft_cases" else 1.0 for case in ordinary]
    still_open = {
        id(case) for case in sample(chance, left_over - open_grave, ordinary, weights)
    }
    for case in ordinary:
        if id(case) in still_open:
            continue
        later = board.month_after(case.square)
        is_later = chance.random() < CLEARED_LATER and later is not None
        case.cleared = later if is_later else case.square


def _harm(cases: list[Case], chance: Random, total: Callable[[str], int]) -> Tally:
    killing = [case for case in cases if case.gravity == "especially_serious"]
    injuring = [case for case in cases if case.offence == "injury_cases"]
    cleared = [case for case in cases if case.cleared is not None]
    worth = [DAMAGE[case.offence] * (0.6 + 0.8 * chance.random()) for case in cases]
    return {
        "social_order_killed": _one_each(killing, total("social_order_killed"), chance),
        "social_order_injured": _one_each(
            injuring, total("social_order_injured"), chance
        ),
        "social_order_damage": summed(
            (case.square for case in cases), parts(total("social_order_damage"), worth)
        ),
        "social_order_persons": one_each(
            _cleared(cleared),
            total("social_order_persons"),
            [PERSONS[case.offence] for case in cleared],
            chance,
        ),
    }


def _one_each(cases: list[Case], count: int, chance: Random) -> Counter[int]:
    squares = [case.square for case in cases]
    return one_each(squares, count, [1.0] * len(squares), chance)


def one_each(
    squares: list[int], count: int, weights: list[float], chance: Random
) -> Counter[int]:
    """Give each square of the list one, and draw the rest of `count` by weight."""
    assert count >= len(squares), "each event has at least one"
    more = picks(chance, count - len(squares), weights)
    return Counter([*squares, *(squares[place] for place in more)])


def summed(squares: Iterable[int], amounts: Iterable[int]) -> Counter[int]:
    """Return the amounts added up by square."""
    found: Counter[int] = Counter()
    for square, amount in zip(squares, amounts, strict=True):
        found[square] += amount
    return found
