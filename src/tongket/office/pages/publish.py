"""Publish: what the public would read, the release, and what was published before."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext

from tongket.cycle import freeze, publish, report
from tongket.documents import pictures
from tongket.domain.access import Permission as P
from tongket.domain.periods import Period
from tongket.domain.releases import Photo, PublishedFigure
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, demonstration, facts, figures, years
from tongket.office.entrance import Actor, sentences, staff
from tongket.office.pages.report import linked
from tongket.records.models import AnnualReport

LARGEST_PHOTO = 10_000_000  # bytes


@staff(P.PUBLISH, P.RUN_YEAR, P.SIGN)
def publish_page(request: HttpRequest) -> HttpResponse:
    """Show what would be published; on POST push it to the portal."""
    period = figures.regime().year(years.chosen(request))
    if request.method != "POST":
        return page(request, period, [])
    pack = facts.pack()
    request.actor.must(P.PUBLISH, pack.province)
    try:
        release = publish.publish(
            pack=pack,
            period=period,
            folder=facts.files(),
            photo=photo(request, period),
            by=request.user.username,
            at=clock.now(),
        )
    except (Refusal, Refusals) as refused:
        return page(request, period, sentences(refused))
    words = gettext("Đã công bố lên cổng thông tin, lần %(version)s.")
    messages.success(request, words % {"version": release.version})
    return redirect(f"{reverse('publish')}?nam={period.year}")


def photo(request: HttpRequest, period: Period) -> Photo | None:
    """Return the photo that was chosen; the demonstration's drawing without one.

    A photo is drawn anew, so that nothing hidden in the file goes out.
    """
    sent = request.FILES.get("photo")
    if sent is None:
        return demonstration.photo(period)
    if sent.size > LARGEST_PHOTO:
        raise pictures.PhotoUnreadable(file=sent.name)
    content = pictures.photo(sent.read(), sent.name)
    caption, alt = (request.POST.get(name, "").strip() for name in ("caption", "alt"))
    return Photo("anh-hoi-nghi.jpg", content, caption, alt)


def page(request: HttpRequest, period: Period, told: list[str]) -> HttpResponse:
    """Return the page; 422 with what was typed when publishing was refused."""
    written, frozen = report.newest(period), freeze.newest(period)
    is_signed = written is not None and written.state != AnnualReport.State.DRAFT
    may_publish = request.actor.may(P.PUBLISH, facts.pack().province)
    context = {
        "title": gettext("Công bố năm %(year)s") % {"year": period.year},
        "kicker": period.window,
        "year": period.year,
        "years": years.opened(),
        "written": written,
        "is_signed": is_signed,
        "is_stale": bool(written and frozen and written.frozen_id != frozen.pk),
        "may_publish": may_publish and is_signed,
        "releases": publish.releases(period),
        "public_pages": publish.public_pages(period),
        "typed": request.POST,
        "sentences": told,
        **preview(period, request.actor),
    }
    status = 422 if told else 200
    return render(request, "office/publish/publish.html", context, status=status)


def preview(period: Period, actor: Actor) -> dict[str, Any]:
    """Return article and figures as they would be published, or why there are none."""
    try:
        article, published = publish.preview(pack=facts.pack(), period=period)
    except (Refusal, Refusals) as refused:
        return {"preview_refused": sentences(refused)}
    blocks: dict[str, list[tuple[PublishedFigure, str]]] = {}
    for figure in published:
        blocks.setdefault(figure.block, []).append(
            (figure, figures.why_of(figure.key, actor))
        )
    return {
        "article": article,
        "paragraphs": [linked(each.runs, actor) for each in article.paragraphs],
        "blocks": list(blocks.items()),
        "figure_count": len(published),
    }


urlpatterns = [path("van-phong/cong-bo/", publish_page, name="publish")]
