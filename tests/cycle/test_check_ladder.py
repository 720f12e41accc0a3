"""Who may decide on which return, in what order, and what does the loser read?"""

import datetime as dt
from collections.abc import Callable, Sequence

import pytest
from tests import factories
from tests.factories import (
    APPROVER,
    AT,
    BY,
    CITY,
    COMMUNES,
    DONG_TIEN,
    MONTHLY,
    NGO_QUYEN,
    PROVINCE,
    SEATS,
    THO_XUONG,
    YEN_THE,
    accepted,
    climbed,
    crimes,
    decided,
    form_of,
    kinds,
    month,
    opened,
    sending,
    sent,
    small_pack,
)

from tongket.cycle import check, collect, count, extend, rungs, summarise
from tongket.cycle.check import Seat, Seen, bulk
from tongket.domain.sentences import Refusals
from tongket.loader.pack import Pack
from tongket.records.models import (
    AuditEntry,
    BulkDecision,
    Extension,
    Return,
    ReturnVersion,
    Review,
)

Acts = Callable[[], list[tuple[str, str]]]
AT_CITY, AT_PROVINCE = [Seat(CITY)], [Seat(PROVINCE, stands_in=True)]
FORM = form_of(MONTHLY)


def one(cases: int = 3, unit: str = THO_XUONG, number: int = 1) -> ReturnVersion:
    """Send one return; return its version."""
    (version,) = sent(month(number), {unit: crimes(cases)})
    return version


def row(unit: str = THO_XUONG) -> Return:
    return Return.objects.get(unit__key=unit)


def stands(unit: str = THO_XUONG) -> tuple[str, str]:
    """Return the state of a unit's return and for whose decision it waits."""
    kept = row(unit)
    return kept.state, kept.awaits.key if kept.awaits else ""


def refusals(act: Callable[[], object]) -> list[str]:
    """Return the names of what an act is refused with."""
    with pytest.raises(Refusals) as raised:
        act()
    return kinds(raised.value)


def verdicts() -> list[str]:
    return list(Review.objects.order_by("id").values_list("verdict", flat=True))


def locked() -> None:
    """Close January."""
    collect.close_period(opened=opened(month(1)), reason="Chốt.", by="office", at=AT)


def amend(cases: int, seen: int = 1, reason: str = "Đếm sót.", **fields: object):
    """File an amended January of the commune."""
    given = {"by": BY, "at": AT, "seen": seen, "reason": reason, **fields}
    return check.amend(
        pack=small_pack(),
        opened=opened(month(1)),
        unit=THO_XUONG,
        form=FORM.key,
        cells=crimes(cases),
        **given,
    )


# --- rungs ----------------------------------------------------------------------------


def test_a_return_climbs_from_the_district_to_the_province(pack: Pack) -> None:
    version = one()
    assert stands() == ("SENT", CITY)
    decided([version], seats=AT_CITY)
    assert stands() == ("SENT", PROVINCE)
    decided([version], seats=AT_PROVINCE)
    assert stands() == ("ACCEPTED", "")
    assert verdicts() == ["APPROVED", "ACCEPTED"]


def test_what_only_a_lower_rung_approved_does_not_count(
    pack: Pack, counted: Callable[[], object]
) -> None:
    version = one(5)
    decided([version], seats=AT_CITY)
    period, province = month(1), pack.province

    def cases() -> object:
        found = count.readings(counted(), pack=pack, unit=province, period=period)
        return found["social_order_cases"].value

    assert not cases()
    decided([version], seats=AT_PROVINCE)
    assert cases() == 5


def test_who_sits_elsewhere_is_told_whose_turn_it_is(pack: Pack) -> None:
    version = one()
    with pytest.raises(Refusals, match="đang chờ Thành phố Bắc Giang duyệt"):
        decided([version], seats=[Seat(YEN_THE)])
    with pytest.raises(Refusals, match="chưa đến lượt đơn vị của bạn"):
        decided([version], seats=[Seat(PROVINCE)])
    assert stands() == ("SENT", CITY)


