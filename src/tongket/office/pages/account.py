"""The account: signing in and out, password, second factors, the devices signed in.

The steps are allauth's; addresses, words and pages are ours.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.views import (
    LoginView,
    LogoutView,
    PasswordChangeView,
    ReauthenticateView,
)
from allauth.mfa.base import views as factor_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as key_views
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tongket.cycle import enrol
from tongket.office import clock, role_words
from tongket.office.entrance import View, staff
from tongket.office.entry_rules import FACTORS
from tongket.office.signing_in import TOO_SOON

PAGES = "office/account"


class SignIn(LoginView):
    """The door of the office; who is signed in already goes straight on."""

    template_name = f"{PAGES}/sign_in.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Take the name from the field that browsers know best."""
        kwargs = super().get_form_kwargs()
        if "data" in kwargs:
            data = kwargs["data"].copy()
            data.setdefault("login", data.get("username", ""))
            kwargs["data"] = data
        return kwargs

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        """Say where the demonstration's accounts are told, if this is one."""
        return super().get_context_data(
            is_demonstration=settings.TODAY is not None,
            is_factor_offered=not settings.IS_SECOND_FACTOR_REQUIRED,
            next=self.request.POST.get("next") or self.request.GET.get("next", ""),
            has_no_nav=True,
            **values,
        )

    def form_invalid(self, form: Any) -> HttpResponse:
        """Answer that it was refused: 429 when the next guess must wait."""
        response = super().form_invalid(form)
        is_too_soon = form.has_error("__all__", TOO_SOON)
        response.status_code = 429 if is_too_soon else 422
        return response


def own(view: View) -> View:
    """Let a page of the own account be seen; without the menu by who is held."""
    seen = staff()(view)

    @wraps(view)
    @never_cache
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = login_required(view) if request.is_held else seen
        return answer(request, *args, **kwargs)

    return page


def step(base: Any, template: str, title: Any, **more: Any) -> View:
    """Return one of allauth's pages with our template, heading and crumbs."""
    extra = {"title": title, "crumbs": Crumbs(title), **more}
    return own(
        base.as_view(template_name=f"{PAGES}/{template}.html", extra_context=extra)
    )


class Crumbs:
    """The way from the account's page to one below it, in the language of the page."""

    def __init__(self, label: Any) -> None:
        self.label = label

    def __iter__(self) -> Any:
        yield {"label": gettext("Tài khoản"), "url": reverse("account")}
        yield {"label": self.label}


def factors(request: HttpRequest) -> dict[str, Any]:
    """Return the second factors of the account, by kind."""
    rows = list(Authenticator.objects.filter(user=request.user))
    kinds = Authenticator.Type
    codes = [row for row in rows if row.type == kinds.RECOVERY_CODES]
    return {
        "totp": [row for row in rows if row.type == kinds.TOTP],
        "keys": [row for row in rows if row.type == kinds.WEBAUTHN],
        "codes": codes,
        "left": len(codes[0].wrap().get_unused_codes()) if codes else 0,
        "has_factor": any(row.type in FACTORS for row in rows),
    }


@own
def account(request: HttpRequest) -> HttpResponse:
    """Show the account: roles, password, second factors, devices."""
    actor = request.actor
    sessions = UserSession.objects.purge_and_list(request.user)
    context = {
        "title": gettext("Tài khoản"),
        "lede": request.user.get_full_name() or request.user.get_username(),
        "roles": [role_words.membership(row, actor) for row in actor.memberships],
        "sessions": [
            {
                "device": device_words(each.user_agent),
                "at": each.created_at,
                "network": each.ip,
                "is_here": each.session_key == request.session.session_key,
            }
            for each in sorted(sessions, key=lambda one: one.created_at, reverse=True)
        ],
        "idle": settings.SESSION_IDLE // 60,
        "longest": settings.SESSION_COOKIE_AGE // 3600,
        "is_required": settings.IS_SECOND_FACTOR_REQUIRED,
        **factors(request),
    }
    return render(request, f"{PAGES}/account.html", context)


def device_words(agent: str) -> str:
    """Return what a browser calls itself, in short: "Chrome, Windows".

    >>> device_words("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/131 Safari/537")
    'Chrome, Windows'
    """
    browsers = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome"}
    systems = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")
    names = {**browsers, "Safari": "Safari"}
    browser = next((name for key, name in names.items() if key in agent), "")
    system = next((each for each in systems if each in agent), "")
    return ", ".join(filter(None, (browser, system))) or agent[:60]


