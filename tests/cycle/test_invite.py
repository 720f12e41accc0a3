"""People are invited in bulk, take their accounts up once, and roles have dates."""

import datetime as dt
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.db import IntegrityError
from tests.factories import AT, BY, CITY, PROVINCE, THO_XUONG, YEN_THE, small_pack

from tongket.cycle import connect, enrol, invite, post
from tongket.cycle.enrol import Giver, Newcomer
from tongket.cycle.invite import Outcome, lists
from tongket.documents.workbooks import people_list
from tongket.domain.access import Grant, Role
from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.pack import Pack
from tongket.records.models import (
    ApiToken,
    AuditEntry,
    Invitation,
    Membership,
    OutboxMail,
)

START = dt.date(2022, 1, 4)
TODAY = AT.date()
PASSWORD = make_password("ghế xanh bơi ngược dòng")


@pytest.fixture
def giver(pack: Pack) -> Giver:
    """The province's standing office."""
    return made("office-1", Role.STANDING_OFFICE, PROVINCE)


def made(name: str, role: Role, unit: str) -> Giver:
    """Return somebody who holds a role, ready to give out others."""
    Group.objects.get_or_create(name=enrol.EDITORS)
    people = [Newcomer(name, name, role, unit, START)]
    enrol.enrol(newcomers=people, password=make_password("x"), by=BY, at=AT)
    tree = small_pack().register.on(TODAY)
    return Giver(name, (Grant(role, unit, START),), tree)


def listed(giver: Giver, *lines: str) -> list[dict]:
    """Return what each line of a list would do."""
    text = "\n".join(["Đơn vị,Vai trò,Tên đăng nhập,E-mail,Đến ngày", *lines])
    upload = invite.dry_run(
        content=text.encode(), filename="moi.csv", giver=giver, at=AT
    )
    return upload.results["lines"]


def applied(giver: Giver, *lines: str):
    """Return a list that was carried out."""
    text = "\n".join(["Đơn vị,Vai trò,Tên đăng nhập,E-mail", *lines]).encode()
    upload = invite.dry_run(content=text, filename="moi.csv", giver=giver, at=AT)
    return invite.carry_out(upload=upload, giver=giver, at=AT)


def test_each_row_says_what_it_would_do_and_nothing_is_made(giver: Giver) -> None:
    lines = listed(
        giver,
        f"{THO_XUONG},Cán bộ báo cáo,xa-1,",
        f"{THO_XUONG},REVIEWER,office-1,",
        f"{THO_XUONG},Cán bộ báo cáo,xa-1,",
        "khong-co,Cán bộ báo cáo,xa-2,",
        f"{THO_XUONG},Vua,xa-3,",
        f"{THO_XUONG},Cán bộ báo cáo,,",
        f"{THO_XUONG},Cán bộ báo cáo,tên có dấu cách,",
        f"{THO_XUONG},Cán bộ báo cáo,xa-4,không phải thư",
        f"{THO_XUONG},Cán bộ báo cáo,xa-5,,32/13/2024",
        f"{THO_XUONG},Cán bộ báo cáo,xa-6,,01/01/2020",
    )
    outcomes = [line["outcome"] for line in lines]
    assert outcomes == [Outcome.ACCOUNT, *[Outcome.REFUSED] * 9]
    assert all(len(line["sentences"]) == 1 for line in lines[1:])
    assert list(User.objects.values_list("username", flat=True)) == ["office-1"]


def test_a_list_makes_accounts_without_a_password_and_roles(giver: Giver) -> None:
    upload = applied(
        giver,
        f"{THO_XUONG},Cán bộ báo cáo,xa-1,",
        f"{THO_XUONG},Cán bộ nhập liệu,xa-1,",
        f"{PROVINCE},Biên tập viên,bien-tap,",
    )
    user = User.objects.get(username="xa-1")
    assert not user.has_usable_password()
    assert set(user.memberships.values_list("role", flat=True)) == {"REPORTER", "CLERK"}
    assert User.objects.get(username="bien-tap").groups.get().name == enrol.EDITORS
    assert AuditEntry.objects.filter(act="invite").count() == 2
    with pytest.raises(Refusal, match="đã được thực hiện"):
        invite.carry_out(upload=upload, giver=giver, at=AT)
    again = listed(giver, f"{THO_XUONG},Cán bộ báo cáo,xa-1,")
    assert [line["outcome"] for line in again] == [Outcome.SAME]


