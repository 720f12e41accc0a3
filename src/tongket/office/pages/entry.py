"""One unit's return: fill in the form and send it."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext

from tongket.cycle import check, collect, enter
from tongket.domain.access import Permission as P
from tongket.office import (
    clock,
    facts,
    grids,
    neighbours,
    posts,
    returns,
    sheets,
    speech,
)
from tongket.office.entrance import sentences, staff
from tongket.office.pages import merge, story
from tongket.office.returns import Place
from tongket.office.templatetags.office import said, said_with_window
from tongket.records.models import Return, ReturnVersion, Review
from tongket.records.register import steady


@staff(P.SEND_RETURN)
@steady()
def entry(request: HttpRequest, **asked: str) -> HttpResponse:
    """Show the form to fill in; on POST send it."""
    place = returns.place(request.actor, P.SEND_RETURN, **asked)
    if request.method == "POST":
        return send(request, place)
    return form_page(request, place)


def is_open_to_doubt(place: Place) -> bool:
    """Whether findings about the last version still matter."""
    return place.row is not None and place.row.state != Return.State.ACCEPTED


def send(request: HttpRequest, place: Place) -> HttpResponse:
    """Save what was typed, then send the sheet; else show what stands against it.

    What is right is kept, also where another row is refused or in conflict.
    """
    posted, seen = posts.read(request.POST, place), posts.seen(request.POST, place)
    filed = enter.file(
        pack=facts.pack(),
        **place.key,
        posted=enter.Posted(
            seen.version,
            seen.edits,
            posted.texts,
            posted.explanations,
            posted.is_decided,
        ),
        by=request.user.username,
        at=clock.now(),
    )
    if filed.is_refused:
        return refused_page(request, place, posted, filed)
    if filed.is_contested:
        clashes = [*filed.cells.conflicts, *filed.words.conflicts]
        return merge.page(request, place, posted, seen, clashes)
    if isinstance(filed.refusal, merge.MEANWHILE):
        return merge.page(request, place, posted, seen, (), filed.refusal)
    if filed.refusal:
        told = sentences(filed.refusal)
        return form_page(request, place, posted=posted, told=told)
    assert filed.sent is not None, "what nothing stands against was sent"
    return sent(request, place, filed.sent)


def sent(request: HttpRequest, place: Place, what: enter.Sent) -> HttpResponse:
    """Say what became of a sending and go where the sender has something to do."""
    version, doubts = what.version, what.doubts
    if version is None:
        messages.info(request, gettext("Không có thay đổi so với lần gửi trước."))
        return redirect(place.url("return"))
    if check.is_blocked(version, doubts):
        words = ngettext(
            "Đã gửi lần %(number)s. Còn %(count)s nội dung phải sửa hoặc giải trình "
            "trước khi được duyệt.",
            "Đã gửi lần %(number)s. Còn %(count)s nội dung phải sửa hoặc giải trình "
            "trước khi được duyệt.",
            len(doubts),
        )
        told = words % {"number": version.number, "count": len(doubts)}
        messages.warning(request, told)
        return redirect(place.url("return-entry"))
    words = gettext("Đã gửi lần %(number)s. Báo cáo đang chờ duyệt.")
    messages.success(request, words % {"number": version.number})
    return redirect(following(request, place) or place.url("return"))


def following(request: HttpRequest, place: Place) -> str:
    """Return where the next return to be sent is filled in, when that was asked for."""
    if request.POST.get("then") != "next":
        return ""
    beside = neighbours.of(request.actor, place)
    return beside.wanting.url if beside and beside.wanting else ""


def refused_page(
    request: HttpRequest,
    place: Place,
    posted: posts.Posted,
    filed: enter.Filed,
) -> HttpResponse:
    """Return the form with what was typed and a sentence at each refused row."""
    # A closed period is said once, not at every row.
    closed = [
        each
        for each in (*filed.cells.refused.values(), *filed.words.refused.values())
        if isinstance(each, collect.PeriodClosed)
    ]
    told = list(
        dict.fromkeys(
            speech.translated(each.sentence)
            for each in closed or filed.words.refused.values()
        )
    )
    wrong = {} if closed else posts.wrong(place.form, posted.texts)
    return form_page(request, place, posted=posted, wrong=wrong, told=told)


def form_page(
    request: HttpRequest,
    place: Place,
    *,
    posted: posts.Posted | None = None,
    wrong: Mapping[str, str] | None = None,
    told: list[str] | None = None,
) -> HttpResponse:
    """Return the page that looks like the paper form; 422 when something was wrong."""
    current = enter.sheet(**place.key)
    last = current.last
    returned = last_reason(last)
    explained = {**current.explanations, **(posted.explanations if posted else {})}
    blocks = sheets.blocks(
        place,
        current.cells,
        doubts=last.doubts.all() if last and is_open_to_doubt(place) else (),
        explanations=explained,
        edits=current.edits,
        words_edits=current.words_edits,
        comments=enter.comments(**place.key),
        reasons=returned.cells if returned else None,
    )
    is_first = not (current.version or current.last_edit or posted)
    filled = sheets.prefill(blocks) if is_first and place.may_send else 0
    said_at_rows = posts.put_back(blocks, posted.texts if posted else {}, wrong or {})
    told = [*(told or ()), *said_at_rows]
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
        "prefilled": filled,
        "note_edit": current.words_edits.get(check.EVERYTHING, 0),
        "returned": returned,
        "is_closed": not place.may_send,
        "amend_url": place.url("return-amend"),
        "today": clock.today(),
        "version": current.version,
        "edits_seen": current.last_edit,
        "cells_url": place.url("return-cells"),
        "unsent": len(current.unsent) + len(current.words_unsent),
        "undecided": len(current.undecided) + len(current.words_undecided),
        "is_asked": last is not None or bool(told),
        **grids.context(request.actor, place),
    }
    status = 422 if told else 200
    return render(request, "office/collect/entry.html", context, status=status)


def last_reason(last: ReturnVersion | None) -> Review | None:
    """Return the review that sent the last version back, if one did."""
    if last is None:
        return None
    return last.reviews.filter(verdict=Review.Verdict.SENT_BACK).last()


urlpatterns = [
    *story.urlpatterns,
    *merge.urlpatterns,
    path(f"{returns.ADDRESS}nhap/", entry, name="return-entry"),
]
