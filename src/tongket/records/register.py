"""The register of units, read back from the records as the domain's own value."""

from fractions import Fraction
from functools import lru_cache

from django.db.models import Count, Max

from tongket.domain import units
from tongket.records.models import UnitLineage, UnitVersion


@lru_cache(maxsize=2)
def _read(_state: tuple[object, ...]) -> units.Register:
    versions = [
        units.UnitVersion(
            unit=row.unit.key,
            code=row.code,
            name=row.name,
            kind=row.kind,
            parent=row.parent.key if row.parent else None,
            start=row.start_on,
            end=row.end_on,
            designation=row.designation,
            population=row.population,
        )
        for row in UnitVersion.objects.select_related("unit", "parent").order_by("id")
    ]
    lineage = [
        units.Lineage(
            row.old.key,
            row.new.key,
            row.on,
            units.Change(row.change),
            Fraction(row.share_numerator, row.share_denominator or 1)
            if row.share_numerator is not None
            else None,
        )
        for row in UnitLineage.objects.select_related("old", "new")
    ]
    return units.Register(versions, lineage)


def register() -> units.Register:
    """Return every unit with its lineage; read again when a row was added or closed."""
    state = UnitVersion.objects.aggregate(
        Count("id"), Max("id"), Count("end_on"), Max("end_on")
    )
    lineage = UnitLineage.objects.aggregate(Count("id"), Max("id"))
    return _read((*state.values(), *lineage.values()))
