"""Collect ("thu thập"): who owes what for which period, and what did they send?

A period opens from a reporting scheme that states its ten items. Every sending becomes
a new version of the unit's return; nothing that was sent is lost or overwritten.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from tongket.cycle import rungs
from tongket.cycle.granted import Extensions
from tongket.domain import units
from tongket.domain.figures import Cell
from tongket.domain.periods import Period, parse
from tongket.domain.reporting import ReportingScheme
from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.pack import Pack
from tongket.records import audit, cells, contents
from tongket.records.models import (
    Extension,
    OpenPeriod,
    Return,
    ReturnVersion,
    UnitGroup,
)
from tongket.records.register import register, steady


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
class Held:
    """Returns that the running transaction has locked, and what was sent last of each.

    A return that was asked for and is not among the rows does not exist yet.
    """

    rows: Mapping[tuple[str, str], Return]
    last: Mapping[int, ReturnVersion]


@dataclass(frozen=True, slots=True)
class Received:
    """The versions that were kept, and the acts that the log must tell of them."""

    versions: list[ReturnVersion]
    acts: list[audit.Act]


@dataclass(frozen=True, slots=True)
class Debt:
    """One unit's duty for a period: by when, and where its return stands."""

    unit: units.UnitVersion
    form: str
    due: dt.date
    state: str  # "" while nothing was sent, else a state of the return
    sent_at: dt.datetime | None
    is_overdue: bool
    extended_until: dt.date | None = None  # `due` is this day when it was granted

    @property
    def is_late(self) -> bool:
        """Whether the first sending came after the due day."""
        return self.sent_at is not None and self.sent_at.date() > self.due


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
    *,
    pack: Pack,
    scheme: str,
    period: Period,
    by: str,
    at: dt.datetime,
    reason: str = "",
) -> OpenPeriod:
    """Open a period for returns; refuses a scheme that lacks one of the ten items.

    Refuses also a period whose due day lies beyond the table of holidays: every list of
    what is owed asks for that day. A call for a thematic or ad hoc return has a reason.
    """
    rule = scheme_of(pack, scheme)
    refusals = [*rule.refusals(), *rule.disagreements(pack.schemes.values())]
    if refusals:
        raise Refusals(refusals)
    if (period.regime, period.frequency) != (rule.regime, rule.frequency):
        raise PeriodMismatch(period=period.key, scheme=rule.name, regime=rule.regime)
    if OpenPeriod.objects.filter(scheme=scheme, period=period.key).exists():
        raise AlreadyOpen(period=period.label, scheme=rule.name)
    for kind in rule.unit_kinds:
        rule.due(period, kind, pack.calendar)
    refusals += rule.call_refusals(period, pack.calendar, reason)
    if refusals:
        raise Refusals(refusals)
    opened = OpenPeriod.objects.create(
        scheme=scheme,
        period=period.key,
        start_on=period.start,
        end_on=period.end,
        pack_fingerprint=pack.fingerprint,
        opened_at=at,
        opened_by=by,
        reason=reason.strip(),
    )
    subject = f"period:{scheme}:{period.key}"
    why = {"reason": opened.reason} if opened.reason else {}
    act = audit.Act("open_period", subject, {"pack": pack.fingerprint, **why})
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
    amendment: str = "",
    filed_at: str = "",
) -> list[ReturnVersion]:
    """Keep each sending as a new version; refuses all of them when one cannot be kept.

    A sending equal to the unit's last version, cell by cell, is that version, unless
    that was taken back. A new version waits for the first rung of the unit's ladder.
    `amendment` is the reason of what is filed after the lock, `filed_at` the unit that
    filed it in the sender's place.
    """
    # The period may have been closed while this waited for its turn to write.
    opened.refresh_from_db(fields=["state"])
    kept = keep(
        pack=pack,
        opened=opened,
        sendings=sendings,
        by=by,
        at=at,
        amendment=amendment,
        filed_at=filed_at,
    )
    audit.record(kept.acts, by=by, at=at)
    return kept.versions