def test_the_unit_that_sent_does_not_approve(pack: Pack) -> None:
    version = one()
    words = r"Phường Thọ Xương là đơn vị gửi .* thuộc về Thành phố Bắc Giang"
    with pytest.raises(Refusals, match=words):
        decided([version], seats=[Seat(THO_XUONG)])


@pytest.mark.parametrize(
    ("by", "seat"), [(BY, Seat(CITY)), ("taker", Seat(CITY, on_behalf_of=BY))]
)
def test_who_sent_a_version_never_decides_on_the_return(
    pack: Pack, by: str, seat: Seat
) -> None:
    version = one()
    with pytest.raises(Refusals, match="tester đã gửi báo cáo") as raised:
        decided([version], by=by, seats=[seat])
    assert kinds(raised.value) == ["SameHand"]


def test_the_province_s_own_return_is_decided_by_a_second_person(pack: Pack) -> None:
    own = {PROVINCE: factories.cells("own-month")}
    (version,) = sent(month(1), own, "own-month")
    assert stands(PROVINCE) == ("SENT", PROVINCE)
    assert refusals(lambda: decided([version], by=BY, seats=AT_PROVINCE)) == [
        "SameHand"
    ]
    decided([version], by="second", seats=AT_PROVINCE)
    assert stands(PROVINCE) == ("ACCEPTED", "")


def test_the_standing_office_stands_in_for_a_lower_rung_with_a_reason(
    pack: Pack, acts: Acts
) -> None:
    version = one()
    assert refusals(lambda: decided([version], seats=AT_PROVINCE)) == [
        "ReasonForStandingIn"
    ]
    rows = [version.of]
    (review,) = check.accept(
        pack=pack,
        returns=rows,
        seats=AT_PROVINCE,
        by=APPROVER,
        at=AT,
        reason="Huyện mất điện.",
    )
    assert (review.verdict, review.reason) == ("ACCEPTED", "Huyện mất điện.")
    assert (review.unit.key, review.in_place_of.key) == (PROVINCE, CITY)
    assert stands() == ("ACCEPTED", "")
    assert AuditEntry.objects.latest("id").new["in_place_of"] == CITY


def test_one_s_own_seat_comes_before_one_that_was_given(pack: Pack) -> None:
    seats = [Seat(CITY, on_behalf_of="absent"), Seat(CITY)]
    (review,) = decided([one()], seats=seats)
    assert review.on_behalf_of == ""
    (other,) = decided([one(unit=NGO_QUYEN)], seats=seats[:1])
    assert other.on_behalf_of == "absent"


def test_what_another_decided_meanwhile_is_told_with_who_and_when(pack: Pack) -> None:
    version = one()
    decided([version], by="first", seats=AT_CITY)
    seen = {version.of_id: Seen(1, CITY)}
    with pytest.raises(Refusals, match="first đã duyệt và chuyển cấp trên") as raised:
        decided([version], seats=SEATS, seen=seen)
    assert "lúc 12:00 12/01/2024" in str(raised.value)
    assert verdicts() == ["APPROVED"]


def test_the_province_sends_back_over_the_district_s_head(pack: Pack) -> None:
    version = one()
    decided([version], seats=AT_CITY)
    decided([version], "Sai.", seats=AT_PROVINCE)
    assert stands() == ("SENT_BACK", "")
    one(4)
    assert stands() == ("SENT", CITY)  # from the first rung again


