"""May this program reach this? Every address of the API, for every relation of a unit.

What an account may not see answers exactly as what does not exist. A new address fails
here until it has a row.
"""

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from tests import factories
from tests.factories import (
    CITY,
    DONG_TIEN,
    MONTHLY,
    NGO_QUYEN,
    PROVINCE,
    THO_XUONG,
    YEN_THE,
    crimes,
    form_of,
    month,
    opened,
    sent,
)
from tests.web.api import Program
from tests.web.conftest import Office

from tongket.cycle import connect
from tongket.office.api.site import api
from tongket.records.models import Draft, Return, ReturnVersion

FORM, PERIOD = form_of(MONTHLY).key, "nd09-2023-m12"
RETURN = f"/returns/{MONTHLY}/{PERIOD}/{{unit}}/{FORM}"
# Seen from a commune's reporter, and from the reviewer of the city above it.
RELATIONS = {
    "own": THO_XUONG,
    "sibling": NGO_QUYEN,
    "parent": CITY,
    "unrelated": DONG_TIEN,
    "top": PROVINCE,
    "absent": "bg-nowhere",
}


@dataclass(frozen=True)
class Row:
    """One address, and its answer to each role for each relation in order."""

    own: str  # a commune's reporter: own sibling parent unrelated top absent
    reviewer: str  # of the city above: the same units
    path: str
    method: str = "get"
    body: dict[str, Any] = field(default_factory=dict)


SAME = "200 200 200 200 200 200"
ONE = ("200 404 404 404 404 404", "200 200 404 404 404 404")
CELLS = {"cells": {"theft_cases": 1}}
PLACE = {"scheme": MONTHLY, "period": PERIOD, "form": FORM}
VALUE = {"values": [{"measure": "theft_cases", "value": 1}]}
TABLE = {
    "me": Row(SAME, SAME, "/me"),
    "schemes": Row(SAME, SAME, "/schemes"),
    "periods": Row(SAME, SAME, "/periods"),
    "owed": Row(SAME, SAME, f"/periods/{MONTHLY}/{PERIOD}/owed"),
    "forms": Row(SAME, SAME, "/forms"),
    "form": Row(SAME, SAME, f"/forms/{FORM}"),
    "units": Row(SAME, SAME, "/units?q={unit}"),
    "unit": Row(ONE[0], "200 200 200 404 404 404", "/units/{unit}"),
    "returns": Row(SAME, SAME, "/returns?unit={unit}"),
    "return": Row(*ONE, RETURN),
    "versions": Row(*ONE, f"{RETURN}/versions"),
    "version": Row(*ONE, f"{RETURN}/versions/1"),
    "history": Row(*ONE, f"{RETURN}/history"),
    "send_return": Row(
        "201 422 422 422 422 422",
        "422 422 422 422 422 422",
        "/returns",
        "post",
        {**PLACE, **CELLS},
    ),
    "send_returns": Row(
        "200 422 422 422 422 422",
        "422 422 422 422 422 422",
        "/returns/bulk",
        "post",
        {"returns": [{**PLACE, **CELLS}]},
    ),
    "send_values": Row(
        "200 422 422 422 422 422",
        "422 422 422 422 422 422",
        "/values/bulk",
        "post",
        {**PLACE, **VALUE},
    ),
}


def about(row: Row, unit: str) -> tuple[str, bytes]:
    """Return the address and the body of a row for a unit."""
    body = json.loads(json.dumps(row.body))
    for each in body.get("returns", [body]):
        each["unit"] = unit
    return "/api/v1" + row.path.replace("{unit}", unit), json.dumps(body).encode()


def ask(program: Program, row: Row, unit: str) -> Any:
    """Ask about a unit as the program."""
    address, body = about(row, unit)
    if row.method == "get":
        return program.get(address)
    return program.post(address, body)


