"""A changed, lost, swapped or inserted row of the audit is found; rows are kept."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests import factories
from tests.factories import AT, BY, HANOI, crimes, month, sent
from tests.postgres import APPLICATION

from tongket.cycle import check
from tongket.loader.pack import Pack
from tongket.records import audit, verifying
from tongket.records.chain import body
from tongket.records.models import AuditEntry, Doubt, ReturnVersion, Review

UNIT = "bg-c07201"


def without_triggers(table: str) -> None:
    """Take the table's protection away, as somebody with the database's password could.

    The test's transaction brings it back.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("RESET ROLE")  # the application owns no table
            cursor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            cursor.execute(f"SET ROLE {APPLICATION}")
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
    assert verifying.verify().fault is None


def test_several_acts_of_one_write_are_chained_in_their_order(db: None) -> None:
    audit.record([audit.Act("a", "1"), audit.Act("b", "2")], by=BY, at=AT)
    first, second = AuditEntry.objects.order_by("id")
    assert (first.act, second.act) == ("a", "b")
    assert second.previous_hash == first.hash
    assert str(first).endswith("tester a")


def test_an_empty_chain_is_sound(db: None) -> None:
    audit.record([], by=BY, at=AT)
    assert verifying.verify().fault is None


def test_the_hash_is_the_same_instant_in_any_time_zone() -> None:
    act = audit.Act("a", "1")
    utc = AT.astimezone(dt.UTC)
    assert AT.tzinfo == HANOI
    assert body(1, AT, BY, act) == body(1, utc, BY, act)


@pytest.mark.parametrize("value", [1.5, {"a": [1, 2.0]}, {1: "x"}])
def test_what_a_database_may_give_back_otherwise_is_not_kept(
    db: None, value: object
) -> None:
    with pytest.raises(TypeError, match="the log"):
        audit.record([audit.Act("a", "1", value)], by=BY, at=AT)


def test_the_same_act_twice_has_two_salts_and_two_hashes(db: None) -> None:
    for _ in range(2):
        audit.record([audit.Act("a", "1")], by=BY, at=AT)
    one, other = AuditEntry.objects.order_by("id")
    assert one.salt != other.salt
    assert one.body_hash != other.body_hash


def test_rows_are_numbered_without_a_gap_also_after_a_write_that_failed(
    db: None,
) -> None:
    audit.record([audit.Act("a", "1")], by=BY, at=AT)
    with transaction.atomic():
        audit.record([audit.Act("b", "2")], by=BY, at=AT)
        transaction.set_rollback(True)
    audit.record([audit.Act("c", "3")], by=BY, at=AT)
    kept = list(AuditEntry.objects.order_by("id").values_list("id", "act"))
    assert kept == [(1, "a"), (2, "c")]


@pytest.mark.parametrize(
    ("act", "unit"),
    [
        (audit.Act("a", "return:bg-x:form:period"), "bg-x"),
        (audit.Act("a", "plan:bg-x:2023"), "bg-x"),
        (audit.Act("a", "period:bg-x:2023"), ""),
        (audit.Act("a", "award:1", unit="bg-x"), "bg-x"),
    ],
)
def test_a_row_says_which_unit_it_is_about(act: audit.Act, unit: str) -> None:
    assert act.about == unit


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


def test_on_postgresql_no_growing_table_is_emptied_at_once(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    tables = ("auditentry", "review", "doubt", "returnversion", "celledit")
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")  # the application may not even try
        for table in (*tables, "delegation", "bulkdecision"):
            with (
                pytest.raises(DatabaseError, match="append-only"),
                transaction.atomic(),
            ):
                cursor.execute(f"TRUNCATE records_{table} CASCADE")
        cursor.execute(f"SET ROLE {APPLICATION}")


@pytest.fixture
def kept(pack: Pack) -> dict[str, Any]:
    """One row of every table that only grows."""
    (version,) = sent(month(1), {UNIT: crimes(2, theft_cases=1)})
    check.examine(pack=pack, versions=[version], at=AT)
    factories.decided([version], "Sai cơ cấu.")
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
    factories.climbed([version.of])
    subject = f"return:{UNIT}:commune-month-2022:nd09-2023-m01"
    assert acts() == [
        ("open_period", "period:commune-month:nd09-2023-m01"),
        ("receive", subject),
        ("approved", subject),
        ("accepted", subject),
    ]
    assert verifying.verify().fault is None
