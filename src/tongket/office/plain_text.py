"""May a text that somebody typed be kept as it is? Without the character that cannot.

PostgreSQL keeps no character nought in a text. Nobody types one; it comes with what was
copied out of a broken file, or from who looks for a gap. It is left out of every form
and every address before a page reads them. What programs send as JSON is refused where
it is read (api/bodies.py, pages/cells.py), for there every value is answered.
"""

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NUL = "\0"


class PlainTextMiddleware:
    """Leaves the character nought out of what forms and addresses say."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        request.GET = without_nul(request.GET)
        if request.method == "POST" and request.content_type in FORMS:
            # Where the line was cut, who reads the form is told so again.
            with suppress(UnreadablePostError):
                request.POST = without_nul(request.POST)
        return self.get_response(request)


def without_nul(given: QueryDict) -> QueryDict:
    """Return what was given without the character nought; the same when it has none."""
    if not any(NUL in text for _, texts in given.lists() for text in texts):
        return given
    clean = QueryDict(mutable=True, encoding=given.encoding)
    for name, texts in given.lists():
        clean.setlist(name, [text.replace(NUL, "") for text in texts])
    clean._mutable = False
    return clean
