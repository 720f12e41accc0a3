"""Next year's programme: objectives, solutions, tasks, coordination; what is done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from tongket.cycle import plan
from tongket.domain.access import Permission as P
from tongket.domain.programme import WorkKind
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, facts, tables, years
from tongket.office.entrance import sentences, staff
from tongket.records.models import ProgrammeWork


def kinds() -> dict[WorkKind, str]:
    """Return the kinds of work in the order of the programme, with their names."""
    return {
        WorkKind.OBJECTIVE: pgettext("chương trình", "Mục tiêu"),
        WorkKind.SOLUTION: gettext("Giải pháp"),
        WorkKind.TASK: gettext("Nhiệm vụ theo chỉ đạo của Trưởng Ban"),
        WorkKind.COORDINATION: gettext("Chương trình phối hợp"),
    }


@staff(P.VIEW)
@require_safe
def programme_page(request: HttpRequest) -> HttpResponse:
    """List the work that the review of a year set for the year after it."""
    return page(request, [])


def page(request: HttpRequest, told: list[str]) -> HttpResponse:
    """Return the programme; 422 when setting it was refused."""
    year, pack = years.chosen(request), facts.pack()
    works = list(ProgrammeWork.objects.filter(year=year + 1))
    names = kinds()
    if "csv" in request.GET:
        return as_csv(works, year + 1)
    english = {
        work.key: work.english
        for each in pack.programmes.values()
        for work in each.works
    }
    today = clock.today()
    groups = [
        (
            name,
            [
                (
                    work,
                    english.get(work.key, ""),
                    work.state != ProgrammeWork.State.DONE
                    and work.due_on is not None
                    and today > work.due_on,
                )
                for work in works
                if work.kind == kind
            ],
        )
        for kind, name in names.items()
    ]
    context = {
        "title": gettext("Chương trình công tác năm %(year)s") % {"year": year + 1},
        "kicker": gettext("Đề ra tại tổng kết năm %(year)s") % {"year": year},
        "crumbs": [
            {"label": gettext("Kế hoạch"), "url": f"{reverse('plan')}?nam={year}"},
            {"label": gettext("Chương trình công tác")},
        ],
        "year": year,
        "years": years.opened(),
        "groups": [(name, rows) for name, rows in groups if rows],
        "total": len(works),
        "done": sum(work.state == ProgrammeWork.State.DONE for work in works),
        "may_run": request.actor.may(P.RUN_YEAR, pack.province),
        "has_programme": year + 1 in pack.programmes,
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/plan/programme.html", context, status=status)


def as_csv(works: list[ProgrammeWork], year: int) -> HttpResponse:
    """Return the programme as a file."""
    header = [
        gettext("Loại"),
        gettext("Nội dung"),
        gettext("Chủ trì"),
        gettext("Thời hạn"),
        gettext("Hoàn thành"),
    ]
    names = kinds()
    lines = (
        [
            names[WorkKind(work.kind)],
            work.label,
            work.owner,
            f"{work.due_on:%d/%m/%Y}" if work.due_on else "",
            gettext("có") if work.state == ProgrammeWork.State.DONE else "",
        ]
        for work in works
    )
    return tables.csv_response(f"chuong-trinh-{year}.csv", header, lines)


@staff(P.RUN_YEAR)
@require_POST
def set_programme(request: HttpRequest) -> HttpResponse:
    """Record the programme that the pack holds for the year after."""
    pack, year = facts.pack(), years.chosen(request)
    request.actor.must(P.RUN_YEAR, pack.province)
    try:
        works = plan.set_programme(
            pack=pack, year=year + 1, by=request.user.username, at=clock.now()
        )
    except (Refusal, Refusals) as refused:
        return page(request, sentences(refused))
    words = gettext("Chương trình có %(count)s đầu việc.")
    messages.success(request, words % {"count": len(works)})
    return redirect(f"{reverse('programme')}?nam={year}")


@staff(P.RUN_YEAR)
@require_POST
def finish(request: HttpRequest, work: int) -> HttpResponse:
    """Mark a line of the programme as done."""
    request.actor.must(P.RUN_YEAR, facts.pack().province)
    found = get_object_or_404(ProgrammeWork, pk=work)
    plan.finish_work(work=found, by=request.user.username, at=clock.now())
    messages.success(request, gettext("Đã đánh dấu hoàn thành."))
    return redirect(f"{reverse('programme')}?nam={found.year - 1}")


urlpatterns = [
    path("van-phong/chuong-trinh/", programme_page, name="programme"),
    path("van-phong/chuong-trinh/dat/", set_programme, name="programme-set"),
    path("van-phong/chuong-trinh/<int:work>/xong/", finish, name="programme-finish"),
]
