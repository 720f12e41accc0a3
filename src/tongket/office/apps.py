"""The office application."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Staff pages and commands."""

    name = "tongket.office"
    label = "office"
