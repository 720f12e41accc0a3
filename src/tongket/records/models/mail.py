"""Mail on its way ("hộp thư đi"): written with its cause, sent later by the worker."""

from django.conf import settings
from django.db import models

from tongket.records.walls import AccountBound


class OutboxMail(models.Model):
    """One mail to one person; `message_id` stays the same however often it is tried.

    The text is emptied once the mail was sent or given up: nothing needs it then.
    """

    class State(models.TextChoices):
        QUEUED = "QUEUED", "Chờ gửi"
        SENDING = "SENDING", "Đang gửi"
        SENT = "SENT", "Đã gửi"
        FAILED = "FAILED", "Không gửi được"
        DOUBTFUL = "DOUBTFUL", "Chưa rõ đã gửi"
        LEFT = "LEFT", "Để nguyên"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="mails"
    )
    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    cause = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    lease = models.CharField(max_length=60, blank=True)
    leased_until = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=120, unique=True)
    last_error = models.JSONField(null=True)  # a sentence, see records/sentences.py
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.recipient} {self.state}"


class MailChoice(AccountBound):
    """Whether a person takes reminders by mail; who never chose takes them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choice"
    )
    takes_reminders = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user} {self.takes_reminders}"
