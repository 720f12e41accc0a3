"""After the lock an accepted return is amended, with a reason, on a page of its own."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext

from tongket.cycle import check, enter
from tongket.domain.access import Permission as P
from tongket.domain.figures import Cell
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, facts, posts, returns, sheets
from tongket.office.entrance import Actor, sentences, staff
from tongket.office.returns import Place
from tongket.office.templatetags.office import said, said_with_window
from tongket.records import cells
from tongket.records.models import COUNTS, OpenPeriod, ReturnVersion, Review


def may_amend(actor: Actor, place: Place) -> bool:
    """Whether the return is amended only, and the person may file that."""
    if place.row is None or place.opened.state == OpenPeriod.State.OPEN:
        return False
    unit = place.unit.unit
    may_file = actor.may(P.SEND_RETURN, unit) or actor.may(P.RUN_YEAR, unit)
    accepted = Review.objects.filter(COUNTS, version__of=place.row)
    return may_file and accepted.exists()


@staff(P.SEND_RETURN, P.RUN_YEAR)
def amend(request: HttpRequest, **asked: str) -> HttpResponse:
    """Show what was sent last, to be typed over with a reason; on POST file it."""
    place = returns.place(request.actor, P.VIEW, **asked)
    if not may_amend(request.actor, place):
        raise Http404
    last = place.versions()[0]
    if request.method != "POST":
        return page(request, place, last)
    posted = posts.read(request.POST, place)
    wrong = posts.wrong(place.form, posted.texts)
    if wrong:
        return page(request, place, last, posted=posted, wrong=wrong)
    try:
        return filed(request, place, last, posted)
    except (Refusal, Refusals) as refusal:
        told = sentences(refusal)
        return page(request, place, last, posted=posted, told=told)


def filed(
    request: HttpRequest, place: Place, last: ReturnVersion, posted: posts.Posted
) -> HttpResponse:
    """File what was typed; say what the checks found."""
    actor, seen = request.actor, request.POST.get("seen", "")
    own = actor.may(P.SEND_RETURN, place.unit.unit)
    version = check.amend(
        pack=facts.pack(),
        **place.key,
        cells=typed(place, last, posted.texts),
        explanations=posted.explanations,
        reason=request.POST.get("amendment", ""),
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
        filed_at="" if own else facts.pack().province,
        by=request.user.username,
        at=clock.now(),
    )
    if check.is_blocked(version, version.doubts.all()):
        words = gettext(
            "Đã gửi bản đính chính (lần %(number)s); còn nội dung phải sửa hoặc giải "
            "trình trước khi được duyệt."
        )
        messages.warning(request, words % {"number": version.number})
        return redirect(place.url("return-amend"))
    words = gettext("Đã gửi bản đính chính (lần %(number)s), đang chờ duyệt.")
    messages.success(request, words % {"number": version.number})
    return redirect(place.url("return"))


def typed(
    place: Place, last: ReturnVersion, texts: Mapping[str, str]
) -> dict[str, Cell]:
    """Return every cell: as typed, or as sent last where the page had no such row."""
    found = cells.from_json(last.cells)
    for measure in place.form.measures:
        if measure.key in texts:
            found[measure.key] = enter.read(measure, texts[measure.key])
    return found


def page(
    request: HttpRequest,
    place: Place,
    last: ReturnVersion,
    *,
    posted: posts.Posted | None = None,
    wrong: Mapping[str, str] | None = None,
    told: list[str] | None = None,
) -> HttpResponse:
    """Return the page to type on; 422 when something stands against it."""
    explained = posted.explanations if posted else last.explanations
    returned = last.reviews.filter(verdict=Review.Verdict.SENT_BACK).last()
    blocks = sheets.blocks(
        place,
        cells.from_json(last.cells),
        doubts=last.doubts.all(),
        explanations=explained,
        reasons=returned.cells if returned else None,
    )
    at_rows = posts.put_back(blocks, posted.texts if posted else {}, wrong or {})
    previous, same = sheets.beside(place)
    own = request.actor.may(P.SEND_RETURN, place.unit.unit)
    told = [*(told or ()), *at_rows]
    context = {
        "title": gettext("Đính chính sau khi khóa"),
        "kicker": f"{place.unit.name} · {said(place.form)}",
        "lede": said_with_window(place.period),
        "crumbs": [
            {"label": place.unit.name, "url": place.url("return")},
            {"label": gettext("Đính chính sau khi khóa")},
        ],
        "place": place,
        "blocks": blocks,
        "previous": previous,
        "same": same,
        "columns": 4 + (same != previous) + bool(place.form.summarises),
        "last": last,
        "returned": returned,
        "is_for_unit": not own,
        "amendment": request.POST.get("amendment", last.amendment),
        "note_name": f"{sheets.EXPLAIN}{check.EVERYTHING}",
        "note": explained.get(check.EVERYTHING, ""),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/check/amend.html", context, status=status)


urlpatterns = [path(f"{returns.ADDRESS}dinh-chinh/", amend, name="return-amend")]
