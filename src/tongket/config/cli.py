"""The `tongket` command: every step of the year as a sub-command with hyphens."""

import os
import sys


def main() -> None:
    """Run a sub-command: `tongket load-returns` is the command `load_returns`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongket.config.settings")
    from django.core.management import execute_from_command_line

    arguments = list(sys.argv)
    if len(arguments) > 1 and not arguments[1].startswith("-"):
        arguments[1] = arguments[1].replace("-", "_")
    execute_from_command_line(arguments)
