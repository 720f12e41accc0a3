"""What else did the communes count: reports, accidents, fires, outreach, models?

Deaths, persons and damage hang on events that were placed before them; stocks grow from
what stood before the first year and never shrink without reason.
"""

from collections import Counter
from collections.abc import Sequence
from random import Random

from tongket.loader.demonstration.crimes import Tally, one_each, summed
from tongket.loader.demonstration.places import MONTHS, Board
from tongket.loader.demonstration.shares import drawn, parts, picks, sample, stream
from tongket.loader.demonstration.year import Demo

TENTHS = 10  # explosives are stated in kg with one decimal and divided in tenths
WORKED_AT = (  # what is found or handed in where more work is done
    "economic_cases_detected",
    "environment_cases_detected",
    "weapons_surrendered",
)
GROWING = ("models", "model_sites", "model_groups", "cameras")


def events(board: Board, demo: Demo, year: int) -> Tally:
    """Return the columns of other offences, traffic, fires and things handed in."""
    chance = stream(demo.seed, f"events {year}")

    def total(measure: str) -> int:
        return demo.count("flows", measure, year)

    def fell(measure: str, trait: str, season: str) -> list[int]:
        return picks(chance, total(measure), board.weights(trait, season))

    drugs = fell("drug_cases_detected", "crime", "crime")
    roads = fell("traffic_cases", "road", "road")
    fires = fell("fire_cases", "crime", "fire")
    worth = [0.5 + chance.random() for _ in fires]
    tally: Tally = {
        "drug_cases_detected": Counter(drugs),
        "drug_persons": one_each(
            drugs, total("drug_persons"), [1.0] * len(drugs), chance
        ),
        "traffic_cases": Counter(roads),
        "fire_cases": Counter(fires),
        "fire_damage": summed(fires, parts(total("fire_damage"), worth)),
    }
    for measure in ("traffic_deaths", "traffic_injured"):
        tally[measure] = _among(roads, total(measure), chance)
    for measure in ("fire_deaths", "fire_injured", "fire_especially_serious"):
        tally[measure] = _among(fires, total(measure), chance)
    for measure in WORKED_AT:
        tally[measure] = Counter(fell(measure, "work", "work"))
    tally["explosives_surrendered"] = _kilograms(board, demo, year, chance)
    return tally


def _among(squares: list[int], count: int, chance: Random) -> Counter[int]:
    """Lay `count` on as many different events as there are, then on any."""
    first = sample(chance, min(count, len(squares)), squares, [1.0] * len(squares))
    more = picks(chance, count - len(first), [1.0] * len(squares))
    return Counter([*first, *(squares[place] for place in more)])


def _kilograms(board: Board, demo: Demo, year: int, chance: Random) -> Counter[int]:
    tenths = int(demo.total("flows", "explosives_surrendered", year) * TENTHS)
    squares = picks(chance, tenths // 12, board.weights("work", "crime"))
    amounts = parts(tenths, [0.5 + chance.random() for _ in squares])
    return summed(squares, amounts)


def outreach(board: Board, demo: Demo, year: int) -> Tally:
    """Return sessions and people reached; every month that was sent has a session."""
    chance = stream(demo.seed, f"outreach {year}")
    even = board.even()
    sessions = [int(weight) for weight in even]
    rest = demo.count("flows", "outreach_sessions", year) - sum(sessions)
    for square, more in enumerate(drawn(chance, rest, board.weights("work", "work"))):
        sessions[square] += more
    halls = [
        place.work * (0.9 + 0.2 * chance.random())
        for place in board.places
        for _ in range(MONTHS)
    ]
    people = parts(
        demo.count("flows", "outreach_people", year),
        [count * hall for count, hall in zip(sessions, halls, strict=True)],
    )
    return {
        "outreach_sessions": Counter(dict(enumerate(sessions))),
        "outreach_people": Counter(dict(enumerate(people))),
    }


def stocks(boards: Sequence[Board], demo: Demo) -> dict[str, list[Counter[int]]]:
    """Return what stood at the end of each month, by measure and year in order.

    A commune has at least as many sites as models, and as many groups as sites: the
    surplus of each over the one before grows by itself.
    """
    chance = stream(demo.seed, "stocks")
    found: dict[str, list[Counter[int]]] = {}
    below: str | None = None
    for measure in GROWING:
        if measure == "cameras":
            below = None
        found[measure] = _surplus(boards, demo, measure, below, chance)
        if below is not None:
            for mine, under in zip(found[measure], found[below], strict=True):
                mine.update(under)
        below = measure
    return found


def _surplus(
    boards: Sequence[Board],
    demo: Demo,
    measure: str,
    below: str | None,
    chance: Random,
) -> list[Counter[int]]:
    def stands(column: int | str) -> int:
        under = demo.count("stocks", below, column) if below else 0
        return demo.count("stocks", measure, column) - under

    places = boards[0].places
    now = parts(
        stands("before"), [p.work * (0.7 + 0.6 * chance.random()) for p in places]
    )
    before, by_year = stands("before"), []
    for board, year in zip(boards, demo.years, strict=True):
        grown = drawn(chance, stands(year) - before, board.weights("work", "work"))
        before = stands(year)
        ends: Counter[int] = Counter()
        for square, more in enumerate(grown):
            now[square // MONTHS] += more
            ends[square] = now[square // MONTHS]
        by_year.append(ends)
    return by_year
