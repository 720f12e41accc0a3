"""One act of reorganising by a form: preview as a list of changes, then the act."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy

from tongket.cycle import reorganise
from tongket.domain.access import Permission as P
from tongket.domain.reorganisation import ImportPlan
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.unit_acts import Acts, Part
from tongket.domain.unit_rows import Row, read_day
from tongket.domain.units import Register, Tree, UnitVersion
from tongket.office import clock, facts, unit_registers, unit_words
from tongket.office.entrance import sentences, staff
from tongket.records.register import register

STATED = ("name", "code", "kind", "designation", "parent", "population", "size_class")
MOST_PARTS = 6
CHANGE, MERGE, SPLIT, CLOSE, GROUP, FOUND = (
    "doi",
    "sap-nhap",
    "chia-tach",
    "ket-thuc",
    "nhom",
    "lap-moi",
)
TITLES = {
    CHANGE: gettext_lazy("Đổi tên, loại, cấp trên, quy mô"),
    MERGE: gettext_lazy("Sáp nhập"),
    SPLIT: gettext_lazy("Chia tách"),
    CLOSE: gettext_lazy("Kết thúc hoạt động"),
    GROUP: gettext_lazy("Vào, ra nhóm"),
    FOUND: gettext_lazy("Lập đơn vị mới"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form of an act."""

    data: QueryDict
    on: dt.date
    instrument: str
    parts: Sequence[Part] = field(default_factory=tuple)

    def text(self, name: str) -> str:
        """Return one field, blanks at its ends left out."""
        return self.data.get(name, "").strip()

    def stated(self, prefix: str = "") -> dict[str, str]:
        """Return the fields of a unit."""
        return {name: self.text(f"{prefix}{name}") for name in STATED}


