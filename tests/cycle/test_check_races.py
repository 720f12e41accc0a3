"""What if two people decide at the same instant, or a hundred? One outcome, explained.

The arena of tests/cycle/test_races.py: real threads, each with its own connection.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from tests import factories
from tests.cycle import test_races
from tests.cycle.test_races import FORM, alone
from tests.factories import AT, CITY, PROVINCE, THO_XUONG, crimes, month

from tongket.cycle import check, collect
from tongket.cycle.check import Seat, bulk
from tongket.domain.sentences import Refusal, Refusals
from tongket.records.models import BulkDecision, Return, ReturnVersion, Review

RACERS = 100
DISTRICT, TOP = [Seat(CITY)], [Seat(PROVINCE)]

pytestmark = pytest.mark.django_db(transaction=True)
_arena = test_races._arena


def racing(runners: list[Callable[[], Any]]) -> list[Any]:
    """Start everybody at once; return what each got, a refusal as a value."""

    def caught(runner: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            try:
                return runner()
            except Refusals as refused:
                (only,) = refused.refusals
                return only
            except Refusal as refused:
                return refused

        return run

    return test_races.racing([caught(runner) for runner in runners])


def sent(cases: int = 2, number: int = 12) -> list[ReturnVersion]:
    """Send the return of a commune, where the racers meet."""
    return alone(lambda: factories.sent(month(number), {THO_XUONG: crimes(cases)}))


def stands() -> tuple[str, str]:
    """Return the state of the return and for whom it waits."""

    def read() -> tuple[str, str]:
        row = Return.objects.select_related("awaits").get()
        return row.state, row.awaits.key if row.awaits else ""

    return alone(read)


def verdicts() -> list[str]:
    """Return what was decided, in order."""
    rows = Review.objects.order_by("id")
    return alone(lambda: list(rows.values_list("verdict", flat=True)))


def accepting(who: int, versions: list[ReturnVersion], seats: list[Seat]) -> Any:
    """Return the press of one reviewer."""
    return lambda: factories.decided(versions, by=f"reviewer-{who}", seats=seats)


def kinds(told: list[Any]) -> Counter[str]:
    """Count what the racers got, by its kind."""
    return Counter(
        type(each).__name__ if isinstance(each, Refusal) else "done" for each in told
    )


@pytest.mark.parametrize("racers", [2, RACERS])
def test_of_all_who_approve_at_once_one_does_and_the_others_read_who(
    racers: int,
) -> None:
    versions = sent()
    told = racing([accepting(who, versions, DISTRICT) for who in range(racers)])
    assert kinds(told) == {"done": 1, "DecidedMeanwhile": racers - 1}
    (winner,) = [each for each in told if not isinstance(each, Refusal)]
    losers = [str(each) for each in told if isinstance(each, Refusal)]
    by = winner[0].by
    assert all(each.startswith(f"{by} đã duyệt và chuyển cấp trên") for each in losers)
    assert all("lúc 12:00 12/01/2024" in each for each in losers)
    assert stands() == ("SENT", PROVINCE)
    assert verdicts() == ["APPROVED"]


def test_approving_and_sending_back_at_once_have_one_outcome() -> None:
    versions = sent()
    told = racing(
        [
            accepting(who, versions, DISTRICT)
            if who % 2
            else lambda who=who: factories.decided(
                versions, "Sai.", by=f"reviewer-{who}", seats=DISTRICT
            )
            for who in range(8)
        ]
    )
    assert kinds(told) == {"done": 1, "DecidedMeanwhile": 7}
    (verdict,) = verdicts()
    assert (
        stands()
        == {
            "APPROVED": ("SENT", PROVINCE),
            "SENT_BACK": ("SENT_BACK", ""),
        }[verdict]
    )


def test_a_unit_that_takes_back_while_it_is_approved_meets_one_outcome() -> None:
    versions = sent()

    def take_back() -> Review:
        return check.take_back(
            pack=factories.small_pack(), row=versions[0].of, by="own", at=AT
        )

    told = racing([take_back, *(accepting(n, versions, DISTRICT) for n in range(3))])
    assert kinds(told) == {"done": 1, "DecidedMeanwhile": 3}
    assert verdicts() in (["TAKEN_BACK"], ["APPROVED"])


def test_a_unit_that_sends_again_while_it_is_accepted_is_not_accepted_unseen() -> None:
    versions = sent()
    alone(accepting(0, versions, DISTRICT))
    seen = {versions[0].of_id: check.Seen(1, PROVINCE)}

    def send_again() -> list[ReturnVersion]:
        return factories.sent(month(12), {THO_XUONG: crimes(3)})

    def accept() -> list[Review]:
        return factories.decided(versions, by="top", seats=TOP, seen=seen)

    first, second = racing([send_again, accept])
    assert not isinstance(first, Refusal)
    assert stands() == ("SENT", CITY)  # the new version climbs from the first rung
    if isinstance(second, Refusal):
        assert "vừa gửi lần 2" in str(second)
        assert verdicts() == ["APPROVED"]
    else:
        assert second[0].version.number == 1
        assert verdicts() == ["APPROVED", "ACCEPTED"]


def test_of_two_amendments_at_once_one_is_filed_and_the_other_told() -> None:
    versions = sent()
    alone(lambda: factories.climbed([versions[0].of]))
    opened = alone(lambda: factories.opened(month(12)))
    alone(
        lambda: collect.close_period(opened=opened, reason="Chốt.", by="office", at=AT)
    )

    def amend(cases: int) -> ReturnVersion:
        return check.amend(
            pack=factories.small_pack(),
            opened=factories.opened(month(12)),
            unit=THO_XUONG,
            form=FORM.key,
            cells=crimes(cases),
            reason="Đếm sót.",
            seen=1,
            by=f"clerk-{cases}",
            at=AT,
        )

    told = racing([lambda cases=cases: amend(cases) for cases in range(3, 9)])
    assert kinds(told) == {"done": 1, "SentAgain": 5}
    assert stands() == ("SENT", CITY)
    assert alone(ReturnVersion.objects.count) == 2


def test_an_acceptance_is_withdrawn_once_by_all_who_press() -> None:
    versions = sent()
    alone(lambda: factories.climbed([versions[0].of]))

    def withdraw(who: int) -> Review:
        return check.withdraw(
            pack=factories.small_pack(),
            row=versions[0].of,
            seats=TOP,
            reason="Nhầm.",
            by=f"office-{who}",
            at=AT,
        )

    told = racing([lambda who=who: withdraw(who) for who in range(8)])
    assert kinds(told) == {"done": 1, "DecidedMeanwhile": 7}
    assert verdicts() == ["APPROVED", "ACCEPTED", "WITHDRAWN"]


def test_a_bulk_decision_pressed_many_times_decides_on_each_return_once() -> None:
    units = {unit: crimes(2) for unit in factories.COMMUNES}
    versions = alone(lambda: factories.sent(month(12), units))
    made = alone(lambda: bulk.start(versions=versions, by="reviewer", at=AT))
    given = {"pack": factories.small_pack(), "bulk": made, "seats": factories.SEATS}
    racing([lambda: bulk.step(**given, at=AT, size=1) for _ in range(8)])
    kept = alone(BulkDecision.objects.get)
    assert (kept.done, kept.left) == (4, [])
    assert verdicts() == ["APPROVED"] * 4
