"""Workbooks: download them filled in advance, send them back one by one or together."""

from collections import Counter
from collections.abc import Iterator

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_POST, require_safe

from tongket.cycle import unpack
from tongket.cycle.unpack import Outcome, State
from tongket.domain.access import Permission as P
from tongket.office import (
    clock,
    duties,
    facts,
    fillings,
    reading,
    returns,
    speech,
    tables,
    uploading,
)
from tongket.office.entrance import staff
from tongket.office.pages import story
from tongket.office.returns import Place
from tongket.office.templatetags.office import said, said_with_window
from tongket.office.uploading import Choices
from tongket.records.models import OpenPeriod, Upload

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NDJSON = "application/x-ndjson"
SHOWN = 10  # earlier uploads


@staff(P.SEND_RETURN)
def uploads(request: HttpRequest, scheme: str, period: str) -> HttpResponseBase:
    """Offer the workbooks of one's units; take filled ones, alone or zipped."""
    opened = get_object_or_404(OpenPeriod, scheme=scheme, period=period)
    owed = duties.of([opened], request.actor.scope(P.SEND_RETURN), on=clock.today())
    if not owed:
        raise Http404
    told: list[str] = []
    if request.method == "POST":
        told = uploading.against(request)
        if not told:
            return taken(request, opened, None)
    return uploads_page(request, opened, owed, told)


def uploads_page(
    request: HttpRequest,
    opened: OpenPeriod,
    owed: list[duties.Duty],
    told: list[str],
) -> HttpResponse:
    """Return the page of sending workbooks; 422 when nothing could be taken."""
    first = owed[0]
    forms = {duty.form.key: duty.form for duty in owed}
    counts = Counter(duty.form.key for duty in owed)
    mine = Upload.objects.filter(
        user=request.user, period=opened, kind=Upload.Kind.RETURNS
    )
    context = {
        "title": gettext("Nộp tệp Excel"),
        "kicker": f"{said(first.scheme)} · {said_with_window(first.period)}",
        "crumbs": above(opened, first),
        "opened": opened,
        "forms": [(form, counts[key]) for key, form in forms.items()],
        "sentences": told,
        "earlier": [(each, tally(each)) for each in mine[:SHOWN]],
        "layouts": layouts(),
    }
    status = 422 if told else 200
    return render(request, "office/collect/uploads.html", context, status=status)


def above(opened: OpenPeriod, duty: duties.Duty) -> list[dict[str, str]]:
    """Return the way from the periods to the uploads of one."""
    board = reverse("collect-period", args=[opened.scheme, opened.period])
    return [
        {"label": gettext("Thu thập"), "url": reverse("collect")},
        {"label": said(duty.period), "url": board},
        {"label": gettext("Nộp tệp Excel")},
    ]


def layouts() -> list[tuple[str, str]]:
    """Return the ways in which several units' forms come in one file."""
    return [
        (fillings.LIST, gettext("Một bảng: mỗi đơn vị một dòng")),
        (fillings.SHEETS, gettext("Một tệp: mỗi đơn vị một trang")),
        (fillings.FILES, gettext("Tệp nén: mỗi đơn vị một tệp")),
    ]


@staff(P.SEND_RETURN)
@require_safe
def blank(request: HttpRequest, scheme: str, period: str) -> HttpResponse:
    """Return the workbooks of all one's units that owe a form, in one file."""
    opened = get_object_or_404(OpenPeriod, scheme=scheme, period=period)
    owed = duties.of([opened], request.actor.scope(P.SEND_RETURN), on=clock.today())
    wanted = request.GET.get("bieu", owed[0].form.key if owed else "")
    units = [duty.unit for duty in owed if duty.form.key == wanted]
    layout = request.GET.get("kieu", fillings.LIST)
    if not units or layout not in dict(layouts()):
        raise Http404
    form = facts.pack().forms[wanted]
    reading.a_list(request, "workbooks", {unit.unit for unit in units})
    content = fillings.together(opened, form, units, layout)
    kind = "zip" if layout == fillings.FILES else "xlsx"
    return as_file(content, fillings.filename(opened, form, layout, kind))


@staff(P.VIEW)
@require_safe
def workbook(request: HttpRequest, **asked: str) -> HttpResponse:
    """Return the form as a workbook, with the unit's last figures filled in."""
    place = returns.place(request.actor, P.VIEW, **asked)
    may_send = request.actor.may(P.SEND_RETURN, place.unit.unit)
    content = fillings.workbook(
        place.opened, place.form, place.unit, with_unsent=may_send
    )
    name = fillings.filename(place.opened, place.form, place.unit.unit)
    return as_file(content, name)


def as_file(content: bytes, name: str) -> HttpResponse:
    """Return a file to be downloaded."""
    kind = WORKBOOK if name.endswith(".xlsx") else "application/zip"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=disposition)


@staff(P.SEND_RETURN)
@require_POST
def upload(request: HttpRequest, **asked: str) -> HttpResponseBase:
    """Take the filled workbook of one unit, from the page of its return."""
    place = returns.place(request.actor, P.SEND_RETURN, **asked)
    told = uploading.against(request)
    if told:
        return story.story_page(request, place, told=told)
    return taken(request, place.opened, place)


