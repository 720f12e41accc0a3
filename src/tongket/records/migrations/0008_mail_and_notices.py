"""Notices, mail on its way, who works behind the pages, and when a return first came."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0007_words_in_the_draft"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                ("id", key()),
                ("takes_reminders", models.BooleanField()),
                ("changed_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_choice",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", key()),
                ("reminder", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=300)),
                ("words", models.JSONField()),
                ("place", models.JSONField(default=list)),
                ("in_app", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(
                        fields=["user", "read_at"],
                        name="records_not_user_id_e10f10_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "subject"), name="a_person_is_told_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMail",
            fields=[
                ("id", key()),
                ("recipient", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True)),
                ("cause", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("QUEUED", "Chờ gửi"),
                            ("SENDING", "Đang gửi"),
                            ("SENT", "Đã gửi"),
                            ("FAILED", "Không gửi được"),
                            ("DOUBTFUL", "Chưa rõ đã gửi"),
                            ("LEFT", "Để nguyên"),
                        ],
                        default="QUEUED",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("lease", models.CharField(blank=True, max_length=60)),
                ("leased_until", models.DateTimeField(null=True)),
                ("message_id", models.CharField(max_length=120, unique=True)),
                ("last_error", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=150)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mails",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        fields=["state", "next_at"],
                        name="records_out_state_bee58e_idx",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkerLease",
            fields=[
                ("id", key()),
                ("name", models.CharField(max_length=20, unique=True)),
                ("holder", models.CharField(blank=True, max_length=60)),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="returnversion",
            index=models.Index(
                fields=["of", "number", "sent_at"], name="first_sendings"
            ),
        ),
    ]
