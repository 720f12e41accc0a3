"""What is the portal called among the installed applications?"""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public site on Wagtail."""

    name = "tongket.portal"
    label = "portal"
    verbose_name = "Cổng công bố"
