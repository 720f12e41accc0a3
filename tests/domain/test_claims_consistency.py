"""Whether a text that contradicts itself is found out, and no other is accused."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongket.domain import wording
from tongket.domain.claims import bases, judge, truncated_bases
from tongket.domain.claims_arithmetic import base_exists
from tongket.domain.claims_consistency import conflicts
from tongket.domain.indicators import change_in_percent, rounded
from tongket.domain.quantities import find

SAMPLE = Path(__file__).parents[2].parent / "shared" / "data" / "claims_sample.jsonl"
needs_sample = pytest.mark.skipif(
    not SAMPLE.exists(), reason="the labelled claims are not at ../shared/data"
)


# numbers of one text that contradict one another, without any figure known
@pytest.mark.parametrize(
    ("text", "why", "soft"),
    [
        ("Khởi tố 14 vụ; ít hơn 6 vụ (12/6 vụ).", "14 vụ không trùng", False),
        ("Làm rõ 48/58 vụ, đạt tỷ lệ 84,48%.", "bằng 82,76%", False),
        ("Làm rõ 48/58 vụ, đạt tỷ lệ 82,77%.", "bằng 82,76%", True),
        ("Tố cáo 124 vụ: 24 vụ đúng, 52 vụ sai, 15 vụ khác và 39 vụ.", "130", False),
        ("Tăng 13 vụ (51/39).", "chênh nhau 12", False),
        ("Số vụ không tăng, không giảm (51/39).", "chênh nhau 12", False),
        ("Xảy ra 996 vụ, giảm 44 vụ (4,53%).", "kỳ gốc 1.040", False),
        ("Xảy ra 996 vụ, giảm 44 vụ (4,22%).", "kỳ gốc 1.040", True),
        ("Giảm 3 vụ (40,9%).", "Không có cặp số nguyên", False),
        ("Giảm 43 vụ (43,87%).", "chỉ hợp nhau khi cắt bớt", True),
        ("Giảm 31 vụ (từ 120 vụ xuống còn 90 vụ).", "là 30, không phải", False),
        ("Có 156 vụ trong 233 vụ trộm cắp, chiếm 76,95%.", "66,95%", False),
        ("Cướp tài sản 55 vụ (giảm 43,87%).", "chỉ khi cắt bớt", True),
        ("Cướp tài sản 5 vụ (giảm 43,87%).", "không có số kỳ gốc", False),
        (
            "A 9 người bị thương, B 32 người bị thương, tổng 29 người bị thương.",
            "được 41",
            False,
        ),
    ],
)
def test_a_text_that_contradicts_itself_is_found(
    text: str, why: str, soft: bool
) -> None:
    (conflict,) = conflicts(find(text))
    assert why in str(conflict.reason)
    assert conflict.soft == soft
    told = judge(text, {}, {})
    marked = [told[at] for at in conflict.claims]
    assert all(each.conflicts for each in marked)
    assert {each.verdict for each in marked} == {"unknown" if soft else "inconsistent"}
    assert all(each.warning == soft for each in marked)


@pytest.mark.parametrize(
    "text",
    [
        "Xảy ra 996 vụ, giảm 44 vụ (-4,23%); 528 người chết, tăng 29 người (+5,81%).",
        "Cướp tài sản 55 vụ (tăng 25%), giết người 12 vụ (giảm 100%).",
        "Tổng số 29.596 vụ, gồm: 26.699 vụ cháy nhà và 2.897 vụ cháy rừng.",
        "Thiệt hại 886 tỷ: A 367 tỷ, B 358 tỷ, C 116 tỷ, D 45 tỷ; tít ghi gần 886 tỷ.",
        "Bắt 88 vụ/229 đối tượng: 43 vụ/86 đối tượng, 45 vụ/143 đối tượng.",
        "Số vụ tăng gần 18% (tương đương tăng 13 vụ), người chết tăng 8,6% (6 người).",
        "Xảy ra hơn 1.500 vụ, giảm khoảng 100 vụ (6%).",
        "Giảm 30 vụ (từ 120 vụ xuống còn 90 vụ), từ 5% lên 7%, tăng 2%.",
        "Có 156 vụ trong 233 vụ trộm cắp, chiếm 66,95%; 5 vụ và 9 vụ, đạt 12%.",
        "Có hơn 156 vụ trong 233 vụ trộm cắp, chiếm 67%; có 5 vụ (khoảng 12%).",
        "Xảy ra 100 vụ, trong đó: 30 vụ trộm, 20 vụ cướp.",
        "Xảy ra 100 vụ, giảm 20 vụ, giảm 3 người chết, tăng 4%.",
        "Xảy ra 14 vụ, 18 bị can, tăng 2 vụ (14/12 vụ); 5/8 vụ được làm rõ.",
        "Giảm 5%, giảm 200 vụ; giảm 2.000 vụ (0,01%); tăng 5 tỷ đồng (3,7%).",
        "Bắt 3 đối tượng, 20 người chết, giảm từ 2 đến 9 người (5%).",
        "Xảy ra 5 vụ; tăng 3 vụ (2%-3%), gần 70% dân số; 2 vụ cướp, giảm 4 vụ.",
        "Tăng 0 vụ (0%); có 200 tấn (giảm 43,87%).",
    ],
)
def test_a_text_that_agrees_with_itself_raises_no_alarm(text: str) -> None:
    assert [str(each.reason) for each in conflicts(find(text)) if not each.soft] == []


# published figures that recompute exactly: (part, whole, decimals, printed)
SHARES = [
    (2437, 2829, "86,14%"), (3043, 3558, "85,53%"), (3753, 5202, "72,15%"),
    (39250, 47062, "83,40%"), (37679, 44353, "84,95%"), (695, 788, "88,2%"),
    (121, 127, "95,3%"), (35, 36, "97,2%"),
]  # fmt: skip
CHANGES = [
    (44353, 1500, "3,50%"), (14977, -2679, "15,17%"), (6857, -772, "10,12%"),
    (11161, -2484, "18,20%"), (633, -702, "52,58%"), (5772, 1141, "24,64%"),
    (7, 4, "133,33%"), (1937, -1195, "38,15%"), (47, -16, "25,40%"),
    (318, 15, "4,95%"), (9398, -3009, "24,25%"), (6246, -3203, "33,90%"),
    (3389, -210, "5,83%"), (194, -165, "45,96%"), (180, -3, "1,6%"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "whole", "printed"), SHARES)
def test_published_shares_recompute(part: int, whole: int, printed: str) -> None:
    text = f"Làm rõ {wording.number(part)}/{wording.number(whole)} vụ, đạt {printed}."
    assert conflicts(find(text)) == ()
    share = Decimal(part) / Decimal(whole) * 100
    assert wording.percent(share, len(printed.split(",")[1]) - 1) == printed


@pytest.mark.parametrize(("current", "difference", "printed"), CHANGES)
def test_published_changes_recompute(
    current: int, difference: int, printed: str
) -> None:
    way = "giảm" if difference < 0 else "tăng"
    size, level = wording.number(abs(difference)), wording.number(current)
    text = f"Xảy ra {level} vụ, {way} {size} vụ ({printed})."
    assert conflicts(find(text)) == ()
    exact = change_in_percent(Decimal(current), Decimal(current - difference))
    assert exact is not None
    assert wording.percent(abs(exact), len(printed.split(",")[1]) - 1) == printed


def test_a_gap_from_a_target_agrees_in_points_and_never_as_a_percent() -> None:
    found = find("Đạt 92,85% (vượt 32,85% so với yêu cầu).")
    assert [each.unit for each in found] == ["%", "điểm %"]
    assert conflicts(found) == ()


@given(
    st.integers(1, 5000), st.integers(0, 5000), st.integers(min_value=0, max_value=3)
)
def test_the_bases_of_a_true_change_contain_the_true_one(
    base: int, current: int, decimals: int
) -> None:
    exact = change_in_percent(Decimal(current), Decimal(base))
    assert exact is not None
    percent = rounded(exact, decimals)
    pairs = bases(Decimal(current - base), percent, decimals)
    if pairs:
        assert (base, current) in pairs
        assert not set(pairs) & set(
            truncated_bases(Decimal(current - base), percent, decimals)
        )
    for one, other in pairs:
        again = change_in_percent(Decimal(other), Decimal(one))
        assert again is not None
        assert rounded(again, decimals) == percent


@pytest.mark.parametrize(
    ("difference", "percent", "decimals"),
    [
        ("-67", "6.23", 2),
        ("0", "0", 0),
        ("1.5", "2", 0),
        ("5", "0", 0),
        ("9999", "1", 0),
    ],
)
def test_no_bases_are_named_where_the_two_numbers_say_nothing(
    difference: str, percent: str, decimals: int
) -> None:
    assert bases(Decimal(difference), Decimal(percent), decimals) == ()


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_a_true_level_and_percent_always_have_a_base(base: int, current: int) -> None:
    exact = change_in_percent(Decimal(current), Decimal(base))
    assert exact is not None
    way = "giảm" if current < base else "tăng"
    share = find(f"Xảy ra 5 vụ, {way} {wording.percent(abs(exact))}.")[1]
    assert base_exists(Decimal(current), share) is not False


@needs_sample
def test_the_contradictions_of_the_labelled_claims_are_found_without_alarms() -> None:
    missed, alarms = [], []
    for line in SAMPLE.read_text("utf-8").splitlines():
        claim: dict[str, Any] = json.loads(line)
        told = conflicts(find(claim["claim_paraphrase"]))
        label = claim["derivable"]
        hard = [each for each in told if not each.soft]
        if label["consistent"] is False and label.get("self_contained") and not told:
            missed.append(claim["id"])
        if label["consistent"] is not False and hard:
            alarms.append(claim["id"])
    assert missed == []
    assert alarms == []
