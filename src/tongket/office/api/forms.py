"""What may a program learn before it sends: itself, schemes, periods, forms, units?"""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from tongket.cycle import collect
from tongket.cycle.connect import Scope
from tongket.domain.access import Permission as P
from tongket.domain.forms import Form, Measure
from tongket.domain.units import UnitVersion
from tongket.office import clock, facts, reading, speech, tables
from tongket.office.api import shapes
from tongket.office.api.door import Key
from tongket.records.models import OpenPeriod
from tongket.records.register import register

router = Router(tags=["facts"])
Page = Annotated[int, Query(ge=1, le=1_000_000)]
Size = Annotated[int, Query(ge=1, le=1000)]
Slug = Annotated[str, Query(pattern=r"^[-\w]*$", max_length=60)]
Text = Annotated[str, Query(max_length=100)]
REFUSED = dict.fromkeys((401, 403, 404, 422), shapes.Problem)


def page_of(rows: Any, page: int, size: int) -> tuple[Paginator, Sequence[Any]]:
    """Return the paginator and the rows of one page; none past the last page."""
    paginator = Paginator(rows, size)
    if page > paginator.num_pages:
        return paginator, []
    return paginator, list(paginator.page(page))


def listed(paginator: Paginator, page: int, items: list[Any]) -> dict[str, Any]:
    """Return one page of a list as it is answered."""
    return {
        "page": page,
        "pages": paginator.num_pages,
        "total": paginator.count,
        "items": items,
    }


@router.get(
    "/me",
    auth=Key(),
    response={200: shapes.Me, **REFUSED},
    operation_id="me",
    summary="Whom does this key act for?",
)
def me(request: HttpRequest) -> dict[str, Any]:
    """Return the account, its roles of today, and what the key may do."""
    actor, token = request.actor, request.auth
    return {
        "account": actor.user.get_username(),
        "name": actor.user.get_full_name(),
        "today": actor.day,
        "key": token.name,
        "scopes": token.scopes,
        "expires_at": token.expires_at,
        "roles": [
            {
                "role": grant.role,
                "unit": grant.unit,
                "start": grant.start,
                "end": grant.end,
            }
            for grant in actor.grants
            if grant.holds_on(actor.day)
        ],
    }


@router.get(
    "/schemes",
    auth=Key(),
    response={200: list[shapes.Scheme], **REFUSED},
    operation_id="schemes",
    summary="Reporting schemes",
)
def schemes(request: HttpRequest) -> list[dict[str, Any]]:
    """Return every reporting scheme with the forms that it collects."""
    return [
        {
            "key": each.key,
            "name": speech.said(each),
            "regime": each.regime,
            "frequency": str(each.frequency or ""),
            "unit_kinds": list(each.unit_kinds),
            "forms": list(each.forms),
            "recipient": each.recipient,
            "cut_off": each.cut_off,
        }
        for each in facts.pack().schemes.values()
    ]


@router.get(
    "/periods",
    auth=Key(),
    response={200: shapes.paged(shapes.OpenedPeriod), **REFUSED},
    operation_id="periods",
    summary="Periods that were opened",
)
def periods(
    request: HttpRequest,
    scheme: Slug = "",
    state: Slug = "",
    page: Page = 1,
    size: Size = 100,
) -> dict[str, Any]:
    """Return opened periods, the latest first."""
    rows = OpenPeriod.objects.order_by("-start_on", "scheme")
    if scheme:
        rows = rows.filter(scheme=scheme)
    if state:
        rows = rows.filter(state=state)
    paginator, found = page_of(rows, page, size)
    return listed(paginator, page, [period_row(row) for row in found])


def period_row(row: OpenPeriod) -> dict[str, Any]:
    """Return an opened period as it is answered."""
    return {
        "scheme": row.scheme,
        "period": row.period,
        "label": speech.said(collect.window(facts.pack(), row)),
        "start": row.start_on,
        "end": row.end_on,
        "state": row.state,
        "opened_at": row.opened_at,
    }


