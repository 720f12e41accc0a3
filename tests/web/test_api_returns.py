"""What of versions, whole returns, unsent sheets, and bodies that cannot be read?"""

import gzip
import json
from http import HTTPStatus

import pytest
from tests.factories import (
    CANH_NAU,
    ENTERPRISES,
    MONTHLY,
    NGO_QUYEN,
    THO_XUONG,
    crimes,
    month,
    opened,
    sent,
)
from tests.web.api import (
    FORM,
    PLACE,
    RETURN,
    RETURNS,
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
from tests.web.conftest import Office

from tongket.cycle import enter
from tongket.office.api import bodies
from tongket.records.models import CellEdit, Draft, Return


def test_a_trial_of_a_return_tells_what_will_be_doubtful(program: Program) -> None:
    body = whole(theft_cases=9)
    trial = program.post(RETURN, {**body, "dry_run": True}).json()["findings"]
    assert last() is None
    kept = program.post(RETURN, {**body, "send": False}).json()["findings"]
    sent_now = program.post(RETURN, body)
    told = program.get(sent_now["Location"]).json()["findings"]
    assert trial == kept == sent_now.json()["findings"] == told
    assert "MUST_FIX" in {each["severity"] for each in trial}


def test_a_return_built_on_an_old_version_is_a_conflict(program: Program) -> None:
    program.post(RETURN, whole(theft_cases=1))
    program.post(RETURN, {**whole(theft_cases=2), "version": 1})
    late = program.post(RETURN, {**whole(theft_cases=3), "version": 1})
    assert late.status_code == HTTPStatus.CONFLICT
    assert codes(late) == [("version_moved", [0])]
    assert late.json()["returns"][0]["version"] == 2
    assert late["ETag"] == '"2"'
    by_header = program.post(RETURN, whole(theft_cases=3), If_Match='"1"')
    assert by_header.status_code == HTTPStatus.CONFLICT
    assert stored("theft_cases") == ["REPORTED", "2"]
    assert program.post(RETURN, whole(theft_cases=3), If_Match='"2"').status_code == 201


def test_version_nought_means_that_nothing_was_sent_yet(program: Program) -> None:
    body = {**whole(theft_cases=1), "version": 0}
    assert program.post(RETURN, body).status_code == HTTPStatus.CREATED
    assert program.post(RETURN, body).status_code == HTTPStatus.CONFLICT


def test_in_a_bulk_an_old_version_refuses_its_return_only(program: Program) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    body = {
        "returns": [
            {**whole(theft_cases=1), "version": 0},
            {**whole(NGO_QUYEN, theft_cases=1), "version": 0},
        ]
    }
    answer = program.post(RETURNS, body)
    assert [row["result"] for row in answer.json()["returns"]] == ["REFUSED", "SENT"]
    assert codes(answer) == [("version_moved", [0])]


def test_one_return_twice_in_a_bulk_is_refused_both_times(program: Program) -> None:
    body = {"returns": [whole(), whole(theft_cases=2), whole(NGO_QUYEN)]}
    answer = program.post(RETURNS, body)
    assert codes(answer) == [("return_twice", [0]), ("return_twice", [1])]
    assert last() is None
    assert last(NGO_QUYEN) is not None


def test_a_return_without_rows_does_not_empty_the_sheet(program: Program) -> None:
    program.post(RETURN, whole(theft_cases=1))
    answer = program.post(RETURN, {**whole(), "cells": {}})
    assert codes(answer) == [("return_empty", [0])]
    assert stored("theft_cases") == ["REPORTED", "1"]


def test_a_wrong_cell_of_a_whole_return_keeps_what_stood_there(
    program: Program,
) -> None:
    program.post(RETURN, whole(theft_cases=1, fire_cases=2))
    answer = program.post(RETURN, whole(theft_cases="một", fire_cases=5))
    assert answer.status_code == HTTPStatus.CREATED
    assert codes(answer) == [("not_a_number", [0])]
    assert stored("theft_cases") == ["REPORTED", "1"]
    assert stored("fire_cases") == ["REPORTED", "5"]


def test_explanations_stand_beside_the_version(program: Program) -> None:
    body = {**whole(theft_cases=9), "explanations": {"theft_cases": "Một băng nhóm."}}
    program.post(RETURN, body)
    version = last()
    assert version is not None
    assert version.explanations == {"theft_cases": "Một băng nhóm."}
    wrong = {"nowhere": "x", "theft_cases": 5, "fire_cases": "x" * 2001}
    answer = program.post(RETURN, {**body, "explanations": wrong})
    assert [code for code, _ in codes(answer)] == ["explanation_wrong"] * 3
    kept = program.post(VALUES, flat(value("fire_cases", 1)))
    assert kept.json()["status"] == "SUCCESS"


def test_values_may_be_kept_in_the_sheet_without_being_sent(program: Program) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    answer = program.post(VALUES, flat(value("theft_cases", "1.005"), send=False))
    assert counts(answer) == {"updated": 1}
    assert answer.json()["returns"][0]["result"] == "KEPT"
    edit = CellEdit.objects.get()
    assert (edit.measure, edit.value, edit.by) == ("theft_cases", "1005", "clerk")
    address = f"{RETURN}/{MONTHLY}/{PLACE['period']}/{THO_XUONG}/{FORM}"
    sheet = program.get(address).json()
    assert sheet["draft"]["cells"] == {"theft_cases": 1005}
    assert sheet["sent"]["cells"]["theft_cases"] == 2
    again = program.post(VALUES, flat(value("theft_cases", 1005), send=False))
    assert counts(again) == {"unchanged": 1}
    story = program.get(f"{address}/history?measure=theft_cases").json()
    assert [each["what"] for each in story] == ["EDIT", "VERSION"][::-1]
    assert CellEdit.objects.count() == 1


def test_what_is_typed_at_the_same_moment_is_not_written_over_unseen(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = {"opened": opened(month(12)), "unit": THO_XUONG, "form": FORM}
    stale, real = enter.sheet(**place), enter.sheet
    program.post(VALUES, flat(value("theft_cases", 5), send=False))
    looks = iter([stale])
    monkeypatch.setattr(
        enter, "sheet", lambda **asked: next(looks, None) or real(**asked)
    )
    answer = program.post(VALUES, flat(value("theft_cases", 7), send=False))
    assert counts(answer) == {"updated": 1}
    monkeypatch.setattr(enter, "sheet", lambda **_: stale)
    answer = program.post(VALUES, flat(value("theft_cases", 9), send=False))
    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.json()["code"] == "typed_meanwhile"
    assert Draft.objects.get().cells["theft_cases"][1] == "7"


def test_nobody_s_unsent_typing_is_sent_by_a_program(program: Program) -> None:
    program.post(VALUES, flat(value("fire_cases", 7), send=False))
    program.post(VALUES, flat(value("theft_cases", 1)))
    assert stored("fire_cases") == ["MISSING", None]
    assert Draft.objects.get().cells["fire_cases"][1] == "7"


def test_explanations_are_not_lost_silently_when_nothing_is_sent(
    program: Program,
) -> None:
    body = {**whole(), "send": False, "explanations": {"*": "Đã kiểm tra."}}
    assert codes(program.post(RETURN, body)) == [("explanation_unsent", [0])]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "body_not_json"),
        (b"\xff\xfe", 400, "body_not_json"),
        (b'{"values": [NaN]}', 400, "body_not_json"),
        (b'{"values": [], "values": []}', 400, "body_not_json"),
        (b'{"values": ["\\u0000"]}', 400, "body_not_json"),
        (b'{"values": ["\\ud800"]}', 400, "body_not_json"),
        (b"[" * 100_000, 400, "body_not_json"),
        (b"[]", 422, "body_wrong"),
        (b'{"values": {}}', 422, "body_wrong"),
        (b'{"values": [], "mode": "some"}', 422, "body_wrong"),
        (b'{"values": [], "dry_run": 1}', 422, "body_wrong"),
        (b'{"values": [], "units_by": "name"}', 422, "body_wrong"),
        (b'{"values": [], "dryRun": true}', 422, "body_wrong"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_as_a_whole(
    body: bytes, status: int, code: str, program: Program
) -> None:
    answer = program.post(VALUES, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_body_may_be_packed_and_is_measured_unpacked(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(json.dumps(flat(value("theft_cases", 1))).encode())
    answer = program.post(VALUES, packed, Content_Encoding="gzip")
    assert counts(answer) == {"imported": 1}
    wrong = program.post(VALUES, b"{}", Content_Encoding="gzip")
    assert wrong.json()["code"] == "body_not_json"
    assert program.post(VALUES, b"{}", Content_Encoding="br").status_code == 415
    monkeypatch.setattr(bodies, "LARGEST_BODY", 1024**2)
    bomb = gzip.compress(b" " * 2 * 1024**2)
    answer = program.post(VALUES, bomb, Content_Encoding="gzip")
    assert answer.json()["code"] == "body_too_large"
    assert program.post(VALUES, b" " * 2 * 1024**2).status_code == 413


def test_too_many_values_are_refused_before_any_is_judged(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MOST_VALUES", 2)
    answer = program.post(VALUES, flat(*[value("theft_cases", 1)] * 3))
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert answer.json()["code"] == "too_many_values"
    assert program.post(RETURNS, {"returns": [whole()]}).status_code == 413


def test_numbers_are_kept_exact_and_huge_exponents_are_no_trouble(
    program: Program,
) -> None:
    body = (
        b'{"scheme":"%s","period":"nd09-2023-m12","form":"%s","unit":"%s","values":['
        b'{"measure":"theft_cases","value":12.0},'
        b'{"measure":"fire_cases","value":1e999999999},'
        b'{"measure":"fraud_cases","value":1e-999999},'
        b'{"measure":"traffic_cases","value":-0}]}'
    ) % (MONTHLY.encode(), FORM.encode(), THO_XUONG.encode())
    answer = program.post(VALUES, body)
    assert codes(answer) == [("too_large", [1]), ("too_many_decimals", [2])]
    assert stored("theft_cases") == ["REPORTED", "12"]
    assert stored("traffic_cases") == ["REPORTED", "0"]


def test_sentences_come_in_english_when_asked_for(program: Program) -> None:
    body = flat(value("theft_cases", "nhiều"))
    vietnamese = program.post(VALUES, body).json()["conflicts"][0]["sentence"]
    assert "không phải là số" in vietnamese
    english = program.post(f"{VALUES}?lang=en", body).json()["conflicts"][0]["sentence"]
    assert "không phải là số" not in english


def test_an_enterprise_s_return_goes_to_the_enterprise_s_scheme(
    office: Office,
) -> None:
    """I18: nothing may be written, or read, outside the account's own units."""
    opened(month(12))
    own = Program("own")
    rows = [value("theft_cases", 1, unit=unit) for unit in (*ENTERPRISES, CANH_NAU)]
    answer = own.post(VALUES, flat(*rows))
    assert {code for code, _ in codes(answer)} == {"unit_unknown"}
    assert not Return.objects.exists()


def test_what_is_not_sent_is_told_to_the_sender_only(program: Program) -> None:
    program.post(RETURN, {**whole(theft_cases=7), "send": False})
    address = f"{RETURNS.removesuffix('/bulk')}/" + "/".join(
        (PLACE["scheme"], PLACE["period"], THO_XUONG, FORM)
    )
    story = f"{address}/history?measure=theft_cases"
    assert program.get(address).json()["draft"]["cells"]["theft_cases"] == 7
    assert [each["what"] for each in program.get(story).json()] == ["EDIT"]
    reviewer = Program("reviewer")
    assert reviewer.get(address).json()["draft"] == {"based_on": 0, "cells": {}}
    assert reviewer.get(story).json() == []
    program.post(RETURN, whole(theft_cases=8))
    assert {each["what"] for each in reviewer.get(story).json()} == {"EDIT", "VERSION"}


def test_a_field_given_twice_among_very_many_is_refused_at_once() -> None:
    fields = ",".join(f'"{number}":0' for number in range(200_000))
    with pytest.raises(bodies.NotJson, match="“9” × 2"):
        bodies.parsed(f'{{{fields},"9":1}}'.encode())
