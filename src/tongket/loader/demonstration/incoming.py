"""How many crime reports came in, were resolved, and stood open at each month's end?

Every report ("tin báo") is placed once with the month it came in and the month it was
resolved, so received, resolved and in progress agree from month to month and year to
year.
"""

from collections import Counter
from collections.abc import Sequence
from random import Random

from tongket.loader.demonstration.crimes import Tally
from tongket.loader.demonstration.places import MONTHS, Board
from tongket.loader.demonstration.shares import picks, sample, stream
from tongket.loader.demonstration.year import Demo

# Of the reports of a month, most are resolved in it, most others in the next.
NEXT_MONTH, MONTH_AFTER_NEXT = 0.16, 0.03
# How likely a report of the last months of a year is the one that stays open.
STAYS_OPEN = {9: 0.1, 10: 0.3, 11: 1.0}
# The square a report came in and the one it was resolved in, None while it is open.
Life = tuple[int, int | None]


def crime_reports(boards: Sequence[Board], demo: Demo) -> list[Tally]:
    """Return the four columns about crime reports, a tally for each year in order."""
    chance = stream(demo.seed, "crime reports")
    places = boards[0].places
    before = demo.count("stocks", "reports_in_progress", "before")
    carried = picks(chance, before, [place.crime for place in places])
    found = []
    for board, year in zip(boards, demo.years, strict=True):
        tally, carried = _year(board, demo, year, carried, chance)
        found.append(tally)
    return found


def _year(
    board: Board, demo: Demo, year: int, carried: list[int], chance: Random
) -> tuple[Tally, list[int]]:
    came = picks(
        chance,
        demo.count("flows", "reports_received", year),
        board.weights("crime", "crime", least=2_000.0),
    )
    late = [n for n, square in enumerate(came) if square % MONTHS in STAYS_OPEN]
    count = demo.count("stocks", "reports_in_progress", year)
    weights = [STAYS_OPEN[came[n] % MONTHS] for n in late]
    stay_open = set(sample(chance, count, late, weights))
    # Those carried over count from the first month and are resolved in the first two.
    starts = [place * MONTHS for place in carried]
    lives: list[Life] = [(start, start + chance.randrange(2)) for start in starts]
    lives += [
        (square, None if number in stay_open else _resolved(board, square, chance))
        for number, square in enumerate(came)
    ]
    tally = _standing(lives)
    tally["reports_received"] = Counter(came)
    still_open = [came[number] // MONTHS for number in sorted(stay_open)]
    overdue = demo.count("stocks", "reports_overdue", year)
    for place in sample(chance, overdue, still_open, [1.0] * len(still_open)):
        tally["reports_overdue"][place * MONTHS + MONTHS - 1] += 1
    return tally, still_open


def _standing(lives: Sequence[Life]) -> Tally:
    """Return what was resolved and what stood open, by square of the board."""
    tally: Tally = {
        "reports_resolved": Counter(done for _, done in lives if done is not None),
        "reports_in_progress": Counter(),
        "reports_overdue": Counter(),
    }
    for start, done in lives:
        end = start // MONTHS * MONTHS + MONTHS if done is None else done
        for square in range(start, end):
            tally["reports_in_progress"][square] += 1
            # Open at a second month's end: the time limit has passed. What is overdue
            # at the end of the year is stated by the pack and laid out apart.
            if square > start and square % MONTHS < MONTHS - 1:
                tally["reports_overdue"][square] += 1
    return tally


def _resolved(board: Board, square: int, chance: Random) -> int:
    luck = chance.random()
    following = board.month_after(square)
    if following is None or luck >= NEXT_MONTH + MONTH_AFTER_NEXT:
        return square
    if luck >= MONTH_AFTER_NEXT:
        return following
    return board.month_after(following) or following
