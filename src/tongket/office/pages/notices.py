"""What is this person reminded of, and does the person want it by mail too?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from tongket.cycle import remind
from tongket.domain.units import search_key
from tongket.office import clock, speech, tables
from tongket.office.entrance import staff
from tongket.records import sentences
from tongket.records.models import MailChoice, Notice


@staff()
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List the person's notices, the latest first; by default those not read yet."""
    mine = Notice.objects.filter(user=request.user, in_app=True)
    which, text = request.GET.get("xem", "chua-doc"), request.GET.get("q", "")
    found = mine if which == "tat-ca" else mine.filter(read_at=None)
    rows = [row(each) for each in found]
    wanted = search_key(text)
    rows = [each for each in rows if wanted in search_key(each["words"])]
    page = tables.page(request, rows)
    choice = MailChoice.objects.filter(user=request.user).first()
    context = {
        "title": gettext("Thông báo"),
        "page": page,
        "which": which,
        "asked": request.GET,
        "new": mine.filter(read_at=None).count(),
        "takes_mail": choice is None or choice.takes_reminders,
        "address": request.user.email,
        "query": tables.query(request),
    }
    return render(request, "office/account/notices.html", context)


def row(notice: Notice) -> dict[str, Any]:
    """Return a notice as the list shows it."""
    return {
        "notice": notice,
        "words": speech.translated(sentences.from_json(notice.words)),
        "url": address(notice),
    }


def address(notice: Notice) -> str:
    """Return where the notice leads; empty when the page is no more."""
    try:
        name, *arguments = notice.place
        return reverse(name, args=arguments)
    except (NoReverseMatch, ValueError):
        return ""


@staff()
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark the chosen notices as read, or all of them."""
    at = clock.now()
    if "all" in request.POST:
        count = remind.mark_all_read(user=request.user, at=at)
    else:
        chosen = tables.numbers(request.POST.getlist("notice"))
        count = remind.mark_read(user=request.user, notices=chosen, at=at)
    words = ngettext(
        "Đã đánh dấu đọc %(count)s thông báo.",
        "Đã đánh dấu đọc %(count)s thông báo.",
        count,
    )
    messages.success(request, words % {"count": count})
    return redirect("notices")


@staff()
@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    """Take reminders by mail from now on, or no more."""
    takes = request.POST.get("takes") == "1"
    remind.choose_mail(user=request.user, takes=takes, at=clock.now())
    messages.success(
        request,
        gettext("Thư nhắc việc sẽ được gửi đến địa chỉ của bạn.")
        if takes
        else gettext("Không gửi thư nhắc việc nữa; thông báo ở đây vẫn hiện."),
    )
    return redirect("notices")


urlpatterns = [
    path("van-phong/thong-bao/", notices, name="notices"),
    path("van-phong/thong-bao/da-doc/", read, name="notices-read"),
    path("van-phong/thong-bao/thu/", mail, name="notices-mail"),
]
