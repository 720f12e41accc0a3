"""Does a unit get more time only with a reason, and only as long as it was given?"""

import datetime as dt
from typing import Any

import pytest
from tests.factories import (
    AT,
    BY,
    COMMUNES,
    ENTERPRISES,
    NGO_QUYEN,
    THO_XUONG,
    crimes,
    form_of,
    instant,
    kinds,
    month,
    opened,
    sending,
    sent,
    small_pack,
)

from tongket.cycle import collect, extend
from tongket.domain.sentences import Refusals
from tongket.records.models import AuditEntry, Extension, OpenPeriod

DUE, LOCK = Extension.Kind.DUE, Extension.Kind.LOCK
FORM = form_of("commune-month").key
TODAY = dt.date(2024, 1, 12)
pytestmark = pytest.mark.usefixtures("pack")


def grant(row: OpenPeriod, *units: str, **given: Any) -> list[Extension]:
    """Give Thọ Xương, or the units named, time until 19/01/2024 unless told."""
    asked: dict[str, Any] = {
        "kind": DUE,
        "until": dt.date(2024, 1, 19),
        "reason": "Mất điện nhiều ngày.",
        **given,
    }
    return extend.grant(
        pack=small_pack(),
        opened=row,
        units=units or (THO_XUONG,),
        by=BY,
        at=AT,
        **asked,
    )


def due(row: OpenPeriod, unit: str = THO_XUONG) -> dt.date:
    """Return the day on which the unit's monthly form is due."""
    return collect.due_of(pack=small_pack(), opened=row, unit=unit, form=FORM)


def closed(row: OpenPeriod) -> OpenPeriod:
    """Close the period."""
    return collect.close_period(opened=row, reason="Đủ báo cáo.", by=BY, at=AT)


def may_send(row: OpenPeriod, on: dt.date, unit: str = THO_XUONG) -> bool:
    """Whether the unit may send its monthly form on a day."""
    return collect.may_send(opened=row, unit=unit, form=FORM, on=on)


def refused(row: OpenPeriod, *units: str, **given: Any) -> list[str]:
    """Return the names of the refusals; nothing was granted."""
    with pytest.raises(Refusals) as raised:
        grant(row, *units, **given)
    assert Extension.objects.count() == 0
    return kinds(raised.value)


def test_a_unit_is_due_on_the_day_it_was_granted_and_the_others_as_before() -> None:
    row = opened(month(1, 2024))
    common = due(row)
    grant(row)
    assert common == dt.date(2024, 1, 16)
    assert (due(row), due(row, NGO_QUYEN)) == (dt.date(2024, 1, 19), common)


def test_a_unit_with_more_time_is_neither_overdue_nor_late_until_it_is_over() -> None:
    row = opened(month(1, 2024))
    grant(row)
    sent(month(1, 2024), {THO_XUONG: crimes(1)}, sent_at=instant(dt.date(2024, 1, 19)))
    debts = collect.owing(pack=small_pack(), opened=row, on=dt.date(2024, 1, 17))
    (mine,) = [debt for debt in debts if debt.unit.unit == THO_XUONG]
    assert (mine.is_late, mine.extended_until) == (False, dt.date(2024, 1, 19))
    assert all(debt.is_overdue for debt in debts if debt is not mine)


def test_the_latest_extension_counts_also_when_it_is_the_shorter_one() -> None:
    row = opened(month(1, 2024))
    grant(row, until=dt.date(2024, 3, 1))
    grant(row, until=dt.date(2024, 1, 22), reason="Nhập nhầm tháng.")
    assert due(row) == dt.date(2024, 1, 22)


def test_an_extension_for_one_form_leaves_no_other_form_more_time() -> None:
    row = opened(month(1, 2024))
    grant(row, form=FORM)
    found = collect.Extensions([row])
    assert found.until(DUE, row, THO_XUONG, FORM) == dt.date(2024, 1, 19)
    assert found.until(DUE, row, THO_XUONG, "another") is None


