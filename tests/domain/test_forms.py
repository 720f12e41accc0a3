"""A form is its measures, in the order of the paper."""

import datetime as dt
from dataclasses import replace

import pytest

from tongket.domain.checks import gaps
from tongket.domain.figures import MISSING, NIL, NOT_APPLICABLE, State, reported
from tongket.domain.forms import Form, Measure, Section
from tongket.domain.sources import Source


def section(key, *measures):
    return Section(
        key, key, key, tuple(Measure(each, each, each, "vụ") for each in measures)
    )


FORM = Form(
    "bm01",
    "Biểu 01",
    "Form 01",
    frozenset({"commune"}),
    (section("crime", "cases", "cleared"), section("traffic", "deaths")),
    Source("12/KH-BCĐ"),
)


def test_measures_stand_in_the_order_of_the_paper_form():
    assert [each.key for each in FORM.measures] == ["cases", "cleared", "deaths"]


def test_a_measure_is_found_by_its_key_and_an_unknown_one_is_none():
    assert FORM.measure("deaths") == FORM.measures[2]
    assert FORM.measure("floods") is None


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2022-01-01", True), ("2021-12-31", False), ("2025-06-30", True)],
)
def test_an_edition_holds_from_its_first_day_to_its_last(day, holds):
    edition = replace(FORM, start=dt.date(2022, 1, 1), end=dt.date(2025, 6, 30))
    assert edition.holds_on(dt.date.fromisoformat(day)) is holds
    assert not edition.holds_on(dt.date(2025, 7, 1))
    assert FORM.holds_on(dt.date(1999, 1, 1))


def test_the_categories_of_a_measure_are_the_rows_that_name_it():
    rail = Measure("deaths_rail", "đường sắt", "rail", "người", of="deaths")
    road = Measure("deaths_road", "đường bộ", "road", "người", of="deaths")
    form = replace(
        FORM, sections=(*FORM.sections, Section("t", "t", "t", (road, rail)))
    )
    assert form.categories("deaths") == (road, rail)
    assert form.categories("cases") == ()


def one(**fields):
    """Return a form of one measure."""
    measure = Measure("cases", "Số vụ", "Cases", "vụ", **fields)
    return replace(FORM, sections=(Section("s", "s", "s", (measure,)),))


def test_a_cell_that_may_be_left_empty_is_no_gap_and_any_other_is():
    assert list(gaps(one(is_optional=True), {"cases": MISSING})) == []
    assert [each.rule for each in gaps(one(), {"cases": MISSING})] == ["gap"]


@pytest.mark.parametrize("cell", [NIL, NOT_APPLICABLE])
def test_a_kind_of_nothing_that_a_row_does_not_take_is_found(cell):
    form = one(may_be=frozenset({State.REPORTED, State.MISSING}))
    assert [each.rule for each in gaps(form, {"cases": cell})] == ["state"]
    assert list(gaps(form, {"cases": reported(0)})) == []
