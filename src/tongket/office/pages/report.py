"""Report: freeze, write, verify, sign, download; and check a draft typed elsewhere."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.cycle import draft, freeze, report
from tongket.domain.access import Permission as P
from tongket.domain.periods import Period, parse
from tongket.domain.reports import Chart, Paragraph, Report, Run
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import claims_table, clock, drawn, facts, figures, speech, years
from tongket.office.claims_table import Claim
from tongket.office.entrance import Actor, sentences, staff
from tongket.office.pages import drafts
from tongket.records import sentences as kept_sentences
from tongket.records.models import AnnualReport

SEES = (P.RUN_YEAR, P.SIGN, P.OVERVIEW, P.PUBLISH)
FILES = {"word": "docx", "pdf": "pdf"}


class NotADay(Refusal, ValueError):
    """The day of the report is no day."""

    words = "Ngày báo cáo “{text}” không hợp lệ; nhập ngày, tháng, năm."


class NotANumber(Refusal, ValueError):
    """The number of the report is no number."""

    words = "Số báo cáo “{text}” không hợp lệ; nhập số nguyên, để trống nếu chưa có số."


class FileChanged(Refusal):
    """The file on disk is not the one that was written."""

    words = (
        "Tệp {file} không còn đúng như khi lập (mã băm khác) hoặc đã mất; lập lại báo "
        "cáo."
    )


@staff(*SEES)
def report_page(request: HttpRequest) -> HttpResponse:
    """Show the report of a year; on POST write it."""
    period = figures.regime().year(years.chosen(request))
    if request.method != "POST":
        return page(request, period)
    request.actor.must(P.RUN_YEAR, facts.pack().province)
    remarks = request.POST.get("remarks", "").replace("\r\n", "\n")
    try:
        written = write(request, period, remarks)
    except (Refusal, Refusals) as refused:
        return page(
            request, period, sentences(refused), judged(period, remarks, request.actor)
        )
    words = gettext("Đã lập báo cáo; %(count)s số liệu trong báo cáo được kiểm chứng.")
    messages.success(request, words % {"count": len(written.claims)})
    return redirect(f"{reverse('report')}?nam={period.year}")


def write(request: HttpRequest, period: Period, remarks: str) -> AnnualReport:
    """Write the report from what was typed; refuses what is no number and no day."""
    number, dated = request.POST.get("number", ""), request.POST.get("dated", "")
    refusals: list[Refusal] = []
    if number and not (number.isdecimal() and len(number) < 8):
        refusals.append(NotANumber(text=number))
    try:
        day = dt.date.fromisoformat(dated)
    except ValueError:
        refusals.append(NotADay(text=dated))
    if refusals:
        raise Refusals(refusals)
    return report.write(
        pack=facts.pack(),
        period=period,
        number=int(number or 0),
        dated=day,
        remarks=remarks,
        folder=facts.files(),
        by=request.user.username,
        at=clock.now(),
    )


def judged(period: Period, remarks: str, actor: Actor) -> list[Claim]:
    """Return what is thought of each number in the remarks."""
    if not remarks.strip():
        return []
    compared = claims_table.comparisons(period)
    found = report.judge(remarks, pack=facts.pack(), comparisons=compared)
    return claims_table.claims(remarks, found, compared, actor)


def page(
    request: HttpRequest,
    period: Period,
    told: Sequence[str] = (),
    remarks: Sequence[Claim] = (),
) -> HttpResponse:
    """Return the page; 422 with what was typed when writing was refused."""
    province, actor = facts.pack().province, request.actor
    written = report.newest(period)
    frozen = freeze.newest(period)
    context = {
        "title": gettext("Báo cáo tổng kết năm %(year)s") % {"year": period.year},
        "kicker": period.window,
        "year": period.year,
        "years": years.opened(),
        "period": period,
        "frozen": frozen,
        "is_stale": bool(written and frozen and written.frozen_id != frozen.pk),
        "written": written,
        "earlier": AnnualReport.objects.filter(frozen__period=period.key)
        .exclude(pk=written.pk if written else None)
        .order_by("-id"),
        "claims": [kept_claim(each, actor) for each in written.claims]
        if written
        else [],
        "document": preview(period, actor) if frozen else None,
        "may_write": actor.may(P.RUN_YEAR, province),
        "may_sign": actor.may(P.SIGN, province)
        and written is not None
        and written.state == AnnualReport.State.DRAFT,
        "number": request.POST.get("number", written.number if written else ""),
        "dated": request.POST.get("dated", f"{clock.today():%Y-%m-%d}"),
        "remarks": request.POST.get("remarks", ""),
        "remark_claims": remarks,
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/report/report.html", context, status=status)


def kept_claim(stored: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Return a claim as it was kept with the report, ready to be shown."""
    return {
        "surface": stored["surface"],
        "words": claims_table.verdict_words(stored["verdict"]),
        "tone": claims_table.TONES[stored["verdict"]],
        "reason": speech.translated(kept_sentences.from_json(stored["reason"])),
        "url": figures.why_of(stored["figure"], actor),
    }


