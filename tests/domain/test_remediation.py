"""A weak band becomes a plan: complete, in order, and in time."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from tongket.domain.criteria import Band
from tongket.domain.remediation import (
    MOVES,
    STATE_WORDS,
    PlanState,
    Step,
    WrongMove,
    due_on,
    is_overdue,
    move,
    owes_plan,
    unfinished,
)

DUE = dt.date(2024, 1, 31)
DAY = dt.timedelta(days=1)
STEP = Step("Mục 1", "Tuyên truyền", "Trưởng Công an xã", DUE, "Biên bản")


@pytest.mark.parametrize("owes", [True, False])
def test_the_edition_says_which_bands_owe_a_plan(owes):
    assert owes_plan(Band("b", "B", "B", Decimal(50), owes_plan=owes)) is owes


def test_the_plan_for_2023_is_due_within_january_2024():
    assert due_on(2023, 31) == DUE


@pytest.mark.parametrize(
    ("state", "waits"),
    [
        (PlanState.OWED, True),
        (PlanState.RETURNED, True),
        (PlanState.SUBMITTED, False),
        (PlanState.ACCEPTED, False),
        (PlanState.CLOSED, False),
        (PlanState.WITHDRAWN, False),
    ],
)
def test_a_plan_is_overdue_on_the_day_after_it_was_due_while_it_is_owed(state, waits):
    assert not is_overdue(state, due=DUE, on=DUE)
    assert is_overdue(state, due=DUE, on=DUE + DAY) is waits


def lacking(*steps, items=("Mục 1",)):
    return [str(each.sentence.values["what"]) for each in unfinished(items, steps)]


def test_a_plan_with_a_full_step_for_every_lost_item_is_finished():
    assert lacking(STEP, replace(STEP, item="Mục 2"), items=("Mục 1", "Mục 2")) == []


def test_a_lost_item_without_a_step_is_refused_by_name():
    (refusal,) = unfinished(("Mục 1", "Mục 2"), (STEP,))
    assert str(refusal) == (
        "Kế hoạch khắc phục, mục “Mục 2”: thiếu biện pháp; bổ sung trước khi gửi Ban "
        "Chỉ đạo tỉnh."
    )


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"action": " "}, "biện pháp"),
        ({"post": ""}, "chức danh chịu trách nhiệm"),
        ({"due_on": None}, "thời hạn hoàn thành"),
        ({"evidence": "  "}, "minh chứng"),
    ],
)
def test_a_step_that_lacks_one_thing_is_refused_for_it(changed, what):
    assert lacking(replace(STEP, **changed)) == [what]


def test_all_that_a_step_lacks_is_told_at_once():
    assert len(lacking(Step("Mục 1", "", "", None, ""))) == 4


def test_a_full_step_does_not_hide_an_empty_one_for_the_same_item():
    assert lacking(replace(STEP, evidence=""), STEP) == ["minh chứng"]
    assert lacking(replace(STEP, post=""), replace(STEP, post="")) == [
        "chức danh chịu trách nhiệm"
    ]


@pytest.mark.parametrize("to", PlanState)
@pytest.mark.parametrize("state", PlanState)
def test_a_plan_moves_only_where_its_state_allows(state, to):
    if to in MOVES[state]:
        assert move("Xã A", state, to) is to
        return
    with pytest.raises(WrongMove) as refused:
        move("Xã A", state, to)
    assert str(refused.value) == (
        f"Kế hoạch của Xã A đang ở bước “{STATE_WORDS[state]}”, không thể chuyển sang "
        f"“{STATE_WORDS[to]}”."
    )


def test_every_state_has_moves_and_words_of_its_own():
    assert set(MOVES) == set(STATE_WORDS) == set(PlanState)
    assert len(set(STATE_WORDS.values())) == len(PlanState)


def test_a_plan_is_withdrawn_only_before_it_is_accepted_and_may_be_owed_again():
    before = {state for state in PlanState if PlanState.WITHDRAWN in MOVES[state]}
    assert before == {PlanState.OWED, PlanState.SUBMITTED, PlanState.RETURNED}
    assert move("Xã A", PlanState.WITHDRAWN, PlanState.OWED) is PlanState.OWED


def test_a_returned_plan_is_sent_again_and_a_closed_one_stays():
    state = PlanState.OWED
    for to in ("SUBMITTED", "RETURNED", "SUBMITTED", "ACCEPTED", "CLOSED"):
        state = move("Xã A", state, PlanState[to])
    assert MOVES[state] == frozenset()
