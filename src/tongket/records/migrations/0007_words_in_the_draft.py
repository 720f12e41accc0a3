from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

append_only = import_module("tongket.records.migrations.0004_append_only_edits")
FROZEN = ("records_wordsedit",)


def create(apps, schema_editor):
    append_only.create(apps, schema_editor, FROZEN)


def drop(apps, schema_editor):
    append_only.drop(apps, schema_editor, FROZEN)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_explanations_wait_in_the_browser"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="words",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="openperiod",
            name="reason",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="WordsEdit",
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
                ("number", models.PositiveIntegerField()),
                ("measure", models.CharField(max_length=80)),
                ("text", models.TextField(blank=True)),
                ("over", models.PositiveIntegerField(default=0)),
                ("token", models.CharField(max_length=36)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words_edits",
                        to="records.draft",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "number"), name="words_are_numbered_once"
                    ),
                    models.UniqueConstraint(
                        fields=("draft", "token"), name="an_edit_of_words_counts_once"
                    ),
                ],
            },
        ),
        migrations.RunPython(create, drop),
    ]
