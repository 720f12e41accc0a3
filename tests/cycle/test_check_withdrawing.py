"""Where does a return wait once its acceptance was withdrawn?"""

from tests.cycle.test_check_ladder import (
    AT_CITY,
    AT_PROVINCE,
    one,
    row,
    stands,
    withdraw,
)
from tests.factories import (
    APPROVER,
    AT,
    BY,
    CITY,
    PROVINCE,
    THO_XUONG,
    accepted,
    crimes,
    decided,
    month,
)

from tongket.cycle import check, rungs
from tongket.loader.pack import Pack


def test_what_was_accepted_in_place_of_a_rung_waits_there_when_it_is_withdrawn(
    pack: Pack,
) -> None:
    check.accept(
        pack=pack,
        returns=[one().of],
        seats=AT_PROVINCE,
        by=APPROVER,
        at=AT,
        reason="Huyện vắng.",
    )
    assert stands() == ("ACCEPTED", "")
    withdraw()
    assert stands() == ("SENT", CITY)
    assert list(rungs.waiting_at(pack, {CITY}, AT.date())) == [row()]
    decided([row().versions.get()], seats=AT_CITY)
    assert stands() == ("SENT", PROVINCE)


def test_nobody_decides_on_what_was_taken_back_when_the_version_before_is_withdrawn(
    pack: Pack,
) -> None:
    accepted(month(1), {THO_XUONG: crimes(5)})
    check.take_back(pack=pack, row=one(6).of, by=BY, at=AT)
    withdraw()
    assert stands() == ("TAKEN_BACK", "")
    assert check.latest([row()]) == []
    assert one(6).number == 3
    assert stands() == ("SENT", CITY)
