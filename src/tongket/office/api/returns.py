"""What may a program read of returns: the sheet, versions, findings, history?"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router

from tongket.cycle import check, collect, enter
from tongket.cycle.connect import Scope
from tongket.cycle.deliver.outcomes import TYPED
from tongket.domain.access import Permission as P
from tongket.domain.checks import Finding
from tongket.domain.figures import MISSING, Cell
from tongket.domain.forms import Form
from tongket.office import facts, reading, speech
from tongket.office.api import shapes
from tongket.office.api.door import Key
from tongket.office.api.forms import REFUSED, Page, Size, Slug, listed, page_of
from tongket.records import cells
from tongket.records.models import OpenPeriod, Return, ReturnVersion, Review

router = Router(tags=["returns"], auth=Key(Scope.READ_RETURNS))
ADDRESS = "/returns/{slug:scheme}/{slug:period}/{slug:unit}/{slug:form}"
EXACT_DIGITS = 15  # as many as every reader of JSON numbers keeps


def content_of(cell: Cell) -> shapes.Content:
    """Return a cell as it may be sent back: number, "-", "x" or null.

    A number that a JSON reader could round comes as text.
    """
    if cell.value is None:
        return TYPED[cell.state] or None
    value = Decimal(cell.value)
    if value == value.to_integral_value():
        return int(value)
    if len(value.as_tuple().digits) <= EXACT_DIGITS:
        return float(value)
    return f"{value:f}".replace(".", ",")


def contents(stored: dict[str, Any]) -> dict[str, shapes.Content]:
    """Return the cells of a version as they are answered."""
    return {key: content_of(cell) for key, cell in cells.from_json(stored).items()}


def place(
    request: HttpRequest, scheme: str, period: str, unit: str, form: str
) -> tuple[OpenPeriod, Form, Return | None]:
    """Return the return of an address; 404 unless it may be seen and is owed."""
    request.actor.must(P.VIEW, unit)
    pack = facts.pack()
    opened = get_object_or_404(OpenPeriod, scheme=scheme, period=period)
    row = Return.objects.filter(period=opened, unit__key=unit, form=form).first()
    owed = collect.owed_forms(pack=pack, opened=opened, unit=unit)
    if (row is None and form not in owed) or form not in pack.forms:
        raise Http404
    reading.a_return(request.actor, unit, form, period)
    return opened, pack.forms[form], row


@router.get(
    "/returns",
    response={200: shapes.paged(shapes.ReturnRow), **REFUSED},
    operation_id="returns",
    summary="Returns that were sent",
)
def returns(
    request: HttpRequest,
    scheme: Slug = "",
    period: Slug = "",
    unit: Slug = "",
    state: Slug = "",
    page: Page = 1,
    size: Size = 100,
) -> dict[str, Any]:
    """Return what the account's units sent, the newest period first."""
    scope = request.actor.scope(P.VIEW)
    units = {unit} & scope if unit else scope
    reading.a_list(request, "api-returns", units)
    rows = Return.objects.filter(unit__key__in=units)
    if scheme:
        rows = rows.filter(period__scheme=scheme)
    if period:
        rows = rows.filter(period__period=period)
    if state:
        rows = rows.filter(state=state)
    rows = (
        rows.select_related("unit", "period")
        .annotate(last=Max("versions__number"), sent=Max("versions__sent_at"))
        .order_by("-period__start_on", "id")
    )
    paginator, found = page_of(rows, page, size)
    items = [
        {
            "scheme": row.period.scheme,
            "period": row.period.period,
            "unit": row.unit.key,
            "form": row.form,
            "state": row.state,
            "version": row.last,
            "sent_at": row.sent,
        }
        for row in found
    ]
    return listed(paginator, page, items)


@router.get(
    ADDRESS,
    response={200: shapes.ReturnSheet, **REFUSED},
    operation_id="return",
    url_name="return",
    summary="One return: version, draft, findings",
)
def sheet(
    request: HttpRequest,
    response: HttpResponse,
    scheme: str,
    period: str,
    unit: str,
    form: str,
) -> dict[str, Any]:
    """Return what was sent last, what was typed since, and what is doubtful.

    Only an account that sends the return is told what was typed and not sent.
    The ETag is the number of the version, to be sent back as If-Match.
    """
    opened, _, row = place(request, scheme, period, unit, form)
    last = row.versions.order_by("-number").first() if row else None
    typed = enter.sheet(opened=opened, unit=unit, form=form)
    unsent = typed.edits if request.actor.may(P.SEND_RETURN, unit) else ()
    response["ETag"] = f'"{last.number if last else 0}"'
    pack = facts.pack()
    return {
        "scheme": scheme,
        "period": period,
        "unit": unit,
        "form": form,
        "state": row.state if row else "",
        "due": collect.due_of(pack=pack, opened=opened, unit=unit, form=form),
        "version": last.number if last else 0,
        "sent": version_of(last) if last else None,
        "draft": {
            "based_on": typed.based_on if unsent else typed.version,
            "cells": {key: content_of(typed.cells.get(key, MISSING)) for key in unsent},
        },
        "findings": findings_of(last) if last else [],
    }


