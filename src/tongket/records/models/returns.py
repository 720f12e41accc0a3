"""Returns: append-only versions, the doubts found in each, and what was decided."""

from typing import Any

from django.conf import settings
from django.db import models

from tongket.domain.checks import Severity
from tongket.records.models.accounts import Membership
from tongket.records.models.periods import OpenPeriod
from tongket.records.models.units import Unit
from tongket.records.walls import ScopedManager, UnitBound


class Return(UnitBound):
    """What one unit owes on one form for one period, from its first sending on.

    While it is SENT, `awaits` is the unit whose decision it waits for.
    """

    class State(models.TextChoices):
        SENT = "SENT", "Đã gửi"
        SENT_BACK = "SENT_BACK", "Trả lại"
        TAKEN_BACK = "TAKEN_BACK", "Đã rút"
        ACCEPTED = "ACCEPTED", "Đã nhận"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="returns")
    period = models.ForeignKey(OpenPeriod, models.PROTECT, related_name="returns")
    form = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices)
    awaits = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="awaited_returns"
    )

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


class ReturnVersion(UnitBound):
    """One sending; never changed and never deleted.

    `cells` maps a measure to [state, value as text or null]; `explanations` a measure
    to the sender's words. `amendment` is the reason of a version that was filed after
    the lock, and `filed_at` the unit that filed it in the sender's place.
    """

    unit_path = "of__unit"

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
    amendment = models.TextField(blank=True)
    filed_at = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["of", "number"], name="versions_are_numbered_once"
            )
        ]
        indexes = [
            # When each return first came, without reading the cells: the board.
            models.Index(
                fields=["of", "number", "sent_at"],
                name="first_sendings",
            ),
            models.Index(
                fields=["of"],
                name="amendments",
                condition=models.Q(amendment__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of} v{self.number}"


class StandingDoubts(ScopedManager):
    """Shows the doubts that stand: not those that were lifted."""

    def get_queryset(self) -> Any:
        """Return the doubts of the scope that nothing has lifted."""
        return super().get_queryset().filter(lifted_at__isnull=True)


class Doubt(UnitBound):
    """One finding about a version: rule, place, severity, and the sentence's parts.

    `compared` holds what the cell was held against (domain/doubts.py). A doubt that
    another return raised is lifted when that return is mended; it is kept, and
    `everything` shows it.
    """

    unit_path = "version__of__unit"
    objects = StandingDoubts()
    everything = ScopedManager()

    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="doubts")
    rule = models.CharField(max_length=80)
    measure = models.CharField(max_length=80)
    severity = models.CharField(max_length=20, choices=[(s, s.name) for s in Severity])
    words = models.TextField()
    values = models.JSONField(default=dict)
    compared = models.JSONField(default=list)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.version} {self.rule}"


class Review(UnitBound):
    """What was decided about a version, by a reviewer or by its sender; never changed.

    A lower rung APPROVED, the last one ACCEPTED; `unit` is the rung, and `in_place_of`
    the lower rung that it stood in for. `cells` maps a measure to the reason given at
    it. The sender has TAKEN_BACK; an acceptance that was WITHDRAWN is `undoes`.
    """

    unit_path = "version__of__unit"

    class Verdict(models.TextChoices):
        APPROVED = "APPROVED", "Duyệt, chuyển cấp trên"
        ACCEPTED = "ACCEPTED", "Nhận"
        SENT_BACK = "SENT_BACK", "Trả lại"
        TAKEN_BACK = "TAKEN_BACK", "Rút lại"
        WITHDRAWN = "WITHDRAWN", "Thu hồi duyệt"

    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    cells = models.JSONField(default=dict)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    in_place_of = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="undone_by"
    )
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    on_behalf_of = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.version} {self.verdict}"


# The acceptances that count: an undone one is kept, and makes nothing count any more.
COUNTS = models.Q(verdict=Review.Verdict.ACCEPTED, undone_by__isnull=True)
# The versions that their sender took back: a return may stand by one before them.
TAKEN_BACK = models.Q(reviews__verdict=Review.Verdict.TAKEN_BACK)


class BulkDecision(models.Model):
    """Many returns decided on by one press, in portions; restartable.

    `returns` holds [return, version that was seen]; the first `done` of them were
    decided on or are among `left`: [return, words, values] of what stood against it.
    """

    returns = models.JSONField()
    done = models.PositiveIntegerField(default=0)
    left = models.JSONField(default=list)
    started_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by} {self.done}/{len(self.returns)}"


class Delegation(models.Model):
    """Leave for another account to decide at a unit while a reviewer is away.

    It reaches no further than the giver's own `membership`; `ended_at` is its early
    end, after which it gives nothing.
    """

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_given"
    )
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_taken"
    )
    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="delegations"
    )
    start_on = models.DateField()
    end_on = models.DateField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker} {self.start_on}–{self.end_on}"
