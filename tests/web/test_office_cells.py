"""Does the grid's server keep each cell, show what clashes, and never lose a word?"""

import hashlib
import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.factories import MONTHLY, THO_XUONG, crimes, form_of, month, opened, sent
from tests.web.conftest import Office

from tongket.cycle import collect, enrol, enter
from tongket.domain.access import Role
from tongket.domain.sentences import Refusal
from tongket.office.pages import cells
from tongket.records.models import (
    AuditEntry,
    CellComment,
    CellEdit,
    OpenPeriod,
    ReturnVersion,
)

FORM = form_of(MONTHLY)
HERE = (MONTHLY, "nd09-2023-m12", THO_XUONG, FORM.key)
THEFTS, FIRES = "theft_cases", "fire_cases"


@pytest.fixture
def clerk(office: Office) -> Client:
    """A second person who types for the unit: the clerk of its city."""
    grant = (Role.CLERK, factories.CITY)
    newcomer = enrol.Newcomer("clerk", "Nhập liệu", *grant, factories.AT.date())
    enrol.enrol(newcomers=[newcomer], password="!", by=factories.BY, at=factories.AT)
    opened(month(12))
    return office.client("clerk")


@pytest.fixture
def own(office: Office) -> Client:
    """The reporter of the unit."""
    opened(month(12))
    return office.client("own")


def edit(text: str, over: int = 0, measure: str = THEFTS) -> dict[str, Any]:
    """Return an edit as the grid sends it."""
    name = f"{measure}-{text}-{over}".encode()
    token = hashlib.md5(name, usedforsecurity=False).hexdigest()
    return {"token": token, "measure": measure, "text": text, "over": over}


def save(client: Client, *edits: dict[str, Any], version: int = 0) -> Any:
    """Save edits; return the answer."""
    return say(client, {"version": version, "edits": edits})


def say(client: Client, body: Any, name: str = "return-cells", *more: str) -> Any:
    """Post a body to an address of the grid."""
    text = body if isinstance(body, bytes) else json.dumps(body)
    address = reverse(name, args=(*HERE, *more))
    return client.post(address, text, content_type="application/json")


def stands(client: Client) -> Any:
    """Return the sheet as the grid asks for it."""
    return client.get(reverse("return-cells", args=HERE)).json()


def send(client: Client, **data: str) -> Any:
    """Post the whole form, as a browser without script does."""
    return client.post(reverse("return-entry", args=HERE), data)


def test_a_cell_that_was_left_is_kept_as_an_official_types_it(own: Client) -> None:
    answer = save(own, edit("1554"))
    (kept,) = answer.json()["saved"]
    assert answer.status_code == 200
    assert (kept["text"], kept["state"], kept["edit"]) == ("1.554", "REPORTED", 1)
    now = stands(own)
    assert now["cells"][THEFTS]["text"] == "1.554"
    assert (now["cells"][THEFTS]["by"], now["last_edit"]) == ("own", 1)
    assert ReturnVersion.objects.count() == 0


def test_what_is_no_number_is_refused_at_its_cell_and_the_rest_is_kept(
    own: Client,
) -> None:
    said = save(own, edit("7"), edit("hai", measure=FIRES)).json()
    assert [each["text"] for each in said["saved"]] == ["7"]
    (refused,) = said["refused"]
    assert refused["measure"] == FIRES
    assert refused["sentence"].startswith("“hai” không phải là số")


def test_two_people_see_both_values_and_none_is_written_over(
    own: Client, clerk: Client
) -> None:
    save(own, edit("7"))
    answer = save(clerk, edit("8"))
    (conflict,) = answer.json()["conflicts"]
    assert answer.status_code == 409
    assert (conflict["yours"], conflict["theirs"]) == ("8", "7")
    assert (conflict["edit"], conflict["by"]) == (1, "own")
    assert conflict["label"] == "Trong đó vụ trộm cắp tài sản"
    assert stands(own)["cells"][THEFTS]["text"] == "7"
    assert save(clerk, edit("8", over=1)).status_code == 200
    assert stands(own)["cells"][THEFTS]["text"] == "8"


def test_a_replay_is_answered_as_the_first_time(own: Client) -> None:
    first = save(own, edit("7")).json()["saved"]
    assert save(own, edit("7")).json()["saved"] == first
    assert CellEdit.objects.count() == 1


def test_findings_of_the_whole_sheet_come_back_with_every_cell(own: Client) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    found = save(own, edit("1"), version=1).json()["findings"]
    assert {each["severity"] for each in found[THEFTS]} == {"MUST_FIX"}
    assert FIRES not in found


