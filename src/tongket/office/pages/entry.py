"""One unit's return: fill in the form and send it."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext

from tongket.cycle import check, collect, enter
from tongket.domain.access import Permission as P
from tongket.domain.sentences import Refusal, Refusals
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


@staff(P.SEND_RETURN)
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
    posted = posts.read(request.POST, place)
    pack, by, now = facts.pack(), request.user.username, clock.now()
    seen = posts.seen(request.POST, place)
    kept = enter.save(
        pack=pack,
        **place.key,
        version=seen.version,
        edits=enter.typed_over(
            pack=pack,
            **place.key,
            version=seen.version,
            edits_seen=seen.edits,
            texts=posted.texts,
            is_decided=posted.is_decided,
        ),
        by=by,
        at=now,
    )
    if kept.refused:
        return refused_page(request, place, posted, kept)
    if kept.conflicts:
        return merge.page(request, place, posted, seen, kept.conflicts)
    try:
        versions = enter.submit(
            pack=pack,
            **place.key,
            version=seen.version,
            edits_seen=seen.edits,
            explanations=posted.explanations,
            by=by,
            at=now,
        )
    except merge.MEANWHILE as refusal:
        return merge.page(request, place, posted, seen, (), refusal)
    except (Refusal, Refusals) as refusal:
        told = sentences(refusal)
        return form_page(request, place, posted=posted, told=told)
    return sent(request, place, versions)


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
    return redirect(following(request, place) or place.url("return"))


def following(request: HttpRequest, place: Place) -> str:
    """Return where the next return to be sent is filled in, when that was asked for."""
    if request.POST.get("then") != "next":
        return ""
    beside = neighbours.of(request.actor, place)
    return beside.wanting.url if beside and beside.wanting else ""


def refused_page(
    request: HttpRequest, place: Place, posted: posts.Posted, kept: enter.Saved
) -> HttpResponse:
    """Return the form with what was typed and a sentence at each refused row."""
    # A closed period is said once, not at every row.
    told = list(
        dict.fromkeys(
            speech.translated(each.sentence)
            for each in kept.refused.values()
            if isinstance(each, collect.PeriodClosed)
        )
    )
    wrong = {} if told else posts.wrong(place.form, posted.texts)
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
    explained = posted.explanations if posted else current.explanations
    blocks = sheets.blocks(
        place,
        current.cells,
        doubts=last.doubts.all() if last and is_open_to_doubt(place) else (),
        explanations=explained,
        edits=current.edits,
        comments=enter.comments(**place.key),
    )
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
        "returned": last_reason(last),
        "is_closed": not place.may_send,
        "today": clock.today(),
        "version": current.version,
        "edits_seen": current.last_edit,
        "cells_url": place.url("return-cells"),
        "unsent": len(current.unsent),
        "undecided": len(current.undecided),
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
