"""Is everybody reminded once of what is theirs to do, and nobody of anything else?"""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tongket.domain.deadlines import WorkingCalendar
from tongket.domain.reminders import (
    ANSWERS,
    Channel,
    Need,
    Owed,
    Reminded,
    ReminderRule,
    due_reminders,
    lead,
)
from tongket.domain.sources import Source

CALENDAR = WorkingCalendar(
    frozenset({dt.date(2024, 1, 1), dt.date(2024, 2, 8), dt.date(2024, 2, 9)}),
    frozenset(),
    dt.date(2024, 12, 31),
)
DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2023, 12, 1), dt.date(2024, 4, 30)


def rule(key: str = "r", days: int = -1, **given: object) -> ReminderRule:
    """Return a rule for senders, by both ways, at eight, on working days."""
    told: dict[str, object] = {
        "to": Reminded.SENDER,
        "channels": frozenset(Channel),
        "hour": 8,
        "working_days_only": True,
        "start": dt.date(2020, 1, 1),
        "end": None,
        "source": Source(""),
    }
    return ReminderRule(key=key, days=days, **(told | given))  # type: ignore[arg-type]


def owed(due: dt.date, need: Need = Need.SENDING, unit: str = "a") -> Owed:
    """Return one return of a unit."""
    return Owed(unit, "form", "scheme", "nd09-2024-m01", due, need, "above")


rules = st.builds(
    rule,
    key=st.uuids().map(str),
    days=st.integers(-10, 15),
    to=st.sampled_from(Reminded),
    working_days_only=st.booleans(),
    start=st.dates(dt.date(2023, 1, 1), dt.date(2024, 2, 1)),
    end=st.none() | st.dates(dt.date(2024, 2, 2), dt.date(2024, 6, 1)),
)
debts = st.builds(
    owed,
    st.dates(dt.date(2024, 1, 5), dt.date(2024, 3, 25)),
    st.sampled_from(Need),
    st.sampled_from(["a", "b", "c"]),
)


@given(
    st.lists(rules, max_size=5),
    st.lists(debts, max_size=8, unique_by=lambda each: each.unit),
)
def test_each_reminder_is_due_on_one_day_only_and_of_what_is_wanted(
    schedule: list[ReminderRule], wanted: list[Owed]
) -> None:
    found, day = [], FIRST
    while day <= LAST:
        found += due_reminders(schedule, wanted, since=day, on=day, calendar=CALENDAR)
        day += DAY
    pairs = [(each.rule.key, each.owed) for each in found]
    assert len(pairs) == len(set(pairs))
    expected = {
        (each.key, one)
        for each in schedule
        for one in wanted
        if one.need in ANSWERS[each.to] and each.holds_for(one.due)
    }
    assert set(pairs) == expected


@given(st.lists(rules, max_size=5), st.lists(debts, max_size=5))
def test_days_on_which_nobody_worked_are_caught_up(
    schedule: list[ReminderRule], wanted: list[Owed]
) -> None:
    at_once = due_reminders(schedule, wanted, since=FIRST, on=LAST, calendar=CALENDAR)
    by_day = []
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + number * DAY
        by_day += due_reminders(schedule, wanted, since=day, on=day, calendar=CALENDAR)
    assert sorted(each.subject for each in at_once) == sorted(
        each.subject for each in by_day
    )


@given(rules, debts)
def test_a_reminder_ahead_comes_before_the_due_day_and_on_a_working_day(
    each: ReminderRule, one: Owed
) -> None:
    day = each.day(one.due, CALENDAR)
    if each.working_days_only:
        assert CALENDAR.is_working(day)
    if each.days < 0:
        assert day < one.due
    else:
        assert day >= one.due + each.days * DAY


def test_a_holiday_after_the_due_day_puts_the_reminder_off() -> None:
    after = rule(days=1)
    assert after.day(dt.date(2024, 2, 7), CALENDAR) == dt.date(2024, 2, 12)


def test_the_rung_hears_of_what_waits_and_the_sender_of_what_was_sent_back() -> None:
    due = dt.date(2024, 1, 17)
    schedule = [rule("sender", 0), rule("rung", 0, to=Reminded.RUNG)]
    wanted = [
        owed(due, Need.DECIDING, "waits"),
        owed(due, Need.CORRECTING, "back"),
        owed(due, Need.SENDING, "unsent"),
    ]
    found = due_reminders(schedule, wanted, since=due, on=due, calendar=CALENDAR)
    assert [(each.rule.key, each.owed.unit) for each in found] == [
        ("rung", "waits"),
        ("sender", "back"),
        ("sender", "unsent"),
    ]


def test_the_standing_office_is_told_once_for_a_period() -> None:
    due = dt.date(2024, 1, 17)
    digest = rule("digest", 1, to=Reminded.STANDING_OFFICE)
    found = due_reminders(
        [digest],
        [owed(due, unit=unit) for unit in ("a", "b")],
        since=due,
        on=due + DAY,
        calendar=CALENDAR,
    )
    assert {each.subject for each in found} == {
        "digest/scheme/nd09-2024-m01/2024-01-18"
    }


def test_due_soon_begins_with_the_earliest_reminder_of_senders() -> None:
    day = dt.date(2024, 1, 17)
    schedule = [rule("a", -2), rule("b", -5), rule("c", -9, to=Reminded.RUNG)]
    assert lead(schedule, day) == 5
    assert lead([rule("after", 3)], day) == 0
    assert lead([], day) == 0
