"""What did units and people do after the scores: plans, proposals, accounts?

Texts come from the pack; which of them a unit uses, and on which day, from the seed.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tongket.domain.access import Role
from tongket.domain.commendations import AwardeeKind, Proposal
from tongket.domain.remediation import Step
from tongket.domain.units import Tree
from tongket.loader.demonstration.shares import shuffled, stream
from tongket.loader.demonstration.year import Demo, DemoRefused
from tongket.loader.pack import Pack

DAY = dt.timedelta(days=1)
LATEST = 28  # days after the earliest day that a unit may set for a step


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account: a post and its role at a unit, never a person's name."""

    username: str
    label: str
    role: Role
    unit: str


def _tree(pack: Pack, demo: Demo) -> Tree:
    return pack.register.on(pack.regimes[pack.regime].year(demo.years[-1]).end)


def plan_filing(
    pack: Pack, demo: Demo, units: Sequence[str]
) -> Mapping[str, dt.date | None]:
    """Return the day each unit that owes a plan files it; None for those that never do.

    With fewer units than the pack states, those in time come first.
    """
    filing, chance = demo.filing, stream(demo.seed, "plan filing")
    on_time = _working(pack, filing.first, filing.due)
    late = _working(pack, filing.due + DAY, filing.late_last)
    found: dict[str, dt.date | None] = dict.fromkeys(units)
    for place, unit in enumerate(shuffled(chance, sorted(units))):
        if place < filing.in_time:
            # The later of two draws: most plans come shortly before the due day.
            first, second = (chance.randrange(len(on_time)) for _ in range(2))
            found[unit] = on_time[max(first, second)]
        elif place < filing.in_time + filing.late:
            found[unit] = late[chance.randrange(len(late))]
    return found


def _working(pack: Pack, first: dt.date, last: dt.date) -> list[dt.date]:
    days = (first + n * DAY for n in range((last - first).days + 1))
    return [day for day in days if pack.calendar.is_working(day)]


def plan_steps(
    pack: Pack, demo: Demo, unit: str, lost: Sequence[tuple[str, str]], post: str
) -> tuple[Step, ...]:
    """Return the steps of a unit's plan, one for each row (key, label) it lost on.

    `item` of a step is the key of the row; `post` answers for all of them.
    """
    chance = stream(demo.seed, f"plan of {unit}")
    texts = demo.texts["plans"]
    kind = _tree(pack, demo)[unit].kind
    steps = []
    for key, _ in lost:
        choices = texts.get(kind, {}).get(key, texts["other"])
        chosen = choices[chance.randrange(len(choices))]
        day = dt.date.fromisoformat(chosen["by"]) + chance.randrange(LATEST) * DAY
        steps.append(
            Step(
                item=key,
                action=chosen["action"],
                post=post,
                due_on=pack.calendar.first_working(day),
                evidence=chosen["evidence"],
            )
        )
    return tuple(steps)


def proposals(pack: Pack, demo: Demo, bands: Mapping[str, str]) -> tuple[Proposal, ...]:
    """Return the proposals of the year, form by form, collectives before individuals.

    `bands` gives the band of each scored unit; the best are proposed first.
    """
    texts = demo.texts["commendations"]
    collectives = _collectives(pack, demo, bands)
    individuals = _individuals(pack, demo, texts)
    found: list[Proposal] = []
    for form, counts in texts["forms"].items():
        for source, kind in (
            (collectives, AwardeeKind.COLLECTIVE),
            (individuals, AwardeeKind.INDIVIDUAL),
        ):
            grounds = texts[f"{kind.value.lower()}_grounds"]
            for _ in range(int(counts[kind.value.lower()])):
                awardee, band = next(source)
                ground = grounds[len(found) % len(grounds)]
                found.append(Proposal(awardee, kind, form, band, ground))
    return tuple(found)


def _collectives(
    pack: Pack, demo: Demo, bands: Mapping[str, str]
) -> Iterator[tuple[str, str | None]]:
    """Yield worthy units, the highest band first, in a drawn order."""
    tree, chance = _tree(pack, demo), stream(demo.seed, "collectives")
    order: dict[str, None] = {}
    for edition in pack.editions.values():
        order.update((band.key, None) for band in edition.bands)
    for band in order:
        units = sorted(unit for unit, given in bands.items() if given == band)
        if band not in pack.worthy_bands:
            continue
        for unit in shuffled(chance, units):
            yield _called(unit, tree), band


def _called(unit: str, tree: Tree) -> str:
    """Return the name of a unit with its district, as no name is unique without."""
    version = tree[unit]
    if version.kind != "commune" or version.parent is None:
        return version.name
    return f"{version.name}, {_lowered(tree[version.parent].name)}"


def _lowered(name: str) -> str:
    return name[:1].lower() + name[1:]


def _individuals(
    pack: Pack, demo: Demo, texts: Mapping[str, Any]
) -> Iterator[tuple[str, str | None]]:
    """Yield persons without names: a number, an invented body, a district."""
    chance = stream(demo.seed, "individuals")
    districts = [_lowered(each.name) for each in _tree(pack, demo).of_kind("district")]
    bodies = texts["bodies"]
    for number in range(1, 1_000):
        body = bodies[chance.randrange(len(bodies))]
        district = districts[chance.randrange(len(districts))]
        yield f"Cá nhân {number:02} – {body}, {district}", None


def accounts(pack: Pack, demo: Demo) -> tuple[Account, ...]:
    """Return the demonstration accounts; an unknown unit or role is refused."""
    tree, found = _tree(pack, demo), []
    for row in demo.texts["accounts"]["accounts"]:
        role = Role.__members__.get(row["role"].upper())
        if role is None or row["unit"] not in tree:
            raise DemoRefused(
                file="demo/accounts.yaml",
                key=row["username"],
                trouble="không có vai trò (role) hoặc đơn vị (unit) này",
            )
        found.append(Account(row["username"], row["label"], role, row["unit"]))
    return tuple(found)
