"""What did each commune finally report for each month of the demonstration?

The tallies of all subjects are laid side by side and written into the cells of the
form: numbers, noughts, and "không phát sinh" by the habit of each commune.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from tongket.domain.figures import NIL, Cell, State, reported
from tongket.domain.forms import Form
from tongket.loader.demonstration.crimes import Tally, crimes
from tongket.loader.demonstration.incoming import crime_reports
from tongket.loader.demonstration.places import MONTHS, Board, Place, board
from tongket.loader.demonstration.shares import stream
from tongket.loader.demonstration.works import TENTHS, events, outreach, stocks
from tongket.loader.demonstration.year import Demo, DemoRefused

Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Month:
    """The final cells of one commune for one month (1 to 12) of a reporting year."""

    place: Place
    year: int
    month: int
    cells: Cells


def months(places: tuple[Place, ...], form: Form, demo: Demo) -> Iterator[Month]:
    """Yield every month that was sent, by year, commune, month."""
    boards = [board(places, demo, year) for year in demo.years]
    reports, standing = crime_reports(boards, demo), stocks(boards, demo)
    for place_in_time, year in enumerate(demo.years):
        this = boards[place_in_time]
        tally: Tally = {
            **crimes(this, demo, year),
            **events(this, demo, year),
            **outreach(this, demo, year),
            **reports[place_in_time],
            **{measure: years[place_in_time] for measure, years in standing.items()},
        }
        yield from _written(this, form, tally, demo, year)


def _written(
    board: Board, form: Form, tally: Tally, demo: Demo, year: int
) -> Iterator[Month]:
    chance = stream(demo.seed, f"habits {year}")
    unknown = [measure.key for measure in form.measures if measure.key not in tally]
    if unknown:
        raise DemoRefused(
            file=form.key,
            key=", ".join(unknown),
            trouble="bộ sinh số liệu minh họa chưa biết chỉ tiêu này",
        )
    rows = [(measure, tally[measure.key]) for measure in form.measures]
    for index, place in enumerate(board.places):
        for month in range(MONTHS):
            square = index * MONTHS + month
            if square in board.never_sent:
                continue
            cells = {
                measure.key: _cell(
                    counts[square], measure.decimals, measure.may_be, place, chance
                )
                for measure, counts in rows
            }
            yield Month(place, year, month + 1, cells)


def _cell(
    count: int, decimals: int, may_be: frozenset[State], place: Place, chance: Random
) -> Cell:
    if not count and State.NIL in may_be and chance.random() < place.nil_share:
        return NIL
    if decimals:
        return reported(Decimal(count) / TENTHS)
    return reported(count)
