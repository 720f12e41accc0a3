"""The units of the province on the days that matter, and what became of each."""

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from tongket.domain.units import EventKind, Register, SplitWithoutWeights
from tongket.loader.packs import Pack, load

ROOT = Path(__file__).parents[2]
LISTS = ROOT.parent / "shared/data"
TOWN, CHU = dt.date(2024, 2, 1), dt.date(2025, 1, 2)
EVE, MERGER = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
LAST_OF_2023 = dt.date(2023, 12, 31)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(ROOT / "packs/vietnam", ROOT / "packs/bac-giang")


@pytest.fixture(scope="module")
def register(pack: Pack) -> Register:
    return pack.register


@pytest.mark.parametrize(
    ("day", "districts", "communes", "called"),
    [
        (LAST_OF_2023, 10, 209, {"Xã": 182, "Phường": 10, "Thị trấn": 17}),
        (TOWN, 10, 209, {"Xã": 175, "Phường": 19, "Thị trấn": 15}),
        (CHU, 10, 192, {"Xã": 143, "Phường": 35, "Thị trấn": 14}),
        (MERGER, 0, 99, {"Xã": 66, "Phường": 33}),
    ],
)
def test_the_units_of_a_day_are_those_of_that_day(
    register: Register,
    day: dt.date,
    districts: int,
    communes: int,
    called: dict[str, int],
) -> None:
    tree = register.on(day)
    assert len(tree.of_kind("district")) == districts
    assert len(tree.of_kind("commune")) == communes
    assert Counter(unit.designation for unit in tree.of_kind("commune")) == called
    (province,) = tree.of_kind("province")
    assert province.code == "24"
    assert province.name == ("Tỉnh Bắc Ninh" if day == MERGER else "Tỉnh Bắc Giang")


def test_the_day_before_each_change_is_still_the_old_state(register: Register) -> None:
    eve = register.on(dt.date(2024, 1, 31))
    assert eve["bg-d222"].name == "Huyện Việt Yên"
    assert register.on(TOWN)["bg-d222"].name == "Thị xã Việt Yên"
    assert len(register.on(dt.date(2024, 12, 31)).of_kind("commune")) == 209
    assert len(register.on(EVE).of_kind("commune")) == 192
    assert "bn25" not in register.on(EVE)


def test_the_town_of_viet_yen_has_nine_wards(register: Register) -> None:
    tree = register.on(TOWN)
    below = [tree[each] for each in tree.children("bg-d222")]
    called = Counter(unit.designation for unit in below if unit.kind == "commune")
    assert called == {"Xã": 8, "Phường": 9}


def test_the_districts_of_2025_hold_their_communes(register: Register) -> None:
    tree = register.on(CHU)
    held = {
        unit.code: sum(tree[c].kind == "commune" for c in tree.children(unit.unit))
        for unit in tree.of_kind("district")
    }
    assert held == {
        "213": 31, "215": 17, "216": 19, "217": 19, "218": 24, "219": 19, "220": 17,
        "222": 17, "223": 19, "224": 10,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("file", "day", "code"),
    [
        ("bacgiang_2023_209.csv", LAST_OF_2023, 2),
        ("bacgiang_2024_209.csv", TOWN, 2),
        ("bacninh_2025_99.csv", MERGER, 0),
    ],
)
def test_names_and_codes_are_those_of_the_official_list(
    register: Register, file: str, day: dt.date, code: int
) -> None:
    if not (LISTS / file).exists():
        pytest.skip("the official list is not beside this repository")
    with (LISTS / file).open(encoding="utf-8") as lines:
        official = {(row[code], row[code + 1]) for row in csv.reader(lines)}
    ours = {(unit.code, unit.name) for unit in register.on(day).of_kind("commune")}
    assert ours == official


@pytest.mark.parametrize(
    ("code", "before", "since"),
    [
        ("07210", "Phường Hoàng Văn Thụ", "Phường Bắc Giang"),
        ("07672", "Xã Long Sơn", "Xã Dương Hưu"),
        ("07288", "Thị trấn Phồn Xương", "Xã Yên Thế"),
        ("07444", "Thị trấn Đồi Ngô", "Xã Lục Nam"),
        ("07696", "Xã Đồng Sơn", "Phường Tiền Phong"),
        ("07777", "Thị trấn Bích Động", "Phường Việt Yên"),
        ("07738", "Xã Cảnh Thụy", "Phường Cảnh Thuỵ"),
        ("07525", "Thị trấn Chũ", "Phường Chũ"),
        ("07699", "Xã Tân Tiến", "Phường Tân Tiến"),
    ],
)
def test_a_code_that_was_given_away_names_another_unit(
    register: Register, code: str, before: str, since: str
) -> None:
    old, new = f"bg-c{code}", f"bn25-c{code}"
    then, now = register.on(LAST_OF_2023), register.on(MERGER)
    assert (then[old].code, then[old].name) == (code, before)
    assert (now[new].code, now[new].name) == (code, since)
    assert old not in now
    assert new not in then


