"""Collect ("thu thập"): who owes what for which period, and what did they send?

A period opens from a reporting scheme that states its ten items. Every sending becomes
a new version of the unit's return; nothing that was sent is lost or overwritten.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from tongket.documents import workbooks
from tongket.domain import units
from tongket.domain.figures import Cell
from tongket.domain.periods import Period, parse
from tongket.domain.reporting import ReportingScheme
from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.pack import Pack
from tongket.records import audit, cells
from tongket.records.models import (
    OpenPeriod,
    Return,
    ReturnVersion,
    Unit,
    UnitLineage,
    UnitVersion,
)
from tongket.records.register import register


class SchemeUnknown(Refusal, LookupError):
    """No reporting scheme with this key."""

    words = "Không có chế độ báo cáo “{scheme}”; chọn một trong: {known}."


class PeriodMismatch(Refusal, ValueError):
    """The period's rule is not the scheme's."""

    words = (
        "Kỳ {period} không thuộc chế độ báo cáo “{scheme}” (quy tắc {regime}); chọn kỳ "
        "khác."
    )


class AlreadyOpen(Refusal):
    """The period was opened before."""

    words = "Kỳ {period} của chế độ báo cáo “{scheme}” đã được mở từ trước."


class ReasonForTurning(Refusal):
    """A period is closed or opened again only with a reason."""

    words = "Nêu lý do khóa hoặc mở lại kỳ {period}."


class PeriodClosed(Refusal):
    """A return for a closed period."""

    words = (
        "Kỳ {period} đã khóa, không nhận báo cáo của {unit}; đề nghị cơ quan thường "
        "trực mở lại kỳ, nêu rõ lý do."
    )


class NotOwed(Refusal):
    """A return from a unit that owes none."""

    words = "{unit} không thuộc đối tượng gửi biểu {form} kỳ {period}."


class OfAnotherUnit(Refusal):
    """A workbook of a unit that the sender does not report for."""

    words = (
        "Tệp này là biểu của {found}, không phải của {unit}; tải biểu mẫu của đúng đơn "
        "vị rồi điền lại."
    )


@dataclass(frozen=True, slots=True)
class Sending:
    """One return as it arrives: unit, form, cells, and the words for odd ones."""

    unit: str
    form: str
    cells: Mapping[str, Cell]
    sent_at: dt.datetime
    channel: str = ReturnVersion.Channel.WEB
    explanations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Debt:
    """One unit's duty for a period: by when, and where its return stands."""

    unit: units.UnitVersion
    form: str
    due: dt.date
    state: str  # "" while nothing was sent, else a state of the return
    sent_at: dt.datetime | None
    is_overdue: bool

    @property
    def is_late(self) -> bool:
        """Whether the first sending came after the due day."""
        return self.sent_at is not None and self.sent_at.date() > self.due


@transaction.atomic
def load_units(*, pack: Pack, by: str, at: dt.datetime) -> int:
    """Bring the pack's units into the records once; return how many are new."""
    known = dict(Unit.objects.values_list("key", "id"))
    keys = dict.fromkeys(version.unit for version in pack.register.versions)
    new = [Unit(key=key) for key in keys if key not in known]
    if not new:
        return 0
    Unit.objects.bulk_create(new)
    ids = dict(Unit.objects.values_list("key", "id"))
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit_id=ids[version.unit],
            parent_id=ids[version.parent] if version.parent else None,
            code=version.code,
            name=version.name,
            kind=version.kind,
            designation=version.designation,
            population=version.population,
            start_on=version.start,
            end_on=version.end,
        )
        for version in pack.register.versions
        if version.unit not in known
    )
    UnitLineage.objects.bulk_create(
        UnitLineage(
            old_id=ids[row.old],
            new_id=ids[row.new],
            on=row.on,
            change=row.change,
            share_numerator=row.share.numerator if row.share else None,
            share_denominator=row.share.denominator if row.share else None,
        )
        for row in pack.register.lineage
        if row.old not in known
    )
    act = audit.Act("load_units", pack.key, {"new": len(new), "pack": pack.fingerprint})
    audit.record([act], by=by, at=at)
    return len(new)


