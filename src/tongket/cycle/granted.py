"""Which units were given more time, and until when?"""

import datetime as dt
from collections.abc import Collection, Iterable

from tongket.records.models import Extension, OpenPeriod


class Extensions:
    """Every extension and lock exception of some periods, read in one query.

    With `units`, those of these units only: a whole province may have been given time.
    """

    def __init__(
        self, periods: Iterable[OpenPeriod], units: Collection[str] | None = None
    ) -> None:
        # The latest row counts, whether it names one form or all of the period's.
        self._until: dict[tuple[str, int, str, str], tuple[int, dt.date]] = {}
        rows = Extension.objects.filter(period__in=list(periods)).order_by("id")
        if units is not None:
            rows = rows.filter(unit__key__in=units)
        for number, kind, period, unit, form, until in rows.values_list(
            "id", "kind", "period", "unit__key", "form", "until"
        ):
            self._until[kind, period, unit, form] = number, until

    def until(
        self, kind: str, opened: OpenPeriod, unit: str, form: str
    ) -> dt.date | None:
        """Return the last day (included) that was granted; None when nothing was."""
        found = [
            self._until[key]
            for each in ("", form)
            if (key := (kind, opened.pk, unit, each)) in self._until
        ]
        return max(found)[1] if found else None

    def due(
        self, opened: OpenPeriod, unit: str, form: str, otherwise: dt.date
    ) -> dt.date:
        """Return the day granted to a unit, or the scheme's own due day."""
        granted = self.until(Extension.Kind.DUE, opened, unit, form)
        return otherwise if granted is None else granted

    def lets_in(self, opened: OpenPeriod, unit: str, form: str, on: dt.date) -> bool:
        """Whether a lock exception lets the unit into the closed period on a day."""
        until = self.until(Extension.Kind.LOCK, opened, unit, form)
        return until is not None and on <= until
