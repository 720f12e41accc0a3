"""Append-only in the database itself: who lent what to whom, what was begun in bulk.

A delegation is ended once, and nothing else of it changes; of a bulk decision only how
far it is. Notices are marked read and mails lose their text once sent: both are on
their way, not records of the year, and stay as they are.
"""

from django.db import migrations

DELEGATION, BULK = "records_delegation", "records_bulkdecision"
KEPT = {
    DELEGATION: "giver_id, taker_id, membership_id, start_on, end_on, reason, at, by",
    BULK: "returns, started_at, by",
}
ENDED_ONCE = {DELEGATION: "ended_at, ended_by", BULK: 'done, "left", ended_at'}


def postgresql(table):
    yield f"""CREATE TRIGGER {table}_append_only
        BEFORE DELETE OR UPDATE OF {KEPT[table]} ON {table}
        FOR EACH ROW EXECUTE FUNCTION records_append_only()"""
    yield f"""CREATE TRIGGER {table}_ended_once
        BEFORE UPDATE OF {ENDED_ONCE[table]} ON {table}
        FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)
        EXECUTE FUNCTION records_append_only()"""
    yield f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION records_append_only()"""


def sqlite(table):
    says = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {says}"
    yield f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {KEPT[table]}
        ON {table} {says}"""
    yield f"""CREATE TRIGGER {table}_ended_once BEFORE UPDATE OF {ENDED_ONCE[table]}
        ON {table} WHEN OLD.ended_at IS NOT NULL {says}"""


NAMES = {
    "postgresql": ("append_only", "ended_once", "no_truncate"),
    "sqlite": ("no_delete", "no_update", "ended_once"),
}


def create(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in KEPT:
        for statement in {"postgresql": postgresql, "sqlite": sqlite}[vendor](table):
            schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in KEPT:
        on = f" ON {table}" if vendor == "postgresql" else ""
        for name in NAMES[vendor]:
            schema_editor.execute(f"DROP TRIGGER {table}_{name}{on}")


class Migration(migrations.Migration):
    dependencies = [("records", "0014_amendments_and_walls_of_notices")]
    operations = [migrations.RunPython(create, drop)]
