"""What does a program that sends get back? Every fact of the contract, and better.

The numbers I1 to I20 and the E-codes are those of DHIS2's importer, against which the
answers are measured; see docs/reference/api.md.
"""

from http import HTTPStatus
from typing import Any

import pytest
from tests import factories
from tests.factories import (
    COMMUNE_YEAR,
    DONG_TIEN,
    MONTHLY,
    NGO_QUYEN,
    THO_XUONG,
    crimes,
    form_of,
    month,
    opened,
    sent,
)
from tests.web.api import (
    FORM,
    PLACE,
    RETURN,
    VALUES,
    Program,
    codes,
    counts,
    flat,
    last,
    stored,
    value,
    whole,
)

from tongket.cycle import collect
from tongket.domain.figures import State
from tongket.records import cells
from tongket.records.models import Return, ReturnVersion


def test_a_first_value_is_imported_and_not_called_updated(program: Program) -> None:
    """I1: DHIS2 answers "updated 1" to a value that was not there."""
    answer = program.post(VALUES, flat(value("theft_cases", 3)))
    assert answer.status_code == HTTPStatus.OK
    assert answer.json()["status"] == "SUCCESS"
    assert counts(answer) == {"imported": 1}
    assert stored("theft_cases") == ["REPORTED", "3"]
    assert stored("fire_cases") == ["MISSING", None]
    version = last()
    assert version is not None
    assert (version.channel, version.sent_by) == ("API", "clerk")


def test_imported_updated_unchanged_and_deleted_are_told_apart(
    program: Program,
) -> None:
    """I2, I4: what is deleted is counted; what was not there is unchanged."""
    program.post(VALUES, flat(value("theft_cases", 3), value("fire_cases", "-")))
    answer = program.post(
        VALUES,
        flat(
            value("theft_cases", 4),
            value("fire_cases", {"state": "NIL"}),
            value("traffic_cases", 2),
            value("drug_persons", None),
        ),
    )
    assert counts(answer) == {"imported": 1, "updated": 1, "unchanged": 2}
    gone = [
        {"unit": THO_XUONG, "measure": "theft_cases", "deleted": True},
        value("traffic_cases", None),
    ]
    answer = program.post(VALUES, flat(*gone))
    assert counts(answer) == {"deleted": 2}
    assert stored("theft_cases") == ["MISSING", None]
    assert answer.json()["returns"][0]["version"] == 3


def test_the_four_kinds_of_nothing_stay_apart(program: Program) -> None:
    """I3: a nought is kept as a nought, and no later job removes it."""
    rows = [
        value("theft_cases", "0"),
        value("fire_cases", "-"),
        value("traffic_cases", None),
        value("fraud_cases", {"state": "REPORTED", "value": "1.554"}),
    ]
    program.post(VALUES, flat(*rows))
    found = {row["measure"]: stored(row["measure"]) for row in rows}
    assert found == {
        "theft_cases": ["REPORTED", "0"],
        "fire_cases": ["NIL", None],
        "traffic_cases": ["MISSING", None],
        "fraud_cases": ["REPORTED", "1554"],
    }


def test_a_trial_counts_the_same_and_stores_nothing(program: Program) -> None:
    """I5: the counts of a trial are those of the real sending."""
    keys = [each.key for each in form_of(MONTHLY).measures[:12]]
    body = flat(*(value(key, 1) for key in keys))
    trial = program.post(VALUES, {**body, "dry_run": True})
    assert counts(trial) == {"imported": 12}
    assert trial.json()["returns"][0]["result"] == "WOULD_SEND"
    assert not Return.objects.exists()
    real = program.post(VALUES, body)
    assert real.json()["counts"] == trial.json()["counts"]


def test_values_of_several_opened_months_go_in_one_request(program: Program) -> None:
    """I6: several periods at once; but no period is opened by sending to it."""
    opened(month(11)), opened(month(10))
    rows = [
        value("theft_cases", 1, period=f"nd09-2023-m{number}")
        for number in ("10", "11", "12", "09")
    ]
    answer = program.post(VALUES, flat(*rows))
    assert counts(answer) == {"imported": 3, "ignored": 1}
    assert codes(answer) == [("period_not_opened", [3])]
    assert answer.json()["status"] == "WARNING"


