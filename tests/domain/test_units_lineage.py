"""Lineage: what cannot be is refused by row, and counts follow only stated parts."""

import datetime as dt
from fractions import Fraction

import pytest

from tongket.domain import lineage
from tongket.domain.sentences import Refusals
from tongket.domain.units import (
    Change,
    EndsBeforeItStarts,
    EventKind,
    GroupMembership,
    Lineage,
    MemberTwice,
    MemberUnknown,
    NoSuccessor,
    Register,
    SplitWithoutWeights,
    UnitVersion,
    UnknownUnit,
)

START, DAY, LATER = dt.date(2020, 1, 1), dt.date(2025, 7, 1), dt.date(2027, 1, 1)
EVE = DAY - dt.timedelta(days=1)
HALF = Fraction(1, 2)


def version(unit, start=START, end=None, *, name="", **others):
    others.setdefault("parent", None)
    return UnitVersion(
        unit, others.pop("code", ""), name or unit, others.pop("kind", "commune"),
        others.pop("parent"), start, end, **others,
    )  # fmt: skip


def row(old, new, change=Change.MERGE, share=None, on=DAY, instrument=""):
    return Lineage(old, new, on, change, share, instrument)


OLD = [version("a", end=EVE), version("b", end=EVE)]
NEW = [version("x", DAY), version("y", DAY)]
LIVING = [version("c")]


def refused(rows, versions=(*OLD, *NEW, *LIVING)):
    with pytest.raises(Refusals) as found:
        Register(versions, rows)
    (refusal,) = found.value.refusals
    return refusal


@pytest.mark.parametrize(
    ("rows", "kind", "sentence"),
    [
        (
            [row("a", "nobody")],
            lineage.LineageUnknown,
            (
                "Diễn biến a → nobody ngày 01/07/2025: không có đơn vị “nobody” trong "
                "danh sách; sửa mã hoặc bổ sung đơn vị."
            ),
        ),
        (
            [row("x", "y")],
            lineage.PredecessorNotThere,
            (
                "Diễn biến x → y ngày 01/07/2025: đơn vị x không có vào ngày hôm "
                "trước; sửa ngày diễn biến hoặc thời gian hiệu lực của đơn vị."
            ),
        ),
        (
            [row("a", "b")],
            lineage.SuccessorNotThere,
            (
                "Diễn biến a → b ngày 01/07/2025: đơn vị b không có vào ngày này; sửa "
                "ngày diễn biến hoặc thời gian hiệu lực của đơn vị."
            ),
        ),
        (
            [row("c", "x")],
            lineage.StillThere,
            (
                "Diễn biến c → x ngày 01/07/2025: đơn vị c vẫn còn hiệu lực vào ngày "
                "này; cho đơn vị kết thúc vào ngày hôm trước, hoặc ghi là chia "
                "tách (split)."
            ),
        ),
        ([row("c", "x", Change.RENAME)], lineage.StillThere, "đơn vị c vẫn còn"),
        (
            [row("a", "x", Change.CLOSE)],
            lineage.WrongSuccessor,
            "giải thể (close) không có đơn vị mới",
        ),
        ([row("a", "")], lineage.WrongSuccessor, "Diễn biến a → – ngày 01/07/2025"),
        ([row("a", "x"), row("a", "x")], lineage.RowTwice, "giữ lại một dòng"),
        ([row("a", "x"), row("a", "y")], lineage.TwoSuccessors, "ghi các dòng này là"),
        (
            [row("a", "x"), row("a", "y", Change.SPLIT)],
            lineage.TwoSuccessors,
            "chia tách (split), kèm tỷ lệ nếu biết",
        ),
        (
            [row("c", "x", Change.SPLIT)],
            lineage.SplitForgetsItself,
            "không có dòng c → c; bổ sung dòng đó",
        ),
        (
            [row("a", "x", Change.SPLIT, Fraction(0))],
            lineage.ShareOutOfRange,
            "tỷ lệ 0 không hợp lệ; tỷ lệ lớn hơn 0, không quá 1",
        ),
        (
            [row("a", "x", Change.SPLIT, Fraction(3, 2))],
            lineage.ShareOutOfRange,
            "tỷ lệ 3/2 không hợp lệ",
        ),
        (
            [row("a", "x", share=HALF)],
            lineage.ShareOutOfRange,
            "chỉ ghi cho chia tách (split)",
        ),
        (
            [row("a", "x", Change.SPLIT, HALF), row("a", "y", Change.SPLIT, HALF / 2)],
            lineage.SharesNotWhole,
            "các tỷ lệ chia tách của a cộng lại là 3/4, phải bằng 1; sửa cột share",
        ),
        (
            [row("a", "x", Change.SPLIT, HALF), row("a", "y", Change.SPLIT)],
            lineage.SharesNotWhole,
            "cộng lại là 1/2, phải bằng 1",
        ),
    ],
)
def test_a_row_that_cannot_be_true_is_refused_with_its_remedy(rows, kind, sentence):
    refusal = refused(rows)
    assert isinstance(refusal, kind)
    assert sentence in str(refusal)


