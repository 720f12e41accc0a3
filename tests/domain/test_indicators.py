"""Published figures recompute to the last decimal; rates are ratios of sums."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongket.domain.figures import (
    MISSING,
    NIL,
    NOT_APPLICABLE,
    Figure,
    reported,
)
from tongket.domain.forms import Polarity
from tongket.domain.indicators import (
    Comparison,
    Indicator,
    Reading,
    Sum,
    Target,
    change_in_percent,
    compare,
    meets,
    read,
    rounded,
    totals,
)
from tongket.domain.periods import Frequency, NotComparable, Regime
from tongket.domain.sources import Source

SOURCE = Source("12/KH-BCĐ")
DECREE, ASSEMBLY = (
    Regime(key, key, month, day, -1, frozenset(Frequency), SOURCE)
    for key, month, day in (("nd09", 12, 15), ("quoc-hoi", 10, 1))
)
NOW, BEFORE = DECREE.year(2023), DECREE.year(2022)


def indicator(
    *,
    numerator=("cases",),
    denominator=(),
    decimals=0,
    per=1,
    polarity=Polarity.LOWER,
    target=None,
):
    return Indicator(
        "key",
        "nhãn",
        "label",
        "định nghĩa",
        numerator,
        denominator,
        "vụ",
        decimals,
        polarity,
        SOURCE,
        per=Decimal(per),
        target=None if target is None else Target(Decimal(target), SOURCE),
    )


def percentage(numerator, denominator, decimals, **others):
    rate = indicator(
        numerator=("part",),
        denominator=("whole",),
        decimals=decimals,
        per=100,
        **others,
    )
    return read(
        rate, "tinh", NOW, {"part": full(numerator), "whole": full(denominator)}
    )


def full(total, count=1):
    return Sum(Decimal(total), count, count)


def counted(now, before, **others):
    cases = indicator(**others)
    return compare(
        read(cases, "tinh", NOW, {} if now is None else {"cases": full(now)}),
        read(cases, "tinh", BEFORE, {} if before is None else {"cases": full(before)}),
    )


@pytest.mark.parametrize(
    ("cleared", "occurred", "decimals", "rate"),
    [
        (2437, 2829, 2, "86.14"),
        (3043, 3558, 2, "85.53"),
        (3753, 5202, 2, "72.15"),
        (39250, 47062, 2, "83.40"),
        (37679, 44353, 2, "84.95"),
        (695, 788, 1, "88.2"),
        (121, 127, 1, "95.3"),
        (35, 36, 1, "97.2"),
        (966, 1008, 2, "95.83"),  # the reviewed year
    ],
)
def test_a_published_clearance_rate_recomputes(cleared, occurred, decimals, rate):
    assert str(percentage(cleared, occurred, decimals).value) == rate


@pytest.mark.parametrize(
    ("current", "difference", "base", "percent"),
    [
        (44353, 1500, 42853, "3.50"),
        (14977, -2679, 17656, "-15.17"),
        (6857, -772, 7629, "-10.12"),
        (11161, -2484, 13645, "-18.20"),
        (633, -702, 1335, "-52.58"),
        (5772, 1141, 4631, "24.64"),
        (7, 4, 3, "133.33"),
        (1937, -1195, 3132, "-38.15"),
        (47, -16, 63, "-25.40"),
        (318, 15, 303, "4.95"),
        (9398, -3009, 12407, "-24.25"),
        (6246, -3203, 9449, "-33.90"),
        (3389, -210, 3599, "-5.83"),
        (194, -165, 359, "-45.96"),
        (1008, -67, 1075, "-6.23"),  # the reviewed year
        (1009, -67, 1076, "-6.23"),
    ],
)
def test_a_published_change_recomputes(current, difference, base, percent):
    comparison = counted(current, base)
    assert comparison.difference == difference
    assert str(rounded(comparison.percent, 2)) == percent


def test_67_fewer_and_6_23_percent_fit_two_bases_only():
    fitting = [
        base
        for base in range(68, 3000)
        if rounded(change_in_percent(Decimal(base - 67), Decimal(base)), 2)
        == Decimal("-6.23")
    ]
    assert fitting == [1075, 1076]


def test_a_change_agrees_at_the_printed_number_of_decimals():
    change = change_in_percent(Decimal(180), Decimal(183))
    assert rounded(change, 1) == Decimal("-1.6")
    assert rounded(change, 4) == Decimal("-1.6393")


def test_a_distance_from_a_target_is_in_percentage_points():
    reached = percentage(9285, 10000, 2, polarity=Polarity.HIGHER, target=60)
    points = reached.value - reached.indicator.target.value
    percent = change_in_percent(reached.value, reached.indicator.target.value)
    assert points == Decimal("32.85")
    assert rounded(percent, 2) == Decimal("54.75")


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("2.5", 0, "3"),
        ("-25.3968", 2, "-25.40"),
        ("-0.004", 2, "0.00"),
        ("1008", 0, "1008"),
    ],
)
def test_rounding_is_half_up_on_the_magnitude(value, decimals, printed):
    assert str(rounded(Decimal(value), decimals)) == printed


@settings(max_examples=100)
@given(
    value=st.decimals(-(10**9), 10**9, allow_nan=False, places=6),
    decimals=st.integers(0, 4),
)
def test_rounding_moves_by_half_a_step_at_most_and_is_symmetric(value, decimals):
    found = rounded(value, decimals)
    assert abs(found - value) <= Decimal("0.5").scaleb(-decimals)
    assert rounded(-value, decimals) == -found
    assert rounded(found, decimals) == found


@settings(max_examples=100)
@given(current=st.integers(0, 10**6), base=st.integers(0, 10**6))
def test_a_change_has_the_sign_of_the_difference_and_none_without_a_base(current, base):
    change = change_in_percent(Decimal(current), Decimal(base))
    if base == 0:
        assert change is None
    else:
        assert (change > 0) is (current > base)
        assert (change == 0) is (current == base)


def test_a_rate_is_a_ratio_of_sums_and_not_a_mean_of_ratios():
    # 1/1 and 0/9: the mean of the rates would be 50 %.
    assert percentage(1 + 0, 1 + 9, 0).value == 10


def test_a_ratio_is_multiplied_before_it_is_divided():
    per_three = indicator(numerator=("a",), denominator=("b",), per=3, target=1)
    reading = read(per_three, "tinh", NOW, {"a": full(1), "b": full(3)})
    assert reading.exact == 1  # (1 ÷ 3) × 3 would be 0,999…
    assert meets(reading) is True


def test_a_rate_keeps_its_numerator_denominator_and_identity():
    reading = percentage(966, 1008, 2)
    assert (reading.numerator, reading.denominator) == (966, 1008)
    assert reading.key == "key@tinh@nd09-2023"
    assert reading.indicator.is_ratio


def test_a_rate_over_nought_has_no_value():
    assert percentage(0, 0, 2).value is None


def test_an_indicator_names_each_measure_it_needs_once():
    rate = indicator(numerator=("a", "b"), denominator=("b", "c"))
    assert rate.measures == ("a", "b", "c")


def test_several_measures_are_added_up():
    both = indicator(numerator=("a", "b"))
    assert read(both, "tinh", NOW, {"a": full(2), "b": full(3)}).value == 5


def test_nobody_having_reported_is_not_nought():
    cases = indicator()
    silent = read(cases, "tinh", NOW, {"cases": Sum(Decimal(0), 0, 12)})
    nought = read(cases, "tinh", NOW, {"cases": Sum(Decimal(0), 12, 12)})
    unasked = read(cases, "tinh", NOW, {})
    assert (silent.value, nought.value, unasked.value) == (None, 0, None)
    assert not silent.is_complete
    assert nought.is_complete


def test_a_reading_is_as_complete_as_its_least_complete_measure():
    rate = indicator(numerator=("part",), denominator=("whole",))
    sums = {"part": Sum(Decimal(5), 7, 9), "whole": Sum(Decimal(9), 9, 9)}
    reading = read(rate, "tinh", NOW, sums)
    assert (reading.returned, reading.owed) == (7, 9)


def test_a_measure_that_does_not_concern_some_units_leaves_a_reading_complete():
    rate = indicator(numerator=("part",), denominator=("whole",))
    sums = {"part": Sum(Decimal(5), 7, 7), "whole": Sum(Decimal(9), 9, 9)}
    assert read(rate, "tinh", NOW, sums).is_complete


@pytest.mark.parametrize(
    ("now", "before", "difference", "percent", "direction"),
    [
        (1008, 1075, -67, "-6.23", -1),
        (5, 0, 5, None, 1),
        (0, 0, 0, None, 0),
        (0, 5, -5, "-100.00", -1),
        (5, 5, 0, "0.00", 0),
        (None, 5, None, None, 0),
        (5, None, None, None, 0),
    ],
)
def test_a_change_without_a_base_has_no_percent(
    now, before, difference, percent, direction
):
    comparison = counted(now, before)
    assert comparison.difference == difference
    found = comparison.percent
    assert (None if found is None else str(rounded(found, 2))) == percent
    assert comparison.direction == direction


def test_rates_differ_by_percentage_points_and_never_by_percent():
    comparison = Comparison(percentage(966, 1008, 2), percentage(9, 10, 2))
    assert comparison.difference == Decimal("5.83")
    assert comparison.percent is None


@pytest.mark.parametrize(
    ("polarity", "now", "good"),
    [
        (Polarity.LOWER, 4, True),
        (Polarity.LOWER, 6, False),
        (Polarity.HIGHER, 4, False),
        (Polarity.HIGHER, 6, True),
        (Polarity.NEUTRAL, 6, None),
        (Polarity.LOWER, 5, None),
    ],
)
def test_a_change_is_good_when_it_goes_the_way_of_the_polarity(polarity, now, good):
    assert counted(now, 5, polarity=polarity).is_good is good


def test_two_windows_of_two_rules_are_not_compared():
    reading, other = (
        Reading(indicator(), "tinh", period, Decimal(1), None, 1, 1)
        for period in (NOW, ASSEMBLY.year(2022))
    )
    with pytest.raises(NotComparable):
        compare(reading, other)


def test_two_indicators_are_never_compared():
    other = Reading(indicator(numerator=("x",)), "tinh", BEFORE, Decimal(1))
    object.__setattr__(other.indicator, "key", "other")
    with pytest.raises(AssertionError):
        compare(Reading(indicator(), "tinh", NOW, Decimal(1)), other)


def test_an_incomplete_side_is_said_beside_the_comparison():
    cases = indicator()
    comparison = compare(
        read(cases, "tinh", NOW, {"cases": Sum(Decimal(9), 207, 209)}),
        read(cases, "tinh", BEFORE, {"cases": full(9, 209)}),
    )
    (note,) = comparison.notes
    assert str(note) == "Số liệu năm 2023 chưa đủ: 207/209 báo cáo."


@pytest.mark.parametrize(
    ("part", "whole", "polarity", "target", "met"),
    [
        (7499, 10000, Polarity.HIGHER, 75, False),  # prints as 75 at no decimals
        (75, 100, Polarity.HIGHER, 75, True),
        (7501, 10000, Polarity.LOWER, 75, False),
        (75, 100, Polarity.LOWER, 75, True),
        (16, 25, Polarity.HIGHER, 70, False),
        (18, 25, Polarity.HIGHER, 70, True),
        (0, 0, Polarity.HIGHER, 70, None),
        (18, 25, Polarity.HIGHER, None, None),
    ],
)
def test_a_target_is_compared_unrounded(part, whole, polarity, target, met):
    reading = percentage(part, whole, 0, polarity=polarity, target=target)
    assert meets(reading) is met


UNITS = ("tinh", "huyen", "xa", "phuong", "cong-ty")
PARENT = {
    "tinh": None,
    "huyen": "tinh",
    "xa": "huyen",
    "phuong": "huyen",
    "cong-ty": "tinh",
}


def chain(unit):
    return [] if unit is None else [unit, *chain(PARENT[unit])]


ANCESTORS = {unit: chain(unit) for unit in UNITS}
cells = st.one_of(
    st.sampled_from([MISSING, NIL, NOT_APPLICABLE]),
    st.integers(0, 1000).map(reported),
)
lists_of_figures = st.lists(
    st.builds(
        Figure,
        st.sampled_from(UNITS),
        st.sampled_from(["cases", "deaths"]),
        st.sampled_from(["nd09-2023", "nd09-2022"]),
        cells,
    ),
    max_size=25,
)


@settings(max_examples=80)
@given(figures=lists_of_figures)
def test_a_parents_total_is_the_sum_of_its_childrens_and_its_own(figures):
    found = totals(figures, ANCESTORS)
    for unit, measure, period in found:
        own = totals(
            [figure for figure in figures if figure.unit == unit], {unit: [unit]}
        )
        children = [child for child in UNITS if PARENT[child] == unit]
        parts = [
            own.get((unit, measure, period)),
            *(found.get((child, measure, period)) for child in children),
        ]
        known = [part for part in parts if part is not None]
        assert found[unit, measure, period] == Sum(
            sum((part.total for part in known), Decimal(0)),
            sum(part.returned for part in known),
            sum(part.owed for part in known),
        )


@settings(max_examples=40)
@given(figures=lists_of_figures, seed=st.randoms())
def test_totals_do_not_depend_on_the_order_of_arrival(figures, seed):
    shuffled = list(figures)
    seed.shuffle(shuffled)
    assert totals(shuffled, ANCESTORS) == totals(figures, ANCESTORS)


def test_the_four_kinds_of_nothing_give_four_totals():
    def total(cell):
        return totals([Figure("xa", "cases", "p", cell)], {"xa": ["xa"]})

    key = ("xa", "cases", "p")
    assert total(reported(0)) == {key: Sum(Decimal(0), 1, 1)}
    assert total(NIL) == {key: Sum(Decimal(0), 1, 1)}
    assert total(MISSING) == {key: Sum(Decimal(0), 0, 1)}
    assert total(NOT_APPLICABLE) == {}


def test_a_target_says_from_which_side_and_at_which_decimals_it_is_reached():
    assert Target(Decimal("75.50"), SOURCE).decimals == 1
    assert Target(Decimal(100), SOURCE).decimals == 0
