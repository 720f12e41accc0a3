"""Cells, sentences and units come back from the records as they went in."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import AT, BY, CITY, DONG_TIEN, THO_XUONG, YEN_THE, small_pack

from tongket.cycle import collect
from tongket.domain.figures import MISSING, NIL, NOT_APPLICABLE, Cell, reported
from tongket.domain.sentences import Sentence
from tongket.domain.units import Change, Lineage, Register
from tongket.loader.pack import Pack
from tongket.records import cells, sentences
from tongket.records.models import AuditEntry, Unit, UnitLineage, UnitVersion
from tongket.records.register import register

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
    assert collect.load_units(pack=pack, by=BY, at=AT) == 0
    assert (Unit.objects.count(), UnitVersion.objects.count()) == rows
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.new["new"]) == ("load_units", 10)


def test_nothing_remains_of_units_whose_audit_failed(
    db: None, broken_audit: type[Exception]
) -> None:
    with pytest.raises(broken_audit):
        collect.load_units(pack=small_pack(), by=BY, at=AT)
    assert not Unit.objects.exists()


def test_units_that_came_later_are_added_with_their_lineage(pack: Pack) -> None:
    on = dt.date(2024, 7, 1)
    merged = replace(
        pack.register.versions[-1], unit="bg-new", code="1", parent=CITY, start=on
    )
    lineage = [
        Lineage("bg-new", THO_XUONG, on, Change.SPLIT, Fraction(1, 3)),
        Lineage("bg-new", DONG_TIEN, on, Change.MERGE),
    ]
    grown = replace(pack, register=Register([*pack.register.versions, merged], lineage))
    before = register()
    assert collect.load_units(pack=grown, by=BY, at=AT) == 1
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


def test_the_migrations_say_what_the_models_say(db: None) -> None:
    told = io.StringIO()
    call_command("makemigrations", "records", check=True, dry_run=True, stdout=told)
    assert "No changes" in told.getvalue()


def test_rows_name_themselves_for_whoever_looks_into_the_database(pack: Pack) -> None:
    version = UnitVersion.objects.get(unit__key=THO_XUONG)
    assert str(version.unit) == THO_XUONG
    assert str(version) == "Phường Thọ Xương (07201)"