def taken(
    request: HttpRequest, opened: OpenPeriod, place: Place | None
) -> HttpResponseBase:
    """Take the files; lines while they are read, or the page that tells all at last.

    `place` limits what is taken to one unit.
    """
    scope = request.actor.scope(P.SEND_RETURN)
    kept = uploading.begin(request, opened)
    lines = uploading.lines(
        kept,
        opened=opened,
        files=uploading.files(request),
        by=request.user.username,
        scope=frozenset({place.unit.unit}) if place else scope,
        choices=Choices.of(request),
    )
    address = reverse("upload", args=[kept.pk])
    if NDJSON in request.headers.get("Accept", ""):
        stream = streamed(lines, address, get_language())
        return StreamingHttpResponse(stream, content_type=NDJSON)
    for _ in lines:
        pass
    if place and (gone := wholly_sent(request, kept, place)):
        return gone
    return redirect(address)


def streamed(
    lines: Iterator[dict[str, object]], address: str, language: str | None
) -> Iterator[bytes]:
    """Yield each step as a line of JSON, and at last where all is told."""
    yield uploading.line({"address": address})
    while True:
        # The language of the page is gone by the time the lines are read.
        with override(language):
            step = next(lines, None)
        if step is None:
            break
        yield uploading.line(step)
    yield uploading.line({"done": True})


def wholly_sent(
    request: HttpRequest, kept: Upload, place: Place
) -> HttpResponse | None:
    """Return to the unit's own pages when there is nothing to tell of the file."""
    outcomes = unpack.outcomes_of(kept)
    if len(outcomes) != 1 or outcomes[0].is_bad or Choices.of(request).dry_run:
        return None
    (outcome,) = outcomes
    if outcome.state is State.UNCHANGED:
        messages.info(request, gettext("Không có thay đổi so với lần gửi trước."))
        return redirect(place.url("return"))
    if outcome.findings:
        return None
    words = gettext("Đã gửi lần %(number)s. Báo cáo đang chờ duyệt.")
    messages.success(request, words % {"number": outcome.version})
    return redirect(place.url("return"))


@staff(P.SEND_RETURN)
@require_safe
def result(request: HttpRequest, pk: str) -> HttpResponse:
    """Tell what became of each return of an upload."""
    kept = own(request, pk)
    outcomes = unpack.outcomes_of(kept)
    if "csv" in request.GET:
        return as_csv(kept, outcomes)
    period = kept.period
    owed = duties.of([period], request.actor.scope(P.SEND_RETURN), on=clock.today())
    if not owed:
        raise Http404
    crumbs = above(period, owed[0])
    crumbs[-1]["url"] = reverse("uploads", args=[period.scheme, period.period])
    context = {
        "title": gettext("Kết quả nộp tệp"),
        "kicker": f"{said(owed[0].scheme)} · {said_with_window(owed[0].period)}",
        "crumbs": [*crumbs, {"label": gettext("Kết quả")}],
        "upload": kept,
        "choices": uploading.choices_of(kept),
        "is_finished": kept.state in (Upload.State.READ, Upload.State.APPLIED),
        "tally": Counter(outcome.state.value for outcome in outcomes),
        "rows": [(each, uploading.told(each)) for each in outcomes],
        "has_marks": uploading.has_files(kept)
        and any(uploading.has_marks(each) for each in outcomes),
    }
    return render(request, "office/collect/upload.html", context)


@staff(P.SEND_RETURN)
@require_safe
def marked(request: HttpRequest, pk: str) -> HttpResponse:
    """Return the workbooks with something to put right, marked; several as a zip."""
    kept = own(request, pk)
    found = unpack.marked(folder=uploading.folder(), upload=kept)
    if not found:
        raise Http404
    if len(found) == 1:
        name = f"can-sua_{kept.pk}.xlsx"
        return as_file(found[0][1], name)
    return as_file(unpack.zipped(found), f"can-sua_{kept.pk}.zip")


def own(request: HttpRequest, pk: str) -> Upload:
    """Return an upload of the person's own; 404 for anybody else's."""
    return get_object_or_404(
        Upload.objects.select_related("period"),
        pk=pk,
        user=request.user,
        kind=Upload.Kind.RETURNS,
    )


def tally(kept: Upload) -> Counter[str]:
    """Count the returns of an upload by what became of them."""
    return Counter(each.state.value for each in unpack.outcomes_of(kept))


def as_csv(kept: Upload, outcomes: list[Outcome]) -> HttpResponse:
    """Return what became of each return as a file."""
    header = [
        gettext("Tệp"),
        gettext("Trang"),
        gettext("Đơn vị"),
        gettext("Kết quả"),
        gettext("Nội dung"),
    ]
    rows = [
        [
            each.file,
            each.sheet,
            each.name,
            uploading.words_of(each),
            "\n".join(map(speech.translated, each.sentences)),
        ]
        for each in outcomes
    ]
    return tables.csv_response(f"ket-qua_{kept.pk}.csv", header, rows)


PERIOD = "van-phong/nop-tep/<slug:scheme>/<slug:period>/"
urlpatterns = [
    # Before the period's: a scheme could have the form of an upload's number.
    path("van-phong/nop-tep/<uuid:pk>/", result, name="upload"),
    path("van-phong/nop-tep/<uuid:pk>/can-sua/", marked, name="upload-marked"),
    path(PERIOD, uploads, name="uploads"),
    path(f"{PERIOD}bieu/", blank, name="uploads-blank"),
    path(f"{returns.ADDRESS}nop-tep/", upload, name="return-upload"),
    path(f"{returns.ADDRESS}bieu.xlsx", workbook, name="return-workbook"),
]
