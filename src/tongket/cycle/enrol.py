"""Enrol ("cấp tài khoản"): who works with the system, in which role, at which unit?"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.db import transaction

from tongket.domain.access import Role
from tongket.records import audit
from tongket.records.models import Membership, Unit

EDITORS = "Editors"  # Wagtail's own group for those who edit pages


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An account to be: a post and its role at a unit, from a day on."""

    username: str
    post: str
    role: Role
    unit: str
    start: dt.date


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
