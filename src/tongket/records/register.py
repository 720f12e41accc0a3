"""The register of units, read back from the records as the domain's own value."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tongket.domain import access, units
from tongket.records import scope
from tongket.records.models import (
    RegisterState,
    Unit,
    UnitGroup,
    UnitLineage,
    UnitVersion,
)

SUBJECT = "register"  # of the acts that the log tells of changes to the register
# Rows are read as bare values: 12,000 units are read in a fraction of a second.
VERSION = (
    "unit_id",
    "code",
    "name",
    "kind",
    "parent_id",
    "start_on",
    "end_on",
    "designation",
    "population",
    "size_class",
)
LINEAGE = (
    "old_id",
    "new_id",
    "on",
    "change",
    "share_numerator",
    "share_denominator",
    "instrument",
)


class Kept(units.Register):
    """The register, with the numbers that its units have in the tables."""

    def __init__(self, ids: Mapping[str, int], *parts: Any) -> None:
        super().__init__(*parts)
        self.ids = ids
        self._scopes: dict[Any, scope.Scope] = {}

    def scope_of(
        self, grants: tuple[access.Grant, ...], day: dt.date, account: int | None
    ) -> scope.Scope:
        """Return whose rows a person with these grants works with on a day.

        Whoever reaches every unit of the day reaches those that ended before it too.
        """
        known = (grants, day, account)
        if known not in self._scopes:
            if len(self._scopes) >= MOST_SCOPES:
                self._scopes.clear()
            self._scopes[known] = self._scope(grants, day, account)
        return self._scopes[known]

    def _scope(
        self, grants: tuple[access.Grant, ...], day: dt.date, account: int | None
    ) -> scope.Scope:
        tree = self.on(day)
        found = access.reached(grants, tree)
        if found and all(unit.unit in found for unit in tree):
            return scope.Whole("reaches every unit")
        found = access.with_history(found, tree, self.lineage)
        return scope.Units(frozenset(self.ids[unit] for unit in found), account)


_steady: ContextVar[list[Kept] | None] = ContextVar("tongket_register", default=None)
MOST_SCOPES = 20_000  # that are remembered until the register changes


@lru_cache(maxsize=2)
def _read(_state: str) -> Kept:
    keys = dict(Unit.objects.values_list("id", "key"))
    # A unit that changed keeps its place among the others.
    versions = UnitVersion.objects.order_by("unit_id", "start_on").values_list(*VERSION)
    lineage = UnitLineage.objects.order_by("on", "id").values_list(*LINEAGE)
    stays = UnitGroup.objects.order_by("id").values_list(
        "unit_id", "group", "start_on", "end_on"
    )
    return Kept(
        {key: pk for pk, key in keys.items()},
        [
            units.UnitVersion(
                keys[unit], code, name, kind, keys[above] if above else None, *others
            )
            for unit, code, name, kind, above, *others in versions
        ],
        [_lineage(keys, *row) for row in lineage],
        [units.GroupMembership(keys[unit], *others) for unit, *others in stays],
    )


def _lineage(
    keys: dict[int, str],
    old: int,
    new: int,
    on: object,
    change: str,
    numerator: int | None,
    denominator: int | None,
    instrument: str,
) -> units.Lineage:
    what = units.Change(change)
    share = None if numerator is None else Fraction(numerator, denominator or 1)
    # A closing has no successor; its row names the unit itself.
    successor = "" if what is units.Change.CLOSE else keys[new]
    return units.Lineage(keys[old], successor, on, what, share, instrument)


def state() -> str:
    """Return a token that is another after every change to the register."""
    return RegisterState.objects.values_list("token", flat=True).first() or ""


@contextmanager
def steady() -> Iterator[None]:
    """Let one register hold while the block lasts, and ask for it once.

    For what only reads the register, from its first question to its answer.
    """
    token = _steady.set([])
    try:
        yield
    finally:
        _steady.reset(token)


def register() -> Kept:
    """Return every unit with its lineage and groups; read again after a change."""
    held = _steady.get()
    if held is None:
        return _now()
    if not held:
        held.append(_now())
    return held[0]


def _now() -> Kept:
    token = state()
    # Without a token (a database that was emptied) nothing says what is still so.
    return _read(token) if token else _read.__wrapped__(token)
