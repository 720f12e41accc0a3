"""Which links let somebody set a password: given out, taken back, used once.

Only the SHA-256 of a link's token (256 bits) is kept. Whoever gives links out asks for
new ones when some are lost; earlier ones then end.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from tongket.cycle import enrol, post
from tongket.cycle.enrol import Giver
from tongket.cycle.invite.lists import BATCH, Outcome
from tongket.domain.sentences import Refusal
from tongket.records import audit
from tongket.records.models import Invitation, Upload

LASTS = dt.timedelta(days=14)  # a link of an invitation
RESET_LASTS = dt.timedelta(days=1)  # a link for a new password


class LinkUnknown(Refusal, LookupError):
    """No such link was ever given out."""

    words = (
        "Liên kết này không đúng; kiểm tra đã chép đủ cả dòng, hoặc xin liên kết mới."
    )


class LinkUsed(Refusal):
    """The link has set a password already."""

    words = (
        "Liên kết này đã được dùng lúc {at:%H:%M %d/%m/%Y}; đăng nhập bằng mật "
        "khẩu đã đặt. Nếu không phải bạn đặt, báo ngay cơ quan thường trực."
    )


class LinkExpired(Refusal):
    """The link was not used in time."""

    words = (
        "Liên kết này đã hết hạn ngày {at:%d/%m/%Y}; xin cơ quan thường trực cấp lại."
    )


class LinkRevoked(Refusal):
    """The link was taken back, or another one was given out since."""

    words = (
        "Liên kết này đã bị thu hồi hoặc thay bằng liên kết mới; dùng liên kết mới "
        "nhất."
    )


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was just made; its token is known now and never again."""

    user: User
    token: str
    until: dt.datetime


def digest(token: str) -> str:
    """Return what is kept of a token, and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


Writer = Callable[[Link], post.Letter]  # what is mailed with a link


def _in_batches(names: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(names), BATCH):
        yield names[start : start + BATCH]


@transaction.atomic
def links(
    *, upload: Upload, giver: Giver, letter: Writer | None = None, at: dt.datetime
) -> list[Link]:
    """Return a new link for each account that a list made and nobody has taken up yet.

    None for an account that got a role since which is not the giver's to give: whoever
    has the link comes in as that account. With `letter` only accounts that have an
    e-mail address get one, and it is mailed.
    """
    # What a list would make, somebody else may have made by now: it is theirs.
    is_made = upload.state == Upload.State.APPLIED
    names = [
        line["username"]
        for line in upload.results["lines"]
        if is_made and line["outcome"] == Outcome.ACCOUNT
    ]
    users: list[User] = []
    for some in _in_batches(names):
        found = User.objects.filter(username__in=some, is_active=True)
        users += giver.in_care(found)
    waiting = [
        user
        for user in users
        if not user.has_usable_password() and (user.email or letter is None)
    ]
    made = _issue(waiting, Invitation.Kind.INVITE, giver.username, at)
    if letter is not None:
        post.queue(map(letter, made), cause="invite", by=giver.username, at=at)
    return made


@transaction.atomic
def reset_link(
    *,
    user: User,
    reason: str,
    giver: Giver,
    letter: Writer | None = None,
    at: dt.datetime,
) -> Link:
    """Return a link through which an account's owner sets a new password.

    With `letter` it is mailed, where the account has an address.
    """
    row = enrol.cared_for(user, reason, giver)
    taken_up = row.has_usable_password()
    kind = Invitation.Kind.RESET if taken_up else Invitation.Kind.INVITE
    made = _issue([row], kind, giver.username, at)
    if letter is not None and row.email:
        post.queue(map(letter, made), cause="password", by=giver.username, at=at)
    return made[0]


def _issue(users: Sequence[User], kind: str, by: str, at: dt.datetime) -> list[Link]:
    until = at + (LASTS if kind == Invitation.Kind.INVITE else RESET_LASTS)
    made = [Link(user, secrets.token_urlsafe(32), until) for user in users]
    for some in _in_batches([user.pk for user in users]):
        earlier = Invitation.objects.filter(user__in=some, used_at=None)
        earlier.filter(revoked_at=None).update(revoked_at=at)
    Invitation.objects.bulk_create(
        [
            Invitation(
                user=each.user,
                kind=kind,
                digest=digest(each.token),
                created_at=at,
                created_by=by,
                expires_at=until,
            )
            for each in made
        ],
        batch_size=BATCH,
    )
    acts = [
        audit.Act(
            "issue_link",
            f"account:{each.user.username}",
            {"kind": str(kind), "until": until.date().isoformat()},
        )
        for each in made
    ]
    audit.record(acts, by=by, at=at)
    return made


@transaction.atomic
def revoke_links(*, user: User, giver: Giver, reason: str, at: dt.datetime) -> int:
    """Let no link of an account work any more; return how many still did."""
    row = enrol.cared_for(user, reason, giver)
    still = Invitation.objects.filter(user=row, used_at=None, revoked_at=None)
    count = still.filter(expires_at__gt=at).update(revoked_at=at)
    act = audit.Act("revoke_links", f"account:{row.username}", {"count": count})
    audit.record([act], by=giver.username, at=at)
    return count


def found(*, token: str, at: dt.datetime) -> Invitation:
    """Return the invitation of a token; refuses one that works no more."""
    row = Invitation.objects.select_related("user").filter(digest=digest(token)).first()
    return _usable(row, at)


def _usable(row: Invitation | None, at: dt.datetime) -> Invitation:
    if row is None:
        raise LinkUnknown
    if row.used_at is not None:
        raise LinkUsed(at=row.used_at.astimezone(at.tzinfo))
    if row.revoked_at is not None or not row.user.is_active:
        raise LinkRevoked
    if row.expires_at <= at:
        raise LinkExpired(at=row.expires_at.astimezone(at.tzinfo))
    return row


@transaction.atomic
def take_up(*, token: str, password: str, at: dt.datetime) -> User:
    """Set the password of an invitation's account, once; earlier sessions end.

    `password` is hashed already; whether it is good enough the page has asked.
    """
    query = Invitation.objects.select_for_update(of=("self",)).select_related("user")
    row = _usable(query.filter(digest=digest(token)).first(), at)
    user = row.user
    user.password = password
    user.save(update_fields=["password"])
    row.used_at = at
    row.save(update_fields=["used_at"])
    enrol.end_sessions(user)
    act = audit.Act("take_up", f"account:{user.username}", {"kind": row.kind})
    audit.record([act], by=user.username, at=at)
    return user
