"""Files that people sent, how far each was read, and what became of each part."""

import uuid

from django.conf import settings
from django.db import models

from tongket.records.models.periods import OpenPeriod
from tongket.records.walls import AccountBound


class Upload(AccountBound):
    """One file: a workbook or a zip of returns, or a list of units or of accounts.

    The file lies in the data folder under `id`; `results` holds one line a part.
    """

    class Kind(models.TextChoices):
        RETURNS = "RETURNS", "Báo cáo"
        UNITS = "UNITS", "Danh sách đơn vị"
        ACCOUNTS = "ACCOUNTS", "Danh sách mời"

    class State(models.TextChoices):
        READING = "READING", "Đang đọc"
        READ = "READ", "Đã đọc"
        APPLIED = "APPLIED", "Đã ghi"
        FAILED = "FAILED", "Không đọc được"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads"
    )
    period = models.ForeignKey(
        OpenPeriod, models.PROTECT, null=True, related_name="uploads"
    )
    filename = models.CharField(max_length=255)
    at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.READING
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    results = models.JSONField(default=list)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.filename} ({self.at:%Y-%m-%d %H:%M})"
