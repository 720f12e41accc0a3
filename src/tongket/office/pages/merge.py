"""Two people filled in one return: what does each say, and which of it stands?

Nothing was written over: the page shows both values side by side, and what others
changed in rows that were not touched here. The choice is sent like the form itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from tongket.cycle import enter
from tongket.domain.access import Permission as P
from tongket.domain.figures import MISSING, Cell
from tongket.domain.forms import Measure
from tongket.domain.sentences import Refusal
from tongket.office import clock, facts, posts, returns, sheets, speech
from tongket.office.entrance import staff
from tongket.office.pages import story
from tongket.office.returns import Place
from tongket.office.templatetags.office import said, said_with_window

MEANWHILE = (enter.SentMeanwhile, enter.EditedMeanwhile, enter.StillUndecided)


@dataclass(frozen=True, slots=True)
class Choice:
    """One row with two values: one's own as typed, and the other's."""

    measure: Measure | None  # None for words about the whole return
    name: str  # what the choice is posted as
    yours: str
    theirs: str
    by: str
    at: datetime | None

    @property
    def is_words(self) -> bool:
        """Whether an explanation is chosen, not a number."""
        return self.name.startswith(sheets.EXPLAIN)


@dataclass(frozen=True, slots=True)
class Change:
    """One row that another changed and that was not touched here."""

    measure: Measure
    shown: Cell
    now: Cell


def page(
    request: HttpRequest,
    place: Place,
    posted: posts.Posted,
    seen: posts.Seen,
    conflicts: Iterable[enter.Conflict[Any]],
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Return both values of each row in conflict, to be chosen between (409)."""
    current, by = enter.sheet(**place.key), request.user.username
    choices = [*chosen(place, conflicts), *undecided(place, current)]
    asked = {each.name for each in choices}
    words = gettext(
        "Người khác đã ghi giá trị khác vào một số ô sau khi trang được mở; chưa có gì "
        "bị ghi đè và báo cáo chưa được gửi."
    )
    context = {
        "title": gettext("Hai người cùng sửa"),
        "kicker": f"{place.unit.name} · {said(place.form)} · "
        f"{said_with_window(place.period)}",
        "crumbs": [
            *story.above(place),
            {"label": place.unit.name, "url": place.url("return")},
            {"label": gettext("Nhập số liệu"), "url": place.url("return-entry")},
            {"label": gettext("Hai người cùng sửa")},
        ],
        "place": place,
        "sentences": [speech.translated(refusal.sentence) if refusal else words],
        "choices": choices,
        "decided": posts.DECIDED,
        "changes": changes(place, seen, choices, by=by),
        "words": [
            (place.form.measure(key), *both)
            for key, both in enter.words_changed(
                **place.key, version=seen.version, edits_seen=seen.edits, by=by
            ).items()
            if f"{sheets.EXPLAIN}{key}" not in asked
        ],
        "explanations": {
            name: text
            for key, text in posted.explanations.items()
            if (name := f"{sheets.EXPLAIN}{key}") not in asked
        },
        "version": current.version,
        "edits_seen": current.last_edit,
    }
    return render(request, "office/collect/merge.html", context, status=409)


def chosen(place: Place, conflicts: Iterable[enter.Conflict[Any]]) -> list[Choice]:
    """Return what is to be chosen between, row by row."""
    return [
        Choice(
            place.form.measure(each.measure),
            f"{sheets.EXPLAIN if is_words else sheets.CELL}{each.measure}",
            each.yours.strip(),
            each.theirs if is_words else sheets.typed(each.theirs),
            each.by,
            each.at,
        )
        for each in conflicts
        for is_words in [isinstance(each.theirs, str)]
    ]


def undecided(place: Place, current: enter.Sheet) -> list[Choice]:
    """Return what was typed here and then sent otherwise by another way."""
    last = current.last
    if last is None:
        return []
    told = [
        (sheets.CELL, each.measure, sheets.typed(each.typed), sheets.typed(each.sent))
        for each in current.undecided
    ] + [
        (sheets.EXPLAIN, each.measure, each.typed, each.sent)
        for each in current.words_undecided
    ]
    return [
        Choice(
            place.form.measure(measure),
            f"{kind}{measure}",
            typed,
            sent,
            last.sent_by,
            last.sent_at,
        )
        for kind, measure, typed, sent in told
    ]


def changes(
    place: Place, seen: posts.Seen, choices: Sequence[Choice], *, by: str
) -> list[Change]:
    """Return the rows that others changed since the page was made that was posted."""
    there = {each.measure.key for each in choices if each.measure and not each.is_words}
    typed = enter.standing(**place.key)
    there |= {measure for measure, edit in typed.items() if edit.by == by}
    found = enter.changed(
        pack=facts.pack(), **place.key, version=seen.version, edits_seen=seen.edits
    )
    return [
        Change(measure, shown or MISSING, now)
        for key, (shown, now) in found.items()
        if key not in there and (measure := place.form.measure(key))
    ]


@staff(P.SEND_RETURN)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, **asked: str) -> HttpResponse:
    """Ask, then take back what was typed and not sent; the history keeps it."""
    place = returns.place(request.actor, P.SEND_RETURN, **asked)
    told: list[str] = []
    if request.method == "POST":
        seen = posts.seen(request.POST, place)
        try:
            back = enter.discard(
                **place.key,
                edits_seen=seen.edits,
                by=request.user.username,
                at=clock.now(),
            )
        except Refusal as refusal:
            told = [speech.translated(refusal.sentence)]
        else:
            words = ngettext(
                "Đã bỏ %(count)s nội dung chưa gửi; lịch sử vẫn giữ những gì đã nhập.",
                "Đã bỏ %(count)s nội dung chưa gửi; lịch sử vẫn giữ những gì đã nhập.",
                len(back),
            )
            messages.success(request, words % {"count": len(back)})
            return redirect(place.url("return-entry"))
    current = enter.sheet(**place.key)
    context = {
        "title": gettext("Bỏ phần chưa gửi?"),
        "kicker": f"{place.unit.name} · {said(place.form)}",
        "crumbs": [
            *story.above(place),
            {"label": place.unit.name, "url": place.url("return")},
            {"label": gettext("Nhập số liệu"), "url": place.url("return-entry")},
            {"label": gettext("Bỏ phần chưa gửi")},
        ],
        "place": place,
        "sentences": told,
        "rows": [
            Change(
                measure,
                current.cells[measure.key],
                current.sent.get(measure.key, MISSING),
            )
            for measure in place.form.measures
            if measure.key in current.unsent
        ],
        "words": [
            (
                place.form.measure(key),
                current.explanations.get(key, ""),
                current.last.explanations.get(key, "") if current.last else "",
            )
            for key in current.words_unsent
        ],
        "edits_seen": current.last_edit,
    }
    status = 409 if told else 200
    return render(request, "office/collect/discard.html", context, status=status)


urlpatterns = [
    path(f"{returns.ADDRESS}bo-phan-chua-gui/", discard, name="return-discard")
]