def test_every_unit_of_a_kind_without_a_reporter_gets_one(giver: Giver) -> None:
    kind = giver.tree[THO_XUONG].kind
    made("da-co", Role.REPORTER, THO_XUONG)
    upload = invite.for_every(kind=kind, giver=giver, title="xã", at=AT)
    assert THO_XUONG not in {line["unit"] for line in upload.results["lines"]}
    kept = invite.carry_out(upload=upload, giver=giver, at=AT)
    assert kept.done == len(giver.tree.of_kind(kind)) - 1
    with pytest.raises(Refusal, match="Không có dòng nào"):
        invite.for_every(kind=kind, giver=giver, title="xã", at=AT)


def test_a_list_is_refused_in_one_sentence_when_it_is_none(giver: Giver) -> None:
    for content, words in (
        (b"", "không có dòng nào"),
        (b"a,b\n1,2", "dòng tiêu đề"),
        ("Đơn vị,Vai trò\n".encode(), "không có dòng nào"),
    ):
        with pytest.raises(Refusals, match=words):
            invite.dry_run(content=content, filename="x", giver=giver, at=AT)


def test_a_sheet_of_people_is_read_back_as_it_was_written() -> None:
    row = ["=1+1", "REPORTER", "xa-1", "", "Trưởng", "", ""]
    (found,) = people_list.read_people(people_list.sample([row]))
    assert found.told["unit"] == "=1+1"
    assert found.told["post"] == "Trưởng"


def test_a_link_sets_a_password_once(giver: Giver) -> None:
    upload = applied(giver, f"{THO_XUONG},Cán bộ báo cáo,xa-1,")
    (link,) = invite.links(upload=upload, giver=giver, at=AT)
    assert len(link.token) >= 43
    row = Invitation.objects.get()
    assert link.token not in (row.digest, str(row))
    user = invite.take_up(token=link.token, password=PASSWORD, at=AT)
    assert user.check_password("ghế xanh bơi ngược dòng")
    with pytest.raises(invite.LinkUsed, match="đã được dùng"):
        invite.take_up(token=link.token, password=PASSWORD, at=AT)
    assert invite.links(upload=upload, giver=giver, at=AT) == []


def test_a_link_that_works_no_more_is_one_sentence(giver: Giver) -> None:
    upload = applied(giver, f"{THO_XUONG},Cán bộ báo cáo,xa-1,")
    (old,) = invite.links(upload=upload, giver=giver, at=AT)
    (new,) = invite.links(upload=upload, giver=giver, at=AT)
    with pytest.raises(invite.LinkRevoked, match="thu hồi"):
        invite.found(token=old.token, at=AT)
    with pytest.raises(invite.LinkExpired, match="hết hạn"):
        invite.found(token=new.token, at=AT + dt.timedelta(days=14))
    with pytest.raises(invite.LinkUnknown, match="không đúng"):
        invite.found(token="x", at=AT)
    assert invite.found(token=new.token, at=AT).user == new.user
    told = {"user": new.user, "giver": giver, "reason": "nhầm người"}
    assert invite.revoke_links(**told, at=AT) == 1
    with pytest.raises(invite.LinkRevoked):
        invite.found(token=new.token, at=AT)


