"""Append-only in the database itself: no row of these tables is changed or deleted.

`examined_at` of a version is the one column that is filled later, once.
"""

from django.db import migrations

FROZEN = ("records_auditentry", "records_review", "records_doubt")
VERSION = "records_returnversion"
KEPT = ("of_id", "number", "cells", "explanations", "channel", "sent_at", "sent_by")


def sqlite_triggers():
    for table in (*FROZEN, VERSION):
        yield f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
    for table in FROZEN:
        yield f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
    columns = ", ".join(KEPT)
    yield f"""CREATE TRIGGER {VERSION}_no_update BEFORE UPDATE OF {columns} ON {VERSION}
        BEGIN SELECT RAISE(ABORT, '{VERSION} is append-only'); END"""


def postgresql_triggers():
    yield """CREATE FUNCTION records_append_only() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END
        $$ LANGUAGE plpgsql"""
    for table in FROZEN:
        yield f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION records_append_only()"""
    columns = ", ".join(KEPT)
    yield f"""CREATE TRIGGER {VERSION}_append_only BEFORE DELETE OR UPDATE OF {columns}
        ON {VERSION} FOR EACH ROW EXECUTE FUNCTION records_append_only()"""


def create(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    triggers = {"sqlite": sqlite_triggers, "postgresql": postgresql_triggers}[vendor]
    for statement in triggers():
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in (*FROZEN, VERSION):
        names = (
            [f"{table}_no_update", f"{table}_no_delete"]
            if vendor == "sqlite"
            else [f"{table}_append_only"]
        )
        on = "" if vendor == "sqlite" else f" ON {table}"
        for name in names:
            schema_editor.execute(f"DROP TRIGGER {name}{on}")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION records_append_only()")


class Migration(migrations.Migration):
    dependencies = [("records", "0001_records")]
    operations = [migrations.RunPython(create, drop)]
