"""What does the entry grid ask and save, cell by cell? Answers in JSON, no pages.

A program reads these answers: whoever's session has ended is told so (401) and is not
led to the sign-in page, and a body that cannot be read is answered by one sentence.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from tongket.cycle import enter
from tongket.domain.access import Permission as P
from tongket.domain.checks import Finding
from tongket.domain.figures import Cell
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, facts, returns, sheets, speech
from tongket.office.entrance import View, sentences, staff
from tongket.office.returns import Place
from tongket.office.templatetags.office import said
from tongket.records.models import CellEdit, WordsEdit
from tongket.records.register import steady

LARGEST_BODY = 256 * 1024
MOST_EDITS = 500
LARGEST_NUMBER = 2**31 - 1
# “back-…” are the tokens of what was taken back: no sender may use one up.
TOKEN = re.compile(r"(?!back-)[0-9A-Za-z_-]{1,36}")


class NotTheTypist(Refusal):
    """Edits that one person typed, sent in the session of another."""

    words = (
        "Các ô này do {typist} nhập, nhưng người đang đăng nhập là {by}; đăng nhập lại "
        "bằng tài khoản {typist} để gửi."
    )


class Unreadable(Refusal, ValueError):
    """The body of a request is not what the grid sends."""

    words = "Yêu cầu không đọc được ({what}); tải lại trang rồi thử lại."


def answered(*permissions: P) -> Callable[[View], View]:
    """Let a program ask what `staff` lets a person see; every answer is JSON."""

    def decorate(view: View) -> View:
        guarded = staff(*permissions)(view)

        @wraps(view)
        def answer(request: HttpRequest, **asked: str) -> HttpResponse:
            if not request.user.is_authenticated:
                words = gettext(
                    "Phiên làm việc đã hết. Đăng nhập lại ở một thẻ khác; số đã nhập "
                    "vẫn được giữ trên máy này và sẽ được gửi tiếp."
                )
                return JsonResponse({"sentence": words}, status=401)
            if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
                words = gettext("Yêu cầu lớn hơn 256 KB; gửi ít ô hơn mỗi lần.")
                return JsonResponse({"sentence": words}, status=413)
            try:
                return guarded(request, **asked)
            except (Refusal, Refusals) as refused:
                told = " ".join(sentences(refused))
                return JsonResponse({"sentence": told}, status=422)

        return answer

    return decorate


@answered(P.SEND_RETURN)
@require_http_methods(["GET", "HEAD", "POST"])
@steady()
def cells(request: HttpRequest, **asked: str) -> HttpResponse:
    """Return the sheet as it stands; on POST save edits of it first."""
    place = returns.place(request.actor, P.SEND_RETURN, **asked)
    if request.method == "POST":
        return save(request, place)
    current = enter.sheet(**place.key)
    return JsonResponse(
        {
            "version": current.version,
            "based_on": current.based_on,
            "last_edit": current.last_edit,
            "cells": stated(place, current),
            "words": explained(place, current),
            "undecided": undecided(place, current),
            "findings": findings(place, current),
            "comments": enter.comments(**place.key),
            "is_closed": not place.may_send,
        }
    )


def save(request: HttpRequest, place: Place) -> JsonResponse:
    """Save the edits of a request; 409 when another's value stands against one."""
    body, by = body_of(request), request.user.username
    if body.get("user", by) != by:
        refusal = NotTheTypist(typist=str(body["user"])[:150], by=by)
        return JsonResponse(
            {"sentence": speech.translated(refusal.sentence)}, status=403
        )
    version, edits = edits_in(body)
    numbers = [edit for edit in edits if not is_words(edit)]
    given = {"pack": facts.pack(), **place.key, "version": version, "by": by}
    kept: list[enter.Saved[Any, Any]] = []
    if numbers:
        kept.append(enter.save(**given, edits=numbers, at=clock.now()))
    words = [unprefixed(edit) for edit in edits if is_words(edit)]
    if words:
        kept.append(enter.explain(**given, words=words, at=clock.now()))
    sheet = kept[-1].sheet
    measures = {edit.token: edit.measure for edit in edits}
    conflicts = [conflict(place, each) for part in kept for each in part.conflicts]
    answer = {
        "version": sheet.version,
        "last_edit": sheet.last_edit,
        "saved": [saved(row) for part in kept for row in part.saved],
        "refused": [
            {
                "token": token,
                "measure": measures[token],
                "sentence": speech.translated(refusal.sentence),
            }
            for part in kept
            for token, refusal in part.refused.items()
        ],
        "conflicts": conflicts,
        "undecided": undecided(place, sheet),
        "findings": findings(place, sheet),
    }
    return JsonResponse(answer, status=409 if conflicts else 200)


