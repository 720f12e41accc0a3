"""Extend ("gia hạn"): which units are given more time for a period, and why?

Two kinds of exception, each with a reason and a last day: a later due day while the
period is open, and leave to send after the period was closed. A row is never changed;
the latest one about a unit and form counts, so that a slip is mended by granting anew.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from tongket.cycle import collect
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import UnitVersion
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import Extension, OpenPeriod, Unit
from tongket.records.register import register

LONGEST = 366  # days after the cut-off; what is later is a slip of the keyboard


class ReasonForExtension(Refusal):
    """More time is given only with a reason."""

    words = "Nêu lý do gia hạn; lý do được ghi vào nhật ký và hiện cho đơn vị."


class NobodyExtended(Refusal):
    """No unit was named."""

    words = "Chọn ít nhất một đơn vị được gia hạn."


class ExtensionNotOwed(Refusal):
    """The unit owes nothing that could be put off."""

    words = (
        "{unit} không phải gửi báo cáo này trong kỳ {period}; bỏ đơn vị khỏi danh sách."
    )


class ExtensionOfOneself(Refusal):
    """The unit would give more time to itself."""

    words = (
        "{unit}: hạn gửi của chính đơn vị mình chỉ cấp trên được gia hạn; gửi đề nghị "
        "lên cấp trên, nêu rõ lý do."
    )


class ExtensionTooShort(Refusal):
    """The day granted gives no more time than every unit has."""

    words = (
        "{unit}: hạn mới {until:%d/%m/%Y} không muộn hơn hạn chung {due:%d/%m/%Y}; "
        "chọn ngày sau đó."
    )


class ExtensionAgain(Refusal):
    """The unit holds this very day already."""

    words = "{unit} đã được gia hạn đến {until:%d/%m/%Y}; chọn ngày khác."


class NoDayGranted(Refusal):
    """More time ends on a day."""

    words = "Chọn ngày cuối cùng mà đơn vị còn được gửi."


class ExtensionPast(Refusal):
    """The day granted is over already."""

    words = (
        "Ngày {until:%d/%m/%Y} đã qua (hôm nay là {on:%d/%m/%Y}); chọn một ngày chưa "
        "qua."
    )


class ExtensionTooLong(Refusal):
    """More than a year after the cut-off."""

    words = (
        "Ngày {until:%d/%m/%Y} cách ngày chốt số liệu {period} hơn một năm; kiểm tra "
        "lại năm đã nhập."
    )


class PeriodIsClosed(Refusal):
    """A due day in a closed period lets nobody in."""

    words = (
        "Kỳ {period} đã khóa, gia hạn không còn tác dụng; chọn “Gửi sau khi khóa” cho "
        "đơn vị."
    )


class PeriodIsOpen(Refusal):
    """An exception to a lock that does not exist."""

    words = "Kỳ {period} chưa khóa, đơn vị vẫn gửi được; chọn “Gia hạn gửi”."


@transaction.atomic
def grant(
    *,
    pack: Pack,
    opened: OpenPeriod,
    units: Sequence[str],
    kind: str,
    until: dt.date | None,
    reason: str,
    by: str,
    at: dt.datetime,
    form: str = "",
    granters: Collection[str] | None = None,
) -> list[Extension]:
    """Give units time until a day (included); all of them, or none and every refusal.

    An empty `form` stands for every form that the unit owes in the period. `granters`
    are the units in whose name the person gives it, each for those below it only; None
    when it is given in nobody's, as by a command.
    """
    refusals = [
        *_about_the_words(units, reason),
        *_about_the_period(pack, opened, kind),
        *([NoDayGranted()] if until is None else ()),
    ]
    if until is not None:
        refusals += _about_the_day(pack, opened, until, timezone.localtime(at).date())
        refusals += _about_the_units(pack, opened, units, form, kind, until)
    if granters is not None:
        refusals += _about_the_granters(opened, units, granters)
    if refusals or until is None:
        raise Refusals(refusals)
    ids = dict(Unit.objects.filter(key__in=units).values_list("key", "id"))
    rows = [
        Extension(
            unit_id=ids[unit],
            period=opened,
            form=form,
            kind=kind,
            until=until,
            reason=reason.strip(),
            at=at,
            by=by,
        )
        for unit in dict.fromkeys(units)
    ]
    Extension.objects.bulk_create(rows)
    new = {"kind": kind, "until": until.isoformat(), "reason": reason.strip()}
    acts = [
        audit.Act("extend", f"return:{unit}:{form or '*'}:{opened.period}", new)
        for unit in dict.fromkeys(units)
    ]
    audit.record(acts, by=by, at=at)
    return rows


def _about_the_words(units: Sequence[str], reason: str) -> Iterator[Refusal]:
    if not reason.strip():
        yield ReasonForExtension()
    if not units:
        yield NobodyExtended()


def _about_the_period(pack: Pack, opened: OpenPeriod, kind: str) -> Iterator[Refusal]:
    is_open = opened.state == OpenPeriod.State.OPEN
    label = collect.window(pack, opened).label
    if kind == Extension.Kind.LOCK and is_open:
        yield PeriodIsOpen(period=label)
    if kind == Extension.Kind.DUE and not is_open:
        yield PeriodIsClosed(period=label)


def _about_the_day(
    pack: Pack, opened: OpenPeriod, until: dt.date, on: dt.date
) -> Iterator[Refusal]:
    period = collect.window(pack, opened)
    if until < on:
        yield ExtensionPast(until=until, on=on)
    if (until - period.end).days > LONGEST:
        yield ExtensionTooLong(until=until, period=period.label)


def _about_the_units(
    pack: Pack,
    opened: OpenPeriod,
    units: Sequence[str],
    form: str,
    kind: str,
    until: dt.date,
) -> Iterator[Refusal]:
    """Yield what stands against each unit: it owes nothing, or has that time anyway."""
    period, granted = collect.window(pack, opened), collect.Extensions([opened])
    rule, tree = collect.scheme_of(pack, opened.scheme), register().on(opened.end_on)
    owed = _forms_of(collect.owed(pack=pack, opened=opened))
    for unit in dict.fromkeys(units):
        forms = owed.get(unit, ())
        name = tree[unit].name if unit in tree else unit
        if not forms or (form and form not in forms):
            yield ExtensionNotOwed(unit=name, period=period.label)
            continue
        due = rule.due(period, tree[unit].kind, pack.calendar)
        if kind == Extension.Kind.DUE and until <= due:
            yield ExtensionTooShort(unit=name, until=until, due=due)
        elif granted.until(kind, opened, unit, form) == until:
            yield ExtensionAgain(unit=name, until=until)


def _about_the_granters(
    opened: OpenPeriod, units: Sequence[str], granters: Collection[str]
) -> Iterator[Refusal]:
    """Yield each unit that stands below none of those who give the time."""
    tree = register().on(opened.end_on)
    for unit in dict.fromkeys(units):
        if unit not in tree:
            continue
        above = [each for each in tree.ancestors(unit) if each != unit]
        if not any(each in granters for each in above):
            yield ExtensionOfOneself(unit=tree[unit].name)


def _forms_of(
    owed: Sequence[tuple[UnitVersion, str]],
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for unit, form in owed:
        found[unit.unit] = (*found.get(unit.unit, ()), form)
    return found
