"""PostgreSQL's own wall: a session sees the rows of the units that it was told."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction
from tests.factories import NGO_QUYEN, THO_XUONG, crimes, month, sent
from tests.postgres import APPLICATION

from tongket.loader.pack import Pack
from tongket.records import scope
from tongket.records.models import Draft, Return, ReturnVersion, Unit
from tongket.records.scope import Units

# Tables that every account of the site may read, and why no policy hides their rows.
OPEN_TO_ALL = {
    "records_guesscount": "counted before anybody is known",
    "records_outboxmail": "the worker's, and a page of the province",
    "records_invitation": "read before anybody is known; only digests",
    "records_workerlease": "names no unit",
    "records_bulkdecision": "names numbers of returns alone; its page asks whose it is",
    "records_delegation": "read to learn the units of an account",
    "records_annualreport": "the province's own, published",
    "records_apitoken": "read before anybody is known; only digests",
    "records_auditentry": "one chain: who writes reads the row before",
    "records_frozenperiod": "the province's own, published",
    "records_membership": "read to learn the units of an account",
    "records_openperiod": "the calendar",
    "records_programmework": "the province's own",
    "records_registerstate": "a token",
    "records_scorerun": "names no unit",
    "records_unit": "the tree is public",
    "records_unitgroup": "the tree is public",
    "records_unitlineage": "the tree is public",
    "records_unitversion": "the tree is public",
}
postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has no second wall"
)


def rows(sql: str, *given: object) -> list[tuple[Any, ...]]:
    """Return what the database answers to a statement that no manager sees."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def two(pack: Pack) -> dict[str, int]:
    """Two communes that each sent a return; their numbers in the tables."""
    sent(month(12), {THO_XUONG: crimes(2), NGO_QUYEN: crimes(3)})
    return dict(Unit.objects.values_list("key", "id"))


@pytest.fixture
def own(two: dict[str, int]) -> Iterator[int]:
    """The number of a commune for which the test then acts."""
    with scope.acting(Units(frozenset({two[THO_XUONG]}))):
        yield two[THO_XUONG]


@postgresql
def test_every_table_has_a_forced_policy_or_is_on_the_list(db: None) -> None:
    found = rows(
        """select relname, relrowsecurity and relforcerowsecurity and exists
            (select from pg_policy where polrelid = c.oid)
        from pg_class c where relkind = 'r' and relname like 'records\\_%%'"""
    )
    assert {name for name, is_walled in found if not is_walled} == OPEN_TO_ALL.keys()


@postgresql
def test_a_view_would_show_rows_with_its_owner_s_eyes_so_there_is_none(
    db: None,
) -> None:
    found = rows(
        """select relname from pg_class join pg_namespace n on n.oid = relnamespace
        where relkind in ('v', 'm') and nspname = 'public'"""
    )
    assert found == []


@postgresql
def test_the_application_owns_nothing_and_passes_no_policy(db: None) -> None:
    (role,) = rows(
        "select current_user, rolsuper, rolbypassrls from pg_roles"
        " where rolname = current_user"
    )
    assert role == (APPLICATION, False, False)
    owned = (
        "select count(*) from pg_class where pg_get_userbyid(relowner) = current_user"
    )
    assert rows(owned) == [(0,)]


@postgresql
@pytest.mark.parametrize("table", ["records_return", "records_returnversion"])
def test_plain_sql_shows_the_units_that_the_session_was_told(
    table: str, two: dict[str, int]
) -> None:
    count = f"select count(*) from {table}"
    for units, seen in (((), 0), ((THO_XUONG,), 1), ((THO_XUONG, NGO_QUYEN), 2)):
        with scope.acting(Units(frozenset(two[each] for each in units))):
            assert rows(count) == [(seen,)]
    with scope.acting(None):
        assert rows(count) == [(0,)]
    assert rows(count) == [(2,)]


