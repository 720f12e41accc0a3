"""Does a person see what they are reminded of, and the office what is mailed?"""

import datetime as dt
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from tests import factories
from tests.factories import instant, month, opened
from tests.web.conftest import Office

from tongket.cycle import post, remind
from tongket.office import working
from tongket.records.models import MailChoice, Notice, OutboxMail, WorkerLease

DAY = dt.date(2023, 12, 19)  # the day after the monthly returns were due


@pytest.fixture
def reminded(office: Office) -> Office:
    """Everybody has an address, and was told of the returns that are overdue."""
    for user in User.objects.all():
        user.email = f"{user.username}@x.vn"
        user.save()
    opened(month(12))
    remind.remind(
        pack=factories.small_pack(),
        on=DAY,
        hour=12,
        address="https://x.vn",
        by="tongket",
        at=instant(DAY),
    )
    return office


def test_a_notice_is_counted_on_every_page_until_it_is_read(reminded: Office) -> None:
    client = reminded.client("own")
    text = client.get(reverse("year")).content.decode()
    assert '<span class="count">1<span class="visually-hidden"> chưa đọc' in text
    page = client.get(reverse("notices")).content.decode()
    assert "quá hạn gửi từ ngày 18/12/2023; gửi báo cáo ngay." in page
    notice = Notice.objects.get(user__username="own", in_app=True)
    assert f'href="{reverse("return", args=notice.place[1:])}"' in page
    client.post(reverse("notices-read"), {"notice": [notice.pk]})
    assert "Không có thông báo mới" in client.get(reverse("notices")).content.decode()
    everything = client.get(reverse("notices"), {"xem": "tat-ca"}).content.decode()
    assert "quá hạn gửi từ ngày 18/12/2023" in everything


def test_nobody_reads_or_marks_the_notices_of_another(reminded: Office) -> None:
    other = Notice.objects.get(user__username="other", in_app=True)
    client = reminded.client("own")
    client.post(reverse("notices-read"), {"notice": [other.pk]})
    client.post(reverse("notices-read"), {"all": "1"})
    other.refresh_from_db()
    assert other.read_at is None
    assert "Ngô Quyền" not in client.get(reverse("notices")).content.decode()


def test_a_person_stops_the_mail_and_takes_it_again(reminded: Office) -> None:
    client = reminded.client("own")
    client.post(reverse("notices-mail"), {"takes": "0"})
    assert not MailChoice.objects.get(user__username="own").takes_reminders
    page = client.get(reverse("notices")).content.decode()
    assert "Bạn đã chọn không nhận thư nhắc việc." in page
    client.post(reverse("notices-mail"), {"takes": "1"})
    assert MailChoice.objects.get(user__username="own").takes_reminders


def test_the_outbox_says_when_no_server_is_set_and_hides_the_text(
    reminded: Office,
) -> None:
    page = reminded.client("office").get(reverse("outbox")).content.decode()
    assert "Chưa cấu hình máy chủ thư." in page
    assert "Tiến trình gửi thư không chạy." in page
    assert "own@x.vn" in page
    assert "Xem chi tiết" not in page
    assert "Chờ gửi" in page


def test_the_office_decides_about_a_doubtful_mail(reminded: Office) -> None:
    mail = OutboxMail.objects.filter(user__username="own").get()
    post._take("dead", instant(DAY))
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=OutboxMail.State.DOUBTFUL, lease=""
    )
    client = reminded.client("office")
    chosen = {"mail": [mail.pk], "act": "resend"}
    answer = client.post(reverse("outbox"), chosen, follow=True)
    assert "1 thư sẽ được gửi lại." in answer.content.decode()
    again = client.post(reverse("outbox"), chosen)
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "không có gì để quyết định" in again.content.decode()


def test_the_outbox_is_filtered_and_taken_away(reminded: Office) -> None:
    client = reminded.client("office")
    text = client.get(reverse("outbox"), {"q": "own@", "csv": "1"}).content.decode()
    assert len(text.splitlines()) == 2
    assert "own@x.vn,Tổng kết năm: bạn có 1 việc,Nhắc việc,Chờ gửi,0," in text
    sent = client.get(reverse("outbox"), {"trang-thai": "SENT"}).content.decode()
    assert "Không có thư nào" in sent


def test_the_worker_reminds_once_an_hour_and_lets_go_of_its_lease(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(month(12))
    call_command("work", "--once")
    assert "Chưa đặt TONGKET_EMAIL_URL" in capsys.readouterr().out
    assert WorkerLease.objects.get(name=working.NAME).holder == ""


def test_a_second_worker_waits_while_the_first_works(office: Office) -> None:
    first, second = working.Worker(), working.Worker()
    assert first._has_lease()
    assert not second._has_lease()
    assert list(second.turn()) == []
    first.end()
    assert second._has_lease()


def test_a_turn_that_fails_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(remind, "remind", broken)
    monkeypatch.setattr(working.Worker, "_send", lambda _self: iter(["sent"]))
    worker = working.Worker()
    assert list(worker.turn()) == ["sent"], "mail does not wait for reminders"
    assert "the disk is full" in caplog.text
    monkeypatch.undo()
    with transaction.atomic():
        post.queue([], cause="reminders", by="tongket", at=instant(DAY))
    assert worker._reminded == set()


def test_numbers_that_no_row_can_have_break_no_page(reminded: Office) -> None:
    far, client = "9" * 30, reminded.client("office")
    assert client.post(reverse("notices-read"), {"notice": far}).status_code == 302
    assert client.post(reverse("outbox"), {"mail": far}).status_code == 302
