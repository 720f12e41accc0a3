"""The units of any day: the tree, a search, counts by kind, and all of it as a file."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.documents.workbooks.unit_list_writing import (
    Listed,
    write_csv,
    write_list,
)
from tongket.domain.access import Permission as P
from tongket.domain.unit_rows import Table
from tongket.domain.units import Register, Tree, UnitVersion
from tongket.office import facts, tables, unit_registers
from tongket.office.entrance import staff
from tongket.records.register import register

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = {
    Table.UNITS: "don-vi.csv",
    Table.LINEAGE: "dien-bien.csv",
    Table.GROUPS: "nhom.csv",
}
# What the address says of each file: ?tai=xlsx, ?tai=units …
WHOLE_BOOK, DAY_BOOK = "xlsx", "xlsx-ngay"


@dataclass(frozen=True, slots=True)
class Node:
    """One unit in the tree with those below it that the person sees."""

    unit: UnitVersion
    below: list["Node"]
    is_open: bool


@staff(P.VIEW)
@require_safe
def units_page(request: HttpRequest) -> HttpResponse:
    """Show the tree of a day, or the units that a search and a filter leave."""
    day, everyone = unit_registers.asked_day(request), register()
    tree = everyone.on(day)
    seen = unit_registers.visible(request.actor, tree)
    shown = [unit for unit in tree if unit.unit in seen]
    rows = matching(request, shown, everyone, day)
    asked = request.GET.get("tai", "csv" if "csv" in request.GET else "")
    if asked:
        return as_file(asked, rows, everyone, day, seen)
    is_search = any(
        request.GET.get(name) for name in ("q", "loai", "nhom", "quy-mo", "loai-hinh")
    )
    page = tables.page(request, rows)
    days = unit_registers.days_of_change(everyone)
    context = {
        "title": gettext("Đơn vị"),
        "kicker": gettext("Ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"},
        "day": day,
        "days": days,
        "change_today": next((each for each in days if each.day == day), None),
        "eve": day - unit_registers.DAY,
        "total": len(shown),
        "counts": unit_registers.counts(shown),
        "kind_of": facts.pack().kinds,
        **choices(shown, everyone, day),
        "is_search": is_search,
        "page": page,
        "rows": [(unit, name_above(unit, tree)) for unit in page],
        "nodes": [] if is_search else forest(tree, seen),
        "asked": request.GET,
        "query": tables.query(request),
        "query_undated": tables.query(request, "ngay"),
        "may_change": unit_registers.runs_the_year(request.actor),
    }
    return render(request, "office/units/units.html", context)


def choices(
    shown: Sequence[UnitVersion], everyone: Register, day: dt.date
) -> dict[str, object]:
    """Return what the filters offer: only what some unit of the day has."""
    kinds = facts.pack().kinds
    present = dict.fromkeys(unit.kind for unit in shown)
    inside = everyone.groups_on(day)
    return {
        "kinds": [kinds[key] for key in present if key in kinds],
        "groups": sorted({g for unit in shown for g in inside.get(unit.unit, ())}),
        "sizes": sorted({unit.size_class for unit in shown if unit.size_class}),
    }


def matching(
    request: HttpRequest,
    shown: Sequence[UnitVersion],
    everyone: Register,
    day: dt.date,
) -> list[UnitVersion]:
    """Return the units that the search and the filters leave."""
    asked = request.GET
    kind, called = asked.get("loai", ""), asked.get("loai-hinh", "")
    group, size = asked.get("nhom", ""), asked.get("quy-mo", "")
    found, inside = tables.matching(asked.get("q", "").strip()), everyone.groups_on(day)
    return [
        unit
        for unit in shown
        if kind in {"", unit.kind}
        and called in {"", unit.designation}
        and size in {"", unit.size_class}
        and (not group or group in inside.get(unit.unit, ()))
        and found(unit.name, unit.code, unit.unit)
    ]


def name_above(unit: UnitVersion, tree: Tree) -> str:
    """Return the name of the unit directly above."""
    return tree[unit.parent].name if unit.parent else ""


def forest(tree: Tree, seen: frozenset[str]) -> list[Node]:
    """Return the tops of what a person sees, each with everything below."""

    def node(key: str, depth: int) -> Node:
        below = [node(each, depth + 1) for each in tree.children(key) if each in seen]
        return Node(tree[key], below, depth == 0)

    tops = [u.unit for u in tree if u.unit in seen and u.parent not in seen]
    return [node(key, 0) for key in tops]


def as_file(
    asked: str,
    rows: Sequence[UnitVersion],
    everyone: Register,
    day: dt.date,
    seen: frozenset[str],
) -> HttpResponse:
    """Return the list as a file that may be edited and sent back.

    `xlsx` holds the whole history of what the person sees on the day, `xlsx-ngay` the
    units of the day as filtered; a CSV file one of the three lists.
    """
    units = frozenset(unit.unit for unit in rows)
    if asked == WHOLE_BOOK or asked in {Table.LINEAGE, Table.GROUPS}:
        whole = is_whole(everyone, seen)
        rows = [v for v in everyone.versions if whole or v.unit in seen]
        units = frozenset(version.unit for version in rows)
    tree = everyone.on(day)
    listed = Listed(
        rows,
        [row for row in everyone.lineage if row.old in units],
        [stay for stay in everyone.memberships if stay.unit in units],
        {key: kind.label for key, kind in facts.pack().kinds.items()},
        {version.unit: version.name for version in (*everyone.versions, *tree)},
        day,
    )
    if asked in {WHOLE_BOOK, DAY_BOOK}:
        target = io.BytesIO()
        write_list(target, listed)
        return HttpResponse(
            target.getvalue(),
            content_type=XLSX,
            headers={"Content-Disposition": 'attachment; filename="don-vi.xlsx"'},
        )
    table = Table(asked) if asked in set(Table) else Table.UNITS
    return HttpResponse(
        "\ufeff" + write_csv(listed, table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{FILES[table]}"'},
    )


def is_whole(everyone: Register, seen: frozenset[str]) -> bool:
    """Whether somebody sees the top of the tree, and so also what ended below it."""
    return any(v.parent is None and v.unit in seen for v in everyone.versions)


urlpatterns = [path("van-phong/don-vi/", units_page, name="units")]
