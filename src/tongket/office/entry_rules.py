"""What holds on every page for who is signed in: how long, and with which proof?

A session ends after a time without a request and after its longest time. Where the site
requires a second factor, who holds a role that needs one and has none reaches the pages
that set one up, and nothing else. Acts of weight ask again who is there.
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.account.signals import password_changed
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from tongket.cycle import admit
from tongket.domain.access import Permission, needs_second_factor
from tongket.office import clock, facts
from tongket.office.entrance import Actor

STARTED, SEEN = "tongket_started", "tongket_seen"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What somebody reaches who must set up a second factor first.
WITHOUT_FACTOR = frozenset(
    {
        "second-factor",
        "sign-in",
        "account_login",
        "sign-out",
        "account_logout",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
# Acts of weight: publishing, signing, keys for programs, roles, others' accounts.
WEIGHTY = frozenset(
    {
        "publish",
        "report-sign",
        "tokens",
        "role-grant",
        "role-end",
        "person-lock",
        "person-link",
        "person-factors",
        "invite-apply",
        "invite-links",
    }
)


def lacks_factor(user: User, day: dt.date) -> bool:
    """Whether an account must set up a second factor before anything else.

    Who decides for somebody away needs one as much as who decides by an own role.
    """
    if not settings.IS_SECOND_FACTOR_REQUIRED:
        return False
    grants = Actor(user, day).grants
    if not (user.is_superuser or needs_second_factor(grants, day)):
        return False
    return not Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


class EntryMiddleware:
    """Ends sessions that are over, and holds people where a proof is missing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.is_held = False
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._limit(request)
        return self.get_response(request)

    def _limit(self, request: HttpRequest) -> None:
        """Sign out who was away too long; note now and then that somebody is there."""
        if not request.user.is_authenticated:
            return
        now, session = int(time.time()), request.session
        seen, started = session.get(SEEN, now), session.get(STARTED, now)
        is_over = now - started > settings.SESSION_COOKIE_AGE
        if is_over or now - seen > settings.SESSION_IDLE:
            logout(request)
            words = gettext(
                "Phiên làm việc đã hết hạn để bảo vệ số liệu; hãy đăng nhập lại."
            )
            messages.info(request, words)
        elif SEEN not in session or now - seen > settings.SESSION_IDLE // 6:
            session[SEEN] = now
            session.setdefault(STARTED, now)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Lead to the missing proof, or let the page answer."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user, name = request.user, request.resolver_match.url_name
        if not user.is_authenticated:
            return None
        if lacks_factor(user, clock.today()):
            request.is_held = True
            return None if name in WITHOUT_FACTOR else redirect("second-factor")
        if request.path.startswith("/cms/") and not edits_today(user):
            raise Http404
        if name == "year" and not has_role_today(user):
            return redirect("no-role")
        if name in WEIGHTY and request.method == "POST":
            return proof_again(request)
        return None


def has_role_today(user: User) -> bool:
    """Whether any role is on, the account's own or for somebody away.

    The administrator needs none.
    """
    today = clock.today()
    grants = Actor(user, today).grants
    return user.is_superuser or any(each.holds_on(today) for each in grants)


def edits_today(user: User) -> bool:
    """Whether the portal's editor is open to the account today: the role has dates.

    The portal is the province's: a unit below may give its own people the role of an
    editor, which must not open the pages of the whole province.
    """
    province = facts.pack().province
    actor = Actor(user, clock.today())
    return user.is_superuser or province in actor.at(Permission.PUBLISH)


def proof_again(request: HttpRequest) -> HttpResponse | None:
    """Ask again who is there before an act of weight, where the site requires it.

    What was sent is kept meanwhile and carried out afterwards.
    """
    if not settings.IS_SECOND_FACTOR_REQUIRED:
        return None
    try:
        reauthentication_required(lambda _request: None)(request)
    except ReauthenticationRequired:
        ways = get_adapter(request).get_reauthentication_methods(request.user)
        return suspend_request(request, ways[0]["url"]) if ways else redirect("sign-in")
    return None


def on_signed_in(request: HttpRequest, **_rest: Any) -> None:
    """Note when a session began; saved with the session itself."""
    now = int(time.time())
    request.session[STARTED] = request.session[SEEN] = now


def on_factor(act: str) -> Callable[..., None]:
    """Return what records that a factor of the signed-in person changed."""

    def record(user: User, authenticator: Authenticator, **_rest: Any) -> None:
        kind = str(authenticator.type)
        admit.factor_changed(user=user, kind=kind, act=act, at=clock.now())

    return record


RECORDS = {
    "add_factor": (factors.authenticator_added, on_factor("add_factor")),
    "remove_factor": (factors.authenticator_removed, on_factor("remove_factor")),
    "renew_factor": (factors.authenticator_reset, on_factor("renew_factor")),
}


def on_password_changed(user: User, **_rest: Any) -> None:
    """Record that somebody changed the own password."""
    admit.factor_changed(
        user=user, kind="password", act="change_password", at=clock.now()
    )


def connect() -> None:
    """Let the log hear of sign-ins and factors; once a process (apps.py)."""
    user_logged_in.connect(on_signed_in, dispatch_uid="tongket.signed_in")
    password_changed.connect(on_password_changed, dispatch_uid="tongket.password")
    for name, (signal, receiver) in RECORDS.items():
        signal.connect(receiver, dispatch_uid=f"tongket.{name}")
