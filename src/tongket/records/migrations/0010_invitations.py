"""Links by which an account is taken up, wrong guesses, and lists of people invited."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0009_ladder"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="upload",
            name="kind",
            field=models.CharField(
                choices=[
                    ("RETURNS", "Báo cáo"),
                    ("UNITS", "Danh sách đơn vị"),
                    ("ACCOUNTS", "Danh sách mời"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="GuessCount",
            fields=[
                ("id", key()),
                ("key", models.CharField(max_length=64, unique=True)),
                ("failures", models.FloatField(default=0)),
                ("at", models.DateTimeField(db_index=True)),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", key()),
                (
                    "kind",
                    models.CharField(
                        choices=[("INVITE", "Mời"), ("RESET", "Đặt lại mật khẩu")],
                        max_length=10,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=150)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
