"""Write the chain of acts ("nhật ký"), and find in it: who did what, and when?

The chain itself is described in `chain`; whether it is unbroken is `verifying`'s part.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db import connection, models, transaction
from django.db.models.functions import Cast

from tongket.records import checkpoints
from tongket.records.chain import START, Act, instant, link
from tongket.records.models import AuditEntry

__all__ = ["START", "Act", "Wanted", "acts_known", "exported", "found", "record"]
FIELDS = AuditEntry._meta.concrete_fields
LOCK = 0x7061756469  # the number of the advisory lock at the chain's end


def record(acts: Iterable[Act], *, by: str, at: dt.datetime) -> None:
    """Append acts to the chain; must run inside the transaction of what they tell.

    On PostgreSQL an advisory lock keeps two writers from chaining to one row; SQLite's
    immediate transactions have one writer already. Nobody else gives a row its number.
    """
    assert transaction.get_connection().in_atomic_block, "audit belongs to the write"
    acts = list(acts)
    if not acts:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = AuditEntry.objects.order_by("-id").values_list("id", "hash").first()
    number, previous = last or (0, START)
    rows = []
    for act in acts:
        number += 1
        made = link(previous, number, at, by, act)
        rows.append(
            AuditEntry(
                id=number,
                at=at,
                by=by,
                act=act.act,
                subject=act.subject,
                unit=act.about,
                old=act.old,
                new=act.new,
                salt=made.salt,
                body_hash=made.body_hash,
                previous_hash=made.previous,
                hash=made.hash,
            )
        )
        previous = made.hash
    AuditEntry.objects.bulk_create(rows, batch_size=500)
    transaction.on_commit(partial(checkpoints.write_when_due, at=at), robust=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of the log are looked for; what is empty leaves all rows in.

    `since` and `until` are the first instant that is in and the first that is out;
    `returned` is a whole subject, "return:unit:form:period".
    """

    person: str = ""
    act: str = ""
    units: frozenset[str] | None = None
    returned: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    text: str = ""


def found(wanted: Wanted) -> models.QuerySet[AuditEntry]:
    """Return the rows that are looked for, the latest first."""
    rows = AuditEntry.objects.order_by("-id")
    if wanted.person:
        rows = rows.filter(by=wanted.person)
    if wanted.act:
        rows = rows.filter(act=wanted.act)
    if wanted.units is not None:
        rows = rows.filter(unit__in=wanted.units)
    if wanted.returned:
        rows = rows.filter(subject=wanted.returned)
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    if wanted.text:
        rows = rows.filter(_says(wanted.text))
    return rows


def _says(text: str) -> models.Q:
    """Return the condition that the subject or a value of a row holds a text."""
    # SQLite keeps JSON as it was written, with "\u1ec7" for "ệ"; PostgreSQL parses it.
    is_parsed = connection.vendor == "postgresql"
    stored = text if is_parsed else json.dumps(text)[1:-1]
    new, old = (Cast(name, models.TextField()) for name in ("new", "old"))
    return (
        models.Q(subject__icontains=text)
        | models.lookups.IContains(new, stored)
        | models.lookups.IContains(old, stored)
    )


def acts_known() -> list[str]:
    """Return the name of every act that was ever recorded, in the alphabet's order."""
    # One step over the index for each name; DISTINCT would read a million rows.
    names: list[str] = []
    rows = AuditEntry.objects.order_by("act").values_list("act", flat=True)
    following = rows.first()
    while following is not None:
        names.append(following)
        following = rows.filter(act__gt=following).first()
    return names


def exported() -> Iterator[str]:
    """Yield every row of the log as a line of JSON, for the verifier that stands alone.

    docs/reference/audit.md names the columns; instants are in UTC, as they are hashed.
    """
    for row in AuditEntry.objects.order_by("id").iterator(2000):
        values = {field.attname: getattr(row, field.attname) for field in FIELDS}
        yield json.dumps({**values, "at": instant(row.at)}, ensure_ascii=False) + "\n"
