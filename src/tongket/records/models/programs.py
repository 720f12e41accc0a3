"""Programs that send for a person: tokens, and answers kept for repeated requests."""

from django.conf import settings
from django.db import models

from tongket.records.walls import AccountBound


class ApiToken(models.Model):
    """A key that lets a program act for an account, within scopes, until a day.

    Only the SHA-256 of the key is kept; `hint` is its first characters, for the list.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="program_keys"
    )
    name = models.CharField(max_length=100)
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} {self.hint}…"


class KeptAnswer(AccountBound):
    """The answer to a request with an idempotency key, given again when repeated."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="kept_answers"
    )
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.key}"