def test_a_session_that_has_ended_is_told_so_and_not_led_to_the_door(
    office: Office,
) -> None:
    opened(month(12))
    answer = save(office.client(""), edit("7"))
    assert answer.status_code == 401
    assert "Phiên làm việc đã hết" in answer.json()["sentence"]


def test_edits_of_one_person_are_not_kept_in_the_name_of_another(own: Client) -> None:
    body = {"version": 0, "edits": [edit("7")], "user": "clerk"}
    answer = say(own, body)
    assert answer.status_code == 403
    assert "clerk" in answer.json()["sentence"]
    assert CellEdit.objects.count() == 0


def test_without_its_token_of_the_form_nothing_is_kept(office: Office) -> None:
    opened(month(12))
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="own"))
    assert save(client, edit("7")).status_code == 403
    assert CellEdit.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 200_000,
        {},
        {"version": 0, "edits": []},
        {"version": -1, "edits": [edit("7")]},
        {"version": True, "edits": [edit("7")]},
        {"version": 2**31, "edits": [edit("7")]},
        {"version": 0, "edits": ["7"]},
        {"version": 0, "edits": [{**edit("7"), "token": "a b"}]},
        {"version": 0, "edits": [{**edit("7"), "token": ""}]},
        {"version": 0, "edits": [{**edit("7"), "text": 7}]},
        {"version": 0, "edits": [{**edit("7"), "text": "\ud800"}]},
        {"version": 0, "edits": [{**edit("7"), "text": "7\0"}]},
        {"version": 0, "edits": [{**edit("7"), "over": "0"}]},
        {"version": 0, "edits": [edit("7")] * (cells.MOST_EDITS + 1)},
    ],
)
def test_a_body_that_the_grid_never_sends_is_refused_in_a_sentence(
    body: Any, own: Client
) -> None:
    answer = say(own, body)
    assert answer.status_code == 422
    assert answer.json()["sentence"].startswith("Yêu cầu không đọc được")
    assert CellEdit.objects.count() == 0


