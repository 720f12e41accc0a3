"""Enrol ("cấp tài khoản"): who works with the system, in which role, at which unit?

Whoever gives out a role or takes one back must hold what domain/access.py asks for
(GRANTS), and nobody does it to themselves. An account is in somebody's care when every
role of it that has not ended is theirs to give: only then may they lock it, send its
owner a link, or take its lost factors away.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Q

from tongket.domain import access
from tongket.domain.access import Grant, Role
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import Tree
from tongket.records import audit
from tongket.records.models import ApiToken, Invitation, Membership, Unit

EDITORS = "Editors"  # Wagtail's own group for those who edit pages


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An account to be: a post and its role at a unit, from a day on."""

    username: str
    post: str
    role: Role
    unit: str
    start: dt.date


class NotYours(Refusal, PermissionError):
    """Who gives the role out has no place from which it may be given."""

    words = (
        "Bạn không được cấp hoặc cho thôi vai trò này tại {unit}: chỉ cơ quan thường "
        "trực của đơn vị đó hoặc của cấp trên được làm."
    )


class NotToYourself(Refusal, PermissionError):
    """Nobody gives themselves a role, or takes care of their own account so."""

    words = "Không ai tự làm việc này cho tài khoản của chính mình; nhờ người khác."


class NotInYourCare(Refusal, PermissionError):
    """The account holds a role that is not the asker's to give."""

    words = (
        "Tài khoản “{username}” có vai trò ngoài phạm vi của bạn; cơ quan thường trực "
        "cấp trên mới làm được việc này."
    )


class ReasonMissing(Refusal):
    """Nothing says why."""

    words = "Nêu lý do (số quyết định, văn bản hoặc việc xảy ra)."


class DaysTheWrongWay(Refusal, ValueError):
    """A role would end before it begins."""

    words = (
        "Ngày kết thúc {end:%d/%m/%Y} trước ngày bắt đầu {start:%d/%m/%Y}; sửa một "
        "trong hai ngày."
    )


class HeldAlready(Refusal):
    """The same role at the same unit on some of the same days."""

    words = (
        "Tài khoản “{username}” đã có vai trò này tại {unit} từ ngày {start:%d/%m/%Y}; "
        "cho thôi vai trò cũ trước."
    )


class EndsAlready(Refusal):
    """The role ended before."""

    words = "Vai trò này đã kết thúc ngày {end:%d/%m/%Y}."


