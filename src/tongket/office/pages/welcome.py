"""Whoever follows a link, or has no role today: setting a password, and saying why.

The token leaves the address at once: it waits in the session while the form is open, so
that neither the history nor another page's log keeps it.
"""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from tongket.cycle import invite
from tongket.domain.sentences import Refusal
from tongket.office import clock, facts, role_words
from tongket.office.entrance import Actor, sentences
from tongket.records.models import Invitation, Membership

KEPT = "tongket_link"  # the token, in the session


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password1 = forms.CharField(strip=False)
    password2 = forms.CharField(strip=False)

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.user = user

    def clean_password1(self) -> str:
        """Refuse a password that is not good enough for this account."""
        password = str(self.cleaned_data["password1"])
        validate_password(password, self.user)
        return password

    def clean_password2(self) -> str:
        """Refuse two that differ."""
        if self.data.get("password1") != self.data.get("password2"):
            raise ValidationError(gettext("Hai lần nhập không giống nhau."))
        return str(self.cleaned_data["password2"])


@never_cache
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, or say why the link does not work."""
    try:
        invite.found(token=token, at=clock.now())
    except Refusal as refused:
        return shut(request, refused)
    request.session[KEPT] = token
    return redirect("welcome")


def shut(request: HttpRequest, refused: Refusal) -> HttpResponse:
    """Answer, always in the same way, that a link does not work."""
    context = {
        "title": gettext("Liên kết không dùng được"),
        "sentences": sentences(refused),
        "has_no_nav": True,
    }
    return render(request, "office/account/shut.html", context, status=410)


@never_cache
@sensitive_post_parameters()
def welcome(request: HttpRequest) -> HttpResponse:
    """Let the owner of an account set its password, and come in."""
    token = request.session.get(KEPT, "")
    try:
        row = invite.found(token=token, at=clock.now())
    except Refusal as refused:
        request.session.pop(KEPT, None)
        return shut(request, refused)
    form = PasswordForm(row.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        password = make_password(form.cleaned_data["password1"])
        try:
            user = invite.take_up(token=token, password=password, at=clock.now())
        except Refusal as refused:
            return shut(request, refused)
        return come_in(request, user)
    memberships = Membership.objects.filter(user=row.user).select_related("unit")
    is_reset = row.kind == Invitation.Kind.RESET
    context = {
        "title": gettext("Đặt mật khẩu mới") if is_reset else gettext("Nhận tài khoản"),
        "account": row.user,
        "roles": [role_words.told(each, facts.tree()) for each in memberships],
        "form": form,
        "until": row.expires_at,
        "has_no_nav": True,
    }
    status = 422 if form.is_bound else 200
    return render(request, "office/account/welcome.html", context, status=status)


def come_in(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in by the link; who has a second factor is asked for it."""
    request.session.flush()
    record_authentication(request, user, method="link")
    return perform_login(request, Login(user=user))


@login_required
def no_role(request: HttpRequest) -> HttpResponse:
    """Say why somebody who signed in finds nothing here today."""
    actor = Actor(request.user, clock.today())
    told = [role_words.outside_its_days(row, actor.tree) for row in actor.memberships]
    if any(grant.holds_on(actor.day) for grant in actor.grants):
        return redirect("year")
    context = {
        "title": gettext("Hôm nay bạn chưa có vai trò nào"),
        "told": [each for each in told if each],
    }
    return render(request, "office/account/no_role.html", context)


urlpatterns = [
    path("loi-moi/", welcome, name="welcome"),
    path("loi-moi/<str:token>/", link, name="welcome-link"),
    path("van-phong/chua-co-vai-tro/", no_role, name="no-role"),
]