def test_units_may_be_named_by_their_official_code(program: Program) -> None:
    """I7: by code as it stood on the last day of the period."""
    body = flat(value("theft_cases", 2, unit="07201"), units_by="code")
    answer = program.post(VALUES, body)
    assert counts(answer) == {"imported": 1}
    assert answer.json()["returns"][0]["unit"] == THO_XUONG
    answer = program.post(
        VALUES, flat(value("theft_cases", 2, unit="99999"), units_by="code")
    )
    assert codes(answer) == [("unit_unknown", [0])]


def test_wrong_rows_are_named_one_by_one_and_the_others_are_kept(
    program: Program,
) -> None:
    """I8: 18 kinds of text, each judged by itself; stored as numbers only."""
    keys = [each.key for each in form_of(MONTHLY).measures]
    texts = [
        *(1, 2.0, "3", " 4 ", "1.554", "0", "-", "không phát sinh", None, ""),
        *(True, "true", "1,554", "2,5", -1, "#REF!", [1], {"state": "NO"}),
    ]
    answer = program.post(VALUES, flat(*map(value, keys, texts)))
    assert counts(answer) == {"imported": 8, "unchanged": 2, "ignored": 8}
    assert codes(answer) == [
        ("value_wrong", [10]),
        ("not_a_number", [11]),
        ("ambiguous_number", [12]),
        ("too_many_decimals", [13]),
        ("negative", [14]),
        ("formula_error", [15]),
        ("value_wrong", [16]),
        ("value_wrong", [17]),
    ]
    version = last()
    assert version is not None
    states = {cell.state for cell in cells.from_json(version.cells).values()}
    assert states == {State.REPORTED, State.NIL, State.MISSING}


def test_true_and_false_answer_a_yes_or_no_row(program: Program) -> None:
    """I8: a row that is answered yes or no takes JSON's own words for it."""
    opened(factories.year(regime="tt124"), COMMUNE_YEAR)
    place = {
        "scheme": COMMUNE_YEAR,
        "period": "tt124-2023",
        "form": form_of(COMMUNE_YEAR).key,
    }
    rows = [value("registered", True), value("plan_issued", False)]
    answer = program.post(VALUES, {**place, "values": rows})
    assert counts(answer) == {"imported": 2}
    version = ReturnVersion.objects.get()
    assert version.cells["registered"] == ["REPORTED", "1"]
    assert version.cells["plan_issued"] == ["REPORTED", "0"]


def test_only_contradicting_duplicates_are_refused(program: Program) -> None:
    """I9, E8128: DHIS2 throws all 18 rows away; here only the cell in dispute."""
    rows = [
        value("theft_cases", 1),
        value("theft_cases", 2),
        value("fire_cases", 3),
        value("fire_cases", "3"),
        value("traffic_cases", 4),
    ]
    answer = program.post(VALUES, flat(*rows))
    assert counts(answer) == {"imported": 2, "unchanged": 1, "ignored": 2}
    assert codes(answer) == [("written_twice", [0, 1])]


def test_a_unit_that_owes_nothing_does_not_sink_the_others(program: Program) -> None:
    """I10, E8022: DHIS2 refuses the whole group."""
    rows = [value("theft_cases", 1), value("theft_cases", 1, unit=factories.CITY)]
    answer = program.post(VALUES, flat(*rows))
    assert counts(answer) == {"imported": 1, "ignored": 1}
    assert codes(answer) == [("not_owed", [1])]


def test_an_unknown_row_of_the_form_is_told_with_where_to_look(
    program: Program,
) -> None:
    """I11, E8020, E8103."""
    answer = program.post(VALUES, flat(value("thefts", 1), value("theft_cases", 1)))
    assert codes(answer) == [("measure_unknown", [0])]
    (conflict,) = answer.json()["conflicts"]
    assert conflict["object"]["measure"] == "thefts"
    assert f"/api/v1/forms/{FORM}" in conflict["sentence"]
    assert counts(answer) == {"imported": 1, "ignored": 1}


@pytest.mark.parametrize(
    ("period", "code"),
    [
        ("nd09-2023-q4", "period_of_another_scheme"),
        ("nd09-2023", "period_of_another_scheme"),
        ("tt124-2023", "period_of_another_scheme"),
        ("2012Q2", "period_unknown"),
        ("nd09-2023-m13", "period_unknown"),
        ("nd09-2022-m01", "period_not_opened"),
    ],
)
def test_a_period_of_another_kind_is_named(
    period: str, code: str, program: Program
) -> None:
    """I12, E8021."""
    rows = [value("theft_cases", 1), value("theft_cases", 1, period=period)]
    answer = program.post(VALUES, flat(*rows))
    assert codes(answer) == [(code, [1])]
    assert counts(answer) == {"imported": 1, "ignored": 1}


