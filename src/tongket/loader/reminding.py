"""How is the schedule of reminders read: who is reminded, when, and by which way?"""

from tongket.domain.reminders import Channel, Reminded, ReminderRule
from tongket.loader.draft import Draft
from tongket.loader.refusals import NotNumber, OutOfOrder
from tongket.loader.rows import Row, by_name

HOURS = range(24)


def read_reminders(file: Row, draft: Draft) -> None:
    """Read the reminders; `days` counts from the due day, below nought before it."""
    for row in file.rows("reminders"):
        rule = ReminderRule(
            key=row.text("key"),
            days=row.whole("days"),
            to=row.choice("to", by_name(Reminded)),
            channels=frozenset(row.choices("channels", by_name(Channel))),
            hour=_hour(row),
            working_days_only=row.flag("working_days_only"),
            start=row.day("from"),
            end=row.optional_day("until"),
            source=row.source(),
        )
        if rule.end is not None and rule.end < rule.start:
            row.refuse(OutOfOrder, key="until")
        draft.reminders.put(rule.key, rule, row)


def _hour(row: Row) -> int:
    hour = row.whole("hour")
    if hour not in HOURS:
        row.refuse(NotNumber, key="hour", text=str(hour))
    return hour