def scheme_of(pack: Pack, key: str) -> ReportingScheme:
    """Return a reporting scheme of the pack, or refuse its key."""
    if key not in pack.schemes:
        raise SchemeUnknown(scheme=key, known=", ".join(pack.schemes))
    return pack.schemes[key]


def window(pack: Pack, opened: OpenPeriod) -> Period:
    """Return the window of a period that was opened."""
    return parse(opened.period, pack.regimes)


@transaction.atomic
def open_period(
    *, pack: Pack, scheme: str, period: Period, by: str, at: dt.datetime
) -> OpenPeriod:
    """Open a period for returns; refuses a scheme that lacks one of the ten items.

    Refuses also a period whose due day lies beyond the table of holidays: every list of
    what is owed asks for that day.
    """
    rule = scheme_of(pack, scheme)
    refusals = list(rule.refusals())
    if refusals:
        raise Refusals(refusals)
    if (period.regime, period.frequency) != (rule.regime, rule.frequency):
        raise PeriodMismatch(period=period.key, scheme=rule.name, regime=rule.regime)
    if OpenPeriod.objects.filter(scheme=scheme, period=period.key).exists():
        raise AlreadyOpen(period=period.label, scheme=rule.name)
    for kind in rule.unit_kinds:
        rule.due(period, kind, pack.calendar)
    opened = OpenPeriod.objects.create(
        scheme=scheme,
        period=period.key,
        start_on=period.start,
        end_on=period.end,
        pack_fingerprint=pack.fingerprint,
        opened_at=at,
        opened_by=by,
    )
    subject = f"period:{scheme}:{period.key}"
    act = audit.Act("open_period", subject, {"pack": pack.fingerprint})
    audit.record([act], by=by, at=at)
    return opened


def close_period(
    *, opened: OpenPeriod, reason: str, by: str, at: dt.datetime
) -> OpenPeriod:
    """Close a period, with a reason: from now on returns for it are refused."""
    return _turn(opened, OpenPeriod.State.CLOSED, "close_period", reason, by, at)


def reopen_period(
    *, opened: OpenPeriod, reason: str, by: str, at: dt.datetime
) -> OpenPeriod:
    """Open a closed period again, with a reason: a change to it is on record."""
    return _turn(opened, OpenPeriod.State.OPEN, "reopen_period", reason, by, at)


@transaction.atomic
def _turn(
    opened: OpenPeriod, state: str, act: str, reason: str, by: str, at: dt.datetime
) -> OpenPeriod:
    if not reason.strip():
        raise ReasonForTurning(period=opened.period)
    old, opened.state = opened.state, state
    opened.save(update_fields=["state"])
    subject = f"period:{opened.scheme}:{opened.period}"
    new = {"state": state, "reason": reason}
    audit.record([audit.Act(act, subject, new, old)], by=by, at=at)
    return opened


@transaction.atomic
def receive(
    *,
    pack: Pack,
    opened: OpenPeriod,
    sendings: Sequence[Sending],
    by: str,
    at: dt.datetime,
) -> list[ReturnVersion]:
    """Keep each sending as a new version; refuses all of them when one cannot be kept.

    A sending equal to the unit's last version, cell by cell, is that version.
    """
    period = window(pack, opened)
    _refuse(pack, opened, period, sendings)
    ids = dict(Unit.objects.values_list("key", "id"))
    wanted = {(sending.unit, sending.form) for sending in sendings}
    kept = {
        (each.unit.key, each.form): each
        for each in Return.objects.select_for_update(of=("self",))
        .filter(period=opened, unit__key__in={unit for unit, _ in wanted})
        .select_related("unit")
    }
    fresh = [
        Return(unit_id=ids[unit], period=opened, form=form, state=Return.State.SENT)
        for unit, form in sorted(wanted - kept.keys())
    ]
    Return.objects.bulk_create(fresh)
    names = {number: key for key, number in ids.items()}
    kept.update({(names[each.unit_id], each.form): each for each in fresh})
    last = _last_versions(kept.values())
    versions, acts = [], []
    for sending in sendings:
        row = kept[sending.unit, sending.form]
        stored, before = cells.to_json(sending.cells), last.get(row.pk)
        explained = {k: v for k, v in sending.explanations.items() if v.strip()}
        if before and (before.cells, before.explanations) == (stored, explained):
            continue
        version = ReturnVersion(
            of=row,
            number=before.number + 1 if before else 1,
            cells=stored,
            explanations=explained,
            channel=sending.channel,
            sent_at=sending.sent_at,
            sent_by=by,
        )
        last[row.pk] = version
        row.state = Return.State.SENT
        versions.append(version)
        subject = f"return:{sending.unit}:{sending.form}:{period.key}"
        acts.append(audit.Act("receive", subject, {"version": version.number}))
    ReturnVersion.objects.bulk_create(versions)
    Return.objects.bulk_update([v.of for v in versions], ["state"], batch_size=500)
    audit.record(acts, by=by, at=at)
    return versions