def preview(period: Period, actor: Actor) -> dict[str, Any] | None:
    """Return the document that the frozen figures give; None without an outline."""
    frozen = freeze.newest_or_refuse(period)
    written = report.newest(period)
    try:
        document = report.document_of(
            pack=facts.pack(),
            frozen=frozen,
            period=period,
            remarks=written.remarks if written else "",
        )
    except draft.NoTemplate:
        return None
    return {"document": document, "blocks": list(shown(document, actor))}


def shown(document: Report, actor: Actor) -> list[dict[str, Any]]:
    """Return the blocks of a document, each figure with the address of its why."""
    found: list[dict[str, Any]] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            runs = linked(block.runs, actor)
            found.append({"kind": block.style.value, "runs": runs})
        elif isinstance(block, Chart):
            found.append(
                {"kind": "chart", "title": block.title, "svg": drawn.svg(block)}
            )
        else:
            rows = [linked(row, actor) for row in block.rows]
            found.append({"kind": "table", "table": block, "rows": rows})
    return found


def linked(runs: Sequence[Run], actor: Actor) -> list[tuple[str, str]]:
    """Return text and address of each run; "" for what states no figure."""
    return [(run.text, figures.why_of(run.figure or "", actor)) for run in runs]


@staff(P.SIGN)
def sign(request: HttpRequest, written: int) -> HttpResponse:
    """Ask, then sign a written report."""
    request.actor.must(P.SIGN, facts.pack().province)
    found = get_object_or_404(AnnualReport.objects.select_related("frozen"), pk=written)
    period = parse(found.frozen.period, facts.pack().regimes)
    told: list[str] = []
    if request.method == "POST":
        try:
            report.sign(written=found, by=request.user.username, at=clock.now())
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
        else:
            messages.success(request, gettext("Đã ký báo cáo; có thể công bố."))
            return redirect(f"{reverse('report')}?nam={period.year}")
    context = {
        "title": gettext("Ký báo cáo tổng kết năm %(year)s") % {"year": period.year},
        "crumbs": [
            {"label": gettext("Báo cáo"), "url": reverse("report")},
            {"label": gettext("Ký")},
        ],
        "written": found,
        "year": period.year,
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/report/sign.html", context, status=status)


@staff(*SEES)
@require_safe
def download(request: HttpRequest, written: int, kind: str) -> FileResponse:
    """Hand out a written file, after checking that it is the one that was written."""
    if kind not in FILES:
        raise Http404
    found = get_object_or_404(AnnualReport, pk=written)
    folder = facts.files().resolve()
    place = (folder / getattr(found, kind)).resolve()
    if not place.is_relative_to(folder):
        raise Http404
    content = place.read_bytes() if place.is_file() else b""
    if hashlib.sha256(content).hexdigest() != found.hashes[FILES[kind]]:
        raise FileChanged(file=place.name)
    return FileResponse(place.open("rb"), as_attachment=True, filename=place.name)


urlpatterns = [
    path("van-phong/bao-cao/", report_page, name="report"),
    path("van-phong/bao-cao/<int:written>/ky/", sign, name="report-sign"),
    path("van-phong/bao-cao/<int:written>/<slug:kind>/", download, name="report-file"),
    *drafts.urlpatterns,
]
