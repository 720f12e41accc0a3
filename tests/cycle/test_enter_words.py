"""Is an explanation kept, sent and disputed as a cell is?"""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from tests import factories
from tests.cycle.test_enter import FORM, THEFTS, key, now, save, submit, typed
from tests.factories import AT, THO_XUONG, crimes, month, opened, sent

from tongket.cycle import collect, enter
from tongket.cycle.enter import Edit
from tongket.cycle.enter.whole import Page, words_over
from tongket.records.models import (
    WordsEdit,
)

pytestmark = pytest.mark.usefixtures("pack")


def explain(
    *words: Edit, version: int = 0, by: str = "an", at: dt.datetime = AT
) -> "enter.Saved[WordsEdit, str]":
    """Save explanations of the return."""
    pack = factories.small_pack()
    return enter.explain(pack=pack, **key(), version=version, words=words, by=by, at=at)


def test_an_explanation_is_kept_in_the_draft_with_who_typed_it() -> None:
    kept = explain(typed("Một băng nhóm. "), typed("Đã rà soát.", measure="*"))
    assert [(row.number, row.by, row.text) for row in kept.saved] == [
        (1, "an", "Một băng nhóm."),
        (2, "an", "Đã rà soát."),
    ]
    assert now().explanations == {THEFTS: "Một băng nhóm.", "*": "Đã rà soát."}
    assert now().words_edits == {THEFTS: 1, "*": 2}
    assert now().last_edit == 2


def test_an_explanation_is_sent_with_the_return_and_nothing_is_left_unsent() -> None:
    save(typed("7"))
    explain(typed("Một băng nhóm."))
    (version,) = submit(0, explanations=None)
    assert version.explanations == {THEFTS: "Một băng nhóm."}
    assert now().words_unsent == ()
    assert now().words_edits == {}
    assert now().explanations == {THEFTS: "Một băng nhóm."}


def test_an_emptied_explanation_is_sent_as_none() -> None:
    save(typed("7"))
    explain(typed("Một băng nhóm."))
    submit(0, explanations=None)
    explain(typed("", token="emptied"), version=1)
    assert now().words_unsent == (THEFTS,)
    assert now().explanations == {}
    (version,) = submit(1, explanations=None)
    assert version.explanations == {}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (typed("d" * 1001), "WordsTooLong"),
        (typed("Lời", measure="no_such_row"), "NoSuchRow"),
    ],
)
def test_words_that_cannot_be_kept_are_refused_and_the_others_are_kept(
    words: Edit, kind: str
) -> None:
    kept = explain(words, typed("Đã rà soát.", measure="*"))
    assert [type(each).__name__ for each in kept.refused.values()] == [kind]
    assert [row.measure for row in kept.saved] == ["*"]


def test_a_repeated_explanation_writes_nothing_and_is_answered_as_before() -> None:
    first = explain(typed("Lời")).saved
    again = explain(typed("Lời"))
    assert [row.number for row in again.saved] == [row.number for row in first]
    other = Edit(typed("Lời").token, THEFTS, "Khác")
    (refused,) = explain(other).refused.values()
    assert isinstance(refused, enter.TokenUsedAgain)
    assert WordsEdit.objects.count() == 1


def test_two_who_explain_one_row_otherwise_are_shown_both() -> None:
    explain(typed("Của An"))
    (conflict,) = explain(typed("Của Bình"), by="binh").conflicts
    assert (conflict.yours, conflict.theirs) == ("Của Bình", "Của An")
    assert (conflict.by, conflict.edit) == ("an", 1)
    decided = typed("Của Bình", over=conflict.edit)
    assert explain(decided, by="binh").conflicts == []
    assert now().explanations == {THEFTS: "Của Bình"}


def test_words_typed_here_and_sent_otherwise_wait_for_a_decision() -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    explain(typed("Của An"), version=1)
    pack, words = factories.small_pack(), {THEFTS: "Của tệp Excel"}
    file = collect.Sending(THO_XUONG, FORM, crimes(2), AT, "WORKBOOK", words)
    collect.receive(
        pack=pack, opened=opened(month(12)), sendings=[file], by="binh", at=AT
    )
    (undecided,) = now().words_undecided
    assert (undecided.typed, undecided.sent) == ("Của An", "Của tệp Excel")
    with pytest.raises(enter.StillUndecided):
        submit(2, explanations=None)
    assert explain(typed("Của An", over=1, token="new"), version=1).conflicts
    explain(typed("Của An", over=1, token="seen"), version=2)
    (version,) = submit(2, explanations=None)
    assert version.explanations == {THEFTS: "Của An"}


def test_what_another_explained_is_neither_sent_nor_taken_back_unseen() -> None:
    save(typed("7"))
    explain(typed("Của Bình"), by="binh")
    with pytest.raises(enter.EditedMeanwhile):
        submit(0, seen=1, explanations=None)
    with pytest.raises(enter.EditedMeanwhile):
        enter.discard(**key(), edits_seen=1, by="an", at=AT)


def test_taking_back_words_brings_those_that_were_sent() -> None:
    save(typed("7"))
    explain(typed("Lời đầu"))
    submit(0, explanations=None)
    explain(typed("Lời sau", token="later"), version=1)
    back = enter.discard(**key(), edits_seen=100, by="an", at=AT)
    assert [(row.measure, row.text) for row in back] == [(THEFTS, "Lời đầu")]
    assert now().explanations == {THEFTS: "Lời đầu"}
    assert WordsEdit.objects.count() == 3


def test_a_closed_period_takes_no_words_but_still_answers_those_it_took() -> None:
    explain(typed("Lời"))
    collect.close_period(opened=opened(month(12)), reason="Chốt", by="o", at=AT)
    kept = explain(typed("Lời"), typed("Muộn", measure="*"))
    assert [row.text for row in kept.saved] == ["Lời"]
    (refused,) = kept.refused.values()
    assert isinstance(refused, collect.PeriodClosed)


def test_the_story_of_a_row_tells_its_words_and_hides_those_unsent_from_others() -> (
    None
):
    explain(typed("Lời"))
    told = enter.history(**key(), measure=THEFTS)
    assert [each.words.text for each in told if each.words] == ["Lời"]
    assert enter.as_sent(told) == []


def test_words_once_written_are_never_changed() -> None:
    explain(typed("Lời"))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        WordsEdit.objects.update(text="Khác")


def test_words_that_say_what_their_page_showed_are_no_edit() -> None:
    explain(typed("Lời"))
    page = {**key(), "version": 0, "edits_seen": 1}
    assert words_over(Page.read(**page), {THEFTS: " Lời ", "*": ""}) == []
    (edit,) = words_over(Page.read(**page), {THEFTS: "Khác"})
    assert (edit.measure, edit.text, edit.over) == (THEFTS, "Khác", 1)
    explain(typed("Của Bình", over=1), by="binh")
    assert words_over(Page.read(**page), {THEFTS: "Lời"}) == []
    changed = enter.words_changed(**page, by="an")
    assert changed == {THEFTS: ("Lời", "Của Bình")}
    assert enter.words_changed(**page, by="binh") == {}