def test_a_circle_is_refused_because_one_of_its_units_had_already_ended():
    circle = [row("a", "x"), row("x", "a", on=LATER)]
    versions = [*OLD, version("x", DAY, LATER - dt.timedelta(days=1))]
    assert isinstance(refused(circle, versions), lineage.SuccessorNotThere)
    at_once = [row("a", "b"), row("b", "a")]
    with pytest.raises(Refusals) as found:
        Register(OLD, at_once)
    assert {type(each) for each in found.value.refusals} == {lineage.SuccessorNotThere}


def test_a_count_follows_the_weights_of_a_split_through_later_mergers():
    register = Register(
        [*OLD, version("x", DAY, LATER - dt.timedelta(days=1)), version("y", DAY)],
        [
            row("a", "x", Change.SPLIT, Fraction(1, 3)),
            row("a", "y", Change.SPLIT, Fraction(2, 3)),
            row("b", "x"),
            row("x", "y", on=LATER),
        ],
    )
    assert register.shares("a", on=EVE) == {"a": 1}
    assert register.shares("a", on=DAY) == {"x": Fraction(1, 3), "y": Fraction(2, 3)}
    assert register.shares("a", on=LATER) == {"y": 1}
    assert register.came_from("x", on=EVE) == ("a", "b")
    assert register.came_from("y", on=EVE) == ("a", "b")
    assert register.came_from("y", on=EVE, until=DAY) == ("a",)


def test_a_split_without_weights_is_never_guessed():
    parts = [row("c", unit, Change.SPLIT) for unit in ("c", "x")]
    register = Register([*LIVING, *NEW], parts)
    assert register.became("c", on=DAY) == ("c", "x")
    with pytest.raises(SplitWithoutWeights) as refusal:
        register.shares("c", on=DAY)
    assert str(refusal.value) == (
        "Đơn vị c chia tách ngày 01/07/2025 thành c, x nhưng chưa có tỷ lệ, nên không "
        "quy đổi được số liệu; bổ sung cột share của các dòng diễn biến này."
    )


def test_a_split_whose_parts_end_in_one_unit_needs_no_weights():
    end = LATER - dt.timedelta(days=1)
    register = Register(
        [version("a", end=EVE), version("x", DAY, end), version("y", DAY, end),
         version("z", LATER)],
        [row("a", "x", Change.SPLIT), row("a", "y", Change.SPLIT),
         row("x", "z", on=LATER), row("y", "z", on=LATER)],
    )  # fmt: skip
    assert register.shares("a", on=LATER) == {"z": 1}


def test_what_was_counted_after_a_split_is_no_longer_divided_by_it():
    parts = [row("c", unit, Change.SPLIT, HALF) for unit in ("c", "x")]
    register = Register([*LIVING, *NEW], parts)
    assert register.shares("c", on=LATER) == {"c": HALF, "x": HALF}
    assert register.shares("c", on=LATER, since=DAY) == {"c": 1}
    assert register.became("c", on=LATER, since=DAY) == ("c",)


def test_a_unit_is_not_charged_with_what_left_its_successor_before():
    rows = [row("c", "c", Change.SPLIT), row("c", "x", Change.SPLIT)]
    late = version("d", end=LATER - dt.timedelta(days=1))
    register = Register([*LIVING, *NEW, late], [*rows, row("d", "c", on=LATER)])
    assert register.became("d", on=LATER) == ("c",)
    assert register.came_from("x", on=EVE) == ("c",)
    assert set(register.came_from("c", on=EVE)) == {"c", "d"}


def test_a_closed_unit_hands_its_counts_to_nobody():
    register = Register(OLD, [row("a", "", Change.CLOSE)])
    assert register.became("a", on=DAY) == ()
    for unit in ("a", "b"):  # b ended without a word
        with pytest.raises(NoSuccessor, match=f"Đơn vị {unit} không còn"):
            register.shares(unit, on=DAY)


