"""How is a whole divided so that the parts are whole, plausible, and add up exactly?

Everything here is built on `random()` and `randrange()` alone: the other methods of
`random.Random` may change their sequence with the version of Python.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import fsum
from random import Random
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, topic: str) -> Random:
    """Return the source of chance of one topic; topics do not disturb one another."""
    return Random(f"{seed}:{topic}")  # noqa: S311 invented, no secret  # nosec B311


def parts(total: int, weights: Sequence[float]) -> list[int]:
    """Divide `total` by weight, largest remainder first ("số dư lớn nhất").

    >>> parts(10, [1, 1, 1])
    [4, 3, 3]
    >>> parts(7, [3, 0, 1])
    [5, 0, 2]
    """
    whole = fsum(weights)  # sum() adds floats otherwise from Python 3.12 on
    exact = [total * weight / whole for weight in weights]
    floors = [int(share) for share in exact]
    by_remainder = sorted(
        range(len(exact)), key=lambda place: (floors[place] - exact[place], place)
    )
    for place in by_remainder[: total - sum(floors)]:
        floors[place] += 1
    return floors


def picks(chance: Random, count: int, weights: Sequence[float]) -> list[int]:
    """Draw `count` places by weight, with replacement; no place of weight nought."""
    steps = list(accumulate(weights))
    last = len(steps) - 1
    return [
        min(bisect_right(steps, chance.random() * steps[-1]), last)
        for _ in range(count)
    ]


def drawn(chance: Random, total: int, weights: Sequence[float]) -> list[int]:
    """Divide `total` one by one at random, by weight."""
    counts = [0] * len(weights)
    for place in picks(chance, total, weights):
        counts[place] += 1
    return counts


def shuffled(chance: Random, things: Sequence[T]) -> list[T]:
    """Return the things in a random order."""
    left = list(things)
    for last in range(len(left) - 1, 0, -1):
        other = chance.randrange(last + 1)
        left[last], left[other] = left[other], left[last]
    return left


def sample(
    chance: Random, count: int, things: Sequence[T], weights: Sequence[float]
) -> list[T]:
    """Draw `count` different things by weight."""
    left, open_weights, chosen = list(things), list(weights), []
    for _ in range(count):
        (place,) = picks(chance, 1, open_weights)
        chosen.append(left[place])
        open_weights[place] = 0.0
    return chosen
