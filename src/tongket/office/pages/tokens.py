"""Keys for programs ("khóa API"): which has this account given out, and until when?

The text of a key is shown once, on the page that made it; nobody can read it later.
"""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from tongket.cycle import connect
from tongket.cycle.connect import Scope
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock
from tongket.office.entrance import sentences, staff
from tongket.records.models import ApiToken

USUAL = dt.timedelta(days=180)


class NotADay(Refusal, ValueError):
    """The last day of a key cannot be read."""

    words = "“{text}” không phải là một ngày; chọn ngày hết hạn của khóa."


def scope_words() -> dict[str, str]:
    """Return what each scope lets a program do, in words."""
    return {
        Scope.READ_UNITS: gettext("Xem danh sách đơn vị trong phạm vi của tài khoản"),
        Scope.READ_RETURNS: gettext("Xem báo cáo, các lần gửi và kết quả kiểm tra"),
        Scope.WRITE_RETURNS: gettext("Gửi báo cáo của đơn vị mà tài khoản phụ trách"),
    }


@staff()
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """List the account's keys; on POST make one and show its text this once."""
    if request.method != "POST":
        return tokens_page(request)
    typed = request.POST
    text = typed.get("until", "")
    try:
        try:
            until = dt.date.fromisoformat(text)
        except ValueError as wrong:
            raise NotADay(text=text) from wrong
        token, key = connect.issue(
            user=request.user,
            name=typed.get("name", ""),
            scopes=typed.getlist("scope"),
            until=until,
            by=request.user.get_username(),
            at=clock.now(),
        )
    except (Refusal, Refusals) as refused:
        return tokens_page(request, told=sentences(refused))
    return tokens_page(request, made=token, key=key)


def tokens_page(
    request: HttpRequest,
    *,
    told: list[str] | None = None,
    made: ApiToken | None = None,
    key: str = "",
) -> HttpResponse:
    """Return the page of keys; 422 when what was asked for was refused."""
    typed = request.POST if told else {}
    chosen = request.POST.getlist("scope") if told else list(Scope)
    today = clock.today()
    context = {
        "title": gettext("Khóa API"),
        "lede": gettext(
            "Khóa để phần mềm của đơn vị gửi và đọc báo cáo thay cho tài khoản này."
        ),
        "rows": [row(each) for each in ApiToken.objects.filter(user=request.user)],
        "made": made,
        "key": key,
        "scopes": [
            {"key": scope, "words": words, "is_chosen": scope in chosen}
            for scope, words in scope_words().items()
        ],
        "name": typed.get("name", ""),
        "until": typed.get("until") or (today + USUAL).isoformat(),
        "first": today.isoformat(),
        "last": (today + dt.timedelta(days=connect.LONGEST)).isoformat(),
        "docs": reverse("api-1:openapi-view"),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/account/tokens.html", context, status=status)


def row(token: ApiToken) -> dict[str, Any]:
    """Return a key as the list shows it; its last day is the day before it expires."""
    words = scope_words()
    if token.revoked_at is not None:
        state, tone = gettext("Đã thu hồi"), "neutral"
    elif token.expires_at <= clock.now():
        state, tone = gettext("Đã hết hạn"), "neutral"
    else:
        state, tone = gettext("Đang dùng được"), "good"
    return {
        "token": token,
        "scopes": [(scope, words.get(scope, "")) for scope in token.scopes],
        "last": timezone.localtime(token.expires_at).date() - dt.timedelta(days=1),
        "state": state,
        "tone": tone,
        "is_alive": tone == "good",
    }


@staff()
def revoke(request: HttpRequest, token: int) -> HttpResponse:
    """Ask, then let one of the account's own keys work no more."""
    found = get_object_or_404(ApiToken, pk=token, user=request.user)
    told: list[str] = []
    if request.method == "POST":
        by, at = request.user.get_username(), clock.now()
        try:
            connect.revoke(token=found, by=by, at=at)
        except Refusal as refused:
            told = sentences(refused)
        else:
            words = gettext("Đã thu hồi khóa “%(name)s”.")
            messages.success(request, words % {"name": found.name})
            return redirect("tokens")
    context = {
        "title": gettext("Thu hồi khóa API"),
        "crumbs": [
            {"label": gettext("Khóa API"), "url": reverse("tokens")},
            {"label": found.name},
        ],
        "row": row(found),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/account/revoke.html", context, status=status)


urlpatterns = [
    path("van-phong/khoa-api/", tokens, name="tokens"),
    path("van-phong/khoa-api/<int:token>/thu-hoi/", revoke, name="token-revoke"),
]
