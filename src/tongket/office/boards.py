"""Which returns of a period does an address ask for, and in what order?"""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext

from tongket.domain.units import Tree
from tongket.office import facts, tables
from tongket.office.duties import Duty
from tongket.office.templatetags.office import said
from tongket.records.models import Return

Choices = list[tuple[str, str]]


def above(duty: Duty, tree: Tree) -> str:
    """Return the name of the unit above the one that owes."""
    parent = tree.parent(duty.unit.unit)
    return tree[parent].name if parent else ""


def districts(owed: Iterable[Duty], tree: Tree) -> Choices:
    """Return key and name of every unit directly above one that owes."""
    keys = {tree.parent(duty.unit.unit) for duty in owed}
    return sorted(((key, tree[key].name) for key in keys if key), key=lambda p: p[1])


def forms(owed: Iterable[Duty]) -> Choices:
    """Return key and name of every form that is owed."""
    return [
        (form.key, said(form))
        for form in {duty.form.key: duty.form for duty in owed}.values()
    ]


def kinds(owed: Iterable[Duty]) -> Choices:
    """Return key and name of every kind of unit that owes."""
    known = facts.pack().kinds
    return [(key, said(known[key])) for key in {duty.unit.kind: 0 for duty in owed}]


def states() -> Choices:
    """Return the states that a list can be filtered by, with their words."""
    return [
        ("chua-gui", gettext("Chưa gửi")),
        ("qua-han", gettext("Quá hạn")),
        ("cho-duyet", gettext("Chờ duyệt")),
        ("tra-lai", gettext("Bị trả lại")),
        ("da-rut", gettext("Đơn vị đã rút")),
        ("da-nhan", gettext("Đã nhận")),
        ("gui-muon", gettext("Gửi muộn")),
        ("gia-han", gettext("Được gia hạn")),
    ]


def stands(duty: Duty, state: str) -> bool:
    """Whether a duty is in the state that the filter names."""
    return {
        "chua-gui": duty.state == "",
        "qua-han": duty.is_overdue,
        "cho-duyet": duty.state == Return.State.SENT,
        "tra-lai": duty.state == Return.State.SENT_BACK,
        "da-rut": duty.state == Return.State.TAKEN_BACK,
        "da-nhan": duty.state == Return.State.ACCEPTED,
        "gui-muon": duty.is_late,
        "gia-han": duty.extended_until is not None,
    }.get(state, True)


def chosen(request: HttpRequest, owed: Iterable[Duty], tree: Tree) -> list[Duty]:
    """Return the duties that the filters of the address leave."""
    found = tables.matching(request.GET.get("q", ""))
    district, state = request.GET.get("huyen", ""), request.GET.get("trang-thai", "")
    form, kind = request.GET.get("bieu", ""), request.GET.get("loai", "")
    return [
        duty
        for duty in owed
        if found(duty.unit.name, duty.unit.code)
        and (not district or tree.parent(duty.unit.unit) == district)
        and (not form or duty.form.key == form)
        and (not kind or duty.unit.kind == kind)
        and stands(duty, state)
    ]


def ordered(request: HttpRequest, rows: list[Duty], tree: Tree) -> list[Duty]:
    """Return the duties sorted by the column that the address names."""
    keys = {
        "don-vi": lambda duty: duty.unit.name,
        "huyen": lambda duty: (above(duty, tree), duty.unit.name),
        "bieu": lambda duty: (said(duty.form), duty.unit.name),
        "han": lambda duty: (duty.due, duty.unit.name),
        "trang-thai": lambda duty: (not duty.is_overdue, duty.state, duty.unit.name),
    }
    key = keys.get(request.GET.get("xep", ""))
    return sorted(rows, key=key) if key else rows


def filters(request: HttpRequest, owed: list[Duty], tree: Tree) -> dict[str, object]:
    """Return what the form of filters (collect/filters.html) reads."""
    return {
        "districts": districts(owed, tree),
        "forms": forms(owed),
        "unit_kinds": kinds(owed),
        "states": states(),
        "asked": request.GET,
    }
