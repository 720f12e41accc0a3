"""Returns: append-only versions, the doubts found in each, and what a reviewer said."""

from django.db import models

from tongket.domain.checks import Severity
from tongket.records.models.periods import OpenPeriod
from tongket.records.models.units import Unit


class Return(models.Model):
    """What one unit owes on one form for one period, from its first sending on."""

    class State(models.TextChoices):
        SENT = "SENT", "Đã gửi"
        SENT_BACK = "SENT_BACK", "Trả lại"
        ACCEPTED = "ACCEPTED", "Đã nhận"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="returns")
    period = models.ForeignKey(OpenPeriod, models.PROTECT, related_name="returns")
    form = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period", "form"], name="one_return_a_unit_and_period"
            )
        ]
        indexes = [models.Index(fields=["period", "state"])]

    def __str__(self) -> str:
        return f"{self.unit} {self.period} {self.form}"


class ReturnVersion(models.Model):
    """One sending; never changed and never deleted.

    `cells` maps a measure to [state, value as text or null]; `explanations` a measure
    to the sender's words.
    """

    class Channel(models.TextChoices):
        WEB = "WEB", "Nhập trên web"
        WORKBOOK = "WORKBOOK", "Tệp Excel"
        API = "API", "Kết nối phần mềm (API)"

    of = models.ForeignKey(Return, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    explanations = models.JSONField(default=dict)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=150)
    examined_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["of", "number"], name="versions_are_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.of} v{self.number}"


class Doubt(models.Model):
    """One finding about a version: rule, place, severity, and the sentence's parts."""

    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="doubts")
    rule = models.CharField(max_length=80)
    measure = models.CharField(max_length=80)
    severity = models.CharField(max_length=20, choices=[(s, s.name) for s in Severity])
    words = models.TextField()
    values = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.version} {self.rule}"


class Review(models.Model):
    """What a reviewer said of a version: accepted, or sent back with a reason."""

    class Verdict(models.TextChoices):
        ACCEPTED = "ACCEPTED", "Nhận"
        SENT_BACK = "SENT_BACK", "Trả lại"

    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.version} {self.verdict}"