@steady()
def keep(
    *,
    pack: Pack,
    opened: OpenPeriod,
    sendings: Sequence[Sending],
    by: str,
    at: dt.datetime,
    held: Held | None = None,
    amendment: str = "",
    filed_at: str = "",
) -> Received:
    """Receive without telling the log; the caller does so last in its transaction.

    Whoever writes the log keeps every other writer waiting until the end.
    """
    period, on = window(pack, opened), timezone.localtime(at).date()
    _refuse(pack, opened, period, sendings, on, is_amended=bool(amendment))
    first = {each.unit: rungs.first(pack, each.unit, on) for each in sendings}
    if held is None:
        rows = _locked(opened, {(each.unit, each.form) for each in sendings}, first)
        held = Held(rows, _last_versions(rows.values()))
    rows, last, ids = dict(held.rows), dict(held.last), register().ids
    kept, moved = Received([], []), defaultdict(list)
    for sending in sendings:
        key = sending.unit, sending.form
        if key not in rows:
            rows[key] = _new(opened, *key, first)
            rows[key].save(force_insert=True)
        row, awaits = rows[key], ids.get(first[sending.unit])
        version = _version(sending, row, last.get(row.pk))
        if version is None:
            continue
        version.sent_by, version.amendment = by, amendment
        version.filed_at_id = ids[filed_at] if filed_at else None
        last[row.pk] = version
        kept.versions.append(version)
        if (row.state, row.awaits_id) != (Return.State.SENT, awaits):
            row.state, row.awaits_id = Return.State.SENT, awaits
            moved[awaits].append(row.pk)
        subject = f"return:{sending.unit}:{sending.form}:{period.key}"
        content = contents.of_version(version.cells, version.explanations)
        more = _amended(amendment, filed_at)
        told = {"version": version.number, "content": content, **more}
        kept.acts.append(audit.Act("receive", subject, told))
    ReturnVersion.objects.bulk_create(kept.versions)
    for awaits, those in moved.items():
        sent_up = Return.objects.filter(pk__in=those)
        sent_up.update(state=Return.State.SENT, awaits=awaits)
    return kept


def _version(
    sending: Sending, row: Return, before: ReturnVersion | None
) -> ReturnVersion | None:
    """Return a sending as the next version; None when it is the one before."""
    stored = cells.to_json(sending.cells)
    explained = {k: v for k, v in sending.explanations.items() if v.strip()}
    is_same = before and (before.cells, before.explanations) == (stored, explained)
    # What is not kept yet, of two in one go, was not taken back.
    if before and is_same and not (before.pk and rungs.was_taken_back(before)):
        return None
    return ReturnVersion(
        of=row,
        number=before.number + 1 if before else 1,
        cells=stored,
        explanations=explained,
        channel=sending.channel,
        sent_at=sending.sent_at,
    )


def _amended(amendment: str, filed_at: str) -> dict[str, str]:
    told = {"amendment": amendment, "unit": filed_at}
    return {key: words for key, words in told.items() if words}


def due_of(*, pack: Pack, opened: OpenPeriod, unit: str, form: str) -> dt.date:
    """Return the last day on which a unit is on time: the scheme's, or one granted."""
    period, rule = window(pack, opened), scheme_of(pack, opened.scheme)
    kind = register().on(period.end)[unit].kind
    due = rule.due(period, kind, pack.calendar)
    return Extensions([opened], [unit]).due(opened, unit, form, due)


def may_send(*, opened: OpenPeriod, unit: str, form: str, on: dt.date) -> bool:
    """Whether the period takes a return of the unit on a day.

    It is open, or the unit holds a lock exception that lasts to that day (included).
    """
    is_open = opened.state == OpenPeriod.State.OPEN
    return is_open or Extensions([opened], [unit]).lets_in(opened, unit, form, on)


def owed_forms(*, pack: Pack, opened: OpenPeriod, unit: str) -> tuple[str, ...]:
    """Return the forms that one unit owes for the period; none for an unknown unit."""
    rule, tree = scheme_of(pack, opened.scheme), register().on(opened.end_on)
    if unit not in tree:
        return ()
    groups = _groups(rule, tree.day, unit)
    return _forms(pack, rule, tree, tree[unit], groups)


def _forms(
    pack: Pack,
    rule: ReportingScheme,
    tree: units.Tree,
    unit: units.UnitVersion,
    groups: Mapping[str, frozenset[str]],
) -> tuple[str, ...]:
    forms = rule.owed_by(unit, groups.get(unit.unit, ()), tree.day)
    return tuple(form for form in forms if pack.forms[form].holds_on(tree.day))


def owed(
    *, pack: Pack, opened: OpenPeriod
) -> tuple[tuple[units.UnitVersion, str], ...]:
    """Return every unit and form that are owed for the period, in the tree's order."""
    return owed_on(pack=pack, scheme=opened.scheme, day=opened.end_on)


