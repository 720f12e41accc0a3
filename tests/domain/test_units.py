"""Units through time: one parent a day, no gap, no overlap, names however spelled."""

import datetime as dt
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongket.domain.sentences import Refusals
from tongket.domain.units import (
    Change,
    EndsBeforeItStarts,
    GapInLife,
    Lineage,
    OwnAncestor,
    ParentUnknown,
    Register,
    TwoVersionsAtOnce,
    UnitVersion,
    UnknownUnit,
    search_key,
)

START, MERGER = dt.date(2020, 1, 1), dt.date(2025, 7, 1)
EVE = MERGER - dt.timedelta(days=1)


def version(unit, parent=None, start=START, end=None, *, name="", kind="", code=""):
    return UnitVersion(unit, code, name or unit, kind, parent, start, end)


def refusals(*versions):
    with pytest.raises(Refusals) as refused:
        Register(versions)
    return refused.value.refusals


TODAY = Register(
    [
        version("tinh", kind="province", code="24"),
        version("huyen", "tinh", kind="district", code="221"),
        version(
            "canh-thuy", "huyen", name="Xã Cảnh Thụy", kind="commune", code="07738"
        ),
        version("dong-son", "tinh", name="Xã Đồng Sơn", kind="commune", code="07696"),
        version("cong-ty", "dong-son", name="Công ty Đồng Sơn", kind="enterprise"),
    ]
).on(dt.date(2023, 12, 14))


def test_the_tree_of_a_day_is_read_upwards_and_downwards():
    assert TODAY.ancestors("canh-thuy") == ("canh-thuy", "huyen", "tinh")
    assert TODAY.descendants("tinh")[0] == "tinh"
    assert set(TODAY.descendants("tinh")) == {each.unit for each in TODAY}
    assert TODAY.children(None) == ("tinh",)
    assert TODAY.children("tinh") == ("huyen", "dong-son")
    assert TODAY.children("cong-ty") == ()
    assert TODAY.parent("tinh") is None
    assert "huyen" in TODAY


def test_units_are_chosen_by_kind_in_the_order_of_the_list():
    found = TODAY.of_kind("commune", "district")
    assert [each.unit for each in found] == ["huyen", "canh-thuy", "dong-son"]


@pytest.mark.parametrize(
    "spelled",
    ["Xã Cảnh Thụy", "xã cảnh thuỵ", "XA CANH THUY", " Xã  Cảnh Thụy", "07738"],
)
def test_a_unit_is_found_however_its_name_is_spelled(spelled):
    assert [each.unit for each in TODAY.named(spelled)] == ["canh-thuy"]


def test_a_name_is_looked_for_among_the_kinds_asked_about():
    assert TODAY.named("Xã Cảnh Thụy", "enterprise") == ()
    assert [u.unit for u in TODAY.named("Xã Cảnh Thụy", "commune")] == ["canh-thuy"]


def test_a_code_keeps_its_leading_nought_and_is_no_number():
    assert TODAY["canh-thuy"].code == "07738"
    assert TODAY.named("7738") == ()


def test_an_unknown_unit_is_refused_with_the_day():
    with pytest.raises(UnknownUnit) as refused:
        TODAY.ancestors("ha-noi")
    assert str(refused.value) == (
        "Không có đơn vị “ha-noi” vào ngày 14/12/2023; kiểm tra lại mã đơn vị trong "
        "danh sách."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa Bình", "Hoà Bình"),
        ("Cảnh Thụy", "Cảnh Thuỵ"),
        ("Đồi Ngô", "doi ngo"),
        ("Đồng Sơn", unicodedata.normalize("NFD", "ĐỒNG SƠN")),
        ("Tân  Yên", "Tân\u00a0Yên "),
    ],
)
def test_spellings_of_one_name_have_one_search_key(one, other):
    assert search_key(one) == search_key(other)


@settings(max_examples=60)
@given(st.text(alphabet="aàáảãạăâbcdđeêghiìíoôơòóquưyỳỵ ĂÂĐÊÔƠƯ"))
def test_a_search_key_has_no_marks_no_capitals_and_stays_itself(text):
    key = search_key(text)
    assert key.isascii()
    assert search_key(key) == key
    assert search_key(unicodedata.normalize("NFD", text)) == key


@st.composite
def registers(draw):
    """A tree of up to eight units that change their parent once, always upwards."""
    day = draw(st.dates(dt.date(2021, 1, 1), dt.date(2024, 1, 1)))
    versions = [version("0")]
    for number in range(1, draw(st.integers(1, 8))):
        before, after = (
            str(draw(st.integers(0, number - 1))),
            str(draw(st.integers(0, number - 1))),
        )
        versions.append(version(str(number), before, end=day - dt.timedelta(days=1)))
        versions.append(version(str(number), after, day))
    return Register(versions)


@settings(max_examples=60)
@given(register=registers(), day=st.dates(dt.date(2019, 1, 1), dt.date(2026, 1, 1)))
def test_on_any_day_a_unit_has_one_parent_and_is_never_its_own_ancestor(register, day):
    tree = register.on(day)
    for each in tree:
        above = tree.ancestors(each.unit)
        assert len(set(above)) == len(above)
        assert each.unit not in above[1:]
        assert all(each.unit in tree.descendants(unit) for unit in above)
    assert register.on(day) is tree
    assert len(list(tree)) == (0 if day < START else len({v.unit for v in tree}))