@router.get(
    "/periods/{slug:scheme}/{slug:period}/owed",
    auth=Key(Scope.READ_RETURNS),
    response={200: shapes.paged(shapes.Debt), **REFUSED},
    operation_id="owed",
    summary="Who owes what for a period?",
)
def owed(
    request: HttpRequest,
    scheme: str,
    period: str,
    page: Page = 1,
    size: Size = 100,
) -> dict[str, Any]:
    """Return what the account's units owe, by when, and what was sent."""
    opened = get_object_or_404(OpenPeriod, scheme=scheme, period=period)
    scope = request.actor.scope(P.VIEW)
    debts = [
        each
        for each in collect.owing(
            pack=facts.pack(), opened=opened, on=request.actor.day
        )
        if each.unit.unit in scope
    ]
    paginator, found = page_of(debts, page, size)
    reading.a_list(request, "api-owed", {each.unit.unit for each in found})
    items = [
        {
            "unit": each.unit.unit,
            "name": each.unit.name,
            "form": each.form,
            "due": each.due,
            "state": each.state,
            "sent_at": each.sent_at,
            "is_overdue": each.is_overdue,
        }
        for each in found
    ]
    return listed(paginator, page, items)


@router.get(
    "/forms",
    auth=Key(),
    response={200: list[shapes.Named], **REFUSED},
    operation_id="forms",
    summary="Forms",
)
def forms(request: HttpRequest) -> list[dict[str, Any]]:
    """Return every form by its key."""
    found = facts.pack().forms.values()
    return [{"key": each.key, "label": speech.said(each)} for each in found]


@router.get(
    "/forms/{slug:key}",
    auth=Key(),
    response={200: shapes.FormSheet, **REFUSED},
    operation_id="form",
    summary="One form with every row",
)
def form(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the sections and rows of a form, and the states each row takes."""
    found = facts.pack().forms.get(key)
    if found is None:
        raise Http404
    return form_sheet(found)


def form_sheet(form: Form) -> dict[str, Any]:
    """Return a form as it is answered."""
    return {
        "key": form.key,
        "label": speech.said(form),
        "start": form.start,
        "end": form.end,
        "sections": [
            {
                "key": section.key,
                "label": speech.said(section),
                "measures": [form_row(measure) for measure in section.measures],
            }
            for section in form.sections
        ],
    }


def form_row(measure: Measure) -> dict[str, Any]:
    """Return a row of a form as it is answered."""
    return {
        "key": measure.key,
        "label": speech.said(measure),
        "measure_unit": measure.measure_unit,
        "decimals": measure.decimals,
        "adds": measure.adds,
        "states": sorted(measure.may_be),
        "note": speech.word(measure.note),
    }


@router.get(
    "/units",
    auth=Key(Scope.READ_UNITS),
    response={200: shapes.paged(shapes.UnitRow), **REFUSED},
    operation_id="units",
    summary="Units of the account's scope on a day",
)
def units(
    request: HttpRequest,
    on: dt.date | None = None,
    q: Text = "",
    kind: Slug = "",
    page: Page = 1,
    size: Size = 100,
) -> dict[str, Any]:
    """Return units as they were on a day; `q` matches name or code without accents."""
    scope, matches = request.actor.scope(P.VIEW), tables.matching(q)
    rows = [
        unit
        for unit in register().on(on or clock.today())
        if unit.unit in scope
        and (not kind or unit.kind == kind)
        and (not q or matches(unit.name, unit.code, unit.unit))
    ]
    paginator, found = page_of(rows, page, size)
    return listed(paginator, page, [unit_row(unit, scope) for unit in found])


@router.get(
    "/units/{slug:key}",
    auth=Key(Scope.READ_UNITS),
    response={200: shapes.UnitRow, **REFUSED},
    operation_id="unit",
    summary="One unit on a day",
)
def unit(request: HttpRequest, key: str, on: dt.date | None = None) -> dict[str, Any]:
    """Return one unit as it was on a day."""
    scope, tree = request.actor.scope(P.VIEW), register().on(on or clock.today())
    if key not in scope or key not in tree:
        raise Http404
    return unit_row(tree[key], scope)


def unit_row(unit: UnitVersion, scope: frozenset[str]) -> dict[str, Any]:
    """Return a unit as it is answered; a unit above the scope is not named."""
    return {
        "key": unit.unit,
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent if unit.parent in scope else None,
        "start": unit.start,
        "end": unit.end,
    }
