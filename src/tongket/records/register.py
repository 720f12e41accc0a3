"""The register of units, read back from the records as the domain's own value."""

from fractions import Fraction
from functools import lru_cache

from tongket.domain import units
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


@lru_cache(maxsize=2)
def _read(_state: str) -> units.Register:
    keys = dict(Unit.objects.values_list("id", "key"))
    # A unit that changed keeps its place among the others.
    versions = UnitVersion.objects.order_by("unit_id", "start_on").values_list(*VERSION)
    lineage = UnitLineage.objects.order_by("on", "id").values_list(*LINEAGE)
    stays = UnitGroup.objects.order_by("id").values_list(
        "unit_id", "group", "start_on", "end_on"
    )
    return units.Register(
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


def register() -> units.Register:
    """Return every unit with its lineage and groups; read again after a change."""
    token = state()
    # Without a token (a database that was emptied) nothing says what is still so.
    return _read(token) if token else _read.__wrapped__(token)
