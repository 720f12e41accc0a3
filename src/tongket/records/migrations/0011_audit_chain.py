"""The log of acts gets its salted chain; what was there is chained anew.

Before the first release a chain may be computed again: its rows keep their values and
their order, get numbers without a gap, and one row tells the head that the old chain
had and whether it was sound. On PostgreSQL no append-only table can be truncated.
"""

import datetime as dt
import hashlib
import json

from django.db import migrations, models
from django.utils import timezone

from tongket.records import chain

TABLE = "records_auditentry"
# Every table that only grows, at this point.
GROWING = (
    TABLE,
    "records_review",
    "records_doubt",
    "records_returnversion",
    "records_celledit",
    "records_cellcomment",
    "records_extension",
    "records_wordsedit",
)


def open_table(apps, schema_editor):
    """Take the protection of the log away, for as long as this migration runs."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}")
        return
    for act in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{act}")


def close_table(apps, schema_editor):
    """Put it back; tell PostgreSQL that no growing table is emptied at once."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE}
            FOR EACH ROW EXECUTE FUNCTION records_append_only()"""
        )
        for table in GROWING:
            schema_editor.execute(
                f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION records_append_only()"""
            )
        return
    for act in ("update", "delete"):
        schema_editor.execute(
            f"""CREATE TRIGGER {TABLE}_no_{act} BEFORE {act} ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"""
        )


def former(row):
    """Return the hash that the former chain gave a row."""
    at = row.at.astimezone(dt.UTC).isoformat()
    content = [
        row.previous_hash, at, row.by, row.act, row.subject,
        row.old, row.new,
    ]  # fmt: skip
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def rechain(apps, schema_editor):
    """Number and chain every row anew; then tell what the chain was before."""
    entry = apps.get_model("records", "AuditEntry")
    old_head, new_head, number, sound = chain.START, chain.START, 0, True
    for row in by_parts(entry):
        number += 1
        sound = sound and row.previous_hash == old_head and row.hash == former(row)
        old_head = row.hash
        act = chain.Act(row.act, row.subject, row.new, row.old)
        new_head = keep(entry, row.pk, number, row.at, row.by, act, new_head)
    if number:
        told = {"rows": number, "hash": old_head, "sound": sound}
        act, at = chain.Act("rechain", "audit", told), timezone.now()
        made = chain.link(new_head, number + 1, at, "migrate", act)
        entry.objects.create(
            id=number + 1, at=at, by="migrate", act=act.act, subject=act.subject,
            new=told, salt=made.salt, body_hash=made.body_hash,
            previous_hash=made.previous, hash=made.hash,
        )  # fmt: skip


def by_parts(entry):
    """Yield every row in its order; rows already yielded may be written meanwhile."""
    last, rows = 0, entry.objects.order_by("id")
    while part := list(rows.filter(id__gt=last)[:2000]):
        last = part[-1].pk
        yield from part


def keep(entry, pk, number, at, by, act, previous):
    """Chain one row anew under its number; return its hash."""
    made = chain.link(previous, number, at, by, act)
    # A number is never larger than the id that the row had, so none is taken.
    entry.objects.filter(pk=pk).update(
        id=number, unit=act.about, salt=made.salt, body_hash=made.body_hash,
        previous_hash=made.previous, hash=made.hash,
    )  # fmt: skip
    return made.hash


class Migration(migrations.Migration):
    dependencies = [("records", "0010_invitations")]
    operations = [
        migrations.RunPython(open_table),
        migrations.AddField(
            "auditentry", "unit", models.CharField(blank=True, default="", max_length=80)
        ),
        migrations.AddField(
            "auditentry", "salt", models.CharField(default="", max_length=32)
        ),
        migrations.AddField(
            "auditentry", "body_hash", models.CharField(default="", max_length=64)
        ),
        migrations.RunPython(rechain),
        migrations.RunPython(close_table),
        migrations.AddIndex(
            "auditentry", models.Index(fields=["by", "id"], name="audit_by_person")
        ),
        migrations.AddIndex(
            "auditentry", models.Index(fields=["act", "id"], name="audit_by_act")
        ),
        migrations.AddIndex(
            "auditentry", models.Index(fields=["unit", "id"], name="audit_by_unit")
        ),
        migrations.AddIndex(
            "auditentry", models.Index(fields=["at"], name="audit_by_time")
        ),
    ]
