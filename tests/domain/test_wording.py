"""How figures are said: numbers, hedges, changes, and templates with gaps."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.comparisons import NOW, REGIME, YEAR, compared, reading

from tongket.domain import wording
from tongket.domain.periods import Frequency
from tongket.domain.reports import Run
from tongket.domain.sentences import Refusals


def text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


@pytest.mark.parametrize(
    ("value", "decimals", "language", "printed"),
    [
        (1008, None, "vi", "1.008"),
        (1008, None, "en", "1,008"),
        (Decimal("95.8333"), 2, "vi", "95,83"),
        (Decimal("95.835"), 2, "en", "95.84"),
        (Decimal("1497360.5"), None, "vi", "1.497.360,5"),
        (Decimal("-0.125"), 2, "vi", "-0,13"),
        (Decimal("1E+3"), None, "vi", "1.000"),
    ],
)
def test_numbers_are_written_as_each_language_writes_them(
    value: Decimal, decimals: int | None, language: str, printed: str
) -> None:
    assert wording.number(value, decimals, language=language) == printed


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "printed"),
    [
        (1008, "vụ", 0, "1.008 vụ"),
        (Decimal(265900), "triệu đồng", 0, "265,9 tỷ đồng"),
        (Decimal(265912), "triệu đồng", 0, "265,91 tỷ đồng"),
        (Decimal(2000), "triệu đồng", 0, "2 tỷ đồng"),
        (Decimal(999), "triệu đồng", 0, "999 triệu đồng"),
        (Decimal(1000), "triệu đồng", 0, "1 tỷ đồng"),
        (Decimal("95.83"), "%", 2, "95,83%"),
        (Decimal("12.5"), "kg", 1, "12,5 kg"),
    ],
)
def test_a_quantity_is_number_and_unit_and_large_money_is_told_in_billions(
    value: Decimal, unit: str, decimals: int, printed: str
) -> None:
    assert wording.quantity(value, unit, decimals) == printed


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        (1008, "vụ", "trên 1 nghìn vụ"),
        (1000, "vụ", "1.000 vụ"),
        (1450, "vụ", "trên 1.400 vụ"),
        (7, "vụ", "7 vụ"),
        (0, "vụ", "0 vụ"),
        (5_230_000, "lượt", "trên 5 triệu lượt"),
        (Decimal(265900), "triệu đồng", "trên 260 tỷ đồng"),
        (Decimal("95.83"), "%", "trên 95%"),
        (Decimal("0.4"), "%", "0%"),
    ],
)
def test_above_names_a_round_number_that_is_honestly_below(
    value: Decimal, unit: str, printed: str
) -> None:
    assert wording.above(value, unit) == printed


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "printed"),
    [
        (Decimal("95.83"), "%", 2, "gần 96%"),
        (Decimal("95.20"), "%", 2, "95,20%"),
        (Decimal("96.00"), "%", 2, "96,00%"),
        (996, "vụ", 0, "gần 1 nghìn vụ"),
        (1000, "vụ", 0, "1.000 vụ"),
        (1395, "vụ", 0, "gần 1.400 vụ"),
        (8, "vụ", 0, "8 vụ"),
    ],
)
def test_near_names_a_round_number_only_when_it_is_close_above(
    value: Decimal, unit: str, decimals: int, printed: str
) -> None:
    assert wording.near(value, unit, decimals) == printed


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "printed"),
    [
        (Decimal(265912), "triệu đồng", 0, "khoảng 265,9 tỷ đồng"),
        (1075, "vụ", 0, "khoảng 1.100 vụ"),
        (1008, "vụ", 0, "khoảng 1 nghìn vụ"),
        (20, "người", 0, "khoảng 20 người"),
        (Decimal("95.83"), "%", 2, "khoảng 96%"),
        (Decimal("1.40"), "%", 2, "khoảng 1,40%"),
        (1_440_000, "viên", 0, "khoảng 1,4 triệu viên"),
    ],
)
def test_about_rounds_within_a_twentieth(
    value: Decimal, unit: str, decimals: int, printed: str
) -> None:
    assert wording.about(value, unit, decimals) == printed


@given(st.integers(min_value=0, max_value=10**8))
def test_hedges_never_say_more_or_less_than_is_true(value: int) -> None:
    from tongket.domain.claims import find

    for hedge in (wording.above, wording.near, wording.about):
        said = hedge(value, "vụ")
        (found,) = find(f"Xảy ra {said}.")
        assert found.value is not None
        if said.startswith("trên"):
            assert found.value < value <= found.value * Decimal("1.1")
        elif said.startswith("gần"):
            assert found.value * Decimal("0.95") <= value < found.value
        elif said.startswith("khoảng"):
            assert abs(found.value - value) <= value * Decimal("0.05")
        else:
            assert found.value == value


@pytest.mark.parametrize(
    ("key", "now", "then", "printed"),
    [
        ("crimes", 1008, 1075, "giảm 67 vụ (6,23%) so với cùng kỳ năm 2022"),
        ("crimes", 1075, 1008, "tăng 67 vụ (6,65%) so với cùng kỳ năm 2022"),
        (
            "crimes", 1008, 1008,
            "không tăng, không giảm so với cùng kỳ năm 2022 (1.008 vụ)",
        ),
        (
            "crimes", 0, 0,
            "không tăng, không giảm so với cùng kỳ năm 2022 (cùng không xảy ra)",
        ),
        ("crimes", 5, 0, "tăng 5 vụ (cùng kỳ năm 2022 không xảy ra)"),
        ("models", 5, 0, "tăng 5 mô hình (cùng kỳ năm 2022 không phát sinh)"),
        (
            "crimes", 5, None,
            "không so sánh được với cùng kỳ năm 2022 (chưa có số liệu)",
        ),
        (
            "clearance", (966, 1008), (1047, 1075),
            "giảm 1,57 điểm phần trăm so với cùng kỳ năm 2022",
        ),
        ("crimes", 100000, 100001, "giảm 1 vụ (0,001%) so với cùng kỳ năm 2022"),
    ],
)  # fmt: skip
def test_a_change_names_its_size_and_its_base(
    key: str, now: object, then: object, printed: str
) -> None:
    assert wording.change(compared(key, now, then)) == printed


def test_a_rate_that_is_no_percentage_changes_in_its_own_unit() -> None:
    from dataclasses import replace

    told = compared("clearance", (5, 1000), (4, 1000))
    unit = {"measure_unit": "vụ/vạn dân"}
    now = replace(told.current, indicator=replace(told.current.indicator, **unit))
    then = replace(told.base, indicator=now.indicator)
    changed = replace(told, current=now, base=then)
    assert wording.change_count(changed) == "tăng 0,10 vụ/vạn dân"


def test_the_base_is_named_by_year_for_the_same_window_and_by_label_else() -> None:
    half = REGIME.period(Frequency.HALF, 2022)
    month = compared("crimes", 5, 6, base=half)
    assert wording.base_words(YEAR["crimes"]) == "so với cùng kỳ năm 2022"
    assert wording.base_words(month) == "so với 6 tháng đầu năm 2022"
    assert wording.base_words(compared("crimes", 1, 1, NOW)) == "so với năm 2023"


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("{crimes:count}", "1.008 vụ"),
        ("{clearance:value}", "95,83%"),
        ("{crimes:above}", "trên 1 nghìn vụ"),
        ("{clearance:near}", "gần 96%"),
        ("{damage:about}", "khoảng 265,9 tỷ đồng"),
        ("{crimes:change_count}", "giảm 67 vụ"),
        ("{crimes:change_percent}", "giảm 6,23%"),
        ("{crimes:base}", "1.075 vụ"),
        ("{clearance:rate:vụ}", "95,83% (966/1.008 vụ)"),
        ("{clearance:rate}", "95,83% (966/1.008)"),
        ("{areas:parts}", "11/11"),
        ("{accidents+deaths+hurt:together}", "giảm cả 3 tiêu chí"),
        (
            "{crimes+models_up:together}",
            "số vụ phạm tội về trật tự xã hội giảm 67 vụ, số mô hình tăng 1 mô hình",
        ),
        ("{crimes:together}", "số vụ phạm tội về trật tự xã hội giảm 67 vụ"),
        ("Tỉnh {province}.", "Tỉnh Bắc Giang."),
    ],
)
def test_each_form_fills_a_gap(template: str, printed: str) -> None:
    figures = {**YEAR, "models_up": compared("models", 13, 12)}
    filled = wording.fill(template, figures, {"province": "Bắc Giang"})
    assert text(filled) == printed


def test_a_run_made_from_a_figure_carries_its_identity() -> None:
    runs = wording.fill(
        "Xảy ra {crimes:count}; TNGT {accidents+deaths:together} {year}.",
        YEAR,
        {"year": "năm 2023"},
    )
    assert runs == (
        Run("Xảy ra "),
        Run("1.008 vụ", "crimes@bac-giang@nd09-2023"),
        Run("; TNGT "),
        Run(
            "giảm cả 2 tiêu chí",
            "accidents@bac-giang@nd09-2023 deaths@bac-giang@nd09-2023",
        ),
        Run(" "),
        Run("năm 2023"),
        Run("."),
    )


@pytest.mark.parametrize(
    ("template", "refusal", "names"),
    [
        ("{unknown:count}", wording.UnknownFigure, "unknown"),
        ("{crimes:loud}", wording.UnknownForm, "loud"),
        ("{place}", wording.UnknownWord, "{place}"),
        ("{models:count}", wording.MissingFigure, "năm 2023"),
        ("{models:change}", wording.MissingFigure, "năm 2023"),
        ("{weak:change_count}", wording.MissingFigure, "năm 2022"),
        ("{clearance:change_percent}", wording.NoBase, "Tỷ lệ điều tra khám phá"),
        ("{crimes:rate}", wording.NoParts, "trật tự xã hội"),
    ],
)
def test_what_cannot_be_filled_is_refused_in_one_sentence_naming_the_gap(
    template: str, refusal: type[Exception], names: str
) -> None:
    with pytest.raises(refusal, match=r"Mẫu câu có ô “\{") as caught:
        wording.fill(template, YEAR, {})
    assert names in str(caught.value)


def test_all_gaps_that_cannot_be_filled_are_refused_at_once() -> None:
    with pytest.raises(Refusals) as caught:
        wording.fill("{one:count} {two} {crimes:count}", YEAR, {})
    assert len(caught.value.refusals) == 2


def test_a_missing_figure_is_said_to_be_missing_and_never_nought() -> None:
    assert wording.reading_value(reading("crimes", None)) == "chưa có số liệu"
    assert wording.parts(reading("clearance", (None, None))) == ""


def test_a_level_change_has_no_number_in_any_form() -> None:
    level = {"crimes": compared("crimes", 7, 7)}
    for form in ("change_count", "change_percent"):
        filled = wording.fill(f"{{crimes:{form}}}", level, {})
        assert text(filled) == "không tăng, không giảm"


def test_numbers_typed_into_a_template_are_found_and_gaps_are_not() -> None:
    template = "Xảy ra {crimes:count}, giảm 67 vụ so với {base} (95,83%)."
    typed = wording.literal_figures(template)
    assert [each.surface for each in typed] == ["giảm 67 vụ", "95,83%"]
    assert template[typed[0].start : typed[0].end] == "giảm 67 vụ"
    assert wording.literal_figures("Căn cứ Nghị định số 09/2019/NĐ-CP, năm 2023") == ()
