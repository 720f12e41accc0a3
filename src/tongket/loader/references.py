"""Does every name that a pack mentions stand for something the packs define?"""

from collections.abc import Mapping

from tongket.loader.draft import Draft
from tongket.loader.pack import measure_regimes
from tongket.loader.refusals import (
    LadderDescends,
    NoLadder,
    ReadsDifferently,
    TwoRegimes,
)

# What the stages count besides forms: bands, awards, plans, works, returns.
STAGES = ("scores", "awards", "programme", "plans", "returns")
TIMELINESS = frozenset({"returns.on_time", "returns.owed"})


def look_up(draft: Draft) -> None:
    """Note every mention that is defined nowhere, once all files are read."""
    spaces = _spaces(draft)
    for mention in draft.log.mentions:
        space = spaces.get(mention.space)
        if space is None or mention.name in space:
            continue  # no space: the form itself is unknown, and was refused as such
        if mention.space == "counted" and _counted_by_a_stage(mention.name):
            continue
        draft.log.refusals.append(mention.unknown())


def _counted_by_a_stage(name: str) -> bool:
    stage, dot, rest = name.partition(".")
    return bool(dot and rest) and stage in STAGES


def _spaces(draft: Draft) -> Mapping[str, frozenset[str]]:
    forms = draft.forms.values.values()
    measures = {form.key: frozenset(m.key for m in form.measures) for form in forms}
    counts = _facts_of_counts(draft)
    editions = draft.editions.values.values()
    return {
        "instrument": frozenset(draft.instruments.values),
        "regime": frozenset(draft.regimes.values),
        "kind": frozenset(draft.kinds.values),
        "form": frozenset(draft.forms.values),
        "indicator": frozenset(draft.indicators.values),
        "unit": frozenset(version.unit for version, _, _ in draft.units),
        "band": frozenset(band.key for each in editions for band in each.bands),
        "measure unit": frozenset(draft.measure_units.values),
        "counted": frozenset(key for keys in measures.values() for key in keys),
        **{f"measure of {form}": keys for form, keys in measures.items()},
        **{f"fact of {form}": keys | counts for form, keys in measures.items()},
    }


def _facts_of_counts(draft: Draft) -> frozenset[str]:
    """Return the facts that criteria may take from what was counted in the year."""
    found = set(TIMELINESS)
    for key, indicator in draft.indicators.values.items():
        if indicator.is_ratio:
            found |= {f"{key}.numerator", f"{key}.denominator"}
        else:
            found |= {key, f"{key}@same_period"}
    return frozenset(found)


def lead_upwards(draft: Draft) -> None:
    """Note ladders that do not lead upwards, and kinds that owe but have none."""
    kinds = draft.kinds.values
    for key, dated in draft.ladder.values.items():
        for value in dated.values:
            rungs = (key, *(each for each in value.value if each != key))
            levels = [kinds[each].level for each in rungs if each in kinds]
            if levels != sorted(set(levels), reverse=True):
                by = ", ".join(value.value)
                draft.ladder.rows[key].refuse(LadderDescends, by=by)
    for key, scheme in draft.schemes.values.items():
        for kind in scheme.unit_kinds:
            if kind in kinds and kind not in draft.ladder.values:
                label = kinds[kind].label
                draft.schemes.rows[key].refuse(NoLadder, sender=label)


def agree(draft: Draft) -> None:
    """Note measures that two forms define apart, and indicators across two regimes."""
    first: dict[str, tuple[object, str]] = {}
    for key, form in draft.forms.values.items():
        row = draft.forms.rows[key]
        for measure in form.measures:
            known, file = first.setdefault(measure.key, (measure, row.file))
            if known != measure:
                row.refuse(ReadsDifferently, key=measure.key, other=file)
    schemes = draft.schemes.values.values()
    regimes = measure_regimes(draft.forms.values.values(), schemes)
    for key, indicator in draft.indicators.values.items():
        used = {regime for m in indicator.measures for regime in regimes.get(m, ())}
        if len(used) > 1:
            names = ", ".join(sorted(used))
            draft.indicators.rows[key].refuse(TwoRegimes, key=key, regimes=names)
