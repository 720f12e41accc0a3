"""A list of units that somebody sends: dry run, what each row would do, act, undo."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tongket.cycle import reorganise
from tongket.documents.workbooks.unit_list import MOST_BYTES, FileTooLarge
from tongket.domain.access import Permission as P
from tongket.domain.reorganisation import WRITES, Outcome
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.unit_rows import read_day
from tongket.office import clock, facts, tables, unit_registers, unit_words
from tongket.office.entrance import sentences, staff
from tongket.records.models import Upload
from tongket.records.register import register

ROWS = 200
LATEST = 10
ALL, CHOSEN = "tat-ca", "chon"


def folder() -> Path:
    """Return where files lie between the dry run and the act."""
    return Path(settings.DATA_DIR) / "uploads"


@staff(P.RUN_YEAR)
def import_page(request: HttpRequest) -> HttpResponse:
    """Take a file and the day from which it holds; go on to its dry run."""
    unit_registers.must_run_the_year(request)
    told: list[str] = []
    typed = request.POST.get("on", "") or f"{clock.today():%d/%m/%Y}"
    if request.method == "POST":
        try:
            upload = taken(request, typed)
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
        else:
            return redirect("units-list", upload.pk)
    lists = Upload.objects.filter(kind=Upload.Kind.UNITS).select_related("user")
    context = {
        "title": gettext("Nhập danh sách đơn vị"),
        "crumbs": crumbs(gettext("Nhập danh sách")),
        "sentences": told,
        "typed": typed,
        "lists": lists.defer("results")[:LATEST],
        "edition": reorganise.edition(),
        "last": reorganise.last_change(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "office/units/import.html", context, status=status)


def taken(request: HttpRequest, typed: str) -> Upload:
    """Return the dry run of the file that was sent, or refuse it."""
    sent = request.FILES.get("file")
    if sent is not None and sent.size > MOST_BYTES:
        raise FileTooLarge(megabytes=sent.size >> 20, most=MOST_BYTES >> 20)
    return reorganise.dry_run(
        pack=facts.pack(),
        content=sent.read() if sent else b"",
        filename=sent.name if sent else "",
        on=read_day(typed) or clock.today(),
        folder=folder(),
        by=request.user.username,
        at=clock.now(),
    )


@staff(P.RUN_YEAR)
@require_safe
def list_page(request: HttpRequest, upload: str) -> HttpResponse:
    """Show what each row of a list would do, or did."""
    return shown(request, found(request, upload), [])


def found(request: HttpRequest, upload: str) -> Upload:
    """Return a list of units that was sent, or answer 404."""
    unit_registers.must_run_the_year(request)
    return get_object_or_404(Upload, pk=upload, kind=Upload.Kind.UNITS)


def shown(request: HttpRequest, upload: Upload, told: list[str]) -> HttpResponse:
    """Render the rows that the filters leave, and what may be done with them."""
    stored = upload.results["lines"]
    outcome, words = request.GET.get("kq", ""), request.GET.get("q", "").strip()
    matches = tables.matching(words)
    left = [
        line
        for line in stored
        if outcome in {"", line["outcome"]} and matches(line["name"], line["unit"])
    ]
    page = tables.page(request, left, ROWS)
    is_applied = upload.state == Upload.State.APPLIED
    edition = reorganise.edition()
    counts = Counter(Outcome(line["outcome"]) for line in stored)
    context = {
        "title": upload.filename,
        "kicker": gettext("Đã ghi") if is_applied else gettext("Chạy thử, chưa ghi"),
        "crumbs": crumbs(gettext("Kết quả chạy thử"), is_list=True),
        "sentences": told,
        "upload": upload,
        "on": dt.date.fromisoformat(upload.results["on"]),
        "passed_over": ", ".join(upload.results["passed_over"]),
        "outcomes": [
            (each, *unit_words.outcome_words(each), counts[each]) for each in Outcome
        ],
        "writes": sum(counts[each] for each in WRITES),
        "refused": counts[Outcome.REFUSED],
        "page": page,
        "lines": unit_words.lines(page, register()),
        "asked": request.GET,
        "query": tables.query(request),
        "query_all": tables.query(request, "kq"),
        "is_applied": is_applied,
        "is_stale": not is_applied and edition != upload.results["edition"],
        "may_take_back": is_applied and edition == upload.results.get("after"),
        "edition": edition,
    }
    status = 422 if told else 200
    return render(request, "office/units/list.html", context, status=status)


@staff(P.RUN_YEAR)
@require_POST
def apply_page(request: HttpRequest, upload: str) -> HttpResponse:
    """Bring the chosen rows, or all that change something, into the register."""
    kept = found(request, upload)
    which = request.POST.get("which", "")
    if which == CHOSEN:
        ticked = request.POST.getlist("row")
        chosen = [int(n) for n in ticked if n.isdecimal() and len(n) < 10]
    elif which == ALL:
        lines = kept.results["lines"]
        chosen = [e["row"] for e in lines if e["outcome"] != Outcome.REFUSED]
    else:
        raise Http404
    try:
        applied = reorganise.apply_list(
            pack=facts.pack(),
            upload=kept,
            chosen=chosen,
            folder=folder(),
            by=request.user.username,
            at=clock.now(),
        )
    except (Refusal, Refusals) as refused:
        return shown(request, kept, sentences(refused))
    messages.success(
        request,
        gettext("Đã ghi %(count)s dòng vào danh sách đơn vị.")
        % {"count": applied.done},
    )
    return redirect("units-list", kept.pk)


@staff(P.RUN_YEAR)
@require_POST
def again_page(request: HttpRequest, upload: str) -> HttpResponse:
    """Run a list again, against the register as it is now."""
    kept = found(request, upload)
    try:
        reorganise.read_again(pack=facts.pack(), upload=kept, folder=folder())
    except (Refusal, Refusals) as refused:
        return shown(request, kept, sentences(refused))
    messages.success(request, gettext("Đã chạy thử lại trên danh sách hiện tại."))
    return redirect("units-list", kept.pk)


@staff(P.RUN_YEAR)
@require_POST
def drop_page(request: HttpRequest, upload: str) -> HttpResponse:
    """Forget a list that is not to be applied."""
    kept = found(request, upload)
    try:
        reorganise.drop(
            upload=kept,
            folder=folder(),
            by=request.user.username,
            at=clock.now(),
        )
    except Refusal as refused:
        return shown(request, kept, sentences(refused))
    messages.success(request, gettext("Đã bỏ danh sách; chưa có gì được ghi."))
    return redirect("units-import")


@staff(P.RUN_YEAR)
@require_POST
def take_back_page(request: HttpRequest) -> HttpResponse:
    """Undo the latest change of the register."""
    unit_registers.must_run_the_year(request)
    try:
        count = reorganise.take_back(
            edition=request.POST.get("edition", ""),
            by=request.user.username,
            at=clock.now(),
        )
    except Refusal as refused:
        for words in sentences(refused):
            messages.error(request, words)
    else:
        words = gettext("Đã hoàn tác lần thay đổi gần nhất ở %(count)s đơn vị.")
        messages.success(request, words % {"count": count})
    return redirect("units-import")


def crumbs(here: str, *, is_list: bool = False) -> list[dict[str, Any]]:
    """Return the way to a page of lists."""
    way = [{"label": gettext("Đơn vị"), "url": reverse("units")}]
    if is_list:
        label = gettext("Nhập danh sách")
        way.append({"label": label, "url": reverse("units-import")})
    return [*way, {"label": here}]


BASE = "van-phong/don-vi/danh-sach/"
urlpatterns = [
    path(BASE, import_page, name="units-import"),
    path(f"{BASE}hoan-tac/", take_back_page, name="units-take-back"),
    path(f"{BASE}<uuid:upload>/", list_page, name="units-list"),
    path(f"{BASE}<uuid:upload>/ghi/", apply_page, name="units-apply"),
    path(f"{BASE}<uuid:upload>/chay-lai/", again_page, name="units-again"),
    path(f"{BASE}<uuid:upload>/bo/", drop_page, name="units-drop"),
]
