"""Rules read what counts around a return, and doubts of other returns are lifted."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.factories import (
    AT,
    COMMUNES,
    DONG_TIEN,
    NGO_QUYEN,
    THO_XUONG,
    accepted,
    cells,
    crimes,
    month,
    sent,
)

from tongket.cycle import check
from tongket.cycle.check.beyond import sent_by_all
from tongket.loader.pack import Pack
from tongket.records.models import Doubt, ReturnVersion

CARRY = "reports-carry-over"


def open_reports(number: int, **others: Any) -> dict[str, Any]:
    return cells(reports_in_progress=number, **others)


def standing() -> list[tuple[str, str]]:
    return list(Doubt.objects.values_list("version__of__unit__key", "rule"))


def test_a_stock_that_does_not_follow_from_the_month_before_is_told(pack: Pack) -> None:
    accepted(month(1), {THO_XUONG: open_reports(3), NGO_QUYEN: open_reports(3)})
    versions = sent(month(2), {THO_XUONG: open_reports(5), NGO_QUYEN: open_reports(3)})
    check.examine(pack=pack, versions=versions, at=AT)
    assert standing() == [(THO_XUONG, CARRY)]
    finding = check.finding_of(Doubt.objects.get())
    assert finding.compared[0].period == "nd09-2023-m01"
    assert finding.compared[0].value == 3


def test_a_month_that_arrives_later_asks_the_waiting_one_again(pack: Pack) -> None:
    (later,) = sent(month(2), {THO_XUONG: open_reports(5)})
    assert check.examine(pack=pack, versions=[later], at=AT) == []
    (first,) = sent(month(1), {THO_XUONG: open_reports(3)})
    check.examine(pack=pack, versions=[first], at=AT)
    assert standing() == [(THO_XUONG, CARRY)]
    (mended,) = sent(month(1), {THO_XUONG: open_reports(5)})
    check.examine(pack=pack, versions=[mended], at=AT)
    assert standing() == []
    assert Doubt.everything.get().lifted_at == AT


def test_a_lifted_doubt_is_kept_as_it_was_and_is_not_lifted_twice(pack: Pack) -> None:
    test_a_month_that_arrives_later_asks_the_waiting_one_again(pack)
    lifted = Doubt.everything.all()
    for change in ({"lifted_at": None}, {"rule": "other"}, {"compared": []}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            lifted.update(**change)


def test_what_was_accepted_is_left_as_it_was_decided_on(pack: Pack) -> None:
    accepted(month(2), {THO_XUONG: open_reports(5)})
    versions = sent(month(1), {THO_XUONG: open_reports(3)})
    check.examine(pack=pack, versions=versions, at=AT)
    assert standing() == []


def test_the_sheet_is_told_beforehand_what_it_will_be_told_when_sent(
    pack: Pack,
) -> None:
    accepted(month(1), {THO_XUONG: open_reports(3)})
    held = open_reports(5, social_order_cleared=2)
    (version,) = sent(month(2), {THO_XUONG: held})
    told = check.look(
        pack=pack,
        opened=version.of.period,
        unit=THO_XUONG,
        form=version.of.form,
        current=held,
    )
    kept = check.examine(pack=pack, versions=[version], at=AT)
    assert [str(each.sentence) for each in told] == [
        str(check.finding_of(each).sentence) for each in kept
    ]
    assert len(kept) == 3


def test_what_was_taken_back_is_read_by_no_rule_and_is_nobody_s_peer(
    pack: Pack,
) -> None:
    accepted(month(1), {THO_XUONG: open_reports(3)})
    (late,) = sent(month(1), {THO_XUONG: open_reports(9)})
    check.take_back(pack=pack, row=late.of, by="own", at=AT)
    assert late.of.versions.count() == 2
    versions = sent(month(2), {THO_XUONG: open_reports(3)})
    assert check.examine(pack=pack, versions=versions, at=AT) == []
    (peer,) = sent_by_all(late.of.period, late.of.form)
    assert peer.cells["reports_in_progress"].value == 3


def test_the_later_of_two_equal_returns_is_a_copy_and_is_told_once(pack: Pack) -> None:
    numbers = {key: n + 3 for n, key in enumerate(("cameras", "traffic_cases",
               "traffic_injured", "drug_persons", "drug_cases_detected", "models",
               "model_sites", "outreach_sessions"))}  # fmt: skip
    busy = cells(outreach_people=90, **numbers)
    sent(month(1), {THO_XUONG: busy})
    sent(month(1), {DONG_TIEN: busy, NGO_QUYEN: crimes(1)})
    versions = check.latest()
    check.examine(pack=pack, versions=versions, at=AT)
    (doubt,) = check.compare(pack=pack, versions=versions)
    assert (doubt.rule, doubt.version.of.unit.key) == ("copied-unit", DONG_TIEN)
    assert "Thọ Xương" not in str(check.finding_of(doubt).sentence)
    assert check.compare(pack=pack, versions=versions) == []


def test_many_returns_are_examined_in_as_many_queries_as_two(
    pack: Pack, django_assert_max_num_queries: Any
) -> None:
    accepted(month(1), {unit: crimes(2) for unit in COMMUNES})
    sent(month(2), {unit: crimes(3) for unit in COMMUNES})
    versions = check.latest()
    with django_assert_max_num_queries(11):
        check.examine(pack=pack, versions=versions, at=AT)
    assert ReturnVersion.objects.filter(examined_at=AT).count() >= len(versions)
