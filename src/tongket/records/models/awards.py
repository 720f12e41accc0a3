"""Awards, from proposal to conferment; cancelled with a reason, never deleted."""

from django.db import models

from tongket.domain.commendations import AwardeeKind, AwardState
from tongket.records.models.units import Unit
from tongket.records.walls import UnitBound


class Award(UnitBound):
    """One awardee's award in one form for one year."""

    year = models.PositiveIntegerField()
    form = models.CharField(max_length=60)
    awardee = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=[(k, k.name) for k in AwardeeKind])
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="awards"
    )
    band = models.CharField(max_length=30, blank=True)
    ground = models.TextField()
    is_blocked = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=[(s, s.name) for s in AwardState])
    decision = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "form", "awardee"], name="one_award_a_form_and_awardee"
            )
        ]

    def __str__(self) -> str:
        return f"{self.awardee} {self.form}"
