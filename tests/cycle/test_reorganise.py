"""Does a list change the register as its dry run promised, all of it or nothing?"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import (
    AT,
    BY,
    CANH_NAU,
    CITY,
    DONG_TIEN,
    NGO_QUYEN,
    PROVINCE,
    THO_XUONG,
    YEN_THE,
    cells,
    kinds,
    month,
    sent,
    small_pack,
)

from tongket.cycle import reorganise
from tongket.domain.reorganisation import ImportPlan, Outcome
from tongket.domain.sentences import Refusals
from tongket.domain.unit_acts import Acts, Part
from tongket.domain.unit_rows import Row, Table
from tongket.domain.units import (
    Change,
    GroupMembership,
    Lineage,
    Register,
    UnitVersion,
)
from tongket.loader.pack import Pack
from tongket.records import verifying
from tongket.records.models import AuditEntry, Unit
from tongket.records.register import register

ON = dt.date(2024, 2, 1)
EVE = dt.date(2024, 1, 31)


def unit(key: str = "", **told: str) -> Row:
    """Return a row of the list of units."""
    return Row(Table.UNITS, "Đơn vị", 2, {"unit": key, **told} if key else told)


def preview(*rows: Row) -> ImportPlan:
    """Return what rows would do."""
    return reorganise.preview(pack=small_pack(), rows=rows, on=ON)


def outcomes(made: ImportPlan) -> list[Outcome]:
    """Return what becomes of each row."""
    return [step.outcome for step in made.steps]


def refusals(made: ImportPlan) -> list[str]:
    """Return the names of all that is wrong with the rows."""
    return [type(each).__name__ for step in made.refused for each in step.refusals]


def apply(rows: Iterable[Row], **given: Any) -> ImportPlan:
    """Apply rows as somebody who has just seen their plan."""
    told = {"edition": reorganise.edition(), "title": "Thử", **given}
    return reorganise.apply(
        pack=small_pack(), rows=list(rows), on=ON, by=BY, at=AT, **told
    )


def acts(on: dt.date = ON, instrument: str = "938/NQ") -> Acts:
    """Return the acts on the register as it is."""
    return Acts(register(), on=on, instrument=instrument, root=PROVINCE)


def test_a_change_of_name_ends_one_version_and_begins_another(pack: Pack) -> None:
    made = apply([unit(THO_XUONG, name="Phường Mới", valid_from="01/02/2024")])
    assert outcomes(made) == [Outcome.CHANGED]
    (change,) = made.steps[0].changes
    assert (change.old, change.new) == ("Phường Thọ Xương", "Phường Mới")
    assert register().on(EVE)[THO_XUONG].name == "Phường Thọ Xương"
    assert register().on(ON)[THO_XUONG].name == "Phường Mới"
    assert [v.end for v in register().life(THO_XUONG)] == [EVE, None]


def test_the_register_after_is_the_one_that_was_promised(pack: Pack) -> None:
    rows = [
        unit(name="Phường Mới", kind="Phường", parent="213", code="07999"),
        unit(CANH_NAU, valid_to="31/01/2024"),
        unit(DONG_TIEN, population="9.999"),
    ]
    promised = preview(*rows)
    apply(rows)
    assert set(register().versions) == set(promised.register.versions)
    assert register().on(ON)["bg-c07999"].designation == "Phường"
    assert CANH_NAU not in register().on(ON)


def test_a_list_that_was_taken_in_is_unchanged_when_it_is_sent_again(
    pack: Pack,
) -> None:
    rows = [
        unit(name="Thôn Một", kind="Khu dân cư", parent="Phường Ngô Quyền"),
        unit(code="07201", name="Phường Thọ Xương", population="12000"),
        unit(THO_XUONG, valid_from="01/03/2024", size_class="I"),
    ]
    assert outcomes(apply(rows)) == [Outcome.NEW, Outcome.CHANGED, Outcome.CHANGED]
    again = apply(rows)
    assert outcomes(again) == [Outcome.UNCHANGED] * 3


def test_a_row_that_keeps_its_first_day_corrects_what_was_said(pack: Pack) -> None:
    started = register().life(THO_XUONG)[0].start
    row = unit(THO_XUONG, name="Phường Thọ Xuơng", valid_from=started.isoformat())
    assert outcomes(apply([row])) == [Outcome.CORRECTED]
    assert [v.name for v in register().life(THO_XUONG)] == ["Phường Thọ Xuơng"]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([unit(THO_XUONG, parent="Huyện Không Có")], "NoSuchUnit"),
        ([unit(THO_XUONG, kind="Tổ dân phố")], "NoSuchKind"),
        ([unit(THO_XUONG, valid_from="hôm qua")], "NotADay"),
        ([unit(THO_XUONG, population="nhiều")], "NotPeople"),
        ([unit(THO_XUONG, name="x" * 201)], "TooLong"),
        ([unit(population="5")], "NoUnitNamed"),
        ([unit("Tho Xuong", name="Phường A", parent=CITY)], "NotAKey"),
        ([unit(code="07201", name="Phường Khác")], "CodeOfAnother"),
        ([unit(name="Phường Mới")], "ParentMissing"),
        ([unit(name="Chỗ Mới", parent=CITY)], "KindMissing"),
        ([unit("bg-moi", parent=CITY)], "NameMissing"),
        ([unit(CITY, valid_to="31/01/2024")], "HasChildren"),
        ([unit(THO_XUONG, valid_to="31/12/2020")], "EndsTooEarly"),
        ([unit(THO_XUONG, code="07207")], "CodeTwice"),
        ([unit(CITY, parent=THO_XUONG)], "AboveItself"),
        ([unit("bg-a", name="Phường A", parent=CITY, code="07207")], "CodeTwice"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_nothing_is_written(
    pack: Pack, rows: list[Row], wrong: str
) -> None:
    before = register()
    assert refusals(preview(*rows)) == [wrong]
    with pytest.raises(Refusals) as raised:
        apply([*rows, unit(NGO_QUYEN, name="Phường Khác Hẳn")])
    assert kinds(raised.value) == [wrong]
    assert register() is before


def test_two_rows_for_one_unit_and_day_are_refused(pack: Pack) -> None:
    made = preview(unit(THO_XUONG, name="A"), unit(code="07201", name="Thọ Xương"))
    assert outcomes(made) == [Outcome.CHANGED, Outcome.REFUSED]
    assert refusals(made) == ["RowTwice"]


def test_what_rests_on_a_refused_row_is_refused_with_it(pack: Pack) -> None:
    made = preview(
        unit(name="Thôn Một", kind="Khu dân cư", parent="Xã Mới"),
        unit("bg-xa-moi", name="Xã Mới", parent=YEN_THE, code="07243"),
        unit(DONG_TIEN, name="Xã Đồng Tiến Mới"),
    )
    assert refusals(made) == ["NoParentThen", "CodeTwice"]
    assert made.steps[2].outcome is Outcome.CHANGED


def test_a_unit_may_stand_below_one_that_the_list_brings_later(pack: Pack) -> None:
    made = apply(
        [
            unit(name="Thôn Một", kind="Khu dân cư", parent="xa moi"),
            unit(name="Xã Mới", parent="huyen yen the"),
        ]
    )
    assert outcomes(made) == [Outcome.NEW, Outcome.NEW]
    assert register().on(ON)["bg-thon-mot"].parent == "bg-xa-moi"


def test_noughts_that_excel_took_are_put_back_and_told(pack: Pack) -> None:
    made = preview(unit(code="7201", name="Phường Thọ Xương"))
    assert outcomes(made) == [Outcome.UNCHANGED]
    assert "07201" in str(made.steps[0].notes[0])


def test_a_name_that_fits_two_units_is_asked_about(pack: Pack) -> None:
    twin = unit(name="Phường Thọ Xương", parent=YEN_THE, code="07998")
    made = apply([twin])
    assert "khóa" in str(made.steps[0].notes[0])
    assert refusals(preview(unit(name="phuong tho xuong"))) == ["FitsSeveral"]


def test_rows_of_a_list_that_contradict_each_other_are_refused(pack: Pack) -> None:
    ends, last = unit(THO_XUONG, valid_to="01/01/2022"), "01/02/2024"
    made = preview(ends, unit(THO_XUONG, valid_from="01/01/2022", valid_to=last))
    assert "RowsDisagree" in refusals(made)


def test_an_end_that_leaves_a_gap_is_refused(pack: Pack) -> None:
    apply([unit(THO_XUONG, name="Phường Mới", valid_from="01/06/2024")])
    made = preview(unit(THO_XUONG, valid_to="31/03/2024"))
    assert refusals(made) == ["LeavesGap"]
    assert "01/06/2024" in str(made.refused[0].refusals[0])


def test_a_merger_moves_what_stood_below_and_tells_where_it_went(pack: Pack) -> None:
    apply(
        acts().founded({"name": "Thôn Một", "kind": "Khu dân cư", "parent": NGO_QUYEN})
    )
    later = dt.date(2024, 3, 1)
    rows = acts(later).merged(
        [THO_XUONG, NGO_QUYEN], Part(stated={"name": "Phường Bắc Giang"})
    )
    reorganise.apply(
        pack=pack,
        rows=rows,
        on=later,
        edition=reorganise.edition(),
        title="Sáp nhập",
        by=BY,
        at=AT,
    )
    tree = register().on(later)
    assert tree["bg-thon-mot"].parent == "bg-phuong-bac-giang"
    assert THO_XUONG not in tree
    assert register().became(THO_XUONG, on=later) == ("bg-phuong-bac-giang",)
    assert {row.instrument for row in register().lineage} == {"938/NQ"}


def test_a_split_keeps_its_weights_and_what_remains(pack: Pack) -> None:
    parts = [Part(stated={"name": "Xã Mới"}, share="1/3"), Part(CANH_NAU, share="0,25")]
    apply(acts().split(DONG_TIEN, parts, remains=True))
    shares = register().shares(DONG_TIEN, on=ON)
    assert {unit: str(share) for unit, share in shares.items()} == {
        "bg-xa-moi": "1/3",
        CANH_NAU: "1/4",
        DONG_TIEN: "5/12",
    }


def test_shares_that_are_no_whole_are_refused(pack: Pack) -> None:
    parts = [Part(stated={"name": "Xã A"}, share="1/3"), Part(CANH_NAU, share="1/3")]
    made = preview(*acts().split(DONG_TIEN, parts, remains=False))
    assert set(refusals(made)) == {"SharesDoNotAddUp"}


def test_a_split_without_weights_is_kept_without_them(pack: Pack) -> None:
    parts = [Part(stated={"name": "Xã A"}), Part(CANH_NAU)]
    apply(acts().split(DONG_TIEN, parts, remains=False))
    assert [row.share for row in register().lineage] == [None, None]
    assert DONG_TIEN not in register().on(ON)


def test_a_level_is_abolished_into_the_unit_above(pack: Pack) -> None:
    apply([r for d in (CITY, YEN_THE) for r in acts().closed(d, PROVINCE)])
    tree = register().on(ON)
    assert {tree[u].parent for u in (THO_XUONG, DONG_TIEN)} == {PROVINCE}
    assert register().became(CITY, on=ON) == (PROVINCE,)


def test_a_change_of_kind_name_and_parent_is_told_as_three_events(pack: Pack) -> None:
    stated = {"name": "Xã Thọ", "designation": "Xã", "parent": YEN_THE}
    apply(acts().changed(THO_XUONG, stated))
    told = {row.change for row in register().lineage}
    assert told == {Change.KIND, Change.RENAME, Change.PARENT}
    assert register().history(THO_XUONG)[-1].instrument == "938/NQ"


def test_a_unit_joins_and_leaves_a_group(pack: Pack) -> None:
    apply(acts().joined(THO_XUONG, "dia-ban-trong-diem"))
    assert register().groups(THO_XUONG, ON) == ("dia-ban-trong-diem",)
    later = dt.date(2024, 6, 1)
    rows = acts(later).left(THO_XUONG, "dia-ban-trong-diem")
    made = reorganise.preview(pack=pack, rows=rows, on=later)
    assert outcomes(made) == [Outcome.CLOSED]
    apply(rows)
    assert register().groups(THO_XUONG, later) == ()
    again = Row(
        Table.GROUPS,
        "Nhóm",
        2,
        {"unit": THO_XUONG, "group": "dia-ban-trong-diem", "valid_from": "01/03/2024"},
    )
    assert refusals(preview(again)) == ["GroupTwice"]


def test_a_closing_that_the_unit_outlives_is_refused(pack: Pack) -> None:
    row = Row(
        Table.LINEAGE,
        "Diễn biến",
        2,
        {"old": THO_XUONG, "on": "01/02/2024", "change": "Kết thúc"},
    )
    assert refusals(preview(row)) == ["StillLives"]


def test_a_plan_of_a_register_that_changed_meanwhile_is_refused(pack: Pack) -> None:
    seen = reorganise.edition()
    apply([unit(NGO_QUYEN, name="Phường Khác")])
    with pytest.raises(reorganise.RegisterChanged):
        apply([unit(THO_XUONG, name="Phường Mới")], edition=seen)


def test_nothing_remains_of_a_change_whose_audit_failed(
    pack: Pack, broken_audit: type[Exception]
) -> None:
    before = register().versions
    with pytest.raises(broken_audit):
        apply([unit(THO_XUONG, name="Phường Mới")])
    assert register().versions == before


def test_the_latest_change_is_taken_back_whole(pack: Pack) -> None:
    before = register()
    apply(
        [
            unit(name="Xã Mới", parent=YEN_THE),
            unit(THO_XUONG, name="Phường Mới"),
            *acts().joined(NGO_QUYEN, "nhom"),
            *acts().merged([DONG_TIEN], Part(CANH_NAU)),
        ]
    )
    count = reorganise.take_back(edition=reorganise.edition(), by=BY, at=AT)
    after = register()
    assert (after.versions, after.lineage) == (before.versions, before.lineage)
    assert after.memberships == before.memberships
    assert count == 4
    assert not Unit.objects.filter(key="bg-xa-moi").exists()
    assert verifying.verify().fault is None
    with pytest.raises(reorganise.NothingToTakeBack):
        reorganise.take_back(edition=reorganise.edition(), by=BY, at=AT)


def test_a_new_unit_that_has_returns_is_not_taken_back(pack: Pack) -> None:
    apply([unit(name="Xã Mới", parent=YEN_THE, valid_from="01/01/2023")])
    sent(month(12), {"bg-xa-moi": cells()})
    with pytest.raises(reorganise.InUse):
        reorganise.take_back(edition=reorganise.edition(), by=BY, at=AT)
    assert "bg-xa-moi" in register()


def test_each_unit_that_changed_is_in_the_log_before_and_after(pack: Pack) -> None:
    apply([unit(THO_XUONG, name="Phường Mới")])
    head, entry = AuditEntry.objects.order_by("-id")[:2][::-1]
    assert (head.act, head.new["title"], head.new["units"]) == ("reorganise", "Thử", 1)
    assert entry.subject == f"unit:{THO_XUONG}"
    assert len(entry.old["versions"]) == 1
    assert [row[4] for row in entry.new["versions"]][-1] == "Phường Mới"


OLD = st.sampled_from([THO_XUONG, NGO_QUYEN, DONG_TIEN, CANH_NAU, YEN_THE, CITY])
DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2025, 1, 1)).map(dt.date.isoformat)


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Return a row that may or may not be taken: a change, an end or a new unit."""
    told: dict[str, str] = {"valid_from": draw(st.just("") | DAYS)}
    if draw(st.booleans()):
        told["unit"] = draw(OLD)
    else:
        told |= {"name": draw(st.sampled_from(["Xã Một", "Xã Hai"])), "parent": CITY}
    for name, choice in (
        ("name", st.sampled_from(["Xã Ba", "Phường Bốn"])),
        ("parent", st.sampled_from([CITY, YEN_THE, PROVINCE, THO_XUONG])),
        ("code", st.sampled_from(["07201", "7207", "00001"])),
        ("valid_to", DAYS),
        ("population", st.sampled_from(["-", "1.234"])),
    ):
        if draw(st.booleans()):
            told[name] = draw(choice)
    return unit(**{name: text for name, text in told.items() if text})


