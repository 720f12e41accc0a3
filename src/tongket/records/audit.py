"""Write and verify the chain of acts ("nhật ký"): a changed or lost row is found.

The hash of a row covers its content and the hash before it (SHA-256 of canonical JSON),
so that an edit, a deletion, a swap or an insertion breaks every row after it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from tongket.records.models import AuditEntry

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Act:
    """What is about to be recorded: the act, on what, and the values around it."""

    act: str
    subject: str
    new: Any = None
    old: Any = None


def digest(previous: str, at: dt.datetime, by: str, act: Act) -> str:
    """Return the hash of one row, given the hash of the row before it."""
    content = [
        previous,
        at.astimezone(dt.UTC).isoformat(),
        by,
        act.act,
        act.subject,
        act.old,
        act.new,
    ]
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def record(acts: Iterable[Act], *, by: str, at: dt.datetime) -> None:
    """Append acts to the chain; must run inside the transaction of what they tell.

    On PostgreSQL an advisory lock keeps two writers from chaining to one row; SQLite's
    immediate transactions have one writer already.
    """
    assert transaction.get_connection().in_atomic_block, "audit belongs to the write"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x7061756469])
    last = AuditEntry.objects.order_by("-id").values_list("hash", flat=True).first()
    previous = last or START
    rows = []
    for act in acts:
        hashed = digest(previous, at, by, act)
        rows.append(
            AuditEntry(
                at=at,
                by=by,
                act=act.act,
                subject=act.subject,
                old=act.old,
                new=act.new,
                previous_hash=previous,
                hash=hashed,
            )
        )
        previous = hashed
    AuditEntry.objects.bulk_create(rows, batch_size=500)


def first_break() -> AuditEntry | None:
    """Return the first row that does not follow from the one before; None if sound."""
    previous = START
    for row in AuditEntry.objects.order_by("id").iterator(2000):
        act = Act(row.act, row.subject, row.new, row.old)
        sound = row.previous_hash == previous
        if not sound or row.hash != digest(previous, row.at, row.by, act):
            return row
        previous = row.hash
    return None
