"""Which year does the office work on? The one asked for, else that under review.

A year is still being reviewed for two months after its end: the conference and the
remediation plans fall into January.
"""

import datetime as dt

from django.http import HttpRequest

from tongket.domain.periods import Frequency, parse
from tongket.office import clock, facts
from tongket.records.models import OpenPeriod

REVIEWED_FOR = dt.timedelta(days=60)


def opened() -> list[int]:
    """Return the years of which a period was opened, the latest first."""
    regimes = facts.pack().regimes
    keys = OpenPeriod.objects.values_list("period", flat=True)
    return sorted({parse(key, regimes).year for key in keys}, reverse=True)


def chosen(request: HttpRequest) -> int:
    """Return the year asked for by `?nam=`, or the one that is under review.

    Where that was never opened it is the latest opened; before anything is opened, the
    year of the office's calendar.
    """
    asked = request.GET.get("nam", "")
    years = opened()
    if asked.isdecimal() and int(asked) in years:
        return int(asked)
    reviewed = under_review(clock.today())
    if reviewed in years or not years:
        return reviewed
    return years[0]


def under_review(on: dt.date) -> int:
    """Return the year of the province's regime that lay two months before a day."""
    pack = facts.pack()
    regime = pack.regimes[pack.regime]
    return regime.containing(on - REVIEWED_FOR, Frequency.YEAR).year
