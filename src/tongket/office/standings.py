"""Where does every return of a scheme's form stand, period by period?

The board reads each period once: who owed is kept as long as the register stands, who
sent comes in one query, and units are added up without an object for each of them.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    Expression,
    IntegerField,
    OuterRef,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.utils import timezone

from tongket.cycle import collect
from tongket.domain import completeness
from tongket.domain.completeness import Mark, Stage, Tally
from tongket.domain.periods import Period
from tongket.domain.units import UnitVersion
from tongket.office import facts
from tongket.records.models import Draft, Extension, OpenPeriod, Return, ReturnVersion
from tongket.records.register import Kept

FEW = 400  # units that are asked for by their numbers; more are read with all others
DAY = dt.timedelta(days=1)
STATES = tuple(stage for stage in Stage if stage is not Stage.UNSENT)
MOST_DUES = 1000
Owing = Mapping[int, UnitVersion]  # by the unit's number in the tables


@lru_cache(maxsize=64)
def _owing(kept: Kept, _pack: int, scheme: str, form: str, day: dt.date) -> Owing:
    owed = collect.owed_on(pack=facts.pack(), scheme=scheme, day=day)
    return {kept.ids[unit.unit]: unit for unit, key in owed if key == form}


def owing(kept: Kept, scheme: str, form: str, day: dt.date) -> Owing:
    """Return the units that owe the form for a period that ends on a day."""
    return _owing(kept, id(facts.pack()), scheme, form, day)


@lru_cache(maxsize=256)
def _below(
    kept: Kept, _pack: int, scheme: str, form: str, day: dt.date, root: str
) -> Mapping[str, tuple[int, ...]]:
    tree, owed = kept.on(day), _owing(kept, _pack, scheme, form, day)
    if root not in tree:
        return {}
    found = {
        row: tuple(n for key in below if (n := kept.ids[key]) in owed)
        for row in tree.children(root)
        if (below := tree.descendants(row))
    }
    if kept.ids[root] in owed:
        found = {root: (kept.ids[root],), **found}
    return {row: numbers for row, numbers in found.items() if numbers}


def below(
    kept: Kept, scheme: str, form: str, day: dt.date, root: str
) -> Mapping[str, tuple[int, ...]]:
    """Return the units directly below a root, each with who owes in it.

    The root is among them with itself alone where it owes a return of its own.
    """
    return _below(kept, id(facts.pack()), scheme, form, day, root)


@dataclass
class Column:
    """One period of the board, with what was sent in it."""

    opened: OpenPeriod
    period: Period
    form: str
    owed: Owing
    dues: Sequence[dt.date]  # every due day of the period, in order
    kinds: Mapping[str, int]  # the place of a kind's due day among them
    extended: Mapping[int, int]  # the same for a unit that was given time
    sent: Mapping[int, int]  # see _sent
    drafted: frozenset[int]
    amended: frozenset[int]
    on: dt.date
    soon: int

    def mark(self, unit: int) -> Mark:
        """Return what is known of the return of one unit that owes."""
        return self._mark(self._alike.get(unit))

    def tally(self, units: Iterable[int]) -> Tally:
        """Return how many returns of the units, which all owe, stand where."""
        alike = Counter(map(self._alike.get, units)).items()
        marks = ((self._mark(each), count) for each, count in alike)
        return completeness.tally(marks, self.on, self.soon)

    @cached_property
    def _alike(self) -> dict[int, Any]:
        """What was sent, in numbers that units standing alike share.

        A unit that is not here sent nothing, and is due with most others; one with
        another due day, a draft or an amendment has all of it spelled out.
        """
        found: dict[int, Any] = dict(self.sent)
        places = {self.kinds[unit.kind] for unit in self.owed.values()}
        apart: Iterable[int] = {*self.extended, *self.drafted, *self.amended}
        if len(places) > 1:
            apart = self.owed
        for unit in apart:
            if unit in self.owed:
                place = self.kinds[self.owed[unit].kind]
                place = self.extended.get(unit, place)
                is_special = unit in self.drafted or unit in self.amended
                found[unit] = place, self.sent.get(unit), is_special
        return found

    def _mark(self, alike: Any) -> Mark:
        known = self._known
        if alike not in known:
            whole = alike if isinstance(alike, tuple) else (self._usual, alike, False)
            place, code, is_special = whole
            state, passed = divmod(code or 0, MOST_DUES)
            known[alike] = Mark(
                self.dues[place],
                Stage.UNSENT if code is None else STATES[state],
                code is not None and passed > place,
                has_draft=code is None and is_special,
                is_closed=self.opened.state == OpenPeriod.State.CLOSED,
                is_amended=code is not None and is_special,
            )
        return known[alike]

    @cached_property
    def _usual(self) -> int:
        """The place of the due day of every unit without one of its own."""
        return next((self.kinds[unit.kind] for unit in self.owed.values()), 0)

    @cached_property
    def _known(self) -> dict[Any, Mark]:
        return {}


def column(
    kept: Kept,
    opened: OpenPeriod,
    form: str,
    *,
    only: Collection[int] | None,
    on: dt.date,
    soon: int,
) -> Column:
    """Return a period with what was sent in it, by few units or by everybody."""
    pack, owed = facts.pack(), owing(kept, opened.scheme, form, opened.end_on)
    few = only if only is not None and len(only) <= FEW else None
    rule, period = collect.scheme_of(pack, opened.scheme), collect.window(pack, opened)
    by_kind = {kind: rule.due(period, kind, pack.calendar) for kind in rule.unit_kinds}
    granted = _granted(opened, form)
    dues = sorted({*by_kind.values(), *granted.values()})
    sent = _sent(opened, form, dues, few)
    return Column(
        opened,
        period,
        form,
        owed,
        dues,
        {kind: dues.index(day) for kind, day in by_kind.items()},
        {unit: dues.index(day) for unit, day in granted.items()},
        sent,
        _drafted(opened, form, few) if len(sent) < len(few or owed) else frozenset(),
        _amended(opened, form),
        on,
        soon,
    )


def _granted(opened: OpenPeriod, form: str) -> dict[int, dt.date]:
    """Return the due day of each unit that was given time; the latest row counts."""
    rows = Extension.objects.filter(
        period=opened, kind=Extension.Kind.DUE, form__in=("", form)
    )
    return dict(rows.order_by("id").values_list("unit_id", "until"))


class _Bare(Case):
    """A number just as the database gives it, without a call for each row."""

    convert_value = staticmethod(Expression._convert_value_noop)


def _sent(
    opened: OpenPeriod, form: str, dues: Sequence[dt.date], few: Collection[int] | None
) -> dict[int, int]:
    """Return state and lateness of every return that was ever sent.

    One number tells both, for numbers are read much faster than instants: the place
    of the state among STATES, and how many of the period's due days had passed.
    """
    assert len(dues) < MOST_DUES, "a period has few due days"
    late = list(enumerate(dues, start=1))[::-1]
    code = _Bare(
        *(
            When(
                of__state=str(state),
                sent_at__gte=_morning(day + DAY),
                then=Value(place * MOST_DUES + passed),
            )
            for place, state in enumerate(STATES)
            for passed, day in late
        ),
        *(
            When(of__state=str(state), then=Value(place * MOST_DUES))
            for place, state in enumerate(STATES)
        ),
        output_field=IntegerField(),
    )
    rows = ReturnVersion.objects.filter(
        number=1, of__period=opened, of__form=form
    ).order_by()
    if few is not None:
        rows = rows.filter(of__unit__in=few)
    return dict(rows.values_list("of__unit_id", code).iterator(20_000))


def _morning(day: dt.date) -> dt.datetime:
    zone = timezone.get_default_timezone()
    return dt.datetime.combine(day, dt.time(), zone)


def _drafted(
    opened: OpenPeriod, form: str, few: Collection[int] | None
) -> frozenset[int]:
    """Return the units that have begun to type and have sent nothing."""
    sent = Return.objects.filter(period=opened, form=form, unit=OuterRef("unit"))
    rows = Draft.objects.filter(period=opened, form=form, last_edit__gt=0)
    if few is not None:
        rows = rows.filter(unit__in=few)
    return frozenset(rows.filter(~Exists(sent)).values_list("unit_id", flat=True))


def _amended(opened: OpenPeriod, form: str) -> frozenset[int]:
    """Return the units whose return was changed after the lock, with a reason."""
    # Spelled out: SQLite finds its way to the few rows only by the text of a condition.
    few = RawSQL("records_returnversion.amendment > ''", (), BooleanField())
    rows = ReturnVersion.objects.filter(few).order_by()
    returns = list(rows.values_list("of_id", flat=True))
    found = Return.objects.filter(pk__in=returns, period=opened, form=form)
    return frozenset(found.order_by().values_list("unit_id", flat=True))


def waits_at(columns: Sequence[Column], units: Collection[int]) -> dict[Any, str]:
    """Return the key of the unit that each waiting return of these units waits for."""
    rows = Return.objects.filter(
        period__in=[each.opened for each in columns],
        form__in={each.form for each in columns},
        unit__in=units,
        state=Return.State.SENT,
    ).exclude(awaits=None)
    found = rows.values_list("period_id", "unit_id", "awaits__key")
    return {(period, unit): rung for period, unit, rung in found}
