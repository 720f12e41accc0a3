"""What is taken back: a sending by its sender, an acceptance by the last rung?

Nothing is deleted: both are decisions of their own about the version.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from tongket.cycle import rungs
from tongket.cycle.check.deciding import subject
from tongket.cycle.check.turns import Seat, SentAgain, Turns, names, told_of, unit_name
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import (
    COUNTS,
    OpenPeriod,
    Return,
    ReturnVersion,
    Review,
    Unit,
)


class NotAccepted(Refusal):
    """An acceptance is withdrawn that does not stand."""

    words = "Báo cáo của {unit} kỳ {period} chưa được nhận, không có gì để thu hồi."


class LockedAcceptance(Refusal):
    """After the lock an accepted return changes by an amendment only."""

    words = (
        "Kỳ {period} đã khóa nên không thu hồi việc duyệt báo cáo của {unit}; đơn vị "
        "gửi bản đính chính kèm lý do."
    )


class NotYourAcceptance(Refusal):
    """Another unit accepted the return."""

    words = (
        "Báo cáo của {unit} kỳ {period} do {awaited} nhận; chỉ cấp đó thu hồi được "
        "việc duyệt."
    )


class ReasonForWithdrawing(Refusal):
    """An acceptance is withdrawn only with a reason."""

    words = "Nêu lý do thu hồi việc duyệt báo cáo của {unit}."


@transaction.atomic
def take_back(
    *,
    pack: Pack,
    row: Return,
    by: str,
    at: dt.datetime,
    seen: int | None = None,
    reason: str = "",
) -> Review:
    """Take back the last version that was sent, while nobody decided on it.

    What was accepted before goes on counting; the sender may send again, also the same.
    Refuses what was decided on, naming who did, and a version other than `seen`.
    """
    on = timezone.localtime(at).date()
    state = Turns(pack, [row], on)
    locked = state.rows[row.pk]
    pk, number = state.last[row.pk]
    if locked.state != Return.State.SENT or state.reviews[row.pk]:
        raise state.decided(locked)
    if seen is not None and number > seen:
        raise SentAgain(number=number, **names(locked, on))
    version = ReturnVersion.objects.select_related("of__unit", "of__period").get(pk=pk)
    review = Review.objects.create(
        version=version,
        verdict=Review.Verdict.TAKEN_BACK,
        reason=reason.strip(),
        at=at,
        by=by,
    )
    counts = Review.objects.filter(COUNTS, version__of=locked).exists()
    stands = Return.State.ACCEPTED if counts else Return.State.TAKEN_BACK
    Return.objects.filter(pk=locked.pk).update(state=stands, awaits=None)
    new = {"version": number, "reason": review.reason}
    audit.record([audit.Act("taken_back", subject(version), new)], by=by, at=at)
    return review


@transaction.atomic
def withdraw(
    *,
    pack: Pack,
    row: Return,
    seats: Sequence[Seat],
    reason: str,
    by: str,
    at: dt.datetime,
) -> Review:
    """Undo an acceptance before the period is locked; the return waits again.

    It waits at the lowest rung that has not approved: at the last one, unless that one
    stood in for another. Where the sender took a later version back meanwhile it waits
    for nobody: the sender sends again. The version accepted before, if there is one,
    counts meanwhile.
    """
    on = timezone.localtime(at).date()
    state = Turns(pack, [row], on)
    locked = state.rows[row.pk]
    said = names(locked, on)
    accepted = _standing(locked)
    if locked.state != Return.State.ACCEPTED or accepted is None:
        last = Review.objects.filter(version__of=locked).order_by("id").last()
        if last and last.verdict == Review.Verdict.WITHDRAWN:
            raise told_of(last, locked, on)
        raise NotAccepted(**said)
    if locked.period.state != OpenPeriod.State.OPEN:
        raise LockedAcceptance(**said)
    if not reason.strip():
        raise ReasonForWithdrawing(unit=said["unit"])
    ladder = rungs.of(pack, locked.unit.key, on)
    seat = next((each for each in seats if each.unit == ladder[-1]), None)
    if seat is None:
        raise NotYourAcceptance(awaited=unit_name(ladder[-1], on), **said)
    unit = Unit.objects.get(key=seat.unit)
    review = Review.objects.create(
        version=accepted.version,
        verdict=Review.Verdict.WITHDRAWN,
        reason=reason.strip(),
        unit=unit,
        undoes=accepted,
        at=at,
        by=by,
        on_behalf_of=seat.on_behalf_of,
    )
    stands, awaits = Return.State.TAKEN_BACK, None
    if accepted.version_id == state.last[locked.pk][0]:
        awaited = rungs.next_of(ladder, state.approved(locked))
        stands, awaits = Return.State.SENT, Unit.objects.get(key=awaited)
    Return.objects.filter(pk=locked.pk).update(state=stands, awaits=awaits)
    new = {"version": accepted.version.number, "reason": review.reason}
    act = audit.Act("withdrawn", subject(accepted.version), new)
    audit.record([act], by=by, at=at)
    return review


def _standing(row: Return) -> Review | None:
    """Return the acceptance of the return that counts."""
    found = Review.objects.filter(COUNTS, version__of=row)
    rows = found.select_related("version__of__unit", "version__of__period")
    return rows.order_by("id").last()