def test_several_units_are_given_time_at_once_and_each_is_on_record() -> None:
    row = opened(month(1, 2024))
    grant(row, *COMMUNES)
    acts = AuditEntry.objects.filter(act="extend")
    assert [act.subject.split(":")[1] for act in acts] == list(COMMUNES)
    assert acts[0].new == {
        "kind": "DUE",
        "until": "2024-01-19",
        "reason": "Mất điện nhiều ngày.",
    }


def test_a_lock_exception_lets_one_unit_in_until_its_last_day() -> None:
    row = opened(month(12))
    closed(row)
    grant(row, kind=LOCK)
    days = (TODAY, dt.date(2024, 1, 19), dt.date(2024, 1, 20))
    assert [may_send(row, day) for day in days] == [True, True, False]
    assert not may_send(row, TODAY, NGO_QUYEN)


def test_a_closed_period_takes_the_return_of_the_unit_with_the_exception() -> None:
    row = opened(month(12))
    closed(row)
    grant(row, kind=LOCK)
    given = {"pack": small_pack(), "opened": row, "by": BY, "at": AT}
    arrived = [sending(THO_XUONG, crimes(1), sent_at=AT)]
    assert len(collect.receive(sendings=arrived, **given)) == 1
    with pytest.raises(Refusals) as raised:
        collect.receive(sendings=[sending(NGO_QUYEN, crimes(1))], **given)
    assert kinds(raised.value) == ["PeriodClosed"]


def test_a_lock_exception_that_is_over_lets_nobody_in() -> None:
    row = opened(month(12))
    closed(row)
    grant(row, kind=LOCK)
    with pytest.raises(Refusals) as raised:
        collect.receive(
            pack=small_pack(),
            opened=row,
            sendings=[sending(THO_XUONG, crimes(1))],
            by=BY,
            at=instant(dt.date(2024, 1, 20)),
        )
    assert kinds(raised.value) == ["PeriodClosed"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"reason": "  "}, "ReasonForExtension"),
        ({"until": None}, "NoDayGranted"),
        ({"until": dt.date(2024, 1, 11)}, "ExtensionPast"),
        ({"until": dt.date(2024, 1, 16)}, "ExtensionTooShort"),
        ({"until": dt.date(2204, 1, 19)}, "ExtensionTooLong"),
        ({"kind": LOCK}, "PeriodIsOpen"),
        ({"form": "another"}, "ExtensionNotOwed"),
    ],
)
def test_more_time_is_refused_in_a_sentence(given: dict[str, Any], name: str) -> None:
    assert name in refused(opened(month(1, 2024)), **given)


def test_a_unit_that_owes_nothing_or_does_not_exist_cannot_be_put_off() -> None:
    row = opened(month(1, 2024))
    found = refused(row, ENTERPRISES[0], "bg-nowhere", THO_XUONG)
    assert found == ["ExtensionNotOwed", "ExtensionNotOwed"]


def test_a_due_day_in_a_closed_period_is_refused() -> None:
    row = opened(month(12))
    closed(row)
    assert "PeriodIsClosed" in refused(row)


def test_the_same_day_is_not_granted_twice() -> None:
    row = opened(month(1, 2024))
    grant(row)
    with pytest.raises(Refusals) as raised:
        grant(row)
    assert kinds(raised.value) == ["ExtensionAgain"]


def test_one_unit_s_due_day_asks_for_that_unit_s_extensions_only() -> None:
    row = opened(month(12))
    grant(row, NGO_QUYEN)
    granted = collect.Extensions([row], [THO_XUONG])
    assert granted.until(DUE, row, NGO_QUYEN, FORM) is None
    assert due(row, NGO_QUYEN) == dt.date(2024, 1, 19)
    assert due(row) < dt.date(2024, 1, 19)


def test_nobody_gives_time_to_their_own_unit(pack: Any) -> None:
    row = opened(month(12))
    with pytest.raises(Refusals) as raised:
        grant(row, granters={THO_XUONG})
    assert kinds(raised.value) == ["ExtensionOfOneself"]
    assert "chỉ cấp trên được gia hạn" in str(raised.value)
    assert Extension.objects.count() == 0


def test_who_stands_above_gives_time_to_a_unit(pack: Any) -> None:
    row = opened(month(12))
    grant(row, granters={"bg-d213"})
    assert due(row) == dt.date(2024, 1, 19)