@pytest.fixture
def filed(office: Office) -> Office:
    """The small province after three communes sent December, each its own number."""
    returns = {
        unit: crimes(cases)
        for unit, cases in ((THO_XUONG, 1009), (NGO_QUYEN, 1013), (DONG_TIEN, 1019))
    }
    sent(month(12), returns)
    return office


def test_every_address_of_the_api_has_a_row() -> None:
    names = {
        operation.operation_id
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    }
    assert names == TABLE.keys()


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("role", ["own", "reviewer"])
def test_an_address_answers_for_each_relation_as_the_table_says(
    name: str, role: str, filed: Office
) -> None:
    row, program = TABLE[name], Program(role)
    expected = dict(zip(RELATIONS, map(int, getattr(row, role).split()), strict=True))
    found = {
        relation: ask(program, row, unit).status_code
        for relation, unit in RELATIONS.items()
    }
    assert found == expected


@pytest.mark.parametrize("name", TABLE)
def test_no_address_answers_without_a_key(name: str, filed: Office) -> None:
    row = TABLE[name]
    address, body = about(row, THO_XUONG)
    for client in (Client(), filed.client("own"), filed.client("office")):
        answer = (
            getattr(client, row.method)(address, body, content_type="application/json")
            if row.method == "post"
            else client.get(address)
        )
        assert answer.status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize("name", TABLE)
def test_what_may_not_be_seen_answers_like_what_does_not_exist(
    name: str, filed: Office
) -> None:
    row, program = TABLE[name], Program("own")
    absent = unnamed(ask(program, row, "bg-nowhere"), "bg-nowhere")
    # The key of the province is a part of every key: a search for it finds one's own.
    hidden = {NGO_QUYEN, CITY, DONG_TIEN, PROVINCE if name != "units" else CITY}
    for unit in hidden:
        assert unnamed(ask(program, row, unit), unit) == absent


def unnamed(answer: Any, unit: str) -> str:
    """Return an answer without the key that was asked about."""
    text = json.dumps(answer.json(), ensure_ascii=False)
    return text.replace(f'"{unit}"', "?").replace(f"“{unit}”", "?")


@pytest.mark.parametrize("name", TABLE)
def test_no_answer_holds_another_unit_s_number_or_name(
    name: str, filed: Office
) -> None:
    program = Program("own")
    pages = [ask(program, TABLE[name], unit) for unit in RELATIONS.values()]
    if TABLE[name].method == "get":
        pages.append(program.get("/api/v1" + TABLE[name].path.split("?")[0]))
    told = "".join(page.content.decode() for page in pages)
    for number in ("1013", "1019"):
        assert number not in told
    tree = factories.small_pack().register.on(month(12).end)
    for unit in (NGO_QUYEN, DONG_TIEN, YEN_THE):
        assert tree[unit].name not in told


def test_a_write_that_is_refused_changes_nobody_s_return(filed: Office) -> None:
    def everything() -> list[Any]:
        others = ReturnVersion.objects.exclude(of__unit__key=THO_XUONG)
        return [
            *others.order_by("id").values_list("of__unit__key", "number", "cells"),
            Return.objects.count(),
            Draft.objects.count(),
        ]

    before = everything()
    for role in ("own", "reviewer", "stranger", "chair", "editor"):
        program = Program(role)
        for name in ("send_return", "send_returns", "send_values"):
            for unit in RELATIONS.values():
                if (role, unit) == ("own", THO_XUONG):
                    continue
                ask(program, TABLE[name], unit)
                row = TABLE[name]
                kept = Row("", "", row.path, "post", {**row.body, "send": False})
                ask(program, kept, unit)
    assert everything() == before


