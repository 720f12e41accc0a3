"""Due days ("thời hạn"): working days by a dated table of holidays.

The table is data, entered each year: the lunar new year, Hùng Kings' day and declared
swap days cannot be computed.
"""

import datetime as dt
from dataclasses import dataclass

from tongket.domain.dated import CheckedOnlyUntil

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked; knows nothing after `checked_until`."""

    holidays: frozenset[dt.date]
    swapped_in: frozenset[dt.date]
    checked_until: dt.date

    def is_working(self, day: dt.date) -> bool:
        """Whether offices work on `day`; refuses days beyond the table."""
        if day > self.checked_until:
            raise CheckedOnlyUntil(
                name="holidays.yaml", until=self.checked_until, day=day
            )
        if day in self.swapped_in:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def first_working(self, day: dt.date) -> dt.date:
        """Return `day`, or the first working day after it."""
        while not self.is_working(day):
            day += dt.timedelta(days=1)
        return day

    def after(self, day: dt.date, working_days: int) -> dt.date:
        """Return the day that lies `working_days` working days after `day`.

        >>> calendar = WorkingCalendar(frozenset(), frozenset(), dt.date(2024, 12, 31))
        >>> calendar.after(dt.date(2024, 6, 14), 1)  # Friday → Monday
        datetime.date(2024, 6, 17)
        """
        assert working_days >= 0, "a deadline lies after its cut-off"
        for _ in range(working_days):
            day = self.first_working(day + dt.timedelta(days=1))
        return day


def is_overdue(*, due: dt.date, on: dt.date) -> bool:
    """Whether a duty due on `due` (that day included) is late on `on`."""
    return on > due
