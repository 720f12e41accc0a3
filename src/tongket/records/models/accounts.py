"""Which account holds which role between which days; its links, and wrong guesses."""

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


class Invitation(models.Model):
    """A link that lets an account's owner set a password, once and until an instant.

    Only the SHA-256 of the link's token is kept. `kind` tells a first password from a
    new one.
    """

    class Kind(models.TextChoices):
        INVITE = "INVITE", "Mời"
        RESET = "RESET", "Đặt lại mật khẩu"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} {self.kind} {self.created_at:%Y-%m-%d}"


class GuessCount(models.Model):
    """How many wrong guesses came from one place, and until when the next one waits.

    `key` is a keyed hash: neither a network nor an account can be read from it.
    """

    key = models.CharField(max_length=64, unique=True)
    failures = models.FloatField(default=0)
    at = models.DateTimeField(db_index=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.failures}"
