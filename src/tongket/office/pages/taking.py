"""A sending is taken back by its sender, an acceptance withdrawn by who accepted."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext

from tongket.cycle import check
from tongket.domain.access import Permission as P
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, facts, returns, seats
from tongket.office.entrance import Actor, sentences, staff
from tongket.office.returns import Place
from tongket.office.templatetags.office import said, said_with_window
from tongket.records.models import OpenPeriod, Return


def may_take_back(actor: Actor, place: Place) -> bool:
    """Whether the person could take the last sending back now."""
    if place.row is None or place.row.state != Return.State.SENT:
        return False
    last = place.versions()[0]
    may_send = actor.may(P.SEND_RETURN, place.unit.unit)
    return may_send and not last.reviews.exists()


def may_withdraw(actor: Actor, place: Place) -> bool:
    """Whether the person could withdraw the acceptance of the return now."""
    if place.row is None or place.row.state != Return.State.ACCEPTED:
        return False
    held = seats.units(seats.on_ladder(actor, place.unit.unit))
    is_open = place.opened.state == OpenPeriod.State.OPEN
    return is_open and last_rung(actor, place) in held


def last_rung(actor: Actor, place: Place) -> str:
    """Return the unit that accepts the return."""
    return seats.ladder(actor, place.unit.unit)[-1]


@staff(P.SEND_RETURN)
def take_back(request: HttpRequest, **asked: str) -> HttpResponse:
    """Ask, then take the last sending back."""
    place = returns.place(request.actor, P.SEND_RETURN, **asked)
    if place.row is None:
        raise Http404
    told: list[str] = []
    number = place.versions()[0].number
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            check.take_back(
                pack=facts.pack(),
                row=place.row,
                reason=request.POST.get("reason", ""),
                seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
                by=request.user.username,
                at=clock.now(),
            )
        except (Refusal, Refusals) as refusal:
            told = sentences(refusal)
        else:
            messages.success(request, gettext("Đã rút báo cáo; sửa rồi gửi lại."))
            return redirect(place.url("return-entry"))
    context = {
        "heading": gettext("Rút lại báo cáo đã gửi"),
        "lead": gettext(
            "Báo cáo không còn chờ duyệt cho đến khi đơn vị gửi lại. Các lần gửi đều "
            "được giữ. Chỉ rút được khi chưa cấp nào quyết định."
        ),
        "label": gettext("Lý do (không bắt buộc)"),
        "button": gettext("Rút báo cáo"),
        "number": number,
        "is_required": False,
    }
    return page(request, place, context, told)


@staff(P.REVIEW_RETURN)
def withdraw(request: HttpRequest, **asked: str) -> HttpResponse:
    """Ask for the reason, then withdraw the acceptance."""
    place = returns.place(request.actor, P.VIEW, **asked)
    if place.row is None or not seats.on_ladder(request.actor, place.unit.unit):
        raise Http404
    told: list[str] = []
    if request.method == "POST":
        try:
            check.withdraw(
                pack=facts.pack(),
                row=place.row,
                seats=seats.of(request.actor),
                reason=request.POST.get("reason", ""),
                by=request.user.username,
                at=clock.now(),
            )
        except (Refusal, Refusals) as refusal:
            told = sentences(refusal)
        else:
            words = gettext("Đã thu hồi việc duyệt; báo cáo trở lại chờ duyệt.")
            messages.success(request, words)
            return redirect(place.url("check-return"))
    context = {
        "heading": gettext("Thu hồi việc duyệt"),
        "lead": gettext(
            "Số liệu của lần gửi này không còn được tính; báo cáo trở lại chờ duyệt. "
            "Sau khi kỳ khóa thì không thu hồi được nữa."
        ),
        "label": gettext("Lý do thu hồi"),
        "button": gettext("Thu hồi việc duyệt"),
        "number": place.versions()[0].number,
        "is_required": True,
    }
    return page(request, place, context, told)


def page(
    request: HttpRequest, place: Place, context: dict[str, object], told: list[str]
) -> HttpResponse:
    """Return the page that asks; 422 when the act was refused."""
    shown = {
        "title": context["heading"],
        "kicker": f"{place.unit.name} · {said(place.form)}",
        "lede": said_with_window(place.period),
        "crumbs": [
            {"label": place.unit.name, "url": place.url("return")},
            {"label": context["heading"]},
        ],
        "place": place,
        "back": place.url("return"),
        "reason": request.POST.get("reason", ""),
        "sentences": told,
        **context,
    }
    status = 422 if told else 200
    return render(request, "office/check/taking.html", shown, status=status)


urlpatterns = [
    path(f"{returns.ADDRESS}rut/", take_back, name="return-take-back"),
    path(f"{returns.ADDRESS}thu-hoi/", withdraw, name="check-withdraw"),
]
