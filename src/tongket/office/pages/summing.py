"""Fill a summary return with what the returns below it add up to."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from tongket.cycle import enter
from tongket.domain.access import Permission as P
from tongket.domain.figures import MISSING, State
from tongket.office import clock, facts, returns, sheets
from tongket.office.entrance import sentences, staff
from tongket.office.returns import Place


@staff(P.SEND_RETURN)
@require_POST
def fill(request: HttpRequest, **asked: str) -> HttpResponse:
    """Type the sums into the empty cells, or into all of them when that is asked for.

    Every cell is an edit like one typed by hand: it has its history and can conflict.
    """
    place = returns.place(request.actor, P.SEND_RETURN, **asked)
    sheet, edits = enter.sheet(**place.key), []
    for measure, text in sums(place, is_all=request.POST.get("all") == "1"):
        over = sheet.edits.get(measure, 0)
        edits.append(enter.Edit(str(uuid.uuid4()), measure, text, over))
    saved = enter.save(
        pack=facts.pack(),
        **place.key,
        version=sheet.version,
        edits=edits,
        by=request.user.username,
        at=clock.now(),
    )
    for refusal in {str(each): each for each in saved.refused.values()}.values():
        messages.error(request, " ".join(sentences(refusal)))
    told(request, len(saved.saved), len(saved.conflicts))
    return redirect(place.url("return-entry"))


def sums(place: Place, *, is_all: bool) -> list[tuple[str, str]]:
    """Return the cells to fill in, each with the text an official would type."""
    basis = sheets.basis(place)
    if basis is None:
        raise Http404
    now = enter.sheet(**place.key).cells
    return [
        (measure, sheets.typed(summed.cell))
        for measure, summed in basis.rows.items()
        if summed.cell.state is not State.MISSING
        and (is_all or now.get(measure, MISSING).state is State.MISSING)
        and now.get(measure, MISSING) != summed.cell
    ]


def told(request: HttpRequest, filled: int, left: int) -> None:
    """Say how many cells were filled, and how many another person typed meanwhile."""
    if filled or not left:
        words = ngettext(
            "Đã điền %(count)s ô bằng số tổng hợp từ cấp dưới.",
            "Đã điền %(count)s ô bằng số tổng hợp từ cấp dưới.",
            filled,
        )
        messages.success(request, words % {"count": filled})
    if left:
        words = gettext("%(count)s ô vừa được người khác nhập, giữ nguyên.")
        messages.warning(request, words % {"count": left})


urlpatterns = [path(f"{returns.ADDRESS}tong-hop/", fill, name="return-fill")]
