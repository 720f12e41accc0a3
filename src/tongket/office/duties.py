"""Which returns are owed, by whom and by when, and what became of each?"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from tongket.cycle import collect
from tongket.domain.deadlines import is_overdue
from tongket.domain.forms import Form
from tongket.domain.periods import Period
from tongket.domain.reporting import ReportingScheme
from tongket.domain.units import UnitVersion
from tongket.office import facts
from tongket.records.models import OpenPeriod, Return
from tongket.records.register import register


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

    @property
    def is_wanting(self) -> bool:
        """Whether the unit must still do something about it."""
        return self.state in {"", Return.State.SENT_BACK}


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


def of_year(year: int) -> list[OpenPeriod]:
    """Return the opened periods whose window belongs to a year of its regime."""
    pack = facts.pack()
    found = OpenPeriod.objects.order_by("-end_on", "scheme")
    return [each for each in found if collect.window(pack, each).year == year]


def of(
    periods: Sequence[OpenPeriod], scope: Collection[str], *, on: dt.date
) -> list[Duty]:
    """Return every return that units of the scope owe for the periods."""
    pack, everyone = facts.pack(), register()
    rows = Return.objects.filter(period__in=periods, unit__key__in=scope)
    sent = {
        (period, unit, form): (pk, state)
        for period, unit, form, pk, state in rows.values_list(
            "period", "unit__key", "form", "pk", "state"
        )
    }
    found = []
    for opened in periods:
        rule, period = (
            collect.scheme_of(pack, opened.scheme),
            collect.window(pack, opened),
        )
        dues = {kind: rule.due(period, kind, pack.calendar) for kind in rule.unit_kinds}
        for unit in rule.owing(everyone.on(period.end)):
            if unit.unit not in scope:
                continue
            due = dues[unit.kind]
            for key in rule.forms:
                pk, state = sent.get((opened.pk, unit.unit, key), (None, ""))
                late = not state and is_overdue(due=due, on=on)
                form = pack.forms[key]
                duty = Duty(opened, period, rule, unit, form, due, state, pk, late)
                found.append(duty)
    return found


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
