"""A fact that changes by date holds where somebody checked it, and nowhere else."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongket.domain.dated import (
    CheckedOnlyUntil,
    Dated,
    NothingBefore,
    NothingInForce,
    Value,
)
from tongket.domain.sources import Source

SOURCE = Source("12/KH-BCĐ")
FIRST, SECOND = dt.date(2023, 1, 1), dt.date(2024, 1, 12)
DUE_DAY = Dated(
    "plan_due_day",
    [Value(FIRST, 20, SOURCE), Value(SECOND, 31, SOURCE)],
    checked_until=dt.date(2024, 12, 31),
)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (FIRST, 20),
        (SECOND - dt.timedelta(days=1), 20),
        (SECOND, 31),
        (dt.date(2024, 12, 31), 31),
    ],
)
def test_a_value_holds_from_its_first_day_to_the_day_before_the_next(day, value):
    assert DUE_DAY.on(day).value == value
    assert DUE_DAY.on(day).source is SOURCE


def test_the_day_before_the_first_value_is_refused_with_a_remedy():
    with pytest.raises(NothingBefore) as refused:
        DUE_DAY.on(dt.date(2022, 12, 31))
    assert str(refused.value) == (
        "plan_due_day: chưa có giá trị trước ngày 01/01/2023, được hỏi cho ngày "
        "31/12/2022; đề nghị bổ sung giá trị kèm căn cứ vào gói dữ liệu."
    )


def test_a_value_is_never_carried_past_the_last_day_it_was_checked():
    with pytest.raises(CheckedOnlyUntil) as refused:
        DUE_DAY.on(dt.date(2025, 1, 1))
    assert str(refused.value) == (
        "plan_due_day: mới được kiểm tra đến ngày 31/12/2024, được hỏi cho ngày "
        "01/01/2025; đề nghị kiểm tra lại căn cứ rồi sửa checked_until."
    )


@pytest.mark.parametrize(
    "starts", [[], [SECOND, FIRST], [FIRST, FIRST]], ids=["none", "back", "twice"]
)
def test_values_out_of_order_are_impossible(starts):
    with pytest.raises(AssertionError):
        Dated("x", [Value(day, 1, SOURCE) for day in starts], SECOND)


@settings(max_examples=50)
@given(
    starts=st.sets(st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1)), min_size=1),
    day=st.dates(dt.date(2019, 1, 1), dt.date(2027, 1, 1)),
)
def test_the_value_of_a_day_is_the_latest_that_had_started(starts, day):
    until = dt.date(2026, 1, 1)
    fact = Dated("x", [Value(s, s, SOURCE) for s in sorted(starts)], until)
    started = [start for start in starts if start <= day <= until]
    if started:
        assert fact.on(day).value == max(started)
    else:
        with pytest.raises(NothingInForce):
            fact.on(day)
