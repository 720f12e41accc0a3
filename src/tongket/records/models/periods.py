"""Periods that were opened for returns, with the facts they were opened under."""

from django.db import models

from tongket.records.models.units import Unit
from tongket.records.walls import UnitBound


class OpenPeriod(models.Model):
    """One window of a reporting scheme that units owe returns for.

    `reason` says why a return that no calendar asks for was called for.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", "Đang mở"
        CLOSED = "CLOSED", "Đã khóa"

    scheme = models.CharField(max_length=60)
    period = models.CharField(max_length=60)
    start_on = models.DateField()
    end_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    pack_fingerprint = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["start_on", "scheme"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "period"], name="a_period_opens_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.period}"


class Extension(UnitBound):
    """More time for one unit, with a reason: to be on time, or to send after the lock.

    An empty `form` stands for every form of the period; the latest row counts.
    """

    class Kind(models.TextChoices):
        DUE = "DUE", "Gia hạn gửi"
        LOCK = "LOCK", "Gửi sau khi khóa"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="extensions")
    period = models.ForeignKey(OpenPeriod, models.PROTECT, related_name="extensions")
    form = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    until = models.DateField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["period", "unit"])]

    def __str__(self) -> str:
        return f"{self.unit} {self.period} {self.kind} {self.until}"
