"""Which rows of a table belong to which unit? Managers that show no others.

A model of unit-bound rows inherits `UnitBound` and says by which way its rows reach
their unit; a model of rows of one account inherits `AccountBound`. Every manager of it,
those of relations too, then shows and writes within records/scope.py. What Django joins
from another table (`annotate(Count("returns"))`) passes no manager: such a query names
its units itself, and PostgreSQL's policies see to the rest.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models

from tongket.records import scope


class OutOfScope(RuntimeError):
    """A row was to be written for a unit beyond the scope of the running code."""


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows within the scope in which they were asked for."""

    def _insert(self, objs: Iterable[models.Model], *args: Any, **kwargs: Any) -> Any:
        now, rows = scope.current(), list(objs)
        if isinstance(now, scope.Units):
            for row in rows:
                if not self.model.admits(row, now):
                    raise OutOfScope(f"{self.model.__name__}: {now.told}")
        return super()._insert(rows, *args, **kwargs)


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Shows the rows of the scope; raises NoScope where nobody has set one."""

    def get_queryset(self) -> Any:
        """Return the rows that the running code may see."""
        found, now = super().get_queryset(), scope.current()
        return found.filter(self.model.within(now)) if _is_part(now) else found


def _is_part(now: scope.Scope) -> bool:
    return isinstance(now, scope.Units)


class UnitBound(models.Model):
    """Rows of a unit, which `unit_path` leads to through parents."""

    unit_path: ClassVar[str] = "unit"
    objects = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def within(cls, now: scope.Units) -> models.Q:
        """Return the condition that a row lies in the scope."""
        return models.Q(**{f"{cls.unit_path}__in": now.ids})

    @classmethod
    def admits(cls, row: Any, now: scope.Units) -> bool:
        """Whether a new row lies in the scope."""
        *parents, last = cls.unit_path.split("__")
        for parent in parents:
            row = getattr(row, parent)
        return getattr(row, f"{last}_id") in now.ids


class AccountBound(models.Model):
    """Rows of the account that `user` names: what it sent, and what it was told."""

    objects = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def within(cls, now: scope.Units) -> models.Q:
        """Return the condition that a row is the account's own."""
        return models.Q(user=now.account)

    @classmethod
    def admits(cls, row: Any, now: scope.Units) -> bool:
        """Whether a new row is the account's own."""
        return bool(row.user_id == now.account)
