"""Two people filled in one return: what does each say, and which of it stands?

Nothing was written over: the page shows both values side by side, and what others
changed in rows that were not touched here. The choice is sent like the form itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

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

    measure: Measure
    yours: str
    theirs: str
    by: str
    at: datetime | None


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
    conflicts: Iterable[enter.Conflict],
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Return both values of each row in conflict, to be chosen between (409)."""
    current = enter.sheet(**place.key)
    choices = [*chosen(place, conflicts), *undecided(place, current)]
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
        "cell": sheets.CELL,
        "decided": posts.DECIDED,
        "changes": changes(place, seen, choices, by=request.user.username),
        "explanations": {
            f"{sheets.EXPLAIN}{key}": text for key, text in posted.explanations.items()
        },
        "version": current.version,
        "edits_seen": current.last_edit,
    }
    return render(request, "office/collect/merge.html", context, status=409)


def chosen(place: Place, conflicts: Iterable[enter.Conflict]) -> list[Choice]:
    """Return what is to be chosen between, row by row."""
    return [
        Choice(measure, each.yours.strip(), sheets.typed(each.theirs), each.by, each.at)
        for each in conflicts
        if (measure := place.form.measure(each.measure))
    ]


def undecided(place: Place, current: enter.Sheet) -> list[Choice]:
    """Return the rows typed here and then sent otherwise by another way."""
    last = current.last
    return [
        Choice(
            measure,
            sheets.typed(each.typed),
            sheets.typed(each.sent),
            last.sent_by,
            last.sent_at,
        )
        for each in current.undecided
        if last and (measure := place.form.measure(each.measure))
    ]


def changes(
    place: Place, seen: posts.Seen, choices: Sequence[Choice], *, by: str
) -> list[Change]:
    """Return the rows that others changed since the page was made that was posted."""
    there = {each.measure.key for each in choices}
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
                "Đã bỏ %(count)s ô chưa gửi; lịch sử của ô vẫn giữ số đã nhập.",
                "Đã bỏ %(count)s ô chưa gửi; lịch sử của ô vẫn giữ số đã nhập.",
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
        "edits_seen": current.last_edit,
    }
    status = 409 if told else 200
    return render(request, "office/collect/discard.html", context, status=status)


urlpatterns = [
    path(f"{returns.ADDRESS}bo-phan-chua-gui/", discard, name="return-discard")
]
