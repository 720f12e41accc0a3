"""How do the tests speak to the API? As a program with the key of a person.

Everything is said about December 2023, the month of the small province.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from tests import factories
from tests.factories import MONTHLY, THO_XUONG, form_of, month, opened
from tests.web.conftest import TODAY

from tongket.cycle import connect, enrol
from tongket.cycle.connect import Scope
from tongket.domain.access import Role
from tongket.records.models import ReturnVersion

VALUES, RETURNS, RETURN = (
    "/api/v1/values/bulk",
    "/api/v1/returns/bulk",
    "/api/v1/returns",
)
FORM = form_of(MONTHLY).key
PLACE = {"scheme": MONTHLY, "period": "nd09-2023-m12", "form": FORM}


class Program:
    """A program that acts for one person of the small province."""

    def __init__(self, name: str, scopes: Iterable[str] = tuple(Scope)) -> None:
        _, self.key = connect.issue(
            user=User.objects.get(username=name),
            name="Phần mềm thử",
            scopes=list(scopes),
            until=TODAY,
            by=name,
            at=factories.instant(TODAY),
        )
        self.client = Client(headers={"Authorization": f"Bearer {self.key}"})

    def get(self, address: str, **headers: str) -> HttpResponse:
        """Read an address."""
        return self.client.get(address, headers=headers)

    def post(self, address: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send a body: bytes as they are, anything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(
            address,
            content,
            content_type="application/json",
            headers={name.replace("_", "-"): each for name, each in headers.items()},
        )


def clerk_s() -> Program:
    """Return a program of the city's clerk, for both communes; December is open."""
    at = factories.instant(factories.AT.date())
    clerk = enrol.Newcomer("clerk", "Nhập liệu", Role.CLERK, factories.CITY, at.date())
    enrol.enrol(newcomers=[clerk], password="!", by=factories.BY, at=at)
    opened(month(12))
    return Program("clerk")


def value(measure: str, content: Any, unit: str = THO_XUONG, **more: Any) -> dict:
    """Return one row of a flat list."""
    return {"unit": unit, "measure": measure, "value": content, **more}


def flat(*rows: Any, **how: Any) -> dict[str, Any]:
    """Return the body of a flat list for December."""
    return {**PLACE, **how, "values": list(rows)}


def whole(unit: str = THO_XUONG, **content: Any) -> dict[str, Any]:
    """Return a whole return of December in which all else is nil."""
    told = {measure.key: "-" for measure in form_of(MONTHLY).measures}
    return {**PLACE, "unit": unit, "cells": {**told, **content}}


def counts(answer: Any) -> dict[str, int]:
    """Return the counts of an answer that are not nought."""
    return {name: count for name, count in answer.json()["counts"].items() if count}


def codes(answer: Any) -> list[tuple[str, list[int]]]:
    """Return the code and the rows of each conflict."""
    found = answer.json()["conflicts"]
    return [(each["code"], each["indexes"]) for each in found]


def last(unit: str = THO_XUONG) -> ReturnVersion | None:
    """Return the version of December that a unit sent last."""
    versions = ReturnVersion.objects.filter(of__unit__key=unit)
    return versions.filter(of__period__period=PLACE["period"]).last()


def stored(measure: str, unit: str = THO_XUONG) -> list[str | None]:
    """Return what the last version says of a row."""
    version = last(unit)
    assert version is not None
    return version.cells[measure]
