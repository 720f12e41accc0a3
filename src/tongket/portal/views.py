"""What does the portal answer beside its pages: views, ratings, search, files?"""

import base64
from urllib.parse import urlencode

from django.db import transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from tongket.portal import nonces
from tongket.portal.models import ArticlePage, RatingCount, ReleaseFile, ViewCount
from tongket.portal.searching import search

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
A_YEAR = 31_536_000


@require_GET
def count_view(request: HttpRequest, article: int) -> HttpResponse:
    """Count one reading; the browser's own cache keeps it to one a day.

    The script asks for this after five seconds in sight. A page fetched ahead of the
    reader is not counted.
    """
    page = get_object_or_404(ArticlePage.public(), pk=article)
    if not request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        ViewCount.add(page)
    answer = HttpResponse(PIXEL, content_type="image/gif")
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@csrf_exempt  # the signed nonce does this work, so that readers get no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, article: int) -> HttpResponse:
    """Show the rating form of an article, or count the form that was sent."""
    page = get_object_or_404(ArticlePage.public(), pk=article)
    if request.method != "POST":
        return _rating_form(request, page)
    nonce, score = request.POST.get("nonce", ""), request.POST.get("score", "")
    if score not in {"1", "2", "3", "4", "5"}:
        return _rating_form(request, page, nonce=nonce, is_unanswered=True, status=400)
    try:
        with transaction.atomic():
            nonces.spend(nonce, page.pk, at=timezone.now())
            RatingCount.add(page, int(score))
    except nonces.NotCounted as reason:
        return _rating_form(
            request,
            page,
            nonce=nonce if reason.may_be_sent_again else "",
            score=int(score),
            reason=reason.sentence,
            status=reason.status,
        )
    query = urlencode({"danh-gia": "da-ghi-nhan"})
    return HttpResponseRedirect(f"{page.url}?{query}#danh-gia", status=303)


def _rating_form(
    request: HttpRequest,
    page: ArticlePage,
    *,
    nonce: str = "",
    score: int = 0,
    reason: object = "",
    is_unanswered: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "nonce": nonce or nonces.issue(page.pk, at=timezone.now()),
        "chosen": score,
        "reason": reason,
        "is_unanswered": is_unanswered,
    }
    answer = render(request, "portal/rate.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Show what was found in articles and figures for `q`, accents or not."""
    query = request.GET.get("q", "")[:200]
    context = {"query": query, "found": search(query) if query.strip() else None}
    return render(request, "portal/search.html", context)


@require_safe
def photo(request: HttpRequest, file: int) -> HttpResponse:
    """Return the photo of a release whose hour has come."""
    return _file(file, is_photo=True)


@require_safe
def download(request: HttpRequest, file: int, name: str) -> HttpResponse:
    """Return a document of a release whose hour has come, for saving."""
    answer = _file(file, is_photo=False, name=name)
    answer["Content-Disposition"] = f'attachment; filename="{_plain(name)}"'
    return answer


def _file(pk: int, **wanted: object) -> HttpResponse:
    file = get_object_or_404(
        ReleaseFile, pk=pk, release__published_at__lte=timezone.now(), **wanted
    )
    answer = HttpResponse(bytes(file.content), content_type=file.content_type)
    answer["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    answer["ETag"] = f'"{file.sha256}"'
    return answer


def _plain(name: str) -> str:
    return name.replace('"', "").replace("\\", "")
