"""The mergers of a nation: over ten thousand old units became 3,321 on 01/07/2025."""

import datetime as dt
from collections import Counter
from fractions import Fraction

import pytest
from tests.domain import nation

from tongket.domain.units import (
    Change,
    Lineage,
    Register,
    SplitWithoutWeights,
    UnitVersion,
    search_key,
)

pytestmark = pytest.mark.skipif(
    not nation.TABLE.exists(), reason="the public table is not beside this repository"
)
START, DAY = dt.date(2021, 1, 1), dt.date(2025, 7, 1)
EVE = DAY - dt.timedelta(days=1)


@pytest.fixture(scope="module")
def old() -> dict[str, tuple[str, ...]]:
    return nation.old_units()


@pytest.fixture(scope="module")
def register(old: dict[str, tuple[str, ...]]) -> Register:
    rows = list(nation.communes())
    versions = [
        UnitVersion(province, province, province, "province", None, START)
        for province in dict.fromkeys(row["magoc"] for row in rows)
    ]
    made = {new for parts in old.values() for new in parts}
    versions += [
        UnitVersion(
            row["ma"], row["ma"], row["ten"], "commune", row["magoc"],
            DAY if row["ma"] in made else START,
        )
        for row in rows
    ]  # fmt: skip
    versions += [
        UnitVersion(key, "", key, "commune", key.split()[0], START, EVE) for key in old
    ]
    lineage = [
        Lineage(key, new, DAY, Change.MERGE if len(parts) == 1 else Change.SPLIT)
        for key, parts in old.items()
        for new in parts
    ]
    return Register(versions, lineage)


def test_the_new_communes_are_the_official_number(register: Register) -> None:
    new = register.on(DAY).of_kind("commune")
    assert len(new) == 3321
    kinds = Counter(unit.name.split()[0].casefold() for unit in new)
    assert (kinds["xã"], kinds["phường"], kinds["đặc"]) == (2611, 697, 13)


def test_the_old_communes_lie_around_the_official_number(register: Register) -> None:
    # The prose does not always say that a name in two texts is one divided unit: read
    # as two units each time the count is too high, as one unit it is too low.
    most = len(register.on(EVE).of_kind("commune"))
    doubtful = Counter(
        unit.unit.split(" → ")[0]
        for unit in register.on(EVE).of_kind("commune")
        if " → " in unit.unit
    )
    fewest = most - sum(times - 1 for times in doubtful.values())
    assert fewest <= 10_035 <= most
    assert most - fewest < 400


def test_every_old_unit_became_new_ones_and_none_was_lost(
    register: Register, old: dict[str, tuple[str, ...]]
) -> None:
    new = register.on(DAY)
    back: Counter[str] = Counter()
    for unit, parts in old.items():
        assert register.became(unit, on=DAY) == parts
        back.update(parts)
    for unit in new.of_kind("commune"):
        sources = register.came_from(unit.unit, on=EVE)
        assert sources
        assert len(sources) == (back[unit.unit] or 1)


def test_no_merger_changes_the_total_and_no_division_is_guessed(
    register: Register,
) -> None:
    carried: Counter[str] = Counter()
    counted = divided = 0
    for unit in register.on(EVE).of_kind("commune"):
        try:
            shares = register.shares(unit.unit, on=DAY)
        except SplitWithoutWeights:
            divided += 1
            continue
        assert sum(shares.values(), Fraction(0)) == 1
        counted += len(unit.unit)
        for new, share in shares.items():
            carried[new] += share * len(unit.unit)
    assert sum(carried.values()) == counted
    assert 200 < divided < 600


def test_the_traps_of_the_table_are_seen(register: Register) -> None:
    # A firing range is no unit; two communes of one name in one province are two.
    tien = register.came_from("07246", on=EVE)
    hiep = register.came_from("07822", on=EVE)
    assert "24 xa dong tien (huyen yen the) → 07246" in tien
    assert "24 xa dong tien (huyen hiep hoa) → 07822" in hiep
    assert register.came_from("07537", on=EVE) == (
        "24 xa phong van → 07537",
        "24 xa bien son → 07537",
    )
    assert register.came_from("07663", on=EVE) == ("07663",)
    assert len(register.came_from("07210", on=EVE)) == 7
    # What was left of a unit is a part of it.
    assert register.became("08 xa kim phu", on=DAY) == ("02215", "02509")
    assert search_key("Xã Hoà Sơn") == search_key("xã HÒA SƠN")