@staff(P.RUN_YEAR)
def change_page(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """Show the form of an act on a unit; preview it; carry it out."""
    unit_registers.must_run_the_year(request)
    everyone = register()
    if key not in everyone or act not in TITLES or act == FOUND:
        raise Http404
    return act_page(request, everyone, act, key)


@staff(P.RUN_YEAR)
def found_page(request: HttpRequest) -> HttpResponse:
    """Show the form of a new unit; preview it; bring it in."""
    unit_registers.must_run_the_year(request)
    return act_page(request, register(), FOUND, "")


def act_page(
    request: HttpRequest, everyone: Register, act: str, key: str
) -> HttpResponse:
    """Go through the three steps of an act: form, preview, done."""
    told: list[str] = []
    made, on = None, clock.today()
    if request.method == "POST":
        try:
            typed = read(request.POST)
            on = typed.on
            rows = rows_of(act, key, typed, everyone)
            made = reorganise.preview(pack=facts.pack(), rows=rows, on=typed.on)
            told = [words for step in made.refused for words in said(step.refusals)]
            if "apply" in request.POST and not told:
                return carried_out(request, act, key, rows, typed)
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
    context = form(request, everyone, act, key, on) | {
        "sentences": list(dict.fromkeys(told)),
        "made": made if made is not None and not told else None,
        "edition": reorganise.edition(),
    }
    if made is not None:
        context |= {"lines": plan_lines(made)}
    status = 422 if told else 200
    return render(request, "office/units/change.html", context, status=status)


def said(refusals: Sequence[Refusal]) -> list[str]:
    """Return refusals in the language of the page."""
    return [words for each in refusals for words in sentences(each)]


def plan_lines(made: ImportPlan) -> list[unit_words.Line]:
    """Return the lines of a preview."""
    return unit_words.lines(reorganise.lines(made), made.register)


def carried_out(
    request: HttpRequest, act: str, key: str, rows: Sequence[Row], typed: Typed
) -> HttpResponse:
    """Apply what was previewed, and go to the unit or the list."""
    reorganise.apply(
        pack=facts.pack(),
        rows=rows,
        on=typed.on,
        edition=typed.text("edition"),
        title=f"{TITLES[act]} {typed.instrument}".strip(),
        by=request.user.username,
        at=clock.now(),
    )
    messages.success(request, gettext("Đã ghi thay đổi vào danh sách đơn vị."))
    day = f"?ngay={typed.on:%Y-%m-%d}"
    if key:
        return redirect(reverse("unit", args=[key]) + day)
    return redirect(reverse("units") + day)


def read(data: QueryDict) -> Typed:
    """Return what was typed; refuses a day that is none."""
    on = read_day(data.get("on", "").strip()) or clock.today()
    typed = Typed(data, on, data.get("instrument", "").strip())
    parts = []
    for number in range(1, MOST_PARTS + 1):
        prefix = f"part{number}."
        unit, stated = typed.text(f"{prefix}unit"), typed.stated(prefix)
        if unit or stated["name"]:
            parts.append(Part(unit, stated, typed.text(f"{prefix}share")))
    return Typed(data, on, typed.instrument, tuple(parts))


def rows_of(act: str, key: str, typed: Typed, everyone: Register) -> list[Row]:
    """Return the rows of an act, its references still as they were typed."""
    acts = Acts(
        everyone,
        on=typed.on,
        instrument=typed.instrument,
        root=facts.pack().province,
    )
    into = typed.text("into")
    do: Mapping[str, Callable[[], list[Row]]] = {
        CHANGE: lambda: acts.changed(key, typed.stated()),
        MERGE: lambda: acts.merged(
            [key, *typed.data.getlist("others")],
            Part(into) if into else Part(stated=typed.stated()),
        ),
        SPLIT: lambda: acts.split(
            key, typed.parts, remains=bool(typed.text("remains"))
        ),
        CLOSE: lambda: acts.closed(key, typed.text("heir")),
        GROUP: lambda: (
            acts.left(key, typed.text("group"))
            if typed.text("leave")
            else acts.joined(key, typed.text("group"))
        ),
        FOUND: lambda: acts.founded(typed.stated()),
    }
    return do[act]()


def form(
    request: HttpRequest, everyone: Register, act: str, key: str, on: dt.date
) -> dict[str, Any]:
    """Return what the form of an act shows: what was typed, else what is so now."""
    tree = everyone.on(on)
    life = everyone.life(key)
    unit = next((version for version in life if version.holds_on(on)), None)
    name = unit.name if unit else life[-1].name if life else ""
    data = request.POST if request.method == "POST" else now(act, unit)
    way = [{"label": gettext("Đơn vị"), "url": reverse("units")}]
    if key:
        way.append({"label": name, "url": reverse("unit", args=[key])})
    return {
        "title": TITLES[act],
        "kicker": name,
        "crumbs": [*way, {"label": TITLES[act]}],
        "act": act,
        "acts": [(each, words) for each, words in TITLES.items() if each != FOUND],
        "key": key,
        "unit": unit,
        "typed": data,
        "others": request.POST.getlist("others"),
        "on": request.POST.get("on", "") or f"{on:%d/%m/%Y}",
        "kinds": facts.pack().kinds.values(),
        "beside": beside(tree, unit),
        "above": (higher := above(tree, unit)),
        "heirs": [*higher, *beside(tree, unit)],
        "groups": everyone.groups(key, on) if key in tree else (),
        "known_groups": sorted({stay.group for stay in everyone.memberships}),
        "numbers": range(1, MOST_PARTS + 1),
        "parts": parts(data),
    }


def now(act: str, unit: UnitVersion | None) -> dict[str, Any]:
    """Return what the unit is now, as the fields of the form that changes it."""
    if unit is None or act != CHANGE:
        return {}
    return {name: getattr(unit, name) or "" for name in STATED}


def parts(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what was typed of each part of a split; as many blank as there is room."""
    names = ("unit", *STATED, "share")
    return [
        {"number": str(n), **{name: data.get(f"part{n}.{name}", "") for name in names}}
        for n in range(1, MOST_PARTS + 1)
    ]


def beside(tree: Tree, unit: UnitVersion | None) -> list[UnitVersion]:
    """Return the other units of the kind, those under the same unit first."""
    if unit is None:
        return []
    same = [each for each in tree.of_kind(unit.kind) if each.unit != unit.unit]
    return sorted(same, key=lambda each: each.parent != unit.parent)


def above(tree: Tree, unit: UnitVersion | None) -> list[UnitVersion]:
    """Return the units that a unit, or a new one, may stand below: higher levels."""
    kinds = facts.pack().kinds
    lowest = max((kind.level for kind in kinds.values()), default=1)
    level = kinds[unit.kind].level if unit and unit.kind in kinds else lowest
    found = [v for v in tree if v.kind in kinds and kinds[v.kind].level < level]
    return sorted(found, key=lambda each: kinds[each.kind].level)


urlpatterns = [
    path("van-phong/don-vi/lap-moi/", found_page, name="unit-found"),
    path("van-phong/don-vi/<slug:key>/<slug:act>/", change_page, name="unit-change"),
]
