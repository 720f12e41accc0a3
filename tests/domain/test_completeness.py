"""Which returns are in and on time, whatever the day and the order of adding up?"""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tongket.domain.completeness import (
    IN,
    Mark,
    Share,
    Stage,
    Standing,
    Tally,
    added,
    tally,
)
from tongket.records.models import Return

DUE = dt.date(2024, 1, 16)
DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2024, 1, 1), dt.date(2024, 2, 1))
marks = st.builds(
    Mark,
    due=days,
    stage=st.sampled_from(Stage),
    is_late=st.booleans(),
    has_draft=st.booleans(),
    is_closed=st.booleans(),
    is_amended=st.booleans(),
)


def test_a_stage_is_called_as_the_state_of_the_record() -> None:
    assert {str(each) for each in Stage} == {"", *map(str, Return.State)}


def test_an_unsent_return_is_missing_from_the_day_after_it_was_due() -> None:
    mark = Mark(DUE)
    told = {n: mark.standing(DUE + n * DAY, 3) for n in (-4, -3, 0, 1)}
    assert told == {
        -4: Standing.NOT_DUE,
        -3: Standing.DUE_SOON,
        0: Standing.DUE_SOON,
        1: Standing.MISSING,
    }
    assert [mark.days_overdue(DUE + n * DAY) for n in (-1, 0, 1, 5)] == [0, 0, 1, 5]


def test_a_draft_shows_while_there_is_time_and_excuses_nothing_after() -> None:
    mark = Mark(DUE, has_draft=True)
    assert mark.standing(DUE - 9 * DAY, 3) is Standing.DRAFTED
    assert mark.standing(DUE + DAY, 3) is Standing.MISSING


def test_an_accepted_return_is_locked_with_its_period_and_amended_after() -> None:
    accepted = Mark(DUE, Stage.ACCEPTED)
    locked = Mark(DUE, Stage.ACCEPTED, is_closed=True)
    amended = Mark(DUE, Stage.ACCEPTED, is_closed=True, is_amended=True)
    assert [each.standing(DUE, 3) for each in (accepted, locked, amended)] == [
        Standing.ACCEPTED,
        Standing.LOCKED,
        Standing.AMENDED,
    ]


def test_a_return_that_was_sent_back_is_not_in_but_came_on_time() -> None:
    found = tally([(Mark(DUE, Stage.SENT_BACK), 1)], DUE, 3)
    assert found.completeness == Share(0, 1)
    assert found.timeliness == Share(1, 1)


def test_what_is_not_due_yet_is_owed_and_says_nothing_about_time() -> None:
    found = tally([(Mark(DUE), 3), (Mark(DUE, Stage.SENT), 1)], DUE - 9 * DAY, 3)
    assert found.completeness == Share(1, 4)
    assert found.timeliness == Share(1, 1)
    assert found.worst is Standing.NOT_DUE


def test_nothing_owed_has_no_share() -> None:
    assert Tally().completeness.percent is None
    assert Tally().worst is None


@given(st.integers(0, 20_000), st.integers(1, 20_000))
def test_only_what_is_whole_reads_a_hundred(part: int, whole: int) -> None:
    part = min(part, whole)
    percent = Share(part, whole).percent
    assert percent is not None
    assert (percent == 100) == (part == whole)
    assert (percent == 0) == (part == 0)


@given(st.lists(marks), days)
def test_cells_add_up_to_their_row_in_any_order(found: list[Mark], on: dt.date) -> None:
    whole = tally([(each, 1) for each in found], on, 3)
    parts = [tally([(each, 1)], on, 3) for each in reversed(found)]
    summed = added(parts)
    assert dict(summed.standings) == dict(whole.standings)
    assert (summed.on_time, summed.settled) == (whole.on_time, whole.settled)
    assert whole.owed == len(found)


@given(marks, days, st.integers(0, 10))
def test_what_is_in_was_sent_and_on_time_is_never_missing(
    mark: Mark, on: dt.date, soon: int
) -> None:
    standing, found = mark.standing(on, soon), tally([(mark, 1)], on, soon)
    if standing in IN:
        assert mark.stage in {Stage.SENT, Stage.ACCEPTED}
    assert found.on_time <= found.settled <= found.owed
    if standing is Standing.MISSING:
        assert (found.on_time, found.settled) == (0, 1)
        assert mark.days_overdue(on) > 0
