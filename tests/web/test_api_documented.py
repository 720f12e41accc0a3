"""Is what the documentation says about the API true?"""

import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

from tongket.cycle import connect
from tongket.cycle.deliver import outcomes, parcels, places
from tongket.domain import figures
from tongket.domain.sentences import Refusal
from tongket.office.api import bodies, door, shapes
from tongket.office.api.codes import CODES, code_of
from tongket.office.api.site import api

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
# Refused on the page of keys, never by the API.
OF_THE_OFFICE = {
    connect.NameMissing,
    connect.NameTooLong,
    connect.ScopeMissing,
    connect.ScopeUnknown,
    connect.ExpiryOutside,
    connect.AlreadyRevoked,
}


def test_the_table_of_codes_is_the_table_of_the_documentation() -> None:
    _, _, table = PAGE.partition("## Codes")
    row = re.compile(r"^\| `(\w+)` \| (\d+) \| (.*) \| (.*) \|$", re.MULTILINE)
    documented = row.findall(table)
    known = [*CODES.values(), code_of(ValueError())]
    assert documented == [
        (code.key, str(code.status), code.meaning, code.dhis2 or "–") for code in known
    ]


def test_every_code_is_used_for_one_kind_of_refusal() -> None:
    keys = [code.key for code in CODES.values()]
    assert sorted(set(keys)) == sorted(keys)


@pytest.mark.parametrize(
    "module", [parcels, places, outcomes, bodies, door, connect, figures]
)
def test_every_way_to_be_refused_has_a_code_of_its_own(module: ModuleType) -> None:
    kinds = [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Refusal) and kind.__module__ == module.__name__
    ]
    assert kinds
    assert [kind for kind in kinds if kind not in CODES.keys() | OF_THE_OFFICE] == []


def test_every_address_of_the_api_is_documented() -> None:
    paths = {
        re.sub(r"\{\w+:(\w+)\}", r"{\1}", path)
        for _, router in api._routers
        for path in router.path_operations
    }
    assert [path for path in paths if f"`{path}" not in PAGE and path not in PAGE] == []


def test_every_field_of_a_body_is_documented() -> None:
    fields = {
        *shapes.OneReturn.model_fields,
        *shapes.ManyReturns.model_fields,
        *shapes.OneValue.model_fields,
    } - {"measure", "value"}
    named = set(re.findall(r"[`\"](\w+)[`\":]", PAGE))
    assert fields - named == set()


def test_the_limits_that_are_documented_are_those_that_hold() -> None:
    assert f"{bodies.LARGEST_BODY // 1024**2} MB a body" in PAGE
    assert f"{bodies.MOST_VALUES:,} values" in PAGE
    assert f"at most {connect.LONGEST} days" in PAGE
    assert f"kept for {connect.KEPT_FOR.days} days" in PAGE
    assert f"{parcels.LONGEST_TEXT} characters" in PAGE


def test_the_shapes_that_are_described_are_those_that_are_read() -> None:
    assert shapes.How.model_fields.keys() == bodies.SHARED
    assert shapes.OneValue.model_fields.keys() == bodies.OF_ROW
    assert shapes.WholeReturn.model_fields.keys() == bodies.OF_RETURN
