"""What day is it? The only clock: faces read it here and pass it down.

The demonstration year lives in January 2024. `TONGKET_TODAY` sets the office's calendar
to a day of it, and every page then says that the date is one of the demonstration.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def now() -> dt.datetime:
    """Return the instant, with the office's day when one is set."""
    real = timezone.localtime()
    if settings.TODAY is None:
        return real
    return real.replace(
        year=settings.TODAY.year, month=settings.TODAY.month, day=settings.TODAY.day
    )


def today() -> dt.date:
    """Return the office's day in Vietnam."""
    return now().date()
