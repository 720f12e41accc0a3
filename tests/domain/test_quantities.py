"""Which quantities a text states, and which of its numbers are none."""

import json
import sys
import time
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.comparisons import VOCABULARY, YEAR

from tongket.domain.claims import judge
from tongket.domain.quantities import Quantity, as_json, find

SAMPLE = Path(__file__).parents[2].parent / "shared" / "data" / "claims_sample.jsonl"
FLOOR = 0.97
needs_sample = pytest.mark.skipif(
    not SAMPLE.exists(), reason="the labelled claims are not at ../shared/data"
)


def told(text: str) -> list[tuple[Any, ...]]:
    return [
        (None if q.value is None else float(q.value), q.unit, q.kind, q.direction)
        for q in find(text)
    ]


def only(text: str) -> Quantity:
    (found,) = find(text)
    return found


@pytest.mark.parametrize(
    ("text", "value", "unit", "kind", "direction"),
    [
        ("Xảy ra 3.954 vụ.", 3954, "vụ", "count", None),
        ("Có 1.497.360 người.", 1497360, "người", "count", None),
        ("Xảy ra 4829 vụ cháy.", 4829, "vụ", "count", None),
        ("Số vụ giảm 88 vụ.", 88, "vụ", "change_abs", "down"),
        ("Tăng thêm 05 vụ.", 5, "vụ", "change_abs", "up"),
        ("Giảm 1,193 vụ.", 1193, "vụ", "change_abs", "down"),
        ("Ít hơn 03 vụ.", 3, "vụ", "change_abs", "down"),
        ("Nhiều hơn 333 vụ.", 333, "vụ", "change_abs", "up"),
        ("Tội phạm giảm 19,19%.", 19.19, "%", "change_pct", "down"),
        ("Số vụ tăng 08%.", 8, "%", "change_pct", "up"),
        ("Tội phạm (-6.01%).", 6.01, "%", "change_pct", "down"),
        ("Hộ nghèo chiếm 22,4 %.", 22.4, "%", "percent", None),
        ("Có 90 phần trăm hộ.", 90, "%", "percent", None),
        ("Kết quả đạt 78,35.", 78.35, "%", "percent", None),
        ("Bằng 42% so với năm 2022.", 42, "%", "percent", "down"),
        ("Số thu bằng 142% so với năm 2022.", 142, "%", "percent", "up"),
        ("Tỷ lệ 15, 57%.", 15.57, "%", "percent", None),
        ("Tỷ lệ khám phá giảm 1,54%.", 1.54, "điểm %", "change_abs", "down"),
        ("Tăng 2,5 điểm phần trăm.", 2.5, "điểm %", "change_abs", "up"),
        ("Tăng 2,5 điểm %.", 2.5, "điểm %", "change_abs", "up"),
        ("Vượt 11,99% kế hoạch.", 11.99, "điểm %", "change_abs", "up"),
        ("Vượt tiến độ 11,99%.", 11.99, "điểm %", "change_abs", "up"),
        ("Thiệt hại 319,613 tỷ.", 319.613, "tỷ đồng", "money", None),
        ("Vốn 39,1 nghìn tỷ đồng.", 39100, "tỷ đồng", "money", None),
        ("Nộp 1,5 triệu đồng.", 1.5, "triệu đồng", "money", None),
        ("Phạt 3.200.000đ.", 3200000, "đồng", "money", None),
        ("Xuất khẩu 81,09 tỉ USD.", 81.09, "tỷ USD", "money", None),
        ("Thu 1,47 triệu viên.", 1470000, "viên", "count", None),
        ("Xử lý 111,9 ngàn trường hợp.", 111900, "trường hợp", "count", None),
        ("Thu 374,925g heroin.", 374.925, "g", "count", None),
        ("Đường dài 115,56km.", 115.56, "km", "count", None),
        ("Dân số 7 tỷ người.", 7e9, "người", "count", None),
        ("Triệt phá năm băng nhóm.", 5, "băng nhóm", "count", None),
        ("Thu hai tấn pháo.", 2, "tấn", "count", None),
        ("Giảm chín vụ.", 9, "vụ", "change_abs", "down"),
        ("Tăng mười hai vụ.", 12, "vụ", "change_abs", "up"),
        ("Giảm một vụ.", 1, "vụ", "change_abs", "down"),
        ("Giảm hai mươi lăm vụ.", 25, "vụ", "change_abs", "down"),
        ("Giảm hai mươi vụ.", 20, "vụ", "change_abs", "down"),
        ("Số ca gấp 3,4 lần.", 3.4, "lần", "ratio", "up"),
        ("Số ca tăng 4,8 lần.", 4.8, "lần", "ratio", "up"),
        ("Số ca tăng gấp rưỡi.", 1.5, "lần", "ratio", "up"),
        ("Số ca gấp ba lần.", 3, "lần", "ratio", "up"),
        ("Xếp thứ 15 thế giới.", 15, "hạng", "rank", None),
        ("Tỉnh xếp hạng 12/63.", 12, "hạng", "rank", None),
        ("Tỉnh đứng đầu.", 1, "hạng", "rank", None),
        ("Giành á quân.", 2, "hạng", "rank", None),
        ("Giảm hai bậc.", 2, "bậc", "change_abs", "down"),
        ("Giảm cả 3 tiêu chí.", 3, "tiêu chí", "change_abs", "down"),
        ("Số vụ không thay đổi.", 0, "vụ", "change_abs", "same"),
        ("Số vụ giữ nguyên.", 0, "vụ", "change_abs", "same"),
        ("Số vụ tương đương cùng kỳ.", 0, "vụ", "change_abs", "same"),
        ("Số ca tương đương so với tuần trước.", 0, "ca", "change_abs", "same"),
        ("Không để xảy ra vụ cháy nào.", 0, "vụ", "count", None),
        ("Không xảy ra các vụ nổ.", 0, "vụ", "count", None),
        ("Phấn đấu giảm 5% số vụ.", 5, "%", "date-free", "down"),
        ("Chuyển hóa ít nhất 60% địa bàn.", 60, "%", "date-free", None),
        ("Trung bình mỗi năm 185 vụ.", 185, "vụ", "date-free", None),
        ("Vốn bình quân 9,8 tỷ đồng.", 9.8, "tỷ đồng", "date-free", None),
        ("Có 27,5 người chết một ngày.", 27.5, "người", "date-free", None),
        ("Mức dưới 7.000 người/năm.", 7000, "người/năm", "count", None),
        ("Khách vượt 18 triệu lượt.", 18000000, "lượt", "count", None),
        ("Giao 5 vụ án cho huyện.", 5, "vụ", "count", None),
        ("Xây dựng 12 chuyên khảo.", 12, "chuyên", "count", None),
    ],
)
def test_a_number_is_read_with_its_unit_kind_and_direction(
    text: str, value: float, unit: str, kind: str, direction: str | None
) -> None:
    assert told(text) == [(value, unit, kind, direction)]


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("gần 96%", "approx_below"),
        ("chưa đến 2%", "approx_below"),
        ("dưới 7.000 vụ", "approx_below"),
        ("trên 1 nghìn vụ", "approx_above"),
        ("hơn 3.800 vụ", "approx_above"),
        ("khoảng 265,9 tỷ đồng", "about"),
        ("ước khoảng 10 tỷ đồng", "about"),
        ("xấp xỉ 30%", "about"),
        ("96%", None),
    ],
)
def test_a_hedge_belongs_to_the_number(text: str, hedge: str | None) -> None:
    assert only(f"Kết quả {text}.").hedge == hedge


