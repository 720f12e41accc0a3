"""What stands around some returns: their history, and whatever their rules read?

One reading serves all returns of a form and period: a few queries, however many units.
The history is bounded: the last 24 windows, and the same window of ten earlier years.
Of a return that a rule reads, the accepted version counts, else the one sent last,
unless it was given or taken back.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from tongket.domain import checks, contradictions, oddities
from tongket.domain.contradictions import Around, Place
from tongket.domain.doubts import Finding
from tongket.domain.figures import Cell
from tongket.domain.periods import Period, months_after, parse
from tongket.domain.rules import Level
from tongket.domain.watching import watches_on
from tongket.loader.pack import Pack
from tongket.records import cells
from tongket.records.models import (
    COUNTS,
    TAKEN_BACK,
    Return,
    ReturnVersion,
    Review,
    Unit,
)
from tongket.records.register import register

Cells = Mapping[str, Cell]
_Stored = Mapping[str, list[str | None]]
WINDOWS = 24  # of the unit's own history
YEARS = 10  # in which the same period is looked for


@dataclass(frozen=True, slots=True)
class Accepted:
    """One return of the unit's history."""

    period: str
    end: dt.date
    cells: Cells


@dataclass(frozen=True)
class Facts:
    """Everything read for some units of one form and period, by unit."""

    history: Mapping[int, Sequence[Accepted]]
    around: Mapping[int, Around] = field(default_factory=dict)


class Reader:
    """How returns of one form and period are examined: rules, habits, what is read."""

    def __init__(self, pack: Pack, form: str, period: Period) -> None:
        self.pack, self.form, self.period = pack, pack.forms[form], period
        self.rules = contradictions.ready(pack.rules, form, period, pack.cadences)
        self.far = tuple(each for each in self.rules if each.read)
        self.watches = watches_on(pack.watches, period.end)
        self.schemes = {
            key: [each for each in pack.schemes.values() if key in each.forms]
            for key in pack.forms
        }
        self.places: dict[Level, set[Place]] = defaultdict(set)
        for each in self.far:
            for level, place in each.places:
                self.places[level].add(place)
        self.asks_who = any(each.rule.kinds or each.rule.groups for each in self.rules)
        self.since, self.season = _bounds(pack, period)

    def read(self, units: Iterable[int]) -> Facts:
        """Read all that is needed to examine returns of these units."""
        asked = set(units)
        return Facts(self._history(asked), self.around(asked))

    def findings(self, unit: int, sent: Cells, facts: Facts) -> tuple[Finding, ...]:
        """Return everything doubtful about what a unit sent."""
        rows = facts.history.get(unit, ())
        recent = [each for each in rows if each.end >= self.since]
        told = checks.columns(each.cells for each in recent)
        season = [each.cells for each in rows if each.period in self.season]
        odd = oddities.own(
            self.form,
            sent,
            self.watches,
            told=told,
            season=checks.columns(season),
            earlier=((each.period, each.cells) for each in recent[:-1]),
            named=lambda key: parse(key, self.pack.regimes).label,
        )
        return checks.everything(
            self.form,
            sent,
            self.rules,
            told=told,
            jump_times=self.pack.jump_times,
            previous=recent[-1].cells if recent else None,
            around=facts.around.get(unit, contradictions.NOTHING_AROUND),
            forms=self.pack.forms,
            more=odd,
        )

    def far_findings(
        self, unit: int, sent: Cells, around: Mapping[int, Around]
    ) -> tuple[Finding, ...]:
        """Return what only other returns make doubtful."""
        beside = around.get(unit, contradictions.NOTHING_AROUND)
        forms = self.pack.forms
        return tuple(contradictions.broken(self.form, sent, self.far, beside, forms))

    def around(self, units: set[int]) -> dict[int, Around]:
        """Return what the rules read of each unit beside the return itself."""
        own = counting(units, self.places[Level.OWN]) if self.places[Level.OWN] else {}
        if not (self.places[Level.BELOW] or self.asks_who):
            return {unit: Around(own.get(unit, {})) for unit in units}
        keys = dict(Unit.objects.filter(pk__in=units).values_list("pk", "key"))
        tree = register().on(self.period.end)
        groups = register().groups_on(self.period.end) if self.asks_who else {}
        below = self._below(keys.values()) if self.places[Level.BELOW] else {}
        return {
            unit: Around(
                own.get(unit, {}),
                below.get(key, {}),
                tree[key].kind if key in tree else "",
                groups.get(key, ()),
            )
            for unit, key in keys.items()
        }

    def _below(self, keys: Iterable[str]) -> dict[str, dict[Place, list[Cells | None]]]:
        """Return what counts of the units below, one entry for each that owes it."""
        owing: dict[tuple[str, Place], list[str]] = {}
        for form, key in self.places[Level.BELOW]:
            day = parse(key, self.pack.regimes).end
            tree, groups = register().on(day), register().groups_on(day)
            for unit in keys:
                inside = tree.descendants(unit)[1:] if unit in tree else ()
                owing[unit, (form, key)] = [
                    each
                    for each in inside
                    if any(
                        form in scheme.owed_by(tree[each], groups.get(each, ()), day)
                        for scheme in self.schemes[form]
                    )
                ]
        named = {each for units in owing.values() for each in units}
        rows = Unit.objects.filter(key__in=named).values_list("key", "pk")
        ids = dict(rows)
        told = counting(set(ids.values()), self.places[Level.BELOW])
        found: dict[str, dict[Place, list[Cells | None]]] = defaultdict(dict)
        for (unit, place), units in owing.items():
            found[unit][place] = [told.get(ids[u], {}).get(place) for u in units]
        return found

    def _history(self, units: set[int]) -> dict[int, list[Accepted]]:
        """Return what was accepted of each unit before the period, oldest first."""
        place = "version__of__period__"
        rows = (
            Review.objects.filter(
                COUNTS,
                Q(**{f"{place}end_on__gte": self.since})
                | Q(**{f"{place}period__in": list(self.season)}),
                version__of__unit__in=units,
                version__of__form=self.form.key,
                **{f"{place}end_on__lt": self.period.end},
            )
            .order_by(f"{place}end_on", "id")
            .values_list(
                "version__of__unit",
                f"{place}period",
                f"{place}end_on",
                "version__cells",
            )
        )
        found: dict[int, list[Accepted]] = defaultdict(list)
        for unit, key, end, stored in rows.iterator(chunk_size=200):
            kept = found[unit]
            if kept and kept[-1].period == key:
                kept.pop()  # an amendment replaces what was accepted before
            kept.append(Accepted(key, end, cells.from_json(stored)))
        return found