def receive_workbook(
    *,
    pack: Pack,
    opened: OpenPeriod,
    content: bytes,
    by: str,
    at: dt.datetime,
    unit: str | None = None,
) -> list[ReturnVersion]:
    """Keep the return in a filled workbook; refuses with sheet, row and remedy.

    With `unit`, a workbook of any other unit is refused.
    """
    period = window(pack, opened)
    rule = scheme_of(pack, opened.scheme)
    (form,) = (pack.forms[key] for key in rule.forms)
    tree = register().on(period.end)
    sheet = workbooks.read(content, form=form, period=period, units=tree)
    if unit is not None and sheet.unit != unit:
        raise OfAnotherUnit(found=tree[sheet.unit].name, unit=tree[unit].name)
    sending = Sending(
        sheet.unit, sheet.form, sheet.cells, at, ReturnVersion.Channel.WORKBOOK
    )
    return receive(pack=pack, opened=opened, sendings=[sending], by=by, at=at)


def owing(*, pack: Pack, opened: OpenPeriod, on: dt.date) -> list[Debt]:
    """Return every unit that owes a return for the period, and what became of it."""
    period, rule = window(pack, opened), scheme_of(pack, opened.scheme)
    sent = {
        (each.unit.key, each.form): each
        for each in Return.objects.filter(period=opened).select_related("unit")
    }
    first = dict(
        ReturnVersion.objects.filter(of__period=opened, number=1).values_list(
            "of_id", "sent_at"
        )
    )
    dues = {kind: rule.due(period, kind, pack.calendar) for kind in rule.unit_kinds}
    debts = []
    for unit in rule.owing(register().on(period.end)):
        for form in rule.forms:
            row = sent.get((unit.unit, form))
            due = dues[unit.kind]
            debts.append(
                Debt(
                    unit,
                    form,
                    due,
                    row.state if row else "",
                    # The day it came is Vietnam's; the database tells UTC.
                    timezone.localtime(first[row.pk]) if row else None,
                    is_overdue=row is None and on > due,
                )
            )
    return debts


def _refuse(
    pack: Pack, opened: OpenPeriod, period: Period, sendings: Iterable[Sending]
) -> None:
    rule = scheme_of(pack, opened.scheme)
    tree = register().on(period.end)
    owed = {unit.unit for unit in rule.owing(tree)}
    refusals: list[Refusal] = []
    for sending in sendings:
        name = tree[sending.unit].name
        if opened.state == OpenPeriod.State.CLOSED:
            refusals.append(PeriodClosed(period=period.label, unit=name))
        elif sending.unit not in owed or sending.form not in rule.forms:
            refusals.append(NotOwed(unit=name, form=sending.form, period=period.label))
    if refusals:
        raise Refusals(refusals)


def _last_versions(rows: Iterable[Return]) -> dict[int, ReturnVersion]:
    found: dict[int, ReturnVersion] = {}
    pks = [row.pk for row in rows]
    for version in ReturnVersion.objects.filter(of__in=pks).order_by("number"):
        found[version.of_id] = version
    return found