@pytest.mark.parametrize(
    "text",
    [
        "Nghị định số 94/2016/NĐ-CP ngày 15/12/2021.",
        "Báo cáo số 331/BC-TCTK; 9745/QĐ-BCA-V05; Điều 150; Đề án số 06/CP.",
        "Ban Chỉ đạo 138/389/09, Ban Chỉ đạo 389, PC08, C03, Vụ 5.",
        "Đề án 06 và Đề án 6 của Chính phủ.",
        "Từ 15/12/2021-14/11/2022, tháng 2.2022, ngày 24.5, 29.12.2022.",
        "Chiều 12/01, trong tháng 01/2024, giai đoạn 2016-2020, 2023 - 2033.",
        "Khoảng 2h10 tại Km 43 quốc lộ 1A, xe 14H-098.02, lúc 8h40, 10:30.",
        "Ngày 10-11 đến 10-12; lễ 30/4, 1/5; tuần 26-28, tuần 29 và 30.",
        "Ông A, 35 tuổi (SN 1981), học sinh khối lớp 7,8,9; từ 6 đến 14 tuổi.",
        "Mô hình “5 giúp 1”, năm thứ 5 liên tiếp, Top 5, bão số 5, phường 12.",
        "SĐT 0912345678, CCCD có 12 số, mã 0123.",
        "Trong 05 ngày, 6 tháng đầu năm, năm năm qua, hai tháng cao điểm.",
        "Năm 2023 và 2024; PCI 2023: kết quả; sinh 1990.",
        "Người đứng đầu cấp ủy (0 Bình chọn); một doanh nghiệp; hai cấp.",
        "Tăng cường phối hợp, không để bị động; không tăng cường; gấp rút.",
        "Đạt hạng thứ nhất, thế kỷ 21, 20 thế kỷ, 1.2.3.4; 12,3,4.",
        "Giữ vững ổn định; tương tự; cứ như vậy; cứ thế.",
        "Số liệu 12,5 và 7; tháng 5 và 6 năm ngoái; COVID-19; G7.",
        "Từ 9-5 trở đi; mức 5-3 vụ là không đúng.",
    ],
)
def test_a_number_that_is_no_statistic_is_left_alone(text: str) -> None:
    assert [each.surface for each in find(text)] == []


