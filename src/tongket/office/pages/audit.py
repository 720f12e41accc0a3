"""The chain of acts: who did what to which record, and whether the chain is sound."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tongket.domain.access import Permission as P
from tongket.office import facts, tables
from tongket.office.entrance import staff
from tongket.office.journal_words import value_words
from tongket.records import audit
from tongket.records.models import AuditEntry

PAGE = 50


def day(text: str) -> dt.date | None:
    """Return the day a date field holds; None for anything else.

    The first and the last year of the calendar are left out: another zone or the day
    after lies outside it.
    """
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if dt.MINYEAR < found.year < dt.MAXYEAR else None


def chosen(request: HttpRequest) -> QuerySet[AuditEntry]:
    """Return the acts that the filters of the address leave, the latest first."""
    asked = request.GET
    found = AuditEntry.objects.order_by("-id")
    if words := asked.get("q", "").strip():
        found = found.filter(subject__icontains=words)
    if person := asked.get("nguoi", "").strip():
        found = found.filter(by__icontains=person)
    if act := asked.get("viec", ""):
        found = found.filter(act=act)
    zone = timezone.get_current_timezone()
    if first := day(asked.get("tu", "")):
        found = found.filter(at__gte=dt.datetime.combine(first, dt.time.min, zone))
    if last := day(asked.get("den", "")):
        after = dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, zone)
        found = found.filter(at__lt=after)
    return found


def act_words(act: str) -> str:
    """Return an act in words; one that has none is shown by its name."""
    return {
        "load_units": gettext("Nạp danh sách đơn vị"),
        "reorganise": gettext("Thay đổi danh sách đơn vị"),
        "reorganise_unit": gettext("Thay đổi một đơn vị"),
        "reorganise_back": gettext("Hoàn tác thay đổi danh sách đơn vị"),
        "enrol": gettext("Cấp tài khoản, vai trò"),
        "issue_key": gettext("Cấp khóa API"),
        "revoke_key": gettext("Thu hồi khóa API"),
        "open_period": gettext("Mở kỳ"),
        "close_period": gettext("Khóa kỳ"),
        "reopen_period": gettext("Mở lại kỳ"),
        "extend": gettext("Gia hạn gửi báo cáo"),
        "comment": gettext("Ghi ý kiến về một ô"),
        "receive": gettext("Tiếp nhận báo cáo"),
        "accepted": gettext("Duyệt báo cáo"),
        "sent_back": gettext("Trả lại báo cáo"),
        "score": gettext("Chấm điểm, xếp loại"),
        "assign_plan": gettext("Giao kế hoạch khắc phục"),
        "move_plan": gettext("Chuyển bước kế hoạch khắc phục"),
        "set_work": gettext("Đặt công tác năm sau"),
        "finish_work": gettext("Hoàn thành công tác"),
        "propose": gettext("Đề nghị khen thưởng"),
        "move_award": gettext("Chuyển bước khen thưởng"),
        "freeze": gettext("Chốt số liệu"),
        "write_report": gettext("Viết báo cáo"),
        "sign_report": gettext("Ký báo cáo"),
        "publish": gettext("Công bố"),
    }.get(act, act)


def of_province(request: HttpRequest) -> None:
    """Answer 404 unless the person runs or signs the year of the whole province."""
    province = facts.pack().province
    if not any(request.actor.may(each, province) for each in (P.RUN_YEAR, P.SIGN)):
        raise Http404


@staff(P.RUN_YEAR, P.SIGN)
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """List acts, filtered by subject, person, act and day."""
    of_province(request)
    return render(request, "office/audit/journal.html", page_of(request))


@staff(P.RUN_YEAR, P.SIGN)
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Compute the whole chain anew and say whether every row follows the one before."""
    of_province(request)
    context = page_of(request)
    broken = audit.first_break()
    context |= {"verified": True, "broken": broken}
    return render(request, "office/audit/journal.html", context)


def page_of(request: HttpRequest) -> dict[str, Any]:
    """Return what the page of acts shows."""
    page = tables.page(request, chosen(request), PAGE)
    acts = AuditEntry.objects.order_by("act").values_list("act", flat=True).distinct()
    return {
        "title": gettext("Nhật ký"),
        "page": page,
        "rows": [
            {
                "entry": each,
                "act": act_words(each.act),
                "old": value_words(each.old),
                "new": value_words(each.new),
            }
            for each in page
        ],
        "acts": [(act, act_words(act)) for act in acts],
        "asked": request.GET,
        "query": tables.query(request),
    }


urlpatterns = [
    path("van-phong/nhat-ky/", journal, name="audit"),
    path("van-phong/nhat-ky/kiem-tra/", verify, name="audit-verify"),
]
