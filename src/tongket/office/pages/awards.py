"""The awards of a year: each form's list, counts against quotas, what may be done."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from tongket.cycle import score
from tongket.domain import commendations
from tongket.domain.access import Permission as P
from tongket.domain.commendations import (
    AwardeeKind,
    AwardForm,
    AwardState,
)
from tongket.domain.criteria import Band
from tongket.domain.sentences import Sentence
from tongket.office import clock, facts, figures, grading, speech, tables, years
from tongket.office.entrance import Actor
from tongket.office.templatetags.office import said
from tongket.records.models import Award
from tongket.records.register import register

TONES = {
    AwardState.PROPOSED: "neutral",
    AwardState.APPRAISED: "info",
    AwardState.DECIDED: "good",
    AwardState.CONFERRED: "good",
    AwardState.REFUSED: "bad",
    AwardState.CANCELLED: "bad",
}
SEES = (P.RUN_YEAR, P.SIGN, P.OVERVIEW)


@dataclass(frozen=True, slots=True)
class Listed:
    """One award in the list."""

    award: Award
    name: str
    kind: Sentence
    band: Band | None
    band_tone: str
    withdrawing: str  # "refuse" or "cancel" where the person may, else ""

    @property
    def state(self) -> Sentence:
        """Where the award stands, in words."""
        return Sentence(commendations.STATE_WORDS[AwardState(self.award.state)])

    @property
    def tone(self) -> str:
        """The tone of that."""
        return TONES[AwardState(self.award.state)]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form of award with its list, counts against quotas, and what may be done."""

    form: AwardForm
    rows: tuple[Listed, ...]
    counts: tuple[tuple[str, int, int | None], ...]
    proposed: int
    appraised: int
    decided: int

    @property
    def has_acts(self) -> bool:
        """Whether anything can be withdrawn from the list."""
        return any(row.withdrawing for row in self.rows)


SORTS: dict[str, Callable[[Listed], Any]] = {
    "ten": lambda row: row.name,
    "tinh-trang": lambda row: (row.award.state, row.name),
    "loai": lambda row: (row.award.kind, row.name),
}


def listed(actor: Actor, year: int) -> list[Listed]:
    """Return the awards of a year: all at the province, else those of own units."""
    pack = facts.pack()
    tree = register().on(figures.regime().year(year).end)
    bands = grading.bands(year)
    awards = Award.objects.filter(year=year).select_related("unit")
    if not any(actor.may(each, pack.province) for each in SEES):
        awards = awards.filter(unit__key__in=actor.scope(P.OVERVIEW))
    found = []
    for award in awards:
        band = bands.get(award.band)
        found.append(
            Listed(
                award,
                tree[award.awardee].name if award.awardee in tree else award.awardee,
                Sentence(commendations.KIND_WORDS[AwardeeKind(award.kind)]),
                band,
                grading.tone(band, bands.values()) if band else "neutral",
                withdrawing(AwardState(award.state), actor),
            )
        )
    return found


def withdrawing(state: AwardState, actor: Actor) -> str:
    """Return how the person may withdraw an award: refuse, cancel, or not at all."""
    province = facts.pack().province
    moves = commendations.AWARD_MOVES[state]
    if AwardState.REFUSED in moves and actor.may(P.RUN_YEAR, province):
        return "refuse"
    if AwardState.CANCELLED in moves and actor.may(P.SIGN, province):
        return "cancel"
    return ""


def chosen(request: HttpRequest, rows: Iterable[Listed]) -> list[Listed]:
    """Return what the filters leave, in the order the address asks for."""
    asked = request.GET
    found = tables.matching(asked.get("q", ""))
    kept = [
        row
        for row in rows
        if found(row.name, row.award.ground)
        and asked.get("hinh-thuc", "") in {"", row.award.form}
        and asked.get("loai", "") in {"", row.award.kind}
        and asked.get("tinh-trang", "") in {"", row.award.state}
    ]
    return sorted(kept, key=SORTS.get(asked.get("xep", ""), SORTS["loai"]))


