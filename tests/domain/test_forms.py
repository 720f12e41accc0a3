"""A form is its measures, in the order of the paper."""

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
