"""A token that changes with units, lineage and groups, kept by the database itself."""

from django.db import migrations, models

TABLES = (
    "records_unit",
    "records_unitversion",
    "records_unitlineage",
    "records_unitgroup",
)
ACTS = ("INSERT", "UPDATE", "DELETE")
STATE = "records_registerstate"
SQLITE = f"INSERT OR REPLACE INTO {STATE} (id, token) VALUES (1, hex(randomblob(16)))"
POSTGRESQL = f"""INSERT INTO {STATE} (id, token) VALUES (1, gen_random_uuid()::text)
    ON CONFLICT (id) DO UPDATE SET token = EXCLUDED.token"""


def sqlite_triggers():
    yield SQLITE
    for table in TABLES:
        for act in ACTS:
            yield f"""CREATE TRIGGER {table}_state_{act.lower()} AFTER {act} ON {table}
                BEGIN {SQLITE}; END"""


def postgresql_triggers():
    yield POSTGRESQL
    yield f"""CREATE FUNCTION records_register_changed() RETURNS trigger AS $$
        BEGIN {POSTGRESQL}; RETURN NULL; END
        $$ LANGUAGE plpgsql"""
    for table in TABLES:
        yield f"""CREATE TRIGGER {table}_state AFTER {" OR ".join(ACTS)} ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION records_register_changed()"""


def create(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    triggers = {"sqlite": sqlite_triggers, "postgresql": postgresql_triggers}[vendor]
    for statement in triggers():
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER {table}_state ON {table}")
        schema_editor.execute("DROP FUNCTION records_register_changed()")
        return
    for table in TABLES:
        for act in ACTS:
            schema_editor.execute(f"DROP TRIGGER {table}_state_{act.lower()}")


class Migration(migrations.Migration):
    dependencies = [("records", "0004_append_only_edits")]

    operations = [
        migrations.CreateModel(
            name="RegisterState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("token", models.CharField(max_length=40)),
            ],
        ),
        migrations.RunPython(create, drop),
    ]
