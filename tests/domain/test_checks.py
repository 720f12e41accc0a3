"""Everything doubtful about a return is found, said, and shown with the rest."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongket.domain.checks import (
    Finding,
    Operator,
    Rule,
    Severity,
    blocks,
    contradictions,
    findings,
    gaps,
    jumps,
    only_the_date_changed,
)
from tongket.domain.figures import MISSING, NIL, NOT_APPLICABLE, State, reported
from tongket.domain.forms import Adds, Form, Measure, Section
from tongket.domain.rules import plain
from tongket.domain.sentences import Sentence
from tongket.domain.sources import Source

SOURCE = Source("12/KH-BCĐ")
KEYS = ("cases", "cleared", "killed", "injured", "damage", "cameras")


def measure(key, **others):
    return Measure(key, f"Số {key}", key, "vụ", **others)


FORM = Form(
    "bm01",
    "Biểu 01",
    "Form 01",
    frozenset({"commune"}),
    (
        Section("a", "A", "A", tuple(measure(key) for key in KEYS[:3])),
        Section(
            "b",
            "B",
            "B",
            (
                measure("injured", may_be=frozenset(State) - {State.NOT_APPLICABLE}),
                measure("damage", decimals=1),
                measure("cameras", adds=Adds.STOCK),
            ),
        ),
    ),
    SOURCE,
)
FULL = {key: reported(number + 1) for number, key in enumerate(KEYS)}


def rule(operator, left=("cleared",), right=("cases",)):
    sides = plain(*left), operator, plain(*right)
    return Rule("r1", "bm01", *sides, Severity.MUST_FIX, "Kiểm tra lại.")


AT_MOST = rule(Operator.AT_MOST)


def test_a_full_and_sensible_return_has_no_findings():
    cells = FULL | {"cleared": reported(1)}
    assert findings(FORM, cells, [AT_MOST], previous={}, history=[FULL]) == ()


def test_an_empty_cell_must_be_filled_and_the_sentence_says_how():
    (finding,) = gaps(FORM, FULL | {"killed": MISSING})
    assert (finding.rule, finding.measure) == ("gap", "killed")
    assert finding.severity is Severity.MUST_FIX
    assert str(finding.sentence) == (
        "Chưa có số liệu “Số killed”; nhập số, hoặc “-” nếu không phát sinh."
    )


def test_a_cell_that_was_never_sent_is_empty_too():
    assert [finding.measure for finding in gaps(FORM, {})] == list(KEYS)


@pytest.mark.parametrize("cell", [NIL, reported(0)])
def test_nothing_arose_and_nought_leave_no_gap(cell):
    assert list(gaps(FORM, dict.fromkeys(KEYS, cell))) == []


def test_not_applicable_is_refused_where_the_measure_concerns_everyone():
    (finding,) = gaps(FORM, dict.fromkeys(KEYS, NOT_APPLICABLE))
    assert (finding.rule, finding.measure) == ("state", "injured")
    assert str(finding.sentence) == (
        "“Số injured” không nhận giá trị này; nhập một con số."
    )


@pytest.mark.parametrize(
    ("operator", "left", "right", "holds"),
    [
        (Operator.EQUAL, 5, 5, True),
        (Operator.EQUAL, 5, 6, False),
        (Operator.AT_MOST, 5, 5, True),
        (Operator.AT_MOST, 6, 5, False),
        (Operator.AT_LEAST, 5, 5, True),
        (Operator.AT_LEAST, 4, 5, False),
        (Operator.ONLY_IF, 3, 1, True),
        (Operator.ONLY_IF, 0, 0, True),
        (Operator.ONLY_IF, 1, 0, False),
    ],
)
def test_a_rule_compares_its_two_sides(operator, left, right, holds):
    cells = FULL | {"cleared": reported(left), "cases": reported(right)}
    assert rule(operator).holds(Decimal(left), Decimal(right)) is holds
    assert (list(contradictions(FORM, cells, [rule(operator)])) == []) is holds


@pytest.mark.parametrize(
    ("operator", "words"),
    [
        (Operator.EQUAL, "phải bằng"),
        (Operator.AT_MOST, "không được lớn hơn"),
    ],
)
def test_a_contradiction_names_both_sides_with_their_values(operator, words):
    cells = FULL | {"cleared": reported(1554), "cases": reported("1008.5")}
    (finding,) = contradictions(FORM, cells, [rule(operator)])
    assert str(finding.sentence) == (
        f"“Số cleared” (1.554) {words} “Số cases” (1.008,5). Kiểm tra lại."
    )
    assert (finding.rule, finding.measure) == ("r1", "cleared")


def test_a_contradiction_of_sums_names_all_their_parts():
    both = rule(Operator.EQUAL, ("killed", "injured"), ("cases",))
    (finding,) = contradictions(FORM, FULL, [both])
    assert str(finding.sentence).startswith("“Số killed + Số injured” (7) phải bằng")


def test_a_contradiction_is_said_in_another_language_word_by_word():
    (finding,) = contradictions(FORM, FULL, [AT_MOST])
    english = {
        "không được lớn hơn": "must not exceed",
        "Kiểm tra lại.": "Check again.",
    }
    said = finding.sentence.translated(lambda words: english.get(words, words))
    assert said == "“Số cleared” (2) must not exceed “Số cases” (1). Check again."


@pytest.mark.parametrize("cell", [MISSING, NOT_APPLICABLE])
def test_a_rule_is_silent_where_a_side_says_nothing(cell):
    assert list(contradictions(FORM, FULL | {"cases": cell}, [AT_MOST])) == []


def test_a_rule_of_another_form_is_not_asked():
    assert list(contradictions(FORM, FULL, [replace(AT_MOST, form="bm02")])) == []


def jump(value, *before, key="cases"):
    history = [{key: cell} for cell in before]
    return list(jumps(FORM, {key: reported(value)}, history, times=Decimal(3)))


def test_a_jump_is_more_than_so_many_times_the_highest_before():
    assert jump(30, reported(10), reported(2)) == []
    (finding,) = jump(1554, reported(10), reported(2))
    assert finding.severity is Severity.MUST_EXPLAIN
    assert str(finding.sentence) == (
        "“Số cases” là 1.554, cao hơn 3 lần mức cao nhất các kỳ trước (10); kiểm tra "
        "lại hoặc giải trình."
    )


def test_a_jump_is_looked_for_from_five_upwards_also_after_noughts():
    assert jump(4, NIL, reported(0)) == []
    assert len(jump(5, NIL, reported(0))) == 1


def test_nothing_reported_before_leaves_nothing_to_jump_from():
    assert jump(1000) == []
    assert jump(1000, MISSING, NOT_APPLICABLE) == []


def test_a_stock_may_jump():
    assert jump(1000, reported(1), key="cameras") == []


def test_a_return_that_only_changed_the_date_must_be_explained():
    (finding,) = only_the_date_changed(FULL, dict(FULL))
    assert finding.severity is Severity.MUST_EXPLAIN
    assert "chỉ đổi ngày" in str(finding.sentence)


@pytest.mark.parametrize(
    ("cells", "before"),
    [
        (FULL, FULL | {"damage": reported(9)}),
        (dict.fromkeys(KEYS, NIL), dict.fromkeys(KEYS, NIL)),
        (dict.fromkeys(KEYS, NIL) | {"cases": reported(1)},) * 2,
    ],
    ids=["one cell differs", "all nought", "nearly all nought"],
)
def test_a_quiet_month_may_repeat_the_one_before(cells, before):
    assert list(only_the_date_changed(cells, before)) == []


def test_all_findings_are_told_together_in_the_order_of_the_form():
    cells = FULL | {"cases": reported(1), "damage": MISSING, "killed": reported(90)}
    found = findings(FORM, cells, [AT_MOST], previous=cells, history=[FULL])
    assert [(each.rule, each.measure) for each in found] == [
        ("same-as-before", "cases"),
        ("r1", "cleared"),
        ("jump", "killed"),
        ("gap", "damage"),
    ]


def finding(severity, key="cases"):
    return Finding("r", key, severity, Sentence("x"))


def test_what_must_be_fixed_blocks_even_when_explained():
    assert blocks([finding(Severity.MUST_FIX)], frozenset({"cases"}))


def test_what_must_be_explained_blocks_until_it_is():
    found = [finding(Severity.MUST_EXPLAIN), finding(Severity.MUST_EXPLAIN, "killed")]
    assert blocks(found)
    assert blocks(found, frozenset({"cases"}))
    assert not blocks(found, frozenset({"cases", "killed"}))


def test_a_note_never_blocks():
    assert not blocks([finding(Severity.NOTE)])
    assert not blocks([])


cells = st.dictionaries(
    st.sampled_from(KEYS),
    st.one_of(
        st.sampled_from([MISSING, NIL, NOT_APPLICABLE]),
        st.integers(0, 100).map(reported),
    ),
)


@settings(max_examples=60)
@given(cells=cells, history=st.lists(cells, max_size=3))
def test_doubtful_data_is_never_an_exception(cells, history):
    rules = [rule(operator) for operator in Operator]
    found = findings(FORM, cells, rules, previous=cells, history=history)
    assert all(str(each.sentence) for each in found)
    missing = [key for key in KEYS if cells.get(key, MISSING) is MISSING]
    assert [each.measure for each in found if each.rule == "gap"] == missing