def test_links_are_mailed_in_the_transaction_that_makes_them(giver: Giver) -> None:
    upload = applied(
        giver,
        f"{THO_XUONG},Cán bộ báo cáo,xa-1,xa1@example.vn",
        f"{THO_XUONG},Cán bộ báo cáo,xa-2,",
    )
    made = invite.links(
        upload=upload,
        giver=giver,
        letter=lambda link: post.Letter(link.user.email, "Mời", link.token),
        at=AT,
    )
    assert [each.user.username for each in made] == ["xa-1"]
    assert OutboxMail.objects.get().body == made[0].token


def test_no_link_leads_into_an_account_that_the_list_did_not_make(
    giver: Giver,
) -> None:
    city = made("office-2", Role.STANDING_OFFICE, CITY)
    text = f"Đơn vị,Vai trò,Tên đăng nhập\n{THO_XUONG},Cán bộ báo cáo,tinh-1"
    waits = invite.dry_run(content=text.encode(), filename="x", giver=city, at=AT)
    applied(giver, f"{PROVINCE},Cán bộ kiểm tra,tinh-1,")
    assert invite.links(upload=waits, giver=city, at=AT) == []
    assert not Invitation.objects.exists()


def test_no_link_leads_into_an_account_that_got_a_role_out_of_reach(
    giver: Giver, django_assert_max_num_queries: Any
) -> None:
    city = made("office-2", Role.STANDING_OFFICE, CITY)
    upload = applied(
        city, *(f"{THO_XUONG},Cán bộ báo cáo,xa-{number}," for number in range(20))
    )
    applied(giver, f"{PROVINCE},Cán bộ kiểm tra,xa-7,")
    with django_assert_max_num_queries(15):
        made_now = invite.links(upload=upload, giver=city, at=AT)
    names = {each.user.username for each in made_now}
    assert names == {f"xa-{number}" for number in range(20)} - {"xa-7"}
    assert len(invite.links(upload=upload, giver=giver, at=AT)) == 20


