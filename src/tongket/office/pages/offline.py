"""Where does a browser find the worker that opens forms without a line?

A worker serves the pages below its own address only, so it cannot lie under /static/.
"""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

WORKER = Path(__file__).parents[1] / "static" / "office" / "offline.js"


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the worker's script; it holds no figures and asks for no session."""
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(
        WORKER.read_bytes(), content_type="text/javascript", headers=headers
    )


urlpatterns = [path("ngoai-tuyen.js", worker, name="offline-worker")]
