"""Who reads a return of a unit that is not their own is written in the log."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.urls import reverse
from tests.factories import MONTHLY, THO_XUONG, crimes, form_of, month, sent
from tests.web.api import Program
from tests.web.conftest import Office

from tongket.cycle import consult
from tongket.records.models import AuditEntry

PERIOD = (MONTHLY, "nd09-2023-m12")
RETURN = (*PERIOD, THO_XUONG, form_of(MONTHLY).key)
SUBJECT = f"return:{THO_XUONG}:{form_of(MONTHLY).key}:nd09-2023-m12"
PAGES = {
    "return": RETURN,
    "return-cell": (*RETURN, "theft_cases"),
    "return-workbook": RETURN,
    "check-return": RETURN,
}
LISTS = {
    "check": ("list:check", ()),
    "collect-period": ("list:period", PERIOD),
    "board": ("list:board", ()),
    "unit": ("list:unit", (THO_XUONG,)),
    "why": ("list:why", ("social_order_cases", THO_XUONG, "nd09-2023-m12")),
}


@pytest.fixture(autouse=True)
def _sent(office: Office) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})


def readings() -> list[tuple[str, str, str]]:
    """Return who read what on which page."""
    rows = AuditEntry.objects.filter(act="read").order_by("id")
    return [(row.by, row.subject, row.new["page"]) for row in rows]


@pytest.mark.parametrize("name", PAGES)
def test_each_page_of_a_return_is_written_down_once(name: str, office: Office) -> None:
    address = reverse(name, args=PAGES[name])
    assert office.client("reviewer").get(address).status_code == 200
    assert readings() == [("reviewer", SUBJECT, name)]
    assert AuditEntry.objects.get(act="read").unit == THO_XUONG


@pytest.mark.parametrize("name", ["return", "return-entry", "return-cells"])
def test_who_reads_the_return_of_their_own_unit_is_not_written_down(
    name: str, office: Office
) -> None:
    address = reverse(name, args=RETURN)
    assert office.client("own").get(address).status_code == 200
    assert readings() == []


def test_what_was_not_shown_is_not_written_down(office: Office) -> None:
    address = reverse("return", args=RETURN)
    assert office.client("stranger").get(address).status_code == 404
    assert office.client("").get(address).status_code == 302
    assert readings() == []


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_one_row_with_its_filter(name: str, office: Office) -> None:
    subject, arguments = LISTS[name]
    address = reverse(name, args=arguments)
    answer = office.client("reviewer").get(address, {"q": "Thọ\0", "xep": ""})
    assert answer.status_code == 200
    assert readings() == [("reviewer", subject, name)]
    told = AuditEntry.objects.get(act="read").new
    assert told["filter"] == {"q": "Thọ"}
    assert told["units"] >= 1


def test_nothing_is_shown_when_it_cannot_be_written_down(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise DatabaseError("no room")

    monkeypatch.setattr(consult, "read", fail)
    answer = office.client("reviewer").get(reverse("return", args=RETURN))
    assert answer.status_code == 503
    assert "không được hiển thị" in answer.content.decode()
    own = office.client("own").get(reverse("return", args=RETURN))
    assert own.status_code == 200


def test_a_program_s_reading_is_written_down_as_a_person_s(office: Office) -> None:
    program = Program("reviewer")
    for name in ("return", "versions", "history"):
        address = reverse(f"api-1:{name}", args=RETURN)
        assert program.get(address).status_code == 200
    assert program.get(reverse("api-1:returns")).status_code == 200
    pages = [page for _, _, page in readings()]
    assert pages == ["api-1:return", "api-1:versions", "api-1:history", "api-1:returns"]


def test_reading_the_log_is_written_in_it(office: Office) -> None:
    office.client("chair").get(reverse("audit"), {"nguoi": "own"})
    row = AuditEntry.objects.get(act="read")
    assert (row.by, row.subject) == ("chair", "list:audit")
    assert row.new["filter"] == {"nguoi": "own"}
