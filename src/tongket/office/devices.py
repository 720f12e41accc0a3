"""Which browser did an account's owner sign in from before?

A signed cookie remembers it, per account, and tells nothing else. It ends with the
password that it was made under. Whoever lacks it may sign in as well; only the waits
after wrong guesses differ (cycle/admit.py).
"""

import hmac
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "tongket_device"
SALT = "tongket.device"
KEPT = 365 * 24 * 3600  # seconds
MOST = 8  # accounts that one browser remembers


def _read(request: HttpRequest) -> dict[str, list[str]]:
    try:
        found: Any = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT
        )
    except signing.BadSignature:
        return {}
    return dict(found)


def _mark(user: User) -> str:
    """Return what changes with the password."""
    return salted_hmac(SALT, user.password, algorithm="sha256").hexdigest()[:20]


def known(request: HttpRequest, user: User) -> str:
    """Return the name of this browser for an account, "" where it is unknown."""
    name, mark = _read(request).get(str(user.pk), ["", ""])
    return name if hmac.compare_digest(mark, _mark(user)) else ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let a browser in which the owner signed in be known from now on."""
    kept = {pk: told for pk, told in _read(request).items() if pk != str(user.pk)}
    name = known(request, user) or secrets.token_urlsafe(12)
    latest = [(str(user.pk), [name, _mark(user)]), *kept.items()][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(latest), salt=SALT),
        max_age=KEPT,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
