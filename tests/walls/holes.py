"""Pages as they must not be; the matrix must find each of them (a positive control)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from tongket.config.urls import urlpatterns as ours
from tongket.office.entrance import staff
from tongket.records import scope
from tongket.records.models import Award, Extension, Unit


@staff()
def everything(request: HttpRequest) -> HttpResponse:
    """Show every unit's words, whoever asks."""
    with scope.whole("a planted hole"):
        return HttpResponse("".join(each.ground for each in Award.objects.all()))


@staff()
def column(request: HttpRequest) -> HttpResponse:
    """Give out a file in which one column was not limited to the person's units."""
    with scope.whole("a planted hole"):
        lines = [f"{each.unit_id},{each.reason}" for each in Extension.objects.all()]
    return HttpResponse("\n".join(lines), content_type="text/csv")


@staff()
def forbidden(request: HttpRequest, unit: str) -> HttpResponse:
    """Say that something is there, but not for the person who asks."""
    raise PermissionDenied


@staff()
def known(request: HttpRequest, unit: str) -> HttpResponse:
    """Say in other words that a unit exists."""
    if Unit.objects.filter(key=unit).exists():
        return HttpResponse("Không có quyền.", status=404)
    raise Http404


@staff()
def write(request: HttpRequest, unit: str) -> HttpResponse:
    """Change another unit's row."""
    with scope.whole("a planted hole"):
        Award.objects.filter(unit__key=unit).update(ground="khác")
    raise Http404


urlpatterns = [
    path("lo/tat-ca/", everything, name="hole-everything"),
    path("lo/cot/", column, name="hole-column"),
    path("lo/cam/<slug:unit>/", forbidden, name="hole-forbidden"),
    path("lo/biet/<slug:unit>/", known, name="hole-known"),
    path("lo/ghi/<slug:unit>/", write, name="hole-write"),
    *ours,  # the last of them takes every address
]
