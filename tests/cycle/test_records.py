"""Cells, sentences and units come back from the records as they went in."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import AT, BY, CITY, DONG_TIEN, THO_XUONG, YEN_THE, small_pack

from tongket.cycle import reorganise
from tongket.domain.figures import MISSING, NIL, NOT_APPLICABLE, Cell, reported
from tongket.domain.sentences import Sentence
from tongket.domain.units import Change, GroupMembership, Lineage, Register
from tongket.loader.pack import Pack
from tongket.records import cells, sentences
from tongket.records.models import (
    AuditEntry,
    RegisterState,
    Unit,
    UnitGroup,
    UnitLineage,
    UnitVersion,
)
from tongket.records.register import register, state

numbers = st.decimals(0, 10**12, allow_nan=False, allow_infinity=False, places=3)
answers = st.one_of(
    st.sampled_from([MISSING, NIL, NOT_APPLICABLE]), st.builds(reported, numbers)
)


@given(st.dictionaries(st.text(min_size=1, max_size=8), answers, max_size=8))
def test_cells_come_back_as_they_were_stored(held: dict[str, Cell]) -> None:
    assert cells.from_json(cells.to_json(held)) == held


def test_a_number_is_stored_as_text_and_never_rounded() -> None:
    exact = Decimal("123456789012345678.90")
    assert cells.to_json({"m": reported(exact), "n": NIL}) == {
        "m": ["REPORTED", "123456789012345678.90"],
        "n": ["NIL", None],
    }


def test_a_sentence_keeps_the_sentences_inside_it() -> None:
    inner = Sentence("không được lớn hơn")
    told = Sentence("“{a}” {b} {c}.", {"a": "Số vụ", "b": inner, "c": 7})
    back = sentences.from_json(sentences.to_json(told))
    assert str(back) == str(told) == "“Số vụ” không được lớn hơn 7."
    assert back.values["b"] == inner
    assert back.values["c"] == "7"


def test_the_register_is_read_back_as_the_packs(pack: Pack) -> None:
    assert register().versions == pack.register.versions


def test_units_are_loaded_once(pack: Pack) -> None:
    rows = (Unit.objects.count(), UnitVersion.objects.count())
    assert rows == (10, 10)
    assert reorganise.load_units(pack=pack, by=BY, at=AT) == 0
    assert (Unit.objects.count(), UnitVersion.objects.count()) == rows
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.new["new"]) == ("load_units", 10)


def test_nothing_remains_of_units_whose_audit_failed(
    db: None, broken_audit: type[Exception]
) -> None:
    with pytest.raises(broken_audit):
        reorganise.load_units(pack=small_pack(), by=BY, at=AT)
    assert not Unit.objects.exists()


def test_units_that_came_later_are_added_with_their_lineage(pack: Pack) -> None:
    on = dt.date(2024, 7, 1)
    passing = replace(
        pack.register.versions[-1],
        unit="bg-new",
        code="1",
        parent=CITY,
        start=dt.date(2024, 1, 1),
        end=dt.date(2024, 6, 30),
    )
    lineage = [
        Lineage("bg-new", THO_XUONG, on, Change.SPLIT, Fraction(1, 3), "12/NQ"),
        Lineage("bg-new", DONG_TIEN, on, Change.SPLIT, Fraction(2, 3), "12/NQ"),
    ]
    grown = replace(
        pack, register=Register([*pack.register.versions, passing], lineage)
    )
    before = register()
    assert reorganise.load_units(pack=grown, by=BY, at=AT) == 1
    after = register()
    assert (len(before.versions), len(after.versions)) == (10, 11)
    assert after.lineage == tuple(lineage)
    told = [str(row) for row in UnitLineage.objects.all()]
    assert told == [f"bg-new → {THO_XUONG}", f"bg-new → {DONG_TIEN}"]


def test_the_register_is_read_again_when_a_unit_is_closed(pack: Pack) -> None:
    assert YEN_THE in register().on(dt.date(2024, 1, 1))
    ended = UnitVersion.objects.filter(unit__key=DONG_TIEN)
    ended.update(end_on=dt.date(2023, 12, 31))
    assert DONG_TIEN in register().on(dt.date(2023, 12, 31))
    assert DONG_TIEN not in register().on(dt.date(2024, 1, 1))


@pytest.mark.parametrize(
    "change",
    [
        lambda: UnitVersion.objects.filter(unit__key=YEN_THE).update(name="Yên Thế"),
        lambda: UnitVersion.objects.filter(unit__key=THO_XUONG).update(population=1),
        lambda: UnitLineage.objects.update(instrument="9/NQ"),
        lambda: UnitGroup.objects.update(end_on=dt.date(2024, 1, 1)),
        lambda: UnitGroup.objects.all().delete(),
    ],
)
def test_the_register_is_read_again_whatever_was_changed(
    pack: Pack, change: Callable[[], object]
) -> None:
    ids = dict(Unit.objects.values_list("key", "id"))
    UnitLineage.objects.create(
        old_id=ids[YEN_THE], new_id=ids[YEN_THE], on=dt.date(2023, 1, 1), change="kind"
    )
    day = dt.date(2023, 1, 1)
    UnitGroup.objects.create(unit_id=ids[YEN_THE], group="border", start_on=day)
    before, token = register(), state()
    assert register() is before
    change()
    assert state() != token
    assert register() is not before


def test_a_register_of_changes_that_were_undone_is_forgotten(pack: Pack) -> None:
    before = register()
    with transaction.atomic():
        UnitVersion.objects.filter(unit__key=YEN_THE).update(name="Một")
        assert register().life(YEN_THE)[0].name == "Một"
        transaction.set_rollback(True)
    assert register() is before
    UnitVersion.objects.filter(unit__key=YEN_THE).update(name="Hai")
    assert register().life(YEN_THE)[0].name == "Hai"


def test_size_class_groups_and_instruments_come_back_as_they_went_in(
    pack: Pack,
) -> None:
    day, on = dt.date(2024, 1, 1), dt.date(2024, 7, 1)
    eve = on - dt.timedelta(days=1)
    first = pack.register.versions[-1]
    units = [
        replace(first, unit="bg-s", start=day, end=eve, size_class="III"),
        replace(first, unit="bg-t", start=day, end=eve),
    ]
    lineage = [
        Lineage("bg-s", THO_XUONG, on, Change.MERGE, instrument="12/NQ"),
        Lineage("bg-t", "", on, Change.CLOSE),
    ]
    stays = [GroupMembership("bg-s", "border", day, eve)]
    told = Register([*pack.register.versions, *units], lineage, stays)
    reorganise.load_units(pack=replace(pack, register=told), by=BY, at=AT)
    again = register()
    assert (again.versions, again.lineage) == (told.versions, told.lineage)
    assert again.memberships == told.memberships
    assert again.groups("bg-s", day) == ("border",)
    assert str(RegisterState.objects.get()) == state()


def test_an_emptied_state_lets_nothing_be_remembered(pack: Pack) -> None:
    RegisterState.objects.all().delete()
    assert state() == ""
    assert register() is not register()


def test_the_migrations_say_what_the_models_say(db: None) -> None:
    told = io.StringIO()
    call_command("makemigrations", "records", check=True, dry_run=True, stdout=told)
    assert "No changes" in told.getvalue()


def test_rows_name_themselves_for_whoever_looks_into_the_database(pack: Pack) -> None:
    version = UnitVersion.objects.get(unit__key=THO_XUONG)
    assert str(version.unit) == THO_XUONG
    assert str(version) == "Phường Thọ Xương (07201)"
