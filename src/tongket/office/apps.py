"""The office application."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Staff pages and commands."""

    name = "tongket.office"
    label = "office"

    def ready(self) -> None:
        """Let the log hear of sign-ins and second factors."""
        from tongket.office import entry_rules

        entry_rules.connect()
