"""Who are the communes of the demonstration year, and how do they differ?

Each commune keeps its traits through both years: how many people live there, how much
happens, how well it works, and how it writes. They are drawn once, from the seed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from tongket.domain.units import Tree, UnitVersion
from tongket.loader.demonstration.shares import sample, stream
from tongket.loader.demonstration.year import Demo

MONTHS = 12
URBAN = ("Phường", "Thị trấn")
USUAL_POPULATION = 8_000

# By month of the reporting year, which begins on 15 December: thefts and accidents rise
# before and at the lunar new year, outreach in campaigns and at the August festival.
SEASONS = {
    "crime": (1.2, 1.25, 0.95, 0.9, 0.92, 1.0, 1.05, 1.08, 0.96, 0.95, 0.98, 1.05),
    "road": (1.15, 1.35, 1.1, 0.95, 0.9, 0.92, 0.95, 0.98, 0.95, 0.92, 0.95, 1.0),
    "fire": (1.2, 1.3, 1.0, 0.95, 1.1, 1.25, 1.15, 0.9, 0.8, 0.85, 1.0, 1.1),
    "work": (1.1, 0.9, 1.05, 1.0, 1.0, 1.1, 1.05, 1.25, 1.0, 0.95, 1.05, 1.1),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One commune with what stays the same about it.

    `quality` runs from 0 to 1; `nil_share` is how often it writes "-" for a nought.
    """

    unit: str
    people: int
    crime: float
    road: float
    work: float
    quality: float
    nil_share: float
    uses_workbook: bool


def _lopsided(chance: Random, least: float, spread: float) -> float:
    """Draw a factor of which most are near `least` and a few far above."""
    half = chance.random()
    return least + spread * half * half


def places(tree: Tree, demo: Demo) -> tuple[Place, ...]:
    """Return the communes of the tree's day with their traits."""
    chance = stream(demo.seed, "places")
    habits = [
        float(demo.total("sending", "nil_percent", habit)) / 100
        for habit in ("dash", "mixed", "nought")
    ]
    workbook = float(demo.total("sending", "workbook_percent", "all")) / 100

    def place(version: UnitVersion) -> Place:
        people = version.population or USUAL_POPULATION
        town = version.designation in URBAN
        return Place(
            unit=version.unit,
            people=people,
            crime=people * (1.7 if town else 1.0) * _lopsided(chance, 0.5, 1.8),
            road=people * (0.8 if town else 1.0) * _lopsided(chance, 0.6, 1.2),
            work=(people + 6_000) * _lopsided(chance, 0.8, 0.5),
            quality=chance.random(),
            nil_share=habits[chance.randrange(len(habits))],
            uses_workbook=chance.random() < workbook,
        )

    return tuple(place(version) for version in tree.of_kind("commune"))


def carelessness(place: Place) -> float:
    """Return how likely a place is to be late or silent: high for the weakest few."""
    lack = 1.02 - place.quality
    return lack * lack * lack


@dataclass(frozen=True, slots=True)
class Board:
    """The places by the months of one year; months never sent carry no weight.

    A square is `place index * 12 + month - 1`.
    """

    places: Sequence[Place]
    never_sent: Collection[int]

    def weights(self, trait: str, season: str, least: float = 0.0) -> list[float]:
        """Return the weight of every square by a trait of the place and the season."""
        return [
            0.0
            if index * MONTHS + month in self.never_sent
            else least + getattr(place, trait) * SEASONS[season][month]
            for index, place in enumerate(self.places)
            for month in range(MONTHS)
        ]

    def even(self) -> list[float]:
        """Return weight one for every square that was sent, else nought."""
        squares = range(len(self.places) * MONTHS)
        return [float(square not in self.never_sent) for square in squares]

    def month_after(self, square: int) -> int | None:
        """Return the next month of the same year that was sent, None after the last."""
        later = square + 1
        while later % MONTHS and later in self.never_sent:
            later += 1
        return later if later % MONTHS else None


def board(places: Sequence[Place], demo: Demo, year: int) -> Board:
    """Return the board of a year with the months that were never sent taken out.

    Only months 3 to 10 are left out, so that the stocks of both ends are known.
    """
    squares = [p * MONTHS + m for p in range(len(places)) for m in range(2, 10)]
    weights = [carelessness(places[square // MONTHS]) for square in squares]
    count = demo.count("sending", "never_sent", year)
    chance = stream(demo.seed, f"never sent {year}")
    return Board(places, frozenset(sample(chance, count, squares, weights)))