@pytest.mark.usefixtures("pack")
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(rows(), min_size=1, max_size=6), DAYS)
def test_what_is_applied_is_what_was_promised_and_is_taken_back(
    asked: list[Row], day: str
) -> None:
    with transaction.atomic():
        before, on = register(), dt.date.fromisoformat(day)
        good = [step.row for step in preview(*asked).steps if not step.refusals]
        made = preview(*good)
        assert made.is_well  # what was refused took with it all that rested on it
        apply(good)
        assert set(register().versions) == set(made.register.versions)
        assert set(register().on(on)) == set(made.register.on(on))
        assert preview(*good).writes == ()  # at most asked about: a name twice by now
        if made.writes:
            reorganise.take_back(edition=reorganise.edition(), by=BY, at=AT)
            assert register().versions == before.versions
        transaction.set_rollback(True)


# --- the pack's list, again --------------------------------------------------------


def grown(pack: Pack, *, on: dt.date = ON) -> Pack:
    """Return the pack with a later stage: a unit renamed and another merged into it."""
    versions = []
    for version in pack.register.versions:
        if version.unit == THO_XUONG:
            versions += [
                replace(version, end=EVE),
                replace(version, start=on, name="Phường Mới"),
            ]
        else:
            end = EVE if version.unit == NGO_QUYEN else None
            versions.append(replace(version, end=end))
    lineage = [
        Lineage(THO_XUONG, THO_XUONG, on, Change.RENAME, None, "1/NQ"),
        Lineage(NGO_QUYEN, THO_XUONG, on, Change.MERGE, None, "1/NQ"),
    ]
    stays = [GroupMembership(CANH_NAU, "nhom", on)]
    return replace(pack, register=Register(versions, lineage, stays))


def test_a_pack_that_grew_brings_its_new_rows(pack: Pack) -> None:
    later = grown(pack)
    assert reorganise.load_units(pack=later, by=BY, at=AT) == 3
    assert set(register().versions) == set(later.register.versions)
    assert register().lineage == later.register.lineage
    assert register().memberships == later.register.memberships
    assert reorganise.load_units(pack=later, by=BY, at=AT) == 0


def test_a_pack_does_not_overrule_what_the_office_entered(pack: Pack) -> None:
    apply([unit(THO_XUONG, name="Phường Của Văn Phòng")])
    with_more = replace(
        grown(pack),
        register=Register(
            v for v in grown(pack).register.versions if v.unit != NGO_QUYEN
        ),
    )
    assert reorganise.load_units(pack=with_more, by=BY, at=AT) == 0
    assert register().on(ON)[THO_XUONG].name == "Phường Của Văn Phòng"


def test_a_version_says_what_it_is(pack: Pack) -> None:
    apply([unit(THO_XUONG, size_class="Loại I")])
    version: UnitVersion = register().on(ON)[THO_XUONG]
    assert version.size_class == "Loại I"
