"""What did each unit answer in its yearly self-assessment?

Answers are drawn for the band a unit is to get: the lower the band, the more of what is
asked for is wanting. The sheet of the edition is then filled; while its band is another
one, the answers are drawn again, a little better or worse. The title of Circular
124/2021/TT-BCA is given to those that meet each of its conditions asked about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from tongket.domain.criteria import Edition, Facts, score
from tongket.domain.figures import Cell, reported
from tongket.loader.demonstration.knowledge import with_yearly_return
from tongket.loader.demonstration.year import DemoRefused

# How much is wanting at first, by the place of the band from the top of the edition.
WANTING = (0.02, 0.15, 0.45, 0.75)
STEP = 0.02  # by how much the next draw is better or worse
DRAWS = 400
RECOGNISED_PERCENT = 70  # of the units a commune manages (124/2021/TT-BCA, Article 5)


@dataclass(frozen=True, slots=True)
class Question:
    """One unit about to answer: its chance, what is wanting, the place of its band."""

    chance: Random
    wanting: float
    place: int

    def yes(self, weight: float = 1.0) -> int:
        """Answer yes or no; no is as likely as things are wanting."""
        return int(self.chance.random() >= self.wanting * weight)

    def some(self, weight: float = 1.0) -> int:
        """Return how many of a bad thing happened: mostly none."""
        if self.chance.random() >= self.wanting * weight:
            return 0
        return 1 + int(self.chance.random() < self.wanting / 2)

    def part(self, whole: int, weight: float = 1.0, depth: float = 0.3) -> int:
        """Return the whole, or some part of it where something is wanting."""
        if self.yes(weight):
            return whole
        return whole - round(whole * depth * self.chance.random())


Answers = dict[str, int]
Known = Callable[[Mapping[str, Cell]], Facts]


def in_cells(answers: Answers) -> dict[str, Cell]:
    """Return answers as cells, every one of them reported."""
    return {key: reported(value) for key, value in answers.items()}


def commune(
    asked: Question, *, households: int, areas: int, groups: int, tasks: Answers
) -> Answers:
    """Draw the answers of a commune; those about the tasks set to it are given."""
    registered = 1 if asked.place < 3 else asked.yes(0.6)
    units_registered = asked.part(areas, depth=0.2)
    units_recognised = round(
        units_registered * (0.98 - 0.55 * asked.wanting * asked.chance.random())
    )
    answers = {
        "registered": registered,
        "registered_in_q1": registered * asked.yes(0.8),
        "plan_issued": asked.yes(0.9),
        "households": households,
        "households_registered": asked.part(households, 1.3, 0.15),
        "units_managed": areas,
        "units_registered": units_registered,
        "units_recognised": units_recognised,
        "festival_held": asked.yes(1.2),
        "no_officer_disciplined": asked.yes(0.5),
        "public_disorder": asked.some(0.8),
        "security_groups": groups,
        "security_groups_completed": asked.part(groups, 1.0, 0.5),
        "model_effective": asked.yes(0.8),
        "coordination_reviewed": asked.yes(1.3),
    }
    conditions = ("registered_in_q1", "plan_issued", "model_effective")
    meets_all = (
        all(answers[key] for key in (*conditions, "no_officer_disciplined"))
        and units_registered == areas
        and units_recognised * 100 >= RECOGNISED_PERCENT * areas
        and not answers["public_disorder"]
    )
    return {**answers, "recognised": int(meets_all), **tasks}


def enterprise(asked: Question, *, staff: int) -> Answers:
    """Draw the answers of an enterprise."""
    registered = 1 if asked.place < 3 else asked.yes(0.6)
    rule = asked.yes(0.7)
    conditions = {
        "plan_issued": asked.yes(0.9),
        "model_running": asked.yes(1.2),
        "fire_rules": asked.yes(0.7),
        "guard_completed": asked.yes(0.7),
        "task_completed": asked.yes(0.6),
    }
    events = {
        "fires": asked.some(0.4),
        "labour_accidents": asked.some(0.4),
        "thefts": asked.some(0.8),
        "offences": asked.some(0.7),
        "public_disorder": asked.some(0.4),
    }
    briefed = asked.part(staff, 1.2, 0.4)
    meets_all = all(conditions.values()) and not any(events.values())
    return {
        "registered": registered,
        "staff": staff,
        "staff_briefed": briefed,
        "staff_reached": asked.part(staff, 1.4, 0.5),
        "festival_held": asked.yes(1.4),
        "coordination_rule": rule,
        "coordination_followed": rule * asked.yes(1.2),
        **conditions,
        **events,
        "recognised": int(bool(registered) and meets_all and briefed == staff),
    }


def answered(
    unit: str,
    band: str,
    edition: Edition,
    draw: Callable[[Question], Answers],
    known: Known,
    chance: Random,
) -> Answers:
    """Return answers of one unit whose sheet comes out in `band` of the edition."""
    keys = [each.key for each in edition.bands]
    place = keys.index(band)
    wanting = WANTING[place]
    for _ in range(DRAWS):
        answers = draw(Question(chance, wanting, place))
        facts = known(in_cells(answers))
        came_out = score(edition, facts).band.key
        if came_out == band == score(edition, with_yearly_return(facts)).band.key:
            return answers
        better_needed = keys.index(came_out) > place
        wanting += -STEP if better_needed else STEP
        wanting = min(max(wanting, 0.0), 1.0)
    raise DemoRefused(
        file="demo/year.yaml",
        key=f"bands.{band}",
        trouble=f"không sinh được câu trả lời của {unit} để đạt xếp loại này",
    )
