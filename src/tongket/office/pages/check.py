"""Check: the returns that wait for a reviewer's eye, accepted or sent back."""

from collections.abc import Iterable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from tongket.cycle import check
from tongket.domain.access import Permission as P
from tongket.domain.checks import Severity
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import (
    clock,
    facts,
    reading,
    returns,
    seats,
    sheets,
    speech,
    tables,
    waiting,
)
from tongket.office.entrance import sentences, staff
from tongket.office.pages import amend, bulk, delegations, differences, taking
from tongket.office.returns import Place
from tongket.office.templatetags.office import said, said_with_window
from tongket.office.waiting import Waiting
from tongket.records import cells
from tongket.records.models import Return, ReturnVersion, Review

REASON, LONGEST_NUMBER = "reason.", 9


@staff(P.REVIEW_RETURN)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """List what waits, filtered and sorted, with what the checks found."""
    is_lower = request.GET.get("cap") == "duoi"
    mine = waiting.in_scope(request.actor, is_lower=is_lower)
    reading.a_list(request, "check", {each.unit.unit for each in mine})
    rows = ordered(request, chosen(request, mine))
    if "csv" in request.GET:
        return as_csv(rows)
    context = {
        "title": gettext("Kiểm tra"),
        "total": len(mine),
        "sound": sum(not each.is_blocked and each.is_examined for each in mine),
        "unexamined": sum(not each.is_examined for each in mine),
        "page": tables.page(request, rows),
        "periods": waiting.in_periods(mine),
        "districts": sorted({(w.above, w.above_name) for w in mine if w.above}),
        "asked": request.GET,
        "is_lower": is_lower,
        "lower": waiting.lower(request.actor),
        "behalf": [s for s in seats.of(request.actor) if s.on_behalf_of],
        "query": tables.query(request),
        "query_unsorted": tables.query(request, "xep"),
    }
    return render(request, "office/check/queue.html", context)


def chosen(request: HttpRequest, mine: Iterable[Waiting]) -> list[Waiting]:
    """Return what the filters of the address leave."""
    asked = request.GET
    found = tables.matching(asked.get("q", ""))
    doubtful = {
        "phai-sua": lambda w: w.must_fix,
        "phai-giai-trinh": lambda w: w.unexplained,
        "khong": lambda w: w.is_examined and not w.is_blocked,
    }.get(asked.get("nghi-van", ""), lambda w: True)
    return [
        each
        for each in mine
        if found(each.unit.name, each.unit.code)
        and asked.get("huyen", "") in {"", each.above}
        and asked.get("ky", "") in {"", str(each.version.of.period_id)}
        and doubtful(each)
    ]


def ordered(request: HttpRequest, rows: list[Waiting]) -> list[Waiting]:
    """Return the rows sorted by the column that the address names."""
    keys = {
        "don-vi": lambda w: w.unit.name,
        "huyen": lambda w: (w.above_name, w.unit.name),
        "gui": lambda w: w.version.sent_at,
        "nghi-van": lambda w: (-w.must_fix, -w.unexplained, -w.explained),
    }
    key = keys.get(request.GET.get("xep", ""))
    return sorted(rows, key=key) if key else rows


def as_csv(rows: Iterable[Waiting]) -> HttpResponse:
    """Return the list as a file."""
    header = [
        gettext("Đơn vị"),
        gettext("Cấp trên"),
        gettext("Chờ cấp"),
        gettext("Kỳ"),
        gettext("Gửi lúc"),
        gettext("Phải sửa"),
        gettext("Chưa giải trình"),
        gettext("Đã giải trình"),
    ]
    lines = (
        [
            each.unit.name,
            each.above_name,
            each.awaits_name,
            said(each.period),
            f"{timezone.localtime(each.version.sent_at):%d/%m/%Y %H:%M}",
            each.must_fix,
            each.unexplained,
            each.explained,
        ]
        for each in rows
    )
    return tables.csv_response("cho-duyet.csv", header, lines)


@staff(P.REVIEW_RETURN)
@require_POST
def examine(request: HttpRequest) -> HttpResponse:
    """Run the checks on everything in scope that they have not looked at."""
    scope = request.actor.scope(P.REVIEW_RETURN)
    versions = check.latest(Return.objects.filter(unit__key__in=scope))
    fresh = [version for version in versions if version.examined_at is None]
    found = check.examine(pack=facts.pack(), versions=fresh, at=clock.now())
    found += check.compare(pack=facts.pack(), versions=versions)
    words = gettext("Đã kiểm tra %(returns)s báo cáo: %(doubts)s nội dung nghi vấn.")
    told = words % {"returns": len(fresh), "doubts": len(found)}
    messages.success(request, told)
    return redirect("check")