def test_the_town_of_bich_dong_has_three_names_in_three_years(
    register: Register,
) -> None:
    names = {
        day.year: {v.name for v in register.on(day) if v.code == "07777"}
        for day in (LAST_OF_2023, TOWN, MERGER)
    }
    assert names == {
        2023: {"Thị trấn Bích Động"},
        2024: {"Phường Bích Động"},
        2025: {"Phường Việt Yên"},
    }
    (found,) = register.on(MERGER).named("phuong canh thụy")
    assert found.unit == "bn25-c07738"


def test_every_commune_of_2023_ends_in_one_of_58(register: Register) -> None:
    ends: Counter[str] = Counter()
    for unit in register.on(LAST_OF_2023).of_kind("commune"):
        (end,) = register.became(unit.unit, on=MERGER)
        assert register.shares(unit.unit, on=MERGER) == {end: 1}
        ends[end] += 1
    assert len(ends) == 58
    assert sum(ends.values()) == 209
    called = Counter(register.on(MERGER)[end].designation for end in ends)
    assert called == {"Xã": 45, "Phường": 13}
    for end, count in ends.items():
        assert len(register.came_from(end, on=LAST_OF_2023)) == count


def test_only_tuan_dao_is_unchanged(register: Register) -> None:
    same = [
        unit.unit
        for unit in register.on(EVE).of_kind("commune")
        if unit.unit in register.on(MERGER)
    ]
    assert same == ["bg-c07663"]
    assert register.on(MERGER)["bg-c07663"].parent == "bn25"


def test_two_communes_of_one_name_are_told_apart(register: Register) -> None:
    assert register.became("bg-c07318", on=MERGER) == ("bn25-c07333",)  # Tân Yên
    assert register.became("bg-c07630", on=MERGER) == ("bn25-c07627",)  # Sơn Động


def test_a_district_that_was_divided_has_no_weights_to_guess(
    register: Register,
) -> None:
    assert register.became("bg-d219", on=CHU) == ("bg-d219", "bg-d224")
    with pytest.raises(SplitWithoutWeights, match="bg-d219"):
        register.shares("bg-d219", on=CHU)
    # Both parts ended in the province: nothing is left to guess.
    assert register.shares("bg-d219", on=MERGER) == {"bn25": 1}
    assert register.shares("bg-d221", on=CHU) == {"bg-d213": 1}


def test_people_are_neither_lost_nor_won_by_a_change(register: Register) -> None:
    def people(day: dt.date, *kinds: str) -> int:
        return sum(unit.population or 0 for unit in register.on(day).of_kind(*kinds))

    days = (LAST_OF_2023, TOWN, CHU, MERGER)
    assert {people(day, "commune") for day in days} == {1_900_007}
    assert {people(day, "district") for day in days[:3]} == {1_900_007}


def test_the_history_of_a_unit_names_the_instruments(register: Register) -> None:
    told = [(e.day, e.kind, e.instrument) for e in register.history("bg-c07777")]
    assert told == [
        (dt.date(2021, 1, 1), EventKind.STARTED, ""),
        (TOWN, EventKind.RENAMED, "938/NQ-UBTVQH15"),
        (TOWN, EventKind.KIND, "938/NQ-UBTVQH15"),
        (MERGER, EventKind.MERGED, "1658/NQ-UBTVQH15"),
    ]


def test_what_is_only_recalled_says_so(pack: Pack) -> None:
    day = dt.date(2025, 1, 1)
    mergers = [
        row
        for row in pack.register.lineage
        if row.on == day and row.change == "merge" and row.old.startswith("bg-c")
    ]
    assert len(mergers) == 17
    assert {row.instrument for row in mergers} == {"1191/NQ-UBTVQH15 (cần xác minh)"}


def test_what_reports_beside_a_district_follows_it(register: Register) -> None:
    kinds = ("agency", "enterprise", "school")
    city = register.on(CHU)
    assert not any(unit.parent == "bg-d221" for unit in city)
    moved = [unit for unit in city.of_kind(*kinds) if "huyện Yên Dũng" in unit.name]
    assert {unit.parent for unit in moved} == {"bg-d213"}
    after = register.on(MERGER).of_kind(*kinds)
    assert {unit.parent for unit in after} == {"bn25"}
    assert Counter(unit.kind for unit in after) == {
        "agency": 10, "enterprise": 180, "school": 60,
    }  # fmt: skip
