"""Due days: working days by the dated table, and late from the day after."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongket.domain.dated import CheckedOnlyUntil
from tongket.domain.deadlines import WorkingCalendar, is_overdue

DAY = dt.timedelta(days=1)
TET = frozenset(dt.date(2024, 2, 8) + n * DAY for n in range(7))
CALENDAR = WorkingCalendar(
    frozenset({dt.date(2023, 1, 2), dt.date(2024, 1, 1), dt.date(2024, 4, 29)}) | TET,
    frozenset({dt.date(2024, 5, 4)}),  # the Saturday worked for Monday 29/04/2024
    checked_until=dt.date(2024, 12, 31),
)
days = st.dates(dt.date(2023, 1, 1), dt.date(2024, 10, 1))


@pytest.mark.parametrize(
    ("cut_off", "due"),
    [
        (dt.date(2023, 12, 14), dt.date(2023, 12, 15)),
        (dt.date(2024, 6, 14), dt.date(2024, 6, 17)),
        (dt.date(2024, 2, 7), dt.date(2024, 2, 15)),
    ],
)
def test_the_earliest_lawful_deadline_is_the_next_working_day(cut_off, due):
    assert CALENDAR.after(cut_off, 1) == due


@pytest.mark.parametrize(
    ("received", "nominal", "ends"),
    [
        (dt.date(2023, 12, 4), dt.date(2023, 12, 24), dt.date(2023, 12, 25)),
        (dt.date(2024, 1, 19), dt.date(2024, 2, 8), dt.date(2024, 2, 15)),
        (dt.date(2024, 1, 22), dt.date(2024, 2, 11), dt.date(2024, 2, 15)),
    ],
)
def test_a_limit_of_twenty_days_that_ends_in_a_holiday_ends_after_it(
    received, nominal, ends
):
    assert received + 20 * DAY == nominal
    assert CALENDAR.first_working(nominal) == ends


def test_a_limit_that_ends_on_a_working_day_stays_there():
    thursday = dt.date(2024, 2, 29)  # two months after 31/12/2023
    assert CALENDAR.first_working(thursday) == thursday


def test_a_saturday_swapped_in_is_worked_and_the_monday_it_replaces_is_not():
    assert CALENDAR.is_working(dt.date(2024, 5, 4))
    assert not CALENDAR.is_working(dt.date(2024, 5, 11))
    assert not CALENDAR.is_working(dt.date(2024, 4, 29))


def test_a_day_beyond_the_table_is_refused_with_the_name_of_the_file():
    with pytest.raises(CheckedOnlyUntil, match=r"holidays\.yaml.*31/12/2024"):
        CALENDAR.after(dt.date(2024, 12, 31), 1)


@settings(max_examples=60)
@given(day=days, number=st.integers(1, 15))
def test_exactly_so_many_working_days_lie_after_the_cut_off(day, number):
    due = CALENDAR.after(day, number)
    between = [day + n * DAY for n in range(1, (due - day).days + 1)]
    assert sum(map(CALENDAR.is_working, between)) == number
    assert CALENDAR.is_working(due)


@settings(max_examples=30)
@given(day=days, one=st.integers(0, 8), more=st.integers(0, 8))
def test_working_days_add_up(day, one, more):
    assert CALENDAR.after(CALENDAR.after(day, one), more) == CALENDAR.after(
        day, one + more
    )


def test_a_deadline_before_its_cut_off_is_impossible():
    with pytest.raises(AssertionError):
        CALENDAR.after(dt.date(2024, 1, 2), -1)


def test_a_duty_is_overdue_on_the_day_after_it_was_due():
    due = dt.date(2024, 1, 31)
    assert not is_overdue(due=due, on=due - DAY)
    assert not is_overdue(due=due, on=due)
    assert is_overdue(due=due, on=due + DAY)
