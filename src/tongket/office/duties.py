"""Which returns are owed, by whom and by when, and what became of each?"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from tongket.cycle import collect
from tongket.domain.deadlines import is_overdue
from tongket.domain.forms import Form
from tongket.domain.periods import Period
from tongket.domain.reporting import ReportingScheme
from tongket.domain.units import UnitVersion
from tongket.office import facts
from tongket.records.models import Extension, OpenPeriod, Return


@dataclass(frozen=True, slots=True)
class Duty:
    """One return that a unit owes; `state` is "" until something was sent."""

    opened: OpenPeriod
    period: Period
    scheme: ReportingScheme
    unit: UnitVersion
    form: Form
    due: dt.date
    state: str
    pk: int | None
    is_overdue: bool
    extended_until: dt.date | None = None  # `due` is this day when it was granted
    sent_on: dt.date | None = None  # the day of the first sending
    may_send: bool = True

    @property
    def is_late(self) -> bool:
        """Whether the first sending came after the due day."""
        return self.sent_on is not None and self.sent_on > self.due

    @property
    def is_wanting(self) -> bool:
        """Whether the unit must still do something about it."""
        return self.state in {"", Return.State.SENT_BACK, Return.State.TAKEN_BACK}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many returns stand where; `overdue` of `unsent` are past their day."""

    owed: int
    unsent: int
    overdue: int
    waiting: int
    sent_back: int
    accepted: int

    @property
    def sent(self) -> int:
        """How many were sent at all."""
        return self.owed - self.unsent

    @property
    def taken_back(self) -> int:
        """How many the unit took back and has not sent again."""
        return self.sent - self.waiting - self.sent_back - self.accepted

    @property
    def is_unfinished(self) -> bool:
        """Whether somebody must still send or decide something."""
        return self.accepted < self.owed


def of_year(year: int) -> list[OpenPeriod]:
    """Return the opened periods whose window belongs to a year of its regime."""
    pack = facts.pack()
    found = OpenPeriod.objects.order_by("-end_on", "scheme")
    return [each for each in found if collect.window(pack, each).year == year]


def of(
    periods: Sequence[OpenPeriod], scope: Collection[str], *, on: dt.date
) -> list[Duty]:
    """Return every return that units of the scope owe for the periods."""
    pack, granted = facts.pack(), collect.Extensions(periods)
    sent = first_sent(periods, scope)
    found = []
    for opened in periods:
        rule = collect.scheme_of(pack, opened.scheme)
        period = collect.window(pack, opened)
        dues = {kind: rule.due(period, kind, pack.calendar) for kind in rule.unit_kinds}
        is_open = opened.state == OpenPeriod.State.OPEN
        for unit, key in collect.owed(pack=pack, opened=opened):
            if unit.unit not in scope:
                continue
            pk, state, day = sent.get((opened.pk, unit.unit, key), (None, "", None))
            until = granted.until(Extension.Kind.DUE, opened, unit.unit, key)
            due = until or dues[unit.kind]
            found.append(
                Duty(
                    opened,
                    period,
                    rule,
                    unit,
                    pack.forms[key],
                    due,
                    state,
                    pk,
                    is_overdue=not state and is_overdue(due=due, on=on),
                    extended_until=until,
                    sent_on=day,
                    may_send=is_open or granted.lets_in(opened, unit.unit, key, on),
                )
            )
    return found


def first_sent(
    periods: Sequence[OpenPeriod], scope: Collection[str]
) -> dict[tuple[int, str, str], tuple[int, str, dt.date]]:
    """Return pk, state and day of the first sending of every return that was sent."""
    rows = Return.objects.filter(
        period__in=periods, unit__key__in=scope, versions__number=1
    ).values_list("period", "unit__key", "form", "pk", "state", "versions__sent_at")
    return {
        (period, unit, form): (pk, state, timezone.localtime(at).date())
        for period, unit, form, pk, state, at in rows
    }


def tally(duties: Iterable[Duty]) -> Tally:
    """Count duties by where they stand."""
    kept = list(duties)
    states = Counter(duty.state for duty in kept)
    return Tally(
        owed=len(kept),
        unsent=states[""],
        overdue=sum(duty.is_overdue for duty in kept),
        waiting=states[Return.State.SENT],
        sent_back=states[Return.State.SENT_BACK],
        accepted=states[Return.State.ACCEPTED],
    )