def owed_on(
    *, pack: Pack, scheme: str, day: dt.date
) -> tuple[tuple[units.UnitVersion, str], ...]:
    """Return who would owe what for a period of the scheme that ends on a day."""
    rule, tree = scheme_of(pack, scheme), register().on(day)
    valid = {key for key in rule.forms if pack.forms[key].holds_on(tree.day)}
    pairs = rule.owed(tree, _groups(rule, tree.day))
    return tuple((unit, form) for unit, form in pairs if form in valid)


def _groups(
    rule: ReportingScheme, day: dt.date, *only: str
) -> dict[str, frozenset[str]]:
    """Return the groups of a day by unit; asks nothing of a scheme without groups."""
    if not any(each.groups for each in rule.assignments):
        return {}
    rows = UnitGroup.objects.filter(start_on__lte=day).exclude(end_on__lt=day)
    if only:
        rows = rows.filter(unit__key__in=only)
    found: dict[str, set[str]] = {}
    for unit, group in rows.values_list("unit__key", "group"):
        found.setdefault(unit, set()).add(group)
    return {unit: frozenset(groups) for unit, groups in found.items()}


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
    granted = Extensions([opened])
    debts = []
    for unit, form in owed(pack=pack, opened=opened):
        row = sent.get((unit.unit, form))
        until = granted.until(Extension.Kind.DUE, opened, unit.unit, form)
        due = until or dues[unit.kind]
        debts.append(
            Debt(
                unit,
                form,
                due,
                row.state if row else "",
                # The day it came is Vietnam's; the database tells UTC.
                timezone.localtime(first[row.pk]) if row else None,
                is_overdue=row is None and on > due,
                extended_until=until,
            )
        )
    return debts


def _refuse(
    pack: Pack,
    opened: OpenPeriod,
    period: Period,
    sendings: Iterable[Sending],
    on: dt.date,
    *,
    is_amended: bool,
) -> None:
    rule, tree = scheme_of(pack, opened.scheme), register().on(period.end)
    arrived = list(sendings)
    units = {sending.unit for sending in arrived}
    groups = _groups(rule, tree.day, *units)
    is_open = opened.state == OpenPeriod.State.OPEN or is_amended
    granted = None if is_open else Extensions([opened], units)
    refusals: list[Refusal] = []
    for sending in arrived:
        unit, form = tree[sending.unit], sending.form
        if granted and not granted.lets_in(opened, unit.unit, form, on):
            refusals.append(PeriodClosed(period=period.label, unit=unit.name))
        elif form not in _forms(pack, rule, tree, unit, groups):
            refusals.append(NotOwed(unit=unit.name, form=form, period=period.label))
    if refusals:
        raise Refusals(refusals)


def _locked(
    opened: OpenPeriod, wanted: Set[tuple[str, str]], first: Mapping[str, str]
) -> dict[tuple[str, str], Return]:
    """Return the return of each unit and form, new ones made; nobody else writes it.

    A new one waits for the unit that `first` names for its sender.

    Asks for the units that send and no others: at a deadline there are 12,000.
    """
    found = Return.objects.select_for_update(of=("self",)).filter(
        period=opened,
        unit__key__in={unit for unit, _ in wanted},
        form__in={form for _, form in wanted},
    )
    found = found.select_related("unit")
    rows = {(row.unit.key, row.form): row for row in found}
    missing = sorted(wanted - rows.keys())
    if missing:
        fresh = [_new(opened, unit, form, first) for unit, form in missing]
        # Another way may make one of them at this instant: its row is waited for.
        Return.objects.bulk_create(fresh, ignore_conflicts=True)
        rows = {(row.unit.key, row.form): row for row in found.all()}
    for row in rows.values():
        row.period = opened
    return rows


def _new(opened: OpenPeriod, unit: str, form: str, first: Mapping[str, str]) -> Return:
    ids = register().ids
    return Return(
        unit_id=ids[unit],
        period=opened,
        form=form,
        state=Return.State.SENT,
        awaits_id=ids.get(first[unit]),
    )


def _last_versions(rows: Iterable[Return]) -> dict[int, ReturnVersion]:
    numbers = ReturnVersion.objects.filter(of=OuterRef("of")).order_by("-number")
    found = ReturnVersion.objects.filter(
        of__in=[row.pk for row in rows],
        number=Subquery(numbers.values("number")[:1]),
    )
    return {version.of_id: version for version in found}
