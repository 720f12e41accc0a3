"""A reporting scheme states ten things and leaves each level a working day."""

import datetime as dt
from dataclasses import replace

import pytest

from tongket.domain.deadlines import WorkingCalendar
from tongket.domain.periods import Frequency, Regime
from tongket.domain.reporting import (
    TEN_ITEMS,
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