def test_a_unit_under_itself_is_refused_with_the_chain():
    (refusal,) = refusals(version("a", "c"), version("b", "a"), version("c", "b"))
    assert isinstance(refusal, OwnAncestor)
    assert str(refusal) == (
        "Đơn vị a: từ ngày 01/01/2020 là cấp trên của chính mình (a → c → b → a); sửa "
        "cột parent."
    )


def test_a_unit_below_a_loop_is_not_blamed_for_it():
    told = refusals(version("below", "a"), version("a", "b"), version("b", "a"))
    assert [each.sentence.values["unit"] for each in told] == ["a"]


def test_a_unit_that_is_its_own_parent_is_refused():
    (refusal,) = refusals(version("a", "a"))
    assert isinstance(refusal, OwnAncestor)


def test_an_unknown_parent_is_refused_once_with_its_name():
    (refusal,) = refusals(
        version("a", "b", end=dt.date(2021, 1, 1)),
        version("a", "b", dt.date(2021, 1, 2)),
    )
    assert isinstance(refusal, ParentUnknown)
    assert str(refusal) == (
        "Đơn vị a: đơn vị cấp trên “b” không có trong danh sách vào ngày 01/01/2020; "
        "bổ sung đơn vị đó hoặc sửa cột parent."
    )


def test_a_parent_that_ends_before_its_child_is_refused_on_the_day_after():
    (refusal,) = refusals(version("huyen", end=EVE), version("xa", "huyen"))
    assert isinstance(refusal, ParentUnknown)
    assert refusal.sentence.values["day"] == MERGER


def test_a_life_with_an_overlap_is_refused_with_the_day():
    (refusal,) = refusals(version("a"), version("a", start=MERGER))
    assert isinstance(refusal, TwoVersionsAtOnce)
    assert str(refusal) == (
        "Đơn vị a: hai dòng cùng có hiệu lực ngày 01/07/2025; sửa cột valid_from hoặc "
        "valid_to để các khoảng không chồng nhau."
    )


def test_one_shared_day_is_an_overlap():
    (refusal,) = refusals(version("a", end=MERGER), version("a", start=MERGER))
    assert isinstance(refusal, TwoVersionsAtOnce)


def test_a_life_with_a_gap_is_refused_with_its_first_day():
    (refusal,) = refusals(
        version("a", end=dt.date(2023, 1, 31)), version("a", start=dt.date(2023, 2, 2))
    )
    assert isinstance(refusal, GapInLife)
    assert str(refusal) == (
        "Đơn vị a: không có dòng nào cho ngày 01/02/2023 giữa hai khoảng hiệu lực; nối "
        "liền valid_to và valid_from."
    )


def test_a_row_that_ends_before_it_starts_is_refused():
    (refusal,) = refusals(version("a", start=MERGER, end=EVE))
    assert isinstance(refusal, EndsBeforeItStarts)
    assert str(refusal) == (
        "Đơn vị a: valid_to 30/06/2025 trước valid_from 01/07/2025; sửa một trong hai "
        "cột."
    )


def test_all_broken_units_are_told_at_once():
    told = refusals(version("a", "nobody"), version("b"), version("b", start=MERGER))
    assert {type(each) for each in told} == {ParentUnknown, TwoVersionsAtOnce}


def test_a_row_that_ends_with_the_calendar_is_a_row_without_an_end():
    register = Register([version("a", end=dt.date.max)])
    assert "a" in register.on(MERGER)


def line(old, new, change, on=MERGER):
    return Lineage(old, new, on, change)


def test_merged_units_have_become_the_unit_they_merged_into():
    register = Register(
        [version("a", end=EVE), version("b", end=EVE), version("ab", start=MERGER)],
        [line("a", "ab", Change.MERGE), line("b", "ab", Change.MERGE)],
    )
    assert register.became("a", on=EVE) == ("a",)
    assert register.became("a", on=MERGER) == ("ab",)
    assert register.became("b", on=MERGER) == ("ab",)
    assert register.became("ab", on=MERGER) == ("ab",)


def test_a_successor_is_followed_to_the_unit_that_lives():
    later = dt.date(2027, 1, 1)
    register = Register(
        [
            version("a", end=EVE),
            version("b", start=MERGER, end=later - dt.timedelta(days=1)),
            version("c", start=later),
        ],
        [line("a", "b", Change.RENAME), line("b", "c", Change.MERGE, later)],
    )
    assert register.became("a", on=MERGER) == ("b",)
    assert register.became("a", on=later) == ("c",)


def test_a_split_unit_became_all_its_parts_and_itself_where_it_lives_on():
    register = Register(
        [version("a"), version("b", start=MERGER), version("c", start=MERGER)],
        [line("a", part, Change.SPLIT) for part in ("a", "b", "c")],
    )
    assert register.became("a", on=MERGER) == ("a", "b", "c")


def test_a_unit_renamed_under_its_own_key_is_still_itself():
    register = Register([version("a")], [line("a", "a", Change.RENAME)])
    assert register.became("a", on=MERGER) == ("a",)


def test_a_closed_unit_became_nothing():
    register = Register([version("a", end=EVE)], [line("a", "", Change.CLOSE)])
    assert register.became("a", on=EVE) == ("a",)
    assert register.became("a", on=MERGER) == ()
