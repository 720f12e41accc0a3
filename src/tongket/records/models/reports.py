"""Frozen figures of a period, and the annual report written from them."""

from django.db import models


class FrozenPeriod(models.Model):
    """Every published figure of a period as it stood at one instant."""

    period = models.CharField(max_length=60)
    figures = models.JSONField()
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.period} {self.content_hash[:8]}"


class AnnualReport(models.Model):
    """One written report: its files, the verdict on each claim, and who signed."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", "Dự thảo"
        SIGNED = "SIGNED", "Đã ký"
        PUBLISHED = "PUBLISHED", "Đã công bố"

    frozen = models.ForeignKey(FrozenPeriod, models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField(default=0)
    dated = models.DateField()
    remarks = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    word = models.CharField(max_length=200)
    pdf = models.CharField(max_length=200)
    hashes = models.JSONField()
    claims = models.JSONField()
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=150)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.frozen.period} {self.state}"