def test_an_account_that_another_list_makes_at_this_instant_breaks_no_list(
    giver: Giver, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = lists._accounts

    def overtaken(makes: Any) -> dict[str, User]:
        """Find that the name is taken, as after another's commit."""
        monkeypatch.setattr(lists, "_accounts", make)
        User.objects.create(username="xa-1", password="!")
        raise IntegrityError

    text = f"Đơn vị,Vai trò,Tên đăng nhập\n{THO_XUONG},Cán bộ báo cáo,xa-1"
    upload = invite.dry_run(content=text.encode(), filename="x", giver=giver, at=AT)
    monkeypatch.setattr(lists, "_accounts", overtaken)
    kept = invite.carry_out(upload=upload, giver=giver, at=AT)
    assert kept.state == kept.State.APPLIED
    assert User.objects.get(username="xa-1").memberships.get().role == Role.REPORTER


def test_ten_thousand_are_invited_in_less_than_a_minute(giver: Giver) -> None:
    started = time.monotonic()
    lines = [f"{THO_XUONG},Cán bộ báo cáo,xa-{number}," for number in range(10_000)]
    upload = applied(giver, *lines)
    links = invite.links(upload=upload, giver=giver, at=AT)
    people_list.sheet("Mời", ["a", "b"], [[e.user.username, e.token] for e in links])
    assert len({each.token for each in links}) == Invitation.objects.count() == 10_000
    assert time.monotonic() - started < 60


def test_a_role_is_given_and_ended_with_dates_and_a_reason(giver: Giver) -> None:
    made("xa", Role.REPORTER, THO_XUONG)
    user = User.objects.get(username="xa")
    row = enrol.grant(
        user=user,
        role=Role.REVIEWER,
        unit=CITY,
        post="Đội trưởng",
        start=TODAY,
        end=None,
        reason="QĐ 12",
        giver=giver,
        at=AT,
    )
    ended = enrol.end_role(
        membership=row, end=TODAY, reason="chuyển công tác", giver=giver, at=AT
    )
    assert ended.end_on == TODAY
    told = AuditEntry.objects.filter(act__in=("grant", "end_role")).order_by("id")
    assert [each.new["reason"] for each in told] == ["QĐ 12", "chuyển công tác"]


def grant(giver: Giver, name: str, role: Role, unit: str, **other) -> Membership:
    """Give a role from today on."""
    told = {"start": TODAY, "end": None, "reason": "QĐ 1", "post": "", **other}
    user = User.objects.get(username=name)
    return enrol.grant(user=user, role=role, unit=unit, giver=giver, at=AT, **told)


def test_nobody_gives_roles_above_beside_or_to_themselves(giver: Giver) -> None:
    district = made("huyen", Role.STANDING_OFFICE, CITY)
    made("xa", Role.REPORTER, THO_XUONG)
    assert grant(district, "xa", Role.CLERK, CITY).unit.key == CITY
    for name, unit, words in (
        ("xa", PROVINCE, "không được cấp"),
        ("xa", YEN_THE, "không được cấp"),
        ("xa", "khong-co", "không được cấp"),
        ("huyen", CITY, "chính mình"),
    ):
        with pytest.raises(Refusals, match=words):
            grant(district, name, Role.REVIEWER, unit)
    with pytest.raises(Refusals, match="không được cấp"):
        grant(made("chu", Role.CHAIR, PROVINCE), "xa", Role.CLERK, THO_XUONG)


def test_everything_wrong_with_a_role_is_said_at_once(giver: Giver) -> None:
    made("xa", Role.REPORTER, THO_XUONG)
    yesterday = TODAY - dt.timedelta(days=1)
    with pytest.raises(Refusals) as refused:
        grant(giver, "xa", Role.REPORTER, THO_XUONG, end=yesterday, reason=" ")
    assert len(refused.value.refusals) == 3


def test_a_locked_account_loses_keys_and_links_at_once(giver: Giver) -> None:
    made("xa", Role.REPORTER, THO_XUONG)
    user = User.objects.get(username="xa")
    until = TODAY + dt.timedelta(days=9)
    told = {"name": "máy", "scopes": ["read:units"], "until": until, "by": "xa"}
    _, key = connect.issue(user=user, at=AT, **told)
    link = invite.reset_link(user=user, reason="quên", giver=giver, at=AT)
    enrol.disable(user=user, reason="thôi việc", giver=giver, at=AT)
    assert connect.authenticate(key=key, at=AT) is None
    with pytest.raises(invite.LinkRevoked):
        invite.found(token=link.token, at=AT)
    enrol.enable(user=user, reason="nhầm", giver=giver, at=AT)
    assert ApiToken.objects.get().revoked_at == AT
    assert User.objects.get(username="xa").is_active


def test_who_does_not_care_for_an_account_gets_no_way_into_it(giver: Giver) -> None:
    district = made("huyen", Role.STANDING_OFFICE, CITY)
    made("chu", Role.CHAIR, PROVINCE)
    chair = User.objects.get(username="chu")
    Membership.objects.create(
        user=chair,
        role=Role.REPORTER,
        unit=Membership.objects.get(user__username="huyen").unit,
        start_on=START,
    )
    told = {"user": chair, "reason": "x", "giver": district, "at": AT}
    for act in (invite.reset_link, enrol.disable, enrol.remove_factors):
        with pytest.raises(Refusals, match="ngoài phạm vi"):
            act(**told)
    own = User.objects.get(username="office-1")
    with pytest.raises(Refusals, match="chính mình"):
        enrol.disable(user=own, reason="x", giver=giver, at=AT)


def test_factors_of_a_lost_device_are_taken_away_with_a_reason(giver: Giver) -> None:
    made("xa", Role.REVIEWER, CITY)
    user = User.objects.get(username="xa")
    told = {"user": user, "reason": "mất điện thoại", "giver": giver, "at": AT}
    with pytest.raises(Refusal, match="chưa có yếu tố"):
        enrol.remove_factors(**told)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    assert enrol.remove_factors(**told) == 1
    assert AuditEntry.objects.get(act="remove_factors").new["count"] == 1
