"""Opening a period from a reporting scheme that states its ten items; turning it."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext

from tongket.cycle import collect
from tongket.domain.access import Permission as P
from tongket.domain.forms import Form
from tongket.domain.periods import Period, parse
from tongket.domain.reporting import TEN_ITEMS, ReportingScheme
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.unit_rows import read_day
from tongket.loader.pack import UnitKind
from tongket.office import clock, duties, facts, speech
from tongket.office.entrance import sentences, staff
from tongket.office.templatetags.office import said, said_with_window
from tongket.records.models import OpenPeriod

CALL_DAYS = ("tu", "den", "han")
BEFORE_ASKED = "…"  # the preview is looked at before the reason is typed


@staff(P.RUN_YEAR)
def open_period(request: HttpRequest) -> HttpResponse:
    """Choose a reporting scheme, read its ten items, and open one of its periods."""
    pack = facts.pack()
    request.actor.must(P.RUN_YEAR, pack.province)
    asked = request.POST.get("scheme") or request.GET.get("che-do", "")
    scheme = pack.schemes.get(asked)
    told: list[str] = []
    if request.method == "POST":
        try:
            opened = collect.open_period(
                pack=pack,
                scheme=asked,
                period=parse(request.POST.get("period", ""), pack.regimes),
                by=request.user.username,
                at=clock.now(),
                reason=request.POST.get("reason", ""),
            )
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
        else:
            messages.success(request, gettext("Đã mở kỳ; các đơn vị có thể gửi."))
            return redirect("collect-period", opened.scheme, opened.period)
    context: dict[str, Any] = {
        "title": gettext("Mở kỳ báo cáo"),
        "crumbs": [
            {"label": gettext("Thu thập"), "url": reverse("collect")},
            {"label": gettext("Mở kỳ báo cáo")},
        ],
        "schemes": pack.schemes.values(),
        "scheme": scheme,
        "sentences": told,
    }
    if scheme is not None:
        told += [speech.translated(each.sentence) for each in against(scheme)]
        windows = unopened(scheme)
        asked_for = request.POST.get("period") or request.GET.get("ky", "")
        chosen = next((each for each in windows if each.key == asked_for), None)
        if scheme.is_on_call:
            call, wrong = called(request, scheme)
            chosen, told[:] = (None if wrong else call), [*told, *wrong]
            context |= {"call": days_of(request, call)}
        context |= {
            "reason": request.POST.get("reason", ""),
            "items": ten_items(scheme),
            "periods": windows,
            "chosen": chosen,
            "preview": (
                preview(scheme, chosen)
                if chosen and (request.method == "POST" or not told)
                else None
            ),
        }
    status = 422 if request.method == "POST" else 200
    return render(request, "office/collect/open.html", context, status=status)


def called(
    request: HttpRequest, scheme: ReportingScheme
) -> tuple[Period | None, list[str]]:
    """Return the window of a call as it was asked for, and what is wrong with it."""
    pack = facts.pack()
    try:
        if request.method == "POST":
            return parse(request.POST.get("period", ""), pack.regimes), []
        days = [request.GET.get(name, "") for name in CALL_DAYS]
        if not all(days):
            return None, []
        start, end, due = (read_day(day) for day in days)
        period = pack.regimes[scheme.regime].call(start, end, due)
        refused = list(scheme.call_refusals(period, pack.calendar, BEFORE_ASKED))
        return period, [speech.translated(each.sentence) for each in refused]
    except (Refusal, Refusals) as refusal:
        return None, sentences(refusal)


def days_of(request: HttpRequest, period: Period | None) -> dict[str, str]:
    """Return the days of a call as they are typed into their boxes."""
    if period and period.due:
        days = (period.start, period.end, period.due)
        return dict(zip(CALL_DAYS, map(str, days), strict=True))
    return {name: request.GET.get(name, "") for name in CALL_DAYS}


def against(scheme: ReportingScheme) -> list[Refusal]:
    """Return everything that keeps a scheme from opening a period."""
    others = facts.pack().schemes.values()
    return [*scheme.refusals(), *scheme.disagreements(others)]


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would owe a period: form, kind and number of units; deadlines by level.

    `empty` are kinds of which no unit would owe anything.
    """

    rows: list[tuple[Form, UnitKind, int]]
    dues: list[tuple[UnitKind, int | str, dt.date]]
    empty: list[UnitKind]

    @property
    def returns(self) -> int:
        """How many returns would be owed."""
        return sum(count for _, _, count in self.rows)