def _bounds(pack: Pack, period: Period) -> tuple[dt.date, frozenset[str]]:
    """Return the first day of the history, and the same windows of earlier years."""
    since = months_after(period.start, -WINDOWS * period.frequency.months)
    regime, season, each = pack.regimes[period.regime], [], period
    for _ in range(YEARS):
        each = regime.same_period(each)
        season.append(each.key)
    return since, frozenset(season)


def counting(
    units: Iterable[int], places: Iterable[Place]
) -> dict[int, dict[Place, Cells]]:
    """Return, for each unit, the cells that count of each form and period."""
    wanted = set(places)
    rows = (
        ReturnVersion.objects.filter(
            of__unit__in=units,
            of__form__in={form for form, _ in wanted},
            of__period__period__in={key for _, key in wanted},
        )
        .exclude(TAKEN_BACK)
        .order_by("of", "number")
        .values_list(
            "of__unit", "of__form", "of__period__period", "of__state", "pk", "cells"
        )
    )
    versions: dict[tuple[int, Place], dict[int, _Stored]] = defaultdict(dict)
    states = {}
    for unit, form, key, state, pk, stored in rows:
        versions[unit, (form, key)][pk] = stored
        states[unit, (form, key)] = state
    # The last version of an accepted return, but for those that were taken back, is the
    # accepted one; of others, one before may have been.
    open_ones = [
        pk
        for here, sent in versions.items()
        if states[here] != Return.State.ACCEPTED
        for pk in sent
    ]
    accepted = set(
        Review.objects.filter(COUNTS, version__in=open_ones).values_list(
            "version", flat=True
        )
        if open_ones
        else ()
    )
    found: dict[int, dict[Place, Cells]] = defaultdict(dict)
    for (unit, place), sent in versions.items():
        last = max(sent)
        counts = max(accepted & sent.keys(), default=None)
        if states[unit, place] in (Return.State.ACCEPTED, Return.State.SENT):
            counts = last if counts is None else counts
        if counts is not None:
            found[unit][place] = cells.from_json(sent[counts])
    return found
