"""Who is reminded of which return, and on what day?

A rule of the pack says how many days before or after a due day somebody is reminded:
the sender of what was not sent, the unit that must decide on what was, the standing
office of how much is missing. A rule takes hold of a return on one day only, so each
reminder is due once; what is done, or not owed, is nobody's to be reminded of.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tongket.domain.deadlines import WorkingCalendar
from tongket.domain.sources import Source

DAY = dt.timedelta(days=1)


class Reminded(StrEnum):
    """Who is reminded."""

    SENDER = "SENDER"  # of a return that was not sent, or was sent back
    RUNG = "RUNG"  # the unit whose decision is waited for
    STANDING_OFFICE = "STANDING_OFFICE"  # once for all that is missing of a period


class Channel(StrEnum):
    """How a reminder reaches a person."""

    APP = "APP"
    EMAIL = "EMAIL"


class Need(StrEnum):
    """What still has to happen to a return; a return that is done has no need."""

    SENDING = "SENDING"
    CORRECTING = "CORRECTING"  # it was sent back
    DECIDING = "DECIDING"


ANSWERS = {
    Reminded.SENDER: frozenset({Need.SENDING, Need.CORRECTING}),
    Reminded.RUNG: frozenset({Need.DECIDING}),
    Reminded.STANDING_OFFICE: frozenset({Need.SENDING, Need.CORRECTING}),
}


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """One line of the schedule; `days` after the due day, negative: before it.

    It holds for due days from `start` to `end`, both included. With
    `working_days_only`, a day of rest is put off to the next working day; a reminder
    before the due day is brought forward instead, so that it is not too late.
    """

    key: str
    days: int
    to: Reminded
    channels: frozenset[Channel]
    hour: int
    working_days_only: bool
    start: dt.date
    end: dt.date | None
    source: Source

    def holds_for(self, due: dt.date) -> bool:
        """Whether the rule speaks of returns that are due on this day."""
        return self.start <= due and (self.end is None or due <= self.end)

    def day(self, due: dt.date, calendar: WorkingCalendar) -> dt.date:
        """Return the day on which somebody is reminded of what is due on `due`.

        >>> calendar = WorkingCalendar(frozenset(), frozenset(), dt.date(2024, 12, 31))
        >>> ahead = ReminderRule("ahead", -1, Reminded.SENDER, frozenset(Channel), 8,
        ...     True, dt.date(2023, 1, 1), None, Source(""))
        >>> ahead.day(dt.date(2024, 6, 17), calendar)  # due on Monday: on Friday
        datetime.date(2024, 6, 14)
        """
        found = due + self.days * DAY
        if not self.working_days_only:
            return found
        if self.days < 0:
            while not calendar.is_working(found):
                found -= DAY
            return found
        return calendar.first_working(found)


@dataclass(frozen=True, slots=True)
class Owed:
    """One return that needs something done; `rung` is the unit that must decide."""

    unit: str
    form: str
    scheme: str
    period: str
    due: dt.date
    need: Need
    rung: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One rule takes hold of one return on one day."""

    rule: ReminderRule
    owed: Owed
    day: dt.date

    @property
    def subject(self) -> str:
        """What makes it this reminder and no other, for everyone who gets it."""
        owed = self.owed
        parts = (self.rule.key, owed.scheme, owed.period, self.day.isoformat())
        if self.rule.to is Reminded.STANDING_OFFICE:
            return "/".join(parts)
        return "/".join((*parts, owed.unit, owed.form))


def due_reminders(
    rules: Iterable[ReminderRule],
    owed: Iterable[Owed],
    *,
    since: dt.date,
    on: dt.date,
    calendar: WorkingCalendar,
) -> Iterator[Reminder]:
    """Yield what is to be reminded of on the days from `since` to `on`, both included.

    More than one day is asked for where nobody worked in between.
    """
    standing = tuple(rules)
    days: dict[tuple[str, dt.date], dt.date] = {}
    for each in owed:
        for rule in standing:
            if each.need not in ANSWERS[rule.to] or not rule.holds_for(each.due):
                continue
            place = rule.key, each.due
            if place not in days:
                days[place] = rule.day(each.due, calendar)
            if since <= days[place] <= on:
                yield Reminder(rule, each, days[place])


def lead(rules: Iterable[ReminderRule], on: dt.date) -> int:
    """Return how many days before its due day a return counts as due soon.

    It is the longest time ahead at which a sender is reminded; 0 without such a rule.
    """
    ahead = (
        -rule.days
        for rule in rules
        if rule.to is Reminded.SENDER and rule.holds_for(on)
    )
    return max(0, max(ahead, default=0))
