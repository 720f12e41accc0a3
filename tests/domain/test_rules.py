"""Rules read other periods, forms and levels; every finding says what it compared."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongket.domain.contradictions import NOTHING_AROUND, Around, broken, ready
from tongket.domain.doubts import Compared, Severity
from tongket.domain.figures import MISSING, NOT_APPLICABLE, reported
from tongket.domain.forms import Adds, Form, Measure, Section
from tongket.domain.periods import Frequency, Regime
from tongket.domain.rules import (
    Level,
    Missing,
    Operator,
    Rule,
    Span,
    Term,
    plain,
    windows,
)
from tongket.domain.sources import Source

SOURCE = Source("09/2019/NĐ-CP")
REGIME = Regime("nd09", "NĐ 09", 12, 15, -1, frozenset(Frequency), SOURCE)
MAY = REGIME.period(Frequency.MONTH, 2023, 5)
FLOW, STOCK = "received", "open"


def form(key):
    measures = (
        Measure(FLOW, "Tiếp nhận", "Received", "tin"),
        Measure(STOCK, "Đang giải quyết", "Open", "tin", adds=Adds.STOCK),
    )
    return Form(key, f"Biểu {key}", key, frozenset({"commune"}),
                (Section("a", "A", "A", measures),), SOURCE)  # fmt: skip


MONTH, QUARTER = form("month"), form("quarter")
FORMS = {"month": MONTH, "quarter": QUARTER}
CADENCES = {
    "month": (REGIME, Frequency.MONTH),
    "quarter": (REGIME, Frequency.QUARTER),
}


def rule(left, operator, *right, **others):
    given = {"key": "r", "form": "month", "severity": Severity.MUST_FIX} | others
    return Rule(left=left, operator=operator, right=right, remedy="Sửa lại.", **given)


def found(asked, cells, around=NOTHING_AROUND, period=MAY):
    here = FORMS[asked.form]
    made = ready([asked], asked.form, period, CADENCES)
    return list(broken(here, cells, made, around, FORMS))


def sent(flow=0, stock=0):
    return {FLOW: reported(flow), STOCK: reported(stock)}


CARRIED = rule(
    plain(STOCK),
    Operator.EQUAL,
    Term(STOCK, span=Span.PREVIOUS),
    Term(FLOW),
    Term(FLOW, Decimal(-1), span=Span.SAME_PERIOD),
)


def test_a_stock_is_held_against_that_of_the_period_before() -> None:
    own = {
        ("month", "nd09-2023-m04"): sent(0, 10),
        ("month", "nd09-2022-m05"): sent(2, 0),
    }
    assert found(CARRIED, sent(3, 11), Around(own)) == []
    (finding,) = found(CARRIED, sent(3, 12), Around(own))
    assert str(finding.sentence) == (
        "“Đang giải quyết” (12) phải bằng “Đang giải quyết (tháng 04/2023) + Tiếp nhận "
        "− Tiếp nhận (tháng 05/2022)” (11). Sửa lại."
    )
    assert finding.measure == STOCK
    assert Compared(STOCK, Decimal(10), period="nd09-2023-m04") in finding.compared


def test_nothing_is_said_where_the_period_before_was_never_sent() -> None:
    assert found(CARRIED, sent(3, 12)) == []


def test_missing_counts_as_nought_where_the_rule_says_so() -> None:
    asked = rule(
        plain(STOCK),
        Operator.AT_MOST,
        Term(STOCK, span=Span.PREVIOUS),
        missing=Missing.NOUGHT,
    )
    assert len(found(asked, sent(0, 1))) == 1
    nothing = dict.fromkeys((FLOW, STOCK), MISSING)
    assert found(asked, nothing) == []


def test_the_year_so_far_adds_flows_up_and_needs_every_month() -> None:
    asked = rule(
        (Term(FLOW, span=Span.YEAR_TO_DATE),), Operator.AT_MOST, Term(FLOW, Decimal(3))
    )
    asked = replace(asked, left=(*asked.left, Term(times=Decimal(0))))
    months = {
        ("month", f"nd09-2023-m{number:02}"): sent(number) for number in range(1, 6)
    }
    assert len(found(asked, sent(4), Around(months))) == 1  # 15 > 12
    assert found(asked, sent(5), Around(months)) == []
    del months["month", "nd09-2023-m02"]
    assert found(asked, sent(1), Around(months)) == []


def test_before_the_first_month_of_a_year_nothing_came() -> None:
    asked = rule(plain(FLOW), Operator.AT_LEAST, Term(FLOW, span=Span.TO_PREVIOUS))
    first = REGIME.period(Frequency.MONTH, 2023, 1)
    assert found(asked, sent(0), period=first) == []


def test_a_quarter_reads_the_months_that_make_it_up() -> None:
    quarter = REGIME.period(Frequency.QUARTER, 2023, 1)
    own = {("month", f"nd09-2023-m0{n}"): sent(n, n) for n in (1, 2, 3)}
    flows = rule(plain(FLOW), Operator.EQUAL, Term(FLOW, form="month"), form="quarter")
    stocks = rule(
        plain(STOCK), Operator.EQUAL, Term(STOCK, form="month"), form="quarter"
    )
    assert found(flows, sent(6, 3), Around(own), quarter) == []
    assert found(stocks, sent(6, 3), Around(own), quarter) == []
    (finding,) = found(flows, sent(5), Around(own), quarter)
    assert "“Tiếp nhận (biểu “Biểu month”)” (6)" in str(finding.sentence)


def test_the_units_below_are_added_up_and_who_is_not_concerned_is_left_out() -> None:
    asked = rule(plain(FLOW), Operator.AT_LEAST, Term(FLOW, level=Level.BELOW))
    place = ("month", MAY.key)
    below = [sent(2), sent(3), {FLOW: NOT_APPLICABLE}]
    assert found(asked, sent(5), Around(below={place: below})) == []
    (finding,) = found(asked, sent(4), Around(below={place: below}))
    assert "(cộng các đơn vị cấp dưới)” (5)" in str(finding.sentence)
    assert finding.compared == (Compared(FLOW, Decimal(5), is_below=True),)
    assert found(asked, sent(0), Around(below={place: [*below, None]})) == []


def test_constants_multiples_and_tolerance_are_part_of_a_rule() -> None:
    asked = rule(
        plain(FLOW),
        Operator.AT_MOST,
        Term(STOCK, Decimal(2)),
        Term(times=Decimal(5)),
        tolerance=Decimal(1),
    )
    assert found(asked, sent(12, 3)) == []
    (finding,) = found(asked, sent(13, 3))
    assert "“2 × Đang giải quyết + 5” (11)" in str(finding.sentence)


@pytest.mark.parametrize(
    ("days", "is_asked"), [((None, None), True), ((MAY.end, MAY.end), True),
                           ((MAY.end + dt.timedelta(1), None), False),
                           ((None, MAY.start), False)]
)  # fmt: skip
def test_a_rule_holds_between_its_days(days, is_asked) -> None:
    start, end = days
    asked = rule(plain(FLOW), Operator.EQUAL, *plain(STOCK), start=start, end=end)
    assert bool(found(asked, sent(1, 2))) is is_asked


def test_a_rule_for_some_kinds_or_groups_asks_no_others() -> None:
    asked = rule(plain(FLOW), Operator.EQUAL, *plain(STOCK), kinds=frozenset({"a"}))
    assert found(asked, sent(1, 2), Around(kind="b")) == []
    assert len(found(asked, sent(1, 2), Around(kind="a"))) == 1
    asked = replace(asked, kinds=frozenset(), groups=frozenset({"g"}))
    assert found(asked, sent(1, 2), Around(groups=("h",))) == []
    assert len(found(asked, sent(1, 2), Around(groups=("g", "h")))) == 1


def test_a_longer_window_is_not_made_up_by_a_shorter_one() -> None:
    assert windows(Span.THIS, MAY, REGIME, Frequency.YEAR) is None


@given(
    history=st.dictionaries(st.integers(1, 4), st.integers(0, 50)),
    flow=st.integers(0, 50),
    stock=st.integers(0, 50),
)
def test_more_history_never_takes_back_what_must_be_fixed(history, flow, stock) -> None:
    asked = rule(plain(STOCK), Operator.AT_MOST, *plain(FLOW))
    own = {
        ("month", f"nd09-2023-m{n:02}"): sent(told, told) for n, told in history.items()
    }
    alone = found(asked, sent(flow, stock))
    assert found(asked, sent(flow, stock), Around(own)) == alone
    assert bool(alone) is (stock > flow)
