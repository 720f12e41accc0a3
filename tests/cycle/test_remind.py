"""Is everybody told once of what is theirs to do, in the application and by mail?"""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from tests import factories
from tests.factories import (
    CITY,
    MONTHLY,
    NGO_QUYEN,
    PROVINCE,
    THO_XUONG,
    YEN_THE,
    accepted,
    crimes,
    instant,
    month,
    opened,
    sent,
)

from tongket.cycle import enrol, post, remind, reorganise, shift
from tongket.cycle.check import delegating
from tongket.domain.access import Role
from tongket.records import sentences
from tongket.records.models import Notice, OutboxMail, Return, Unit, WorkerLease
from tongket.records.register import register

DUE = dt.date(2023, 12, 18)  # a Monday; two working days after 14/12/2023
AHEAD = dt.date(2023, 12, 15)  # two days before falls on Saturday: on Friday
PEOPLE = {
    "tho-xuong": (Role.REPORTER, THO_XUONG),
    "ngo-quyen": (Role.REPORTER, NGO_QUYEN),
    "clerk": (Role.CLERK, YEN_THE),
    "city": (Role.REVIEWER, CITY),
    "office": (Role.STANDING_OFFICE, PROVINCE),
}


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    """A small province in December 2023; every account has a mail address."""
    pack, at = factories.small_pack(), instant(dt.date(2022, 1, 4))
    reorganise.load_units(pack=pack, by=factories.BY, at=at)
    newcomers = [
        enrol.Newcomer(name, name, role, unit, at.date())
        for name, (role, unit) in PEOPLE.items()
    ]
    enrol.enrol(newcomers=newcomers, password="!", by=factories.BY, at=at)
    for user in User.objects.filter(username__in=PEOPLE):
        user.email = f"{user.username}@x.vn"
        user.save()
    opened(month(12))


def run(day: dt.date, hour: int = 12) -> int:
    """Remind what is due by an hour of a day."""
    return remind.remind(
        pack=factories.small_pack(),
        on=day,
        hour=hour,
        address="https://tongket.example.vn/van-phong/thong-bao/",
        by="tongket",
        at=instant(day, hour),
    )


def told(name: str) -> list[str]:
    """Return what a person was told, in words."""
    found = Notice.objects.filter(user__username=name).order_by("id")
    return [str(sentences.from_json(each.words)) for each in found]


def test_senders_are_told_ahead_and_once() -> None:
    assert run(AHEAD, 7) == 0  # before the hour
    assert run(AHEAD) == 3
    assert run(AHEAD) == run(AHEAD + dt.timedelta(1)) == 0
    (words,) = told("tho-xuong")
    assert words.startswith("Phường Thọ Xương: biểu “")
    assert words.endswith("tháng 12/2023 đến hạn gửi ngày 18/12/2023.")
    (many,) = told("clerk")  # of two communes without an account
    assert many.startswith("2 đơn vị còn phải gửi biểu “")
    assert told("office") == []


def test_nobody_is_reminded_of_what_is_done() -> None:
    accepted(month(12), {THO_XUONG: crimes(1)}, sent_at=instant(AHEAD, 1))
    run(AHEAD)
    assert told("tho-xuong") == []
    assert len(told("ngo-quyen")) == 1


def test_what_waits_is_told_to_the_rung_and_what_is_missing_to_the_office() -> None:
    sent(month(12), {NGO_QUYEN: crimes(1)}, sent_at=instant(DUE, 1))
    run(dt.date(2023, 12, 20))
    (decide,) = told("city")
    assert decide.startswith("1 báo cáo biểu “")
    assert decide.endswith("(hạn gửi 18/12/2023) chờ duyệt.")
    (digest,) = told("office")
    assert digest.startswith("3 báo cáo tháng 12/2023 của chế độ “")
    assert told("ngo-quyen") == []


def lend(giver: str, unit: str, taker: str, end: dt.date) -> None:
    """Let an account decide in another's stead up to a day."""
    on = dt.date(2023, 12, 1)
    delegating.delegate(
        giver=User.objects.get(username=giver),
        unit=unit,
        taker=taker,
        start=on,
        end=end,
        reason="Nghỉ phép.",
        by=giver,
        at=instant(on),
        tree=register().on(on),
    )


def test_who_stands_in_is_reminded_to_decide_and_of_nothing_else() -> None:
    lend("office", PROVINCE, "city", dt.date(2023, 12, 31))
    sent(month(12), {NGO_QUYEN: crimes(1)}, sent_at=instant(DUE, 1))
    Return.objects.update(awaits=Unit.objects.get(key=PROVINCE))
    run(dt.date(2023, 12, 20))
    (decide,) = told("city")
    assert decide.endswith("chờ duyệt.")
    assert len(told("office")) == 2


