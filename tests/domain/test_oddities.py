"""Outliers, copies and round numbers are odd only beyond chance and small counts."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongket.domain import oddities
from tongket.domain.checks import columns
from tongket.domain.copies import (
    copied_blocks,
    copied_unit,
    fingerprint,
    round_columns,
    round_numbers,
)
from tongket.domain.doubts import Severity
from tongket.domain.figures import MISSING, NIL, reported
from tongket.domain.forms import Form, Measure, Section
from tongket.domain.outliers import Peer, Peers, spread, sudden_noughts, unlike_itself
from tongket.domain.sources import Source
from tongket.domain.watching import Habit, Watch, watches_on

SOURCE = Source("Iglewicz & Hoaglin 1993")
DAY = dt.date(2022, 1, 1)
KEYS = tuple(f"m{number}" for number in range(8))


def watch(habit, least=6, change=5, **others):
    return Watch(habit, Severity.NOTE, least, DAY, SOURCE, Decimal(change), **others)


def measures(keys, **others):
    return tuple(Measure(key, f"Số {key}", key, "vụ", **others) for key in keys)


FORM = Form(
    "f", "Biểu", "Form", frozenset({"commune"}),
    (Section("a", "Khối A", "A", measures(KEYS[:4])),
     Section("b", "Khối B", "B", measures(KEYS[4:]))), SOURCE,
)  # fmt: skip
OWN = watch(Habit.OWN_HISTORY)


def cells(*values):
    return dict(zip(KEYS, map(reported, values), strict=False))


def odd(value, *before, asked=OWN):
    told = columns({"m0": reported(each)} for each in before)
    return list(unlike_itself(FORM, {"m0": reported(value)}, told, asked))


def test_the_score_is_that_of_iglewicz_and_hoaglin() -> None:
    of = spread(map(Decimal, (2, 4, 4, 6, 100)))
    assert of.z(Decimal(14), Decimal("0.6745")) == Decimal("3.3725")
    assert spread([Decimal(7)] * 3).z(Decimal(9), Decimal("0.6745")) is None


def test_a_value_far_from_the_history_says_what_it_was_compared_with() -> None:
    (finding,) = odd(60, 10, 12, 11, 13, 12, 11)
    assert finding.rule == "outlier-own_history"
    assert finding.severity is Severity.NOTE
    assert "là 60, khác hẳn mức thường có của đơn vị (giữa 6 kỳ trước: 11,5" in str(
        finding.sentence
    )
    assert finding.compared[0].value == Decimal("11.5")


@pytest.mark.parametrize(
    ("value", "before"),
    [
        (4, (1, 1, 1, 1, 2, 1)),  # small counts
        (60, (10, 12, 11)),  # too short a history
        (60, (10,) * 6),  # never anything else: the jump is told by its own check
        (14, (10, 12, 11, 13, 12, 11)),
    ],
)
def test_small_counts_and_short_histories_are_not_odd(value, before) -> None:
    assert odd(value, *before) == []


def test_one_value_that_was_different_stands_for_the_spread() -> None:
    assert len(odd(60, 10, 10, 10, 10, 10, 12)) == 1


@given(
    before=st.lists(st.integers(0, 500), min_size=6, max_size=24),
    value=st.integers(0, 5000),
    times=st.integers(2, 1000),
)
def test_a_score_is_the_same_in_every_unit_of_measure(before, value, times) -> None:
    small = watch(Habit.OWN_HISTORY, change=0)
    scaled = [each * times for each in before]
    assert bool(odd(value, *before, asked=small)) is bool(
        odd(value * times, *scaled, asked=small)
    )


@given(
    before=st.lists(st.integers(0, 500), min_size=6, max_size=12),
    value=st.integers(0, 5000),
    chance=st.randoms(),
)
def test_the_order_of_equal_seasons_changes_nothing(before, value, chance) -> None:
    other = list(before)
    chance.shuffle(other)
    asked = watch(Habit.OWN_SEASON)
    assert odd(value, *before, asked=asked) == odd(value, *other, asked=asked)


def test_a_nought_after_a_steady_history_is_told_and_after_small_ones_not() -> None:
    asked = watch(Habit.SUDDEN_NOUGHT)
    steady = columns({"m0": reported(each)} for each in (9, 8, 7, 9, 8, 6))
    small = columns({"m0": reported(each)} for each in (1, 2, 1, 1, 3, 1))
    broken_off = columns({"m0": reported(each)} for each in (9, 8, 0, 9, 8, 6))
    for cell, told, count in (
        (NIL, steady, 1),
        (reported(0), steady, 1),
        (MISSING, steady, 0),
        (reported(1), steady, 0),
        (NIL, small, 0),
        (NIL, broken_off, 0),
    ):
        assert len(list(sudden_noughts(FORM, {"m0": cell}, told, asked))) == count


def test_round_numbers_are_odd_from_so_many_upwards_and_only_if_all_are() -> None:
    asked = watch(Habit.ROUNDED)
    assert len(list(round_numbers(FORM, cells(10, 25, 30, 45, 50, 100), asked))) == 1
    assert list(round_numbers(FORM, cells(10, 25, 30, 45, 50, 5), asked)) == []
    assert list(round_numbers(FORM, cells(10, 25, 30, 45, 50, 101), asked)) == []


def test_a_measure_that_always_ends_round_is_told_once_its_numbers_differ() -> None:
    asked = watch(Habit.ROUNDED)
    told = columns({"m0": reported(each)} for each in (50, 60, 50, 75, 100))
    same = columns({"m0": reported(50)} for _ in range(5))
    assert len(list(round_columns(FORM, cells(80), told, asked))) == 1
    assert list(round_columns(FORM, cells(81), told, asked)) == []
    assert list(round_columns(FORM, cells(50), same, asked)) == []


def test_a_block_that_repeats_another_is_told_at_its_first_row() -> None:
    asked = watch(Habit.COPIED_BLOCK, least=4)
    (finding,) = copied_blocks(FORM, cells(3, 5, 8, 2, 3, 5, 8, 2), asked)
    assert finding.measure == "m4"
    assert "của “Khối B” trùng hoàn toàn với “Khối A”" in str(finding.sentence)
    assert list(copied_blocks(FORM, cells(3, 3, 3, 3, 3, 3, 3, 3), asked)) == []
    assert list(copied_blocks(FORM, cells(3, 5, 8, 2, 3, 5, 8, 1), asked)) == []


def test_an_old_return_sent_again_is_told_with_its_period() -> None:
    asked = {Habit.COPIED_PERIOD: watch(Habit.COPIED_PERIOD, least=5)}
    old = cells(3, 5, 8, 2, 9)
    for sent, count in ((dict(old), 1), ({**old, "m0": reported(4)}, 0)):
        found = list(
            oddities.own(
                FORM, sent, asked, told={}, season={},
                earlier=[("p1", cells(1)), ("p2", old)], named="tháng {}".format,
            )
        )  # fmt: skip
        assert len(found) == count
        assert all("trùng với tháng p2" in str(each.sentence) for each in found)


def test_a_copy_of_a_neighbour_does_not_name_it_to_the_sender() -> None:
    asked = watch(Habit.COPIED_UNIT, least=4)
    mine = cells(3, 5, 8, 2)
    assert fingerprint(mine, 4) == fingerprint(dict(reversed(mine.items())), 4)
    assert fingerprint(mine, 5) is None
    finding = copied_unit(mine, "bg-c07201", asked)
    assert "bg-c07201" not in str(finding.sentence)
    assert finding.compared[0].unit == "bg-c07201"


def peers(values, heads):
    return [
        Peer(f"u{n}", {"m0": reported(value)}, heads) for n, value in enumerate(values)
    ]


@pytest.mark.parametrize("heads", [None, 1000])
def test_a_unit_far_from_its_peers_is_told(heads) -> None:
    many = peers([10, 12, 11, 13, 12, 11, 90], heads)
    found = Peers(FORM, many, watch(Habit.PEERS))
    assert [bool(list(found.findings(each))) for each in many] == [False] * 6 + [True]


def test_a_large_unit_is_compared_per_head() -> None:
    many = [*peers([10, 12, 11, 13, 12, 11], 1000), Peer("big", cells(110), 10_000)]
    found = Peers(FORM, many, watch(Habit.PEERS))
    assert list(found.findings(many[-1])) == []
    plain = [Peer(each.unit, each.cells) for each in many]
    (finding,) = Peers(FORM, plain, watch(Habit.PEERS)).findings(plain[-1])
    assert "khác hẳn 7 đơn vị cùng loại" in str(finding.sentence)


def test_a_habit_is_watched_for_between_its_days_and_the_later_row_counts() -> None:
    old = watch(Habit.ROUNDED, least=6, end=dt.date(2023, 12, 31))
    new = Watch(Habit.ROUNDED, Severity.NOTE, 8, dt.date(2024, 1, 1), SOURCE)
    assert watches_on([old, new], dt.date(2021, 1, 1)) == {}
    assert watches_on([old, new], dt.date(2023, 6, 1))[Habit.ROUNDED].least == 6
    assert watches_on([old, new], dt.date(2024, 6, 1))[Habit.ROUNDED].least == 8
