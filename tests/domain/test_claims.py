"""Whether every number of a text is judged true or false, and rightly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.comparisons import VOCABULARY, YEAR, compared, indicator, reading

from tongket.domain import claims, wording
from tongket.domain.claims import Judged, judge

REVIEW = (
    "Trong kỳ, tội phạm về trật tự xã hội giảm 6,23% so với năm 2022.\n"
    "Năm 2023, tội phạm về trật tự xã hội xảy ra trên 1 nghìn vụ, làm 20 người chết, "
    "156 người bị thương, thiệt hại khoảng 265,9 tỷ đồng, giảm 67 vụ so với cùng kỳ. "
    "Tỷ lệ điều tra, khám phá các vụ án đạt gần 96%.\n"
    "Tai nạn giao thông giảm cả 3 tiêu chí, không để xảy ra các vụ cháy, nổ đặc biệt "
    "nghiêm trọng, 11/11 địa bàn phức tạp về trật tự xã hội được công nhận.\n"
    "Ngày 12/01, giai đoạn 2023 - 2033, Đề án số 06/CP, trong tháng 01/2024.\n"
    "Mục tiêu giảm 108 đơn vị bị phân loại trung bình yếu; có 5 mục tiêu, 13 tập thể, "
    "cá nhân được tặng Bằng khen của Bộ trưởng; 35 tập thể được khen."
)


def judged(text: str) -> tuple[Judged, ...]:
    return judge(text, YEAR, VOCABULARY)


def verdicts(text: str) -> list[str]:
    return [each.verdict for each in judged(text)]


def test_a_true_review_is_verified_number_by_number() -> None:
    found = judged(REVIEW)
    assert [(each.quantity.surface, each.verdict) for each in found] == [
        ("giảm 6,23%", "verified"),
        ("trên 1 nghìn vụ", "verified"),
        ("20 người chết", "verified"),
        ("156 người bị thương", "verified"),
        ("khoảng 265,9 tỷ đồng", "verified"),
        ("giảm 67 vụ", "verified"),
        ("gần 96%", "verified"),
        ("giảm cả 3 tiêu chí", "verified"),
        ("không để xảy ra các vụ", "verified"),
        ("11/11 địa bàn", "verified"),
        ("giảm 108 đơn vị", "verified"),
        ("5 mục tiêu", "verified"),
        ("13 tập thể", "verified"),
        ("35 tập thể", "verified"),
    ]
    assert found[0].figure == "crimes@bac-giang@nd09-2023"
    assert found[7].indicator == "accidents deaths hurt"
    assert not any(each.warning or each.conflicts for each in found)


@pytest.mark.parametrize("known", [True, False])
def test_a_change_and_its_percent_leave_only_two_bases(known: bool) -> None:
    found = judge(REVIEW, YEAR if known else {}, VOCABULARY)
    derivation, again = (d for each in found for d in each.derivations)
    assert derivation == again
    assert derivation.pairs == ((1075, 1008), (1076, 1009))
    assert derivation.cut == ((1074, 1007),)
    assert [found[at].quantity.surface for at in derivation.claims] == [
        "giảm 67 vụ",
        "giảm 6,23%",
    ]
    assert str(derivation.words) == (
        "“giảm 67 vụ” và “giảm 6,23%” chỉ hợp với: 1.075→1.008, 1.076→1.009; nếu cắt "
        "bớt thay vì làm tròn thì thêm 1.074→1.007."
    )


def test_a_derivation_is_made_without_figures_or_words_of_the_pack() -> None:
    (change, _) = judge("Giảm 40 vụ (9,09%).", {}, {})
    assert change.derivations[0].pairs == ((440, 400),)
    assert "chỉ hợp với: 440→400." in str(change.derivations[0].words)
    (change, _) = judge("Giảm 43 vụ (43,87%).", {}, {})
    assert "chỉ hợp nhau nếu cắt bớt: 98→55." in str(change.derivations[0].words)
    (change, _) = judge("Tăng 67 vụ (6,2%).", {}, {})
    assert " … " in str(change.derivations[0].words)


# (text, likely cause) of numbers that the figures contradict
FALSE = [
    ("Tội phạm về trật tự xã hội xảy ra 1.080 vụ.", "đảo chữ số"),
    ("Tội phạm về trật tự xã hội xảy ra 10.080 vụ.", "sai dấu phẩy"),
    ("Tội phạm về trật tự xã hội xảy ra 1.075 vụ.", "số của kỳ gốc"),
    ("Tội phạm về trật tự xã hội xảy ra 1.009 vụ.", "Kiểm tra lại"),
    ("Tội phạm về trật tự xã hội xảy ra gần 1.000 vụ.", "Kiểm tra lại"),
    ("Tội phạm về trật tự xã hội giảm 6,65%.", "chia cho số kỳ này"),
    ("Tội phạm về trật tự xã hội giảm 62,3%.", "sai dấu phẩy"),
    ("Tội phạm về trật tự xã hội tăng 6,23%.", "ngược chiều"),
    ("Tội phạm về trật tự xã hội giảm 76 vụ.", "đảo chữ số"),
    ("Tội phạm về trật tự xã hội giảm 5-6%.", "Kiểm tra lại"),
    ("Tội phạm về trật tự xã hội không thay đổi.", "Kiểm tra lại"),
    ("Tỷ lệ điều tra khám phá đạt 89,86%.", "mẫu số"),
    ("Tỷ lệ điều tra khám phá đạt 96,5%.", "Kiểm tra lại"),
    ("Có 11/12 địa bàn phức tạp về trật tự xã hội.", "mẫu số hoặc tử số"),
    ("Tỷ lệ điều tra khám phá đạt 95,83% (1.966/1.008 vụ).", "mẫu số hoặc tử số"),
    ("Có 5/7 địa bàn phức tạp về trật tự xã hội.", "Kiểm tra lại"),
    ("Tội phạm về trật tự xã hội là 1.075/1.008 vụ.", "đảo thứ tự"),
    ("Tội phạm về trật tự xã hội thiệt hại khoảng 26,6 tỷ đồng.", "Kiểm tra lại"),
    ("Tai nạn giao thông tăng cả 3 tiêu chí.", "Không đúng với Số vụ"),
    ("Không để xảy ra vụ trộm cắp tài sản.", "Kiểm tra lại"),
]


@pytest.mark.parametrize(("text", "why"), FALSE)
def test_a_false_number_is_contradicted_with_its_likely_cause(
    text: str, why: str
) -> None:
    found = [each for each in judged(text) if each.verdict == "contradicted"]
    assert len(found) == 1
    assert why in str(found[0].reason)


@pytest.mark.parametrize(
    "text",
    [
        "Tội phạm về trật tự xã hội giảm 6,2%.",
        "Tội phạm về trật tự xã hội giảm 6%.",
        "Tội phạm về trật tự xã hội giảm hơn 6%.",
        "Tội phạm về trật tự xã hội bằng 93,77% so với năm 2022.",
        "Tội phạm về trật tự xã hội giảm 67 vụ (1008/1075).",
        "Tội phạm về trật tự xã hội xảy ra 1.008 vụ (cùng kỳ năm 2022 là 1.075 vụ).",
        "Xảy ra 1.008 vụ phạm tội về trật tự xã hội, ít hơn 67 vụ.",
        "Tỷ lệ điều tra khám phá đạt 95,83% (966/1.008 vụ), giảm 0,45%.",
        "Tội phạm về trật tự xã hội làm 20 người chết.",
        "Xảy ra 52 vụ cháy, nổ, thiệt hại khoảng 5,2 tỷ đồng.",
        "Xảy ra 52 vụ cháy, nổ, thiệt hại 5.200 triệu đồng.",
        "Số mô hình tăng gấp đôi; trộm cắp tài sản xảy ra 412 vụ, giảm 8,44%.",
    ],
)
def test_what_is_exact_at_its_precision_is_never_called_false(text: str) -> None:
    told = judged(text)
    assert {each.verdict for each in told} <= {"verified", "unknown"}
    assert "verified" in {each.verdict for each in told}
    assert not any(each.warning for each in told)


def test_points_told_as_a_percent_of_the_base_are_recognised() -> None:
    figures = {"clearance": compared("clearance", (40, 100), (50, 100))}
    (told,) = judge("Tỷ lệ điều tra khám phá giảm 20%.", figures, VOCABULARY)
    assert told.verdict == "contradicted"
    assert "lẫn điểm phần trăm với phần trăm" in str(told.reason)


def test_one_unit_of_the_last_place_is_a_warning_and_two_are_an_error() -> None:
    (soft,) = judged("Tội phạm về trật tự xã hội giảm 6,22%.")
    (hard,) = judged("Tội phạm về trật tự xã hội giảm 6,21%.")
    assert (soft.verdict, soft.warning) == ("verified", True)
    assert "chữ số cuối" in str(soft.reason)
    assert hard.verdict == "contradicted"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Tỉnh xếp thứ 5 cả nước.", "Không xác định được chỉ tiêu"),
        ("Toàn tỉnh có 12 mô hình.", "Chưa có số liệu Số mô hình"),
        ("Số mô hình tăng gấp đôi.", "Chưa có số liệu"),
        ("Mục tiêu giảm 20 vụ trộm cắp tài sản.", "không phải kết quả"),
        ("Trộm cắp tài sản tại huyện Yên Thế xảy ra 50 vụ.", "Không chắc"),
        ("Tội phạm về trật tự xã hội xảy ra 1.008 vụ, ma túy 99 vụ.", "Không chắc"),
        ("Giảm cả 7 tiêu chí về tai nạn giao thông.", "Không xác định"),
        ("Giảm cả 3 tiêu chí.", "Không xác định"),
        ("Tai nạn giao thông vẫn phức tạp. Làm 999 người chết.", "Không chắc"),
        ("Có 7/8 địa bàn đã chuyển hóa.", "11/11"),
    ],
)
def test_what_cannot_be_checked_says_why(text: str, why: str) -> None:
    assert why in str(judged(text)[-1].reason)


def test_a_missing_base_or_missing_figure_leaves_the_claim_unknown() -> None:
    figures = {
        **YEAR,
        "crimes": compared("crimes", 5, None),
        "deaths": compared("deaths", 3, None),
        "areas": compared("areas", (None, None), (1, 2)),
    }
    text = (
        "Tội phạm về trật tự xã hội giảm 6,23%; tội phạm về trật tự xã hội bằng 95% so "
        "với cùng kỳ; tai nạn giao thông giảm cả 3 tiêu chí; 11/11 địa bàn phức tạp về "
        "trật tự xã hội."
    )
    assert {each.verdict for each in judge(text, figures, VOCABULARY)} == {"unknown"}


@pytest.mark.parametrize("then", [0, 9, 99])
def test_several_figures_told_together_are_verified_whichever_way_they_went(
    then: int,
) -> None:
    figures = {
        "accidents": compared("accidents", 9, then),
        "deaths": compared("deaths", 9, then),
        "hurt": compared("hurt", 9, then),
    }
    gap = "Tai nạn giao thông {accidents+deaths+hurt:together}."
    text = "".join(run.text for run in wording.fill(gap, figures, {}))
    assert {each.verdict for each in judge(text, figures, VOCABULARY)} == {"verified"}


def test_a_place_whose_indicators_are_known_is_judged_by_them() -> None:
    figures = {
        "accidents": compared("accidents", 9, 10),
        "deaths": compared("deaths", 9, 7),
    }
    gap = "Kết quả: {accidents+deaths:together}."
    runs = wording.fill(gap, figures, {})
    text = "".join(run.text for run in runs)
    place = claims.Stated(9, len(text) - 1, ("accidents", "deaths"))
    found = judge(text, figures, {}, [place])
    assert [each.verdict for each in found] == ["verified", "verified"]
    (wrong,) = judge("Kết quả: giảm 3 vụ", figures, {}, [place])
    assert wrong.verdict == "contradicted"


def test_three_criteria_are_the_three_of_the_toll_when_the_block_counts_more() -> None:
    figures = dict(YEAR)
    extra = compared("models", 5, 6)
    from dataclasses import replace

    other = replace(indicator("models"), block="Tai nạn giao thông")
    figures["models"] = replace(
        extra,
        current=replace(extra.current, indicator=other),
        base=replace(extra.base, indicator=other),
    )
    (told,) = judge("Tai nạn giao thông giảm cả 3 tiêu chí.", figures, VOCABULARY)
    assert told.indicator == "accidents deaths hurt"
    assert told.verdict == "verified"


def test_a_conflict_that_the_figures_decide_accuses_only_the_false_claim() -> None:
    text = "Tội phạm về trật tự xã hội xảy ra 1.008 vụ, giảm 67 vụ (7,23%)."
    level, change, share = judged(text)
    assert [level.verdict, change.verdict, share.verdict] == [
        "verified",
        "verified",
        "contradicted",
    ]
    assert share.conflicts == (0, 1)


COUNTS = st.integers(min_value=0, max_value=200_000)


@given(COUNTS, COUNTS)
def test_what_wording_prints_is_read_back_and_verified(now: int, then: int) -> None:
    figures = {**YEAR, "crimes": compared("crimes", now, then)}
    runs = wording.fill(
        "Xảy ra {crimes:count} phạm tội về trật tự xã hội, {crimes:change}.",
        figures,
        {},
    )
    text = "".join(run.text for run in runs)
    found = judge(text, figures, VOCABULARY)
    assert {each.verdict for each in found} == {"verified"}
    assert (found[0].quantity.value, found[0].quantity.unit) == (now, "vụ")
    ways = {-1: "down", 0: "same", 1: "up"}
    change = found[1].quantity
    assert change.direction == ways[figures["crimes"].direction]
    assert change.value == abs(now - then)


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(1, 5000))
def test_a_rate_that_wording_prints_is_verified(
    part: int, whole: int, then: int
) -> None:
    rate = (min(part, whole), whole)
    figures = {**YEAR, "clearance": compared("clearance", rate, (1, then))}
    template = (
        "Tỷ lệ điều tra khám phá đạt {clearance:rate:vụ}, {clearance:change}; tỷ lệ "
        "điều tra khám phá {clearance:near}."
    )
    text = "".join(run.text for run in wording.fill(template, figures, {}))
    assert {each.verdict for each in judge(text, figures, VOCABULARY)} == {"verified"}


@given(COUNTS, st.sampled_from(["above", "near", "about", "count"]))
def test_every_hedge_that_wording_prints_is_verified(now: int, form: str) -> None:
    figures = {**YEAR, "crimes": compared("crimes", now, 1075)}
    template = f"Tội phạm về trật tự xã hội xảy ra {{crimes:{form}}}."
    text = "".join(run.text for run in wording.fill(template, figures, {}))
    assert {each.verdict for each in judge(text, figures, VOCABULARY)} == {"verified"}


@given(COUNTS, COUNTS, st.integers(min_value=1, max_value=500), st.booleans())
def test_a_figure_changed_after_the_sentence_was_written_contradicts_it(
    now: int, then: int, by: int, up: bool
) -> None:
    told = {**YEAR, "crimes": compared("crimes", now, then)}
    changed = now + by if up or now < by else now - by
    figures = {**YEAR, "crimes": compared("crimes", changed, then)}
    template = (
        "Tội phạm về trật tự xã hội xảy ra {crimes:count}, {crimes:change_count}."
    )
    text = "".join(run.text for run in wording.fill(template, told, {}))
    found = judge(text, figures, VOCABULARY)
    assert [each.verdict for each in found] == ["contradicted", "contradicted"]


def test_the_figure_of_a_claim_is_that_of_its_reading() -> None:
    (told,) = judged("Tội phạm về trật tự xã hội xảy ra 1.008 vụ.")
    assert told.figure == reading("crimes", 1008).key
    assert told.indicator == "crimes"
    assert "Khớp với Số vụ phạm tội" in str(told.reason)


def test_a_quantity_has_the_fields_of_a_labelled_claim() -> None:
    (found,) = claims.find("Có 5 vụ.")
    assert claims.as_json(found)["surface"] == "5 vụ"
