"""How does a program send returns and values, and what is it answered?

Every body is read row by row (`bodies`), delivered in one transaction (`deliver`) and
answered with counts, one line a return, and one conflict for everything wrong.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from tongket.cycle import connect, enter
from tongket.cycle.connect import Scope
from tongket.cycle.deliver.outcomes import (
    Delivered,
    Options,
    Outcome,
    Result,
    VersionMoved,
)
from tongket.cycle.deliver.parcels import Problem
from tongket.cycle.deliver.places import Places
from tongket.cycle.deliver.sending import deliver
from tongket.domain.access import Permission as P
from tongket.office import clock, facts
from tongket.office.api import bodies, shapes
from tongket.office.api.bodies import Asked
from tongket.office.api.codes import code_of
from tongket.office.api.door import PLAIN, Key, told
from tongket.office.api.returns import finding, router

MAY_SEND = Key(Scope.WRITE_RETURNS)
COUNTED = ("imported", "updated", "unchanged", "deleted", "ignored")
ANSWERS = {
    (200, 201): shapes.Delivery,
    (409, 422): shapes.Delivery | shapes.Problem,
    (400, 401, 403, 413, 415, 503): shapes.Problem,
}
RESPONSES = {code: shape for codes, shape in ANSWERS.items() for code in codes}


@router.post(
    "/returns",
    auth=MAY_SEND,
    tags=["sending"],
    response=RESPONSES,
    operation_id="send_return",
    summary="Send one whole return",
    openapi_extra=shapes.body(shapes.OneReturn),
)
def send_return(request: HttpRequest) -> HttpResponse:
    """Send one return; a row left out of “cells” is not yet reported.

    The answer holds what is doubtful about the sheet, of a trial too. 201 when it is a
    new version, 200 when nothing changed or it was a trial or kept
    unsent, 409 when another version stands than the one built on, 422 when anything was
    refused and nothing taken.
    """
    content, request_digest = read(request)
    if_match = expected(request)

    def work() -> tuple[int, Any]:
        asked = bodies.one_return(content, version=if_match)
        outcome = carried_out(request, asked)
        answer = said(outcome, asked.options)
        answer["findings"] = doubtful(outcome)
        return status_of_one(outcome, answer), answer

    answer = answered(request, request_digest, work)
    row = (answer.content.get("returns") or [{}])[0]
    response = as_json(answer)
    if row.get("version"):
        response["ETag"] = f'"{row["version"]}"'
    if answer.status == 201:
        place = [row[name] for name in bodies.PLACE]
        response["Location"] = reverse("api-1:return", args=place)
    return response


@router.post(
    "/returns/bulk",
    auth=MAY_SEND,
    tags=["sending"],
    response=RESPONSES,
    operation_id="send_returns",
    summary="Send many whole returns",
    openapi_extra=shapes.body(shapes.ManyReturns),
)
def send_returns(request: HttpRequest) -> HttpResponse:
    """Send whole returns of any schemes, periods and units in one transaction."""
    return many(request, bodies.many_returns)


@router.post(
    "/values/bulk",
    auth=MAY_SEND,
    tags=["sending"],
    response=RESPONSES,
    operation_id="send_values",
    summary="Send a flat list of values",
    openapi_extra=shapes.body(shapes.ManyValues),
)
def send_values(request: HttpRequest) -> HttpResponse:
    """Send values one by one: each is laid over what stands in its return."""
    return many(request, bodies.many_values)


def many(
    request: HttpRequest, reading: Callable[[dict[str, Any]], Asked]
) -> HttpResponse:
    """Deliver a body of many rows."""
    content, request_digest = read(request)

    def work() -> tuple[int, Any]:
        asked = reading(content)
        outcome = carried_out(request, asked)
        answer = said(outcome, asked.options)
        return (422 if answer["status"] == "ERROR" else 200), answer

    return as_json(answered(request, request_digest, work))


def read(request: HttpRequest) -> tuple[dict[str, Any], str]:
    """Return the body, and the digest that tells this request from another."""
    body = bodies.raw(request)
    expectation = request.headers.get("If-Match", "")
    head = f"{request.method} {request.path} {expectation}\n".encode()
    return bodies.parsed(body), hashlib.sha256(head + body).hexdigest()


def expected(request: HttpRequest) -> int | None:
    """Return the version that If-Match names; None where it names none."""
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not tag or tag == "*":
        return None
    if not (tag.isascii() and tag.isdigit() and len(tag) < 10):
        raise bodies.BodyWrong(field="If-Match", wanted='"1", "2", …')
    return int(tag)


def carried_out(request: HttpRequest, asked: Asked) -> Outcome:
    """Deliver what was asked for, as the account with its grants of today."""
    actor, now = request.actor, clock.now()
    places = Places(
        facts.pack(),
        now.date(),
        sends_for=actor.scope(P.SEND_RETURN),
        sees=actor.scope(P.VIEW),
        by_code=asked.by_code,
    )
    return deliver(
        pack=facts.pack(),
        parcels=asked.parcels,
        places=places,
        options=asked.options,
        by=actor.user.get_username(),
        at=now,
        wrong=asked.problems,
    )


def answered(
    request: HttpRequest, digest: str, work: Callable[[], tuple[int, Any]]
) -> connect.Answer:
    """Carry the work out; only once where the request has an idempotency key."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return connect.Answer(*work())
    user, now = request.actor.user, clock.now()
    return connect.once(user=user, key=key, request=digest, at=now, work=work)