def is_words(edit: enter.Edit) -> bool:
    """Whether an edit is of an explanation: its name is the box's on the page."""
    return edit.measure.startswith(sheets.EXPLAIN)


def unprefixed(edit: enter.Edit) -> enter.Edit:
    """Return an edit of an explanation under the row that it explains."""
    return replace(edit, measure=edit.measure.removeprefix(sheets.EXPLAIN))


def saved(row: CellEdit | WordsEdit) -> dict[str, Any]:
    """Return an edit that was kept, under the name the page sent it by."""
    is_cell = isinstance(row, CellEdit)
    return {
        "token": row.token,
        "measure": row.measure if is_cell else f"{sheets.EXPLAIN}{row.measure}",
        **(text_of(enter.cell_of(row)) if is_cell else {"text": row.text}),
        "edit": row.number,
        **said_by(row.by, row.at),
    }


@answered(P.VIEW)
@require_safe
def cell(request: HttpRequest, measure: str, **asked: str) -> HttpResponse:
    """Return the story of one cell; who does not send it sees nothing unsent."""
    place = returns.place(request.actor, P.VIEW, **asked)
    row = returns.measure_of(place, measure)
    told = enter.history(**place.key, measure=row.key)
    if not request.actor.may(P.SEND_RETURN, place.unit.unit):
        told = enter.as_sent(told)
    story = [line(each) for each in told]
    return JsonResponse({"measure": row.key, "label": said(row), "story": story})


@answered(P.SEND_RETURN, P.REVIEW_RETURN)
@require_POST
def comment(request: HttpRequest, measure: str, **asked: str) -> HttpResponse:
    """Put words beside a cell, by who sends the return or who reviews it."""
    actor, unit = request.actor, asked["unit"]
    permission = P.SEND_RETURN if actor.may(P.SEND_RETURN, unit) else P.REVIEW_RETURN
    place = returns.place(actor, permission, **asked)
    row = returns.measure_of(place, measure)
    kept = enter.comment(
        pack=facts.pack(),
        **place.key,
        measure=row.key,
        text=words_in(body_of(request), "text"),
        by=request.user.username,
        at=clock.now(),
    )
    return JsonResponse(
        {"measure": row.key, "text": kept.text, **said_by(kept.by, kept.at)}
    )


def body_of(request: HttpRequest) -> Mapping[str, Any]:
    """Return the JSON object of a request; refuses anything else."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError, RawPostDataException):
        raise Unreadable(what="JSON") from None
    if not isinstance(body, dict):
        raise Unreadable(what="JSON")
    return body


def edits_in(body: Mapping[str, Any]) -> tuple[int, list[enter.Edit]]:
    """Return the version and the edits of a request; refuses what is no edit."""
    edits = body.get("edits")
    if not isinstance(edits, list) or not edits:
        raise Unreadable(what="edits")
    if len(edits) > MOST_EDITS:
        raise Unreadable(what=f"edits > {MOST_EDITS}")
    return number_in(body, "version"), [edit_in(each) for each in edits]


def edit_in(given: Any) -> enter.Edit:
    """Return one edit of a request."""
    if not isinstance(given, dict):
        raise Unreadable(what="edits")
    token = words_in(given, "token")
    if not TOKEN.fullmatch(token):
        raise Unreadable(what="token")
    return enter.Edit(
        token,
        words_in(given, "measure"),
        words_in(given, "text"),
        number_in(given, "over") if "over" in given else 0,
        number_in(given, "version") if "version" in given else None,
    )


def number_in(body: Mapping[str, Any], key: str) -> int:
    """Return a number from nought on; refuses everything else."""
    found = body.get(key)
    if type(found) is not int or not 0 <= found <= LARGEST_NUMBER:
        raise Unreadable(what=key)
    return found


def words_in(body: Mapping[str, Any], key: str) -> str:
    """Return a text that a database can keep; refuses everything else."""
    found = body.get(key)
    if not isinstance(found, str) or "\0" in found:
        raise Unreadable(what=key)
    try:
        found.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        raise Unreadable(what=key) from None
    return found


def text_of(cell: Cell) -> dict[str, str]:
    """Return a cell as an official types it, and which kind of nothing it is."""
    return {"text": sheets.typed(cell), "state": cell.state.value}


def said_by(by: str, at: Any) -> dict[str, str]:
    """Return who did something, and when in Vietnam."""
    when = timezone.localtime(at).isoformat(timespec="seconds") if at else ""
    return {"by": by, "at": when}


def stated(place: Place, current: enter.Sheet) -> dict[str, dict[str, Any]]:
    """Return every cell that something stands in, with its edit and its author."""
    authors = enter.standing(**place.key)
    last = current.last
    of_version = said_by(last.sent_by, last.sent_at) if last else {}
    return {
        measure: {
            **text_of(cell),
            "edit": current.edits.get(measure, 0),
            **(
                said_by(authors[measure].by, authors[measure].at)
                if measure in authors
                else of_version
            ),
        }
        for measure, cell in current.cells.items()
    }


def explained(place: Place, current: enter.Sheet) -> dict[str, dict[str, Any]]:
    """Return every explanation under its box's name, also one that was emptied."""
    keys = dict.fromkeys((*current.explanations, *current.words_edits))
    return {
        f"{sheets.EXPLAIN}{key}": {
            "text": current.explanations.get(key, ""),
            "edit": current.words_edits.get(key, 0),
        }
        for key in keys
    }