@pytest.mark.parametrize(
    ("field", "content", "code"),
    [
        ("scheme", "nowhere", "scheme_unknown"),
        ("form", "commune-year-2022", "form_not_of_scheme"),
        ("form", "nowhere", "form_not_of_scheme"),
        ("unit", "bg-nowhere", "unit_unknown"),
        ("unit", DONG_TIEN, "unit_unknown"),
    ],
)
def test_a_wrong_place_refuses_its_own_rows_only(
    field: str, content: str, code: str, program: Program
) -> None:
    """I13, E8003, E8005, E8020, E8107: the group's other rows go on."""
    rows = [value("theft_cases", 1), {**value("theft_cases", 1), field: content}]
    answer = program.post(VALUES, flat(*rows))
    assert answer.status_code == HTTPStatus.OK
    assert codes(answer) == [(code, [1])]
    assert counts(answer) == {"imported": 1, "ignored": 1}


def test_a_forgotten_value_is_not_taken_for_nothing(program: Program) -> None:
    """I14, E8120: 3 rows, 2 of them without a value."""
    forgotten = {"unit": THO_XUONG, "measure": "fire_cases"}
    rows = [value("theft_cases", 1), forgotten, {**forgotten, "measure": "fraud_cases"}]
    answer = program.post(VALUES, flat(*rows))
    assert answer.json()["status"] == "WARNING"
    assert counts(answer) == {"imported": 1, "ignored": 2}
    assert codes(answer) == [("value_missing", [1]), ("value_missing", [2])]


def test_every_sending_is_a_version_that_can_be_read_again(program: Program) -> None:
    """I15: nothing is overwritten; each version holds the whole sheet."""
    for number in (1, 2):
        rows = [value(key, number) for key in ("theft_cases", "fraud_cases")]
        program.post(VALUES, flat(*rows))
    address = f"{RETURN}/{MONTHLY}/{PLACE['period']}/{THO_XUONG}/{FORM}"
    versions = program.get(f"{address}/versions").json()
    assert [each["number"] for each in versions] == [2, 1]
    assert [each["cells"]["theft_cases"] for each in versions] == [2, 1]
    events = program.get(f"{address}/history").json()
    assert [each["version"] for each in events] == [1, 2]


def test_an_empty_body_says_what_is_missing(program: Program) -> None:
    """I16: "Import was successful" to {} hides the mistake of the sender."""
    answer = program.post(VALUES, {})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json()["code"] == "body_wrong"
    assert "values" in answer.json()["sentence"]
    nothing = program.post(VALUES, {"values": []})
    assert (nothing.status_code, counts(nothing)) == (HTTPStatus.OK, {})


def test_a_whole_return_replaces_the_sheet(program: Program) -> None:
    """I19: rows left out are gone; a deletion block is not needed."""
    first = program.post(RETURN, whole(theft_cases=3))
    assert first.status_code == HTTPStatus.CREATED
    body = {**whole(), "cells": {"theft_cases": 3}}
    answer = program.post(RETURN, body)
    total = len(form_of(MONTHLY).measures)
    assert counts(answer) == {"unchanged": 1, "deleted": total - 1}
    assert stored("fire_cases") == ["MISSING", None]


