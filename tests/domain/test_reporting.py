"""A reporting scheme states ten things and leaves each level a working day."""

import datetime as dt
from dataclasses import replace

import pytest

from tongket.domain.deadlines import WorkingCalendar
from tongket.domain.periods import Frequency, Regime
from tongket.domain.reporting import (
    TEN_ITEMS,
    Assignment,
    AssignmentOutside,
    CutOffDiffers,
    DeadlineMissing,
    DeadlineTooEarly,
    ReportingScheme,
    SchemeIncomplete,
)
from tongket.domain.sources import Source
from tongket.domain.units import Tree, UnitVersion

SOURCE = Source("09/2019/NĐ-CP", "Điều 7")
SCHEME = ReportingScheme(
    key="thang",
    name="Báo cáo tháng",
    content="Tình hình tội phạm",
    unit_kinds=("commune", "district"),
    recipient="Công an tỉnh",
    method="Phần mềm",
    deadlines={"commune": 1, "district": 3},
    frequency=Frequency.MONTH,
    cut_off="ngày 14 của tháng",
    outline="de-cuong.docx",
    forms=("bm01",),
    regime="nd09",
    source=SOURCE,
)
EMPTY = {
    key: type(getattr(SCHEME, key))() for key in TEN_ITEMS if key != "frequency"
} | {"frequency": None}


def test_a_complete_scheme_may_open_a_period():
    assert list(SCHEME.refusals()) == []


def test_a_scheme_states_ten_items():
    assert len(TEN_ITEMS) == 10


@pytest.mark.parametrize("key", TEN_ITEMS)
def test_a_scheme_without_one_of_the_ten_items_is_refused_by_its_name(key):
    (refusal,) = replace(SCHEME, **{key: EMPTY[key]}).refusals()
    assert isinstance(refusal, SchemeIncomplete)
    assert str(refusal) == (
        f"Chế độ báo cáo thang: thiếu {TEN_ITEMS[key]} (khóa {key}, Điều 7 Nghị định "
        "09/2019/NĐ-CP); bổ sung trước khi mở kỳ."
    )


def test_all_missing_items_are_told_at_once():
    assert len(list(replace(SCHEME, **EMPTY).refusals())) == 10


def test_a_deadline_on_the_cut_off_itself_is_refused():
    scheme = replace(SCHEME, deadlines={"commune": 0, "district": 1})
    (refusal,) = scheme.refusals()
    assert isinstance(refusal, DeadlineTooEarly)
    assert str(refusal) == (
        "Chế độ báo cáo thang: thời hạn của cấp commune phải sau thời điểm chốt ít "
        "nhất 1 ngày làm việc (khoản 5 Điều 8 Nghị định 09/2019/NĐ-CP)."
    )


def test_a_level_without_a_deadline_of_its_own_is_refused():
    (refusal,) = replace(SCHEME, deadlines={"commune": 1}).refusals()
    assert isinstance(refusal, DeadlineMissing)
    assert "chưa có thời hạn cho cấp district" in str(refusal)


def test_each_level_is_due_so_many_working_days_after_the_cut_off():
    regime = Regime("nd09", "NĐ 09", 12, 15, -1, frozenset(Frequency), SOURCE)
    june = regime.period(Frequency.MONTH, 2024, 6)  # cut off on Friday 14/06/2024
    calendar = WorkingCalendar(frozenset(), frozenset(), dt.date(2024, 12, 31))
    assert SCHEME.due(june, "commune", calendar) == dt.date(2024, 6, 17)
    assert SCHEME.due(june, "district", calendar) == dt.date(2024, 6, 19)


def test_only_units_of_the_named_kinds_owe_the_return():
    start = dt.date(2023, 1, 1)
    tree = Tree(
        start,
        [
            UnitVersion(kind, "", kind, kind, None, start)
            for kind in ("province", "commune", "school")
        ],
    )
    assert [each.unit for each in SCHEME.owing(tree)] == ["commune"]


DAY = dt.date(2023, 1, 1)


def unit(kind: str, key: str = "", size_class: str = "") -> UnitVersion:
    """Return a unit of a kind, its key the kind's unless told."""
    return UnitVersion(key or kind, "", kind, kind, None, DAY, size_class=size_class)


def assigned(*units: UnitVersion, **to) -> list[str]:
    """Return which units owe the form when it is assigned so."""
    scheme = replace(SCHEME, assignments=(Assignment("bm01", **to),))
    return [each.unit for each, _ in scheme.owed(Tree(DAY, units))]


def test_a_form_is_assigned_by_kind():
    found = assigned(unit("commune"), unit("district"), unit_kinds=("district",))
    assert found == ["district"]


def test_a_form_is_assigned_to_the_members_of_a_group():
    groups = {"a": {"bien-gioi"}, "b": {"khac"}}
    units = [unit("commune", key) for key in "abc"]
    scheme = replace(SCHEME, assignments=(Assignment("bm01", groups=("bien-gioi",)),))
    assert [u.unit for u in scheme.owing(Tree(DAY, units), groups)] == ["a"]