def as_json(answer: connect.Answer) -> HttpResponse:
    """Return an answer, saying whether it was given before."""
    response = JsonResponse(
        answer.content, status=answer.status, json_dumps_params=PLAIN
    )
    if answer.is_replayed:
        response["Idempotency-Replayed"] = "true"
    return response


def status_of_one(outcome: Outcome, answer: dict[str, Any]) -> int:
    """Return the HTTP status for a single return."""
    if any(isinstance(each.refusal, VersionMoved) for each in outcome.problems):
        return 409
    if answer["status"] == "ERROR":
        return 422
    return 201 if outcome.delivered[0].result is Result.SENT else 200


def said(outcome: Outcome, options: Options) -> dict[str, Any]:
    """Return what became of a delivery, as a program reads it."""
    status = "SUCCESS"
    if outcome.problems:
        results = {each.result for each in outcome.delivered}
        status = "WARNING" if results - {Result.REFUSED} else "ERROR"
    return {
        "status": status,
        "dry_run": options.is_trial,
        "mode": "all" if options.all_or_nothing else "partial",
        "send": options.send,
        "counts": counts(outcome.counts),
        "returns": [line(each) for each in outcome.delivered],
        "conflicts": [conflict(each) for each in outcome.problems],
    }


def doubtful(outcome: Outcome) -> list[dict[str, Any]]:
    """Return what is doubtful about the sheet that a single return makes."""
    found = []
    for each in outcome.delivered:
        if each.to is not None and each.after:
            found += enter.preview(
                pack=facts.pack(),
                opened=each.to.opened,
                unit=each.to.unit.unit,
                form=each.to.form.key,
                current=each.after,
            )
    return [finding(each) for each in found]


def counts(counted: dict[str, int]) -> dict[str, int]:
    """Return all five counts, also those that are nought."""
    return {name: counted.get(name, 0) for name in COUNTED}


def line(each: Delivered) -> dict[str, Any]:
    """Return one return of a delivery; its unit by our own key where it was found."""
    key = each.parcel.key
    return {
        "scheme": key.scheme,
        "period": key.period,
        "unit": each.to.unit.unit if each.to else key.unit,
        "form": key.form,
        "result": each.result,
        "version": each.version,
        "counts": counts(each.counts),
        "findings": dict(each.severities),
    }


def conflict(problem: Problem) -> dict[str, Any]:
    """Return why rows were not taken: code, place, sentence."""
    key = problem.key
    place = {
        "scheme": key.scheme,
        "period": key.period,
        "unit": key.unit,
        "form": key.form,
        "measure": problem.measure,
    }
    return {
        "indexes": list(problem.indexes),
        "code": code_of(problem.refusal).key,
        "object": {name: each for name, each in place.items() if each},
        "sentence": told(problem.refusal),
    }
