"""Score ("chấm điểm, xếp loại"): how many points, which band, and why?

The facts about a unit are its accepted self-assessment, the year's counts and whether
its returns came in time. A run keeps the edition, the pack and a hash of the facts; a
later run does not erase an earlier one, and history is never graded again silently.
"""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from tongket.analytics.store import Store
from tongket.cycle import count
from tongket.domain import criteria
from tongket.domain.criteria import Fact
from tongket.domain.figures import MISSING
from tongket.domain.indicators import Sum
from tongket.domain.periods import Frequency, Period
from tongket.domain.reporting import ReportingScheme
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records import audit, cells, sentences
from tongket.records.models import COUNTS, Result, Review, ScoreRun, Unit
from tongket.records.register import register

FACT_WORDS = {"on_time": "báo cáo gửi đúng hạn", "owed": "báo cáo phải gửi"}


class SchemeOfFormMissing(Refusal, LookupError):
    """No reporting scheme collects the edition's form."""

    words = (
        "Bộ tiêu chí {edition}: không có chế độ báo cáo nào thu biểu “{form}”; bổ sung "
        "vào schemes.yaml."
    )


def run(
    *, pack: Pack, counted: Store, year: int, period: Period, by: str, at: dt.datetime
) -> list[ScoreRun]:
    """Score every unit of every edition that applies to the year.

    `period` is the window whose counts the editions ask for. An edition whose facts
    have not changed since its last run keeps that run.
    """
    runs = []
    for edition in pack.editions.values():
        if year in edition.years:
            facts = facts_of(
                pack=pack, counted=counted, edition=edition, year=year, period=period
            )
            runs.append(_run(pack, edition, year, facts, by=by, at=at))
    return runs


def facts_of(
    *,
    pack: Pack,
    counted: Store,
    edition: criteria.Edition,
    year: int,
    period: Period,
) -> dict[str, dict[str, Fact]]:
    """Return, for each unit the edition grades, every fact its rules may ask for."""
    scheme = _scheme_of(pack, edition)
    own = pack.regimes[scheme.regime].year(year)
    tree = register().on(own.end)
    answers = _accepted(edition.form, own)
    timely = _timeliness(pack, edition, period)
    found = {}
    for unit in tree.of_kind(*sorted(edition.unit_kinds)):
        facts = _self_assessment(pack, edition, own, unit.unit, answers)
        facts.update(_counts(pack, counted, unit.unit, period))
        if unit.unit in timely:
            on_time, owed = timely[unit.unit]
            facts["returns.on_time"] = Fact(FACT_WORDS["on_time"], Decimal(on_time))
            facts["returns.owed"] = Fact(FACT_WORDS["owed"], Decimal(owed))
        found[unit.unit] = facts
    return found


def sums(*, pack: Pack, year: int) -> dict[str, Sum]:
    """Return how many units stand in each band: scores.all, scores.YEU, …

    Nothing at all where the year was not scored: that is missing, not nought.
    """
    found = Counter(current(year).values_list("band", flat=True))
    total = found.total()
    if not total:
        return {}
    bands = [
        band.key
        for edition in pack.editions.values()
        if year in edition.years
        for band in edition.bands
    ]
    numbers = {"all": total, **{band: found[band] for band in bands}}
    return {
        f"scores.{key}": Sum(Decimal(number), total, total)
        for key, number in numbers.items()
    }


def current(year: int) -> Any:
    """Return the results that count for a year, as a query."""
    return Result.objects.filter(run__year=year, run__is_current=True)


def sheet(pack: Pack, result: Result) -> criteria.Score:
    """Return a kept sheet as the domain's value, under the edition it was graded by."""
    edition = pack.editions[result.run.edition]
    items = {item.key: item for item in edition.items}
    gates = {gate.key: gate for gate in edition.gates}
    return criteria.Score(
        edition,
        tuple(
            criteria.ItemResult(
                items[row["item"]],
                Decimal(row["points"]),
                sentences.from_json(row["why"]),
                tuple(_fact(each) for each in row["facts"]),
            )
            for row in result.sheet["items"]
        ),
        tuple(
            criteria.GateResult(
                gates[row["gate"]],
                sentences.from_json(row["why"]),
            )
            for row in result.sheet["gates"]
        ),
    )


