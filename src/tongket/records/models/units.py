"""Units through time: our own key, dated versions, lineage, groups."""

from django.db import models

from tongket.domain.units import Change


class Unit(models.Model):
    """One unit; `key` is ours and never an official code."""

    key = models.SlugField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.key


class UnitVersion(models.Model):
    """What a unit was called and where it stood between two days."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions")
    parent = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+"
    )
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    designation = models.CharField(max_length=40, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    size_class = models.CharField(max_length=40, blank=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "start_on"], name="one_version_a_unit_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class UnitLineage(models.Model):
    """One unit became (part of) another on a day."""

    old = models.ForeignKey(Unit, models.PROTECT, related_name="successors")
    new = models.ForeignKey(Unit, models.PROTECT, related_name="predecessors")
    on = models.DateField()
    change = models.CharField(max_length=20, choices=[(c, c.name) for c in Change])
    share_numerator = models.PositiveIntegerField(null=True, blank=True)
    share_denominator = models.PositiveIntegerField(null=True, blank=True)
    instrument = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class UnitGroup(models.Model):
    """A unit belongs to a group between two days."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="groups")
    group = models.SlugField(max_length=60)
    start_on = models.DateField()
    end_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "group", "start_on"], name="one_membership_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} ∈ {self.group}"


class RegisterState(models.Model):
    """One row whose token is new after every change to units, lineage or groups.

    Triggers write it, whoever makes the change; a register that was read while this
    token stood is the register. The token is random: a transaction that is undone must
    not leave a token that a later one uses again.
    """

    token = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.token
