"""Doubts say what was compared, and are lifted when another return is mended.

A doubt is filled in once: `lifted_at` alone is set later, and only once.
"""

from django.db import migrations, models


DOUBT = "records_doubt"
KEPT = 'version_id, rule, measure, severity, words, "values", compared'


def protect(apps, schema_editor):
    """Make the table append-only again: SQLite made it anew, without its triggers."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {DOUBT}_append_only ON {DOUBT}")
        schema_editor.execute(
            f"""CREATE TRIGGER {DOUBT}_append_only
            BEFORE DELETE OR UPDATE OF {KEPT} ON {DOUBT}
            FOR EACH ROW EXECUTE FUNCTION records_append_only()"""
        )
        schema_editor.execute(
            f"""CREATE TRIGGER {DOUBT}_lifted_once BEFORE UPDATE OF lifted_at ON {DOUBT}
            FOR EACH ROW WHEN (OLD.lifted_at IS NOT NULL)
            EXECUTE FUNCTION records_append_only()"""
        )
        return
    acts = {
        "no_delete": "DELETE ON {table}",
        "no_update": f"UPDATE OF {KEPT} ON {{table}}",
        "lifted_once": "UPDATE OF lifted_at ON {table} WHEN OLD.lifted_at IS NOT NULL",
    }
    for name, act in acts.items():
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {DOUBT}_{name}")
        schema_editor.execute(
            f"CREATE TRIGGER {DOUBT}_{name} BEFORE {act.format(table=DOUBT)} "
            f"BEGIN SELECT RAISE(ABORT, '{DOUBT} is append-only'); END"
        )


def unprotect(apps, schema_editor):
    """Let every doubt be as it was before: frozen whole."""
    if schema_editor.connection.vendor == "postgresql":
        for name in ("append_only", "lifted_once"):
            schema_editor.execute(f"DROP TRIGGER {DOUBT}_{name} ON {DOUBT}")
        schema_editor.execute(
            f"""CREATE TRIGGER {DOUBT}_append_only BEFORE UPDATE OR DELETE ON {DOUBT}
            FOR EACH ROW EXECUTE FUNCTION records_append_only()"""
        )
        return
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {DOUBT}_lifted_once")
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {DOUBT}_no_update")
    schema_editor.execute(
        f"CREATE TRIGGER {DOUBT}_no_update BEFORE UPDATE ON {DOUBT} "
        f"BEGIN SELECT RAISE(ABORT, '{DOUBT} is append-only'); END"
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0012_walls")]
    operations = [
        migrations.AddField(
            model_name="doubt", name="compared", field=models.JSONField(default=list)
        ),
        migrations.AddField(
            model_name="doubt", name="lifted_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunPython(protect, unprotect),
    ]
