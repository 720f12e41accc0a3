"""Summarise ("tổng hợp từ cấp dưới"): what do the returns below a unit add up to now?

Of each return below, the version that was accepted counts; where none was, the one sent
last, unless it was given back. The sum can be asked for as it stood at an earlier
instant, so that a summary knows which of its rows changed below since it was sent.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tongket.cycle import collect
from tongket.domain import summaries
from tongket.domain.checks import Finding
from tongket.domain.figures import Cell
from tongket.domain.forms import Form
from tongket.domain.periods import Period
from tongket.domain.reporting import ReportingScheme
from tongket.domain.summaries import Summed
from tongket.loader.pack import Pack
from tongket.records import cells, scope
from tongket.records.models import OpenPeriod, ReturnVersion, Review
from tongket.records.register import register

Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Basis:
    """The sums below a unit, row by row, and whose returns are not in them.

    `owing` are the units below that owe the summed form, `silent` those of them that
    sent nothing that counts; both in the order of the tree.
    """

    rows: Mapping[str, Summed]
    owing: tuple[str, ...]
    silent: tuple[str, ...]

    @property
    def heard(self) -> int:
        """How many of the owing units are in the sums."""
        return len(self.owing) - len(self.silent)


@scope.whole("who sums up reads the returns below, which are not its own")
def basis(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    at: dt.datetime | None = None,
) -> Basis | None:
    """Return what the returns below add up to, now or at an instant.

    None for a form that sums nothing up.
    """
    whole = pack.forms[form]
    if not whole.summarises:
        return None
    below, period = pack.forms[whole.summarises], collect.window(pack, opened)
    rule = _scheme_of(pack, below, period)
    parts = _parts(pack, rule, period) if rule else ()
    inside = _below(period, unit)
    by_unit: dict[str, list[Cells | None]] = {}
    for place, part in enumerate(parts):
        owed = collect.owed(pack=pack, opened=part) if part else ()
        owing = [u.unit for u, key in owed if key == below.key and u.unit in inside]
        held = _counting(part, below.key, owing, at) if part else {}
        for each in owing:
            row = by_unit.setdefault(each, [None] * len(parts))
            row[place] = held.get(each)
    return Basis(
        summaries.totals(whole, by_unit),
        tuple(by_unit),
        tuple(each for each, told in by_unit.items() if None in told),
    )


def changed_since(
    *, pack: Pack, opened: OpenPeriod, unit: str, form: str, version: ReturnVersion
) -> dict[str, tuple[Cell, Cell]]:
    """Return the rows whose sum below is another than when a version was sent.

    Each with the sum then and the sum now.
    """
    now = basis(pack=pack, opened=opened, unit=unit, form=form)
    then = basis(pack=pack, opened=opened, unit=unit, form=form, at=version.sent_at)
    if now is None or then is None:
        return {}
    return {
        measure: (then.rows[measure].cell, summed.cell)
        for measure, summed in now.rows.items()
        if then.rows[measure].cell != summed.cell
    }


def findings(
    *, pack: Pack, opened: OpenPeriod, unit: str, form: str, typed: Cells
) -> tuple[Finding, ...]:
    """Return a finding for each cell of a summary that is not the sum below it."""
    found = basis(pack=pack, opened=opened, unit=unit, form=form)
    if found is None:
        return ()
    return tuple(summaries.findings(pack.forms[form], typed, found.rows))


def _scheme_of(pack: Pack, form: Form, period: Period) -> ReportingScheme | None:
    """Return the scheme that collects a form by windows of the same rule."""
    for scheme in pack.schemes.values():
        if form.key in scheme.forms and scheme.regime == period.regime:
            return scheme
    return None


def _parts(
    pack: Pack, rule: ReportingScheme, period: Period
) -> tuple[OpenPeriod | None, ...]:
    """Return the opened periods that tile the window; None where one is not open."""
    assert rule.frequency is not None, "a scheme that opened a period has a frequency"
    windows: Iterable[Period] = (period,)
    if rule.frequency is not period.frequency:
        windows = pack.regimes[period.regime].parts(period, rule.frequency)
    keys = [each.key for each in windows]
    found = OpenPeriod.objects.filter(scheme=rule.key, period__in=keys)
    known = {each.period: each for each in found}
    return tuple(known.get(key) for key in keys)


def _below(period: Period, unit: str) -> frozenset[str]:
    return frozenset(register().on(period.end).descendants(unit)[1:])


def _counting(
    part: OpenPeriod, form: str, units: list[str], at: dt.datetime | None
) -> dict[str, Cells]:
    """Return, for each unit, the cells of the version that counts at an instant."""
    versions = ReturnVersion.objects.filter(
        of__period=part, of__form=form, of__unit__key__in=units
    )
    reviews = Review.objects.filter(version__in=versions)
    if at is not None:
        versions, reviews = versions.filter(sent_at__lte=at), reviews.filter(at__lte=at)
    last = {
        unit: (pk, stored)
        for unit, pk, stored in versions.order_by("number").values_list(
            "of__unit__key", "pk", "cells"
        )
    }
    # An instant back in time knows nothing of what was undone after it.
    standing, given_back = {}, set()
    columns = ("version__of__unit__key", "version", "verdict", "undoes")
    told = reviews.order_by("id").values_list("pk", *columns, "version__cells")
    for pk, unit, version, verdict, undoes, stored in told:
        if verdict == Review.Verdict.ACCEPTED:
            standing[pk] = unit, stored
        elif verdict == Review.Verdict.WITHDRAWN:
            standing.pop(undoes, None)
        elif verdict != Review.Verdict.APPROVED:
            given_back.add(version)
    accepted = dict(standing.values())
    return {
        unit: cells.from_json(accepted.get(unit, stored))
        for unit, (pk, stored) in last.items()
        if unit in accepted or pk not in given_back
    }
