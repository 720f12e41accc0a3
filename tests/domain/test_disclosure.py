"""A hidden cell cannot be got back by subtracting what is printed from the total."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tongket.domain.disclosure import hidden, is_small

THRESHOLD = 5


def table(*counts):
    return {
        key: None if count is None else Decimal(count)
        for key, count in zip("abcdefgh", counts, strict=False)
    }


@pytest.mark.parametrize(
    ("count", "small"), [(0, False), (1, True), (4, True), (5, False), (6, False)]
)
def test_a_count_is_small_from_one_to_below_the_threshold(count, small):
    assert is_small(Decimal(count), THRESHOLD) is small


@pytest.mark.parametrize(
    ("counts", "keys"),
    [
        ((9, 12, 40), ""),
        ((0, 12, 40), ""),
        ((2, 9, 40), "ab"),
        ((2, 40, 9), "ac"),
        ((2, 4, 40), "ab"),
        ((2, 3, 40), "abc"),  # neither could be as large as 5
        ((1, 1, 1, 1, 1, 40, 50), "abcdef"),  # 5 shared by five cells: ones
        ((1, 1, 40), "abc"),  # 1 + 1 is small itself
        ((2, 0, 40), "ac"),  # a nought hides nothing
        ((4, 0, 0), "abc"),  # all there is: the total 4 is small too
        ((2, None, 40), "ac"),
        ((None, None), ""),
        ((), ""),
    ],
)
def test_small_cells_are_hidden_and_others_join_until_the_sum_says_nothing(
    counts, keys
):
    assert hidden(table(*counts), THRESHOLD) == frozenset(keys)


counts = st.lists(st.one_of(st.none(), st.integers(0, 60)), min_size=1, max_size=8)


@settings(max_examples=200)
@given(counts=counts)
@example(counts=[1, 0, 0, 5])
@example(counts=[4, 4, 0])
def test_no_hidden_cell_can_be_got_back_by_subtraction(counts):
    cells = table(*counts)
    known = {key: count for key, count in cells.items() if count is not None}
    found = hidden(cells, THRESHOLD)
    total = sum(known.values())
    if not found or is_small(total, THRESHOLD):
        return  # a small total is not published either (the test below)
    remainder = total - sum(known[key] for key in known.keys() - found)
    assert len(found) >= 2
    assert remainder >= THRESHOLD
    if all(known[key] for key in found):
        # A reader who knows that no hidden cell is nought still knows of each only that
        # it lies between 1 and what the others leave, which is the threshold or more
        # unless there was no further cell to hide.
        assert remainder - (len(found) - 1) >= THRESHOLD or found == known.keys()


@settings(max_examples=100)
@given(counts=counts)
def test_every_small_cell_is_hidden_and_no_missing_one(counts):
    cells = table(*counts)
    found = hidden(cells, THRESHOLD)
    for key, count in cells.items():
        if count is None:
            assert key not in found
        elif is_small(count, THRESHOLD):
            assert key in found


@settings(max_examples=100)
@given(counts=st.lists(st.integers(0, 4), min_size=1, max_size=4))
def test_where_the_total_is_small_every_cell_is_hidden(counts):
    cells = table(*counts)
    if is_small(sum(cells.values()), THRESHOLD):
        assert hidden(cells, THRESHOLD) == cells.keys()


@settings(max_examples=60)
@given(counts=counts)
def test_without_a_small_cell_nothing_is_hidden(counts):
    cells = table(*(None if c is None else c + 5 for c in counts))
    assert hidden(cells, THRESHOLD) == frozenset()
