"""Which unit gets which band in the demonstration, and what does it answer?

Communes are ordered by what their monthly returns earn them and by how well they work,
enterprises at random. The order is cut into the counts that the pack states.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from random import Random

from tongket.domain.criteria import Edition, score
from tongket.domain.figures import NIL, Cell, State, reported
from tongket.domain.forms import Form
from tongket.domain.indicators import Indicator
from tongket.loader.demonstration.answers import (
    Answers,
    Known,
    Question,
    answered,
    commune,
    enterprise,
    in_cells,
)
from tongket.loader.demonstration.knowledge import facts
from tongket.loader.demonstration.places import Place
from tongket.loader.demonstration.shares import parts, sample, shuffled, stream
from tongket.loader.demonstration.year import Demo, DemoRefused

Counts = Mapping[tuple[str, int], Mapping[str, Decimal]]
QUALITY_POINTS = 22.0  # how many points the best way of working is worth in the order
PEOPLE_PER_HOUSEHOLD, PEOPLE_PER_AREA = 3.7, 900
LEAST_STAFF = 55  # small and micro enterprises are not assessed
NONE: Mapping[str, Decimal] = {}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a kind of unit answers: the form, the edition, the rates it may ask for."""

    kind: str
    form: Form
    edition: Edition
    rates: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stands before it answers, and the most points it could still get."""

    unit: str
    rank: float
    most: Decimal


def classes(sheet: Sheet, standings: Sequence[Standing], demo: Demo) -> dict[str, str]:
    """Return the band of each unit: the highest ranks get the highest bands.

    A unit that could not reach a band with the best of answers goes to a lower one.
    """
    waiting = sorted(standings, key=lambda each: (-each.rank, each.unit))
    found: dict[str, str] = {}
    for band in sheet.edition.bands:
        able = [each for each in waiting if each.most >= band.lowest]
        chosen = able[: demo.count("bands", sheet.kind, band.key)]
        found.update((each.unit, band.key) for each in chosen)
        waiting = [each for each in waiting if each.unit not in found]
    if waiting:
        raise DemoRefused(
            file="demo/year.yaml",
            key=f"bands.{sheet.kind}",
            trouble=f"còn {len(waiting)} đơn vị không xếp được vào loại nào",
        )
    return found


def commune_answers(
    places: Sequence[Place], counts: Counts, sheet: Sheet, demo: Demo
) -> dict[str, dict[str, Cell]]:
    """Return the yearly cells of every commune, by unit, in the order of the list."""
    chance = stream(demo.seed, "commune answers")
    year = demo.years[-1]
    tasks = set_tasks(places, demo, year)
    known: dict[str, Known] = {}
    draws: dict[str, Callable[[Question], Answers]] = {}
    standings = []
    for place in places:
        now, before = (counts.get((place.unit, y), NONE) for y in (year, year - 1))
        known[place.unit] = partial(facts, sheet.rates, now, before)
        areas = 4 + round(place.people / PEOPLE_PER_AREA)
        draws[place.unit] = partial(
            commune,
            households=round(place.people / PEOPLE_PER_HOUSEHOLD),
            areas=areas,
            groups=max(2, areas - 3 - chance.randrange(3)),
            tasks=tasks[place.unit],
        )
        best = draws[place.unit](Question(chance, 0.0, 0))
        filled = score(sheet.edition, known[place.unit](in_cells(best)))
        rank = float(filled.total) + QUALITY_POINTS * place.quality
        standings.append(Standing(place.unit, rank, filled.total))
    bands = classes(sheet, standings, demo)
    found = {}
    for place in places:
        unit = place.unit
        answers = answered(
            unit, bands[unit], sheet.edition, draws[unit], known[unit], chance
        )
        found[unit] = written(answers, sheet.form, place.nil_share, chance)
    return found


def set_tasks(places: Sequence[Place], demo: Demo, year: int) -> dict[str, Answers]:
    """Return what was set to each commune: conversion of hotspots, Project 06.

    Hotspots are drawn from where most crime is; each was converted. Every Project 06
    target is met, as published, and some are exceeded.
    """
    chance = stream(demo.seed, f"tasks {year}")
    by_crime = sorted(places, key=lambda place: (-place.crime, place.unit))
    most = by_crime[: len(places) // 4]
    selected = sample(
        chance,
        demo.count("answers", "hotspot_selected", year),
        [place.unit for place in most],
        [place.crime for place in most],
    )
    targets = parts(
        demo.count("answers", "project06_assigned", year),
        [1.0 + 0.1 * chance.random() for _ in places],
    )
    slots = [place for place, count in enumerate(targets) for _ in range(count)]
    more = demo.count("answers", "project06_exceeded", year)
    exceeded = Counter(shuffled(chance, slots)[:more])
    return {
        place.unit: {
            "hotspot_selected": int(place.unit in selected),
            "hotspot_converted": int(place.unit in selected),
            "project06_assigned": targets[number],
            "project06_met": targets[number],
            "project06_exceeded": exceeded[number],
        }
        for number, place in enumerate(places)
    }


def enterprise_answers(
    units: Sequence[str], sheet: Sheet, demo: Demo
) -> dict[str, dict[str, Cell]]:
    """Return the yearly cells of every enterprise, by unit, in the order listed."""
    chance = stream(demo.seed, "enterprise answers")
    standings = [
        Standing(unit, chance.random(), sheet.edition.maximum) for unit in units
    ]
    bands = classes(sheet, standings, demo)
    found = {}
    for unit in units:
        size = chance.random()
        staff = LEAST_STAFF + int(size * size * size * 4_000) + chance.randrange(200)
        answers = answered(
            unit,
            bands[unit],
            sheet.edition,
            partial(enterprise, staff=staff),
            partial(facts, sheet.rates, NONE, NONE),
            chance,
        )
        found[unit] = written(answers, sheet.form, chance.random(), chance)
    return found


def written(
    answers: Answers, form: Form, nil_share: float, chance: Random
) -> dict[str, Cell]:
    """Return the answers as cells in the order of the form, noughts by habit."""
    return {
        measure.key: NIL
        if not answers[measure.key]
        and State.NIL in measure.may_be
        and chance.random() < nil_share
        else reported(answers[measure.key])
        for measure in form.measures
    }
