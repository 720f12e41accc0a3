"""Freeze ("chốt số liệu"): the figures of a period as they stood at one instant.

Report and publication are written from frozen figures only, so that page, Word and PDF
agree and any figure can later be shown as it was published.
"""

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any

from django.db import transaction

from tongket.analytics.store import Store
from tongket.cycle import commend, count, plan, score
from tongket.domain.indicators import Comparison, Indicator, Reading, Sum, compare
from tongket.domain.periods import Frequency, Period, parse
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records import audit, scope
from tongket.records.models import FrozenPeriod
from tongket.records.register import register


class NotFrozen(Refusal, LookupError):
    """A report needs frozen figures."""

    words = "Số liệu {period} chưa được chốt; chốt số liệu trước khi lập báo cáo."


@scope.whole("the province's figures count the stages of every unit")
def beside(*, pack: Pack, year: int, on: dt.date) -> dict[str, Sum]:
    """Return what scoring, plans and commendation count for a year."""
    return {
        **score.sums(pack=pack, year=year),
        **plan.sums(year=year, on=on),
        **commend.sums(pack=pack, year=year),
    }


def beside_both(*, pack: Pack, year: int, on: dt.date) -> dict[str, dict[str, Sum]]:
    """Return the same for a year and for the year before, as `comparisons` takes it."""
    return {
        "beside": beside(pack=pack, year=year, on=on),
        "beside_before": beside(pack=pack, year=year - 1, on=on),
    }


def live(
    counted: Store, *, pack: Pack, unit: str, period: Period, on: dt.date
) -> dict[str, Comparison]:
    """Return every indicator against its same period, each in its own regime's window.

    What a self-assessment collects lies in the window of its own rule; it cannot be
    added up over another one, so the comparison carries its own period.
    """
    found: dict[str, Comparison] = {}
    is_province = unit == pack.province
    stages = beside_both(pack=pack, year=period.year, on=on) if is_province else {}
    for key, regime in _regimes(pack, period).items():
        window = period if key == period.regime else pack.regimes[key].year(period.year)
        compared = count.comparisons(
            counted, pack=pack, unit=unit, period=window, **stages
        )
        found.update({each: compared[each] for each in regime})
    return found


@transaction.atomic
def freeze(
    counted: Store, *, pack: Pack, period: Period, by: str, at: dt.datetime
) -> FrozenPeriod:
    """Keep the province's figures of a period; the same figures are kept once."""
    province = pack.province
    compared = live(counted, pack=pack, unit=province, period=period, on=at.date())
    figures = {
        "province": {key: _to_json(each) for key, each in compared.items()},
        "months": _months(counted, pack, period),
        "districts": _districts(counted, pack, period),
    }
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True)
    hashed = hashlib.sha256(text.encode()).hexdigest()
    last = newest(period)
    if last and last.content_hash == hashed:
        return last
    frozen = FrozenPeriod.objects.create(
        period=period.key, figures=figures, content_hash=hashed, at=at, by=by
    )
    act = audit.Act("freeze", f"frozen:{period.key}", {"hash": hashed})
    audit.record([act], by=by, at=at)
    return frozen


def newest(period: Period) -> FrozenPeriod | None:
    """Return the figures frozen last for a period."""
    return FrozenPeriod.objects.filter(period=period.key).last()


def newest_or_refuse(period: Period) -> FrozenPeriod:
    """Return the figures frozen last, or say that nothing was frozen."""
    frozen = newest(period)
    if frozen is None:
        raise NotFrozen(period=period.label)
    return frozen


def comparisons(pack: Pack, frozen: FrozenPeriod) -> dict[str, Comparison]:
    """Return frozen figures as the domain's comparisons."""
    return {
        key: compare(
            _reading(pack, pack.indicators[key], stored[0]),
            _reading(pack, pack.indicators[key], stored[1]),
        )
        for key, stored in frozen.figures["province"].items()
        if key in pack.indicators
    }


def months(frozen: FrozenPeriod, indicator: str) -> list[tuple[str, Any, Any]]:
    """Return (month, value, value a year before) of one indicator; None is missing."""
    rows = frozen.figures["months"].get(indicator, [])
    return [(label, _number(now), _number(before)) for label, now, before in rows]


def districts(frozen: FrozenPeriod, indicator: str) -> dict[str, Decimal | None]:
    """Return an indicator's value for each unit directly below the province."""
    held = frozen.figures["districts"].get(indicator, {})
    return {unit: _number(value) for unit, value in held.items()}


def _regimes(pack: Pack, period: Period) -> dict[str, list[str]]:
    """Return regime → the indicators whose figures lie in its windows."""
    found: dict[str, list[str]] = {}
    for key, indicator in pack.indicators.items():
        found.setdefault(pack.regime_of(indicator), []).append(key)
    if period.frequency is not Frequency.YEAR:
        return {period.regime: found.get(period.regime, [])}
    return found


def _to_json(compared: Comparison) -> list[list[Any]]:
    return [
        [
            each.unit,
            each.period.key,
            None if each.numerator is None else f"{each.numerator:f}",
            None if each.denominator is None else f"{each.denominator:f}",
            each.returned,
            each.owed,
        ]
        for each in (compared.current, compared.base)
    ]


def _reading(pack: Pack, indicator: Indicator, stored: list[Any]) -> Reading:
    unit, key, numerator, denominator, returned, owed = stored
    return Reading(
        indicator,
        unit,
        parse(key, pack.regimes),
        _number(numerator),
        _number(denominator),
        returned,
        owed,
    )


def _number(stored: str | None) -> Decimal | None:
    return None if stored is None else Decimal(stored)


def _drawn(pack: Pack) -> set[str]:
    return {
        indicator
        for template in pack.templates.values()
        for block in template.blocks
        if block.kind == "chart"
        for indicator in block.indicators
    }


def _months(
    counted: Store, pack: Pack, period: Period
) -> dict[str, list[list[str | None]]]:
    regime = pack.regimes[period.regime]
    base = regime.same_period(period)
    found: dict[str, list[list[str | None]]] = {}
    for key in sorted(_drawn(pack)):
        now, before = (
            count.by_month(
                counted,
                pack=pack,
                unit=pack.province,
                period=each,
                indicator=pack.indicators[key],
            )
            for each in (period, base)
        )
        found[key] = [
            [f"T{one.period.number}", _text(one.value), _text(other.value)]
            for one, other in zip(now, before, strict=True)
        ]
    return found


def _districts(
    counted: Store, pack: Pack, period: Period
) -> dict[str, dict[str, str | None]]:
    tree = register().on(period.end)
    found = {}
    for key in sorted(_drawn(pack)):
        own = count.readings(counted, pack=pack, unit=pack.province, period=period)[key]
        rows = count.below(counted, tree=tree, reading=own)
        found[key] = {unit: _text(each.value) for unit, each in rows}
    return found


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
