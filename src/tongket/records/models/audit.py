"""Who did what to which record and when: append-only, each row chained to the last."""

from django.db import models


class AuditEntry(models.Model):
    """One act; no foreign keys, so that nothing it names can erase it.

    The ids are the numbers of the chain, from 1 without a gap; `records.audit` gives
    them. `unit` is the key of the unit the act is about, where it is about one.
    """

    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    unit = models.CharField(max_length=80, blank=True, default="")
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    salt = models.CharField(max_length=32, default="")
    body_hash = models.CharField(max_length=64, default="")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject"]),
            models.Index(fields=["by", "id"], name="audit_by_person"),
            models.Index(fields=["act", "id"], name="audit_by_act"),
            models.Index(fields=["unit", "id"], name="audit_by_unit"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.by} {self.act}"
