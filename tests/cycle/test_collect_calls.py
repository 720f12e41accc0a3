"""Is a thematic or ad hoc return asked for with days and a reason of its own?"""

import datetime as dt

import pytest
from tests.cycle.test_collect import with_scheme
from tests.factories import (
    AT,
    BY,
    MONTHLY,
    kinds,
    month,
    small_pack,
)

from tongket.cycle import collect
from tongket.domain.periods import Period
from tongket.domain.sentences import Refusals
from tongket.loader.pack import Pack
from tongket.records.models import (
    AuditEntry,
    OpenPeriod,
)

CALL = "narcotics-call"


def a_call(due: int = 24) -> Period:
    """Return the window of a call in January 2024."""
    day = dt.date(2024, 1, 20)
    regime = small_pack().regimes["nd09"]
    return regime.call(dt.date(2024, 1, 1), day, dt.date(2024, 1, due))


def test_a_call_is_opened_with_days_and_a_reason_of_its_own(pack: Pack) -> None:
    given = {"pack": pack, "scheme": CALL, "period": a_call(), "by": BY, "at": AT}
    row = collect.open_period(**given, reason=" Theo công văn của tỉnh. ")
    assert row.reason == "Theo công văn của tỉnh."
    assert collect.window(pack, row) == a_call()
    debts = collect.owing(pack=pack, opened=row, on=dt.date(2024, 1, 25))
    assert {(each.due, each.is_overdue) for each in debts} == {
        (dt.date(2024, 1, 24), True)
    }
    (act,) = AuditEntry.objects.filter(act="open_period")
    assert act.new["reason"] == row.reason


def test_a_call_without_a_reason_or_due_too_early_is_refused_at_once(
    pack: Pack,
) -> None:
    with pytest.raises(Refusals) as raised:
        collect.open_period(
            pack=pack, scheme=CALL, period=a_call(due=21), by=BY, at=AT, reason=" "
        )
    assert kinds(raised.value) == ["CallDueTooEarly", "ReasonForCall"]
    assert not OpenPeriod.objects.exists()


def test_a_call_for_a_scheme_that_lacks_one_of_the_ten_items_is_refused(
    pack: Pack,
) -> None:
    changed = with_scheme(CALL, outline="")
    with pytest.raises(Refusals) as raised:
        collect.open_period(
            pack=changed, scheme=CALL, period=a_call(), by=BY, at=AT, reason="Vì"
        )
    assert kinds(raised.value) == ["SchemeIncomplete"]


def test_a_month_is_no_call_and_a_call_no_month(pack: Pack) -> None:
    for scheme, period in ((CALL, month(1)), (MONTHLY, a_call())):
        with pytest.raises(collect.PeriodMismatch):
            collect.open_period(
                pack=pack, scheme=scheme, period=period, by=BY, at=AT, reason="Vì"
            )