def version_of(version: ReturnVersion) -> dict[str, Any]:
    """Return a version as it is answered."""
    return {
        "number": version.number,
        "sent_at": version.sent_at,
        "sent_by": version.sent_by,
        "channel": version.channel,
        "cells": contents(version.cells),
        "explanations": version.explanations,
    }


def findings_of(version: ReturnVersion) -> list[dict[str, Any]]:
    """Return what is doubtful about a version."""
    return [finding(check.finding_of(doubt)) for doubt in version.doubts.all()]


def finding(found: Finding) -> dict[str, Any]:
    """Return one doubt as it is answered."""
    return {
        "measure": found.measure,
        "rule": found.rule,
        "severity": found.severity,
        "sentence": speech.translated(found.sentence),
    }


@router.get(
    f"{ADDRESS}/versions",
    response={200: list[shapes.Version], **REFUSED},
    operation_id="versions",
    summary="Everything that was sent",
)
def versions(
    request: HttpRequest, scheme: str, period: str, unit: str, form: str
) -> list[dict[str, Any]]:
    """Return every version of a return, the latest first; nothing is ever lost."""
    _, _, row = place(request, scheme, period, unit, form)
    found = row.versions.order_by("-number") if row else ()
    return [version_of(each) for each in found]


@router.get(
    f"{ADDRESS}/versions/{{int:number}}",
    response={200: shapes.Version, **REFUSED},
    operation_id="version",
    summary="One version",
)
def version(
    request: HttpRequest,
    scheme: str,
    period: str,
    unit: str,
    form: str,
    number: int,
) -> dict[str, Any]:
    """Return one version as it was sent."""
    _, _, row = place(request, scheme, period, unit, form)
    if row is None or number >= 2**31:
        raise Http404
    return version_of(get_object_or_404(row.versions, number=number))


@router.get(
    f"{ADDRESS}/history",
    response={200: list[shapes.Event], **REFUSED},
    operation_id="history",
    summary="The story of a return, or of one cell",
    exclude_unset=True,
)
def history(
    request: HttpRequest,
    scheme: str,
    period: str,
    unit: str,
    form: str,
    measure: Slug = "",
) -> list[dict[str, Any]]:
    """Return what happened, oldest first; with `measure` the story of that cell."""
    opened, sheet, row = place(request, scheme, period, unit, form)
    if measure:
        if sheet.measure(measure) is None:
            raise Http404
        told = enter.history(opened=opened, unit=unit, form=form, measure=measure)
        may_send = request.actor.may(P.SEND_RETURN, unit)
        return story_of_cell(told if may_send else enter.as_sent(told))
    sent = list(row.versions.all()) if row else []
    events = [
        event(each.sent_at, each.sent_by, "VERSION", version=each.number)
        for each in sent
    ]
    reviews = Review.objects.filter(version__in=sent).select_related("version")
    events += [
        event(
            each.at,
            each.by,
            each.verdict,
            version=each.version.number,
            words=each.reason,
        )
        for each in reviews
    ]
    return sorted(events, key=lambda each: each["at"])


def story_of_cell(story: Iterable[enter.Told]) -> list[dict[str, Any]]:
    """Return versions, edits and comments of one cell."""
    events = []
    for told in story:
        if told.comment is not None:
            more = {"what": "COMMENT", "words": told.comment.text}
        elif told.version is not None:
            more = {"what": "VERSION", "version": told.version.number}
        else:
            more = {"what": "EDIT"}
        if told.cell is not None:
            more["content"] = content_of(told.cell)
        events.append({"at": told.at, "by": told.by, **more})
    return sorted(events, key=lambda each: each["at"])


def event(at: dt.datetime, by: str, what: str, **more: Any) -> dict[str, Any]:
    """Return one line of a story."""
    return {"at": at, "by": by, "what": what, **more}
