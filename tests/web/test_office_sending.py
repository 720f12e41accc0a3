"""What does sending a return cost? Thousands do it within an hour, on one machine.

Each question to the database costs a third of a millisecond of processor time, and each
one asked while the log is locked keeps every other sender waiting: neither creeps up.
"""

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import MONTHLY, THO_XUONG, form_of, month, opened
from tests.web.conftest import Office

from tongket.records.models import ReturnVersion

FORM = form_of(MONTHLY)
HERE = (MONTHLY, "nd09-2023-m12", THO_XUONG, FORM.key)
# Who asks (5), which return (2), the transaction and its two savepoints (6), the locks
# (5), what is kept of rows, version and doubts (6), what the checks of this form read
# (7), the digest of what was typed (1), the log (2): 34. PostgreSQL locks the log
# besides, and a site that requires second factors asks for the roles once more. Two
# transactions asked 52 and more.
MOST = 36
RECEIPT = 21


@pytest.fixture
def own(office: Office) -> Client:
    """The reporter of the unit, whose period is open."""
    opened(month(12))
    return office.client("own")


def send(client: Client, version: int, edits: int, thefts: int) -> HttpResponse:
    """Send the whole form, as the page does."""
    rows = {f"cell.{each.key}": "5" for each in FORM.measures}
    rows |= {"version": str(version), "edits_seen": str(edits)}
    rows["cell.theft_cases"] = str(thefts)
    return client.post(reverse("return-entry", args=HERE), rows)


def asked(run: Any, *given: Any) -> tuple[Any, list[str]]:
    """Return what something answers, and every statement it sent."""
    with CaptureQueriesContext(connection) as queries:
        answer = run(*given)
    return answer, [each["sql"] for each in queries.captured_queries]


def test_a_return_is_sent_with_few_questions_to_the_database(own: Client) -> None:
    own.get(reverse("return-entry", args=HERE))
    answer, statements = asked(send, own, 0, 0, 5)
    assert answer.status_code == 302
    assert ReturnVersion.objects.count() == 1
    assert len(statements) <= MOST, "\n".join(statements)


def test_a_correction_asks_no_more_than_the_first_sending(own: Client) -> None:
    send(own, 0, 0, 5)
    answer, statements = asked(send, own, 1, len(FORM.measures), 6)
    assert answer.status_code == 302
    assert list(ReturnVersion.objects.values_list("number", flat=True)) == [1, 2]
    assert len(statements) <= MOST, "\n".join(statements)


def test_the_receipt_of_a_sending_asks_little(own: Client) -> None:
    send(own, 0, 0, 5)
    answer, statements = asked(own.get, reverse("return", args=HERE))
    assert answer.status_code == 200
    assert len(statements) <= RECEIPT, "\n".join(statements)


def test_nothing_is_asked_of_the_records_after_the_log_was_written(own: Client) -> None:
    _, statements = asked(send, own, 0, 0, 5)
    log = max(
        number
        for number, each in enumerate(statements)
        if each.startswith('INSERT INTO "records_auditentry"')
    )
    after = [each for each in statements[log + 1 :] if "records_" in each]
    assert after == [], "the log is the last that a sending writes"