def test_one_verb_governs_several_figures() -> None:
    text = "Giảm 255 vụ, 82 người chết và 59 người bị thương so với năm 2022."
    assert [each[3] for each in told(text)] == ["down"] * 3
    shares = "Tăng 7,69% số vụ, 2,94% số người chết và 31,11% số người bị thương."
    assert [each[2:] for each in told(shares)] == [("change_pct", "up")] * 3


def test_a_level_with_a_change_of_its_own_is_not_governed_by_the_verb_before() -> None:
    text = "Giảm 44 vụ, 528 người chết, tăng 29 người."
    assert [each[3] for each in told(text)] == ["down", None, "up"]
    assert [each[3] for each in told("Giảm 44 vụ; 528 người chết.")] == ["down", None]
    assert [each[3] for each in told("Giảm 4 vụ, bắt 5 người.")] == ["down", None]


@pytest.mark.parametrize(
    "link",
    ["(6,23%)", "(tương ứng 6,23%)", ", tương đương 6,23%", "= 6,23%", "hay 6,23%"],
)
def test_a_percent_that_restates_a_change_takes_its_direction(link: str) -> None:
    found = find(f"Xảy ra 1.008 vụ, giảm 67 vụ {link}.")
    assert (found[-1].kind, found[-1].direction) == ("change_pct", "down")


def test_a_percent_of_its_own_behind_a_change_stays_a_share() -> None:
    assert told("Giảm 67 vụ, khám phá đạt 95,83%.")[1][2] == "percent"
    assert told("Giảm 4,5 điểm phần trăm (12%).")[1][2] == "percent"
    assert told("Số vụ không thay đổi (12%).")[1][2] == "percent"
    many = "Giảm 67 vụ so với cùng kỳ năm trước và tháng trước đó (12%)."
    assert told(many)[1][2] == "percent"


def test_a_gap_between_rates_is_in_points() -> None:
    assert told("Đạt 82,1%, tăng 0,6%.")[1] == (0.6, "điểm %", "change_abs", "up")
    assert told("Đạt 82,1% (+0,6%).")[1][1] == "điểm %"
    assert told("Đạt 82,1% (12/15 vụ), tăng 0,6%.")[2][1] == "điểm %"
    assert told("Đạt 81,05%, số vụ giảm 0,21%.")[1][1] == "%"
    assert told("Giảm 154 vụ, tỷ lệ giảm 28,79%.")[1][1] == "%"
    assert told("Tỷ lệ giảm 1,8%, 2%.")[1][1] == "điểm %"


