"""Accounts with one role at one unit, given once."""

import datetime as dt

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from tests.factories import AT, BY, CITY, PROVINCE, THO_XUONG

from tongket.cycle import enrol
from tongket.cycle.enrol import Newcomer
from tongket.domain.access import Role
from tongket.loader.pack import Pack
from tongket.records.models import AuditEntry, Membership

START = dt.date(2022, 1, 4)
COMMUNE = Newcomer("xa-01", "Công an phường", Role.REPORTER, THO_XUONG, START)
DISTRICT = Newcomer("huyen-01", "Cán bộ tổng hợp", Role.REVIEWER, CITY, START)
EDITOR = Newcomer("bien-tap", "Biên tập viên", Role.EDITOR, PROVINCE, START)


def add(*newcomers: Newcomer) -> list[User]:
    return enrol.enrol(
        newcomers=newcomers, password=make_password("mật khẩu"), by=BY, at=AT
    )


def test_each_newcomer_gets_an_account_and_a_role_at_a_unit(pack: Pack) -> None:
    assert [user.username for user in add(COMMUNE, DISTRICT)] == ["xa-01", "huyen-01"]
    member = Membership.objects.get(user__username="xa-01")
    assert (member.role, member.unit.key, member.post) == (
        "REPORTER",
        THO_XUONG,
        "Công an phường",
    )
    assert (member.start_on, member.end_on) == (START, None)
    assert str(member) == f"xa-01 REPORTER {THO_XUONG}"
    assert member.user.check_password("mật khẩu")
    told = AuditEntry.objects.filter(act="enrol").values_list("subject", flat=True)
    assert list(told) == ["account:xa-01", "account:huyen-01"]


def test_an_account_that_exists_is_left_alone(pack: Pack) -> None:
    add(COMMUNE)
    assert [user.username for user in add(COMMUNE, DISTRICT)] == ["huyen-01"]
    assert Membership.objects.count() == 2


def test_only_editors_may_edit_pages(pack: Pack) -> None:
    reporter, editor = add(COMMUNE, EDITOR)
    assert not reporter.groups.exists()
    assert editor.groups.get().name == "Editors"
    assert not editor.is_staff
    assert not editor.is_superuser


def test_no_account_remains_when_its_audit_failed(
    pack: Pack, broken_audit: type[Exception]
) -> None:
    with pytest.raises(broken_audit):
        add(COMMUNE)
    assert not User.objects.exists()
    assert not Membership.objects.exists()
