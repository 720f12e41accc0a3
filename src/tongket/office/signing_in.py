"""How does signing in with allauth follow our rules: guesses, words, what is kept?"""

import base64
import hashlib
import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.messages import ERROR
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from tongket.cycle import admit
from tongket.office import clock, devices, speech

WRONG = gettext_lazy(
    "Tên đăng nhập hoặc mật khẩu không đúng. Mật khẩu phân biệt chữ hoa và chữ thường."
)
WRONG_CODE = gettext_lazy(
    "Mã không đúng hoặc đã dùng rồi. Xem mã mới nhất trong ứng dụng, hoặc dùng một mã "
    "dự phòng chưa dùng."
)
TOO_SOON = "too_soon"  # the code of a form's error when a guess must wait
# What allauth would say in its own words; what is not here is not said.
SAID = {
    "mfa/messages/totp_activated.txt": gettext_lazy("Đã bật ứng dụng tạo mã."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("Đã bỏ ứng dụng tạo mã."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("Đã thêm khóa truy cập."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("Đã bỏ khóa truy cập."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy(
        "Đã tạo mã dự phòng mới; các mã cũ không dùng được nữa."
    ),
    "account/messages/password_changed.txt": gettext_lazy(
        "Đã đổi mật khẩu. Các thiết bị khác đã bị đăng xuất."
    ),
}


def network(request: HttpRequest) -> str:
    """Return the network that a request comes from: an address, or a /64 of IPv6."""
    address = ipaddress.ip_address(AccountAdapter(request).get_client_ip(request))
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def account_of(typed: str) -> User | None:
    """Return the account that a name or an e-mail address belongs to, if any."""
    found = User.objects.filter(username__iexact=typed).first()
    return found or User.objects.filter(email__iexact=typed).exclude(email="").first()


def guess_at(request: HttpRequest, user: User | None, typed: str = "") -> admit.Guess:
    """Return a guess as it is counted; equal names count as one."""
    account = str(user.pk) if user else f"~{typed.casefold()}"
    device = devices.known(request, user) if user else ""
    return admit.Guess(account, network(request), device)


def charge(counts: Any) -> None:
    """Count a guess before it is looked at; a form's error when it must wait."""
    try:
        admit.charge(counts, at=timezone.now())
    except admit.TooSoon as soon:
        words = speech.translated(soon.sentence)
        raise ValidationError(words, code=TOO_SOON) from soon


def told_wrong(user: User | None) -> None:
    """Count a wrong guess for the log."""
    name = user.get_username() if user else admit.NOBODYS
    admit.failed(username=name, at=timezone.now(), recorded_at=clock.now())


class AccountAdapter(DefaultAccountAdapter):
    """Nobody registers themselves; guesses wait; devices are remembered."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "incorrect_password": gettext_lazy("Mật khẩu không đúng."),
        "enter_current_password": gettext_lazy("Mật khẩu hiện tại không đúng."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are given, never taken."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address; the machine's own where there is none."""
        if "REMOTE_ADDR" not in request.META:
            return "127.0.0.1"
        return super().get_client_ip(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose name and password these are, unless the guess must wait."""
        typed = credentials.get("email") or credentials.get("username") or ""
        self.account = account_of(typed)
        counts = guess_at(request, self.account, typed).counts()
        charge(counts)
        user = super().authenticate(request, **credentials)
        if user is not None:
            admit.refund(counts, at=timezone.now())
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Say nothing here: `authenticate` counts, without a lock on the account."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a wrong password for the log."""
        told_wrong(self.account)

    def post_login(
        self, request: HttpRequest, user: User, **hooks: Any
    ) -> HttpResponse:
        """Remember the device, and record who came in by what."""
        records = get_authentication_records(request, user)
        how = [str(each.get("type") or each["method"]) for each in records]
        # Who just signed in has just proved who they are.
        record_authentication(request, user, "sign-in", reauthenticated=True)
        response = super().post_login(request, user, **hooks)
        devices.remember(request, response, user)
        admit.succeeded(user=user, how=how, at=timezone.now(), recorded_at=clock.now())
        return response

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say our words for what happened, or nothing."""
        words = message or SAID.get(message_template or "")
        if words:
            tags = extra_tags
            super().add_message(request, level, extra_tags=tags, message=str(words))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Tell who has the right password that the account is locked."""
        words = gettext(
            "Tài khoản này đã bị khóa; liên hệ cơ quan thường trực Ban Chỉ đạo."
        )
        super().add_message(request, ERROR, message=words)
        return redirect("sign-in")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return by what somebody may prove again who they are, in our words."""
        words = {
            "reauthenticate": gettext("Mật khẩu"),
            "mfa_reauthenticate": gettext("Mã của ứng dụng hoặc mã dự phòng"),
            "mfa_reauthenticate:webauthn": gettext("Khóa truy cập"),
        }
        found = super().get_reauthentication_methods(user)
        return [{**each, "description": words[each["id"]]} for each in found]


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are kept sealed with a key made of the site's own."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as it is kept."""
        return sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret that was kept."""
        return sealer().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Return a name for the next key, which its owner may change."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Khóa số %(number)s") % {"number": count + 1}


def sealer() -> Fernet:
    """Return what seals the secrets of second factors."""
    key = hashlib.sha256(b"tongket.factors\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class PasswordChangeForm(ChangePasswordForm):
    """The old password, and the new one twice."""

    def clean(self) -> dict[str, Any]:
        """Say in our words that the two differ."""
        found = super().clean()
        return same_twice(self, found)


def same_twice(form: forms.Form, found: dict[str, Any]) -> dict[str, Any]:
    """Refuse two new passwords that differ, in one sentence."""
    form.errors.pop("password2", None)
    typed = form.data.get("password1"), form.data.get("password2")
    if typed[0] != typed[1]:
        form.add_error("password2", gettext("Hai lần nhập không giống nhau."))
    return found


class CountedCode:
    """A second factor's code: guesses wait, and a code works once."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        """Return a right code; refuse one too soon, wrong or used before."""
        counts = guess_at(context.request, self.user).code_counts()
        charge(counts)
        try:
            code = str(super().clean_code())
        except ValidationError:
            told_wrong(self.user)
            raise
        is_counted = self.authenticator.type == Authenticator.Type.TOTP
        if is_counted and not admit.first_use(self.user, code, at=timezone.now()):
            raise ValidationError(WRONG_CODE)
        admit.refund(counts, at=timezone.now())
        return code


class CodeForm(CountedCode, AuthenticateForm):
    """The code that completes signing in."""


class CodeAgainForm(CountedCode, ReauthenticateForm):
    """The code that says again who is there."""
