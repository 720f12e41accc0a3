"""What a person is told in the application, and who does the work behind the pages."""

from django.conf import settings
from django.db import models

from tongket.records.walls import AccountBound


class Notice(AccountBound):
    """One thing that one person is told once; `subject` is what makes it the same.

    `words` is a sentence (records/sentences.py), `place` the name of the page it leads
    to and the arguments of its address. A notice that goes by mail alone stays hidden
    in the application.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices"
    )
    reminder = models.CharField(max_length=60)
    subject = models.CharField(max_length=300)
    words = models.JSONField()
    place = models.JSONField(default=list)
    in_app = models.BooleanField(default=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "subject"], name="a_person_is_told_once"
            )
        ]
        indexes = [models.Index(fields=["user", "read_at"])]

    def __str__(self) -> str:
        return f"{self.user} {self.subject}"


class WorkerLease(models.Model):
    """Which process works behind the pages until when; one row, one worker."""

    name = models.CharField(max_length=20, unique=True)
    holder = models.CharField(max_length=60, blank=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.holder} {self.until}"
