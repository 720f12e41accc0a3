"""What is looked for in the log, and how is a row of it told to a reader?

The list is turned by the numbers of its rows, never by counting pages: the millionth
row is as near as the first.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tongket.cycle import collect
from tongket.domain.units import search_key
from tongket.office import facts, tables
from tongket.office.journal_words import act_words, value_words
from tongket.records import audit
from tongket.records.audit import Wanted
from tongket.records.models import AuditEntry, OpenPeriod
from tongket.records.register import register

PAGE = 50
LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the log in words, and the page of what it is about, if any."""

    entry: AuditEntry
    act: str
    old: str
    new: str
    unit: str
    url: str


@dataclass(frozen=True, slots=True)
class Turned:
    """One page of rows, latest first, and the numbers from which the others go on."""

    rows: list[AuditEntry]
    newer: int | None
    older: int | None


def day(text: str) -> dt.date | None:
    """Return the day a date field holds; None for anything else.

    The first and the last year of the calendar are left out: another zone or the day
    after lies outside it.
    """
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if dt.MINYEAR < found.year < dt.MAXYEAR else None


def wanted(request: HttpRequest) -> Wanted:
    """Return what the filters of an address look for."""
    asked = {
        name: request.GET.get(name, "").strip().replace("\0", "")
        for name in ("nguoi", "viec", "don-vi", "bao-cao", "tu", "den", "q")
    }
    zone = timezone.get_current_timezone()
    first, last = day(asked["tu"]), day(asked["den"])
    after = last + dt.timedelta(days=1) if last else None
    return Wanted(
        person=asked["nguoi"],
        act=asked["viec"],
        units=units_named(asked["don-vi"]) if asked["don-vi"] else None,
        returned=asked["bao-cao"],
        since=dt.datetime.combine(first, dt.time.min, zone) if first else None,
        until=dt.datetime.combine(after, dt.time.min, zone) if after else None,
        text=asked["q"],
    )


def units_named(text: str) -> frozenset[str]:
    """Return the units of any day that a key, a code or a part of a name means."""
    everyone, key = register(), search_key(text)
    exact = {v.unit for v in everyone.versions if text in {v.unit, v.code}}
    return frozenset(exact) or frozenset(
        v.unit for v in everyone.versions if key in search_key(v.name)
    )


def turned(request: HttpRequest, found: QuerySet[AuditEntry]) -> Turned:
    """Return the rows before `?truoc=`, or after `?sau=`, else the latest."""
    before, after = _number(request, "truoc"), _number(request, "sau")
    if after is not None:
        rows = list(found.filter(id__gt=after).order_by("id")[: PAGE + 1])
        is_more, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        newer = rows[0].pk if rows and is_more else None
        return Turned(rows, newer, rows[-1].pk if rows else None)
    rows = list((found.filter(id__lt=before) if before else found)[: PAGE + 1])
    is_more, rows = len(rows) > PAGE, rows[:PAGE]
    newer = rows[0].pk if rows and before else None
    return Turned(rows, newer, rows[-1].pk if is_more else None)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text.isascii() or not text.isdecimal() or int(text) > LARGEST_NUMBER:
        return None
    return int(text)


def lines(rows: Iterable[AuditEntry]) -> Iterator[Line]:
    """Yield rows in words, each with a link to what it is about."""
    everyone, opened = register(), list(OpenPeriod.objects.all())
    for row in rows:
        name = ""
        if row.unit in everyone:
            name = everyone.life(row.unit)[-1].name
        yield Line(
            row,
            act_words(row.act),
            value_words(row.old),
            value_words(row.new),
            name or row.unit,
            url_of(row.subject, opened, is_known=bool(name)),
        )


def url_of(subject: str, opened: Iterable[OpenPeriod], *, is_known: bool) -> str:
    """Return the page of what a row is about; none for what has no page any more."""
    match subject.split(":"):
        case ["return", unit, form, period] if is_known:
            for each in opened:
                if each.period == period and is_of(each, form):
                    return reverse("return", args=[each.scheme, period, unit, form])
        case ["unit", unit] if is_known:
            return reverse("unit", args=[unit])
        case ["plan", unit, year] if is_known and year.isdecimal():
            return reverse("plan-unit", args=[int(year), unit])
        case ["period", scheme, period]:
            if any((e.scheme, e.period) == (scheme, period) for e in opened):
                return reverse("collect-period", args=[scheme, period])
    return ""


def is_of(opened: OpenPeriod, form: str) -> bool:
    """Whether a form is one of the scheme that a period was opened for."""
    return form in collect.scheme_of(facts.pack(), opened.scheme).forms


def as_table(found: QuerySet[AuditEntry]) -> Iterator[list[Any]]:
    """Yield the rows that are found as the lines of a file, oldest first."""
    for line in lines(found.order_by("id").iterator(2000)):
        row = line.entry
        yield [
            row.pk,
            f"{timezone.localtime(row.at):%d/%m/%Y %H:%M:%S}",
            row.by,
            line.act,
            row.subject,
            line.unit,
            line.old,
            line.new,
            row.hash,
        ]


def without(request: HttpRequest, *names: str) -> str:
    """Return the filters of the address without some, ready for one more."""
    return tables.query(request, "truoc", "sau", "csv", *names)


def of_subject(subject: str) -> str:
    """Return the address of every row about one return."""
    return f"{reverse('audit')}?{urlencode({'bao-cao': subject})}"


def of_log() -> list[tuple[str, str]]:
    """Return every act that was ever recorded, with its words, in their order."""
    named = [(act, act_words(act)) for act in audit.acts_known()]
    return sorted(named, key=lambda pair: search_key(pair[1]))
