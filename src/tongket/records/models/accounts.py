"""Which account holds which role at which unit, and between which days."""

from django.conf import settings
from django.db import models

from tongket.domain.access import Role
from tongket.records.models.units import Unit


class Membership(models.Model):
    """One role of an account at a unit; `post` is what the person is called there."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=30, choices=[(r, r.name) for r in Role])
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    post = models.CharField(max_length=200, blank=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.unit}"