def test_who_stands_in_for_a_closed_account_is_reminded_of_nothing() -> None:
    lend("office", PROVINCE, "city", dt.date(2023, 12, 31))
    User.objects.filter(username="office").update(is_active=False)
    sent(month(12), {NGO_QUYEN: crimes(1)}, sent_at=instant(DUE, 1))
    Return.objects.update(awaits=Unit.objects.get(key=PROVINCE))
    run(dt.date(2023, 12, 20))
    assert told("city") == []


def test_what_waits_at_no_unit_of_the_day_is_told_to_the_next_rung() -> None:
    sent(month(12), {NGO_QUYEN: crimes(1)}, sent_at=instant(DUE, 1))
    Return.objects.update(awaits=None)  # as after a unit that ended
    run(dt.date(2023, 12, 20))
    (decide,) = told("city")
    assert decide.endswith("chờ duyệt.")


def test_one_mail_a_person_tells_forms_and_days_and_no_unit_nor_figure() -> None:
    run(AHEAD)
    mails = {each.recipient: each for each in OutboxMail.objects.all()}
    assert set(mails) == {"tho-xuong@x.vn", "ngo-quyen@x.vn", "clerk@x.vn"}
    mail = mails["clerk@x.vn"]
    assert mail.subject == "Tổng kết năm: bạn có 1 việc"
    assert "hạn 18/12/2023" in mail.body
    assert "https://tongket.example.vn/van-phong/thong-bao/" in mail.body
    units = factories.small_pack().register.on(DUE)
    assert not [unit.name for unit in units if unit.name in mail.body]
    assert Notice.objects.filter(user__username="clerk").count() == 1


def test_who_takes_no_mail_is_still_told_in_the_application() -> None:
    user = User.objects.get(username="tho-xuong")
    remind.choose_mail(user=user, takes=False, at=instant(AHEAD))
    run(AHEAD)
    assert not OutboxMail.objects.filter(user=user).exists()
    assert len(told("tho-xuong")) == 1


def test_a_run_that_fails_tells_nobody_and_mails_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(post, "queue", broken)
    with pytest.raises(RuntimeError):
        run(AHEAD)
    assert not Notice.objects.exists()


def test_time_that_was_given_brings_a_reminder_for_the_new_day() -> None:
    from tongket.cycle import extend
    from tongket.records.models import Extension, OpenPeriod

    run(AHEAD)
    extend.grant(
        pack=factories.small_pack(),
        opened=OpenPeriod.objects.get(scheme=MONTHLY),
        units=[THO_XUONG],
        kind=Extension.Kind.DUE,
        until=dt.date(2023, 12, 27),
        reason="Lũ",
        by="office",
        at=instant(AHEAD),
    )
    run(DUE + dt.timedelta(1))
    assert len(told("tho-xuong")) == 1
    run(dt.date(2023, 12, 25))
    assert told("tho-xuong")[-1].endswith("đến hạn gửi ngày 27/12/2023.")


def test_a_person_marks_own_notices_alone_as_read() -> None:
    run(AHEAD)
    own, other = (User.objects.get(username=n) for n in ("tho-xuong", "ngo-quyen"))
    others = list(Notice.objects.filter(user=other).values_list("pk", flat=True))
    assert remind.mark_read(user=own, notices=others, at=instant(AHEAD)) == 0
    assert remind.mark_all_read(user=own, at=instant(AHEAD)) == 1
    assert Notice.objects.filter(read_at=None).count() == 2


def test_one_process_works_at_a_time() -> None:
    at = instant(DUE)
    until = at + dt.timedelta(minutes=2)
    assert shift.take(name="worker", holder="a", at=at, until=until)
    assert not shift.take(name="worker", holder="b", at=at, until=until)
    assert shift.take(name="worker", holder="a", at=at, until=until)
    assert shift.is_held(name="worker", at=at)
    assert shift.take(name="worker", holder="b", at=until, until=until + (until - at))
    shift.give_back(name="worker", holder="a")  # not its own any more
    assert WorkerLease.objects.get(name="worker").holder == "b"
    shift.give_back(name="worker", holder="b")
    assert not shift.is_held(name="worker", at=at)


def test_communes_of_a_closed_period_are_not_reminded_to_send() -> None:
    from tongket.cycle import collect
    from tongket.records.models import OpenPeriod

    collect.close_period(
        opened=OpenPeriod.objects.get(), reason="Hết", by="office", at=instant(AHEAD)
    )
    assert run(AHEAD) == 0