@postgresql
def test_a_setting_that_is_no_list_of_numbers_stops_the_statement(own: int) -> None:
    told = (f"{own},x", "")
    connection._tell(told)
    with pytest.raises(Exception, match="bigint"):
        connection.connection.execute("select count(*) from records_return")


@postgresql
def test_what_the_session_was_told_survives_what_is_undone(
    two: dict[str, int], own: int
) -> None:
    count = "select count(*) from records_return"

    def look_and_fail(seen: int) -> None:
        assert rows(count) == [(seen,)]
        raise KeyError

    assert rows(count) == [(1,)]
    with transaction.atomic():
        with pytest.raises(KeyError), transaction.atomic(), scope.whole("a test"):
            look_and_fail(2)
        assert rows(count) == [(1,)]
        with scope.whole("a test"):
            with pytest.raises(KeyError), transaction.atomic(), scope.acting(None):
                look_and_fail(0)
            assert rows(count) == [(2,)]
    assert rows(count) == [(1,)]


@postgresql
def test_a_new_connection_is_told_again(two: dict[str, int], own: int) -> None:
    assert rows("select count(*) from records_return") == [(1,)]
    fresh = connection.copy()
    try:
        with fresh.cursor() as cursor:
            cursor.execute("select current_setting('tongket.units', true)")
            assert cursor.fetchone() == (str(own),)
    finally:
        fresh.close()


@postgresql
def test_a_row_of_another_unit_is_neither_written_nor_moved(
    two: dict[str, int], own: int
) -> None:
    period = Return.objects.get().period_id
    insert = (
        "insert into records_return (unit_id, period_id, form, state)"
        " values (%s, %s, 'f', 'SENT')"
    )
    rows(insert, own, period)
    for sql, given in (
        (insert, (two[NGO_QUYEN], period)),
        ("update records_return set unit_id = %s", (two[NGO_QUYEN],)),
    ):
        with pytest.raises(DatabaseError, match="row-level"), transaction.atomic():
            rows(sql, *given)


@postgresql
def test_a_child_of_a_hidden_row_is_not_written(two: dict[str, int], own: int) -> None:
    with scope.whole("a test"):
        row = Return.objects.get(unit_id=two[NGO_QUYEN])
        draft = {"unit_id": row.unit_id, "period_id": row.period_id, "form": row.form}
        hidden = Draft.objects.create(**draft)
    insert = (
        "insert into records_cellcomment (draft_id, measure, text, at, by)"
        " values (%s, 'm', 't', now(), 'b')"
    )
    with pytest.raises(DatabaseError, match="row-level"), transaction.atomic():
        rows(insert, hidden.pk)


@postgresql
def test_a_foreign_update_tells_that_it_changed_no_row(
    two: dict[str, int], own: int
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update records_return set state = 'ACCEPTED' where unit_id = %s",
            [two[NGO_QUYEN]],
        )
        assert cursor.rowcount == 0


def plan_of(query: Any) -> str:
    """Return how PostgreSQL would carry out a query on a large table."""
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        sql, given = query.query.sql_with_params()
        cursor.execute(f"explain (costs off) {sql}", given)
        return "\n".join(line for (line,) in cursor.fetchall())


@postgresql
def test_the_units_are_read_once_a_statement_and_found_by_index(own: int) -> None:
    plan = plan_of(Return.objects.order_by())
    assert "InitPlan" in plan
    assert "SubPlan" not in plan
    assert "Index Cond: (unit_id = " in plan
    assert "Index Cond" in plan_of(ReturnVersion.objects.order_by())


@postgresql
def test_the_deploy_check_refuses_an_owner_and_one_whom_no_policy_holds(
    db: None,
) -> None:
    def told() -> set[str]:
        found = run_checks(include_deployment_checks=True)
        return {each.id for each in found if each.id.startswith("tongket.")}

    assert told() == set()
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    assert told() == {"tongket.E001", "tongket.E002"}