class NothingToRemove(Refusal):
    """The account has no second factor."""

    words = "Tài khoản “{username}” chưa có yếu tố xác thực thứ hai nào."


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives out roles: the account, its grants, and the tree of the day."""

    username: str
    grants: tuple[Grant, ...]
    tree: Tree
    is_administrator: bool = False

    def may_give(self, role: Role, unit: str) -> bool:
        """Whether the role at the unit is theirs to give."""
        if self.is_administrator:
            return True
        return access.may_grant(self.grants, role, unit, self.tree)

    def cares_for(self, user: User) -> bool:
        """Whether every role of the account that has not ended is theirs to give."""
        return bool(self.in_care([user]))

    def in_care(self, users: Iterable[User]) -> list[User]:
        """Return those of some accounts that are in their care; one question for all.

        At most as many at once as a database takes in one question.
        """
        asked = list(users)
        if self.is_administrator:
            return asked
        rows = Membership.objects.filter(user__in=[each.pk for each in asked]).filter(
            Q(end_on=None) | Q(end_on__gte=self.tree.day)
        )
        held: dict[int, list[bool]] = defaultdict(list)
        for pk, role, unit in rows.values_list("user", "role", "unit__key"):
            held[pk].append(self.may_give(Role(role), unit))
        return [
            each
            for each in asked
            if not each.is_superuser and held[each.pk] and all(held[each.pk])
        ]


@transaction.atomic
def enrol(
    *, newcomers: Sequence[Newcomer], password: str, by: str, at: dt.datetime
) -> list[User]:
    """Give each newcomer an account and a role; accounts that exist are left alone.

    `password` is hashed already (`django.contrib.auth.hashers.make_password`).
    """
    known = set(User.objects.values_list("username", flat=True))
    ids = dict(Unit.objects.values_list("key", "id"))
    users, acts = [], []
    for each in newcomers:
        if each.username in known:
            continue
        user = User.objects.create(
            username=each.username, first_name=each.post[:150], password=password
        )
        Membership.objects.create(
            user=user,
            role=each.role,
            unit_id=ids[each.unit],
            post=each.post,
            start_on=each.start,
        )
        if each.role is Role.EDITOR:
            user.groups.add(Group.objects.get(name=EDITORS))
        users.append(user)
        new = {"role": each.role, "unit": each.unit}
        acts.append(audit.Act("enrol", f"account:{each.username}", new))
    audit.record(acts, by=by, at=at)
    return users


@transaction.atomic
def grant(
    *,
    user: User,
    role: Role,
    unit: str,
    post: str,
    start: dt.date,
    end: dt.date | None,
    reason: str,
    giver: Giver,
    at: dt.datetime,
) -> Membership:
    """Give an account a role at a unit from `start` to `end`, both days included."""
    _locked(user)
    refusals: list[Refusal] = []
    place = Unit.objects.filter(key=unit).first()
    if place is None or not giver.may_give(role, unit):
        refusals.append(NotYours(unit=unit_name(unit, giver.tree)))
    if user.username == giver.username:
        refusals.append(NotToYourself())
    if not reason.strip():
        refusals.append(ReasonMissing())
    if end is not None and end < start:
        refusals.append(DaysTheWrongWay(start=start, end=end))
    held = Membership.objects.filter(user=user, role=role, unit=place)
    held = held.filter(Q(end_on=None) | Q(end_on__gte=start))
    other = held.filter(start_on__lte=end) if end else held
    if place is not None and (same := other.first()) is not None:
        name = unit_name(unit, giver.tree)
        refusals.append(
            HeldAlready(username=user.username, unit=name, start=same.start_on)
        )
    if refusals:
        raise Refusals(refusals)
    row = Membership.objects.create(
        user=user,
        role=role,
        unit=place,
        post=post.strip()[:200],
        start_on=start,
        end_on=end,
    )
    _edits_pages(user)
    act = audit.Act("grant", f"account:{user.username}", _told(row, reason))
    audit.record([act], by=giver.username, at=at)
    return row


@transaction.atomic
def end_role(
    *,
    membership: Membership,
    end: dt.date,
    reason: str,
    giver: Giver,
    at: dt.datetime,
) -> Membership:
    """Let a role hold until `end` (included) and no longer."""
    row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    refusals: list[Refusal] = []
    if not giver.may_give(Role(row.role), row.unit.key):
        refusals.append(NotYours(unit=unit_name(row.unit.key, giver.tree)))
    if row.user.username == giver.username:
        refusals.append(NotToYourself())
    if not reason.strip():
        refusals.append(ReasonMissing())
    if row.end_on is not None and row.end_on < giver.tree.day:
        refusals.append(EndsAlready(end=row.end_on))
    elif end < row.start_on - dt.timedelta(days=1):
        refusals.append(DaysTheWrongWay(start=row.start_on, end=end))
    if refusals:
        raise Refusals(refusals)
    old = _told(row, "")
    row.end_on = end
    row.save(update_fields=["end_on"])
    act = audit.Act("end_role", f"account:{row.user.username}", _told(row, reason), old)
    audit.record([act], by=giver.username, at=at)
    return row


@transaction.atomic
def disable(*, user: User, reason: str, giver: Giver, at: dt.datetime) -> User:
    """Let nobody in with this account: sessions, keys and links end at once."""
    row = cared_for(user, reason, giver)
    row.is_active = False
    row.save(update_fields=["is_active"])
    end_sessions(row)
    ApiToken.objects.filter(user=row, revoked_at=None).update(revoked_at=at)
    open_links = Invitation.objects.filter(user=row, used_at=None, revoked_at=None)
    open_links.update(revoked_at=at)
    act = audit.Act("disable", f"account:{row.username}", {"reason": reason.strip()})
    audit.record([act], by=giver.username, at=at)
    return row


@transaction.atomic
def enable(*, user: User, reason: str, giver: Giver, at: dt.datetime) -> User:
    """Let an account be used again; its keys for programs stay revoked."""
    row = cared_for(user, reason, giver)
    row.is_active = True
    row.save(update_fields=["is_active"])
    act = audit.Act("enable", f"account:{row.username}", {"reason": reason.strip()})
    audit.record([act], by=giver.username, at=at)
    return row


@transaction.atomic
def remove_factors(*, user: User, reason: str, giver: Giver, at: dt.datetime) -> int:
    """Take away the second factors of somebody who lost them; return how many."""
    row = cared_for(user, reason, giver)
    count, _ = Authenticator.objects.filter(user=row).delete()
    if not count:
        raise NothingToRemove(username=row.username)
    end_sessions(row)
    new = {"count": count, "reason": reason.strip()}
    act = audit.Act("remove_factors", f"account:{row.username}", new)
    audit.record([act], by=giver.username, at=at)
    return count


@transaction.atomic
def sign_out_everywhere(*, user: User, by: str, at: dt.datetime) -> int:
    """End every session of an account; return how many there were."""
    count = end_sessions(user)
    act = audit.Act("sign_out_everywhere", f"account:{user.username}", {"count": count})
    audit.record([act], by=by, at=at)
    return count


def end_sessions(user: User) -> int:
    """Delete the sessions of an account, in whichever browser they are."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


def _locked(user: User) -> User:
    """Return the account, held until the transaction ends."""
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def cared_for(user: User, reason: str, giver: Giver) -> User:
    """Return an account held until the transaction ends, if the giver cares for it."""
    row = _locked(user)
    refusals: list[Refusal] = []
    if row.username == giver.username:
        refusals.append(NotToYourself())
    elif not giver.cares_for(row):
        refusals.append(NotInYourCare(username=row.username))
    if not reason.strip():
        refusals.append(ReasonMissing())
    if refusals:
        raise Refusals(refusals)
    return row


def _edits_pages(user: User) -> None:
    """Let who is an editor, and nobody else, into the portal's editor."""
    if user.memberships.filter(role=Role.EDITOR).exists():
        user.groups.add(Group.objects.get(name=EDITORS))


def _told(row: Membership, reason: str) -> dict[str, str]:
    """Return a role as the log keeps it."""
    told = {
        "role": str(row.role),
        "unit": row.unit.key,
        "post": row.post,
        "start": row.start_on.isoformat(),
        "end": row.end_on.isoformat() if row.end_on else "",
        "reason": reason.strip(),
    }
    return {name: value for name, value in told.items() if value}


def unit_name(unit: str, tree: Tree) -> str:
    """Return what a unit is called on the tree's day, else its key."""
    return tree[unit].name if unit in tree else unit
