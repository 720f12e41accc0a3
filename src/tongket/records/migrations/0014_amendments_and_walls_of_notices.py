"""Which returns were amended, without reading them; notices are their reader's own."""

from importlib import import_module

from django.db import migrations, models

WALLS = import_module("tongket.records.migrations.0012_walls")
TABLES = ("records_notice", "records_mailchoice")


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        schema_editor.execute(
            f"CREATE POLICY {table}_wall ON {table} USING ({WALLS.OF_ACCOUNT})"
            f" WITH CHECK ({WALLS.OF_ACCOUNT})"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP POLICY {table}_wall ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("records", "0013_doubts_are_lifted")]
    operations = [
        migrations.AddIndex(
            model_name="returnversion",
            index=models.Index(
                condition=models.Q(("amendment__gt", "")),
                fields=["of"],
                name="amendments",
            ),
        ),
        migrations.RunPython(create, drop),
    ]