@pytest.mark.parametrize(
    ("text", "semantics", "value"),
    [
        ("Làm rõ 121/127 vụ.", "part/whole", 0.952756),
        ("Tăng 13 vụ (51/38).", "current/previous", None),
        ("Xảy ra 180/183 vụ, giảm 3 vụ.", "current/previous", None),
        ("Số vụ không tăng, không giảm (5/5).", "current/previous", None),
        ("Ít hơn 6 vụ (12/6 vụ).", "previous/current?", None),
        ("Số vụ không thay đổi, 11/11 địa bàn đạt.", "part/whole", 1),
        ("Phát hiện 12/6 vụ.", "current/previous", None),
        ("Phát hiện 0/0 vụ.", "current/previous", None),
        ("Thụ lý và giải quyết 179/29 vụ.", "whole/part", None),
        ("Đạt 85/100 điểm.", "score/max", 0.85),
        ("Xếp thứ 38/63.", "rank/of", 38),
        ("Có 10 hộ; 2/3 số hộ.", "fraction", 0.666667),
        ("Bắt 31 vụ/45 đối tượng.", "pair", 31),
        ("Bắt 31/45 vụ/đối tượng.", "pair", 31),
        ("Cứ 3 vụ trộm thì đến 2 vụ là trộm xe.", "verbal_fraction", 0.666667),
    ],
)
def test_a_slash_says_one_of_several_things(
    text: str, semantics: str, value: float | None
) -> None:
    (found,) = [each for each in find(text) if each.slash]
    assert found.slash == semantics
    assert (None if found.value is None else float(found.value)) == value


def test_a_slash_that_could_be_a_date_needs_a_unit() -> None:
    assert told("Tính đến 7/11, kết quả tốt; 7/13 như đã nêu.") == []
    assert told("Thụ lý 21/07 vụ.")[0][2] == "ratio"


def test_a_pair_keeps_both_halves() -> None:
    assert only("Tăng 55 vụ/154 đối tượng.").pair == (
        (Decimal(55), "vụ"),
        (Decimal(154), "đối tượng"),
    )
    assert only("Tăng 55 vụ/154.").pair == ()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Chiếm 12%-20,6%.", 12, 20.6),
        ("Chi 8.000 - 10.000 tỷ đồng.", 8000, 10000),
        ("Tỷ lệ từ 33% đến 81%.", 33, 81),
        ("Giảm từ 2 đến 9 người.", 2, 9),
        ("Tăng khoảng 107-126%.", 107, 126),
    ],
)
def test_a_range_has_bounds_and_no_value(text: str, low: float, high: float) -> None:
    found = only(text)
    assert found.value is None
    assert (float(found.minimum or 0), float(found.maximum or 0)) == (low, high)


def test_a_move_from_one_level_to_another_is_two_levels() -> None:
    assert [each[0] for each in told("Giảm từ 120 vụ xuống 98 vụ.")] == [120, 98]
    assert [each[:2] for each in told("Tăng từ 5 lên 8 vụ.")] == [(5, "vụ"), (8, "vụ")]
    assert told("Số hộ nghèo từ 12 vào năm sau.") == []
    assert told("Tỷ lệ giảm từ 5% đến nay.")[0][0] == 5


def test_a_number_without_unit_takes_the_one_spoken_of() -> None:
    assert told("Giải quyết 188 vụ; hòa giải 66, bằng quyết định 122.")[1:] == [
        (66, "vụ", "count", None),
        (122, "vụ", "count", None),
    ]
    assert told("Tổng số mô hình lên con số 85.") == [(85, "mô hình", "count", None)]
    assert told("Số vụ giảm 15 so với năm trước.")[0][:2] == (15, "vụ")
    assert told("12 là con số đẹp; 0,5 cũng vậy.") == []


def test_targets_and_averages_end_where_the_clause_ends() -> None:
    text = (
        "Mục tiêu giảm 10% trẻ chết đuối vào năm 2025 và 20% vào năm 2030; có 115 vụ."
    )
    assert [each[2] for each in told(text)] == ["date-free", "date-free", "count"]
    far = (
        "Mục tiêu của chương trình phối hợp giữa các cấp, các ngành và các địa phương "
    )
    assert told(far + "trong cả nước là có 5 vụ.")[0][2] == "count"
    assert told("Xếp loại trung bình 15 đơn vị.")[0][2] == "count"
    assert told("Mục tiêu (của tỉnh) có 5 vụ.")[0][2] == "count"
    rate = told("Có 112,2 bé trai trên 100 bé gái.")
    assert rate == [(112.2, "bé trai", "date-free", None)]


def test_places_are_those_of_the_whole_text_and_of_composed_letters_too() -> None:
    import unicodedata

    text = "Dòng một.\nNăm 2023 giảm 67 vụ; İ tăng 5 vụ.\r\nĐạt 96%!"
    for each in (text, unicodedata.normalize("NFD", text)):
        found = find(each)
        assert [each[q.start : q.end] for q in found] == [q.surface for q in found]
        assert [q.unit for q in found] == ["vụ", "vụ", "%"]
        assert found[0].sentence == found[1].sentence < found[2].sentence