def test_what_waits_at_an_abolished_district_waits_at_the_next_rung(
    pack: Pack,
) -> None:
    one()
    one(unit=DONG_TIEN)
    gone = Return.objects.filter(unit__key=THO_XUONG)
    gone.update(awaits=None)  # as after a unit that nobody knows any more
    on = AT.date()
    assert list(rungs.waiting_at(pack, {CITY}, on)) == [row()]
    assert list(rungs.waiting_at(pack, {YEN_THE}, on)) == [row(DONG_TIEN)]
    assert not rungs.waiting_at(pack, {PROVINCE}, on)
    gone.update(awaits=row(DONG_TIEN).awaits)
    assert rungs.count_at(pack, {YEN_THE}, on) == 2


# --- reasons at cells -----------------------------------------------------------------


def test_a_reason_at_a_cell_is_enough_to_send_back(pack: Pack) -> None:
    cells = {"theft_cases": "Đối chiếu sổ thụ lý.", "cameras": "  "}
    (review,) = check.send_back(
        pack=pack,
        returns=[one().of],
        seats=AT_CITY,
        reason="",
        cells=cells,
        by=APPROVER,
        at=AT,
    )
    assert review.cells == {"theft_cases": "Đối chiếu sổ thụ lý."}
    assert AuditEntry.objects.latest("id").new["cells"] == review.cells


def test_a_reason_at_a_row_that_the_form_lacks_is_refused(pack: Pack) -> None:
    version = one()
    given = {"reason": "", "cells": {"nothing": "Sai."}, "by": APPROVER, "at": AT}
    with pytest.raises(Refusals, match="không có dòng “nothing”"):
        check.send_back(pack=pack, returns=[version.of], seats=AT_CITY, **given)
    assert stands() == ("SENT", CITY)


# --- taking back ----------------------------------------------------------------------


def test_a_sending_is_taken_back_while_nobody_decided(pack: Pack, acts: Acts) -> None:
    version = one()
    review = check.take_back(pack=pack, row=version.of, by=BY, at=AT, seen=1)
    assert (review.verdict, review.reason, review.unit) == ("TAKEN_BACK", "", None)
    assert stands() == ("TAKEN_BACK", "")
    assert acts()[-1][0] == "taken_back"
    assert check.latest() == []


def test_what_was_taken_back_may_be_sent_again_unchanged(pack: Pack) -> None:
    version = one()
    check.take_back(pack=pack, row=version.of, by=BY, at=AT)
    again = one()
    assert (again.number, stands()) == (2, ("SENT", CITY))


def test_what_was_decided_on_is_not_taken_back(pack: Pack) -> None:
    version = one()
    decided([version], by="first", seats=AT_CITY)
    with pytest.raises(check.DecidedMeanwhile, match="first đã duyệt"):
        check.take_back(pack=pack, row=version.of, by=BY, at=AT)
    assert stands() == ("SENT", PROVINCE)


def test_a_page_that_shows_an_older_version_takes_nothing_back(pack: Pack) -> None:
    one()
    second = one(4)
    with pytest.raises(check.SentAgain, match="vừa gửi lần 2"):
        check.take_back(pack=pack, row=second.of, by=BY, at=AT, seen=1)


def test_what_was_accepted_before_counts_on_when_the_next_is_taken_back(
    pack: Pack,
) -> None:
    accepted(month(1), {THO_XUONG: crimes(3)})
    second = one(4)
    check.take_back(pack=pack, row=second.of, by=BY, at=AT)
    assert stands() == ("ACCEPTED", "")
    assert one(4).number == 3


# --- withdrawing an acceptance --------------------------------------------------------


def withdraw(reason: str = "Duyệt nhầm.", seats: Sequence[Seat] = AT_PROVINCE):
    return check.withdraw(
        pack=small_pack(), row=row(), seats=seats, reason=reason, by=APPROVER, at=AT
    )