def test_a_unit_that_was_never_known_is_refused():
    register = Register(LIVING)
    for ask in (register.became, register.came_from, register.shares):
        with pytest.raises(UnknownUnit, match="Không có đơn vị “zz”"):
            ask("zz", on=DAY)
    assert register.history("zz") == ()
    assert "c" in register
    assert "zz" not in register
    assert len(register) == 1


def test_groups_are_asked_for_by_unit_and_by_group_on_a_day():
    stays = [
        GroupMembership("c", "border", START, EVE),
        GroupMembership("c", "market", DAY),
        GroupMembership("x", "market", DAY),
        GroupMembership("a", "market", START),  # ended with the unit, without a word
    ]
    register = Register([*OLD, *NEW, *LIVING], (), stays)
    assert register.groups("c", EVE) == ("border",)
    assert register.groups("c", DAY) == ("market",)
    assert register.groups("b", EVE) == ()
    assert register.members("market", EVE) == ("a",)
    assert register.members("market", DAY) == ("x", "c")
    assert register.groups_on(DAY) == {"c": {"market"}, "x": {"market"}}


def test_a_wrong_group_is_refused_by_name():
    stays = [
        GroupMembership("zz", "g", START),
        GroupMembership("c", "g", START),
        GroupMembership("c", "g", DAY),
        GroupMembership("a", "h", DAY, START),
    ]
    with pytest.raises(Refusals) as found:
        Register([*OLD, *LIVING], (), stays)
    told = {type(each): str(each) for each in found.value.refusals}
    assert set(told) == {MemberUnknown, MemberTwice, EndsBeforeItStarts}
    assert told[MemberTwice] == (
        "Nhóm “g”: đơn vị c được ghi hai lần cho ngày 01/07/2025; sửa valid_from hoặc "
        "valid_to để các khoảng không chồng nhau."
    )


def test_a_history_tells_every_event_in_order_with_its_instrument():
    end = LATER - dt.timedelta(days=1)
    life = [
        version("c", end=EVE, name="Xã C", parent="p", code="1", designation="Xã"),
        version("c", DAY, end, name="Phường C", parent="q", code="2",
                designation="Phường", size_class="I"),
    ]  # fmt: skip
    rows = [
        row("a", "c", instrument="5/NQ"),
        row("c", "c", Change.PARENT, instrument="1/NQ"),
        row("c", "c", Change.KIND, instrument="2/NQ"),
        row("c", "z", Change.MERGE, on=LATER, instrument="3/NQ"),
    ]
    stays = [GroupMembership("c", "border", START, EVE)]
    others = [version("p"), version("q"), version("z"), version("a", end=EVE)]
    register = Register([*life, *others], rows, stays)
    told = [(e.day, e.kind, e.instrument) for e in register.history("c")]
    assert told == [
        (START, EventKind.STARTED, ""),
        (START, EventKind.JOINED, ""),
        (DAY, EventKind.RECEIVED, "5/NQ"),
        (DAY, EventKind.RENAMED, "1/NQ"),
        (DAY, EventKind.KIND, "2/NQ"),
        (DAY, EventKind.PARENT, "1/NQ"),
        (DAY, EventKind.CODE, "1/NQ"),
        (DAY, EventKind.SIZE, "1/NQ"),
        (DAY, EventKind.LEFT, ""),
        (LATER, EventKind.MERGED, "3/NQ"),
    ]
    renamed = register.history("c")[3]
    assert (renamed.before.name, renamed.after.name) == ("Xã C", "Phường C")


def test_a_history_ends_in_the_way_the_unit_did():
    rows = [row("a", "", Change.CLOSE), row("d", "x", Change.ABOLISH)]
    split = [row("c", unit, Change.SPLIT) for unit in ("c", "y")]
    register = Register([*OLD, *NEW, *LIVING, version("d", end=EVE)], [*rows, *split])
    last = {unit: register.history(unit)[-1].kind for unit in "abcd"}
    assert last == {
        "a": EventKind.CLOSED,
        "b": EventKind.ENDED,
        "c": EventKind.SPLIT,
        "d": EventKind.ABOLISHED,
    }
    assert [e.kind for e in register.history("y")] == [
        EventKind.STARTED,
        EventKind.RECEIVED,
    ]
