"""Does the API keep what its own description promises? Schemathesis asks each address.

Data that fits the description and data that does not: no answer is a failure of the
server, and each has a status, a type and a body that the description names.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.factories import MONTHLY, THO_XUONG, crimes, form_of, month, sent
from tests.web.api import Program

from tongket.office.api.site import api

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema())
OPERATIONS = {each.ok().label: each.ok() for each in SCHEMA.get_all_operations()}
# What stands in an address and exists, so that not every answer is a 404.
KNOWN = {
    "scheme": MONTHLY,
    "period": "nd09-2023-m12",
    "unit": THO_XUONG,
    "form": form_of(MONTHLY).key,
    "number": 1,
}
KEYS = {"/forms/": form_of(MONTHLY).key, "/units/": THO_XUONG}
SHORT = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _in_the_transaction_of_the_test() -> Iterator[None]:
    """Let no request close the connection, as Django's own test client does."""
    signals = (request_started, request_finished)
    for each in signals:
        each.disconnect(close_old_connections)
    yield
    for each in signals:
        each.connect(close_old_connections)


@pytest.fixture
def key(own_program: Program) -> str:
    """The key of a program that may do all that an account may; one return is there."""
    sent(month(12), {THO_XUONG: crimes(2)})
    return own_program.key


def placed(case: Case, is_known: bool) -> Case:
    """Put what exists into the address of a case, where that is wanted."""
    if is_known and case.path_parameters:
        for name in case.path_parameters:
            case.path_parameters[name] = KNOWN.get(name) or next(
                each for start, each in KEYS.items() if start in case.path
            )
    return case


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda each: each.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_the_description_names(
    label: str, mode: GenerationMode, key: str
) -> None:
    application = get_wsgi_application()
    answered: set[int] = set()

    @given(
        OPERATIONS[label].as_strategy(generation_mode=mode),
        st.booleans(),
    )
    @SHORT
    def asked(case: Case, is_known: bool) -> None:
        headers: dict[str, Any] = {"Authorization": f"Bearer {key}"}
        answer = placed(case, is_known).call(headers=headers, app=application)
        case.validate_response(answer, checks=CHECKS)
        answered.add(answer.status_code)

    asked()
    assert answered
