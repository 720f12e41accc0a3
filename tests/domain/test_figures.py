"""The four kinds of nothing, and what an official meant by the text of a cell."""

import unicodedata
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongket.domain.figures import (
    LARGEST,
    MISSING,
    NIL,
    NOT_APPLICABLE,
    Ambiguous,
    Cell,
    FormulaError,
    Negative,
    NotANumber,
    State,
    TooLarge,
    TooManyDecimals,
    checked,
    read_cell,
    reported,
    shown,
)


def test_the_four_kinds_of_nothing_are_four_different_cells():
    nothings = [reported(0), NIL, MISSING, NOT_APPLICABLE]
    assert len(set(nothings)) == 4
    assert [cell.counted for cell in nothings] == [Decimal(0), Decimal(0), None, None]


@pytest.mark.parametrize("state", [s for s in State if s is not State.REPORTED])
def test_only_a_report_has_a_value(state):
    with pytest.raises(AssertionError):
        Cell(state, Decimal(0))


def test_a_report_without_a_value_is_impossible():
    with pytest.raises(AssertionError):
        Cell(State.REPORTED)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("", MISSING),
        ("  \u00a0", MISSING),
        ("-", NIL),
        ("–", NIL),
        ("—", NIL),
        ("Không phát sinh", NIL),
        ("KPS", NIL),
        (unicodedata.normalize("NFD", "không phát sinh"), NIL),
        ("x", NOT_APPLICABLE),
        ("X", NOT_APPLICABLE),
        ("không thuộc đối tượng", NOT_APPLICABLE),
        ("0", reported(0)),
        ("-0", reported(0)),
        ("007", reported(7)),
        (" 12 ", reported(12)),
        ("1554", reported(1554)),
        ("1.554", reported(1554)),
        ("1 554", reported(1554)),
        ("1\u00a0554", reported(1554)),
        ("1\u202f554", reported(1554)),
        ("12.345.678", reported(12345678)),
        ("5,0", reported(5)),
        ("1.554,00", reported(1554)),
    ],
)
def test_the_text_of_a_cell_is_read_as_an_official_meant_it(text, cell):
    assert read_cell(text) == cell


@pytest.mark.parametrize(
    ("text", "decimals", "value"),
    [
        ("6,23", 2, "6.23"),
        ("6,2", 2, "6.20"),
        ("1.234,5", 1, "1234.5"),
        ("0,125", 3, "0.125"),
        ("1,554", 3, "1.554"),
        ("265,9", 1, "265.9"),
    ],
)
def test_decimals_are_read_after_a_comma_and_kept(text, decimals, value):
    assert str(read_cell(text, decimals).value) == value


@pytest.mark.parametrize(
    ("text", "decimals", "refusal"),
    [
        ("1,554", 0, Ambiguous),
        ("1,000", 0, Ambiguous),  # would be 1 if noughts were dropped
        ("1,500", 1, Ambiguous),
        ("12,345", 2, Ambiguous),
        ("0,125", 2, TooManyDecimals),
        ("1234,567", 2, TooManyDecimals),
        ("6,23", 0, TooManyDecimals),
        ("1.554,25", 1, TooManyDecimals),
        ("-5", 0, Negative),
        ("-1.554", 0, Negative),
        ("0.125", 3, NotANumber),
        ("1.5", 1, NotANumber),
        ("1,554,000", 0, NotANumber),
        ("1.55", 0, NotANumber),
        ("12.3456", 0, NotANumber),
        ("năm vụ", 0, NotANumber),
        ("5 vụ", 0, NotANumber),
        ("1e5", 0, NotANumber),
        ("NaN", 0, NotANumber),
        ("Infinity", 0, NotANumber),
        ("#REF!", 0, FormulaError),
        ("#N/A", 0, FormulaError),
        ("#DIV/0!", 0, FormulaError),
        ("9" * 16, 0, TooLarge),
        ("9" * 40, 0, TooLarge),
    ],
)
def test_the_text_of_a_cell_is_refused_for_what_is_wrong_with_it(
    text, decimals, refusal
):
    with pytest.raises(NotANumber) as refused:
        read_cell(text, decimals)
    assert type(refused.value) is refusal
    assert text in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "năm",
            (
                "“năm” không phải là số; nhập số (ví dụ 1.554 hoặc 6,23), “-” nếu "
                "không phát sinh, “x” nếu không thuộc đối tượng, để trống nếu chưa có "
                "số liệu."
            ),
        ),
        (
            "1,554",
            (
                "“1,554” có thể hiểu hai cách; dùng dấu chấm cho hàng nghìn, dấu phẩy "
                "cho phần thập phân (số này chỉ nhận 0 chữ số thập phân)."
            ),
        ),
        ("#REF!", "Công thức bị lỗi (#REF!); thay bằng con số."),
        ("-5", "“-5” là số âm; số liệu báo cáo không được âm."),
        (
            "6,23",
            "“6,23”: chỉ tiêu này lấy 0 chữ số thập phân; làm tròn trước khi nhập.",
        ),
    ],
)
def test_a_refused_cell_is_told_in_one_sentence_with_the_remedy(text, words):
    with pytest.raises(NotANumber) as refused:
        read_cell(text)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("value", "decimals", "refusal", "said"),
    [
        ("-2.5", 1, Negative, "-2,5"),
        ("2.125", 2, TooManyDecimals, "2,125"),
        ("1E+20", 0, TooLarge, "100.000.000.000.000.000.000"),
    ],
)
def test_a_number_from_a_sheet_is_refused_as_it_would_be_typed(
    value, decimals, refusal, said
):
    with pytest.raises(refusal) as refused:
        checked(Decimal(value), decimals)
    assert f"“{said}”" in str(refused.value)


def test_a_number_from_a_sheet_may_carry_noughts_after_the_point():
    assert checked(Decimal("12.000"), 0) == reported(12)
    assert str(checked(Decimal("1E+3"), 1).value) == "1000.0"


@settings(max_examples=100)
@given(st.data(), st.integers(0, 4))
def test_a_number_typed_as_it_is_shown_is_read_back(data, decimals):
    value = data.draw(
        st.decimals(0, LARGEST - 1, allow_nan=False, places=decimals), label="value"
    )
    assert read_cell(f"{value:f}".replace(".", ","), decimals).value == value
    assert read_cell(shown(value), decimals).value == value


@settings(max_examples=100)
@given(st.text(max_size=12), st.integers(0, 3))
def test_any_text_is_either_read_or_refused(text, decimals):
    cell = MISSING
    with suppress(NotANumber):
        cell = read_cell(text, decimals)
    assert cell.counted is None or 0 <= cell.counted < LARGEST