def test_a_body_that_is_too_large_is_not_read(own: Client) -> None:
    answer = say(own, b" " * (cells.LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert answer.json()["sentence"]


def test_the_story_of_a_cell_tells_who_typed_and_who_spoke(
    own: Client, office: Office
) -> None:
    save(own, edit("7"))
    reviewer = office.client("reviewer")
    answer = say(reviewer, {"text": " Vì sao? "}, "return-cell-comment", THEFTS)
    assert answer.json()["text"] == "Vì sao?"
    address = reverse("return-cell", args=(*HERE, THEFTS))
    story = own.get(address).json()["story"]
    assert {(each["kind"], each["by"], each["text"]) for each in story} == {
        ("comment", "reviewer", "Vì sao?"),
        ("edit", "own", "7"),
    }
    assert stands(own)["comments"] == {THEFTS: 1}
    assert AuditEntry.objects.filter(act="comment", by="reviewer").exists()
    kinds = [each["kind"] for each in reviewer.get(address).json()["story"]]
    assert kinds == ["comment"]  # what is not sent is the sender's own


@pytest.mark.parametrize("text", ["", "  ", "a" * 1001, None, "\0"])
def test_words_that_cannot_be_kept_are_refused(text: Any, own: Client) -> None:
    answer = say(own, {"text": text}, "return-cell-comment", THEFTS)
    assert answer.status_code == 422
    assert CellComment.objects.count() == 0


def test_a_row_that_the_form_has_not_is_not_there(own: Client) -> None:
    assert own.get(reverse("return-cell", args=(*HERE, "nothing"))).status_code == 404
    answer = say(own, {"text": "?"}, "return-cell-comment", "nothing")
    assert answer.status_code == 404


def test_a_closed_period_refuses_each_cell_in_a_sentence(own: Client) -> None:
    period = OpenPeriod.objects.get()
    collect.close_period(opened=period, reason="Chốt", by="o", at=factories.AT)
    (refused,) = save(own, edit("7")).json()["refused"]
    assert "đã khóa" in refused["sentence"]
    assert stands(own)["is_closed"]


def test_what_was_typed_in_the_grid_stands_in_the_form_and_is_sent_with_it(
    own: Client,
) -> None:
    save(own, edit("7"), edit("-", measure=FIRES))
    page = own.get(reverse("return-entry", args=HERE)).content.decode()
    assert 'value="7" data-edit="1"' in page
    assert send(own, version="0", edits_seen="2").status_code == 302
    kept = ReturnVersion.objects.get()
    assert kept.cells[THEFTS] == ["REPORTED", "7"]
    assert kept.cells[FIRES] == ["NIL", None]


def test_two_forms_sent_whole_meet_on_a_page_that_shows_both_values(
    own: Client, clerk: Client
) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    page = {"version": "1", "edits_seen": "0", "explain.*": "Đã kiểm tra."}
    send(clerk, **page, **{"cell.theft_cases": "5", "cell.fire_cases": "1"})
    typed = {"cell.theft_cases": "6", "cell.fire_cases": "-", "cell.fire_damage": "9"}
    answer = send(own, **page, **typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert ReturnVersion.objects.count() == 2
    for value in ("5", "6"):
        assert f'name="cell.theft_cases" value="{value}"' in text
    assert 'name="cell.fire_cases"' not in text  # only told: it was not typed here
    assert '<th scope="row">Số vụ cháy, nổ</th>' in text
    assert "Thiệt hại tài sản do cháy, nổ" not in text  # typed here, and kept
    assert 'name="explain.*" value="Đã kiểm tra."' in text


@pytest.mark.parametrize(("choice", "number"), [("6", 3), ("5", 2)])
def test_what_was_chosen_between_two_values_is_sent(
    choice: str, number: int, own: Client, clerk: Client
) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    page = {"version": "1", "edits_seen": "0"}
    send(clerk, **page, **{"cell.theft_cases": "5"})
    assert send(own, **page, **{"cell.theft_cases": "6"}).status_code == 409
    decided = {"version": "2", "edits_seen": "1", "decided": "1"}
    answer = send(own, **decided, **{"cell.theft_cases": choice})
    last = ReturnVersion.objects.last()
    assert answer.status_code == 302
    assert last is not None
    assert (last.number, last.cells[THEFTS]) == (number, ["REPORTED", choice])


def test_a_form_is_not_sent_over_a_workbook_that_came_meanwhile(own: Client) -> None:
    save(own, edit("7"))
    sent(month(12), {THO_XUONG: crimes(9)})
    answer = send(own, version="0", edits_seen="1", **{"cell.theft_cases": "7"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'name="cell.theft_cases" value="7"' in text
    assert 'name="cell.theft_cases" value="9"' in text
    kept = {"version": "1", "edits_seen": "1", "decided": "1"}
    assert send(own, **kept, **{"cell.theft_cases": "7"}).status_code == 302
    last = ReturnVersion.objects.last()
    assert last is not None
    assert (last.number, last.cells[THEFTS]) == (2, ["REPORTED", "7"])


def test_what_is_right_in_a_refused_form_is_kept(own: Client) -> None:
    typed = {"cell.theft_cases": "7", "cell.fire_cases": "hai"}
    answer = send(own, version="0", edits_seen="0", **typed)
    assert answer.status_code == 422
    assert 'value="hai"' in answer.content.decode()
    assert stands(own)["cells"][THEFTS]["text"] == "7"


def test_what_is_not_sent_is_taken_back_after_a_question(own: Client) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    save(own, edit("7"), version=1)
    address = reverse("return-discard", args=HERE)
    page = own.get(address).content.decode()
    assert re.findall(r'class="num">(\d+)</td>', page) == ["7", "2"]
    assert own.post(address, {"edits_seen": "1"}).status_code == 302
    assert stands(own)["cells"][THEFTS] == {
        **stands(own)["cells"][THEFTS],
        "text": "2",
        "edit": 0,
    }
    assert CellEdit.objects.count() == 2


def test_what_another_typed_is_not_taken_back_unseen(
    own: Client, clerk: Client
) -> None:
    save(clerk, edit("7"))
    answer = own.post(reverse("return-discard", args=HERE), {"edits_seen": "0"})
    assert answer.status_code == 409
    assert stands(own)["cells"][THEFTS]["text"] == "7"


def test_more_cells_and_more_history_need_no_more_queries(
    own: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 12):
        factories.accepted(month(number), {THO_XUONG: crimes(number)})
    page, grid = (reverse(n, args=HERE) for n in ("return-entry", "return-cells"))
    edits = [edit("7", measure=each.key) for each in FORM.measures]
    enough = [each for each in edits if each["measure"] != "cameras"]
    with django_assert_max_num_queries(24):
        assert save(own, *enough).status_code == 200
    with django_assert_max_num_queries(18):
        assert own.get(page).status_code == 200
    with django_assert_max_num_queries(16):
        assert own.get(grid).status_code == 200


def test_every_sentence_of_the_stage_is_a_refusal_in_vietnamese() -> None:
    refusals = [each for each in vars(enter).values() if isinstance(each, type)]
    words = [each.words for each in refusals if issubclass(each, Refusal)]
    assert len(words) == 9
    assert all(each.endswith(".") for each in words)


def test_the_tokens_of_what_was_taken_back_are_no_sender_s(own: Client) -> None:
    answer = save(own, edit("7") | {"token": "back-2"})
    assert answer.status_code == 422
    assert CellEdit.objects.count() == 0


def explained(text: str, over: int = 0, row: str = THEFTS) -> dict[str, Any]:
    """Return an explanation as the grid sends it: under the name of its box."""
    return edit(text, over, f"explain.{row}")


def test_an_explanation_is_kept_as_a_cell_is_and_stands_on_every_machine(
    own: Client, clerk: Client
) -> None:
    kept = save(own, edit("7"), explained("Một băng nhóm."))
    assert kept.status_code == 200
    assert [(row["measure"], row["text"]) for row in kept.json()["saved"]] == [
        (THEFTS, "7"),
        (f"explain.{THEFTS}", "Một băng nhóm."),
    ]
    words = {f"explain.{THEFTS}": {"text": "Một băng nhóm.", "edit": 2}}
    assert stands(clerk)["words"] == words
    page = clerk.get(reverse("return-entry", args=HERE)).content.decode()
    assert 'data-edit="2"' in page
    assert ">Một băng nhóm.</textarea>" in page


def test_two_who_explain_a_row_see_both_and_none_is_written_over(
    own: Client, clerk: Client
) -> None:
    save(own, explained("Của xã"))
    answer = save(clerk, explained("Của huyện"))
    assert answer.status_code == 409
    (told,) = answer.json()["conflicts"]
    assert (told["yours"], told["theirs"]) == ("Của huyện", "Của xã")
    assert told["measure"] == f"explain.{THEFTS}"
    assert told["label"] == "Giải trình: Trong đó vụ trộm cắp tài sản"
    assert told["by"] == "own"


def test_the_story_of_a_row_tells_its_explanations(own: Client) -> None:
    save(own, explained("Lời đầu"), explained("Lời sau", 1))
    address = reverse("return-cell", args=(*HERE, THEFTS))
    story = own.get(address).json()["story"]
    assert [(each["kind"], each["text"]) for each in story] == [
        ("words", "Lời sau"),
        ("words", "Lời đầu"),
    ]


def test_words_posted_with_the_whole_form_are_kept_and_sent(own: Client) -> None:
    page = {"version": "0", "edits_seen": "0", "cell.theft_cases": "7"}
    words = {"explain.theft_cases": " Một băng nhóm.", "explain.*": ""}
    assert send(own, **page, **words).status_code == 302
    version = ReturnVersion.objects.get()
    assert version.explanations == {THEFTS: "Một băng nhóm."}
    again = {"version": "1", "edits_seen": "2", "explain.theft_cases": ""}
    send(own, **again)
    last = ReturnVersion.objects.last()
    assert last is not None
    assert (last.number, last.explanations) == (2, {})


def test_words_of_two_meet_on_the_page_that_shows_both(
    own: Client, clerk: Client
) -> None:
    save(own, edit("7"))
    page = {"version": "0", "edits_seen": "1"}
    save(clerk, explained("Của huyện"))
    answer = send(own, **page, **{"explain.theft_cases": "Của xã"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert ReturnVersion.objects.count() == 0
    for value in ("Của xã", "Của huyện"):
        assert f'name="explain.theft_cases" value="{value}"' in text
    assert 'type="hidden" name="explain.theft_cases"' not in text
    decided = {"version": "0", "edits_seen": "2", "decided": "1"}
    send(own, **decided, **{"explain.theft_cases": "Của xã"})
    assert ReturnVersion.objects.get().explanations == {THEFTS: "Của xã"}


def test_words_of_another_that_were_not_seen_are_told_before_sending(
    own: Client, clerk: Client
) -> None:
    save(own, edit("7"))
    save(clerk, explained("Của huyện"))
    answer = send(own, version="0", edits_seen="1")
    assert answer.status_code == 409
    assert "Của huyện" in answer.content.decode()


def test_unsent_words_are_taken_back_with_the_cells(own: Client) -> None:
    save(own, edit("7"), explained("Một băng nhóm."))
    address = reverse("return-discard", args=HERE)
    assert "Một băng nhóm." in own.get(address).content.decode()
    assert own.post(address, {"edits_seen": "2"}).status_code == 302
    assert stands(own)["words"] == {}


def test_words_longer_than_anybody_reads_are_refused_in_a_sentence(
    own: Client,
) -> None:
    long = {**explained("a"), "text": "a" * 1001}
    (told,) = save(own, long).json()["refused"]
    assert told["measure"] == f"explain.{THEFTS}"
    assert "1000 ký tự" in told["sentence"]
