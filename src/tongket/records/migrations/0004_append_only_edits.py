"""Append-only in the database itself: edits and comments of cells, and extensions."""

from django.db import migrations

FROZEN = ("records_celledit", "records_cellcomment", "records_extension")


def create(apps, schema_editor, tables=FROZEN):
    for table in tables:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"""CREATE TRIGGER {table}_append_only
                BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION records_append_only()"""
            )
            continue
        for act in ("update", "delete"):
            schema_editor.execute(
                f"""CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
                BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
            )


def drop(apps, schema_editor, tables=FROZEN):
    for table in tables:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            continue
        for act in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{act}")


class Migration(migrations.Migration):
    dependencies = [("records", "0003_collect")]
    operations = [migrations.RunPython(create, drop)]
