"""What is doubtful is kept beside the version; what is blocked is not accepted."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.factories import (
    APPROVER,
    AT,
    CITY,
    COMMUNES,
    DONG_TIEN,
    NGO_QUYEN,
    PROVINCE,
    SEATS,
    THO_XUONG,
    YEAR,
    accepted,
    cells,
    climbed,
    crimes,
    decided,
    kinds,
    month,
    opened,
    sent,
)

from tongket.cycle import check
from tongket.domain.checks import Severity
from tongket.domain.figures import MISSING
from tongket.domain.sentences import Refusals
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import (
    Doubt,
    Return,
    ReturnVersion,
    Review,
    UnitVersion,
)

Acts = Callable[[], list[tuple[str, str]]]


def accepted_sound(pack: Pack, **fields: Any) -> tuple[int, int]:
    """Decide on what is sound in January from every seat."""
    given = {"seats": SEATS, "by": APPROVER, "at": AT, **fields}
    return check.accept_sound(pack=pack, opened=opened(month(1)), **given)


def rules() -> list[str]:
    return list(Doubt.objects.values_list("rule", flat=True))


def test_a_sound_return_raises_no_doubt(pack: Pack) -> None:
    versions = sent(month(1), {THO_XUONG: crimes(3)})
    assert check.examine(pack=pack, versions=versions, at=AT) == []
    assert ReturnVersion.objects.get().examined_at == AT


def test_a_contradiction_and_a_gap_are_kept_with_their_sentences(pack: Pack) -> None:
    held = crimes(3, theft_cases=2, cameras=MISSING)
    versions = sent(month(1), {THO_XUONG: held})
    found = check.examine(pack=pack, versions=versions, at=AT)
    assert [doubt.rule for doubt in found] == ["structure-adds-up", "gap"]
    kept = Doubt.objects.get(rule="structure-adds-up")
    assert (kept.measure, kept.severity) == ("theft_cases", "MUST_FIX")
    assert str(kept) == f"{kept.version} structure-adds-up"
    said = str(check.finding_of(kept).sentence)
    assert "(2) phải bằng “" in said
    assert said.endswith("Rà soát cơ cấu từng loại tội phạm để tổng bằng số vụ xảy ra.")


def test_what_was_examined_is_not_examined_again(pack: Pack) -> None:
    versions = sent(month(1), {THO_XUONG: crimes(3, theft_cases=2)})
    check.examine(pack=pack, versions=versions, at=AT)
    later = AT + dt.timedelta(days=1)
    assert check.examine(pack=pack, versions=versions, at=later) == []
    assert check.examine(pack=pack, versions=check.latest(), at=later) == []
    assert rules() == ["structure-adds-up"]
    assert ReturnVersion.objects.get().examined_at == AT


def test_a_month_far_above_all_earlier_ones_must_be_explained(pack: Pack) -> None:
    accepted(month(1), {THO_XUONG: crimes(2)})
    accepted(month(2), {THO_XUONG: crimes(3)})
    versions = sent(month(3), {THO_XUONG: crimes(10), NGO_QUYEN: crimes(10)})
    found = check.examine(pack=pack, versions=versions, at=AT)
    assert {doubt.rule for doubt in found} == {"jump"}
    assert {doubt.version.of.unit.key for doubt in found} == {THO_XUONG}
    said = str(check.finding_of(found[0]).sentence)
    assert "là 10, cao hơn 3 lần mức cao nhất các kỳ trước (3)" in said


def test_only_what_was_accepted_and_earlier_is_a_history(pack: Pack) -> None:
    accepted(month(4), {THO_XUONG: crimes(1)})  # a later month
    sent(month(1), {THO_XUONG: crimes(1)})  # nobody accepted it
    versions = sent(month(3), {THO_XUONG: crimes(10)})
    assert check.examine(pack=pack, versions=versions, at=AT) == []


def test_the_history_holds_an_amended_month_once_as_amended(pack: Pack) -> None:
    accepted(month(1), {THO_XUONG: crimes(9)})
    accepted(month(1), {THO_XUONG: crimes(1)})
    versions = sent(month(2), {THO_XUONG: crimes(10)})  # little beside 9, much beside 1
    found = check.examine(pack=pack, versions=versions, at=AT)
    assert {(doubt.rule, doubt.values["highest"]) for doubt in found} == {("jump", "1")}


def test_an_amendment_is_not_compared_with_what_it_replaces(pack: Pack) -> None:
    accepted(month(1), {THO_XUONG: crimes(1)})
    versions = sent(month(1), {THO_XUONG: crimes(10)})
    assert check.examine(pack=pack, versions=versions, at=AT) == []


def test_a_return_that_repeats_the_month_before_must_be_explained(pack: Pack) -> None:
    busy = crimes(
        4, social_order_cleared=3, cameras=9, outreach_sessions=2, outreach_people=80
    )
    accepted(month(1), {THO_XUONG: busy})
    versions = sent(month(2), {THO_XUONG: busy})
    check.examine(pack=pack, versions=versions, at=AT)
    assert rules() == ["same-as-before"]


def test_an_accepted_version_names_its_reviewer(pack: Pack, acts: Acts) -> None:
    (version,) = sent(month(1), {THO_XUONG: crimes(3)})
    climbed([version.of], by="reviewer")
    lower, review = Review.objects.order_by("id")
    assert (lower.verdict, lower.unit.key) == ("APPROVED", CITY)
    assert (review.verdict, review.by, review.at) == ("ACCEPTED", "reviewer", AT)
    assert (review.version, review.unit.key) == (version, PROVINCE)
    assert str(review) == f"{version} ACCEPTED"
    assert Return.objects.get().state == "ACCEPTED"
    assert [act for act, _ in acts()[-2:]] == ["approved", "accepted"]


def test_the_last_version_is_the_one_that_is_accepted(pack: Pack) -> None:
    sent(month(1), {THO_XUONG: crimes(3)})
    (second,) = sent(month(1), {THO_XUONG: crimes(4)})
    (review,) = decided([second])
    assert review.version == second


def test_the_second_of_two_reviewers_is_told_that_it_was_done(pack: Pack) -> None:
    (version,) = sent(month(1), {THO_XUONG: crimes(3)})
    decided([version], by="first", seats=[check.Seat(CITY)])
    with pytest.raises(Refusals) as refused:
        decided([version], by="second", seats=[check.Seat(CITY)])
    assert str(refused.value) == (
        "first đã duyệt và chuyển cấp trên báo cáo của Phường Thọ Xương kỳ "
        "nd09-2023-m01, lần gửi 1, lúc 12:00 12/01/2024; quyết định đó giữ nguyên."
    )
    assert kinds(refused.value) == ["DecidedMeanwhile"]
    assert [review.by for review in Review.objects.all()] == ["first"]


def test_what_was_accepted_cannot_be_sent_back_by_a_stale_page(pack: Pack) -> None:
    (row,) = accepted(month(1), {THO_XUONG: crimes(3)})
    with pytest.raises(Refusals, match="approver đã duyệt, nhận báo cáo"):
        decided(row.versions.all(), "Sai.")
    assert Return.objects.get().state == "ACCEPTED"


def test_what_must_be_fixed_is_not_accepted_whatever_is_said(pack: Pack) -> None:
    held = crimes(3, theft_cases=2)
    (version,) = sent(month(1), {THO_XUONG: held}, explanations={"*": "Đúng rồi."})
    with pytest.raises(Refusals, match="còn 1 nội dung phải sửa hoặc giải trình"):
        decided([version])
    assert Return.objects.get().state == "SENT"
    assert not Review.objects.exists()


def test_one_blocked_return_keeps_the_others_from_being_accepted(pack: Pack) -> None:
    returns = {THO_XUONG: crimes(3), NGO_QUYEN: crimes(3, theft_cases=2)}
    versions = sent(month(1), returns)
    with pytest.raises(Refusals, match="Phường Ngô Quyền") as refused:
        decided(versions)
    assert kinds(refused.value) == ["StillDoubtful"]
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("words", "blocked"),
    [
        ({}, True),
        ({"cameras": "không liên quan"}, True),
        ({"social_order_cleared": "Khám phá cả vụ tháng trước."}, False),
        ({"*": "Khám phá cả vụ tháng trước."}, False),
    ],
)
def test_what_must_be_explained_blocks_until_it_is(
    pack: Pack, words: dict[str, str], blocked: bool
) -> None:
    held = crimes(3, social_order_cleared=4)
    versions = sent(month(1), {THO_XUONG: held}, explanations=words)
    found = check.examine(pack=pack, versions=versions, at=AT)
    grave = [d.severity for d in found if d.severity != Severity.NOTE]
    assert grave == [Severity.MUST_EXPLAIN]
    assert check.is_blocked(versions[0], found) is blocked
    assert accepted_sound(pack) == ((0, 1) if blocked else (1, 0))


def test_a_return_is_sent_back_with_its_reason(pack: Pack, acts: Acts) -> None:
    (version,) = sent(month(1), {THO_XUONG: crimes(3)})
    (review,) = decided([version], "Sai.")
    assert (review.verdict, review.reason) == ("SENT_BACK", "Sai.")
    assert Return.objects.get().state == "SENT_BACK"
    assert acts()[-1][0] == "sent_back"
    assert check.latest() == []


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_no_return_is_sent_back_without_a_reason(pack: Pack, reason: str) -> None:
    versions = sent(month(1), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(1)})
    with pytest.raises(Refusals, match="Nêu lý do trả lại báo cáo của") as refused:
        check.send_back(
            pack=pack,
            returns=[version.of for version in versions],
            seats=SEATS,
            reason=reason,
            by=APPROVER,
            at=AT,
        )
    assert kinds(refused.value) == ["ReasonMissing", "ReasonMissing"]
    assert not Review.objects.exists()


def test_a_return_that_came_back_mended_can_be_accepted(pack: Pack) -> None:
    (version,) = sent(month(1), {THO_XUONG: crimes(3, theft_cases=2)})
    decided([version], "Sai cơ cấu.")
    (row,) = accepted(month(1), {THO_XUONG: crimes(3)})
    verdicts = Review.objects.values_list("version__number", "verdict")
    assert list(verdicts) == [(1, "SENT_BACK"), (2, "APPROVED"), (2, "ACCEPTED")]
    assert Return.objects.get() == row


@pytest.mark.parametrize("reason", ["", "Sai."])
def test_no_verdict_remains_when_its_audit_failed(
    pack: Pack, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (version,) = sent(month(1), {THO_XUONG: crimes(3)})
    monkeypatch.setattr(audit, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        decided([version], reason)
    assert Return.objects.get().state == "SENT"
    assert not Review.objects.exists()
    assert ReturnVersion.objects.get().examined_at is None


def test_all_that_is_sound_is_accepted_and_the_rest_is_left(pack: Pack) -> None:
    returns = {unit: crimes(2) for unit in COMMUNES}
    returns[DONG_TIEN] = crimes(2, theft_cases=1)
    sent(month(1), returns)
    assert accepted_sound(pack) == (3, 1)  # by the districts
    assert accepted_sound(pack) == (3, 1)  # by the province
    assert accepted_sound(pack) == (0, 1)
    (waiting,) = check.latest()
    assert waiting.of.unit.key == DONG_TIEN
    assert rules() == ["structure-adds-up"]


def test_a_reviewer_accepts_the_sound_returns_of_some_units_only(pack: Pack) -> None:
    sent(month(1), {unit: crimes(2) for unit in COMMUNES})
    assert accepted_sound(pack, units={THO_XUONG}) == (1, 0)
    assert [review.version.of.unit.key for review in Review.objects.all()] == [
        THO_XUONG
    ]


def test_waiting_returns_come_by_period_then_in_the_order_they_came(pack: Pack) -> None:
    sent(month(2), {DONG_TIEN: crimes(1)})
    sent(month(1), {THO_XUONG: crimes(1)})
    waiting = [(v.of.unit.key, v.of.period.period) for v in check.latest()]
    assert waiting == [
        (THO_XUONG, f"nd09-{YEAR}-m01"),
        (DONG_TIEN, f"nd09-{YEAR}-m02"),
    ]
    only = Return.objects.filter(unit__key=DONG_TIEN)
    assert [v.of.unit.key for v in check.latest(only)] == [DONG_TIEN]


def test_a_unit_without_a_name_on_the_day_is_called_by_another(pack: Pack) -> None:
    (row,) = accepted(month(1), {THO_XUONG: cells()})
    UnitVersion.objects.filter(unit__key=THO_XUONG).update(start_on=AT.date())
    with pytest.raises(Refusals, match="báo cáo của Phường Thọ Xương kỳ"):
        decided(row.versions.all())
