"""The ladder of decisions, delegation, amendments; what waits is told for whom."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

append_only = import_module("tongket.records.migrations.0002_append_only")
VERSION, REVIEW = "records_returnversion", "records_review"
KEPT = ", ".join((*append_only.KEPT, "amendment", "filed_at_id"))


def unit(related_name):
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to="records.unit",
    )


def account(related_name):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=settings.AUTH_USER_MODEL,
    )


def protect(apps, schema_editor):
    """Keep both tables append-only: SQLite made them anew, without their triggers."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {VERSION}_append_only ON {VERSION}")
        schema_editor.execute(
            f"""CREATE TRIGGER {VERSION}_append_only
            BEFORE DELETE OR UPDATE OF {KEPT} ON {VERSION}
            FOR EACH ROW EXECUTE FUNCTION records_append_only()"""
        )
        return
    acts = {
        VERSION: {"delete": "DELETE", "update": f"UPDATE OF {KEPT}"},
        REVIEW: {"delete": "DELETE", "update": "UPDATE"},
    }
    for table, on in acts.items():
        for name, act in on.items():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}")
            schema_editor.execute(
                f"""CREATE TRIGGER {table}_no_{name} BEFORE {act} ON {table}
                BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
            )


def hang(apps, schema_editor):
    """Let each return that waits await the unit above its sender, as before."""
    Return = apps.get_model("records", "Return")
    UnitVersion = apps.get_model("records", "UnitVersion")
    for row in Return.objects.filter(state="SENT").select_related("period"):
        lived = UnitVersion.objects.filter(
            unit_id=row.unit_id, start_on__lte=row.period.end_on
        )
        last = lived.order_by("start_on").last()
        above = last.parent_id if last and last.parent_id else row.unit_id
        Return.objects.filter(pk=row.pk).update(awaits_id=above)


def nothing(apps, schema_editor):
    """Leave everything: the columns go."""


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0008_mail_and_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkDecision",
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
                ("returns", models.JSONField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("left", models.JSONField(default=list)),
                ("started_at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Delegation",
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
                ("start_on", models.DateField()),
                ("end_on", models.DateField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=150)),
                ("giver", account("delegations_given")),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delegations",
                        to="records.membership",
                    ),
                ),
                ("taker", account("delegations_taken")),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.AddField("return", "awaits", unit("awaited_returns")),
        migrations.AddField(
            "returnversion",
            "amendment",
            models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField("returnversion", "filed_at", unit("+")),
        migrations.AddField("review", "cells", models.JSONField(default=dict)),
        migrations.AddField("review", "in_place_of", unit("+")),
        migrations.AddField(
            "review",
            "on_behalf_of",
            models.CharField(blank=True, default="", max_length=150),
            preserve_default=False,
        ),
        migrations.AddField(
            "review",
            "undoes",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="records.review",
            ),
        ),
        migrations.AddField("review", "unit", unit("+")),
        migrations.AlterField(
            "return",
            "state",
            models.CharField(
                choices=[
                    ("SENT", "Đã gửi"),
                    ("SENT_BACK", "Trả lại"),
                    ("TAKEN_BACK", "Đã rút"),
                    ("ACCEPTED", "Đã nhận"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "review",
            "verdict",
            models.CharField(
                choices=[
                    ("APPROVED", "Duyệt, chuyển cấp trên"),
                    ("ACCEPTED", "Nhận"),
                    ("SENT_BACK", "Trả lại"),
                    ("TAKEN_BACK", "Rút lại"),
                    ("WITHDRAWN", "Thu hồi duyệt"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(protect, nothing),
        migrations.RunPython(hang, nothing),
    ]
