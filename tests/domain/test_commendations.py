"""Who may be proposed, in which form, how many, and what stands against it."""

from dataclasses import replace

import pytest

from tongket.domain.commendations import (
    AWARD_MOVES,
    STANDING,
    STATE_WORDS,
    AwardeeKind,
    AwardForm,
    AwardState,
    BandTooLow,
    Blocked,
    GroundMissing,
    OverQuota,
    Proposal,
    ProposedTwice,
    WrongAwardMove,
    move,
    refusals,
)
from tongket.domain.sources import Source

COLLECTIVE, INDIVIDUAL = AwardeeKind.COLLECTIVE, AwardeeKind.INDIVIDUAL
SOURCE = Source("06/2022/QH15")
MINISTER = AwardForm(
    "minister", "Bằng khen Bộ", "", "Bộ trưởng", SOURCE, quota_together=13
)
CHAIR = AwardForm(
    "chair",
    "Bằng khen tỉnh",
    "",
    "Chủ tịch",
    SOURCE,
    quota={COLLECTIVE: 35, INDIVIDUAL: 45},
)
WORTHY = frozenset({"excellent", "good"})


def proposals(form, collectives=0, individuals=0):
    kinds = [COLLECTIVE] * collectives + [INDIVIDUAL] * individuals
    return [
        Proposal(
            f"{kind} {number}",
            kind,
            form.key,
            "good" if kind is COLLECTIVE else None,
            "Có thành tích",
        )
        for number, kind in enumerate(kinds)
    ]


ONE = proposals(CHAIR, 1)[0]


def only(*listed, form=CHAIR):
    (refusal,) = refusals(form, listed, WORTHY)
    return refusal


def test_the_lists_of_the_reviewed_year_stand():
    listed = proposals(MINISTER, 6, 7) + proposals(CHAIR, 35, 45)
    assert list(refusals(MINISTER, listed, WORTHY)) == []
    assert list(refusals(CHAIR, listed, WORTHY)) == []


def test_one_too_many_of_a_kind_is_refused_with_both_numbers():
    refusal = only(*proposals(CHAIR, 36, 45))
    assert isinstance(refusal, OverQuota)
    assert str(refusal) == (
        "Bằng khen tỉnh: đề nghị 36 tập thể, tối đa 35; bớt danh sách hoặc trình số "
        "lượng bổ sung."
    )


def test_one_too_many_of_both_kinds_together_is_refused():
    refusal = only(*proposals(MINISTER, 7, 7), form=MINISTER)
    assert str(refusal) == (
        "Bằng khen Bộ: đề nghị 14 tập thể và cá nhân, tối đa 13; bớt danh sách hoặc "
        "trình số lượng bổ sung."
    )


def test_a_form_without_a_quota_takes_any_number():
    free = replace(CHAIR, quota=None)
    assert list(refusals(free, proposals(free, 100, 100), WORTHY)) == []


@pytest.mark.parametrize(
    ("changed", "kind", "words"),
    [
        (
            {"is_blocked": True},
            Blocked,
            "A: đang có trường hợp chưa được xét khen thưởng; rút đề nghị này.",
        ),
        (
            {"ground": " "},
            GroundMissing,
            "A: chưa nêu thành tích; bổ sung tóm tắt thành tích.",
        ),
        (
            {"band": "average"},
            BandTooLow,
            "A: xếp loại năm chưa đủ để đề nghị Bằng khen tỉnh; rút đề nghị này.",
        ),
    ],
)
def test_what_stands_against_a_proposal_is_said_without_its_content(
    changed, kind, words
):
    refusal = only(replace(ONE, awardee="A", **changed))
    assert isinstance(refusal, kind)
    assert str(refusal) == words


def test_an_awardee_that_was_not_scored_has_no_band_to_be_too_low():
    assert list(refusals(CHAIR, [replace(ONE, band=None)], WORTHY)) == []


def test_one_awardee_twice_for_one_form_is_refused_and_for_two_forms_is_not():
    refusal = only(ONE, ONE)
    assert isinstance(refusal, ProposedTwice)
    assert "có hai đề nghị cùng hình thức Bằng khen tỉnh" in str(refusal)
    other = replace(ONE, form=MINISTER.key)
    assert list(refusals(CHAIR, [ONE, other], WORTHY)) == []


def test_all_that_stands_against_a_list_is_told_at_once():
    bad = replace(ONE, is_blocked=True, ground="", band="weak")
    found = list(refusals(replace(CHAIR, quota={COLLECTIVE: 1}), [ONE, bad], WORTHY))
    assert [type(each) for each in found] == [
        ProposedTwice,
        Blocked,
        GroundMissing,
        BandTooLow,
        OverQuota,
    ]


@pytest.mark.parametrize("to", AwardState)
@pytest.mark.parametrize("state", AwardState)
def test_an_award_moves_only_where_its_state_allows(state, to):
    if to in AWARD_MOVES[state]:
        assert move("A", state, to) is to
        return
    with pytest.raises(WrongAwardMove) as refused:
        move("A", state, to)
    assert str(refused.value) == (
        f"A: đề nghị đang ở bước “{STATE_WORDS[state]}”, không thể chuyển sang "
        f"“{STATE_WORDS[to]}”."
    )


def test_an_award_that_stands_may_be_cancelled_and_one_that_does_not_may_not():
    cancellable = {
        state for state in AwardState if AwardState.CANCELLED in AWARD_MOVES[state]
    }
    assert cancellable == STANDING


def test_every_state_has_moves_and_words_of_its_own():
    assert set(AWARD_MOVES) == set(STATE_WORDS) == set(AwardState)
    assert len(set(STATE_WORDS.values())) == len(AwardState)
