"""One unit's return: fill in the form, or send a filled workbook."""

import io
from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from tongket.cycle import check, collect
from tongket.documents import workbooks
from tongket.domain.access import Permission as P
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import Tree
from tongket.office import clock, facts, returns, sheets
from tongket.office.entrance import sentences, staff
from tongket.office.pages import story
from tongket.office.returns import Place
from tongket.office.templatetags.office import said, said_with_window
from tongket.records import cells
from tongket.records.models import OpenPeriod, Return, ReturnVersion, Review
from tongket.records.register import register

LARGEST_WORKBOOK = 2 * 1024 * 1024
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff(P.SEND_RETURN)
def entry(request: HttpRequest, **asked: str) -> HttpResponse:
    """Show the form to fill in; on POST send it."""
    place = returns.place(request.actor, P.SEND_RETURN, **asked)
    if request.method == "POST":
        return send(request, place)
    last = next(iter(place.versions()), None)
    current = cells.from_json(last.cells) if last else {}
    doubts = last.doubts.all() if last and is_open_to_doubt(place) else ()
    explained = last.explanations if last else {}
    blocks = sheets.blocks(place, current, doubts=doubts, explanations=explained)
    return form_page(request, place, blocks, last, explained=explained)


def is_open_to_doubt(place: Place) -> bool:
    """Whether findings about the last version still matter."""
    return place.row is not None and place.row.state != Return.State.ACCEPTED


def send(request: HttpRequest, place: Place) -> HttpResponse:
    """Keep what was typed as a new version and examine it; else say what is wrong."""
    texts = {
        measure.key: request.POST.get(f"{sheets.CELL}{measure.key}", "")
        for measure in place.form.measures
    }
    explained = {
        key: words
        for key in [*texts, check.EVERYTHING]
        if (words := request.POST.get(f"{sheets.EXPLAIN}{key}", "").strip())
    }
    read, wrong = sheets.read(place.form, texts)
    told: list[str] = []
    if not wrong:
        sending = collect.Sending(
            place.unit.unit, place.form.key, read, clock.now(), explanations=explained
        )
        try:
            return sent(request, place, keep(request, place, sending))
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
    return shown_again(request, place, texts, explained, wrong, told)


def keep(
    request: HttpRequest, place: Place, sending: collect.Sending
) -> list[ReturnVersion]:
    """Receive one sending and examine it at once, both or neither."""
    pack, now = facts.pack(), clock.now()
    with transaction.atomic():
        versions = collect.receive(
            pack=pack,
            opened=place.opened,
            sendings=[sending],
            by=request.user.username,
            at=now,
        )
        check.examine(pack=pack, versions=versions, at=now)
    return versions


def sent(
    request: HttpRequest, place: Place, versions: list[ReturnVersion]
) -> HttpResponse:
    """Say what became of a sending and go where the sender has something to do."""
    if not versions:
        messages.info(request, gettext("Không có thay đổi so với lần gửi trước."))
        return redirect(place.url("return"))
    doubts = list(versions[0].doubts.all())
    if check.is_blocked(versions[0], doubts):
        words = ngettext(
            "Đã gửi lần %(number)s. Còn %(count)s nội dung phải sửa hoặc giải trình "
            "trước khi được duyệt.",
            "Đã gửi lần %(number)s. Còn %(count)s nội dung phải sửa hoặc giải trình "
            "trước khi được duyệt.",
            len(doubts),
        )
        told = words % {"number": versions[0].number, "count": len(doubts)}
        messages.warning(request, told)
        return redirect(place.url("return-entry"))
    words = gettext("Đã gửi lần %(number)s. Báo cáo đang chờ duyệt.")
    messages.success(request, words % {"number": versions[0].number})
    return redirect(place.url("return"))


def shown_again(
    request: HttpRequest,
    place: Place,
    texts: Mapping[str, str],
    explained: Mapping[str, str],
    wrong: Mapping[str, str],
    told: list[str],
) -> HttpResponse:
    """Return the form with what was typed and a sentence at each wrong cell."""
    last = next(iter(place.versions()), None)
    doubts = last.doubts.all() if last and is_open_to_doubt(place) else ()
    blocks = sheets.blocks(place, {}, doubts=doubts, explanations=explained)
    for block in blocks:
        for line in block.lines:
            line.typed = texts[line.measure.key]
            line.error = wrong.get(line.measure.key, "")
            if line.error:
                told.append(f"{line.number} {said(line.measure)}: {line.error}")
    return form_page(request, place, blocks, last, explained=explained, told=told)