@staff(P.REVIEW_RETURN)
def review(request: HttpRequest, **asked: str) -> HttpResponse:
    """Show one return beside what was before; on POST approve it or send it back."""
    place = returns.place(request.actor, P.VIEW, **asked)
    if place.row is None or not seats.on_ladder(request.actor, place.unit.unit):
        raise Http404
    if request.method == "POST":
        try:
            return decide(request, place, place.row)
        except (Refusal, Refusals) as refused:
            return review_page(request, place, sentences(refused))
    return review_page(request, place, [])


def decide(request: HttpRequest, place: Place, row: Return) -> HttpResponse:
    """Approve or send back, then go on to the next return of the period that waits."""
    post, number = request.POST, request.POST.get("seen", "")
    seen = (
        check.Seen(int(number), post.get("awaits", "")) if is_number(number) else None
    )
    given = {
        "pack": facts.pack(),
        "returns": [row],
        "seats": seats.of(request.actor),
        "by": request.user.username,
        "at": clock.now(),
        "seen": {row.pk: seen} if seen else None,
    }
    if "accept" in post:
        (made,) = check.accept(reason=post.get("stead", ""), **given)
        words = gettext("Đã duyệt báo cáo của %(unit)s.")
        if made.verdict == Review.Verdict.APPROVED:
            words = gettext("Đã duyệt báo cáo của %(unit)s và chuyển cấp trên.")
    else:
        check.send_back(reason=post.get("reason", ""), cells=at_cells(post), **given)
        words = gettext("Đã trả lại báo cáo của %(unit)s kèm lý do.")
    messages.success(request, words % {"unit": place.unit.name})
    _, then = waiting.beside(request.actor, place)
    return redirect(then.url if then else reverse("check"))


def is_number(text: str) -> bool:
    """Whether a field holds the number of a version."""
    return text.isdecimal() and len(text) < LONGEST_NUMBER


def at_cells(post: Mapping[str, str]) -> dict[str, str]:
    """Return the reasons that were written at rows."""
    return {
        key.removeprefix(REASON): words
        for key, words in post.items()
        if key.startswith(REASON) and words.strip()
    }


def review_page(request: HttpRequest, place: Place, told: list[str]) -> HttpResponse:
    """Return the page of one return; 422 when the decision was refused."""
    assert place.row is not None, "a return that is reviewed was sent"
    last = place.versions()[0]
    doubts = list(last.doubts.all())
    blocks = sheets.blocks(
        place,
        cells.from_json(last.cells),
        doubts=doubts,
        explanations=last.explanations,
        reasons=at_cells(request.POST),
    )
    previous, same = sheets.beside(place)
    lines = [line for block in blocks for line in block.lines]
    doubtful = [line for line in lines if line.is_doubtful]
    before, following = waiting.beside(request.actor, place)
    context = {
        "title": place.unit.name,
        "kicker": f"{said(place.form)} · {said_with_window(place.period)}",
        "crumbs": [
            {"label": gettext("Kiểm tra"), "url": reverse("check")},
            {"label": place.unit.name},
        ],
        "place": place,
        "last": last,
        "blocks": blocks,
        "previous": previous,
        "same": same,
        "doubtful": doubtful,
        "others": [line for line in lines if not line.is_doubtful],
        "note": last.explanations.get(check.EVERYTHING, ""),
        "doubt_words": doubt_words(len(doubts)),
        "is_blocked": check.is_blocked(last, doubts),
        "is_waiting": place.row.state == Return.State.SENT,
        "standing": seats.standing(request.actor, place.row, last),
        "may_withdraw": taking.may_withdraw(request.actor, place),
        "reason": request.POST.get("reason", ""),
        "suggested": suggested(doubtful, last),
        "before": before,
        "following": following,
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/check/review.html", context, status=status)


def doubt_words(count: int) -> str:
    """Return how many findings there are, in words."""
    if not count:
        return gettext("không có nội dung nghi vấn")
    words = ngettext(
        "%(count)s nội dung nghi vấn", "%(count)s nội dung nghi vấn", count
    )
    return words % {"count": count}


def suggested(doubtful: Iterable[sheets.Line], last: ReturnVersion) -> str:
    """Return the findings that stand against acceptance as a reason to send back."""
    found = [
        f"{line.number}. {speech.translated(finding.sentence)}"
        for line in doubtful
        for finding in line.findings
        if finding.severity == Severity.MUST_FIX
        or (
            finding.severity == Severity.MUST_EXPLAIN
            and not waiting.is_explained(last, finding.measure)
        )
    ]
    return "\n".join(found)


PERIOD = "van-phong/kiem-tra/<slug:scheme>/<slug:period>/"
urlpatterns = [
    # Fixed addresses before those that a period could stand in.
    *delegations.urlpatterns,
    *bulk.urlpatterns,
    *taking.urlpatterns,
    *amend.urlpatterns,
    *differences.urlpatterns,
    path("van-phong/kiem-tra/", queue, name="check"),
    path("van-phong/kiem-tra/chay/", examine, name="check-examine"),
    path(f"{PERIOD}<slug:unit>/<slug:form>/", review, name="check-return"),
]
