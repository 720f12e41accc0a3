"""Who did what to which record and when: append-only, each row chained to the last."""

from django.db import models


class AuditEntry(models.Model):
    """One act; no foreign keys, so that nothing it names can erase it."""

    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject"])]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.by} {self.act}"