def test_a_role_that_ended_ends_what_its_keys_may_do(filed: Office) -> None:
    from tongket.records.models import Membership

    program = Program("own")
    address = "/api/v1" + RETURN.replace("{unit}", THO_XUONG)
    assert program.get(address).status_code == HTTPStatus.OK
    Membership.objects.filter(user__username="own").update(end_on="2024-01-15")
    assert program.get(address).status_code == HTTPStatus.NOT_FOUND
    answer = program.post("/api/v1/values/bulk", {**PLACE, **VALUE, "unit": THO_XUONG})
    assert answer.json()["conflicts"][0]["code"] == "unit_unknown"


def test_the_editor_of_the_portal_sees_no_return(filed: Office) -> None:
    editor = Program("editor")
    assert editor.get("/api/v1/returns").json()["total"] == 0
    assert editor.get("/api/v1/units").json()["total"] == 0


def test_a_key_reads_what_its_account_may_read(filed: Office) -> None:
    office = Program("office", [connect.Scope.READ_RETURNS])
    found = office.get("/api/v1/returns?size=2").json()
    assert (found["total"], found["pages"], len(found["items"])) == (3, 2, 2)
    second = office.get("/api/v1/returns?size=2&page=2").json()
    units = {each["unit"] for each in found["items"] + second["items"]}
    assert units == {THO_XUONG, NGO_QUYEN, DONG_TIEN}
    assert office.get("/api/v1/returns?page=9").json()["items"] == []
    narrowed = office.get(
        f"/api/v1/returns?scheme={MONTHLY}&period={PERIOD}&unit={THO_XUONG}&state=SENT"
    ).json()
    assert [each["version"] for each in narrowed["items"]] == [1]
    assert office.get("/api/v1/returns?page=0").json()["code"] == "parameter_wrong"


def test_facts_are_told_in_the_language_asked_for(office: Office) -> None:
    program = Program("own")
    opened(month(12))
    sheet = program.get(f"/api/v1/forms/{FORM}").json()
    assert sheet["label"] == form_of(MONTHLY).label
    (row,) = (
        each
        for section in sheet["sections"]
        for each in section["measures"]
        if each["key"] == "theft_cases"
    )
    assert (row["decimals"], row["measure_unit"]) == (0, "vụ")
    assert "REPORTED" in row["states"]
    english = program.get(f"/api/v1/forms/{FORM}?lang=en").json()
    assert english["label"] == form_of(MONTHLY).english
    (period,) = program.get("/api/v1/periods?state=OPEN").json()["items"]
    assert (period["label"], period["end"]) == ("tháng 12/2023", "2023-12-14")
    assert program.get("/api/v1/periods?scheme=none").json()["total"] == 0
    schemes = program.get("/api/v1/schemes").json()
    assert FORM in next(e for e in schemes if e["key"] == MONTHLY)["forms"]
    assert FORM in {each["key"] for each in program.get("/api/v1/forms").json()}
    assert program.get("/api/v1/forms/nowhere").status_code == HTTPStatus.NOT_FOUND


def test_units_are_found_on_a_day_however_they_are_spelled(office: Office) -> None:
    program = Program("reviewer")
    found = program.get("/api/v1/units?q=tho xuong&on=2023-12-31").json()
    assert [each["key"] for each in found["items"]] == [THO_XUONG]
    assert found["items"][0]["parent"] == CITY
    whole = program.get("/api/v1/units?kind=district").json()
    assert [each["parent"] for each in whole["items"]] == [None]  # above the scope
    assert program.get("/api/v1/units?on=1900-01-01").json()["total"] == 0
    wrong = program.get("/api/v1/units?on=hôm nay")
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "on" in wrong.json()["sentence"]


def test_what_is_owed_is_told_with_its_day_and_what_was_sent(filed: Office) -> None:
    rows = Program("reviewer").get(f"/api/v1/periods/{MONTHLY}/{PERIOD}/owed").json()
    found = {each["unit"]: each for each in rows["items"]}
    assert found.keys() == {THO_XUONG, NGO_QUYEN}
    assert found[THO_XUONG]["state"] == "SENT"
    assert found[THO_XUONG]["due"] == "2023-12-18"