@own
def second_factor(request: HttpRequest) -> HttpResponse:
    """Lead who must have a second factor to set one up; nothing else is open yet."""
    found = factors(request)
    if found["has_factor"]:
        return redirect("account")
    context = {
        "title": gettext("Bật xác thực hai bước"),
        "is_held": request.is_held,
        **found,
    }
    return render(request, f"{PAGES}/second_factor.html", context)


@require_POST
@login_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the account, this one too."""
    name = request.user.get_username()
    enrol.sign_out_everywhere(user=request.user, by=name, at=clock.now())
    logout(request)
    messages.success(request, gettext("Đã đăng xuất khỏi mọi thiết bị."))
    return redirect("sign-in")


class PasswordChange(PasswordChangeView):
    """The own password; who has none (keys only) asks for a link instead."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer 404 where there is no password to change."""
        if not request.user.has_usable_password():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_default_success_url(self) -> str:
        """Go back to the account."""
        return reverse("account")


class SignOut(LogoutView):
    """Leave; a link alone does not do it."""

    http_method_names = ["post", "options"]


HERE = "van-phong/tai-khoan/"
AGAIN = gettext_lazy("Xác nhận lại là bạn")
sign_in: Callable[..., HttpResponse] = SignIn.as_view()
sign_out: Callable[..., HttpResponse] = SignOut.as_view()
code_of_sign_in = factor_views.AuthenticateView.as_view(
    template_name=f"{PAGES}/code.html", extra_context={"has_no_nav": True}
)
# allauth finds its pages by its own names, and ours keep theirs.
urlpatterns = [
    path("dang-nhap/", sign_in, name="sign-in"),
    path("dang-nhap/", sign_in, name="account_login"),
    path("dang-nhap/ma/", code_of_sign_in, name="mfa_authenticate"),
    path("dang-nhap/khoa/", key_views.login_webauthn, name="mfa_login_webauthn"),
    path("dang-xuat/", sign_out, name="sign-out"),
    path("dang-xuat/", sign_out, name="account_logout"),
    path(HERE, account, name="account"),
    path(HERE, account, name="mfa_index"),
    path(HERE, account, name="mfa_list_webauthn"),
    path(
        f"{HERE}dang-xuat-moi-thiet-bi/",
        sign_out_everywhere,
        name="sign-out-everywhere",
    ),
    path(f"{HERE}xac-thuc/", second_factor, name="second-factor"),
    path(
        f"{HERE}mat-khau/",
        step(
            PasswordChange,
            "password",
            gettext_lazy("Đổi mật khẩu"),
        ),
        name="account_change_password",
    ),
    path(
        f"{HERE}xac-nhan/",
        step(ReauthenticateView, "again", AGAIN, way="password"),
        name="account_reauthenticate",
    ),
    path(
        f"{HERE}xac-nhan/ma/",
        step(factor_views.ReauthenticateView, "again", AGAIN, way="code"),
        name="mfa_reauthenticate",
    ),
    path(
        f"{HERE}xac-nhan/khoa/",
        step(key_views.ReauthenticateWebAuthnView, "again", AGAIN, way="key"),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        f"{HERE}ung-dung/",
        step(
            totp_views.ActivateTOTPView,
            "totp",
            gettext_lazy("Bật ứng dụng tạo mã"),
        ),
        name="mfa_activate_totp",
    ),
    path(
        f"{HERE}ung-dung/bo/",
        step(
            totp_views.DeactivateTOTPView,
            "totp_remove",
            gettext_lazy("Bỏ ứng dụng tạo mã"),
        ),
        name="mfa_deactivate_totp",
    ),
    path(
        f"{HERE}khoa/them/",
        step(key_views.AddWebAuthnView, "key", gettext_lazy("Thêm khóa truy cập")),
        name="mfa_add_webauthn",
    ),
    path(
        f"{HERE}khoa/<int:pk>/",
        step(
            key_views.EditWebAuthnView,
            "key_name",
            gettext_lazy("Đổi tên khóa truy cập"),
        ),
        name="mfa_edit_webauthn",
    ),
    path(
        f"{HERE}khoa/<int:pk>/bo/",
        step(
            key_views.RemoveWebAuthnView,
            "key_remove",
            gettext_lazy("Bỏ khóa truy cập"),
        ),
        name="mfa_remove_webauthn",
    ),
    path(
        f"{HERE}ma-du-phong/",
        step(code_views.ViewRecoveryCodesView, "codes", gettext_lazy("Mã dự phòng")),
        name="mfa_view_recovery_codes",
    ),
    path(
        f"{HERE}ma-du-phong/tao/",
        step(
            code_views.GenerateRecoveryCodesView,
            "codes_new",
            gettext_lazy("Tạo mã dự phòng mới"),
        ),
        name="mfa_generate_recovery_codes",
    ),
]
