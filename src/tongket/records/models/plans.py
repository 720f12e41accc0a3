"""Remediation plans owed for a result, their steps; and next year's programme."""

from django.db import models

from tongket.domain.programme import WorkKind
from tongket.domain.remediation import PlanState
from tongket.records.models.scores import Result
from tongket.records.models.units import Unit
from tongket.records.walls import UnitBound


class RemediationPlan(UnitBound):
    """The plan that one weak result owes, and the post that answers for it."""

    result = models.OneToOneField(Result, models.PROTECT, related_name="plan")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plans")
    year = models.PositiveIntegerField()
    due_on = models.DateField()
    committee = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    post = models.CharField(max_length=200)
    state = models.CharField(
        max_length=12, choices=[(s, s.name) for s in PlanState], default=PlanState.OWED
    )
    filed_on = models.DateField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"


class PlanStep(UnitBound):
    """What is done about one row that lost points."""

    unit_path = "plan__unit"

    plan = models.ForeignKey(RemediationPlan, models.CASCADE, related_name="steps")
    item = models.CharField(max_length=80)
    action = models.TextField()
    post = models.CharField(max_length=200)
    due_on = models.DateField()
    evidence = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.plan} {self.item}"


class ProgrammeWork(models.Model):
    """One line of the programme that the review sets for the year after it."""

    class State(models.TextChoices):
        OPEN = "OPEN", "Đang thực hiện"
        DONE = "DONE", "Hoàn thành"

    year = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=[(k, k.name) for k in WorkKind])
    label = models.TextField()
    owner = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["year", "key"], name="one_work_a_year")
        ]

    def __str__(self) -> str:
        return self.label
