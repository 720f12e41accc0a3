"""The records application."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Models of the year; written only by the cycle."""

    name = "tongket.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
