"""Is anything that was typed lost, changed, or written over what another typed?"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from tests import factories
from tests.factories import AT, MONTHLY, THO_XUONG, crimes, form_of, month, opened, sent

from tongket.cycle import check, collect, enter, extend
from tongket.cycle.enter import Edit, Saved, Sheet
from tongket.cycle.enter.whole import Page, typed_over
from tongket.domain.figures import MISSING, NIL, NOT_APPLICABLE, reported
from tongket.domain.sentences import Refusals
from tongket.records.models import (
    AuditEntry,
    CellEdit,
    Doubt,
    Draft,
    Extension,
    OpenPeriod,
    ReturnVersion,
)

pytestmark = pytest.mark.usefixtures("pack")
FORM = form_of(MONTHLY).key
THEFTS, FIRES, CAMERAS = "theft_cases", "fire_cases", "cameras"


def key() -> dict[str, Any]:
    """Return what the functions of the stage know the return by."""
    return {"opened": opened(month(12)), "unit": THO_XUONG, "form": FORM}


def save(*edits: Edit, version: int = 0, by: str = "an", at: dt.datetime = AT) -> Saved:
    """Save edits of the return."""
    pack = factories.small_pack()
    return enter.save(pack=pack, **key(), version=version, edits=edits, by=by, at=at)


def typed(text: str, over: int = 0, measure: str = THEFTS, token: str = "") -> Edit:
    """Return an edit with a token of its own."""
    return Edit(token or f"{measure}-{text}-{over}", measure, text, over)


def now() -> Sheet:
    """Return the sheet as it stands."""
    return enter.sheet(**key())


def submit(
    version: int = 0,
    seen: int = 1000,
    by: str = "an",
    explanations: Mapping[str, str] | None = {},
) -> list[ReturnVersion]:
    """Send the sheet."""
    return enter.submit(
        pack=factories.small_pack(),
        **key(),
        version=version,
        edits_seen=seen,
        explanations=explanations,
        by=by,
        at=AT,
    )


def texts(saved: Saved) -> list[str]:
    """Return what was kept, in order."""
    return [row.text for row in saved.saved]


def test_an_edit_is_kept_with_who_typed_it_and_what_was_typed() -> None:
    (row,) = save(typed("1.554")).saved
    assert (row.number, row.by, row.text, row.value) == (1, "an", "1.554", "1554")
    assert now().cells == {THEFTS: reported(1554)}
    assert now().edits == {THEFTS: 1}


def test_the_four_nothings_stay_apart() -> None:
    edits = [
        typed("0"),
        typed("-", measure=FIRES),
        typed("x", measure=CAMERAS),
        typed("", measure="fire_injured"),
    ]
    pack = factories.pack_without_cameras()
    enter.save(pack=pack, **key(), version=0, edits=edits, by="an", at=AT)
    assert now().cells == {
        THEFTS: reported(0),
        FIRES: NIL,
        CAMERAS: NOT_APPLICABLE,
        "fire_injured": MISSING,
    }


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (typed("hai"), "NotANumber"),
        (typed("1,554"), "Ambiguous"),
        (typed("1,5"), "TooManyDecimals"),
        (typed("-3"), "Negative"),
        (typed("1" * 61), "TextTooLong"),
        (typed("x", measure=CAMERAS), "NotTaken"),
        (typed("1", measure="no_such_row"), "NoSuchRow"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_the_rest_of_the_batch_is_kept(
    edit: Edit, kind: str
) -> None:
    kept = save(typed("7", token="good"), edit)
    assert [type(each).__name__ for each in kept.refused.values()] == [kind]
    assert list(kept.refused) == [edit.token]
    assert now().cells == {THEFTS: reported(7)}


def test_a_repeated_token_writes_nothing_and_is_answered_as_the_first_time() -> None:
    first = save(typed("7", token="t"))
    save(typed("8", over=1))
    again = save(typed("7", token="t"))
    assert again.saved == first.saved
    assert now().cells == {THEFTS: reported(8)}
    assert CellEdit.objects.count() == 2


def test_one_token_on_two_values_is_refused_for_the_second() -> None:
    save(typed("7", token="t"))
    kept = save(typed("9", over=1, token="t"))
    assert isinstance(kept.refused["t"], enter.TokenUsedAgain)
    assert now().cells == {THEFTS: reported(7)}


def test_two_who_type_over_the_same_number_are_in_conflict() -> None:
    save(typed("7"), by="an")
    kept = save(typed("8"), by="binh")
    (conflict,) = kept.conflicts
    assert (conflict.yours, conflict.theirs) == ("8", reported(7))
    assert (conflict.edit, conflict.by, conflict.at) == (1, "an", AT)
    assert now().cells == {THEFTS: reported(7)}


def test_the_same_number_typed_by_two_is_no_conflict() -> None:
    save(typed("7", token="a"), by="an")
    kept = save(typed("07", token="b"), by="binh")
    assert (kept.conflicts, texts(kept)) == ([], ["07"])


def test_who_has_seen_the_other_s_number_may_write_over_it() -> None:
    save(typed("7"), by="an")
    assert save(typed("8", over=1), by="binh").conflicts == []
    assert now().cells == {THEFTS: reported(8)}


def test_edits_of_one_cell_in_one_batch_follow_each_other() -> None:
    kept = save(typed("1", token="a"), typed("12", token="b"), typed("123", token="c"))
    assert texts(kept) == ["1", "12", "123"]
    assert [row.over for row in kept.saved] == [0, 1, 2]


def test_a_queue_replayed_after_a_dropped_line_follows_its_own_first_edit() -> None:
    first, second = typed("1", token="a"), typed("12", token="b")
    save(first)
    kept = save(first, second)
    assert (texts(kept), kept.conflicts) == (["1", "12"], [])


def test_an_edit_over_another_cell_s_edit_has_seen_nothing() -> None:
    save(typed("7"), typed("3", measure=FIRES))
    assert len(save(typed("9", over=2, token="z")).conflicts) == 1


def test_what_was_typed_is_sent_examined_and_nothing_is_left_over() -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    save(typed("1"), version=1)
    (version,) = submit(1)
    assert (version.number, version.sent_by) == (2, "an")
    assert version.cells[THEFTS] == ["REPORTED", "1"]
    assert Doubt.objects.filter(version=version).exists()
    assert (now().edits, now().version, now().based_on) == ({}, 2, 2)


def test_a_sheet_that_says_what_was_sent_makes_no_new_version() -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    save(typed("2", token="same"), version=1)
    assert submit(1) == []
    assert ReturnVersion.objects.count() == 1


def test_pressing_the_button_twice_sends_once() -> None:
    save(typed("7"))
    assert len(submit(0)) == 1
    assert submit(0) == []


def test_a_version_sent_by_another_way_is_not_sent_over_unseen() -> None:
    save(typed("7"))
    sent(month(12), {THO_XUONG: crimes(9)})
    with pytest.raises(enter.SentMeanwhile):
        submit(0)
    assert ReturnVersion.objects.count() == 1


def test_a_cell_typed_here_and_sent_otherwise_is_undecided_until_someone_chooses() -> (
    None
):
    save(typed("7"))
    sent(month(12), {THO_XUONG: crimes(9)})
    (each,) = now().undecided
    assert (each.typed, each.sent, each.edit) == (reported(7), reported(9), 1)
    with pytest.raises(enter.StillUndecided):
        submit(1)
    (conflict,) = save(typed("8", over=1)).conflicts
    assert conflict.theirs == reported(9)
    assert save(typed("7", over=1, token="mine"), version=1).conflicts == []
    assert now().undecided == ()
    (version,) = submit(1)
    assert version.cells[THEFTS] == ["REPORTED", "7"]


def test_a_cell_that_the_other_way_left_alone_stays_as_it_was_typed() -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    save(typed("5", measure=FIRES), version=1)
    sent(month(12), {THO_XUONG: crimes(3)})
    assert now().undecided == ()
    (version,) = submit(2)
    assert version.cells[FIRES] == ["REPORTED", "5"]
    assert version.cells[THEFTS] == ["REPORTED", "3"]


def test_what_another_typed_is_not_sent_unseen() -> None:
    save(typed("7"), by="an")
    save(typed("3", measure=FIRES), by="binh")
    with pytest.raises(enter.EditedMeanwhile):
        submit(0, seen=1, by="an")
    assert len(submit(0, seen=2, by="an")) == 1


def test_taking_back_what_is_not_sent_is_itself_on_record() -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    save(typed("7"), typed("", measure=FIRES), version=1)
    back = enter.discard(**key(), edits_seen=2, by="an", at=AT)
    assert {row.measure: row.over for row in back} == {THEFTS: 1, FIRES: 2}
    assert (now().cells[THEFTS], now().edits) == (reported(2), {})
    assert CellEdit.objects.count() == 4


def test_what_another_typed_is_not_taken_back_unseen() -> None:
    save(typed("7"), by="an")
    with pytest.raises(enter.EditedMeanwhile):
        enter.discard(**key(), edits_seen=0, by="binh", at=AT)
    assert now().cells == {THEFTS: reported(7)}


def test_a_closed_period_takes_no_edit_but_still_answers_what_it_took() -> None:
    save(typed("7", token="before"))
    period = opened(month(12))
    collect.close_period(opened=period, reason="Chốt", by="office", at=AT)
    kept = save(typed("7", token="before"), typed("8", over=1, token="after"))
    assert texts(kept) == ["7"]
    assert isinstance(kept.refused["after"], collect.PeriodClosed)


def test_a_lock_exception_lets_its_unit_type_and_send_until_its_last_day() -> None:
    period = opened(month(12))
    collect.close_period(opened=period, reason="Chốt", by="office", at=AT)
    extend.grant(
        pack=factories.small_pack(),
        opened=period,
        units=[THO_XUONG],
        kind=Extension.Kind.LOCK,
        until=AT.date(),
        reason="Mất điện",
        by="office",
        at=AT,
    )
    assert texts(save(typed("7"))) == ["7"]
    assert len(submit(0)) == 1
    late = save(typed("8", token="late"), version=1, at=AT + dt.timedelta(days=1))
    assert list(late.refused) == ["late"]


def test_a_form_that_the_unit_does_not_owe_is_refused() -> None:
    given = {**key(), "form": form_of(factories.COMMUNE_YEAR).key}
    pack = factories.small_pack()
    with pytest.raises(collect.NotOwed):
        enter.save(pack=pack, **given, version=0, edits=[typed("7")], by="an", at=AT)
    assert not Draft.objects.exists()


def test_an_accepted_return_is_amended_by_typing_and_sending() -> None:
    factories.accepted(month(12), {THO_XUONG: crimes(2)})
    save(typed("3"), version=1)
    (version,) = submit(1)
    assert (version.number, version.of.state) == (2, "SENT")


def test_words_stand_beside_a_cell_and_in_the_log_of_acts() -> None:
    given = {"pack": factories.small_pack(), **key(), "measure": THEFTS, "at": AT}
    enter.comment(**given, text=" Vì sao tăng? ", by="reviewer")
    assert enter.comments(**key()) == {THEFTS: 1}
    act = AuditEntry.objects.get(act="comment")
    assert act.new == {"measure": THEFTS, "words": "Vì sao tăng?"}
    for text in ("  ", "a" * 1001):
        with pytest.raises(enter.NoWords):
            enter.comment(**given, text=text, by="reviewer")


def test_the_story_of_a_cell_tells_versions_edits_and_words_latest_first() -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    save(typed("7"), version=1, at=AT + dt.timedelta(minutes=1))
    later = AT + dt.timedelta(minutes=2)
    pack = factories.small_pack()
    enter.comment(pack=pack, **key(), measure=THEFTS, text="Đúng", by="binh", at=later)
    told = enter.history(**key(), measure=THEFTS)
    assert [(each.by, each.cell) for each in told] == [
        ("binh", None),
        ("an", reported(7)),
        (factories.BY, reported(2)),
    ]


def test_the_findings_of_a_preview_are_those_of_the_version_it_becomes() -> None:
    for number in range(1, 12):
        factories.accepted(month(number), {THO_XUONG: crimes(4)})
    factories.accepted(month(12, 2022), {THO_XUONG: crimes(3)})
    sent(month(12), {THO_XUONG: crimes(4)})
    save(typed("90"), version=1)
    pack = factories.small_pack()
    found = enter.preview(pack=pack, **key(), current=now().cells)
    (version,) = submit(1)
    kept = [check.finding_of(doubt) for doubt in version.doubts.all()]
    assert [(each.rule, each.measure) for each in found] == [
        (each.rule, each.measure) for each in kept
    ]
    assert "jump" in {each.rule for each in found}


def whole(
    texts: Mapping[str, str], version: int, seen: int, **given: Any
) -> list[Edit]:
    """Return the edits in a form that was posted whole."""
    page = Page.read(**key(), version=version, edits_seen=seen)
    return typed_over(page, form_of(MONTHLY), texts, **given)


def test_a_row_that_says_what_its_page_showed_is_no_edit() -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    save(typed("7"), version=1)
    assert whole({THEFTS: "7", FIRES: "-"}, 1, 1) == []
    (edit,) = whole({THEFTS: "8", FIRES: "-"}, 1, 1)
    assert (edit.measure, edit.text, edit.over) == (THEFTS, "8", 1)


def test_a_row_changed_by_another_since_the_page_was_made_is_left_to_the_other() -> (
    None
):
    sent(month(12), {THO_XUONG: crimes(2)})
    save(typed("7"), version=1, by="binh")
    assert whole({THEFTS: "2"}, 1, 0) == []
    (edit,) = whole({THEFTS: "8"}, 1, 0)
    assert len(save(edit, version=1).conflicts) == 1
    changed = enter.changed(
        pack=factories.small_pack(), **key(), version=1, edits_seen=0
    )
    assert changed == {THEFTS: (reported(2), reported(7))}


def test_a_choice_between_two_values_is_an_edit_also_when_it_is_what_stands() -> None:
    save(typed("7"))
    sent(month(12), {THO_XUONG: crimes(9)})
    assert whole({THEFTS: "7"}, 1, 1) == []
    (edit,) = whole({THEFTS: "7"}, 1, 1, is_decided=True)
    save(edit, version=1)
    assert now().undecided == ()


def test_a_version_without_a_cell_that_must_be_filled_is_sent_and_found_doubtful() -> (
    None
):
    save(typed("7"))
    (version,) = submit(0)
    assert len(version.cells) == len(form_of(MONTHLY).measures)
    assert check.is_blocked(version, version.doubts.all())


def test_sending_for_a_closed_period_is_refused() -> None:
    save(typed("7"))
    collect.close_period(opened=opened(month(12)), reason="Chốt", by="o", at=AT)
    with pytest.raises(Refusals) as raised:
        submit(0)
    assert factories.kinds(raised.value) == ["PeriodClosed"]


def test_a_period_closed_while_a_sender_waited_takes_nothing_more() -> None:
    save(typed("7"))
    stale = opened(month(12))
    again = OpenPeriod.objects.get(pk=stale.pk)
    collect.close_period(opened=again, reason="Chốt", by="o", at=AT)
    assert stale.state == OpenPeriod.State.OPEN
    asked = {"pack": factories.small_pack(), "unit": THO_XUONG, "form": FORM}
    told = {"version": 0, "by": "an", "at": AT}
    saved = enter.save(
        **asked, **told, opened=stale, edits=[typed("8", over=1, token="new")]
    )
    assert isinstance(saved.refused["new"], collect.PeriodClosed)
    stale.state = OpenPeriod.State.OPEN
    with pytest.raises(Refusals) as raised:
        enter.submit(**asked, **told, opened=stale, edits_seen=9, explanations={})
    assert isinstance(raised.value.refusals[0], collect.PeriodClosed)
    assert ReturnVersion.objects.count() == 0
