"""Consult ("tra cứu"): who read what of a unit that is not their own?

A reading is kept before its answer leaves: what cannot be written is not shown.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from tongket.records import audit

LONGEST = 200  # as long as a subject of the log may be


@dataclass(frozen=True, slots=True)
class Reading:
    """One return, or one list with its filter, that a page is about to show.

    `units` is how many units that are not the reader's own a list tells of.
    """

    subject: str
    unit: str = ""
    units: int = 1
    filter: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def read(*, reading: Reading, page: str, by: str, at: dt.datetime) -> None:
    """Keep that a page was read; `page` is the name of its address."""
    told: dict[str, object] = {"page": page}
    if not reading.subject.startswith("return:"):
        told |= {"units": reading.units, "filter": dict(reading.filter)}
    subject = reading.subject[:LONGEST]
    act = audit.Act("read", subject, told, unit=reading.unit)
    audit.record([act], by=by, at=at)