def test_a_withdrawn_acceptance_makes_nothing_count(
    pack: Pack, counted: Callable[[], object]
) -> None:
    accepted(month(1), {THO_XUONG: crimes(5)})
    counted()
    review = withdraw()
    assert (review.undoes.verdict, stands()) == ("ACCEPTED", ("SENT", PROVINCE))
    found = count.readings(counted(), pack=pack, unit=PROVINCE, period=month(1))
    assert not found["social_order_cases"].value
    climbed([row()])
    found = count.readings(counted(), pack=pack, unit=PROVINCE, period=month(1))
    assert found["social_order_cases"].value == 5


def test_an_acceptance_is_withdrawn_with_a_reason_by_who_accepted(pack: Pack) -> None:
    accepted(month(1), {THO_XUONG: crimes(5)})
    with pytest.raises(check.ReasonForWithdrawing, match="Nêu lý do thu hồi"):
        withdraw(reason=" ")
    with pytest.raises(check.NotYourAcceptance, match="do Tỉnh Bắc Giang nhận"):
        withdraw(seats=AT_CITY)
    withdraw()
    with pytest.raises(check.DecidedMeanwhile, match="đã thu hồi việc duyệt"):
        withdraw()


def test_what_was_not_accepted_is_not_withdrawn(pack: Pack) -> None:
    one()
    with pytest.raises(check.NotAccepted, match="chưa được nhận"):
        withdraw()


def test_after_the_lock_no_acceptance_is_withdrawn(pack: Pack) -> None:
    accepted(month(1), {THO_XUONG: crimes(5)})
    locked()
    with pytest.raises(check.LockedAcceptance, match="gửi bản đính chính"):
        withdraw()


def test_at_an_earlier_instant_the_undone_acceptance_still_counted(
    pack: Pack,
) -> None:
    accepted(month(1), {THO_XUONG: crimes(5)})
    later = AT + dt.timedelta(days=1)
    check.withdraw(
        pack=pack, row=row(), seats=AT_PROVINCE, reason="Nhầm.", by=APPROVER, at=later
    )
    part, units = opened(month(1)), [THO_XUONG]
    for at in (AT, later):
        found = summarise._counting(part, FORM.key, units, at)
        assert found[THO_XUONG]["theft_cases"].value == 5


# --- amendments -----------------------------------------------------------------------


def test_after_the_lock_an_amendment_climbs_again_and_the_old_one_counts(
    pack: Pack, counted: Callable[[], object], acts: Acts
) -> None:
    accepted(month(1), {THO_XUONG: crimes(5)})
    locked()
    version = amend(6)
    assert (version.number, version.amendment) == (2, "Đếm sót.")
    assert version.examined_at == AT
    assert stands() == ("SENT", CITY)

    def cases() -> object:
        found = count.readings(counted(), pack=pack, unit=PROVINCE, period=month(1))
        return found["social_order_cases"].value

    assert cases() == 5
    climbed([version.of])
    assert cases() == 6
    assert [act for act, _ in acts()[-3:]] == ["approved", "accepted", "revise"]
    told = AuditEntry.objects.latest("id")
    assert (told.old, told.new["version"]) == ({"version": 1}, 2)
    assert told.new["reason"] == "Đếm sót."


def test_the_standing_office_files_an_amendment_in_the_unit_s_place(
    pack: Pack,
) -> None:
    accepted(month(1), {THO_XUONG: crimes(5)})
    locked()
    version = amend(6, filed_at=PROVINCE, by="office")
    assert version.filed_at.key == PROVINCE
    assert AuditEntry.objects.latest("id").new["unit"] == PROVINCE


@pytest.mark.parametrize(
    ("act", "refusal", "words"),
    [
        (lambda: amend(6, reason=" "), check.ReasonForAmending, "Nêu lý do đính chính"),
        (lambda: amend(5), check.NothingAmended, "không khác lần gửi 1"),
        (lambda: amend(6, seen=0), check.SentAgain, "vừa gửi lần 1"),
    ],
)
def test_an_amendment_says_why_and_what(
    pack: Pack, act: Callable[[], object], refusal: type[Exception], words: str
) -> None:
    # As `accepted` sends it, with the words that `amend` does not repeat.
    climbed([one(5).of])
    locked()
    with pytest.raises(refusal, match=words):
        act()


