"""Commend: from proposal through appraisal and decision to conferment."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tongket.cycle import commend
from tongket.domain.access import Permission as P
from tongket.domain.commendations import (
    AwardeeKind,
    AwardForm,
    AwardState,
    Proposal,
)
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, facts, figures, years
from tongket.office.entrance import sentences, staff
from tongket.office.pages import awards
from tongket.office.templatetags.office import said
from tongket.records.models import Award
from tongket.records.register import register


class NoAwardee(Refusal, ValueError):
    """Nobody is named."""

    words = "Chọn đơn vị hoặc nhập tên tập thể, cá nhân được đề nghị."


class NotADecisionDay(Refusal, ValueError):
    """The day of the decision is no day."""

    words = "Ngày quyết định “{text}” không hợp lệ; nhập ngày, tháng, năm."


@staff(*awards.SEES)
@require_safe
def commend_page(request: HttpRequest) -> HttpResponse:
    """List the awards of a year by form."""
    return awards.page(request, [])


def form_of(key: str) -> AwardForm:
    """Return a form of award by its key, or 404."""
    forms = facts.pack().award_forms
    if key not in forms:
        raise Http404
    return forms[key]


@staff(P.RUN_YEAR)
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose one awardee for one form."""
    pack, year, typed = facts.pack(), years.chosen(request), request.POST
    request.actor.must(P.RUN_YEAR, pack.province)
    unit, name = typed.get("unit", ""), typed.get("name", "").strip()
    form = form_of(typed.get("form", ""))
    kind = typed.get("kind", "")
    if kind not in set(AwardeeKind):
        raise Http404
    try:
        if not (unit or name):
            raise NoAwardee
        proposal = Proposal(
            unit or name,
            AwardeeKind(kind),
            form.key,
            ground=typed.get("ground", "").strip(),
            is_blocked="blocked" in typed,
        )
        made = commend.propose(
            pack=pack,
            year=year,
            proposals=[proposal],
            by=request.user.username,
            at=clock.now(),
        )
    except (Refusal, Refusals) as refused:
        return awards.page(request, sentences(refused))
    if made:
        messages.success(request, gettext("Đã ghi đề nghị khen thưởng."))
    else:
        messages.info(request, gettext("Đề nghị này đã có trong danh sách."))
    return redirect(f"{reverse('commend')}?nam={year}")


@staff(P.RUN_YEAR, P.SIGN)
@require_POST
def move_all(request: HttpRequest, form: str) -> HttpResponse:
    """Appraise, decide or confer everything of a form that waits for it."""
    year, actor, province = years.chosen(request), request.actor, facts.pack().province
    wanted = form_of(form)
    by, at = request.user.username, clock.now()
    found = Award.objects.filter(year=year, form=form)
    try:
        if "decide" in request.POST:
            actor.must(P.SIGN, province)
            moved = decide(request, wanted, year)
        elif "confer" in request.POST:
            actor.must(P.RUN_YEAR, province)
            decided = list(found.filter(state=AwardState.DECIDED))
            moved = commend.confer(awards=decided, by=by, at=at)
        else:
            actor.must(P.RUN_YEAR, province)
            proposed = list(found.filter(state=AwardState.PROPOSED))
            moved = commend.appraise(awards=proposed, by=by, at=at)
    except (Refusal, Refusals) as refused:
        return awards.page(request, sentences(refused))
    words = gettext("Đã chuyển %(count)s đề nghị sang bước tiếp theo.")
    messages.success(request, words % {"count": len(moved)})
    return redirect(f"{reverse('commend')}?nam={year}")


def decide(request: HttpRequest, form: AwardForm, year: int) -> list[Award]:
    """Decide the appraised awards by the numbered decision that was typed."""
    text = request.POST.get("on", "")
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as wrong:
        raise NotADecisionDay(text=text) from wrong
    return commend.decide(
        pack=facts.pack(),
        year=year,
        form=form,
        decision=request.POST.get("decision", "").strip(),
        on=day,
        by=request.user.username,
        at=clock.now(),
    )


@staff(P.RUN_YEAR, P.SIGN)
def withdraw(request: HttpRequest, award: int) -> HttpResponse:
    """Ask for the reason, then refuse a proposal or cancel a decided award."""
    found = get_object_or_404(Award, pk=award)
    act_word = awards.withdrawing(AwardState(found.state), request.actor)
    if not act_word:
        raise Http404
    is_decided = act_word == "cancel"
    told: list[str] = []
    reason = request.POST.get("reason", "").strip()
    if request.method == "POST":
        act = commend.cancel if is_decided else commend.refuse
        try:
            act(award=found, reason=reason, by=request.user.username, at=clock.now())
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
        else:
            done = (
                gettext("Đã hủy khen thưởng; vẫn giữ trong danh sách kèm lý do.")
                if is_decided
                else gettext("Đã ghi không chấp nhận đề nghị, kèm lý do.")
            )
            messages.success(request, done)
            return redirect(f"{reverse('commend')}?nam={found.year}")
    tree = register().on(figures.regime().year(found.year).end)
    context = {
        "title": gettext("Hủy khen thưởng")
        if is_decided
        else gettext("Không chấp nhận đề nghị"),
        "kicker": said(facts.pack().award_forms[found.form]),
        "crumbs": [
            {
                "label": gettext("Khen thưởng"),
                "url": f"{reverse('commend')}?nam={found.year}",
            },
            {"label": gettext("Lý do")},
        ],
        "award": found,
        "name": tree[found.awardee].name if found.awardee in tree else found.awardee,
        "reason": reason,
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/commend/withdraw.html", context, status=status)


urlpatterns = [
    path("van-phong/khen-thuong/", commend_page, name="commend"),
    path("van-phong/khen-thuong/de-nghi/", propose, name="commend-propose"),
    path("van-phong/khen-thuong/<slug:form>/chuyen/", move_all, name="commend-move"),
    path("van-phong/khen-thuong/rut/<int:award>/", withdraw, name="commend-withdraw"),
]
