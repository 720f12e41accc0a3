"""Connect ("kết nối phần mềm"): which program acts for whom, and was this sent before?

A key ("khóa") lets a program act for one account, within scopes, until a day. Only its
SHA-256 is kept: the key itself is told once. A request that carries an idempotency key
is carried out once, and its answer is given again for as long as it is kept.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from tongket.domain.sentences import Refusal, Refusals
from tongket.records import audit
from tongket.records.models import ApiToken, KeptAnswer

PREFIX = "tk_"
LONGEST = 366  # days that a key may last
KEPT_FOR = dt.timedelta(days=7)
LONGEST_IDEMPOTENCY_KEY = 200


class Scope(StrEnum):
    """What a key lets a program do, never more than the account itself may."""

    READ_UNITS = "read:units"
    READ_RETURNS = "read:returns"
    WRITE_RETURNS = "write:returns"


class NameMissing(Refusal):
    """A key without a name cannot be told from the others when one must go."""

    words = "Đặt tên cho khóa, ví dụ tên phần mềm sẽ dùng khóa này."


class NameTooLong(Refusal):
    """A name longer than the list shows."""

    words = "Tên khóa dài {length} ký tự; rút xuống còn nhiều nhất 100 ký tự."


class ScopeMissing(Refusal):
    """A key that lets nothing be done."""

    words = "Chọn ít nhất một quyền cho khóa."


class ScopeUnknown(Refusal):
    """No such scope."""

    words = "Không có quyền “{scope}”; chọn trong: {known}."


class ExpiryOutside(Refusal):
    """A key ends on a day from today to a year ahead."""

    words = (
        "Ngày hết hạn phải từ {first:%d/%m/%Y} đến {last:%d/%m/%Y} (khóa dùng được "
        "nhiều nhất 366 ngày)."
    )


class AlreadyRevoked(Refusal):
    """The key was revoked before."""

    words = "Khóa “{name}” đã được thu hồi từ trước."


class KeyUsedForAnother(Refusal):
    """An idempotency key that came with another request before."""

    words = (
        "Mã chống gửi trùng “{key}” đã dùng cho một yêu cầu khác; dùng mã mới cho yêu "
        "cầu mới."
    )


class IdempotencyKeyWrong(Refusal):
    """An idempotency key that cannot be kept."""

    words = "Mã chống gửi trùng phải có từ 1 đến {longest} ký tự in được."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered, and whether it had been answered before."""

    status: int
    content: Any
    is_replayed: bool = False


class _AnsweredMeanwhile(Exception):
    """Another request with the same key was answered first."""


def digest(key: str) -> str:
    """Return what is kept of a key, of a request's body, and looked up."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def issue(
    *,
    user: User,
    name: str,
    scopes: Collection[str],
    until: dt.date,
    by: str,
    at: dt.datetime,
) -> tuple[ApiToken, str]:
    """Return a new key of an account and its text, which is told now and never again.

    `until` is the last day on which the key works, at most 366 days ahead.
    """
    today, name = timezone.localtime(at).date(), name.strip()
    refusals = _wrong(name, scopes, until, today)
    if refusals:
        raise Refusals(refusals)
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        hint=key[:10],
        digest=digest(key),
        scopes=sorted(set(scopes)),
        created_at=at,
        expires_at=timezone.make_aware(
            dt.datetime.combine(until + dt.timedelta(days=1), dt.time())
        ),
    )
    new = {"name": name, "scopes": token.scopes, "until": until.isoformat()}
    act = audit.Act("issue_key", _subject(token), new)
    audit.record([act], by=by, at=at)
    return token, key


def _wrong(
    name: str, scopes: Collection[str], until: dt.date, today: dt.date
) -> list[Refusal]:
    found: list[Refusal] = []
    if not name:
        found.append(NameMissing())
    if len(name) > 100:
        found.append(NameTooLong(length=len(name)))
    if not scopes:
        found.append(ScopeMissing())
    known = [str(scope) for scope in Scope]
    found += [
        ScopeUnknown(scope=scope, known=", ".join(known))
        for scope in scopes
        if scope not in known
    ]
    last = today + dt.timedelta(days=LONGEST)
    if not today <= until <= last:
        found.append(ExpiryOutside(first=today, last=last))
    return found


def _subject(token: ApiToken) -> str:
    return f"account:{token.user.get_username()}:{token.hint}"


@transaction.atomic
def revoke(*, token: ApiToken, by: str, at: dt.datetime) -> ApiToken:
    """Let a key work no more, from this instant on."""
    row = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if row.revoked_at is not None:
        raise AlreadyRevoked(name=row.name)
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    act = audit.Act("revoke_key", _subject(row), {"name": row.name})
    audit.record([act], by=by, at=at)
    return row


def authenticate(*, key: str, at: dt.datetime) -> ApiToken | None:
    """Return the key that a request carries; None when it may do nothing any more."""
    return (
        ApiToken.objects.select_related("user")
        .filter(
            digest=digest(key),
            revoked_at=None,
            expires_at__gt=at,
            user__is_active=True,
        )
        .first()
    )


def once(
    *,
    user: User,
    key: str,
    request: str,
    at: dt.datetime,
    work: Callable[[], tuple[int, Any]],
) -> Answer:
    """Carry a request out once for a key, and give its first answer again.

    `request` tells this request from another one (a digest of address and body). The
    claim, the work and the answer are one transaction: a server that dies keeps none of
    them, and a request that comes while the first is under way waits for its answer.
    """
    if not (0 < len(key) <= LONGEST_IDEMPOTENCY_KEY and key.isprintable()):
        raise IdempotencyKeyWrong(longest=LONGEST_IDEMPOTENCY_KEY)
    kept = _kept(user, key, request, at)
    if kept is not None:
        return kept
    try:
        with transaction.atomic():
            row = _claim(user, key, request, at)
            row.status, row.answer = work()
            row.save(update_fields=["status", "answer"])
            old = KeptAnswer.objects.filter(user=user, at__lte=at - KEPT_FOR)
            old.delete()
            return Answer(row.status, row.answer)
    except _AnsweredMeanwhile:
        kept = _kept(user, key, request, at)
        assert kept is not None, "who claimed the key first has committed its answer"
        return kept


def _kept(user: User, key: str, request: str, at: dt.datetime) -> Answer | None:
    row = KeptAnswer.objects.filter(user=user, key=key, at__gt=at - KEPT_FOR).first()
    if row is None:
        return None
    if row.request != request:
        raise KeyUsedForAnother(key=key)
    return Answer(row.status, row.answer, is_replayed=True)


def _claim(user: User, key: str, request: str, at: dt.datetime) -> KeptAnswer:
    KeptAnswer.objects.filter(user=user, key=key, at__lte=at - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(
                user=user, key=key, request=request, status=0, answer={}, at=at
            )
    except IntegrityError as error:
        raise _AnsweredMeanwhile from error