def test_nothing_is_amended_before_the_lock_or_before_it_was_accepted(
    pack: Pack,
) -> None:
    one(5)
    with pytest.raises(check.NotLocked, match="chưa khóa"):
        amend(6)
    locked()
    with pytest.raises(check.NothingToAmend, match="không có gì để đính chính"):
        amend(6)


def test_after_the_lock_nothing_else_comes_in(pack: Pack) -> None:
    accepted(month(1), {THO_XUONG: crimes(5)})
    locked()
    with pytest.raises(Refusals, match="đã khóa"):
        one(6)
    extend.grant(
        pack=pack,
        opened=opened(month(1)),
        units=[NGO_QUYEN],
        kind=Extension.Kind.LOCK,
        until=AT.date(),
        reason="Mất điện.",
        by="office",
        at=AT,
    )
    given = {"opened": opened(month(1)), "by": BY, "at": AT, "pack": pack}
    (late,) = collect.receive(sendings=[sending(NGO_QUYEN, crimes(1))], **given)
    assert late.amendment == ""


# --- in bulk --------------------------------------------------------------------------


def many(**wrong: object) -> list[ReturnVersion]:
    return sent(month(1), {unit: crimes(2) for unit in COMMUNES} | wrong)


def test_a_bulk_decision_goes_in_portions_and_tells_what_is_left_and_why(
    pack: Pack,
) -> None:
    versions = many(**{NGO_QUYEN: crimes(2, theft_cases=1)})
    made = bulk.start(versions=versions, by=APPROVER, at=AT)
    made = bulk.step(pack=pack, bulk=made, seats=SEATS, at=AT, size=3)
    assert (made.done, made.ended_at) == (3, None)
    made = bulk.run(pack=pack, bulk=made, seats=SEATS, at=AT)
    assert (made.done, made.ended_at) == (4, AT)
    assert str(made) == f"{APPROVER} 4/4"
    ((left, words, values),) = made.left
    assert left == row(NGO_QUYEN).pk
    assert "nội dung phải sửa" in words
    assert values["unit"] == "Phường Ngô Quyền"
    assert verdicts() == ["APPROVED"] * 3
    assert bulk.step(pack=pack, bulk=made, seats=SEATS, at=AT).done == 4


def test_a_portion_that_fails_is_decided_not_at_all_and_taken_up_again(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bulk.start(versions=many(), by=APPROVER, at=AT)
    given = {"pack": pack, "bulk": made, "seats": SEATS, "at": AT}
    bulk.step(**given, size=2)
    with monkeypatch.context() as patch:
        patch.setattr(bulk, "approve", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bulk.step(**given, size=2)
    assert (BulkDecision.objects.get().done, len(verdicts())) == (2, 2)
    assert bulk.run(**given).done == 4
    assert verdicts() == ["APPROVED"] * 4


def test_a_version_sent_meanwhile_is_left_by_the_bulk(pack: Pack) -> None:
    made = bulk.start(versions=many(), by=APPROVER, at=AT)
    one(9)
    made = bulk.run(pack=pack, bulk=made, seats=SEATS, at=AT)
    assert [pk for pk, _, _ in made.left] == [row().pk]


def test_nothing_is_decided_when_nothing_was_chosen(pack: Pack) -> None:
    with pytest.raises(bulk.NothingChosen, match="Chọn ít nhất một báo cáo"):
        bulk.start(versions=[], by=APPROVER, at=AT)


def test_what_runs_the_system_lets_all_that_is_sound_climb_at_once(pack: Pack) -> None:
    many(**{NGO_QUYEN: crimes(2, theft_cases=1)})
    told = check.climb_sound(pack=pack, opened=opened(month(1)), by=APPROVER, at=AT)
    assert told == (3, 1)
