"""May this rating form be counted? It was issued by us, is neither new nor old, once.

The signed nonce does the work of a CSRF token, so that readers need no cookie. It
keeps a robot from voting faster than people read; it cannot promise one vote a person,
and the page says so.
"""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from tongket.portal.models import UsedNonce

SALT = "tongket.portal.rating"


class NotCounted(Exception):
    """The form is not counted; `status` is the HTTP answer, `sentence` the reason.

    `may_be_sent_again` tells whether the same form becomes good by waiting.
    """

    status = 400
    sentence = gettext_lazy("Phiếu không hợp lệ; mời bạn đánh giá lại bằng phiếu mới.")
    may_be_sent_again = False


class TooEarly(NotCounted):
    """Sent faster than anybody reads."""

    status = 429
    sentence = gettext_lazy(
        "Bạn gửi hơi nhanh; đề nghị chờ ít giây để đọc trang rồi bấm gửi lại."
    )
    may_be_sent_again = True


class Expired(NotCounted):
    """Issued too long ago."""

    sentence = gettext_lazy("Phiếu đã quá thời hạn; mời bạn gửi lại bằng phiếu mới.")


class UsedAlready(NotCounted):
    """The same form was counted before."""

    status = 409
    sentence = gettext_lazy("Phiếu này đã được ghi nhận trước đó.")


def issue(article: int, *, at: dt.datetime) -> str:
    """Return a nonce for one rating of the article, issued at `at`."""
    content = [article, at.timestamp(), secrets.token_urlsafe(12)]
    return signing.dumps(content, salt=SALT)


def spend(nonce: str, article: int, *, at: dt.datetime) -> None:
    """Use up the nonce, or raise the `NotCounted` that says why it cannot be counted.

    Good from `RATING_OPENS_AFTER` to `RATING_CLOSES_AFTER` seconds, both included.
    """
    try:
        issued_for, issued_at, _ = signing.loads(nonce, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise NotCounted from error
    age = at.timestamp() - issued_at
    if issued_for != article:
        raise NotCounted
    if age > settings.RATING_CLOSES_AFTER:
        raise Expired
    if age < settings.RATING_OPENS_AFTER:
        raise TooEarly
    UsedNonce.objects.filter(expires_at__lt=at).delete()
    _remember(nonce, at + dt.timedelta(seconds=settings.RATING_CLOSES_AFTER))


def _remember(nonce: str, expires_at: dt.datetime) -> None:
    digest = hashlib.sha256(nonce.encode()).hexdigest()
    try:
        with transaction.atomic():
            UsedNonce.objects.create(digest=digest, expires_at=expires_at)
    except IntegrityError as error:
        raise UsedAlready from error
