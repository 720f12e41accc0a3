"""Who decides while a reviewer is away? Somebody named, on stated days, with a reason.

A delegation gives the right to decide on returns at the giver's unit and nothing more:
not the giver's other powers, not beyond the giver's own days, and not to be passed on.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tongket.domain import access
from tongket.domain.access import Grant, Permission, Role
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import Tree
from tongket.records import audit
from tongket.records.models import Delegation, Membership


class GivenToOneself(Refusal):
    """A delegation to oneself."""

    words = "Không ủy quyền cho chính mình; chọn một tài khoản khác."


class GivenWithoutRight(Refusal):
    """Who gives does not decide on returns."""

    words = (
        "{giver} không có quyền duyệt báo cáo tại đơn vị này nên không thể ủy quyền."
    )


class GivenOn(Refusal):
    """What was received by delegation is passed on."""

    words = (
        "Quyền duyệt tại {unit} là quyền được ủy quyền, không được ủy quyền tiếp; đề "
        "nghị người có quyền tự ủy quyền."
    )


class GivenTooLong(Refusal):
    """Days beyond the giver's own."""

    words = (
        "Ủy quyền từ {start:%d/%m/%Y} đến {end:%d/%m/%Y} vượt quá thời hạn vai trò của "
        "{giver} ({own_start:%d/%m/%Y}–{own_end}); chọn ngày trong thời hạn đó."
    )


class DaysReversed(Refusal):
    """The last day lies before the first, or is over."""

    words = (
        "Ngày cuối {end:%d/%m/%Y} phải từ ngày đầu {start:%d/%m/%Y} trở đi và chưa "
        "qua; sửa lại ngày."
    )


class ReasonForGiving(Refusal):
    """A delegation says why."""

    words = "Nêu lý do ủy quyền; lý do được ghi vào nhật ký."


class TakerUnknown(Refusal, LookupError):
    """No account with that name may take it."""

    words = (
        "Không có tài khoản “{taker}” đang hoạt động ở văn phòng; kiểm tra lại tên "
        "đăng nhập."
    )


class TakerSends(Refusal):
    """Who sends returns of units below would decide on them."""

    words = (
        "{taker} gửi báo cáo cho đơn vị thuộc quyền duyệt của {unit} nên không được "
        "nhận ủy quyền; chọn người không gửi báo cáo."
    )


class GivenAlready(Refusal):
    """The same right, to the same person, on the same days."""

    words = (
        "{taker} đang được ủy quyền tại {unit} đến {end:%d/%m/%Y}; kết thúc ủy quyền "
        "đó trước."
    )


class EndedAlready(Refusal):
    """A delegation that is over is ended."""

    words = "Ủy quyền này đã kết thúc."


@transaction.atomic
def delegate(
    *,
    giver: User,
    unit: str,
    taker: str,
    start: dt.date,
    end: dt.date,
    reason: str,
    by: str,
    at: dt.datetime,
    tree: Tree,
) -> Delegation:
    """Let `taker` decide at a unit in the giver's stead, on two days and between them.

    Refuses everything that stands against it, each in one sentence.
    """
    membership = _own(giver, unit, start, tree)
    user = User.objects.filter(username=taker.strip(), is_active=True).first()
    if user is None or not user.memberships.exists():
        raise TakerUnknown(taker=taker.strip())
    on = timezone.localtime(at).date()
    refusals = [
        *_about_the_days(membership, start, end, on),
        *_about_the_taker(membership, user, start, end, tree),
        *(() if reason.strip() else (ReasonForGiving(),)),
    ]
    if refusals:
        raise Refusals(refusals)
    kept = Delegation.objects.create(
        giver=giver,
        taker=user,
        membership=membership,
        start_on=start,
        end_on=end,
        reason=reason.strip(),
        at=at,
        by=by,
    )
    new = {
        "giver": giver.username,
        "unit": unit,
        "on": start.isoformat(),
        "until": end.isoformat(),
        "reason": kept.reason,
    }
    audit.record([audit.Act("delegate", f"account:{user.username}", new)], by=by, at=at)
    return kept


@transaction.atomic
def end(*, delegation: Delegation, by: str, at: dt.datetime) -> Delegation:
    """End a delegation before its last day: from this instant it gives nothing."""
    kept = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    if kept.ended_at is not None or kept.end_on < timezone.localtime(at).date():
        raise EndedAlready()
    kept.ended_at, kept.ended_by = at, by
    kept.save(update_fields=["ended_at", "ended_by"])
    subject = f"account:{kept.taker.username}"
    new = {"giver": kept.giver.username, "unit": kept.membership.unit.key}
    audit.record([audit.Act("delegate_end", subject, new)], by=by, at=at)
    return kept


def taken_by(user: User) -> list[Grant]:
    """Return what an account may do on behalf of others, as grants of a reviewer.

    Each lasts as long as both the delegation and the giver's own role; nothing comes
    from an account that was closed.
    """
    rows = Delegation.objects.filter(
        taker=user, ended_at=None, giver__is_active=True
    ).select_related("giver", "membership__unit")
    return [
        Grant(
            Role.REVIEWER,
            row.membership.unit.key,
            max(row.start_on, row.membership.start_on),
            min(row.end_on, row.membership.end_on or row.end_on),
            row.giver.username,
        )
        for row in rows
        if _decides(row.membership)
    ]


def _own(giver: User, unit: str, start: dt.date, tree: Tree) -> Membership:
    """Return the giver's own role that decides at the unit; refuses a borrowed one."""
    held = giver.memberships.filter(unit__key=unit).select_related("unit", "user")
    own = [each for each in held.order_by("start_on") if _decides(each)]
    if own:
        begun = [each for each in own if each.start_on <= start]
        return (begun or own)[-1]
    if any(grant.unit == unit for grant in taken_by(giver)):
        raise GivenOn(unit=tree[unit].name if unit in tree else unit)
    raise GivenWithoutRight(giver=giver.username)


def _decides(membership: Membership) -> bool:
    return Permission.REVIEW_RETURN in access.MAY[Role(membership.role)]


def _about_the_days(
    membership: Membership, start: dt.date, end: dt.date, on: dt.date
) -> Iterator[Refusal]:
    if end < start or end < on:
        yield DaysReversed(start=start, end=end)
    own_end = membership.end_on
    if start < membership.start_on or (own_end and end > own_end):
        yield GivenTooLong(
            start=start,
            end=end,
            giver=membership.user.username,
            own_start=membership.start_on,
            own_end=f"{own_end:%d/%m/%Y}" if own_end else "…",
        )


def _about_the_taker(
    membership: Membership, user: User, start: dt.date, end: dt.date, tree: Tree
) -> Iterator[Refusal]:
    unit = membership.unit.key
    name = tree[unit].name if unit in tree else unit
    if user == membership.user:
        yield GivenToOneself()
    roles: Sequence[Membership] = list(user.memberships.select_related("unit"))
    own = [Grant(Role(r.role), r.unit.key, r.start_on, r.end_on) for r in roles]
    sends = access.units_for(own, Permission.SEND_RETURN, tree)
    below = set(tree.descendants(unit)) if unit in tree else {unit}
    if sends & below:
        yield TakerSends(taker=user.username, unit=name)
    same = Delegation.objects.filter(
        Q(taker=user, membership=membership, ended_at=None),
        start_on__lte=end,
        end_on__gte=start,
    ).first()
    if same:
        yield GivenAlready(taker=user.username, unit=name, end=same.end_on)
