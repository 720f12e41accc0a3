"""How figures are said in English, beside the Vietnamese."""

from decimal import Decimal

import pytest
from tests.domain.comparisons import NOW, REGIME, compared, reading

from tongket.domain import english, wording
from tongket.domain.english import MeasureUnit
from tongket.domain.periods import Frequency

UNITS = {
    "vụ": MeasureUnit("case", "cases"),
    "triệu đồng": MeasureUnit("million VND", "million VND"),
    "tỷ đồng": MeasureUnit("billion VND", "billion VND"),
}


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "printed"),
    [
        (1008, "vụ", 0, "1,008 cases"),
        (1, "vụ", 0, "1 case"),
        (0, "vụ", 0, "0 cases"),
        (Decimal("1.5"), "vụ", 1, "1.5 cases"),
        (Decimal(265900), "triệu đồng", 0, "265.9 billion VND"),
        (Decimal(12), "triệu đồng", 0, "12 million VND"),
        (Decimal("95.83"), "%", 2, "95.83%"),
    ],
)
def test_a_quantity_has_the_word_that_goes_with_its_number(
    value: Decimal, unit: str, decimals: int, printed: str
) -> None:
    assert english.quantity(value, unit, decimals, units=UNITS) == printed


@pytest.mark.parametrize(
    ("key", "now", "then", "alone", "said"),
    [
        ("crimes", 1008, 1075, "down 67 cases (6.23%)", " on the same period of 2022"),
        ("crimes", 12, 10, "up 2 cases (20.00%)", " on the same period of 2022"),
        ("crimes", 3, 0, "up 3 cases", " (none in the same period of 2022)"),
        ("crimes", 7, 7, "no change", " on the same period of 2022 (7 cases)"),
        ("crimes", 0, 0, "no change", " on the same period of 2022 (none in either)"),
        (
            "clearance",
            (966, 1008),
            (1035, 1075),
            "down 0.45 percentage points",
            " on the same period of 2022",
        ),
        (
            "damage",
            265900,
            301000,
            "down 35.1 billion VND (11.66%)",
            " on the same period of 2022",
        ),
    ],
)
def test_a_change_is_told_with_its_base_or_alone(
    key: str, now: object, then: object, alone: str, said: str
) -> None:
    comparison = compared(key, now, then)
    assert english.change_alone(comparison, units=UNITS) == alone
    assert english.change(comparison, units=UNITS) == alone + said


def test_what_cannot_be_compared_says_so() -> None:
    comparison = compared("crimes", 10, None)
    told = "not comparable with the same period of 2022 (no figures)"
    assert english.change(comparison, units=UNITS) == told


def test_another_window_is_named_as_the_base() -> None:
    december = REGIME.period(Frequency.MONTH, 2023, 12)
    comparison = compared("crimes", 12, 10, december)
    assert english.change(comparison, units=UNITS).endswith(" on month 12/2023")


def test_a_reading_says_its_value_and_its_parts() -> None:
    rate = reading("clearance", (966, 1008), NOW)
    assert english.reading_value(rate, units=UNITS) == "95.83%"
    assert english.parts(rate) == "966/1,008"
    assert english.reading_value(reading("crimes", None), units=UNITS) == "no figures"


def test_a_change_is_as_large_in_both_languages() -> None:
    comparison = compared("crimes", 1008, 1075)
    assert wording.change_alone(comparison) == "giảm 67 vụ (6,23%)"
    assert wording.change_alone(compared("crimes", 3, 0)) == "tăng 3 vụ"
    assert wording.change_alone(compared("crimes", 3, 3)) == "không tăng, không giảm"
