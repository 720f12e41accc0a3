"""The records application."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Models of the year; written only by the cycle."""

    name = "tongket.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let `check --deploy` ask PostgreSQL about the application's role."""
        from tongket.records import deploying  # noqa: F401 - it registers itself
