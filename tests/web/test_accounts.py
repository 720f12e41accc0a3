"""Signing in and staying in: second factors, waits, limits, links, people, roles."""

import datetime as dt
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from tests.factories import CITY, PROVINCE, THO_XUONG
from tests.web.conftest import TODAY, Office

from tongket.config import passwords
from tongket.cycle.invite.links import digest
from tongket.domain.access import Role
from tongket.office import clock, entry_rules
from tongket.records.models import (
    AuditEntry,
    Delegation,
    Invitation,
    Membership,
    Unit,
    Upload,
)

GOOD = "ghế xanh bơi ngược dòng"
SECRET = "JBSWY3DPEHPK3PXP"


def account(name: str, password: str = GOOD) -> User:
    """Give an account of the small province a password."""
    user = User.objects.get(username=name)
    user.set_password(password)
    user.save()
    return user


def code_of(step: int = 0) -> str:
    """Return the code that an application shows, some steps of 30 s from now."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + step))


def sign_in(client: Client, name: str, password: str = GOOD, **meta: Any) -> Any:
    """Send the form of the sign-in page."""
    told = {"username": name, "password": password}
    return client.post(reverse("sign-in"), told, **meta)


@pytest.fixture(autouse=True)
def _no_code_was_used() -> None:
    """Forget the codes of earlier tests, which allauth keeps in the cache."""
    cache.clear()


@pytest.fixture
def required(office: Office, settings: Any) -> Office:
    """The office of a site that requires the second factor."""
    settings.IS_SECOND_FACTOR_REQUIRED = True
    return office


def test_a_name_or_an_address_and_the_password_lead_in(office: Office) -> None:
    user = account("own")
    user.email = "own@example.vn"
    user.save()
    for name in ("own", "OWN", "own@example.vn"):
        answer = sign_in(Client(), name)
        assert (answer.status_code, answer["Location"]) == (302, reverse("year"))
    assert AuditEntry.objects.filter(act="sign_in", subject="account:own").count() == 3


def test_unknown_and_known_names_are_answered_alike(office: Office) -> None:
    account("own")
    wrong = sign_in(Client(), "own", "wrong")
    unknown = sign_in(Client(), "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 422

    def told(answer: Any, name: str) -> str:
        page = answer.content.decode().replace(f'value="{name}"', "")
        return re.sub(r'(nonce|value)="[^"]*"', "", page)

    assert told(wrong, "own") == told(unknown, "nobody")
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in wrong.content.decode()
    subjects = AuditEntry.objects.filter(act="sign_in_failed")
    assert {each.subject for each in subjects} == {"account:own", "account:?"}


def test_the_sixth_wrong_guess_waits_but_not_on_the_owner_s_device(
    office: Office,
) -> None:
    account("own")
    owner = Client()
    sign_in(owner, "own")
    owner.post(reverse("sign-out"))
    thief = Client()
    statuses = [sign_in(thief, "own", f"wrong {n}").status_code for n in range(7)]
    assert statuses == [422] * 5 + [429] * 2
    assert "chờ" in sign_in(thief, "own").content.decode(), "even the right one"
    assert sign_in(owner, "own").status_code == 302
    assert sign_in(Client(), "own", REMOTE_ADDR="198.51.100.1").status_code == 302


def test_a_device_is_known_until_the_password_changes(office: Office) -> None:
    account("own")
    owner = Client()
    sign_in(owner, "own")
    owner.post(reverse("sign-out"))
    account("own", "một mật khẩu khác hẳn")
    for number in range(5):
        sign_in(Client(), "own", f"wrong {number}")
    assert sign_in(owner, "own", "một mật khẩu khác hẳn").status_code == 429


def test_a_role_that_needs_a_second_factor_reaches_nothing_without(
    required: Office,
) -> None:
    account("office")
    client = Client()
    sign_in(client, "office")
    for name in ("year", "people", "tokens", "collect", "account"):
        answer = client.get(reverse(name))
        assert answer["Location"] == reverse("second-factor"), name
    assert client.get("/cms/")["Location"] == reverse("second-factor")
    page = client.get(reverse("second-factor")).content.decode()
    assert reverse("mfa_activate_totp") in page
    assert reverse("collect") not in page
    assert required.client("own").get(reverse("year")).status_code == 200


def lent(name: str) -> None:
    """Let an account whose own role is over decide for the reviewer who is away."""
    user, giver = (User.objects.get(username=each) for each in (name, "reviewer"))
    user.memberships.update(end_on=TODAY - dt.timedelta(days=1))
    Delegation.objects.create(
        giver=giver,
        taker=user,
        membership=giver.memberships.get(),
        start_on=TODAY,
        end_on=TODAY,
        reason="Đi học.",
        at=clock.now(),
        by="reviewer",
    )


def test_who_only_stands_in_for_somebody_away_reaches_the_office(
    office: Office,
) -> None:
    lent("member")
    client = office.client("member")
    assert client.get(reverse("year")).status_code == 200
    assert client.get(reverse("check")).status_code == 200
    assert client.get(reverse("no-role"))["Location"] == reverse("year")
    Delegation.objects.update(ended_at=clock.now())
    assert client.get(reverse("year"))["Location"] == reverse("no-role")
    assert client.get(reverse("no-role")).status_code == 200


def test_who_stands_in_needs_the_second_factor_of_who_decides(
    required: Office,
) -> None:
    lent("own")
    answer = required.client("own").get(reverse("check"))
    assert answer["Location"] == reverse("second-factor")


def test_a_factor_is_set_up_and_asked_for(
    required: Office, django_capture_on_commit_callbacks: Any
) -> None:
    user = account("office")
    client = Client()
    sign_in(client, "office")
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(answer["Location"])
    assert codes.content.decode().count("<li><code>") == 10
    assert client.get(reverse("year")).status_code == 200
    kept = Authenticator.objects.get(user=user, type="totp")
    assert secret not in str(kept.data), "sealed in the database"
    told = AuditEntry.objects.filter(act="add_factor")
    assert {each.new["kind"] for each in told} >= {"totp"}
    again = Client()
    assert sign_in(again, "office")["Location"] == reverse("mfa_authenticate")
    assert again.get(reverse("year")).status_code == 302
    wrong = again.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Mã không đúng" in wrong.content.decode()


def test_a_code_that_was_used_is_refused_elsewhere(required: Office) -> None:
    user = account("office")
    TOTP.activate(user, SECRET)
    code = code_of()
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "office")
    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert second.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    assert first.get(reverse("year")).status_code == 200
    assert second.get(reverse("year")).status_code == 302


def test_guesses_at_the_code_wait_too(required: Office) -> None:
    TOTP.activate(account("office"), SECRET)
    client = Client()
    sign_in(client, "office")
    for number in range(5):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{number}"})
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of()})
    assert "chờ" in answer.content.decode()


def test_an_act_of_weight_asks_again_who_is_there(
    required: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = account("office")
    TOTP.activate(user, SECRET)
    client = Client()
    sign_in(client, "office")
    client.post(reverse("mfa_authenticate"), {"code": code_of()})
    told = {"name": "máy", "scope": ["read:units"], "until": "2024-03-01"}
    assert client.post(reverse("tokens"), told).status_code == 200
    later = time.time() + 16 * 60
    monkeypatch.setattr(time, "time", lambda: later)
    answer = client.post(reverse("tokens"), told)
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert user.program_keys.count() == 1
    page = client.get(answer["Location"])
    assert "Xác nhận lại là bạn" in page.content.decode()
    client.post(answer["Location"], {"password": GOOD, "next": reverse("tokens")})
    assert user.program_keys.count() == 2, "what was sent is carried out afterwards"


def test_a_session_ends_when_nobody_is_there_and_after_its_longest(
    office: Office, settings: Any
) -> None:
    client = office.client("own")
    session = client.session
    session[entry_rules.SEEN] -= settings.SESSION_IDLE + 1
    session.save()
    answer = client.get(reverse("year"), follow=True)
    assert "hết hạn" in answer.content.decode()
    client = office.client("own")
    session = client.session
    session[entry_rules.STARTED] -= settings.SESSION_COOKIE_AGE + 1
    session.save()
    assert client.get(reverse("year")).status_code == 302


def test_all_devices_are_signed_out_at_once(office: Office) -> None:
    account("own")
    one, two = Client(), Client(headers={"user-agent": "Firefox Linux"})
    sign_in(one, "own")
    sign_in(two, "own")
    assert "Firefox, Linux" in one.get(reverse("account")).content.decode()
    one.post(reverse("sign-out-everywhere"))
    assert two.get(reverse("year")).status_code == 302


def test_a_password_is_changed_by_who_knows_the_old_one(office: Office) -> None:
    account("own")
    client, other = Client(), Client()
    sign_in(client, "own")
    sign_in(other, "own")
    address = reverse("account_change_password")
    new = "thuyền giấy trôi qua cầu"
    for told, words in (
        (("x", new, new), "Mật khẩu hiện tại không đúng"),
        ((GOOD, new, "y"), "không giống nhau"),
        ((GOOD, "ngắn", "ngắn"), "cần ít nhất 12"),
        ((GOOD, "Congan@12345678", "Congan@12345678"), "ai cũng thử trước"),
        ((GOOD, "own-own-own-own", "own-own-own-own"), "giống tên đăng nhập"),
    ):
        form = dict(zip(("oldpassword", "password1", "password2"), told, strict=True))
        assert words in client.post(address, form).content.decode()
    form = {"oldpassword": GOOD, "password1": new, "password2": new}
    assert client.post(address, form)["Location"] == reverse("account")
    assert client.get(reverse("year")).status_code == 200
    assert other.get(reverse("year")).status_code == 302


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        (GOOD, True),
        ("matkhau123456", False),
        ("M@tkh4u!2024##", False),
        ("aaaaaaaaaaaaaa", False),
        ("1234567890123456", False),
        ("x" * 129, False),
        ("con mèo leo cây cau", True),
    ],
)
def test_a_password_is_judged_by_how_easily_it_is_guessed(
    password: str, is_good: bool
) -> None:
    def judge() -> None:
        passwords.LongEnough().validate(password)
        passwords.NotEasilyGuessed().validate(password)

    if is_good:
        judge()
    else:
        with pytest.raises(ValidationError):
            judge()


def invited(office: Office) -> tuple[Client, Upload]:
    """Let the standing office make an account from a list of its own."""
    client = office.client("office")
    told = {"unit": THO_XUONG, "role": "REPORTER", "username": "xa-moi", "post": "CB"}
    answer = client.post(reverse("invite"), told)
    assert "Tài khoản mới" in client.get(answer["Location"]).content.decode()
    upload = Upload.objects.get(kind=Upload.Kind.ACCOUNTS)
    client.post(reverse("invite-apply", args=[upload.pk]))
    return client, upload


def test_an_invitation_is_made_printed_taken_up_once_and_leads_in(
    office: Office,
) -> None:
    client, upload = invited(office)
    sheet = client.post(reverse("invite-links", args=[upload.pk]))
    assert sheet["Content-Disposition"].endswith('.xlsx"')
    assert sheet.content[:2] == b"PK"
    giver = client.get(reverse("people")).wsgi_request.user
    assert giver.username == "office"
    link = fresh_link("xa-moi")
    guest = Client()
    answer = guest.get(reverse("welcome-link", args=[link]))
    assert answer["Location"] == reverse("welcome")
    page = guest.get(reverse("welcome")).content.decode()
    assert "xa-moi" in page
    assert link not in page
    short = guest.post(reverse("welcome"), {"password1": "x", "password2": "y"})
    assert short.status_code == 422
    new = {"password1": GOOD, "password2": GOOD}
    answer = guest.post(reverse("welcome"), new)
    assert answer["Location"] == reverse("year")
    assert guest.get(reverse("year")).status_code == 200
    used = Client().get(reverse("welcome-link", args=[link]))
    assert used.status_code == 410
    assert "đã được dùng" in used.content.decode()
    told = client.get(reverse("invite-list", args=[upload.pk])).content.decode()
    assert "1/1 đã nhận tài khoản" in told


def fresh_link(name: str) -> str:
    """Return the token of a link whose digest is put in the place of the last one."""
    token = "t" * 43
    row = Invitation.objects.filter(user__username=name).latest("id")
    row.digest = digest(token)
    row.save()
    return token


def test_the_standing_office_gives_ends_and_locks_on_one_page(office: Office) -> None:
    client, own = office.client("office"), User.objects.get(username="own")
    page = reverse("person", args=[own.pk])
    grant = reverse("role-grant", args=[own.pk])
    told = {"role": "CLERK", "unit": CITY, "start": "2024-01-16", "reason": "QĐ 1"}
    assert client.post(grant, told)["Location"] == page
    twice = client.post(grant, told)
    assert twice.status_code == 422
    assert "đã có vai trò này" in twice.content.decode()
    row = Membership.objects.get(user=own, role=Role.CLERK)
    end = reverse("role-end", args=[row.pk])
    assert client.post(end, {"end": "2024-01-31"}).status_code == 422
    client.post(end, {"end": "2024-01-31", "reason": "chuyển"})
    row.refresh_from_db()
    assert row.end_on == dt.date(2024, 1, 31)
    link = client.post(reverse("person-link", args=[own.pk]), {"reason": "quên"})
    assert "/loi-moi/" in link.content.decode()
    assert "/loi-moi/" not in client.get(page).content.decode()
    signed = office.client("own")
    client.post(reverse("person-lock", args=[own.pk]), {"reason": "thôi việc"})
    assert signed.get(reverse("year")).status_code == 302
    text = client.get(page).content.decode()
    assert "Khóa tài khoản" in text
    assert "thôi việc" in text


def test_the_list_of_people_is_filtered_sorted_and_taken_away(office: Office) -> None:
    client = office.client("office")
    address = reverse("people")
    assert "stranger" in client.get(address).content.decode()
    found = client.get(address, {"vt": "CHAIR", "sap": "don-vi"}).content.decode()
    assert "chair" in found
    assert "stranger" not in found
    csv = client.get(address, {"tai": "csv", "q": "tho xuong"}).content.decode()
    assert "own" in csv
    assert "stranger" not in csv
    empty = client.get(address, {"q": "khong co"}).content.decode()
    assert "Không có vai trò nào khớp" in empty


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2022-01-04", "2024-01-15", "đã hết ngày 15/01/2024"),
        ("2024-02-01", None, "bắt đầu ngày 01/02/2024"),
    ],
)
def test_a_role_outside_its_days_is_a_sentence(
    start: str, end: str | None, words: str, office: Office
) -> None:
    account("own")
    Membership.objects.filter(user__username="own").update(start_on=start, end_on=end)
    client = Client()
    answer = sign_in(client, "own")
    page = client.get(answer["Location"], follow=True).content.decode()
    assert "Vai trò cán bộ báo cáo của bạn tại" in page
    assert words in page


def test_editors_come_in_by_the_same_door_and_only_while_they_are(
    office: Office,
) -> None:
    answer = Client().get("/cms/login/?next=/cms/")
    assert answer["Location"] == f"{reverse('sign-in')}?next=/cms/"
    assert Client().get("/cms/")["Location"].startswith(reverse("sign-in"))
    editor = office.client("editor")
    assert editor.get("/cms/").status_code == 200
    assert office.client("own").get("/cms/").status_code == 404
    Membership.objects.filter(user__username="editor").update(end_on=TODAY)
    assert editor.get("/cms/").status_code == 200
    yesterday = TODAY - dt.timedelta(days=1)
    Membership.objects.filter(user__username="editor").update(end_on=yesterday)
    assert editor.get("/cms/").status_code == 404


def test_an_editor_of_a_unit_below_reaches_no_page_of_the_province_s_portal(
    office: Office,
) -> None:
    city = Unit.objects.get(key=CITY)
    Membership.objects.filter(user__username="editor").update(unit=city)
    assert office.client("editor").get("/cms/").status_code == 404


def test_a_locked_account_is_told_so_by_who_knows_its_password(office: Office) -> None:
    user = account("own")
    user.is_active = False
    user.save()
    client = Client()
    answer = client.get(sign_in(client, "own")["Location"])
    assert "đã bị khóa" in answer.content.decode()
    assert "đã bị khóa" not in sign_in(Client(), "own", "wrong").content.decode()


def test_the_first_account_is_invited_from_the_command_line(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("invite", "dau-tien", "--post", "Chánh Văn phòng")
    first = capsys.readouterr().out
    member = Membership.objects.get(user__username="dau-tien")
    assert (member.role, member.unit.key) == ("STANDING_OFFICE", PROVINCE)
    call_command("invite", "dau-tien")
    links = re.findall(r"/loi-moi/([\w-]{43})/", first + capsys.readouterr().out)
    answers = [Client().get(reverse("welcome-link", args=[each])) for each in links]
    assert [each.status_code for each in answers] == [410, 302]
