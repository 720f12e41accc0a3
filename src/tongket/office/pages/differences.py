"""What differs between any two versions of a return, row by row?"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.domain.access import Permission as P
from tongket.domain.figures import MISSING, Cell
from tongket.domain.forms import Measure
from tongket.office import returns, sheets, tables
from tongket.office.entrance import staff
from tongket.office.returns import Place
from tongket.office.templatetags.office import said, said_with_window
from tongket.records import cells
from tongket.records.models import ReturnVersion


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that a version says otherwise than another."""

    measure: Measure
    before: Cell | None
    after: Cell | None
    words_before: str = ""
    words_after: str = ""


def between(
    place: Place, before: ReturnVersion | None, after: ReturnVersion
) -> list[Difference]:
    """Return the rows in which two versions differ; none where there is but one."""
    if before is None:
        return []
    old, new = cells.from_json(before.cells), cells.from_json(after.cells)
    found = []
    for measure in place.form.measures:
        key = measure.key
        words = before.explanations.get(key, ""), after.explanations.get(key, "")
        if old.get(key) != new.get(key) or words[0] != words[1]:
            found.append(Difference(measure, old.get(key), new.get(key), *words))
    return found


@staff(P.VIEW)
@require_safe
def compare(request: HttpRequest, **asked: str) -> HttpResponse:
    """Show two versions beside each other, by default the last and the one before."""
    place = returns.place(request.actor, P.VIEW, **asked)
    versions = place.versions()
    if not versions:
        raise Http404
    numbered = {str(each.number): each for each in versions}
    after = numbered.get(request.GET.get("sau", ""), versions[0])
    earlier = next((each for each in versions if each.number < after.number), after)
    before = numbered.get(request.GET.get("truoc", ""), earlier)
    rows = between(place, before, after)
    if "csv" in request.GET:
        return as_csv(rows, before, after)
    title = gettext("So sánh hai lần gửi")
    context = {
        "title": title,
        "kicker": f"{place.unit.name} · {said(place.form)}",
        "lede": said_with_window(place.period),
        "crumbs": [
            {"label": place.unit.name, "url": place.url("return")},
            {"label": title},
        ],
        "place": place,
        "versions": versions,
        "before": before,
        "after": after,
        "rows": rows,
        "query": tables.query(request),
    }
    return render(request, "office/check/compare.html", context)


def as_csv(
    rows: list[Difference], before: ReturnVersion, after: ReturnVersion
) -> HttpResponse:
    """Return the differences as a file; the header says who sent what and when."""
    header = [gettext("Mã dòng"), gettext("Chỉ tiêu"), *map(heading, (before, after))]
    lines = (
        [
            row.measure.key,
            said(row.measure),
            sheets.typed(row.before or MISSING),
            sheets.typed(row.after or MISSING),
        ]
        for row in rows
    )
    return tables.csv_response("so-sanh.csv", header, lines)


def heading(version: ReturnVersion) -> str:
    """Return what a column calls a version."""
    words = gettext("Lần %(number)s, %(by)s, %(at)s")
    at = f"{timezone.localtime(version.sent_at):%d/%m/%Y %H:%M}"
    return words % {"number": version.number, "by": version.sent_by, "at": at}


urlpatterns = [path(f"{returns.ADDRESS}so-sanh/", compare, name="return-compare")]
