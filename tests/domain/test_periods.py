"""Windows are made by a rule; they tile, compare within one rule, and have names."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongket.domain.periods import (
    RECURRING,
    Frequency,
    NoSuchPeriod,
    NotComparable,
    NoWindow,
    Regime,
    comparison_notes,
    months_after,
    parse,
)
from tongket.domain.sources import Source

MONTH, QUARTER, HALF, NINE, YEAR = (
    Frequency.MONTH,
    Frequency.QUARTER,
    Frequency.HALF,
    Frequency.NINE_MONTHS,
    Frequency.YEAR,
)


def rule(key, month, day, year_offset, frequencies=frozenset(Frequency)):
    source = Source("09/2019/NĐ-CP", "Điều 12")
    return Regime(key, key, month, day, year_offset, frequencies, source)


DECREE = rule("nd09", 12, 15, -1)
RULES = {
    regime.key: regime
    for regime in (
        DECREE,
        rule("quoc-hoi", 10, 1, -1),
        rule("khu-dan-cu", 11, 1, -1),
        rule("cong-nhan-xa", 11, 16, -1),
        rule("to-bao-ve", 11, 15, -1),
        rule("ttlt05", 12, 1, -1),
        rule("duong-lich", 1, 1, 0),
    )
}
regimes = st.sampled_from(list(RULES.values()))
years = st.integers(1950, 2150)


@st.composite
def periods(draw):
    frequency = draw(st.sampled_from(sorted(RECURRING)))
    number = draw(st.integers(1, frequency.in_a_year))
    return draw(regimes).period(frequency, draw(years), number)


@pytest.mark.parametrize(
    ("frequency", "year", "number", "window", "days"),
    [
        (YEAR, 2023, 1, "15/12/2022–14/12/2023", 365),
        (YEAR, 2024, 1, "15/12/2023–14/12/2024", 366),
        (HALF, 2023, 1, "15/12/2022–14/06/2023", 182),
        (HALF, 2024, 1, "15/12/2023–14/06/2024", 183),
        (HALF, 2023, 2, "15/06/2023–14/12/2023", 183),
        (QUARTER, 2023, 1, "15/12/2022–14/03/2023", 90),
        (QUARTER, 2024, 1, "15/12/2023–14/03/2024", 91),
        (QUARTER, 2023, 2, "15/03/2023–14/06/2023", 92),
        (QUARTER, 2023, 3, "15/06/2023–14/09/2023", 92),
        (QUARTER, 2023, 4, "15/09/2023–14/12/2023", 91),
        (MONTH, 2024, 1, "15/12/2023–14/01/2024", 31),
        (MONTH, 2023, 3, "15/02/2023–14/03/2023", 28),
        (MONTH, 2024, 3, "15/02/2024–14/03/2024", 29),
        (MONTH, 2021, 9, "15/08/2021–14/09/2021", 31),
        (NINE, 2023, 1, "15/12/2022–14/09/2023", 274),
    ],
)
def test_a_window_of_decree_09_has_the_computed_days(
    frequency, year, number, window, days
):
    period = DECREE.period(frequency, year, number)
    assert (period.window, period.days) == (window, days)


@pytest.mark.parametrize(
    ("key", "window"),
    [
        ("nd09", "15/12/2022–14/12/2023"),
        ("quoc-hoi", "01/10/2022–30/09/2023"),
        ("khu-dan-cu", "01/11/2022–31/10/2023"),
        ("cong-nhan-xa", "16/11/2022–15/11/2023"),
        ("to-bao-ve", "15/11/2022–14/11/2023"),
        ("ttlt05", "01/12/2022–30/11/2023"),
        ("duong-lich", "01/01/2023–31/12/2023"),
    ],
)
def test_every_year_in_use_is_a_window_rule(key, window):
    assert RULES[key].year(2023).window == window


@pytest.mark.parametrize(
    ("key", "label", "english"),
    [
        ("nd09-2023", "năm 2023", "2023"),
        ("nd09-2023-n9", "9 tháng năm 2023", "nine months of 2023"),
        ("nd09-2023-h1", "6 tháng đầu năm 2023", "first half of 2023"),
        ("nd09-2023-h2", "6 tháng cuối năm 2023", "second half of 2023"),
        ("nd09-2023-q4", "quý IV/2023", "Q4 2023"),
        ("nd09-2023-m01", "tháng 01/2023", "month 01/2023"),
    ],
)
def test_a_period_bears_the_name_that_an_official_uses(key, label, english):
    period = parse(key, RULES)
    assert (period.label, period.english) == (label, english)
    assert period.key == key
    assert str(period) == f"{label} ({period.window})"


@settings(max_examples=60)
@given(regime=regimes, year=years)
def test_months_tile_quarters_quarters_halves_and_halves_the_year(regime, year):
    for outer, inner in [(QUARTER, MONTH), (HALF, QUARTER), (YEAR, HALF)]:
        for period in regime.windows(outer, year):
            parts = regime.parts(period, inner)
            assert parts[0].start == period.start
            assert parts[-1].end == period.end
            assert all(
                later.start - earlier.end == dt.timedelta(days=1)
                for earlier, later in pairwise(parts)
            )


@settings(max_examples=60)
@given(regime=regimes, year=years)
def test_one_year_of_a_rule_begins_the_day_after_the_one_before(regime, year):
    before, after = regime.year(year), regime.year(year + 1)
    assert after.start - before.end == dt.timedelta(days=1)
    assert regime.previous(after) == before


@settings(max_examples=60)
@given(period=periods())
def test_the_same_period_and_forward_again_is_where_one_started(period):
    regime = RULES[period.regime]
    base = regime.same_period(period)
    assert regime.period(base.frequency, base.year + 1, base.number) == period
    assert abs(period.days - base.days) <= 1
    assert list(comparison_notes(period, base)) == []


@settings(max_examples=60)
@given(period=periods())
def test_a_period_is_read_back_from_its_key(period):
    assert parse(period.key, RULES) == period


@settings(max_examples=60)
@given(
    regime=regimes,
    day=st.dates(dt.date(1960, 1, 1), dt.date(2140, 1, 1)),
    frequency=st.sampled_from([MONTH, QUARTER, HALF, YEAR]),
)
def test_every_day_lies_in_one_window_of_each_length(regime, day, frequency):
    found = regime.containing(day, frequency)
    assert day in found
    assert found.start - dt.timedelta(days=1) in regime.previous(found)


def test_the_period_before_nine_months_is_that_of_the_year_before():
    nine = DECREE.period(NINE, 2023)
    assert DECREE.previous(nine) == DECREE.period(NINE, 2022)


def test_the_month_before_january_is_december_of_the_year_before():
    january = DECREE.period(MONTH, 2024, 1)
    assert DECREE.previous(january) == DECREE.period(MONTH, 2023, 12)


def test_a_day_in_the_last_quarter_lies_in_no_nine_months():
    with pytest.raises(NoWindow) as refused:
        DECREE.containing(dt.date(2023, 10, 20), NINE)
    assert str(refused.value) == (
        "Chế độ nd09: ngày 20/10/2023 không thuộc kỳ 9 tháng nào; chọn độ dài kỳ khác."
    )


@pytest.mark.parametrize(
    "key",
    [
        "2023",
        "nd10-2023",
        "nd09-23",
        "nd09-2023-m13",
        "nd09-2023-m0",
        "nd09-2023-q5",
        "nd09-2023-h3",
        "nd09-2023-n1",
        "nd09-2023-y1",
        "nd09-2023-m",
        "nd09-1899",
        "nd09-2201",
        "nd09-2023-m01x",
        "",
    ],
)
def test_a_key_that_names_no_window_is_refused_with_an_example(key):
    with pytest.raises(NoSuchPeriod, match=r"nd09-2023"):
        parse(key, RULES)


def test_the_refusal_names_the_key_and_how_to_write_one():
    with pytest.raises(NoSuchPeriod) as refused:
        parse("2023", RULES)
    assert str(refused.value) == (
        "Không có kỳ báo cáo “2023”; viết theo mẫu nd09-2023 (năm, tháng, quý, 6 "
        "tháng, 9 tháng)."
    )


def test_a_length_that_the_rule_does_not_have_is_refused():
    yearly = rule("khu-dan-cu", 11, 1, -1, frozenset({YEAR}))
    assert yearly.year(2023).days == 365
    with pytest.raises(NoSuchPeriod, match="khu-dan-cu-2023-m1"):
        yearly.period(MONTH, 2023, 1)


@pytest.mark.parametrize(
    "base", [RULES["quoc-hoi"].year(2022), DECREE.period(HALF, 2023, 1)], ids=str
)
def test_windows_of_two_rules_or_two_lengths_are_not_compared(base):
    # Refused at once, not when somebody first looks at the notes.
    with pytest.raises(NotComparable) as refused:
        comparison_notes(DECREE.year(2023), base)
    assert "hai kỳ theo hai quy tắc khác nhau" in str(refused.value)


def test_the_first_quarters_of_90_and_91_days_compare_without_a_note():
    shorter, longer = DECREE.period(QUARTER, 2023, 1), DECREE.period(QUARTER, 2024, 1)
    assert (shorter.days, longer.days) == (90, 91)
    assert list(comparison_notes(longer, shorter)) == []


def test_months_of_28_and_31_days_compare_with_a_note():
    march = DECREE.period(MONTH, 2023, 3)
    (note,) = comparison_notes(march, DECREE.previous(march))
    assert str(note) == "Hai kỳ dài khác nhau: 28 ngày và 31 ngày."


def test_a_rule_that_starts_on_a_day_some_months_lack_is_impossible():
    with pytest.raises(AssertionError):
        months_after(dt.date(2023, 1, 31), 1)


DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))


@given(DAYS, st.integers(0, 90), st.integers(1, 30))
def test_a_call_is_read_back_from_its_key(end, days, wait):
    start, due = end - dt.timedelta(days), end + dt.timedelta(wait)
    call = DECREE.call(start, end, due)
    assert parse(call.key, RULES) == call
    assert (call.start, call.end, call.due) == (start, end, due)
    assert call.end in DECREE.year(call.year)


@given(DAYS, st.integers(0, 90))
def test_a_call_a_year_earlier_ends_in_the_year_before(end, days):
    call = DECREE.call(end - dt.timedelta(days), end, end + dt.timedelta(3))
    before = DECREE.same_period(call)
    assert parse(before.key, RULES) == before
    assert before.year == call.year - 1
    assert DECREE.previous(call) == before


def test_a_call_is_named_by_its_cut_off_in_both_languages():
    call = DECREE.call(dt.date(2024, 1, 1), dt.date(2024, 1, 20), dt.date(2024, 1, 24))
    assert str(call) == "đợt chốt ngày 20/01/2024 (01/01/2024–20/01/2024)"
    assert call.english == "call up to 20/01/2024"
    assert DECREE.parts(call, MONTH) == ()


@pytest.mark.parametrize(
    "key",
    [
        "nd09-2024-c20240101-20240120-20240120",  # due on the cut-off
        "nd09-2024-c20240121-20240120-20240124",  # ends before it begins
        "nd09-2023-c20240101-20240120-20240124",  # of another year
        "nd09-2024-c20240101-20240132-20240124",  # no such day
        "nd10-2024-c20240101-20240120-20240124",  # no such rule
    ],
)
def test_a_key_that_is_no_call_is_refused(key):
    with pytest.raises(NoSuchPeriod):
        parse(key, RULES)


def test_no_rule_gives_a_window_for_a_call():
    assert DECREE.windows(Frequency.CALL, 2024) == ()
    with pytest.raises(NoSuchPeriod):
        DECREE.period(Frequency.CALL, 2024)
