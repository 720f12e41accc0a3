"""Is a repeated request carried out once, and answered as the first time?"""

import datetime as dt
import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection, connections
from tests import factories
from tests.factories import MONTHLY, THO_XUONG, form_of, month, opened
from tests.web.api import Program
from tests.web.conftest import TODAY

from tongket.cycle import connect
from tongket.office.api import sending
from tongket.records.models import KeptAnswer, ReturnVersion

VALUES, RETURN = "/api/v1/values/bulk", "/api/v1/returns"
AT = factories.instant(TODAY)
THREADS = 8


def body(cases: int) -> dict[str, Any]:
    """Return a list of one value for December."""
    return {
        "scheme": MONTHLY,
        "period": "nd09-2023-m12",
        "form": form_of(MONTHLY).key,
        "unit": THO_XUONG,
        "values": [{"measure": "theft_cases", "value": cases}],
    }


def test_a_repeated_request_is_answered_as_the_first_time(own_program: Program) -> None:
    first = own_program.post(VALUES, body(1), Idempotency_Key="a")
    own_program.post(VALUES, body(2))
    again = own_program.post(VALUES, body(1), Idempotency_Key="a")
    assert again.json() == first.json()
    assert again.status_code == first.status_code
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert ReturnVersion.objects.count() == 2


def test_a_refused_request_is_kept_too(own_program: Program) -> None:
    wrong = {**body(1), "period": "nd09-2023-m11"}
    first = own_program.post(VALUES, wrong, Idempotency_Key="a")
    opened(month(11))
    again = own_program.post(VALUES, wrong, Idempotency_Key="a")
    assert first.status_code == again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not ReturnVersion.objects.exists()


def test_a_repeated_return_gets_its_address_and_version_again(
    own_program: Program,
) -> None:
    told = body(1)
    cells = {"theft_cases": told.pop("values")[0]["value"]}
    first = own_program.post(RETURN, {**told, "cells": cells}, Idempotency_Key="a")
    again = own_program.post(RETURN, {**told, "cells": cells}, Idempotency_Key="a")
    assert again.status_code == first.status_code == HTTPStatus.CREATED
    assert again["Location"] == first["Location"]
    assert again["ETag"] == first["ETag"]


@pytest.mark.parametrize("address", [VALUES, "/api/v1/returns/bulk"])
def test_a_key_is_of_one_request_only(address: str, own_program: Program) -> None:
    own_program.post(VALUES, body(1), Idempotency_Key="a")
    answer = own_program.post(address, body(2), Idempotency_Key="a")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json()["code"] == "idempotency_key_reused"
    assert ReturnVersion.objects.count() == 1


def test_a_key_of_another_account_is_another_key(own_program: Program) -> None:
    own_program.post(VALUES, body(1), Idempotency_Key="a")
    answer = Program("other").post(VALUES, body(1), Idempotency_Key="a")
    assert "Idempotency-Replayed" not in answer
    assert answer.json()["conflicts"][0]["code"] == "unit_unknown"


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x7fb"])
def test_a_key_that_cannot_be_kept_is_refused(key: str, own_program: Program) -> None:
    answer = own_program.post(VALUES, body(1), Idempotency_Key=key)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.json()["code"] == "idempotency_key_wrong"
    assert not ReturnVersion.objects.exists()


def test_work_that_fails_keeps_no_answer(own_program: Program) -> None:
    user = User.objects.get(username="own")

    def fail() -> tuple[int, Any]:
        raise OperationalError("database is locked")

    with pytest.raises(OperationalError):
        connect.once(user=user, key="a", request="r", at=AT, work=fail)
    assert not KeptAnswer.objects.exists()
    answer = connect.once(
        user=user, key="a", request="r", at=AT, work=lambda: (200, {})
    )
    assert not answer.is_replayed


def test_a_database_that_is_held_too_long_answers_that_nothing_was_written(
    own_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: Any, **__: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(sending, "deliver", held)
    answer = own_program.post(VALUES, body(1), Idempotency_Key="a")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert (answer.json()["code"], answer["Retry-After"]) == ("busy", "5")


def test_an_answer_is_forgotten_after_a_week(own_program: Program) -> None:
    user = User.objects.get(username="own")

    def ask(at: dt.datetime) -> connect.Answer:
        return connect.once(
            user=user, key="a", request="r", at=at, work=lambda: (200, {})
        )

    ask(AT)
    assert ask(AT + connect.KEPT_FOR - dt.timedelta(seconds=1)).is_replayed
    assert not ask(AT + connect.KEPT_FOR).is_replayed
    assert KeptAnswer.objects.count() == 1


@pytest.fixture
def together(
    transactional_db: None,
    own_program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[int], Any]], list[Any]]:
    """Run one piece of work in many threads at once, on a database of many writers.

    The tests' SQLite lies in memory, where threads take turns; it is copied to a file.
    """
    copy, is_sqlite = tmp_path / "race.sqlite3", connection.vendor == "sqlite"
    if is_sqlite:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])

    def run(work: Callable[[int], Any]) -> list[Any]:
        start, answers = threading.Barrier(THREADS), [None] * THREADS

        def one(number: int) -> None:
            start.wait()
            try:
                answers[number] = work(number)
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=[n]) for n in range(THREADS)]
        with monkeypatch.context() as patch:
            if is_sqlite:
                patch.setitem(connections.settings["default"], "NAME", copy)
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return answers

    return run


def test_requests_with_one_key_at_once_are_carried_out_once(
    together: Callable[..., list[Any]], own_program: Program
) -> None:
    def send(_: int) -> Any:
        return own_program.post(VALUES, body(1), Idempotency_Key="a")

    answers = together(send)
    assert {answer.status_code for answer in answers} == {HTTPStatus.OK}
    assert all(answer.json() == answers[0].json() for answer in answers)
    replayed = [answer.get("Idempotency-Replayed") for answer in answers]
    assert replayed.count(None) == 1
    counted = together(lambda _: ReturnVersion.objects.count())
    assert set(counted) == {1}


def test_equal_returns_at_once_without_a_key_are_one_version(
    together: Callable[..., list[Any]], own_program: Program
) -> None:
    answers = together(lambda _: own_program.post(VALUES, body(1)))
    results = [answer.json()["returns"][0]["result"] for answer in answers]
    assert sorted(results) == ["SENT"] + ["UNCHANGED"] * (THREADS - 1)
    assert set(together(lambda _: ReturnVersion.objects.count())) == {1}


def test_different_values_at_once_are_all_there_in_the_end(
    together: Callable[..., list[Any]], own_program: Program
) -> None:
    measures = [each.key for each in form_of(MONTHLY).measures[:THREADS]]

    def send(number: int) -> Any:
        rows = [{"measure": measures[number], "value": number + 1}]
        return own_program.post(VALUES, {**body(1), "values": rows})

    assert {answer.status_code for answer in together(send)} == {HTTPStatus.OK}

    def last(_: int) -> list[str]:
        version = ReturnVersion.objects.order_by("-number")[0]
        return [version.cells[each][1] for each in measures]

    assert together(last)[0] == [str(number + 1) for number in range(THREADS)]
