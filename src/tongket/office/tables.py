"""How is a long list searched, turned page by page, and taken away as a file?"""

import csv
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from tongket.domain.exports import defused
from tongket.domain.units import search_key


def matching(text: str) -> Callable[..., bool]:
    """Return a test whether any of some names holds `text`, accents left aside.

    >>> matching("dong son")("Xã Đồng Sơn", "07699")
    True
    """
    wanted = search_key(text)
    return lambda *names: any(wanted in search_key(name) for name in names)


def page(request: HttpRequest, rows: Sequence[Any] | Any, size: int = 100) -> Page:
    """Return the page of `rows` that `?page=` asks for; a wrong number is the last."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def query(request: HttpRequest, *dropped: str) -> str:
    """Return the other parameters of the address, ready for one more: "k=v&"."""
    kept = [
        (name, value)
        for name, values in request.GET.lists()
        if name not in {"page", *dropped}
        for value in values
        if value
    ]
    return f"{urlencode(kept)}&" if kept else ""


def numbers(ticked: Iterable[str]) -> list[int]:
    """Return the numbers of the rows that were ticked; what no row can have is left.

    >>> numbers(["7", "x", "9" * 30])
    [7]
    """
    return [int(text) for text in ticked if text.isdecimal() and len(text) < 10]


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """Return rows as a CSV file that Excel opens with its accents right."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([defused(value) for value in row] for row in rows)
    return response


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_stream(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Return rows as a CSV file that is sent while it is made, for very long lists."""
    writer = csv.writer(_Echo())
    lines = (writer.writerow([defused(value) for value in row]) for row in rows)
    return StreamingHttpResponse(
        chain(["\ufeff", writer.writerow(header)], lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
