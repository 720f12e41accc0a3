"""A changed, lost, swapped or inserted row of the audit is found; rows are kept."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories import AT, BY, HANOI, crimes, month, sent

from tongket.cycle import check
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import AuditEntry, Doubt, ReturnVersion, Review

UNIT = "bg-c07201"


def without_triggers(table: str) -> None:
    """Take the table's protection away, as somebody with the database's password could.

    The test's transaction brings it back.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            return
        for kind in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER {table}_no_{kind}")


@pytest.fixture
def chain(db: None) -> list[AuditEntry]:
    for number in range(5):
        act = audit.Act("act", f"thing:{number}", {"số": number}, None)
        audit.record([act], by=BY, at=AT + dt.timedelta(minutes=number))
    return list(AuditEntry.objects.order_by("id"))


def test_each_row_is_chained_to_the_row_before(chain: list[AuditEntry]) -> None:
    hashes = [audit.START, *(row.hash for row in chain)]
    assert [row.previous_hash for row in chain] == hashes[:-1]
    assert len(set(hashes)) == len(hashes)
    assert audit.first_break() is None


def test_several_acts_of_one_write_are_chained_in_their_order(db: None) -> None:
    audit.record([audit.Act("a", "1"), audit.Act("b", "2")], by=BY, at=AT)
    first, second = AuditEntry.objects.order_by("id")
    assert (first.act, second.act) == ("a", "b")
    assert second.previous_hash == first.hash
    assert str(first).endswith("tester a")


def test_an_empty_chain_is_sound(db: None) -> None:
    audit.record([], by=BY, at=AT)
    assert audit.first_break() is None


def test_the_hash_is_the_same_instant_in_any_time_zone() -> None:
    act = audit.Act("a", "1")
    utc = AT.astimezone(dt.UTC)
    assert AT.tzinfo == HANOI
    assert audit.digest(audit.START, AT, BY, act) == audit.digest(
        audit.START, utc, BY, act
    )


@pytest.mark.parametrize(
    "change",
    [
        {"by": "somebody else"},
        {"at": AT - dt.timedelta(days=1)},
        {"act": "other"},
        {"subject": "other"},
        {"new": {"số": 7}},
        {"old": {"số": 7}},
        {"hash": "f" * 64},
        {"previous_hash": "f" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edited_row_is_found(chain: list[AuditEntry], change: Any) -> None:
    without_triggers("records_auditentry")
    AuditEntry.objects.filter(pk=chain[2].pk).update(**change)
    found = audit.first_break()
    assert found is not None
    assert found.pk == chain[2].pk


@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_deleted_row_is_found_at_the_row_after(
    chain: list[AuditEntry], place: int
) -> None:
    without_triggers("records_auditentry")
    AuditEntry.objects.filter(pk=chain[place].pk).delete()
    found = audit.first_break()
    assert found is not None
    assert found.pk == chain[place + 1].pk


def test_two_rows_that_were_swapped_are_found(chain: list[AuditEntry]) -> None:
    without_triggers("records_auditentry")
    fields = ("at", "by", "act", "subject", "new", "old", "previous_hash", "hash")
    one, other = chain[1], chain[2]
    told = [{name: getattr(row, name) for name in fields} for row in (one, other)]
    AuditEntry.objects.filter(pk=one.pk).update(hash="x")
    AuditEntry.objects.filter(pk=other.pk).update(**told[0])
    AuditEntry.objects.filter(pk=one.pk).update(**told[1])
    found = audit.first_break()
    assert found is not None
    assert found.pk == one.pk


def test_a_row_put_between_two_others_is_found(chain: list[AuditEntry]) -> None:
    without_triggers("records_auditentry")
    act = audit.Act("act", "thing:forged", {"số": 9})
    forged = audit.digest(chain[1].hash, AT, BY, act)
    AuditEntry.objects.filter(pk=chain[2].pk).update(
        subject=act.subject,
        new=act.new,
        old=None,
        at=AT,
        previous_hash=chain[1].hash,
        hash=forged,
    )
    found = audit.first_break()
    assert found is not None
    assert found.pk == chain[3].pk


def test_an_audit_row_outside_a_transaction_is_a_mistake_of_ours() -> None:
    # No database was asked for, so there is no transaction either.
    with pytest.raises(AssertionError, match="audit belongs to the write"):
        audit.record([audit.Act("a", "1")], by=BY, at=AT)


def test_on_postgresql_writers_wait_for_each_other_at_the_chains_end(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Cursor:
        def __enter__(self) -> "Cursor":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def execute(self, statement: str, _values: object) -> None:
            asked.append(statement)

    class Connection:
        vendor = "postgresql"
        cursor = Cursor

    monkeypatch.setattr(audit, "connection", Connection())
    audit.record([audit.Act("a", "1")], by=BY, at=AT)
    assert asked == ["SELECT pg_advisory_xact_lock(%s)"]


@pytest.fixture
def kept(pack: Pack) -> dict[str, Any]:
    """One row of every table that only grows."""
    (version,) = sent(month(1), {UNIT: crimes(2, theft_cases=1)})
    check.examine(pack=pack, versions=[version], at=AT)
    check.send_back(returns=[version.of], reason="Sai cơ cấu.", by=BY, at=AT)
    return {
        "entry": AuditEntry.objects.first(),
        "review": Review.objects.get(),
        "doubt": Doubt.objects.get(),
        "version": version,
    }


@pytest.mark.parametrize("name", ["entry", "review", "doubt", "version"])
def test_the_database_lets_nobody_delete_what_is_kept(
    kept: dict[str, Any], name: str
) -> None:
    row = kept[name]
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
    ):
        type(row).objects.filter(pk=row.pk)._raw_delete(using="default")
    assert type(row).objects.filter(pk=row.pk).exists()


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("entry", {"by": "x"}),
    ("review", {"reason": "x"}),
    ("doubt", {"severity": "NOTE"}),
    ("version", {"cells": {}}),
    ("version", {"explanations": {"*": "x"}}),
    ("version", {"number": 9}),
    ("version", {"sent_by": "x"}),
    ("version", {"sent_at": AT}),
    ("version", {"channel": "WORKBOOK"}),
]


@pytest.mark.parametrize(("name", "change"), CHANGES)
def test_the_database_lets_nobody_change_what_is_kept(
    kept: dict[str, Any], name: str, change: dict[str, Any]
) -> None:
    row = kept[name]
    before = {field: getattr(row, field) for field in change}
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
    ):
        type(row).objects.filter(pk=row.pk).update(**change)
    row.refresh_from_db()
    assert {field: getattr(row, field) for field in change} == before


def test_when_a_version_was_examined_is_filled_in_later(pack: Pack) -> None:
    (version,) = sent(month(1), {UNIT: crimes(2)})
    assert version.examined_at is None
    check.examine(pack=pack, versions=[version], at=AT)
    assert ReturnVersion.objects.get().examined_at == AT


def test_every_act_of_a_sending_stands_in_the_chain(
    pack: Pack, acts: Callable[[], list[tuple[str, str]]]
) -> None:
    (version,) = sent(month(1), {UNIT: crimes(2)})
    check.accept(pack=pack, returns=[version.of], by=BY, at=AT)
    subject = f"return:{UNIT}:commune-month-2022:nd09-2023-m01"
    assert acts() == [
        ("open_period", "period:commune-month:nd09-2023-m01"),
        ("receive", subject),
        ("accepted", subject),
    ]
    assert audit.first_break() is None