def page(request: HttpRequest, told: list[str]) -> HttpResponse:
    """Return the lists; 422 with what was typed when an act was refused."""
    year, pack = years.chosen(request), facts.pack()
    every = listed(request.actor, year)
    rows = chosen(request, every)
    if "csv" in request.GET:
        return as_csv(rows, year)
    context = {
        "title": gettext("Khen thưởng năm %(year)s") % {"year": year},
        "year": year,
        "years": years.opened(),
        "sheets": [
            sheet(form, rows, every)
            for form in pack.award_forms.values()
            if request.GET.get("hinh-thuc", "") in {"", form.key}
        ],
        "forms": pack.award_forms.values(),
        "kinds": [
            (kind.value, Sentence(commendations.KIND_WORDS[kind]))
            for kind in AwardeeKind
        ],
        "states": [
            (state.value, Sentence(commendations.STATE_WORDS[state]))
            for state in AwardState
        ],
        "worthy": worthy(request.actor, year),
        "may_run": request.actor.may(P.RUN_YEAR, pack.province),
        "may_sign": request.actor.may(P.SIGN, pack.province),
        "today": clock.today(),
        "asked": request.GET,
        "form_key": request.GET.get("hinh-thuc", ""),
        "state_key": request.GET.get("tinh-trang", ""),
        "typed": request.POST,
        "query": tables.query(request),
        "query_unsorted": tables.query(request, "xep"),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/commend/commend.html", context, status=status)


def sheet(form: AwardForm, rows: Iterable[Listed], every: Iterable[Listed]) -> Sheet:
    """Return one form's list, and how many stand of those it may have."""
    states = Counter(row.award.state for row in every if row.award.form == form.key)
    standing = [
        row
        for row in every
        if row.award.form == form.key
        and row.award.state not in {AwardState.REFUSED, AwardState.CANCELLED}
    ]
    kinds = Counter(AwardeeKind(row.award.kind) for row in standing)
    counts = [
        (commendations.KIND_WORDS[kind], kinds[kind], (form.quota or {}).get(kind))
        for kind in AwardeeKind
    ]
    if form.quota_together is not None:
        counts.append(("tập thể và cá nhân", len(standing), form.quota_together))
    return Sheet(
        form,
        tuple(row for row in rows if row.award.form == form.key),
        tuple((speech.translated(Sentence(words)), n, m) for words, n, m in counts),
        states[AwardState.PROPOSED],
        states[AwardState.APPRAISED],
        states[AwardState.DECIDED],
    )


def worthy(actor: Actor, year: int) -> list[tuple[str, str]]:
    """Return key and name of the scored units whose band allows a proposal."""
    tree = register().on(figures.regime().year(year).end)
    results = score.current(year).filter(
        band__in=facts.pack().worthy_bands, unit__key__in=actor.scope(P.RUN_YEAR)
    )
    keys = results.values_list("unit__key", flat=True)
    return sorted(((key, tree[key].name) for key in keys), key=lambda row: row[1])


def as_csv(rows: Iterable[Listed], year: int) -> HttpResponse:
    """Return the list as a file."""
    forms = facts.pack().award_forms
    header = [
        gettext("Hình thức"),
        gettext("Tập thể, cá nhân"),
        gettext("Loại"),
        gettext("Xếp loại"),
        gettext("Thành tích"),
        gettext("Tình trạng"),
        gettext("Số quyết định"),
        gettext("Ngày quyết định"),
        gettext("Lý do"),
    ]
    lines = (
        [
            said(forms[row.award.form]),
            row.name,
            speech.translated(row.kind),
            said(row.band) if row.band else "",
            row.award.ground,
            speech.translated(row.state),
            row.award.decision,
            f"{row.award.decided_on:%d/%m/%Y}" if row.award.decided_on else "",
            row.award.reason,
        ]
        for row in rows
    )
    return tables.csv_response(f"khen-thuong-{year}.csv", header, lines)
