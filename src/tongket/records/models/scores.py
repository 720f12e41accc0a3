"""Results of scoring: runs, and one filled sheet for each unit of a run."""

from django.db import models

from tongket.records.models.units import Unit
from tongket.records.walls import UnitBound


class ScoreRun(models.Model):
    """One scoring of a year under one edition; the newest run of each counts."""

    year = models.PositiveIntegerField()
    edition = models.CharField(max_length=80)
    pack_fingerprint = models.CharField(max_length=64)
    facts_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "edition"],
                condition=models.Q(is_current=True),
                name="one_current_run_an_edition",
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.at:%d/%m/%Y}"


class Result(UnitBound):
    """One unit's sheet: total, band, and every row with its points and reason."""

    run = models.ForeignKey(ScoreRun, models.PROTECT, related_name="results")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="results")
    total = models.DecimalField(max_digits=6, decimal_places=2)
    band = models.CharField(max_length=30)
    sheet = models.JSONField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "unit"], name="one_sheet_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.band}"
