"""Does the chain of acts verify? The product itself answers."""

import os
import sys


def main() -> None:
    """Print sound, or the first row that does not follow."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongket.config.settings"
    import django

    django.setup()
    from tongket.records import audit

    broken = audit.first_break()
    sys.stdout.write("sound" if broken is None else f"BROKEN chain at {broken}")


if __name__ == "__main__":
    main()