def form_page(
    request: HttpRequest,
    place: Place,
    blocks: list[sheets.Block],
    last: ReturnVersion | None,
    *,
    explained: Mapping[str, str],
    told: list[str] | None = None,
) -> HttpResponse:
    """Return the page that looks like the paper form; 422 when something was wrong."""
    previous, same = sheets.beside(place)
    context = {
        "title": place.unit.name,
        "kicker": f"{said(place.form)} · {said_with_window(place.period)}",
        "crumbs": [
            *story.above(place),
            {"label": place.unit.name, "url": place.url("return")},
            {"label": gettext("Nhập số liệu")},
        ],
        "place": place,
        "blocks": blocks,
        "previous": previous,
        "same": same,
        "due": place.due,
        "last": last,
        "sentences": told,
        "note_name": f"{sheets.EXPLAIN}{check.EVERYTHING}",
        "note": explained.get(check.EVERYTHING, ""),
        "returned": last_reason(last),
        "is_closed": place.opened.state == OpenPeriod.State.CLOSED,
        "today": clock.today(),
    }
    status = 422 if told else 200
    return render(request, "office/collect/entry.html", context, status=status)


def last_reason(last: ReturnVersion | None) -> Review | None:
    """Return the review that sent the last version back, if one did."""
    if last is None:
        return None
    return last.reviews.filter(verdict=Review.Verdict.SENT_BACK).last()


@staff(P.SEND_RETURN)
@require_POST
def upload(request: HttpRequest, **asked: str) -> HttpResponse:
    """Take a filled workbook; every wrong cell is told by sheet and row."""
    place = returns.place(request.actor, P.SEND_RETURN, **asked)
    file = request.FILES.get("workbook")
    if file is None:
        told = [gettext("Chọn tệp Excel đã điền trước khi gửi.")]
    elif file.size > LARGEST_WORKBOOK:
        told = [gettext("Tệp lớn hơn 2 MB; dùng tệp biểu mẫu tải từ hệ thống.")]
    else:
        try:
            return sent(request, place, keep_workbook(request, place, file.read()))
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
    return story.story_page(request, place, told=told)


def keep_workbook(
    request: HttpRequest, place: Place, content: bytes
) -> list[ReturnVersion]:
    """Receive a workbook of this unit and examine it at once, both or neither."""
    pack, now = facts.pack(), clock.now()
    with transaction.atomic():
        versions = collect.receive_workbook(
            pack=pack,
            opened=place.opened,
            content=content,
            unit=place.unit.unit,
            by=request.user.username,
            at=now,
        )
        check.examine(pack=pack, versions=versions, at=now)
    return versions


@staff(P.VIEW)
@require_safe
def workbook(request: HttpRequest, **asked: str) -> HttpResponse:
    """Return the form as a workbook, with the unit's last figures filled in."""
    place = returns.place(request.actor, P.VIEW, **asked)
    last = next(iter(place.versions()), None)
    tree = register().on(place.period.end)
    previous, same = sheets.beside(place)
    scheme = place.opened.scheme
    kept = returns.accepted(place.unit.unit, scheme, (previous.key, same.key))
    content = io.BytesIO()
    workbooks.write(
        content,
        form=place.form,
        unit=place.unit,
        unit_label=full_name(tree, place.unit.unit),
        period=place.period,
        cells=cells.from_json(last.cells) if last else {},
        previous=kept.get(previous.key, {}),
        same_period=kept.get(same.key, {}),
    )
    name = f"{place.form.key}_{place.period.key}_{place.unit.unit}.xlsx"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content.getvalue(), content_type=WORKBOOK, headers=disposition)


def full_name(tree: Tree, unit: str) -> str:
    """Return a unit's name with those above it: "Xã Đồng Sơn, Thành phố …, Tỉnh …"."""
    return ", ".join(tree[each].name for each in tree.ancestors(unit))


urlpatterns = [
    *story.urlpatterns,
    path(f"{returns.ADDRESS}nhap/", entry, name="return-entry"),
    path(f"{returns.ADDRESS}nop-tep/", upload, name="return-upload"),
    path(f"{returns.ADDRESS}bieu.xlsx", workbook, name="return-workbook"),
]