def test_a_size_class_that_is_left_out_owes_nothing_and_an_unknown_one_does():
    units = [unit("commune", key, key) for key in ("large", "micro")]
    found = assigned(*units, unit("commune", "unknown"), excluded=("micro", "small"))
    assert found == ["large", "unknown"]
    assert assigned(*units, size_classes=("large",)) == ["large"]


def test_an_assignment_holds_from_its_first_to_its_last_day():
    day = dt.timedelta(days=1)
    one = unit("commune")
    assert assigned(one, start=DAY, end=DAY) == ["commune"]
    assert assigned(one, start=DAY + day) == []
    assert assigned(one, end=DAY - day) == []


def test_a_form_without_an_assignment_is_owed_by_every_kind_of_the_scheme():
    scheme = replace(
        SCHEME,
        forms=("bm01", "bm02"),
        assignments=(Assignment("bm02", unit_kinds=("district",)),),
    )
    tree = Tree(DAY, [unit("commune"), unit("district"), unit("school")])
    assert [(each.unit, form) for each, form in scheme.owed(tree)] == [
        ("commune", "bm01"),
        ("district", "bm01"),
        ("district", "bm02"),
    ]


def test_two_assignments_of_one_form_add_up():
    scheme = replace(
        SCHEME,
        assignments=(
            Assignment("bm01", unit_kinds=("district",)),
            Assignment("bm01", size_classes=("large",)),
        ),
    )
    units = [unit("commune", "a", "large"), unit("commune", "b"), unit("district")]
    assert [u.unit for u in scheme.owing(Tree(DAY, units))] == ["a", "district"]


@pytest.mark.parametrize(
    "assignment", [Assignment("bm09"), Assignment("bm01", unit_kinds=("school",))]
)
def test_an_assignment_outside_the_scheme_keeps_it_from_opening(assignment):
    (refusal,) = replace(SCHEME, assignments=(assignment,)).refusals()
    assert isinstance(refusal, AssignmentOutside)


def test_the_cut_off_is_the_same_in_all_schemes_of_one_rule_and_length():
    other = replace(SCHEME, key="khac", cut_off="ngày 20 của tháng")
    (refusal,) = SCHEME.disagreements([SCHEME, other])
    assert isinstance(refusal, CutOffDiffers)
    quarterly = replace(other, frequency=Frequency.QUARTER)
    assert list(SCHEME.disagreements([SCHEME, quarterly])) == []


DECREE = Regime("nd09", "NĐ 09", 12, 15, -1, frozenset(Frequency), SOURCE)
CALLED = replace(SCHEME, key="chuyen-de", frequency=Frequency.CALL, cut_off="từng đợt")
WORKDAYS = WorkingCalendar(frozenset(), frozenset(), dt.date(2024, 12, 31))


@pytest.mark.parametrize("key", TEN_ITEMS)
def test_a_call_for_a_scheme_without_one_of_the_ten_items_is_refused(key):
    (refusal,) = replace(CALLED, **{key: EMPTY[key]}).refusals()
    assert isinstance(refusal, SchemeIncomplete)


def test_a_call_is_due_on_its_own_day_for_every_level():
    call = DECREE.call(dt.date(2024, 6, 1), dt.date(2024, 6, 14), dt.date(2024, 6, 20))
    assert CALLED.is_on_call
    assert list(CALLED.call_refusals(call, WORKDAYS, "Vì")) == []
    for kind in CALLED.unit_kinds:
        assert CALLED.due(call, kind, WORKDAYS) == dt.date(2024, 6, 20)


def test_a_call_that_is_due_before_a_working_day_has_passed_is_refused():
    # Cut off on Friday 14/06: Monday is the first working day after it.
    call = DECREE.call(dt.date(2024, 6, 1), dt.date(2024, 6, 14), dt.date(2024, 6, 16))
    (refusal,) = CALLED.call_refusals(call, WORKDAYS, "Vì")
    assert "sớm nhất là 17/06/2024" in str(refusal)


def test_calls_have_cut_offs_of_their_own():
    other = replace(CALLED, key="dot-xuat", cut_off="ngày khác")
    assert list(CALLED.disagreements([other])) == []


def test_a_call_without_a_reason_is_refused_and_a_month_needs_none():
    call = DECREE.call(dt.date(2024, 6, 1), dt.date(2024, 6, 14), dt.date(2024, 6, 20))
    (refusal,) = CALLED.call_refusals(call, WORKDAYS, " ")
    assert "Nêu lý do, căn cứ yêu cầu" in str(refusal)
    month = DECREE.period(Frequency.MONTH, 2024, 6)
    assert list(SCHEME.call_refusals(month, WORKDAYS, "")) == []
