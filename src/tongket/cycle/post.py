"""Send what waits to be mailed: nothing lost, and nothing sent twice.

A mail is written in the transaction of its cause (`queue`) and handed over later
(`send_due`). A worker takes a mail by a lease, so that no second one takes it too. What
a crash, or a line that broke at the wrong moment, leaves unknown becomes DOUBTFUL: a
person decides, for only a person may risk that somebody reads a mail twice.
"""

import datetime as dt
import smtplib
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from tongket.domain.sentences import Refusal, Sentence
from tongket.records import audit, sentences
from tongket.records.models import OutboxMail

State = OutboxMail.State
MINUTE = dt.timedelta(minutes=1)
LEASE = 10 * MINUTE  # longer than any server takes to answer
LONGEST_WAIT = dt.timedelta(hours=4)
GIVE_UP_AFTER = dt.timedelta(days=5)
SETTLED = (State.DOUBTFUL, State.FAILED)  # a person may decide about these

NO_SERVER = "Máy chủ thư chưa nhận kết nối ({detail}); sẽ thử lại."
NOT_NOW = "Máy chủ thư chưa nhận thư này ({detail}); sẽ thử lại."
REFUSED = "Máy chủ thư từ chối địa chỉ {recipient} ({detail}); kiểm tra địa chỉ."
TOO_LONG = "Đã thử {attempts} lần trong 5 ngày mà chưa gửi được ({detail})."
UNKNOWN = "Kết nối đứt khi đang gửi ({detail}); chưa rõ máy chủ đã nhận thư hay chưa."
CRASHED = "Tiến trình gửi thư dừng giữa chừng; chưa rõ máy chủ đã nhận thư hay chưa."


class NotToDecide(Refusal):
    """A mail about which nothing has to be decided."""

    words = (
        "Thư gửi {recipient} đang ở trạng thái “{state}”, không có gì để quyết định; "
        "tải lại trang."
    )


class TextGone(Refusal):
    """A mail whose text was emptied."""

    words = "Thư gửi {recipient} không còn nội dung; thực hiện lại việc đã sinh ra thư."


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be mailed; `user` is the account it is for, where there is one."""

    recipient: str
    subject: str
    body: str
    user: int | None = None


class Outcome(Enum):
    """What became of handing one mail over."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


def queue(
    letters: Iterable[Letter], *, cause: str, by: str, at: dt.datetime
) -> list[OutboxMail]:
    """Write mails to be sent; call it inside the transaction of what causes them."""
    assert transaction.get_connection().in_atomic_block, "a mail belongs to its cause"
    rows = [
        OutboxMail(
            user_id=each.user,
            recipient=each.recipient,
            # A line break would begin a header of its own.
            subject=" ".join(each.subject.split())[:200],
            body=each.body,
            cause=cause,
            next_at=at,
            message_id=f"<{uuid.uuid4().hex}@tongket>",
            created_at=at,
            created_by=by,
        )
        for each in letters
    ]
    return OutboxMail.objects.bulk_create(rows, batch_size=500)


def wait_after(attempts: int) -> dt.timedelta | None:
    """Return how long to wait after so many attempts; None when five days are over.

    One minute, then twice as long each time, and at most four hours.
    """
    waited = dt.timedelta()
    for number in range(attempts):
        wait = min(MINUTE * 2 ** min(number, 20), LONGEST_WAIT)
        waited += wait
        if waited > GIVE_UP_AFTER:
            return None
    return wait if attempts else MINUTE


def send_due(
    *,
    connect: Callable[[], BaseEmailBackend],
    sender: str,
    worker: str,
    now: Callable[[], dt.datetime],
    limit: int = 200,
    goes_on: Callable[[], bool] = lambda: True,
) -> int:
    """Hand over what is due, at most `limit`; return how many were sent.

    Stops at the first mail for which no server answers: the others lose no attempt.
    """
    doubt_abandoned(at=now())
    backend, sent = connect(), 0
    try:
        for _ in range(limit):
            mail = _take(worker, now()) if goes_on() else None
            if mail is None:
                break
            try:
                backend.open()
            except (OSError, smtplib.SMTPException) as error:
                _later(mail, Sentence(NO_SERVER, {"detail": _detail(error)}), now())
                break
            sent += _hand_over(backend, mail, sender, now)
    finally:
        backend.close()
    return sent


def doubt_abandoned(*, at: dt.datetime) -> int:
    """Mark as doubtful what a worker took and never reported on; return how many."""
    stale = OutboxMail.objects.filter(state=State.SENDING, leased_until__lt=at)
    error = sentences.to_json(Sentence(CRASHED))
    # The lease stays: a worker that was only slow may still report what it did.
    return stale.update(state=State.DOUBTFUL, last_error=error)


