"""Who owes what for which period, and what is kept of what they send."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests import factories
from tests.factories import (
    AT,
    BY,
    CITY,
    COMMUNE_YEAR,
    COMMUNES,
    ENTERPRISE_YEAR,
    ENTERPRISES,
    MONTHLY,
    NGO_QUYEN,
    THO_XUONG,
    cells,
    crimes,
    form_of,
    instant,
    kinds,
    month,
    opened,
    sending,
    sent,
    small_pack,
    year,
)

from tongket.cycle import collect
from tongket.domain.dated import CheckedOnlyUntil
from tongket.domain.figures import NOT_APPLICABLE
from tongket.domain.periods import Frequency, Period
from tongket.domain.reporting import TEN_ITEMS, Assignment
from tongket.domain.sentences import Refusals
from tongket.domain.units import UnknownUnit
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import (
    AuditEntry,
    OpenPeriod,
    Return,
    ReturnVersion,
    Unit,
    UnitGroup,
)

Acts = Callable[[], list[tuple[str, str]]]


def open_january(pack: Pack, scheme: str = MONTHLY) -> OpenPeriod:
    return collect.open_period(pack=pack, scheme=scheme, period=month(1), by=BY, at=AT)


def test_an_opened_period_keeps_its_days_and_the_facts_it_was_opened_under(
    pack: Pack, acts: Acts
) -> None:
    row = open_january(pack)
    row.refresh_from_db()
    assert (row.start_on, row.end_on) == (dt.date(2022, 12, 15), dt.date(2023, 1, 14))
    assert (row.state, row.pack_fingerprint) == ("OPEN", pack.fingerprint)
    assert (row.opened_at, row.opened_by) == (AT, BY)
    assert str(row) == "commune-month nd09-2023-m01"
    assert acts() == [("open_period", "period:commune-month:nd09-2023-m01")]
    assert collect.window(pack, row) == month(1)


def test_a_period_is_opened_once(pack: Pack) -> None:
    open_january(pack)
    with pytest.raises(collect.AlreadyOpen, match=r"tháng 01/2023.*được mở từ trước"):
        open_january(pack)
    assert OpenPeriod.objects.count() == 1


def test_a_period_due_beyond_the_table_of_holidays_is_not_opened(pack: Pack) -> None:
    # Once opened, no list of what is owed could be shown any more.
    last = month(12, pack.calendar.checked_until.year + 1)
    with pytest.raises(CheckedOnlyUntil, match="holidays"):
        collect.open_period(pack=pack, scheme=MONTHLY, period=last, by=BY, at=AT)
    assert not OpenPeriod.objects.exists()


def test_a_scheme_nobody_knows_is_refused_with_those_that_are_known(pack: Pack) -> None:
    with pytest.raises(
        collect.SchemeUnknown, match=r"“weekly”.*commune-month, "
    ) as got:
        collect.open_period(pack=pack, scheme="weekly", period=month(1), by=BY, at=AT)
    assert isinstance(got.value, LookupError)


@pytest.mark.parametrize(
    "period",
    [
        year(),
        year(regime="tt124"),
        small_pack().regimes["nd09"].period(Frequency.QUARTER, 2023, 1),
    ],
    ids=["a year", "another rule", "a quarter"],
)
def test_a_period_of_another_rule_or_length_is_refused(
    pack: Pack, period: Period
) -> None:
    with pytest.raises(collect.PeriodMismatch, match=r"\(quy tắc nd09\); chọn kỳ khác"):
        collect.open_period(pack=pack, scheme=MONTHLY, period=period, by=BY, at=AT)
    assert not OpenPeriod.objects.exists()


@pytest.mark.parametrize("item", TEN_ITEMS)
def test_a_scheme_that_lacks_one_of_the_ten_items_opens_no_period(
    pack: Pack, acts: Acts, item: str
) -> None:
    whole = pack.schemes[MONTHLY]
    empty = type(getattr(whole, item))() if item != "frequency" else None
    lacking = replace(whole, **{item: empty})
    broken = replace(pack, schemes={**pack.schemes, MONTHLY: lacking})
    with pytest.raises(Refusals, match=f"thiếu {TEN_ITEMS[item]}.*trước khi mở kỳ"):
        open_january(broken)
    assert not OpenPeriod.objects.exists()
    assert acts() == []


def test_all_that_a_scheme_lacks_is_said_at_once(pack: Pack) -> None:
    lacking = replace(
        pack.schemes[MONTHLY], method="", recipient="", deadlines={"district": 0}
    )
    broken = replace(pack, schemes={MONTHLY: lacking})
    with pytest.raises(Refusals) as refused:
        open_january(broken)
    assert kinds(refused.value) == [
        "SchemeIncomplete",
        "SchemeIncomplete",
        "DeadlineMissing",
        "DeadlineTooEarly",
    ]


def test_no_period_is_open_when_its_audit_failed(
    pack: Pack, broken_audit: type[Exception]
) -> None:
    with pytest.raises(broken_audit):
        open_january(pack)
    assert not OpenPeriod.objects.exists()


def test_a_return_is_kept_as_its_first_version(pack: Pack, acts: Acts) -> None:
    row = open_january(pack)
    held = crimes(3, theft_cases=2, fraud_cases=1, cameras=NOT_APPLICABLE)
    (version,) = collect.receive(
        pack=pack,
        opened=row,
        sendings=[sending(THO_XUONG, held)],
        by="commune",
        at=AT,
    )
    version.refresh_from_db()
    assert (version.number, version.sent_by, version.channel) == (1, "commune", "WEB")
    assert version.sent_at == instant(dt.date(2022, 12, 31))
    assert version.cells["theft_cases"] == ["REPORTED", "2"]
    assert version.cells["cameras"] == ["NOT_APPLICABLE", None]
    assert len(version.cells) == 39
    kept = Return.objects.get()
    assert (kept.unit.key, kept.state) == (THO_XUONG, "SENT")
    assert str(version) == f"{kept} v1"
    assert acts()[-1] == (
        "receive",
        f"return:{THO_XUONG}:commune-month-2022:nd09-2023-m01",
    )


def test_a_second_sending_is_a_second_version_and_the_first_stays(pack: Pack) -> None:
    sent(month(1), {THO_XUONG: crimes(3)})
    (second,) = sent(month(1), {THO_XUONG: crimes(4)})
    assert second.number == 2
    assert Return.objects.count() == 1
    told = ReturnVersion.objects.values_list("number", "cells__theft_cases")
    assert list(told) == [(1, ["REPORTED", "3"]), (2, ["REPORTED", "4"])]


def test_a_sending_equal_to_the_last_version_is_no_new_version(
    pack: Pack, acts: Acts
) -> None:
    sent(month(1), {THO_XUONG: crimes(3)})
    before = acts()
    assert sent(month(1), {THO_XUONG: crimes(3)}) == []
    assert sent(month(1), {THO_XUONG: crimes(3)}, explanations={"x": "  "}) == []
    assert ReturnVersion.objects.count() == 1
    assert acts() == before


def test_a_sending_equal_to_an_older_version_is_a_new_one(pack: Pack) -> None:
    for number in (3, 4, 3):
        sent(month(1), {THO_XUONG: crimes(number)})
    numbers = ReturnVersion.objects.values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]


def test_words_for_odd_figures_make_a_new_version_of_the_same_cells(pack: Pack) -> None:
    sent(month(1), {THO_XUONG: crimes(3)})
    words = {"theft_cases": "Một nhóm trộm xe máy.", "cameras": " "}
    (version,) = sent(month(1), {THO_XUONG: crimes(3)}, explanations=words)
    assert version.number == 2
    assert version.explanations == {"theft_cases": "Một nhóm trộm xe máy."}


def test_two_sendings_of_one_unit_in_one_go_are_two_versions(pack: Pack) -> None:
    row = open_january(pack)
    given = [sending(THO_XUONG, crimes(n)) for n in (1, 2, 2)]
    versions = collect.receive(pack=pack, opened=row, sendings=given, by=BY, at=AT)
    assert [version.number for version in versions] == [1, 2]
    assert Return.objects.count() == 1


def test_a_corrected_return_waits_for_the_reviewer_again(pack: Pack) -> None:
    (version,) = sent(month(1), {THO_XUONG: crimes(3)})
    factories.climbed([version.of])
    assert Return.objects.get().state == "ACCEPTED"
    sent(month(1), {THO_XUONG: crimes(3)})
    assert Return.objects.get().state == "ACCEPTED"  # nothing new was said
    sent(month(1), {THO_XUONG: crimes(2)})
    assert Return.objects.get().state == "SENT"


def test_nothing_is_kept_of_a_sending_whose_audit_failed(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = open_january(pack)

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(OSError, match="disk full"):
        collect.receive(
            pack=pack,
            opened=row,
            sendings=[sending(THO_XUONG, crimes(1))],
            by=BY,
            at=AT,
        )
    assert not Return.objects.exists()
    assert not ReturnVersion.objects.exists()


def test_a_closed_period_takes_nothing_more(pack: Pack, acts: Acts) -> None:
    row = open_january(pack)
    collect.close_period(opened=row, reason="Đã chốt số liệu.", by=BY, at=AT)
    with pytest.raises(Refusals, match=r"tháng 01/2023 đã khóa.*Phường Thọ Xương"):
        collect.receive(
            pack=pack,
            opened=row,
            sendings=[sending(THO_XUONG, crimes(1))],
            by=BY,
            at=AT,
        )
    assert not Return.objects.exists()
    assert acts()[-1] == ("close_period", "period:commune-month:nd09-2023-m01")
    entry = AuditEntry.objects.last()
    assert entry is not None
    assert (entry.old, entry.new["reason"]) == ("OPEN", "Đã chốt số liệu.")


def test_a_period_is_opened_again_with_a_reason_and_takes_returns(
    pack: Pack, acts: Acts
) -> None:
    row = open_january(pack)
    collect.close_period(opened=row, reason="Đã chốt số liệu.", by=BY, at=AT)
    collect.reopen_period(opened=row, reason="Xã gửi nhầm biểu.", by=BY, at=AT)
    assert acts()[-1] == ("reopen_period", "period:commune-month:nd09-2023-m01")
    assert len(sent(month(1), {THO_XUONG: crimes(1)})) == 1


@pytest.mark.parametrize("turn", [collect.close_period, collect.reopen_period])
def test_a_period_is_not_turned_without_a_reason(
    pack: Pack, acts: Acts, turn: Callable[..., OpenPeriod]
) -> None:
    row = open_january(pack)
    with pytest.raises(collect.ReasonForTurning, match="lý do khóa hoặc mở lại kỳ"):
        turn(opened=row, reason="  ", by=BY, at=AT)
    assert OpenPeriod.objects.get().state == "OPEN"
    assert len(acts()) == 1


def test_a_period_stays_open_when_the_audit_of_its_closing_failed(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = open_january(pack)
    monkeypatch.setattr(audit, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        collect.close_period(opened=row, reason="x", by=BY, at=AT)
    assert OpenPeriod.objects.get().state == "OPEN"


def test_one_return_that_is_not_owed_keeps_all_others_out(pack: Pack) -> None:
    row = open_january(pack)
    enterprise = sending(ENTERPRISES[0], cells(ENTERPRISE_YEAR), ENTERPRISE_YEAR)
    other_form = sending(THO_XUONG, cells(COMMUNE_YEAR), COMMUNE_YEAR)
    given = [
        sending(NGO_QUYEN, crimes(1)),
        sending(CITY, crimes(1)),
        enterprise,
        other_form,
    ]
    with pytest.raises(Refusals) as refused:
        collect.receive(pack=pack, opened=row, sendings=given, by=BY, at=AT)
    assert kinds(refused.value) == ["NotOwed"] * 3
    assert str(refused.value.refusals[0]) == (
        "Thành phố Bắc Giang không thuộc đối tượng gửi biểu commune-month-2022 kỳ "
        "tháng 01/2023."
    )
    assert not Return.objects.exists()


def test_a_unit_that_owes_two_forms_has_a_return_on_each(pack: Pack) -> None:
    forms = (form_of(MONTHLY).key, form_of(COMMUNE_YEAR).key)
    scheme = replace(pack.schemes[MONTHLY], forms=forms)
    both = replace(pack, schemes={**pack.schemes, MONTHLY: scheme})
    row = open_january(both)
    given = [
        sending(THO_XUONG, crimes(1)),
        sending(THO_XUONG, cells(COMMUNE_YEAR), COMMUNE_YEAR),
    ]
    versions = collect.receive(pack=both, opened=row, sendings=given, by=BY, at=AT)
    assert [(each.of.form, each.number) for each in versions] == [
        (form, 1) for form in forms
    ]
    debts = collect.owing(pack=both, opened=row, on=AT.date())
    assert len(debts) == 2 * len(COMMUNES)
    assert [debt.form for debt in debts if debt.state] == list(forms)
    assert [debt.form for debt in debts[:2]] == list(forms)


def test_a_unit_nobody_knows_is_refused(pack: Pack) -> None:
    with pytest.raises(UnknownUnit, match="Không có đơn vị “nowhere”"):
        collect.receive(
            pack=pack,
            opened=open_january(pack),
            sendings=[sending("nowhere", crimes(1))],
            by=BY,
            at=AT,
        )


# What is owed, and by when


def test_every_commune_owes_the_month_two_working_days_after_its_end(
    pack: Pack,
) -> None:
    row = open_january(pack)
    # 14/01/2023 is a Saturday: Monday is the first working day, Tuesday the second.
    debts = collect.owing(pack=pack, opened=row, on=dt.date(2023, 1, 17))
    assert [debt.unit.unit for debt in debts] == list(COMMUNES)
    assert {debt.due for debt in debts} == {dt.date(2023, 1, 17)}
    assert not any(debt.is_overdue or debt.is_late or debt.state for debt in debts)


def test_a_return_is_overdue_on_the_day_after_it_was_due(pack: Pack) -> None:
    row = open_january(pack)
    sent(month(1), {THO_XUONG: crimes(1)})
    debts = collect.owing(pack=pack, opened=row, on=dt.date(2023, 1, 18))
    assert {debt.unit.unit for debt in debts if debt.is_overdue} == {*COMMUNES} - {
        THO_XUONG
    }
    assert {debt.state for debt in debts} == {"", "SENT"}


@pytest.mark.parametrize(
    ("at", "late"),
    [
        (instant(dt.date(2023, 1, 17), 23, 59), False),
        (instant(dt.date(2023, 1, 18), 0, 0), True),
        (instant(dt.date(2023, 1, 18), 6, 59), True),
    ],
)
def test_a_return_is_late_from_midnight_in_vietnam(
    pack: Pack, at: dt.datetime, late: bool
) -> None:
    sent(month(1), {THO_XUONG: crimes(1)}, sent_at=at)
    (debt,) = [
        each
        for each in collect.owing(pack=pack, opened=opened(month(1)), on=at.date())
        if each.unit.unit == THO_XUONG
    ]
    assert debt.is_late is late
    assert debt.sent_at == at
    assert not debt.is_overdue


def test_only_the_first_sending_says_whether_a_unit_was_late(pack: Pack) -> None:
    sent(month(1), {THO_XUONG: crimes(1)}, sent_at=instant(dt.date(2023, 1, 16)))
    sent(month(1), {THO_XUONG: crimes(2)}, sent_at=instant(dt.date(2023, 3, 1)))
    debts = collect.owing(pack=pack, opened=opened(month(1)), on=AT.date())
    assert [debt.is_late for debt in debts if debt.sent_at] == [False]


def with_scheme(scheme: str, **changed: Any) -> Pack:
    """Return the small pack with one of its reporting schemes changed."""
    pack = small_pack()
    other = replace(pack.schemes[scheme], **changed)
    return replace(pack, schemes={**pack.schemes, scheme: other})


def owing_units(pack: Pack, row: OpenPeriod) -> set[str]:
    """Return the units that owe anything for the period."""
    return {unit.unit for unit, _ in collect.owed(pack=pack, opened=row)}


def test_only_the_members_of_a_group_on_the_last_day_owe_its_form(pack: Pack) -> None:
    row = opened(month(1))
    for key, end in ((THO_XUONG, None), (NGO_QUYEN, row.end_on - dt.timedelta(1))):
        unit = Unit.objects.get(key=key)
        UnitGroup.objects.create(
            unit=unit, group="ven-do", start_on=dt.date(2022, 1, 1), end_on=end
        )
    only = Assignment("commune-month-2022", groups=("ven-do",))
    changed = with_scheme("commune-month", assignments=(only,))
    assert owing_units(changed, row) == {THO_XUONG}
    forms = {
        unit: collect.owed_forms(pack=changed, opened=row, unit=unit)
        for unit in (THO_XUONG, NGO_QUYEN, "bg-nowhere")
    }
    assert forms == {
        THO_XUONG: ("commune-month-2022",),
        NGO_QUYEN: (),
        "bg-nowhere": (),
    }
    with pytest.raises(Refusals) as raised:
        collect.receive(
            pack=changed,
            opened=row,
            sendings=[sending(NGO_QUYEN, crimes(1))],
            by=BY,
            at=AT,
        )
    assert kinds(raised.value) == ["NotOwed"]


def test_the_last_day_of_the_period_decides_which_edition_is_owed(pack: Pack) -> None:
    old = replace(pack.forms["commune-month-2022"], end=month(1).end)
    new = replace(old, key="commune-month-2023", start=month(2).start, end=None)
    scheme = replace(pack.schemes["commune-month"], forms=(old.key, new.key))
    changed = replace(
        pack,
        forms={**pack.forms, old.key: old, new.key: new},
        schemes={**pack.schemes, scheme.key: scheme},
    )
    forms = [
        collect.owed_forms(pack=changed, opened=opened(month(number)), unit=THO_XUONG)
        for number in (1, 2)
    ]
    assert forms == [(old.key,), (new.key,)]


def test_who_owes_is_asked_in_as_many_queries_for_few_units_as_for_many(
    pack: Pack, django_assert_max_num_queries: Any
) -> None:
    row = opened(month(1))
    with django_assert_max_num_queries(8):
        collect.owing(pack=pack, opened=row, on=AT.date())


def test_a_scheme_with_another_cut_off_than_its_like_opens_nothing(pack: Pack) -> None:
    changed = with_scheme("own-month", cut_off="Hết ngày 20 của tháng")
    with pytest.raises(Refusals) as raised:
        collect.open_period(
            pack=changed, scheme="commune-month", period=month(1), by=BY, at=AT
        )
    assert kinds(raised.value) == ["CutOffDiffers"]
