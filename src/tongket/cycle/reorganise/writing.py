"""How does a register of units become rows of the records, and an audit of them?

Only what differs is written. Each unit that changed is told to the log whole, before
and after, so that the log itself holds what is needed to take the change back.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from django.db.models import Model

from tongket.domain.units import (
    Change,
    GroupMembership,
    Lineage,
    Register,
    UnitVersion,
)
from tongket.records import models

State = dict[str, list[list[Any]]]
FIELDS = ("code", "name", "kind", "designation", "population", "size_class")


def states(register: Register) -> dict[str, State]:
    """Return all that is known of each unit as plain lists, its lineage outwards."""
    found: dict[str, State] = defaultdict(
        lambda: {"versions": [], "lineage": [], "groups": []}
    )
    for version in register.versions:
        found[version.unit]["versions"].append(
            [
                version.start.isoformat(),
                version.end.isoformat() if version.end else None,
                version.parent,
                *(getattr(version, name) for name in FIELDS),
            ]
        )
    for row in register.lineage:
        share = str(row.share) if row.share is not None else None
        found[row.old]["lineage"].append(
            [row.on.isoformat(), row.change.value, row.new, share, row.instrument]
        )
    for stay in register.memberships:
        end = stay.end.isoformat() if stay.end else None
        found[stay.unit]["groups"].append([stay.group, stay.start.isoformat(), end])
    for state in found.values():
        state["versions"].sort(key=lambda row: row[0])
    return dict(found)


def register_of(states: Mapping[str, State]) -> Register:
    """Return the register that `states` told, or refuse one that cannot stand."""
    versions, lineage, stays = [], [], []
    for unit, state in states.items():
        for start, end, parent, *rest in state["versions"]:
            told = dict(zip(FIELDS, rest, strict=True))
            versions.append(
                UnitVersion(
                    unit=unit, parent=parent, start=_day(start), end=_end(end), **told
                )
            )
        for on, change, new, share, instrument in state["lineage"]:
            part = Fraction(share) if share else None
            row = Lineage(unit, new, _day(on), Change(change), part, instrument)
            lineage.append(row)
        for group, start, end in state["groups"]:
            stays.append(GroupMembership(unit, group, _day(start), _end(end)))
    return Register(versions, lineage, stays)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _end(text: str | None) -> dt.date | None:
    return _day(text) if text else None


def write(before: Register, after: Register) -> None:
    """Bring the records from one register to another; only differences are written."""
    known = {version.unit for version in before.versions}
    new = dict.fromkeys(v.unit for v in after.versions if v.unit not in known)
    models.Unit.objects.bulk_create(models.Unit(key=key) for key in new)
    ids = dict(models.Unit.objects.values_list("key", "id"))
    _bring(
        models.UnitVersion,
        {(ids[v.unit], v.start): v for v in before.versions},
        {(ids[v.unit], v.start): v for v in after.versions},
        lambda row: (row.unit_id, row.start_on),
        lambda version: _version(version, ids),
    )
    _bring(
        models.UnitLineage,
        {_event(row, ids): row for row in before.lineage},
        {_event(row, ids): row for row in after.lineage},
        lambda row: (row.old_id, row.new_id, row.on, Change(row.change)),
        lambda row: _lineage(row, ids),
    )
    _bring(
        models.UnitGroup,
        {(ids[s.unit], s.group, s.start): s for s in before.memberships},
        {(ids[s.unit], s.group, s.start): s for s in after.memberships},
        lambda row: (row.unit_id, row.group, row.start_on),
        lambda stay: {
            "unit_id": ids[stay.unit],
            "group": stay.group,
            "start_on": stay.start,
            "end_on": stay.end,
        },
    )


def _version(version: UnitVersion, ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "unit_id": ids[version.unit],
        "parent_id": ids[version.parent] if version.parent else None,
        "start_on": version.start,
        "end_on": version.end,
        **{name: getattr(version, name) for name in FIELDS},
    }


def _event(row: Lineage, ids: Mapping[str, int]) -> tuple[Any, ...]:
    # A closing has no successor; its row names the unit itself.
    return ids[row.old], ids[row.new or row.old], row.on, row.change


def _lineage(row: Lineage, ids: Mapping[str, int]) -> dict[str, Any]:
    old, new, on, change = _event(row, ids)
    return {
        "old_id": old,
        "new_id": new,
        "on": on,
        "change": change,
        "share_numerator": row.share.numerator if row.share else None,
        "share_denominator": row.share.denominator if row.share else None,
        "instrument": row.instrument,
    }


def _bring(
    model: type[Model],
    before: Mapping[tuple[Any, ...], Any],
    after: Mapping[tuple[Any, ...], Any],
    place: Callable[[Any], tuple[Any, ...]],
    fields: Callable[[Any], dict[str, Any]],
) -> None:
    """Add and take away rows of one kind until they tell what `after` does.

    A row that changed is written anew: nothing points at it, and an update of thousands
    of different values takes a database many times as long.
    """
    differs = {key for key, told in after.items() if before.get(key) != told}
    gone = before.keys() - after.keys() | differs & before.keys()
    if gone:
        kept = model._default_manager.all()
        _delete(model, [row.pk for row in kept if place(row) in gone])
    model._default_manager.bulk_create(
        (model(**fields(told)) for key, told in after.items() if key in differs),
        batch_size=1000,
    )


def _delete(model: type[Model], keys: list[int]) -> None:
    for first in range(0, len(keys), 500):
        model._default_manager.filter(pk__in=keys[first : first + 500]).delete()


def delete_units(keys: Iterable[str]) -> None:
    """Take away units of which nothing is known any more; others may protect them."""
    wanted = list(keys)
    for first in range(0, len(wanted), 500):
        models.Unit.objects.filter(key__in=wanted[first : first + 500]).delete()
