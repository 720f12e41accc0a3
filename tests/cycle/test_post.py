"""Is every mail sent once, whatever the server, the line and the worker do?"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from tests import factories
from tests.cycle.mail_server import MailServer

from tongket.cycle import post
from tongket.records import sentences
from tongket.records.models import AuditEntry, OutboxMail

State = OutboxMail.State
START = factories.instant(dt.date(2024, 1, 16), 8)
MINUTE = dt.timedelta(minutes=1)


def queued(*recipients: str) -> list[OutboxMail]:
    """Write a mail to each address."""
    letters = [
        post.Letter(each, f"Việc của {each}", "Bạn có 1 việc") for each in recipients
    ]
    with transaction.atomic():
        return post.queue(letters, cause="reminders", by="tongket", at=START)


def connect(port: int) -> Callable[[], BaseEmailBackend]:
    """Return what opens a line to a port of this machine."""
    return lambda: EmailBackend("127.0.0.1", port, use_tls=False, timeout=2)


def turn(port: int, at: dt.datetime = START, **told: Any) -> int:
    """Let one worker send what is due at an instant."""
    told.setdefault("worker", "one")
    return post.send_due(
        connect=connect(port), sender="tongket@example.vn", now=lambda: at, **told
    )


def states() -> dict[str, str]:
    """Return the state of each mail by its recipient."""
    return dict(OutboxMail.objects.values_list("recipient", "state"))


def error_of(recipient: str) -> str:
    """Return what went wrong with a mail, in a sentence."""
    stored = OutboxMail.objects.get(recipient=recipient).last_error
    return str(sentences.from_json(stored))


pytestmark = pytest.mark.django_db


def test_a_mail_is_sent_once_and_its_text_is_forgotten() -> None:
    (mail,) = queued("a@x.vn")
    with MailServer() as server:
        assert turn(server.port) == 1
        assert turn(server.port, START + MINUTE) == 0
        ((name, text),) = server.kept
    assert name == mail.message_id
    assert "Auto-Submitted: auto-generated" in text
    mail.refresh_from_db()
    assert (mail.state, mail.body, mail.sent_at) == (State.SENT, "", START)


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_down_for_a_day_loses_nothing_and_gets_nothing_twice() -> None:
    mails = queued(*(f"m{number}@x.vn" for number in range(30)))
    with MailServer() as server:
        port = server.port
    at = START
    while at < START + dt.timedelta(days=1):  # nobody listens
        assert turn(port, at) == 0
        at += 5 * MINUTE
    assert set(states().values()) == {State.QUEUED}
    assert "sẽ thử lại" in error_of("m0@x.vn")
    with MailServer(port) as server:
        for _ in range(60):
            turn(port, at)
            at += 5 * MINUTE
        names = [name for name, _ in server.kept]
    assert sorted(names) == sorted(mail.message_id for mail in mails)
    assert set(states().values()) == {State.SENT}


def test_an_address_that_is_refused_for_good_fails_with_a_sentence() -> None:
    queued("gone@x.vn", "a@x.vn")
    with MailServer() as server:
        server.answers["gone@"] = "550 no such user"
        assert turn(server.port) == 1
    assert states() == {"gone@x.vn": State.FAILED, "a@x.vn": State.SENT}
    assert error_of("gone@x.vn") == (
        "Máy chủ thư từ chối địa chỉ gone@x.vn (550 no such user); kiểm tra địa chỉ."
    )


def test_an_address_that_is_refused_for_now_is_tried_again_later() -> None:
    queued("grey@x.vn")
    with MailServer() as server:
        server.answers["grey@"] = "451 try again"
        assert turn(server.port) == 0
        assert turn(server.port, START) == 0  # its time has not come
        assert len(server.tried) == 1
        server.answers.clear()
        assert turn(server.port, START + MINUTE) == 1


def test_a_line_that_breaks_before_the_receipt_leaves_a_doubt_for_a_person() -> None:
    queued("a@x.vn", "b@x.vn")
    with MailServer() as server:
        server.breaks = True
        assert turn(server.port) == 0
        server.breaks = False
        assert turn(server.port, START + dt.timedelta(days=2)) == 0
        assert len(server.kept) == 2
    assert set(states().values()) == {State.DOUBTFUL}
    assert "chưa rõ" in error_of("a@x.vn")


def test_a_worker_that_died_with_a_mail_in_hand_leaves_a_doubt_after_its_lease() -> (
    None
):
    (mail,) = queued("a@x.vn")
    taken = post._take("dead", START)
    assert taken is not None
    with MailServer() as server:
        assert turn(server.port, START + MINUTE) == 0
        mail.refresh_from_db()
        assert mail.state == State.SENDING
        assert turn(server.port, START + post.LEASE + MINUTE) == 0
        assert server.kept == []
    assert states() == {"a@x.vn": State.DOUBTFUL}
    assert "dừng giữa chừng" in error_of("a@x.vn")


def test_two_workers_never_take_one_mail() -> None:
    queued("a@x.vn")
    first, second = post._take("one", START), post._take("two", START)
    assert first is not None
    assert second is None


def test_a_person_sends_a_doubtful_mail_again_under_its_old_name_or_leaves_it() -> None:
    one, two = queued("a@x.vn", "b@x.vn")
    with MailServer() as server:
        server.breaks = True
        turn(server.port)
        server.breaks = False
        post.resend(mails=[one.pk], by="office", at=START)
        post.leave(mails=[two.pk], by="office", at=START)
        assert turn(server.port, START + MINUTE) == 1
        names = [name for name, _ in server.kept]
    assert names.count(one.message_id) == 2
    assert names.count(two.message_id) == 1
    assert states() == {"a@x.vn": State.SENT, "b@x.vn": State.LEFT}
    acts = AuditEntry.objects.order_by("id").values_list("act", "subject")
    assert list(acts) == [
        ("resend_mail", f"mail:{one.pk}"),
        ("leave_mail", f"mail:{two.pk}"),
    ]


def test_a_mail_that_was_sent_is_not_decided_about() -> None:
    (mail,) = queued("a@x.vn")
    with MailServer() as server:
        turn(server.port)
    with pytest.raises(post.NotToDecide, match="“Đã gửi”, không có gì để quyết định"):
        post.resend(mails=[mail.pk], by="office", at=START)


def test_after_five_days_a_mail_is_given_up() -> None:
    waits = [post.wait_after(number) for number in range(1, 60)]
    tried = [wait for wait in waits if wait is not None]
    assert tried[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert max(tried) == post.LONGEST_WAIT
    total = sum(tried, dt.timedelta())
    assert post.GIVE_UP_AFTER - post.LONGEST_WAIT < total <= post.GIVE_UP_AFTER
    assert waits[len(tried) :] == [None] * (len(waits) - len(tried))


def test_a_mail_given_up_is_told_in_a_sentence() -> None:
    (mail,) = queued("a@x.vn")
    OutboxMail.objects.update(attempts=60)
    with MailServer() as server:
        port = server.port
    turn(port)
    mail.refresh_from_db()
    assert mail.state == State.FAILED
    assert "Đã thử 61 lần trong 5 ngày" in error_of("a@x.vn")


def test_a_subject_cannot_begin_a_header_of_its_own() -> None:
    letter = post.Letter("a@x.vn", "Việc\r\nBcc: b@x.vn", "…")
    with transaction.atomic():
        (mail,) = post.queue([letter], cause="reminders", by="tongket", at=START)
    assert mail.subject == "Việc Bcc: b@x.vn"
