"""Does any body at all break the API? Whatever is sent, the answer is a sentence."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import COMMUNE_YEAR, MONTHLY, THO_XUONG, form_of
from tests.web.api import Program

from tongket.office.api.codes import CODES

KNOWN = {code.key for code in CODES.values()} | {"refused"}
FORM = form_of(MONTHLY).key
MEASURES = [each.key for each in form_of(MONTHLY).measures[:4]]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-3, 2000)
    | st.floats(allow_nan=False)
    | st.text(max_size=80)
    | st.sampled_from(["", "-", "x", "1.554", "2,5", "#REF!", "NIL", "1" * 400])
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["state", "value", "cells", "values"])
            | st.text(max_size=8),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
WORDS = {
    "scheme": [MONTHLY, COMMUNE_YEAR],
    "period": ["nd09-2023-m12", "nd09-2023", "nd09-9999-m12", "tt124-2023"],
    "unit": [THO_XUONG, "07201", "bg"],
    "form": [FORM, form_of(COMMUNE_YEAR).key],
    "measure": MEASURES,
}


def often(*good: Any) -> st.SearchStrategy[Any]:
    """Return mostly one of these, at times anything at all."""
    return st.sampled_from(good) | st.sampled_from(good) | ANYTHING


PLACE = {name: often(*good) for name, good in WORDS.items() if name != "measure"}
HOW = {
    "dry_run": often(True, False),
    "mode": often("partial", "all"),
    "send": often(True, False),
    "units_by": often("key", "code"),
}
ROW = st.fixed_dictionaries(
    {"measure": often(*MEASURES), "value": ANYTHING},
    optional={**PLACE, "deleted": often(True), "version": often(0, 1, 2)},
)
CELLS = st.dictionaries(st.sampled_from(MEASURES) | st.text(max_size=9), ANYTHING)
RETURN = st.fixed_dictionaries(
    {**PLACE, "cells": CELLS | ANYTHING},
    optional={"version": often(0, 1), "explanations": CELLS | ANYTHING},
)
BODIES = {
    "/api/v1/values/bulk": st.fixed_dictionaries(
        {**PLACE, "values": st.lists(ROW | ANYTHING, max_size=5) | ANYTHING},
        optional=HOW,
    ),
    "/api/v1/returns/bulk": st.fixed_dictionaries(
        {"returns": st.lists(RETURN | ANYTHING, max_size=3) | ANYTHING}, optional=HOW
    ),
    "/api/v1/returns": RETURN,
}
PLENTY = settings(
    max_examples=60,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@pytest.mark.parametrize("address", BODIES)
@given(data=st.data())
@PLENTY
def test_whatever_is_sent_is_answered_by_known_codes_and_sentences(
    address: str, own_program: Program, data: st.DataObject
) -> None:
    body = data.draw(BODIES[address] | ANYTHING)
    headers = {}
    if data.draw(st.booleans()):
        headers["If_Match"] = data.draw(st.text(st.characters(codec="ascii")))
        headers["If_Match"] = headers["If_Match"].replace("\n", "").replace("\r", "")
    answer = own_program.post(address, json.dumps(body).encode(), **headers)
    assert answer.status_code < 500
    told = answer.json()
    refusals = told.get("conflicts", [told])
    assert all(each["code"] in KNOWN for each in refusals)
    assert all(each["sentence"].strip() for each in refusals)
    if "counts" in told and "values" in (body if isinstance(body, dict) else {}):
        assert sum(told["counts"].values()) == len(body["values"])


@given(raw=st.binary(max_size=200))
@PLENTY
def test_bytes_that_are_no_json_are_told_so(own_program: Program, raw: bytes) -> None:
    answer = own_program.post("/api/v1/values/bulk", raw)
    assert answer.status_code in (400, 422)


@given(
    name=st.sampled_from(["scheme", "period", "unit", "state", "page", "size", "q"])
    | st.sampled_from(["on", "kind", "measure", "lang"]),
    text=st.text(max_size=30),
)
@PLENTY
def test_whatever_stands_in_an_address_is_answered(
    own_program: Program, name: str, text: str
) -> None:
    place = f"{MONTHLY}/nd09-2023-m12/{THO_XUONG}/{FORM}"
    for path in (
        "units",
        "returns",
        "periods",
        f"returns/{place}",
        f"returns/{place}/history",
        f"returns/{place}/versions/{2**70}",
    ):
        answer = own_program.client.get(f"/api/v1/{path}", {name: text})
        assert answer.status_code in (200, 404, 422)
        assert answer["Content-Type"].startswith("application/json")
