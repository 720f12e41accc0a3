"""Which unit does a page show, and which units may the person choose among?"""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from tongket.domain.access import Permission
from tongket.domain.units import Tree, UnitVersion
from tongket.office import facts
from tongket.office.entrance import Actor


def tops(scope: Collection[str], tree: Tree) -> list[UnitVersion]:
    """Return the highest units of a scope: those whose unit above lies outside it."""
    found = [unit for unit in tree if unit.unit in scope and unit.parent not in scope]
    return sorted(found, key=lambda unit: facts.pack().kinds[unit.kind].level)


def asked(request: HttpRequest, permission: Permission) -> UnitVersion:
    """Return the unit the address names, by default the highest in scope; or 404."""
    actor: Actor = request.actor
    key = request.GET.get("don-vi", "")
    if key:
        actor.must(permission, key)
        return actor.tree[key]
    own = tops(actor.scope(permission), actor.tree)
    if not own:
        raise Http404
    return own[0]


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the unit chooser and the units under it."""

    name: str
    units: tuple[UnitVersion, ...]


def choices(actor: Actor, permission: Permission) -> list[Group]:
    """Return the units a person may choose, grouped by the unit above."""
    tree, scope = actor.tree, actor.scope(permission)
    groups: dict[str, list[UnitVersion]] = {}
    for unit in tree:
        if unit.unit in scope:
            groups.setdefault(unit.parent or "", []).append(unit)
    return [
        Group(tree[above].name if above in tree else "", tuple(units))
        for above, units in groups.items()
    ]


def districts(actor: Actor, permission: Permission) -> list[UnitVersion]:
    """Return the units directly above those in scope, for the filter of a list."""
    tree = actor.tree
    above = {unit.parent for unit in tree if unit.unit in actor.scope(permission)}
    province = facts.pack().province
    return [unit for unit in tree if unit.unit in above and unit.unit != province]