def _take(worker: str, at: dt.datetime) -> OutboxMail | None:
    """Lease the mail that waits longest; None when nothing is due."""
    due = OutboxMail.objects.filter(state=State.QUEUED, next_at__lte=at)
    for pk in due.order_by("next_at", "id").values_list("pk", flat=True)[:20]:
        # One statement: of two workers that try, the second finds it taken.
        taken = OutboxMail.objects.filter(pk=pk, state=State.QUEUED).update(
            state=State.SENDING, lease=worker, leased_until=at + LEASE
        )
        if taken:
            return OutboxMail.objects.get(pk=pk)
    return None


def _hand_over(
    backend: BaseEmailBackend,
    mail: OutboxMail,
    sender: str,
    now: Callable[[], dt.datetime],
) -> int:
    outcome, detail = _attempt(backend, mail, sender)
    at = now()
    told = {"detail": detail, "recipient": mail.recipient}
    if outcome is Outcome.UNKNOWN:
        backend.close()  # the next mail needs a line of its own
    if outcome is Outcome.SENT:
        _settle(mail, State.SENT, None, sent_at=at, body="")
    elif outcome is Outcome.REFUSED:
        _settle(mail, State.FAILED, Sentence(REFUSED, told))
    elif outcome is Outcome.UNKNOWN:
        _settle(mail, State.DOUBTFUL, Sentence(UNKNOWN, told))
    else:
        _later(mail, Sentence(NOT_NOW, told), at)
    return outcome is Outcome.SENT


def _attempt(
    backend: BaseEmailBackend, mail: OutboxMail, sender: str
) -> tuple[Outcome, str]:
    message = EmailMessage(
        mail.subject,
        mail.body,
        sender,
        [mail.recipient],
        connection=backend,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    try:
        backend.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _by_code(code), f"{code} {_text(words)}"
    except smtplib.SMTPServerDisconnected as error:
        return Outcome.UNKNOWN, _detail(error)
    except smtplib.SMTPSenderRefused as error:
        # Our own address or the whole server: nothing that this mail can help.
        return Outcome.LATER, _detail(error)
    except smtplib.SMTPResponseException as error:
        return _by_code(error.smtp_code), _detail(error)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome.UNKNOWN, _detail(error)
    return Outcome.SENT, ""


def _by_code(code: int) -> Outcome:
    """Return what a server's answer means: 5xx is for good, 4xx for now."""
    return Outcome.REFUSED if code >= 500 else Outcome.LATER


def _later(mail: OutboxMail, error: Sentence, at: dt.datetime) -> None:
    attempts = mail.attempts + 1
    wait = wait_after(attempts)
    if wait is None:
        told = {"attempts": attempts, "detail": error.values["detail"]}
        _settle(mail, State.FAILED, Sentence(TOO_LONG, told), attempts=attempts)
        return
    _settle(mail, State.QUEUED, error, attempts=attempts, next_at=at + wait)


def _settle(
    mail: OutboxMail, state: str, error: Sentence | None, **fields: object
) -> None:
    """Record what became of a leased mail, unless the lease was lost meanwhile."""
    told = sentences.to_json(error) if error else None
    fields.setdefault("attempts", mail.attempts + 1)
    held = OutboxMail.objects.filter(pk=mail.pk, lease=mail.lease)
    held.filter(state__in=(State.SENDING, State.DOUBTFUL)).update(
        state=state, last_error=told, lease="", leased_until=None, **fields
    )


def _detail(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return " ".join(str(error).split())[:200] or type(error).__name__


def _text(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:200]


@transaction.atomic
def resend(*, mails: Collection[int], by: str, at: dt.datetime) -> int:
    """Queue mails again that failed or are doubtful; return how many."""
    rows = _to_decide(mails)
    for row in rows:
        if not row.body:
            raise TextGone(recipient=row.recipient)
    pks = [row.pk for row in rows]
    OutboxMail.objects.filter(pk__in=pks).update(
        state=State.QUEUED, attempts=0, next_at=at, last_error=None, lease=""
    )
    _log("resend_mail", rows, by, at)
    return len(rows)


@transaction.atomic
def leave(*, mails: Collection[int], by: str, at: dt.datetime) -> int:
    """Leave mails as they are, for good, and empty their text; return how many."""
    rows = _to_decide(mails)
    pks = [row.pk for row in rows]
    OutboxMail.objects.filter(pk__in=pks).update(state=State.LEFT, body="")
    _log("leave_mail", rows, by, at)
    return len(rows)


def _to_decide(mails: Collection[int]) -> list[OutboxMail]:
    rows = list(OutboxMail.objects.select_for_update().filter(pk__in=mails))
    for row in rows:
        if row.state not in SETTLED:
            state = Sentence(State(row.state).label)
            raise NotToDecide(recipient=row.recipient, state=state)
    return rows


def _log(act: str, rows: Iterable[OutboxMail], by: str, at: dt.datetime) -> None:
    acts = [audit.Act(act, f"mail:{row.pk}", old={"state": row.state}) for row in rows]
    audit.record(acts, by=by, at=at)
