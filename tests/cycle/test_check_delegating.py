"""What does a delegation give, until when, and what does it never give?"""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from tests.factories import AT, CITY, NGO_QUYEN, PROVINCE, instant, kinds

from tongket.cycle import enrol
from tongket.cycle.check import delegating
from tongket.domain import access
from tongket.domain.access import Permission, Role
from tongket.domain.sentences import Refusals
from tongket.loader.pack import Pack
from tongket.records.models import AuditEntry, Delegation, Membership
from tongket.records.register import register

FIRST, LAST = dt.date(2024, 1, 12), dt.date(2024, 1, 31)


@pytest.fixture
def people(pack: Pack) -> dict[str, User]:
    """A reviewer who goes away, the standing office, a member, a reporter."""
    roles = {
        "reviewer": (Role.REVIEWER, CITY),
        "office": (Role.STANDING_OFFICE, PROVINCE),
        "member": (Role.COMMITTEE_MEMBER, CITY),
        "other": (Role.REPORTER, NGO_QUYEN),
    }
    start = dt.date(2023, 1, 1)
    newcomers = [
        enrol.Newcomer(name, "", role, unit, start)
        for name, (role, unit) in roles.items()
    ]
    made = enrol.enrol(newcomers=newcomers, password="!", by="tester", at=AT)
    return {user.username: user for user in made}


def give(people: dict[str, User], **fields: Any) -> Delegation:
    """Let the reviewer give the right to the member, unless told otherwise."""
    told = {
        "giver": people["reviewer"],
        "unit": CITY,
        "taker": "member",
        "start": FIRST,
        "end": LAST,
        "reason": "Đi học.",
        "by": "reviewer",
        "at": AT,
        "tree": register().on(FIRST),
        **fields,
    }
    return delegating.delegate(**told)


def may(user: User, permission: Permission, unit: str, on: dt.date) -> bool:
    """Whether what a person took allows an act on a day."""
    return access.may(delegating.taken_by(user), permission, unit, register().on(on))


def test_the_right_lasts_from_the_first_day_to_the_last(
    people: dict[str, User],
) -> None:
    kept = give(people)
    taker, decide = people["member"], Permission.REVIEW_RETURN
    assert str(kept) == "reviewer → member 2024-01-12–2024-01-31"
    days = [FIRST - dt.timedelta(days=1), FIRST, LAST, LAST + dt.timedelta(days=1)]
    found = [may(taker, decide, NGO_QUYEN, day) for day in days]
    assert found == [False, True, True, False]
    (grant,) = delegating.taken_by(taker)
    assert grant.giver == "reviewer"
    assert AuditEntry.objects.latest("id").act == "delegate"


def test_it_gives_the_right_to_decide_and_nothing_more(people: dict[str, User]) -> None:
    give(people, giver=people["office"], unit=PROVINCE)
    taker = people["member"]
    assert may(taker, Permission.REVIEW_RETURN, NGO_QUYEN, FIRST)
    assert not may(taker, Permission.RUN_YEAR, NGO_QUYEN, FIRST)
    assert not may(taker, Permission.SEND_RETURN, NGO_QUYEN, FIRST)
    assert not may(taker, Permission.REVIEW_RETURN, PROVINCE, FIRST)


def test_it_ends_with_the_giver_s_own_role(people: dict[str, User]) -> None:
    give(people)
    own = Membership.objects.filter(user=people["reviewer"])
    own.update(end_on=dt.date(2024, 1, 20))
    decide, taker = Permission.REVIEW_RETURN, people["member"]
    assert may(taker, decide, NGO_QUYEN, dt.date(2024, 1, 20))
    assert not may(taker, decide, NGO_QUYEN, dt.date(2024, 1, 21))


def test_it_ends_with_the_giver_s_account(people: dict[str, User]) -> None:
    give(people)
    User.objects.filter(username="reviewer").update(is_active=False)
    assert delegating.taken_by(people["member"]) == []


def test_it_is_ended_early_once(people: dict[str, User]) -> None:
    kept = give(people)
    ended = delegating.end(delegation=kept, by="office", at=AT)
    assert (ended.ended_at, ended.ended_by) == (AT, "office")
    assert delegating.taken_by(people["member"]) == []
    with pytest.raises(delegating.EndedAlready):
        delegating.end(delegation=kept, by="office", at=AT)
    assert AuditEntry.objects.latest("id").act == "delegate_end"


@pytest.mark.parametrize("change", [{"end_on": LAST}, {"ended_by": "x"}])
def test_the_database_lets_nobody_change_or_delete_one_that_ended(
    people: dict[str, User], change: dict[str, Any]
) -> None:
    kept = delegating.end(delegation=give(people), by="office", at=AT)
    rows = Delegation.objects.filter(pk=kept.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows._raw_delete(using="default")
    assert rows.get().ended_by == "office"


def test_what_is_over_is_not_ended(people: dict[str, User]) -> None:
    kept = give(people)
    later = instant(LAST + dt.timedelta(days=1))
    with pytest.raises(delegating.EndedAlready, match="đã kết thúc"):
        delegating.end(delegation=kept, by="office", at=later)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"taker": "reviewer"}, "GivenToOneself"),
        ({"taker": "other"}, "TakerSends"),
        ({"end": FIRST - dt.timedelta(days=1)}, "DaysReversed"),
        ({"start": dt.date(2022, 1, 1)}, "GivenTooLong"),
        ({"reason": ""}, "ReasonForGiving"),
    ],
)
def test_what_stands_against_a_delegation_is_one_sentence(
    fields: dict[str, Any], refusal: str, people: dict[str, User]
) -> None:
    with pytest.raises(Refusals) as raised:
        give(people, **fields)
    assert kinds(raised.value) == [refusal]
    assert not Delegation.objects.exists()


def test_days_beyond_the_giver_s_own_are_refused(people: dict[str, User]) -> None:
    own = Membership.objects.filter(user=people["reviewer"])
    own.update(end_on=dt.date(2024, 1, 20))
    with pytest.raises(Refusals, match="01/01/2023–20/01/2024"):
        give(people)


def test_what_was_taken_is_not_passed_on(people: dict[str, User]) -> None:
    give(people)
    with pytest.raises(delegating.GivenOn, match="không được ủy quyền tiếp"):
        give(people, giver=people["member"], taker="office")
    with pytest.raises(delegating.GivenWithoutRight, match="other không có quyền"):
        give(people, giver=people["other"], taker="office")


def test_the_same_right_is_given_once_and_to_a_known_account(
    people: dict[str, User],
) -> None:
    give(people)
    with pytest.raises(Refusals, match="đang được ủy quyền tại Thành phố Bắc Giang"):
        give(people)
    with pytest.raises(delegating.TakerUnknown, match="“nobody”"):
        give(people, taker="nobody")
