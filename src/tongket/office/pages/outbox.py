"""Mail on its way: what waits, what failed, and what somebody must decide about."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from tongket.cycle import post, shift
from tongket.domain.access import Permission as P
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, facts, speech, tables, working
from tongket.office.entrance import sentences, staff
from tongket.records import sentences as kept
from tongket.records.models import OutboxMail

State = OutboxMail.State
TONES = {
    State.QUEUED: "info",
    State.SENDING: "info",
    State.SENT: "good",
    State.FAILED: "bad",
    State.DOUBTFUL: "warn",
    State.LEFT: "neutral",
}


def state_words() -> dict[str, str]:
    """Return what each state is called in the language of the page."""
    return {
        State.DOUBTFUL: gettext("Chưa rõ đã gửi"),
        State.FAILED: gettext("Không gửi được"),
        State.QUEUED: gettext("Chờ gửi"),
        State.SENDING: gettext("Đang gửi"),
        State.SENT: gettext("Đã gửi"),
        State.LEFT: gettext("Để nguyên"),
    }


def cause_words(cause: str) -> str:
    """Return what a mail was written for."""
    return {
        "reminders": gettext("Nhắc việc"),
        "invite": gettext("Mời dùng tài khoản"),
        "password": gettext("Đặt lại mật khẩu"),
    }.get(cause, cause)


@staff(P.RUN_YEAR)
def outbox(request: HttpRequest) -> HttpResponse:
    """List the mails; on POST send the chosen ones again, or leave them."""
    request.actor.must(P.RUN_YEAR, facts.pack().province)
    told: list[str] = []
    if request.method == "POST":
        try:
            return decided(request)
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
    rows = found(request)
    if "csv" in request.GET:
        return as_file(rows)
    page, states = tables.page(request, rows), state_words()
    everything = OutboxMail.objects.order_by().values_list("state", flat=True)
    counts = dict.fromkeys(states, 0)
    for state in everything:
        counts[state] += 1
    context = {
        "title": gettext("Hộp thư đi"),
        "lede": gettext("Thư nhắc việc và thư mời mà hệ thống gửi đi."),
        "page": page,
        "rows": [row(each) for each in page],
        "may_decide": any(each.state in post.SETTLED for each in page),
        "counts": [(state, words, counts[state]) for state, words in states.items()],
        "asked": request.GET,
        "has_server": bool(settings.EMAIL_URL),
        "is_working": shift.is_held(name=working.NAME, at=timezone.now()),
        "query": tables.query(request),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/account/outbox.html", context, status=status)


def found(request: HttpRequest) -> list[OutboxMail]:
    """Return the mails that the filters leave, those to decide about first."""
    state, text = request.GET.get("trang-thai", ""), request.GET.get("q", "")
    mails = OutboxMail.objects.all()
    if state in set(State):
        mails = mails.filter(state=state)
    if text:
        mails = mails.filter(recipient__icontains=text)
    order = list(state_words())
    return sorted(mails, key=lambda mail: order.index(mail.state))


def row(mail: OutboxMail) -> dict[str, Any]:
    """Return a mail as the list shows it; its text is shown to nobody."""
    error = kept.from_json(mail.last_error) if mail.last_error else None
    return {
        "mail": mail,
        "state": state_words()[mail.state],
        "tone": TONES[State(mail.state)],
        "cause": cause_words(mail.cause),
        "error": speech.translated(error) if error else "",
        "may_decide": mail.state in post.SETTLED,
        "may_resend": mail.state in post.SETTLED and bool(mail.body),
    }


def decided(request: HttpRequest) -> HttpResponse:
    """Do what was decided about the chosen mails, and say so."""
    chosen = tables.numbers(request.POST.getlist("mail"))
    by, at = request.user.get_username(), clock.now()
    if request.POST.get("act") == "resend":
        count = post.resend(mails=chosen, by=by, at=at)
        words = ngettext(
            "%(count)s thư sẽ được gửi lại.", "%(count)s thư sẽ được gửi lại.", count
        )
    else:
        count = post.leave(mails=chosen, by=by, at=at)
        words = ngettext(
            "Đã để nguyên %(count)s thư.", "Đã để nguyên %(count)s thư.", count
        )
    messages.success(request, words % {"count": count})
    return redirect("outbox")


def as_file(mails: list[OutboxMail]) -> HttpResponse:
    """Return the list as a file, with the words of the page and no mail's text."""
    header = [
        gettext("Người nhận"),
        gettext("Tiêu đề"),
        gettext("Loại thư"),
        gettext("Trạng thái"),
        gettext("Số lần thử"),
        gettext("Lập lúc"),
        gettext("Gửi lúc"),
        gettext("Lỗi"),
    ]
    lines = (
        [
            each["mail"].recipient,
            each["mail"].subject,
            each["cause"],
            each["state"],
            each["mail"].attempts,
            moment(each["mail"].created_at),
            moment(each["mail"].sent_at),
            each["error"],
        ]
        for each in map(row, mails)
    )
    return tables.csv_response("hop-thu-di.csv", header, lines)


def moment(at: dt.datetime | None) -> str:
    """Return an instant as the hour of Vietnam and the day; empty for none."""
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}" if at else ""


urlpatterns = [path("van-phong/hop-thu-di/", outbox, name="outbox")]
