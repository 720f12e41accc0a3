"""Points and bands: how facts become a total, a total a band, and a band a reason."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongket.domain.criteria import (
    Band,
    BandGap,
    Edition,
    Fact,
    Gate,
    Item,
    NoBands,
    PointsDoNotAddUp,
    StepDoesNotFit,
    UnknownCap,
    UnknownRule,
    Use,
    judge,
    lift,
    score,
)
from tongket.domain.sentences import Refusals
from tongket.domain.sources import Mark, Source

SOURCE = Source("510/QĐ-BCA-V05", mark=Mark.RECALLED)


def item(key, points, use):
    return Item(key, f"Mục {key}", key, Decimal(points), use, SOURCE)


def gate(key, cap, fact="recognised"):
    return Gate(key, f"Điều kiện {key}", key, Use("yes", (fact,)), cap, SOURCE)


BANDS = (
    Band("excellent", "Xuất sắc", "Excellent", Decimal(90)),
    Band("good", "Khá", "Good", Decimal(70)),
    Band("average", "Trung bình", "Average", Decimal(50), owes_plan=True),
    Band("weak", "Yếu", "Weak", Decimal(0), owes_plan=True),
)
EDITION = Edition(
    "xa-2022",
    "Bộ tiêu chí xã",
    "Commune criteria",
    SOURCE,
    dt.date(2022, 1, 20),
    frozenset({2022, 2023}),
    frozenset({"commune"}),
    "bm01",
    Decimal(100),
    Decimal("0.5"),
    (
        item("plan", 10, Use("yes", ("plan",))),
        item("events", 20, Use("none", ("events",))),
        item("areas", 40, Use("at_least", ("met", "areas"), Decimal(70))),
        item("crime", 30, Use("not_more", ("now", "before"))),
    ),
    (gate("recognised", "good"), gate("registered", "weak", "registered")),
    BANDS,
    is_example=True,
)
BEST = {
    "plan": 1,
    "events": 0,
    "met": 18,
    "areas": 25,
    "now": 4,
    "before": 5,
    "recognised": 1,
    "registered": 1,
}


def facts(**changed):
    values = BEST | changed
    return {
        key: Fact(f"nhãn {key}", None if value is None else Decimal(value))
        for key, value in values.items()
    }


def refusals(**changed):
    with pytest.raises(Refusals) as refused:
        replace(EDITION, **changed)
    return refused.value.refusals


def judged(rule, *values, threshold=0):
    known = {
        str(n): Fact(f"f{n}", None if v is None else Decimal(v))
        for n, v in enumerate(values)
    }
    return judge(Use(rule, tuple(known), Decimal(threshold)), known)


@pytest.mark.parametrize(
    ("rule", "values", "share", "why"),
    [
        ("yes", [1], 1, "f0: có."),
        ("yes", [0], 0, "f0: không."),
        ("yes", [None], 0, "Chưa có số liệu “f0”: 0 điểm."),
        ("none", [0], 1, "Không xảy ra: f0."),
        ("none", [2], 0, "Đã xảy ra 2: f0."),
        ("none", [None], 0, "Chưa có số liệu “f0”: 0 điểm."),
        ("not_more", [4, 5], 1, "Giảm hoặc không phát sinh: f0 5 → 4."),
        ("not_more", [0, 0], 1, "Giảm hoặc không phát sinh: f0 0 → 0."),
        ("not_more", [5, 5], "0.5", "Không tăng, không giảm: f0 5 → 5."),
        ("not_more", [1009, 1008], 0, "Tăng: f0 1.008 → 1.009."),
        ("not_more", [5, None], 0, "Chưa có số liệu “f1”: 0 điểm."),
    ],
)
def test_a_rule_says_the_share_earned_and_why(rule, values, share, why):
    verdict = judged(rule, *values)
    assert verdict.share == Decimal(share)
    assert str(verdict.why) == why


@pytest.mark.parametrize(
    ("part", "whole", "passes", "why"),
    [
        (16, 25, False, "Chưa đạt: f0 16/25, yêu cầu từ 70%."),
        (18, 25, True, "Đạt: f0 18/25, yêu cầu từ 70%."),
        (7, 10, True, "Đạt: f0 7/10, yêu cầu từ 70%."),
        (6, 10, False, "Chưa đạt: f0 6/10, yêu cầu từ 70%."),
        (24, 33, True, "Đạt: f0 24/33, yêu cầu từ 70%."),
        (23, 33, False, "Chưa đạt: f0 23/33, yêu cầu từ 70%."),
        (0, 0, True, "Không có đối tượng để tính “f0”: đủ điểm."),
    ],
)
def test_at_least_70_percent_is_compared_without_rounding(part, whole, passes, why):
    verdict = judged("at_least", part, whole, threshold=70)
    assert (verdict.share == 1) is passes
    assert str(verdict.why) == why


def test_a_missed_threshold_earns_in_proportion():
    assert judged("at_least", 7, 20, threshold=70).share == Decimal("0.5")


@settings(max_examples=60)
@given(whole=st.integers(1, 5000), threshold=st.integers(1, 100))
def test_the_required_count_is_the_ceiling_and_one_fewer_fails(whole, threshold):
    required = -(-threshold * whole // 100)
    assert judged("at_least", required, whole, threshold=threshold).share == 1
    assert judged("at_least", required - 1, whole, threshold=threshold).share < 1


def test_a_fact_that_nobody_knows_is_named_by_its_key():
    assert str(judge(Use("yes", ("plan",)), {}).why) == (
        "Chưa có số liệu “plan”: 0 điểm."
    )


def test_a_blameless_unit_has_all_points_and_nothing_to_lift():
    result = score(EDITION, facts())
    assert (result.total, result.band.key) == (100, "excellent")
    assert result.lost == ()
    assert lift(result) is None


def test_every_row_shows_its_points_its_reason_and_its_facts():
    result = score(EDITION, facts(met=16, now=5))
    assert [row.points for row in result.items] == [10, 20, Decimal("36.5"), 15]
    assert [fact.value for fact in result.items[2].facts] == [16, 25]
    assert [row.item.key for row in result.lost] == ["crime", "areas"]
    assert str(result.items[3].why) == "Không tăng, không giảm: nhãn now 5 → 5."


def test_a_row_without_facts_earns_nothing_and_says_so():
    result = score(EDITION, {})
    assert result.total == 0
    assert all("Chưa có số liệu" in str(row.why) for row in result.items)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        ("100", "excellent"),
        ("90", "excellent"),
        ("89.5", "good"),
        ("70", "good"),
        ("69.5", "average"),
        ("50", "average"),
        ("49.5", "weak"),
        ("0", "weak"),
    ],
)
def test_a_total_on_the_edge_belongs_to_the_higher_band(total, band):
    assert EDITION.band_of(Decimal(total)).key == band


def test_a_gate_caps_the_band_and_the_points_stay():
    result = score(EDITION, facts(recognised=0))
    assert (result.total, result.band.key) == (100, "good")
    assert [str(each.why) for each in result.gates] == ["nhãn recognised: không."]


def test_the_lowest_of_two_caps_holds():
    result = score(EDITION, facts(recognised=0, registered=0))
    assert result.band.key == "weak"


def test_a_cap_never_raises_a_band():
    result = score(EDITION, facts(recognised=0, plan=0, events=1, met=0))
    assert (result.total, result.band.key) == (30, "weak")


def test_a_gate_whose_fact_is_missing_fails():
    assert score(EDITION, facts(registered=None)).band.key == "weak"


def test_a_lift_names_the_fewest_rows_by_the_size_of_their_loss():
    result = score(EDITION, facts(plan=0, now=9))  # 10 and 30 lost
    plan = lift(result)
    assert (plan.to.key, plan.points_needed) == ("good", 10)
    assert [row.item.key for row in plan.items] == ["crime"]
    assert plan.gates == ()


def test_a_lift_past_a_gate_names_the_gate_and_no_rows():
    plan = lift(score(EDITION, facts(registered=0)))
    assert (plan.to.key, plan.points_needed, plan.items) == ("average", 0, ())
    assert [each.gate.key for each in plan.gates] == ["registered"]


def test_a_gate_that_caps_at_the_band_aimed_for_need_not_be_passed():
    plan = lift(score(EDITION, facts(recognised=0, now=9, plan=0)))
    assert plan.to.key == "good"
    assert plan.gates == ()


values = st.one_of(st.none(), st.integers(0, 30))
sheets = st.fixed_dictionaries(dict.fromkeys(BEST, values))
CURED = {
    "plan": {"plan": 1},
    "events": {"events": 0},
    "areas": {"met": 18, "areas": 25},
    "crime": {"now": 0, "before": 0},
    "recognised": {"recognised": 1},
    "registered": {"registered": 1},
}


@settings(max_examples=100)
@given(values=sheets)
def test_points_stay_within_bounds_and_on_the_step(values):
    result = score(EDITION, facts(**values))
    for row in result.items:
        assert 0 <= row.points <= row.item.max_points
        assert row.points % EDITION.step == 0
    assert 0 <= result.total <= EDITION.maximum
    assert result.band in EDITION.bands


@settings(max_examples=100)
@given(values=sheets)
def test_a_lift_really_lifts_the_band_by_at_least_one(values):
    result = score(EDITION, facts(**values))
    plan = lift(result)
    if plan is None:
        assert result.band is EDITION.bands[0]
        return
    cured = dict(values)
    for key in [
        *(row.item.key for row in plan.items),
        *(each.gate.key for each in plan.gates),
    ]:
        cured |= CURED[key]
    lifted = score(EDITION, facts(**cured))
    place = EDITION.bands.index(result.band)
    assert EDITION.bands.index(lifted.band) < place
    assert EDITION.bands[place - 1] == plan.to


@settings(max_examples=60)
@given(values=sheets, seed=st.randoms())
def test_the_order_of_the_evidence_does_not_matter(values, seed):
    known = list(facts(**values).items())
    seed.shuffle(known)
    assert score(EDITION, dict(known)) == score(EDITION, facts(**values))


@settings(max_examples=60)
@given(total=st.decimals(0, 100, places=1), edges=st.sets(st.integers(1, 100)))
def test_bands_leave_no_gap_and_never_overlap(total, edges):
    bands = tuple(
        Band(str(edge), str(edge), "", Decimal(edge))
        for edge in sorted({0, *edges}, reverse=True)
    )
    edition = replace(EDITION, bands=bands, gates=())
    above = [band.lowest for band in bands if band.lowest > total]
    found = edition.band_of(total)
    assert found.lowest <= total
    assert not above or found == bands[len(above)]


def test_items_that_do_not_add_up_are_refused():
    (refusal,) = refusals(maximum=Decimal("100.5"))
    assert isinstance(refusal, PointsDoNotAddUp)
    assert str(refusal) == (
        "Bộ tiêu chí xa-2022: điểm chuẩn các mục cộng lại được 100, phải bằng 100,5; "
        "sửa khóa most trong items."
    )


def with_lowest(*lowest):
    return tuple(
        replace(band, lowest=Decimal(each))
        for band, each in zip(BANDS, lowest, strict=True)
    )


@pytest.mark.parametrize(
    ("lowest", "words"),
    [
        (
            (90, 90, 50, 0),
            "xếp loại “Khá” bắt đầu từ 90, phải nhỏ hơn 90 (xếp loại liền trên)",
        ),
        (
            (90, 70, 75, 0),
            "xếp loại “Trung bình” bắt đầu từ 75, phải nhỏ hơn 70 (xếp loại liền trên)",
        ),
        (
            (101, 70, 50, 0),
            "xếp loại “Xuất sắc” bắt đầu từ 101, phải không vượt quá 100",
        ),
        (
            (90, 70, 50, 10),
            "xếp loại “Yếu” bắt đầu từ 10, phải bắt đầu từ 0 vì là xếp loại thấp nhất",
        ),
    ],
)
def test_bands_with_a_gap_or_an_overlap_are_refused(lowest, words):
    (refusal,) = refusals(bands=with_lowest(*lowest))
    assert isinstance(refusal, BandGap)
    assert str(refusal) == (f"Bộ tiêu chí xa-2022: {words}; sửa khóa from trong bands.")


def test_an_edition_without_bands_is_refused():
    (refusal,) = refusals(bands=(), gates=())
    assert isinstance(refusal, NoBands)
    assert str(refusal) == (
        "Bộ tiêu chí xa-2022: chưa có xếp loại nào; bổ sung khóa bands."
    )


def test_a_gate_that_caps_at_an_unknown_band_is_refused():
    (refusal,) = refusals(gates=(gate("recognised", "kha"),))
    assert isinstance(refusal, UnknownCap)
    assert str(refusal) == (
        "Bộ tiêu chí xa-2022, điều kiện recognised: không có xếp loại “kha”; dùng một "
        "trong: excellent, good, average, weak."
    )


@pytest.mark.parametrize(
    "use", [Use("at_leats", ("a",)), Use("yes", ("a", "b"))], ids=["name", "facts"]
)
def test_an_unknown_rule_or_number_of_facts_is_refused(use):
    items = (replace(EDITION.items[0], use=use), *EDITION.items[1:])
    (refusal,) = refusals(items=items)
    assert isinstance(refusal, UnknownRule)
    assert str(refusal) == (
        f"Bộ tiêu chí xa-2022, mục plan: không có quy tắc “{use.rule}” nhận "
        f"{len(use.facts)} số liệu; dùng một trong: yes (1), none (1), at_least (2), "
        "not_more (2)."
    )


def test_a_gate_with_an_unknown_rule_is_refused():
    broken = replace(EDITION.gates[0], use=Use("maybe", ("a",)))
    (refusal,) = refusals(gates=(broken,))
    assert "mục recognised: không có quy tắc “maybe”" in str(refusal)


@pytest.mark.parametrize(
    ("step", "count"), [("3", 3), ("0", 4), ("-0.5", 4)], ids=["3", "0", "below 0"]
)
def test_a_step_that_does_not_fit_the_points_is_refused(step, count):
    told = refusals(step=Decimal(step))
    assert len(told) == count
    assert all(isinstance(each, StepDoesNotFit) for each in told)
    assert str(told[0]) == (
        "Bộ tiêu chí xa-2022, mục plan: điểm chuẩn 10 phải là bội số dương của bước "
        f"điểm {step.replace('.', ',')}; sửa khóa most của mục hoặc khóa step."
    )


def test_all_faults_of_an_edition_are_told_at_once():
    told = refusals(
        maximum=Decimal(90),
        bands=with_lowest(95, 70, 70, 5),
        gates=(gate("recognised", "kha"),),
    )
    assert [type(each).__name__ for each in told] == [
        "PointsDoNotAddUp",
        "BandGap",
        "BandGap",
        "BandGap",
        "UnknownCap",
    ]


def test_a_row_that_misses_its_rule_is_never_rounded_up_to_full_points():
    """69.99 % of the 70 % asked for would round half-up to all 40 points."""
    points = {
        row.item.key: row.points
        for row in score(EDITION, facts(met=6999, areas=10_000)).items
    }
    assert points["areas"] == Decimal("39.5")
