"""How are the files of national law read: instruments, regimes, holidays, kinds?"""

import datetime as dt

from tongket.domain.deadlines import WorkingCalendar
from tongket.domain.periods import RECURRING, Frequency, Regime
from tongket.domain.sources import Instrument
from tongket.loader.boundaries import refuse_armed
from tongket.loader.draft import Draft
from tongket.loader.pack import UnitKind
from tongket.loader.refusals import OutOfOrder
from tongket.loader.rows import Row, by_name

DAY = dt.timedelta(days=1)


def read_instruments(file: Row, draft: Draft) -> None:
    """Read the register of instruments; a day left out is not confirmed."""
    for row in file.rows("instruments"):
        instrument = Instrument(
            row.text("number"),
            row.text("title"),
            row.optional_day("issued_on"),
            row.optional_day("in_force_from"),
        )
        draft.instruments.put(instrument.number, instrument, row)


def read_regimes(file: Row, draft: Draft) -> None:
    """Read the window rules; `begins` is month and day, such as 12-15."""
    offsets = {"-1": -1, "0": 0}
    lengths = {k: each for k, each in by_name(Frequency).items() if each in RECURRING}
    for row in file.rows("regimes"):
        month, day = row.month_day("begins")
        regime = Regime(
            row.text("key"),
            row.text("label"),
            month,
            day,
            row.choice("year_offset", offsets),
            frozenset(row.choices("frequencies", lengths)),
            row.source(),
        )
        draft.regimes.put(regime.key, regime, row)


def read_kinds(file: Row, draft: Draft) -> None:
    """Read the kinds of unit and their levels."""
    file.source()
    for row in file.rows("kinds"):
        kind = UnitKind(
            row.text("key"), row.text("label"), row.text("english"), row.whole("level")
        )
        refuse_armed(row, kind.label, kind.english)
        draft.kinds.put(kind.key, kind, row)


def read_holidays(file: Row, draft: Draft) -> None:
    """Read the days of rest and the days worked in their stead."""
    rest: set[dt.date] = set()
    for row in file.rows("holidays"):
        row.text("name")
        row.source()
        first, last = row.day("from"), row.day("to")
        if first > last:
            row.refuse(OutOfOrder, key="to")
        rest.update(first + n * DAY for n in range((last - first).days + 1))
    worked: set[dt.date] = set()
    for row in file.rows("working_days", required=False):
        row.text("name")
        row.source()
        worked.add(row.day("day"))
    calendar = WorkingCalendar(
        frozenset(rest), frozenset(worked), file.day("checked_until")
    )
    draft.calendar.put("holidays", calendar, file)
