"""The chain of acts: who did and who read what, and whether the chain is sound."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_POST, require_safe

from tongket.cycle.consult import Reading
from tongket.domain.access import Permission as P
from tongket.office import facts, journal, reading, speech, tables
from tongket.office.entrance import staff
from tongket.records import audit, verifying
from tongket.records.models import AuditEntry
from tongket.records.verifying import Verified

NDJSON = "application/x-ndjson"


def of_province(request: HttpRequest) -> None:
    """Answer 404 unless the person runs or signs the year of the whole province.

    The log names every unit: who reads it is written in it too.
    """
    province = facts.pack().province
    if not any(request.actor.may(each, province) for each in (P.RUN_YEAR, P.SIGN)):
        raise Http404
    found = Reading("list:audit", units=0, filter=reading.asked(request))
    request.actor.readings.append(found)


@staff(P.RUN_YEAR, P.SIGN)
@require_safe
def journal_page(request: HttpRequest) -> HttpResponseBase:
    """List acts, filtered by person, act, unit, return, day and text; or as a file."""
    of_province(request)
    if "csv" in request.GET:
        found = audit.found(journal.wanted(request))
        return tables.csv_stream("nhat-ky.csv", header(), journal.as_table(found))
    return render(request, "office/audit/journal.html", page_of(request))


@staff(P.RUN_YEAR, P.SIGN)
@require_POST
def verify(request: HttpRequest) -> HttpResponseBase:
    """Compute the whole chain anew and say whether every row follows the one before.

    A script is told line by line how far it is; without one the page comes at the end.
    """
    of_province(request)
    if NDJSON in request.headers.get("Accept", ""):
        total = AuditEntry.objects.values_list("id", flat=True).last() or 0
        lines = told(total, get_language())
        return StreamingHttpResponse(lines, content_type=NDJSON)
    context = page_of(request)
    context |= words_of(verifying.verify())
    return render(request, "office/audit/journal.html", context)


def told(total: int, language: str | None) -> Iterator[bytes]:
    """Yield how many rows were read, as lines of JSON, and at last what was found."""
    for step in verifying.steps():
        # The language of the page is gone by the time the lines are read.
        with override(language):
            if isinstance(step, Verified):
                line = words_of(step)
            else:
                words = gettext("Đã tính lại %(done)s/%(total)s dòng…")
                shown = {
                    "done": speech.number(step),
                    "total": speech.number(max(total, step)),
                }
                line = {"done": step, "total": max(total, 1), "words": words % shown}
        yield json.dumps(line, ensure_ascii=False).encode() + b"\n"


def words_of(found: Verified) -> dict[str, Any]:
    """Return whether the chain is sound, and that in words."""
    if found.fault is not None:
        head = gettext("Chuỗi nhật ký bị đứt.")
        advice = gettext("Giữ nguyên hiện trạng và báo người quản trị.")
        words = f"{speech.translated(found.fault.sentence)} {advice}"
    else:
        head = gettext("Chuỗi nhật ký nguyên vẹn.")
        words = gettext(
            "Đã tính lại %(rows)s dòng: mọi dòng nối đúng dòng trước và khớp với "
            "%(notes)s điểm kiểm."
        ) % {"rows": speech.number(found.rows), "notes": speech.number(found.notes)}
    return {"verdict": head, "is_sound": found.fault is None, "found": words}


def page_of(request: HttpRequest) -> dict[str, Any]:
    """Return what the page of acts shows."""
    wanted = journal.wanted(request)
    page = journal.turned(request, audit.found(wanted))
    return {
        "title": gettext("Nhật ký"),
        "page": page,
        "rows": list(journal.lines(page.rows)),
        "last": page.rows[-1].pk if page.rows else 0,
        "acts": journal.of_log(),
        "asked": request.GET,
        "unit_text": request.GET.get("don-vi", ""),
        "returned": wanted.returned,
        "total": AuditEntry.objects.values_list("id", flat=True).last() or 0,
        "query": journal.without(request),
        "query_without_return": journal.without(request, "bao-cao"),
        "address": reverse("audit"),
    }


def header() -> list[str]:
    """Return the first line of the file."""
    return [
        gettext("Số"),
        gettext("Lúc"),
        gettext("Người"),
        gettext("Việc"),
        gettext("Đối tượng"),
        gettext("Đơn vị"),
        gettext("Trước"),
        gettext("Sau"),
        gettext("Mã băm"),
    ]


urlpatterns = [
    path("van-phong/nhat-ky/", journal_page, name="audit"),
    path("van-phong/nhat-ky/kiem-tra/", verify, name="audit-verify"),
]
