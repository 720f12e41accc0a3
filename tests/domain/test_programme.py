"""Next year's work, and the road of a hotspot area."""

import pytest

from tongket.domain.programme import (
    AREA_MOVES,
    AREA_WORDS,
    AreaState,
    Programme,
    Work,
    WorkKind,
    WrongAreaMove,
    move_area,
)
from tongket.domain.sources import Source


def work(key, kind):
    return Work(key, kind, key, key, "", None, Source("12/KH-BCĐ"))


def test_the_lines_of_a_programme_are_read_by_kind_in_the_order_they_were_set():
    programme = Programme(
        2024,
        (
            work("b", WorkKind.OBJECTIVE),
            work("t", WorkKind.TASK),
            work("a", WorkKind.OBJECTIVE),
        ),
    )
    assert [each.key for each in programme.of_kind(WorkKind.OBJECTIVE)] == ["b", "a"]
    assert programme.of_kind(WorkKind.SOLUTION) == ()


@pytest.mark.parametrize("to", AreaState)
@pytest.mark.parametrize("state", AreaState)
def test_an_area_moves_only_to_a_state_that_follows(state, to):
    if to in AREA_MOVES[state]:
        assert move_area(state, to) is to
        return
    with pytest.raises(WrongAreaMove) as refused:
        move_area(state, to)
    assert str(refused.value) == (
        f"Địa bàn đang ở bước “{AREA_WORDS[state]}”, không thể chuyển sang "
        f"“{AREA_WORDS[to]}”."
    )


def test_an_area_is_monitored_before_it_is_called_sustained():
    before = [state for state in AreaState if AreaState.SUSTAINED in AREA_MOVES[state]]
    assert before == [AreaState.MONITORED]


def test_a_relapsed_area_is_proposed_again():
    assert move_area(AreaState.RELAPSED, AreaState.PROPOSED) is AreaState.PROPOSED


def test_every_state_has_moves_and_words_of_its_own():
    assert set(AREA_MOVES) == set(AREA_WORDS) == set(AreaState)
    assert len(set(AREA_WORDS.values())) == len(AreaState)
