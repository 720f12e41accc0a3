"""Is every number true in a draft that somebody typed elsewhere?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext

from tongket.cycle import report
from tongket.domain.access import Permission as P
from tongket.domain.periods import Period, parse
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import claims_table, drafts, facts, figures, years
from tongket.office.entrance import Actor, sentences, staff


def asked_period(request: HttpRequest) -> Period:
    """Return the period that the draft speaks of, by default the year worked on."""
    key = request.POST.get("period", "")
    if key:
        return parse(key, facts.pack().regimes)
    return figures.regime().year(years.chosen(request))


def asked_text(request: HttpRequest) -> str:
    """Return the text of the file that was sent, else what was pasted."""
    sent = request.FILES.get("file")
    if sent is not None:
        if sent.size > drafts.LARGEST:
            raise drafts.DraftTooLarge(file=sent.name)
        return drafts.text_of(sent.name, sent.read())
    text = request.POST.get("text", "").replace("\r\n", "\n")
    return drafts.text_of("draft.txt", text.encode())


@staff(P.RUN_YEAR, P.SIGN, P.OVERVIEW, P.PUBLISH)
def check_draft(request: HttpRequest) -> HttpResponse:
    """Show a form; on POST the numbers of the text and what is thought of each."""
    period = asked_period(request)
    context = {
        "title": gettext("Kiểm tra dự thảo"),
        "lede": gettext(
            "Dán văn bản hoặc chọn tệp: từng con số được tìm ra, đối chiếu với số liệu "
            "của kỳ và với các con số khác trong văn bản."
        ),
        "crumbs": [
            {"label": gettext("Báo cáo"), "url": reverse("report")},
            {"label": gettext("Kiểm tra dự thảo")},
        ],
        "period": period,
        "periods": [figures.regime().year(year) for year in years.opened()],
        "text": request.POST.get("text", ""),
        "is_checked": False,
    }
    status = 200
    if request.method == "POST":
        try:
            text = asked_text(request)
        except (Refusal, Refusals) as refused:
            context["sentences"] = sentences(refused)
            status = 422
        else:
            context |= checked(text, period, request.actor)
    return render(request, "office/report/draft.html", context, status=status)


def checked(text: str, period: Period, actor: Actor) -> dict[str, object]:
    """Return the claims of a text, a summary, and what follows for their bases."""
    compared = claims_table.comparisons(period)
    judged = report.judge(text, pack=facts.pack(), comparisons=compared)
    claims = claims_table.claims(text, judged, compared, actor)
    return {
        "is_checked": True,
        "text": text,
        "claims": claims,
        "summary": claims_table.summary(claims),
        "has_false": any(each.is_false for each in claims),
        "derivations": claims_table.derivations(judged),
    }


urlpatterns = [
    path("van-phong/kiem-tra-du-thao/", check_draft, name="check-draft"),
]