@transaction.atomic
def _run(
    pack: Pack,
    edition: criteria.Edition,
    year: int,
    facts: Mapping[str, Mapping[str, Fact]],
    *,
    by: str,
    at: dt.datetime,
) -> ScoreRun:
    scored = {unit: criteria.score(edition, known) for unit, known in facts.items()}
    kept = {unit: _to_json(each) for unit, each in scored.items()}
    hashed = hashlib.sha256(
        json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()
    before = ScoreRun.objects.filter(
        year=year, edition=edition.key, is_current=True
    ).first()
    if before and before.facts_hash == hashed:
        return before
    if before:
        before.is_current = False
        before.save(update_fields=["is_current"])
    made = ScoreRun.objects.create(
        year=year,
        edition=edition.key,
        pack_fingerprint=pack.fingerprint,
        facts_hash=hashed,
        at=at,
        by=by,
    )
    ids = dict(Unit.objects.values_list("key", "id"))
    Result.objects.bulk_create(
        Result(
            run=made,
            unit_id=ids[unit],
            total=each.total,
            band=each.band.key,
            sheet=kept[unit],
        )
        for unit, each in scored.items()
    )
    bands = Counter(each.band.key for each in scored.values())
    act = audit.Act("score", f"score:{year}:{edition.key}", dict(bands))
    audit.record([act], by=by, at=at)
    return made


def _scheme_of(pack: Pack, edition: criteria.Edition) -> ReportingScheme:
    for scheme in pack.schemes.values():
        if edition.form in scheme.forms and scheme.frequency is Frequency.YEAR:
            return scheme
    raise SchemeOfFormMissing(edition=edition.key, form=edition.form)


def _accepted(form: str, own: Period) -> dict[str, dict[str, Any]]:
    rows = (
        Review.objects.filter(
            COUNTS,
            version__of__form=form,
            version__of__period__period=own.key,
        )
        .order_by("id")
        .values_list("version__of__unit__key", "version__cells")
    )
    return {unit: dict(cells.from_json(stored)) for unit, stored in rows}


def _self_assessment(
    pack: Pack,
    edition: criteria.Edition,
    own: Period,
    unit: str,
    answers: Mapping[str, Mapping[str, Any]],
) -> dict[str, Fact]:
    held = answers.get(unit, {})
    return {
        measure.key: Fact(
            measure.label,
            held.get(measure.key, MISSING).counted,
            f"{measure.key}@{unit}@{own.key}",
        )
        for measure in pack.forms[edition.form].measures
    }


def _counts(pack: Pack, counted: Store, unit: str, period: Period) -> dict[str, Fact]:
    base = pack.regimes[period.regime].same_period(period)
    now = count.readings(counted, pack=pack, unit=unit, period=period)
    before = count.readings(counted, pack=pack, unit=unit, period=base)
    found: dict[str, Fact] = {}
    for key, reading in now.items():
        label = reading.indicator.label
        if reading.indicator.is_ratio:
            found[f"{key}.numerator"] = Fact(label, reading.numerator, reading.key)
            found[f"{key}.denominator"] = Fact(label, reading.denominator, reading.key)
        elif reading.numerator is not None:
            found[key] = Fact(label, reading.numerator, reading.key)
            earlier = before[key]
            found[f"{key}@same_period"] = Fact(label, earlier.numerator, earlier.key)
    return found


def _timeliness(
    pack: Pack, edition: criteria.Edition, period: Period
) -> dict[str, tuple[int, int]]:
    for scheme in pack.schemes.values():
        if scheme.regime == period.regime and edition.unit_kinds & set(
            scheme.unit_kinds
        ):
            return count.timeliness(pack=pack, scheme=scheme.key, period=period)
    return {}


def _to_json(scored: criteria.Score) -> dict[str, Any]:
    return {
        "items": [
            {
                "item": result.item.key,
                "points": f"{result.points:f}",
                "why": sentences.to_json(result.why),
                "facts": [
                    [
                        fact.label,
                        None if fact.value is None else f"{fact.value:f}",
                        fact.figure,
                    ]
                    for fact in result.facts
                ],
            }
            for result in scored.items
        ],
        "gates": [
            {"gate": result.gate.key, "why": sentences.to_json(result.why)}
            for result in scored.gates
        ],
    }


def _fact(stored: list[Any]) -> Fact:
    label, value, figure = stored
    return Fact(label, None if value is None else Decimal(value), figure)