PIECES = """
5 12 1.008 6,23 0 2023 7/11 48/58 5-10 - + % ( ) , ; . / “ đ vụ người đồng tỷ triệu
nghìn điểm phần trăm lần giảm tăng không gấp cứ thì bằng tương đương ứng một hai mươi
năm thứ hạng số con từ đến xuống lên còn và cả tiêu chí mục trung bình quân mỗi ngày
trên gần ít nhất vượt kế hoạch lệ xảy ra để đứng đầu Xã xã hội A h 99999999999999999999
1.000.000.000.000.000.000.000
"""


@settings(max_examples=400)
@given(
    st.lists(
        st.tuples(st.sampled_from(["\n", *PIECES.split()]), st.booleans()), max_size=25
    )
)
def test_any_text_is_read_and_judged_in_order_and_without_an_error(
    pieces: list[tuple[str, bool]],
) -> None:
    text = "".join(piece + (" " if apart else "") for piece, apart in pieces)
    found = find(text)
    for first, second in pairwise(found):
        assert first.end <= second.start
    for each in found:
        assert text[each.start : each.end] == each.surface
        assert as_json(each)["surface"] == each.surface
    assert len(judge(text, YEAR, VOCABULARY)) == len(found)


def test_the_fields_are_those_of_the_labelled_claims() -> None:
    found = find(
        "Tăng 55 vụ/154 đối tượng; làm rõ 48/58 vụ; chiếm 12%-20,6%; đạt 5,5%."
    )
    pair, slash, span, share = (as_json(each) for each in found)
    assert pair["pair"] == [
        {"value": 55, "unit": "vụ"},
        {"value": 154, "unit": "đối tượng"},
    ]
    assert slash["slash_semantics"] == "part/whole"
    assert (slash["numerator"], slash["denominator"]) == (48, 58)
    assert (span["value"], span["min"], span["max"]) == (None, 12, 20.6)
    assert share == {
        "surface": "5,5%", "start": 64, "end": 68, "value": 5.5, "unit": "%",
        "kind": "percent", "hedge": None, "direction": None,
    }  # fmt: skip


def labelled() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]


def _key(quantity: dict[str, Any]) -> tuple[Any, ...]:
    value = quantity["value"]
    shown = None if value is None else round(float(value), 4)
    return shown, quantity["unit"], quantity["kind"], quantity["direction"]


@needs_sample
def test_the_labelled_claims_are_found_with_their_fields(
    record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    right = wrong = 0
    for claim in labelled():
        found = [as_json(q) for q in find(claim["claim_paraphrase"])]
        want = Counter(_key(q) for q in claim["quantities"])
        got = Counter(_key(q) for q in found if q.get("role") != "zero")
        right += 2 * (want & got).total()
        wrong += (want - got).total() + (got - want).total()
    score = right / (right + wrong)
    record_property("f1", score)
    with capsys.disabled():
        told = f"F1 {score:.4f}, {right // 2} quantities right"
        sys.stdout.write(f"\nclaims_sample.jsonl: {told}\n")
    assert score >= FLOOR


@needs_sample
def test_the_traps_of_the_labelled_claims_are_left_alone() -> None:
    caught = []
    for claim in labelled():
        text = claim["claim_paraphrase"]
        for words in claim.get("non_claims") or []:
            at = text.find(words)
            caught += [
                (claim["id"], words, each.surface)
                for each in find(text)
                if at >= 0 and each.start < at + len(words) and at < each.end
            ]
    assert caught == []


def test_a_megabyte_is_read_in_seconds() -> None:
    line = (
        "Xảy ra 996 vụ TNGT, giảm 44 vụ (-4,23%); 528 người chết, tăng 29 người "
        "(+5,81%), theo Nghị định số 94/2016/NĐ-CP ngày 01/7/2016 của Chính phủ.\n"
    )
    text = line * (1_000_000 // len(line.encode()))
    began = time.process_time()
    found = find(text)
    assert len(found) == 6 * text.count("\n")
    assert time.process_time() - began < 4  # ≤ 2 s on a quiet machine