def preview(scheme: ReportingScheme, period: Period) -> Preview:
    """Return who would owe the period and by when, without opening it."""
    pack = facts.pack()
    owed = collect.owed_on(pack=pack, scheme=scheme.key, day=period.end)
    counts = Counter((form, unit.kind) for unit, form in owed)
    owing = {unit.kind for unit, _ in owed}
    return Preview(
        [
            (pack.forms[form], pack.kinds[kind], count)
            for (form, kind), count in counts.items()
        ],
        [
            (
                pack.kinds[kind],
                "" if period.due else days,
                scheme.due(period, kind, pack.calendar),
            )
            for kind, days in scheme.deadlines.items()
            if not period.due or kind in scheme.unit_kinds
        ],
        [pack.kinds[kind] for kind in scheme.unit_kinds if kind not in owing],
    )


def ten_items(scheme: ReportingScheme) -> list[tuple[str, str, str]]:
    """Return key, name and content of each of the ten items of a scheme."""
    pack = facts.pack()
    said_of = {
        "unit_kinds": lambda: ", ".join(said(pack.kinds[k]) for k in scheme.unit_kinds),
        "forms": lambda: "; ".join(said(pack.forms[k]) for k in scheme.forms),
        "deadlines": lambda: "; ".join(
            gettext("%(kind)s: %(days)s ngày làm việc sau thời điểm chốt")
            % {"kind": said(pack.kinds[kind]), "days": days}
            for kind, days in scheme.deadlines.items()
        ),
        "frequency": lambda: frequency_words().get(scheme.frequency, ""),
    }
    return [
        (key, gettext(name), said_of.get(key, lambda k=key: getattr(scheme, k))())
        for key, name in TEN_ITEMS.items()
    ]


def frequency_words() -> dict[str | None, str]:
    """Return how often a return is sent, in words."""
    return {
        "m": gettext("Hằng tháng"),
        "q": gettext("Hằng quý"),
        "h": gettext("6 tháng một lần"),
        "n": gettext("9 tháng"),
        "y": gettext("Hằng năm"),
        "c": gettext("Chuyên đề, đột xuất: gửi khi có yêu cầu"),
    }


def unopened(scheme: ReportingScheme) -> list[Period]:
    """Return the windows of last year to next year that were not opened yet."""
    if scheme.frequency is None or scheme.regime not in facts.pack().regimes:
        return []
    regime, year = facts.pack().regimes[scheme.regime], clock.today().year
    known = set(
        OpenPeriod.objects.filter(scheme=scheme.key).values_list("period", flat=True)
    )
    return [
        period
        for each in (year - 1, year, year + 1)
        for period in regime.windows(scheme.frequency, each)
        if period.key not in known
    ]


def close_period(request: HttpRequest, scheme: str, period: str) -> HttpResponse:
    """Ask for a reason, then close a period for returns."""
    words = gettext("Đã khóa kỳ; không nhận báo cáo nữa.")
    return turn(request, scheme, period, OpenPeriod.State.OPEN, words)


def reopen_period(request: HttpRequest, scheme: str, period: str) -> HttpResponse:
    """Ask for a reason, then open a closed period again."""
    words = gettext("Đã mở lại kỳ; lý do đã được ghi vào nhật ký.")
    return turn(request, scheme, period, OpenPeriod.State.CLOSED, words)


@staff(P.RUN_YEAR)
def turn(
    request: HttpRequest, scheme: str, period: str, state: str, done: str
) -> HttpResponse:
    """Show the page for closing or reopening a period that is in `state`; do it."""
    request.actor.must(P.RUN_YEAR, facts.pack().province)
    opened = get_object_or_404(OpenPeriod, scheme=scheme, period=period, state=state)
    is_open = state == OpenPeriod.State.OPEN
    act = collect.close_period if is_open else collect.reopen_period
    told = []
    if request.method == "POST":
        try:
            act(
                opened=opened,
                reason=request.POST.get("reason", ""),
                by=request.user.username,
                at=clock.now(),
            )
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
        else:
            messages.success(request, done)
            return redirect("collect-period", scheme, period)
    window = collect.window(facts.pack(), opened)
    title = gettext("Khóa %(period)s") if is_open else gettext("Mở lại %(period)s")
    board = reverse("collect-period", args=[scheme, period])
    context = {
        "title": title % {"period": said(window)},
        "kicker": said_with_window(window),
        "crumbs": [
            {"label": gettext("Thu thập"), "url": reverse("collect")},
            {"label": said(window), "url": board},
            {"label": gettext("Khóa kỳ") if is_open else gettext("Mở lại kỳ")},
        ],
        "opened": opened,
        "is_open": is_open,
        "tally": duties.tally(
            duties.of([opened], request.actor.scope(P.VIEW), on=clock.today())
        ),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/collect/turn.html", context, status=status)


PERIOD = "van-phong/thu-thap/<slug:scheme>/<slug:period>/"
urlpatterns = [
    path("van-phong/thu-thap/mo-ky/", open_period, name="collect-open"),
    path(f"{PERIOD}khoa/", close_period, name="collect-close"),
    path(f"{PERIOD}mo-lai/", reopen_period, name="collect-reopen"),
]
