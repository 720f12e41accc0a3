"""Is the character nought, which PostgreSQL cannot keep, left out of every form?"""

import json

from django.http import QueryDict
from django.urls import reverse
from tests.factories import MONTHLY, THO_XUONG, form_of, month, opened
from tests.web.api import RETURN, Program, whole
from tests.web.conftest import Office

from tongket.office.plain_text import without_nul
from tongket.records.models import CellComment, Extension, ReturnVersion, WordsEdit

HERE = (MONTHLY, "nd09-2023-m12", THO_XUONG, form_of(MONTHLY).key)


def test_only_the_character_nought_is_left_out() -> None:
    given = QueryDict("a=x%00y&a=z&b=%00&c=%C4%91")
    clean = without_nul(given)
    assert list(clean.lists()) == [("a", ["xy", "z"]), ("b", [""]), ("c", ["đ"])]
    same = QueryDict("a=x&c=%C4%91")
    assert without_nul(same) is same


def test_a_posted_form_is_kept_without_it(office: Office) -> None:
    opened(month(12))
    page = {"version": "0", "edits_seen": "0"}
    typed = {"cell.theft_cases": "\0007", "explain.theft_cases": "Một\0 nhóm"}
    address = reverse("return-entry", args=HERE)
    assert office.client("own").post(address, {**page, **typed}).status_code == 302
    version = ReturnVersion.objects.get()
    assert version.cells["theft_cases"] == ["REPORTED", "7"]
    assert version.explanations == {"theft_cases": "Một nhóm"}


def test_reasons_and_searches_are_read_without_it(office: Office) -> None:
    opened(month(12))
    client, place = office.client("office"), HERE[:2]
    asked = {"until": "2024-01-30", "reason": "Mất\0 điện.", "unit": THO_XUONG}
    client.post(reverse("collect-extend", args=place), asked)
    assert Extension.objects.get().reason == "Mất điện."
    board = client.get(reverse("collect-period", args=place), {"tim": "\0"})
    assert board.status_code == 200


def test_json_that_carries_it_is_refused_in_a_sentence(office: Office) -> None:
    opened(month(12))
    cells = reverse("return-cells", args=HERE)
    edit = {"token": "a", "measure": "explain.theft_cases", "text": "a\0b"}
    body = json.dumps({"version": 0, "edits": [edit]})
    answer = office.client("own").post(cells, body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["sentence"]
    story = reverse("return-cell-comment", args=(*HERE, "theft_cases"))
    words = json.dumps({"text": "a\0b"})
    said = office.client("own").post(story, words, content_type="application/json")
    assert said.status_code == 422
    told = {**whole(theft_cases=1), "explanations": {"theft_cases": "a\0b"}}
    assert Program("own").post(RETURN, told).status_code in (400, 422)
    assert WordsEdit.objects.count() + CellComment.objects.count() == 0
