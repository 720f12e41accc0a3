"""Does the chain of acts verify? The product itself answers."""

import os
import sys


def main() -> None:
    """Print sound, or the first row that does not follow."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongket.config.settings"
    import django

    django.setup()
    from tongket.records import verifying

    fault = verifying.verify().fault
    sys.stdout.write("sound" if fault is None else f"BROKEN chain: {fault}")


if __name__ == "__main__":
    main()
