"""Who decides on a return, the lowest first, whatever the tree looks like?"""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongket.domain.dated import CheckedOnlyUntil, Dated, NothingBefore, Value
from tongket.domain.ladder import Ladder, NoReviewer
from tongket.domain.sources import Source
from tongket.domain.units import (
    Change,
    Lineage,
    Register,
    Tree,
    UnitVersion,
    UnknownUnit,
)

SOURCE = Source("09/2019/NĐ-CP")
FIRST, TURN, LAST = dt.date(2021, 1, 1), dt.date(2025, 7, 1), dt.date(2026, 12, 31)
BEFORE, EVE = dt.date(2024, 1, 12), dt.date(2025, 6, 30)
KINDS = ("province", "district", "commune", "residential_area", "agency")


def dated(kind: str, *by: tuple[str, ...]) -> Dated[tuple[str, ...]]:
    """Return what a kind's ladder was before the turn, and after it if that differs."""
    values = [
        Value(day, each, SOURCE) for day, each in zip((FIRST, TURN), by, strict=False)
    ]
    return Dated(f"ladder.yaml ({kind})", values, LAST)


LADDER = Ladder(
    {
        "commune": dated("commune", ("district", "province"), ("province",)),
        "agency": dated("agency", ("district", "province"), ("province",)),
        "district": dated("district", ("province",)),
        "province": dated("province", ("province",)),
        "residential_area": dated(
            "residential_area", ("commune", "district", "province")
        ),
    }
)


def unit(
    key: str,
    kind: str,
    parent: str | None,
    end: dt.date | None = EVE,
    start: dt.date = FIRST,
) -> UnitVersion:
    return UnitVersion(key, key, f"Đơn vị {key}", kind, parent, start, end)


def province() -> list[UnitVersion]:
    """A province of two districts that merges into another and loses its districts."""
    return [
        unit("p", "province", None),
        unit("q", "province", None, None, start=TURN),
        unit("d", "district", "p"),
        unit("c", "commune", "d"),
        unit("gone", "commune", "d"),
        unit("c2", "commune", "q", None, start=TURN),
        unit("kept", "agency", "p"),
        unit("kept", "agency", "q", None, start=TURN),
    ]


def register() -> Register:
    return Register(
        province(),
        [
            Lineage("p", "q", TURN, Change.MERGE),
            Lineage("c", "c2", TURN, Change.MERGE),
        ],
    )


@pytest.mark.parametrize(
    ("sender", "rungs"),
    [
        ("c", ("d", "p")),
        ("d", ("p",)),
        ("kept", ("p",)),  # no district above it
        ("p", ("p",)),  # a second person of the same unit
    ],
)
def test_the_rungs_lead_upwards_and_leave_out_a_level_without_a_unit(
    sender: str, rungs: tuple[str, ...]
) -> None:
    assert LADDER.rungs(sender, register().on(BEFORE)) == rungs


@pytest.mark.parametrize(
    ("sender", "rungs"),
    [("c", ("d", "p")), ("c2", ("q",)), ("kept", ("q",))],
)
def test_the_ladder_is_that_of_the_day(sender: str, rungs: tuple[str, ...]) -> None:
    day = EVE if sender == "c" else TURN
    assert LADDER.rungs_on(sender, register(), day) == rungs


@pytest.mark.parametrize("sender", ["c", "gone", "d", "p"])
def test_what_an_ended_unit_sent_goes_on_to_what_its_rungs_became(sender: str) -> None:
    assert LADDER.rungs_on(sender, register(), TURN) == ("q",)


def test_a_rung_that_became_nothing_leaves_nobody_to_decide() -> None:
    alone = Register([unit("p", "province", None), unit("d", "district", "p")])
    with pytest.raises(NoReviewer, match="Đơn vị d vào ngày 01/07/2025"):
        LADDER.rungs_on("d", alone, TURN)


def test_a_return_decided_on_before_its_unit_began_is_asked_for_as_it_began() -> None:
    young = [replace(each, end=None) for each in province() if each.unit in {"p", "d"}]
    born = unit("new", "commune", "d", None, start=dt.date(2024, 6, 1))
    found = LADDER.rungs_on("new", Register([*young, born]), dt.date(2024, 5, 1))
    assert found == ("d", "p")


def test_a_kind_without_a_ladder_is_refused_by_the_unit_s_name() -> None:
    tree = register().on(BEFORE)
    bare = Ladder({"district": LADDER.by_kind["district"]})
    with pytest.raises(NoReviewer, match="Đơn vị c vào ngày 12/01/2024"):
        bare.rungs("c", tree)
    with pytest.raises(NoReviewer, match=r"ladder\.yaml"):
        LADDER.rungs("top", Tree(BEFORE, [unit("top", "agency", None)]))


def test_nobody_knows_the_rungs_of_an_unknown_unit_or_an_unchecked_day() -> None:
    with pytest.raises(UnknownUnit):
        LADDER.rungs_on("nobody", register(), BEFORE)
    with pytest.raises(CheckedOnlyUntil):
        LADDER.rungs_on("kept", register(), LAST + dt.timedelta(days=1))
    early = FIRST - dt.timedelta(days=1)
    with pytest.raises(NothingBefore):
        LADDER.rungs("x", Tree(early, [unit("x", "agency", None)]))


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """A tree in which every unit hangs under one named before it, or is a top."""
    found: list[UnitVersion] = []
    for number in range(draw(st.integers(1, 12))):
        above = draw(st.sampled_from([None, *(each.unit for each in found)]))
        kind = draw(st.sampled_from(KINDS))
        found.append(unit(f"u{number}", kind, above, None))
    day = draw(st.dates(FIRST, LAST))
    return Tree(day, found)


@given(trees())
def test_every_rung_is_the_nearest_of_its_kind_on_the_way_up(tree: Tree) -> None:
    for sender in tree:
        chain = tree.ancestors(sender.unit)
        asked = LADDER.by_kind[sender.kind].on(tree.day).value
        nearest = [
            next((each for each in chain if tree[each].kind == kind), None)
            for kind in asked
        ]
        expected = tuple(each for each in nearest if each)
        if not expected:
            with pytest.raises(NoReviewer):
                LADDER.rungs(sender.unit, tree)
            continue
        rungs = LADDER.rungs(sender.unit, tree)
        assert rungs == expected
        assert len(set(rungs)) == len(rungs)
        assert sender.kind == "province" or sender.unit not in rungs
