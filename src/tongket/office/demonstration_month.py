"""The month after the reviewed year, under way: some sent, some accepted, some owing.

January of the year after is invented from the unit's own March (what occurred) and
December (what stood), so that the figures are like the unit's and pass the checks: as
many crime reports are resolved as came in, for as many stand open as in December. The
reviewed year is left as it is.
"""

import datetime as dt
from collections.abc import Iterator, Mapping

from tongket.cycle import check, collect, extend, summarise
from tongket.cycle.collect import Sending
from tongket.domain.figures import Cell
from tongket.domain.forms import Adds, Form
from tongket.domain.periods import Frequency, Period
from tongket.domain.units import Tree
from tongket.loader.demonstration import HANOI
from tongket.loader.pack import Pack
from tongket.records import cells
from tongket.records.models import Extension, OpenPeriod, Return, ReturnVersion
from tongket.records.register import register

BY, REVIEWER = "minh-hoa", "minh-hoa-duyet"
RECEIVED, RESOLVED = "reports_received", "reports_resolved"
MONTHLY, SUMMARY = "commune-month", "district-month"
OPEN_DISTRICT = "bg-d215"  # where the accounts of the demonstration file
UNSENT = frozenset({"bg-c07291", "bg-c07246", "bg-c07258", "bg-c07270"})
EXTENDED = ("bg-c07291", "bg-c07246")
EXTENDED_UNTIL = dt.date(2024, 2, 7)


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    """Return an hour of a day in the demonstration's time zone."""
    return dt.datetime.combine(day, dt.time(hour), HANOI)


def january(pack: Pack) -> Period:
    """Return January after the reviewed year: 15/12/2023–14/01/2024."""
    return pack.regimes[pack.regime].period(Frequency.MONTH, 2024, 1)


def begin(pack: Pack) -> tuple[int, int]:
    """Open January for communes and districts and send what was sent of it.

    Safe to repeat. Returns how many returns were sent and how many are owed.
    """
    month = january(pack)
    opened = _opened(pack, MONTHLY, month)
    if not Return.objects.filter(period=opened).exists():
        _send(pack, opened, month)
        _put_off(pack, opened)
    districts = _opened(pack, SUMMARY, month)
    if not Return.objects.filter(period=districts).exists():
        _sum_up(pack, districts, month)
    sent = Return.objects.filter(period__in=[opened, districts]).count()
    owed = [collect.owed(pack=pack, opened=each) for each in (opened, districts)]
    return sent, sum(map(len, owed))


def _opened(pack: Pack, scheme: str, month: Period) -> OpenPeriod:
    found = OpenPeriod.objects.filter(scheme=scheme, period=month.key).first()
    return found or collect.open_period(
        pack=pack, scheme=scheme, period=month, by=BY, at=at(month.start)
    )


def _send(pack: Pack, opened: OpenPeriod, month: Period) -> None:
    """Receive what the communes sent, and accept most of it the day after."""
    day = month.end + dt.timedelta(days=2)
    versions = collect.receive(
        pack=pack,
        opened=opened,
        sendings=list(_sendings(pack, month)),
        by=BY,
        at=at(day),
    )
    check.examine(pack=pack, versions=versions, at=at(day))
    check.compare(pack=pack, versions=versions)
    reviewed = {
        version.of.unit.key
        for place, version in enumerate(versions)
        if place % 7 != 3  # these still wait for a reviewer
    }
    later = at(day + dt.timedelta(days=1))
    check.climb_sound(pack=pack, opened=opened, by=REVIEWER, at=later, units=reviewed)


def _sendings(pack: Pack, month: Period) -> Iterator[Sending]:
    regime = pack.regimes[month.regime]
    form = pack.forms[pack.schemes[MONTHLY].forms[0]]
    occurred, stood = (
        _sent(regime.period(Frequency.MONTH, 2023, number)) for number in (3, 12)
    )
    tree, day = register().on(month.end), month.end + dt.timedelta(days=1)
    for place, unit in enumerate(tree.of_kind("commune")):
        told = unit.unit in occurred and unit.unit in stood
        if not told or not _has_sent(tree, unit.unit, place):
            continue
        march, words = occurred[unit.unit]
        mixed = _mixed(form, march, stood[unit.unit][0])
        channel = ReturnVersion.Channel.WORKBOOK if place % 3 else "WEB"
        hour = at(day, 8 + place % 9)
        yield Sending(unit.unit, form.key, mixed, hour, channel, words)


def _has_sent(tree: Tree, unit: str, place: int) -> bool:
    if tree.parent(unit) == OPEN_DISTRICT:
        return unit not in UNSENT
    return place % 23 != 11


def _sent(month: Period) -> dict[str, tuple[dict[str, Cell], Mapping[str, str]]]:
    """Return each commune's cells and explanations of a month, sent last."""
    rows = ReturnVersion.objects.filter(
        of__period__scheme=MONTHLY, of__period__period=month.key
    ).order_by("number")
    return {
        unit: (cells.from_json(stored), words)
        for unit, stored, words in rows.values_list(
            "of__unit__key", "cells", "explanations"
        )
    }


def _mixed(
    form: Form, occurred: Mapping[str, Cell], stood: Mapping[str, Cell]
) -> dict[str, Cell]:
    """Return a month with the flows of one return and the stocks of another."""
    mixed = {
        measure.key: (stood if measure.adds is Adds.STOCK else occurred)[measure.key]
        for measure in form.measures
    }
    return {**mixed, RESOLVED: mixed[RECEIVED]}


def _put_off(pack: Pack, opened: OpenPeriod) -> None:
    """Give two communes more time, as a standing office would."""
    extend.grant(
        pack=pack,
        opened=opened,
        units=[unit for unit in EXTENDED if unit in register().on(opened.end_on)],
        kind=Extension.Kind.DUE,
        until=EXTENDED_UNTIL,
        reason="Sắp xếp lại cán bộ Công an xã, đề nghị gửi muộn (minh họa).",
        by=BY,
        at=at(opened.end_on + dt.timedelta(days=2), 15),
    )


def _sum_up(pack: Pack, opened: OpenPeriod, month: Period) -> None:
    """Send the summaries of most districts, just as their communes add up."""
    day, form = month.end + dt.timedelta(days=4), pack.schemes[SUMMARY].forms[0]
    sendings = []
    for place, unit in enumerate(register().on(month.end).of_kind("district")):
        if unit.unit == OPEN_DISTRICT or place % 4 == 3:
            continue
        found = summarise.basis(pack=pack, opened=opened, unit=unit.unit, form=form)
        assert found is not None, "a summary form sums something up"
        summed = {key: row.cell for key, row in found.rows.items()}
        sendings.append(Sending(unit.unit, form, summed, at(day)))
    versions = collect.receive(
        pack=pack, opened=opened, sendings=sendings, by=BY, at=at(day)
    )
    check.examine(pack=pack, versions=versions, at=at(day))