def conflict(place: Place, each: enter.Conflict[Any]) -> dict[str, Any]:
    """Return both values of a conflict, to be shown side by side."""
    is_cell = not isinstance(each.theirs, str)
    return {
        "token": each.token,
        **named(place, each.measure, is_words=not is_cell),
        "yours": each.yours,
        "theirs": sheets.typed(each.theirs) if is_cell else each.theirs,
        "edit": each.edit,
        **said_by(each.by, each.at),
    }


def named(place: Place, measure: str, *, is_words: bool) -> dict[str, str]:
    """Return a box's name and what it is called on the page."""
    row = place.form.measure(measure)
    if not is_words:
        return {"measure": measure, "label": said(row)}
    label = gettext("Giải trình: %(row)s")
    of = said(row) if row else gettext("cả báo cáo")
    return {"measure": f"{sheets.EXPLAIN}{measure}", "label": label % {"row": of}}


def undecided(place: Place, current: enter.Sheet) -> list[dict[str, Any]]:
    """Return what was typed here and then sent otherwise by another way."""
    last = current.last
    about = said_by(last.sent_by, last.sent_at) if last else {}
    return [
        {
            **named(place, each.measure, is_words=False),
            "yours": sheets.typed(each.typed),
            "theirs": sheets.typed(each.sent),
            "edit": each.edit,
            **about,
        }
        for each in current.undecided
    ] + [
        {
            **named(place, each.measure, is_words=True),
            "yours": each.typed,
            "theirs": each.sent,
            "edit": each.edit,
            **about,
        }
        for each in current.words_undecided
    ]


def findings(place: Place, current: enter.Sheet) -> dict[str, list[dict[str, str]]]:
    """Return what is doubtful about the sheet as it stands, cell by cell."""
    found = enter.preview(pack=facts.pack(), **place.key, current=current.cells)
    return by_measure(found)


def by_measure(found: Iterable[Finding]) -> dict[str, list[dict[str, str]]]:
    """Return findings under their cells, in the language of the page."""
    told: dict[str, list[dict[str, str]]] = defaultdict(list)
    for each in found:
        words = speech.translated(each.sentence)
        told[each.measure].append({"severity": each.severity.value, "sentence": words})
    return told


def line(each: enter.Told) -> dict[str, Any]:
    """Return one line in the story of a cell."""
    told: dict[str, Any] = said_by(each.by, each.at)
    if each.cell is not None:
        told |= text_of(each.cell)
    if each.version:
        channel = gettext(each.version.get_channel_display())
        return told | {
            "kind": "version",
            "number": each.version.number,
            "channel": channel,
        }
    if each.edit:
        number, over = each.edit.number, each.edit.over
        return told | {"kind": "edit", "number": number, "over": over}
    if each.words:
        return told | {
            "kind": "words",
            "text": each.words.text,
            "number": each.words.number,
        }
    assert each.comment is not None, "a line is a version, an edit or a comment"
    return told | {"kind": "comment", "text": each.comment.text}


CELLS = f"{returns.ADDRESS}o/"
urlpatterns = [
    path(CELLS, cells, name="return-cells"),
    path(f"{CELLS}<slug:measure>/", cell, name="return-cell"),
    path(f"{CELLS}<slug:measure>/y-kien/", comment, name="return-cell-comment"),
]
