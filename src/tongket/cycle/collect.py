"""Collect ("thu thập"): who owes what for which period, and what did they send?

A period opens from a reporting scheme that states its ten items. Every sending becomes
a new version of the unit's return; nothing that was sent is lost or overwritten.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from tongket.domain import units
from tongket.domain.figures import Cell
from tongket.domain.periods import Period, parse
from tongket.domain.reporting import ReportingScheme
from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.pack import Pack
from tongket.records import audit, cells
from tongket.records.models import (
    Extension,
    OpenPeriod,
    Return,
    ReturnVersion,
    Unit,
    UnitGroup,
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
    *, pack: Pack, scheme: str, period: Period, by: str, at: dt.datetime
) -> OpenPeriod:
    """Open a period for returns; refuses a scheme that lacks one of the ten items.

    Refuses also a period whose due day lies beyond the table of holidays: every list of
    what is owed asks for that day.
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
    # The period may have been closed while this waited for its turn to write.
    opened.refresh_from_db(fields=["state"])
    _refuse(pack, opened, period, sendings, timezone.localtime(at).date())
    kept = _locked(opened, {(sending.unit, sending.form) for sending in sendings})
    last = _last_versions(kept.values())
    versions, acts, reopened = [], [], []
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
        if row.state != Return.State.SENT:
            row.state = Return.State.SENT
            reopened.append(row.pk)
        versions.append(version)
        subject = f"return:{sending.unit}:{sending.form}:{period.key}"
        acts.append(audit.Act("receive", subject, {"version": version.number}))
    ReturnVersion.objects.bulk_create(versions)
    if reopened:
        Return.objects.filter(pk__in=reopened).update(state=Return.State.SENT)
    audit.record(acts, by=by, at=at)
    return versions


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
) -> None:
    rule, tree = scheme_of(pack, opened.scheme), register().on(period.end)
    arrived = list(sendings)
    units = {sending.unit for sending in arrived}
    groups = _groups(rule, tree.day, *units)
    is_open = opened.state == OpenPeriod.State.OPEN
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
    opened: OpenPeriod, wanted: Set[tuple[str, str]]
) -> dict[tuple[str, str], Return]:
    """Return the return of each unit and form, new ones made; nobody else writes it.

    Asks for the units that send and no others: at a deadline there are 12,000.
    """
    found = Return.objects.select_for_update(of=("self",)).filter(
        period=opened,
        unit__key__in={unit for unit, _ in wanted},
        form__in={form for _, form in wanted},
    )
    rows = {(row.unit.key, row.form): row for row in found.select_related("unit")}
    missing = sorted(wanted - rows.keys())
    if missing:
        named = Unit.objects.filter(key__in={unit for unit, _ in missing})
        known = {unit.key: unit for unit in named}
        fresh = [
            Return(unit=known[unit], period=opened, form=form, state=Return.State.SENT)
            for unit, form in missing
        ]
        # Another way may make one of them at this instant: its row is waited for.
        Return.objects.bulk_create(fresh, ignore_conflicts=True)
        rows = {(row.unit.key, row.form): row for row in found.select_related("unit")}
    for row in rows.values():
        row.period = opened
    return rows


def _last_versions(rows: Iterable[Return]) -> dict[int, ReturnVersion]:
    numbers = ReturnVersion.objects.filter(of=OuterRef("of")).order_by("-number")
    found = ReturnVersion.objects.filter(
        of__in=[row.pk for row in rows],
        number=Subquery(numbers.values("number")[:1]),
    )
    return {version.of_id: version for version in found}
