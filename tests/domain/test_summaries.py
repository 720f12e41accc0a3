"""Does a summary add up what is below it, and say what is not in it?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongket.domain.checks import Severity
from tongket.domain.figures import MISSING, NIL, NOT_APPLICABLE, Cell, State, reported
from tongket.domain.forms import Adds, Form, Measure, Section
from tongket.domain.sources import Source
from tongket.domain.summaries import (
    Summed,
    difference,
    differs,
    findings,
    over_time,
    summed,
    totals,
)

FLOW = Measure("thefts", "Số vụ trộm", "Thefts", "vụ")
STOCK = Measure("cameras", "Số camera", "Cameras", "chiếc", adds=Adds.STOCK)
FORM = Form(
    "f",
    "Biểu",
    "Form",
    frozenset(),
    (Section("s", "Mục", "S", (FLOW, STOCK)),),
    Source(""),
)
ANY_CELL = st.one_of(
    st.sampled_from([MISSING, NIL, NOT_APPLICABLE]),
    st.integers(0, 10**6).map(reported),
)
BELOW = st.dictionaries(st.text("abcdefgh", min_size=1), ANY_CELL, max_size=8)


@given(BELOW)
def test_every_unit_is_in_the_sum_or_missing_or_not_asked(
    below: dict[str, Cell],
) -> None:
    found = summed(FLOW, below)
    aside = sum(cell.state is State.NOT_APPLICABLE for cell in below.values())
    assert found.counted + len(found.missing) == found.owed == len(below) - aside


@given(BELOW)
def test_the_sum_is_that_of_the_numbers_and_never_takes_missing_for_nought(
    below: dict[str, Cell],
) -> None:
    found = summed(FLOW, below)
    numbers = [cell.counted for cell in below.values() if cell.counted is not None]
    assert found.cell.counted == (sum(numbers, Decimal(0)) if numbers else None)
    assert found.is_complete == all(
        cell.state is not State.MISSING for cell in below.values()
    )


@given(BELOW, BELOW)
def test_two_districts_add_up_to_what_their_communes_do(
    one: dict[str, Cell], other: dict[str, Cell]
) -> None:
    together = {f"1{key}": cell for key, cell in one.items()}
    together |= {f"2{key}": cell for key, cell in other.items()}
    parts = {"one": summed(FLOW, one).cell, "other": summed(FLOW, other).cell}
    assert summed(FLOW, parts).cell.counted == summed(FLOW, together).cell.counted


@given(st.permutations([reported(3), NIL, MISSING, NOT_APPLICABLE]))
def test_the_order_of_the_units_changes_no_sum(order: list[Cell]) -> None:
    found = summed(FLOW, {str(place): cell for place, cell in enumerate(order)})
    assert (found.cell, found.counted, found.owed) == (reported(3), 2, 3)


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ({}, Summed(MISSING, 0, 0)),
        ({"a": NIL, "b": NIL}, Summed(NIL, 2, 2)),
        ({"a": NIL, "b": reported(0)}, Summed(reported(0), 2, 2)),
        ({"a": MISSING}, Summed(MISSING, 0, 1, ("a",))),
        ({"a": NOT_APPLICABLE}, Summed(NOT_APPLICABLE, 0, 0)),
        ({"a": NOT_APPLICABLE, "b": reported(2)}, Summed(reported(2), 1, 1)),
        ({"a": reported(2), "b": MISSING}, Summed(reported(2), 1, 2, ("b",))),
    ],
)
def test_the_four_nothings_stay_apart_in_a_sum(
    below: dict[str, Cell], expected: Summed
) -> None:
    assert summed(FLOW, below) == expected


def test_of_a_stock_the_last_month_of_a_quarter_counts() -> None:
    months = [{"cameras": reported(n)} for n in (10, 12, 11)]
    assert over_time(STOCK, months) == reported(11)
    assert over_time(STOCK, [*months[:2], None]) == MISSING


def test_a_flow_over_a_quarter_needs_every_month() -> None:
    months = [{"thefts": reported(n)} for n in (1, 2, 3)]
    assert over_time(FLOW, months) == reported(6)
    assert over_time(FLOW, [*months[:2], None]) == MISSING
    assert over_time(FLOW, [{"thefts": NIL}, {"thefts": NIL}]) == NIL


def test_stocks_of_several_units_add_up() -> None:
    below = {unit: [{"cameras": reported(n)}] for unit, n in (("a", 4), ("b", 5))}
    assert totals(FORM, below)["cameras"].cell == reported(9)


def test_a_cell_changed_by_hand_asks_for_an_explanation_with_the_difference() -> None:
    below = totals(
        FORM, {"a": [{"thefts": reported(1_000), "cameras": NIL}], "b": [None]}
    )
    (finding,) = findings(FORM, {"thefts": reported(1_003), "cameras": NIL}, below)
    assert (finding.measure, finding.severity) == ("thefts", Severity.MUST_EXPLAIN)
    assert str(finding.sentence) == (
        "“Số vụ trộm” là 1.003, tổng hợp từ cấp dưới là 1.000, chênh +3 (1/2 báo cáo "
        "có số); giải trình lý do sửa."
    )


def test_a_number_where_nothing_was_sent_below_is_a_difference_without_a_number() -> (
    None
):
    (finding,) = findings(FORM, {"thefts": reported(2)}, totals(FORM, {"a": [None]}))
    assert "là 2, tổng hợp từ cấp dưới là chưa có số liệu (0/1" in str(finding.sentence)


@given(ANY_CELL, ANY_CELL)
def test_cells_differ_only_when_something_was_typed_that_counts_otherwise(
    sum_below: Cell, typed: Cell
) -> None:
    change = difference(sum_below, typed)
    if typed.state is State.MISSING or change == 0:
        assert not differs(sum_below, typed)
    elif change is not None:
        assert differs(sum_below, typed)