def test_a_return_sent_twice_is_one_version(program: Program) -> None:
    body = whole(theft_cases=3, social_order_cases=3)
    first, second = program.post(RETURN, body), program.post(RETURN, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["returns"][0]["result"] == "UNCHANGED"
    assert ReturnVersion.objects.count() == 1
    location = first["Location"]
    assert program.get(location).json()["sent"]["cells"]["theft_cases"] == 3
    assert program.get(location)["ETag"] == first["ETag"] == '"1"'


def test_a_sent_return_is_examined_at_once(program: Program) -> None:
    answer = program.post(RETURN, whole(theft_cases=9))
    (row,) = answer.json()["returns"]
    assert row["findings"]["MUST_FIX"] >= 1
    findings = program.get(answer["Location"]).json()["findings"]
    assert len(findings) == sum(row["findings"].values())
    assert all(each["sentence"] for each in findings)


def test_all_or_nothing_writes_nothing_and_tells_everything(program: Program) -> None:
    """E8000: what is wrong is told in full, not only the first of it."""
    rows = [
        value("theft_cases", 1),
        value("fire_cases", "nhiều"),
        value("thefts", 2, unit=NGO_QUYEN),
    ]
    answer = program.post(VALUES, flat(*rows, mode="all"))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json()["status"] == "ERROR"
    assert codes(answer) == [
        ("nothing_taken", []),
        ("not_a_number", [1]),
        ("measure_unknown", [2]),
    ]
    assert counts(answer) == {"ignored": 3}
    assert not Return.objects.exists()


def test_all_or_nothing_counts_rows_that_cannot_be_read(program: Program) -> None:
    answer = program.post(VALUES, flat(value("theft_cases", 1), "x", mode="all"))
    assert codes(answer) == [("nothing_taken", []), ("row_wrong", [1])]
    assert not Return.objects.exists()


def test_everything_wrong_in_a_closed_period_is_told_with_the_wrong_values(
    program: Program,
) -> None:
    """E8030, E8032: the blast stays small, and no error hides behind another."""
    period = opened(month(12))
    collect.close_period(opened=period, reason="Hết hạn", by="office", at=factories.AT)
    rows = [value("theft_cases", "nhiều"), value("fire_cases", 1)]
    answer = program.post(VALUES, flat(*rows))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert codes(answer) == [("not_a_number", [0]), ("period_closed", [0, 1])]
    assert counts(answer) == {"ignored": 2}


def test_an_accepted_return_may_be_amended_and_waits_again(program: Program) -> None:
    """E8033: the accepted version counts until the amendment is accepted."""
    versions = sent(month(12), {THO_XUONG: crimes(2)})
    factories.climbed([versions[0].of])
    answer = program.post(VALUES, flat(value("traffic_cases", 1)))
    assert answer.json()["returns"][0]["version"] == 2
    assert Return.objects.get().state == Return.State.SENT


def test_a_unit_that_may_be_seen_only_is_told_apart_from_one_that_is_not_there(
    program: Program,
) -> None:
    """E8011: not to be sent for, but seen; what is not seen does not exist."""
    reviewer = Program("reviewer")
    rows = [value("theft_cases", 1), value("theft_cases", 1, unit=DONG_TIEN)]
    answer = reviewer.post(VALUES, flat(*rows))
    assert codes(answer) == [("unit_not_yours", [0]), ("unit_unknown", [1])]
    absent = reviewer.post(VALUES, flat(value("theft_cases", 1, unit="bg-nowhere")))
    told = [each["sentence"] for each in answer.json()["conflicts"]]
    assert told[1].replace(DONG_TIEN, "?") == absent.json()["conflicts"][0][
        "sentence"
    ].replace("bg-nowhere", "?")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"measure": "theft_cases", "value": 1}, "field_missing"),
        ({"unit": THO_XUONG, "value": 1}, "field_missing"),
        ({"unit": 5, "measure": "theft_cases", "value": 1}, "field_missing"),
        ({"unit": THO_XUONG, "measure": "theft_cases", "vaule": 1}, "row_wrong"),
        ({**value("theft_cases", 1), "comment": "đã kiểm tra"}, "row_wrong"),
        ({**value("theft_cases", 1), "version": "1"}, "row_wrong"),
        ({**value("theft_cases", 1), "deleted": "yes"}, "row_wrong"),
        ([], "row_wrong"),
        (value("theft_cases", "1" * 61), "text_too_long"),
        (value("theft_cases", 10**15), "too_large"),
        (value("theft_cases", {"state": "NOT_APPLICABLE", "value": 1}), "value_wrong"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_by_its_place(
    row: Any, code: str, program: Program
) -> None:
    """E8100, E8102, E8104 to E8107, E8122 to E8125."""
    answer = program.post(VALUES, flat(value("fire_cases", 1), row))
    assert codes(answer) == [(code, [1])]
    assert counts(answer) == {"imported": 1, "ignored": 1}


def test_a_row_that_takes_numbers_only_refuses_other_states(program: Program) -> None:
    """E8123."""
    opened(factories.year(regime="tt124"), COMMUNE_YEAR)
    measure = next(
        each
        for each in form_of(COMMUNE_YEAR).measures
        if State.NOT_APPLICABLE not in each.may_be
    )
    place = {
        "scheme": COMMUNE_YEAR,
        "period": "tt124-2023",
        "form": form_of(COMMUNE_YEAR).key,
    }
    answer = program.post(VALUES, {**place, "values": [value(measure.key, "x")]})
    assert codes(answer) == [("state_not_allowed", [0])]
