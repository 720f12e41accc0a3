"""Who decided what about a return: accepted, or sent back with a reason."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from tongket.cycle.check.examining import examine, is_blocked, latest
from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import Doubt, OpenPeriod, Return, ReturnVersion, Review


class NothingToReview(Refusal):
    """The return is not waiting for a reviewer."""

    words = "Báo cáo của {unit} kỳ {period} không ở trạng thái chờ duyệt."


class StillDoubtful(Refusal):
    """Findings stand against acceptance."""

    words = (
        "Báo cáo của {unit} kỳ {period} còn {count} nội dung phải sửa hoặc giải trình; "
        "trả lại đơn vị hoặc yêu cầu giải trình trước khi nhận."
    )


class SentAgain(Refusal):
    """The unit sent another version while the reviewer looked at the one before."""

    words = (
        "{unit} vừa gửi lần {number} báo cáo kỳ {period}; xem bản mới này trước khi "
        "duyệt hoặc trả lại."
    )


class ReasonMissing(Refusal):
    """A return is sent back only with a reason."""

    words = "Nêu lý do trả lại báo cáo của {unit} để đơn vị biết cần sửa gì."


@transaction.atomic
def accept(
    *,
    pack: Pack,
    returns: Sequence[Return],
    by: str,
    at: dt.datetime,
    seen: Mapping[int, int] | None = None,
) -> list[Review]:
    """Accept the last version of each return; refuses all when one may not be.

    `seen` maps a return's pk to the version that the reviewer looked at: a later one is
    not decided on unseen.
    """
    versions = _waiting(returns, seen or {})
    examine(pack=pack, versions=versions, at=at)
    doubts = defaultdict(list)
    for doubt in Doubt.objects.filter(version__in=versions):
        doubts[doubt.version_id].append(doubt)
    refusals: list[Refusal] = [
        StillDoubtful(
            unit=_name(version), period=_period(version), count=len(doubts[version.pk])
        )
        for version in versions
        if is_blocked(version, doubts[version.pk])
    ]
    if refusals:
        raise Refusals(refusals)
    return _review(versions, Review.Verdict.ACCEPTED, "", by=by, at=at)


@transaction.atomic
def send_back(
    *,
    returns: Sequence[Return],
    reason: str,
    by: str,
    at: dt.datetime,
    seen: Mapping[int, int] | None = None,
) -> list[Review]:
    """Give returns back to their units with a reason; `seen` as in `accept`."""
    versions = _waiting(returns, seen or {})
    if not reason.strip():
        raise Refusals([ReasonMissing(unit=_name(version)) for version in versions])
    return _review(versions, Review.Verdict.SENT_BACK, reason, by=by, at=at)


@transaction.atomic
def accept_sound(
    *,
    pack: Pack,
    opened: OpenPeriod,
    by: str,
    at: dt.datetime,
    units: Collection[str] | None = None,
) -> tuple[int, int]:
    """Accept every waiting return of a period that nothing stands against.

    `units` limits it to the returns of some units. Returns how many were accepted and
    how many are left for a reviewer's eye.
    """
    waiting = Return.objects.filter(period=opened)
    if units is not None:
        waiting = waiting.filter(unit__key__in=units)
    versions = latest(waiting)
    examine(pack=pack, versions=versions, at=at)
    doubts = defaultdict(list)
    for doubt in Doubt.objects.filter(version__in=versions):
        doubts[doubt.version_id].append(doubt)
    sound = [v.of for v in versions if not is_blocked(v, doubts[v.pk])]
    if sound:
        accept(pack=pack, returns=sound, by=by, at=at)
    return len(sound), len(versions) - len(sound)


def _waiting(returns: Sequence[Return], seen: Mapping[int, int]) -> list[ReturnVersion]:
    # The lock makes the second of two reviewers wait, and then see what the first did.
    pks = [each.pk for each in returns]
    locked = Return.objects.select_for_update(of=("self",)).filter(pk__in=pks)
    rows = {row.pk: row for row in locked.select_related("unit", "period")}
    refusals: list[Refusal] = [
        NothingToReview(unit=_unit_name(row), period=row.period.period)
        for row in rows.values()
        if row.state != Return.State.SENT
    ]
    versions = latest(rows.values())
    refusals += [
        SentAgain(unit=_name(each), number=each.number, period=_period(each))
        for each in versions
        if each.number > seen.get(each.of_id, each.number)
    ]
    if refusals:
        raise Refusals(refusals)
    return versions


def _review(
    versions: Sequence[ReturnVersion],
    verdict: Review.Verdict,
    reason: str,
    *,
    by: str,
    at: dt.datetime,
) -> list[Review]:
    reviews = [
        Review(version=version, verdict=verdict, reason=reason, at=at, by=by)
        for version in versions
    ]
    Review.objects.bulk_create(reviews)
    state = {
        Review.Verdict.ACCEPTED: Return.State.ACCEPTED,
        Review.Verdict.SENT_BACK: Return.State.SENT_BACK,
    }[verdict]
    Return.objects.filter(pk__in=[v.of_id for v in versions]).update(state=state)
    acts = [
        audit.Act(
            verdict.value.lower(),
            f"return:{v.of.unit.key}:{v.of.form}:{v.of.period.period}",
            {"version": v.number, "reason": reason},
        )
        for v in versions
    ]
    audit.record(acts, by=by, at=at)
    return reviews


def _unit_name(row: Return) -> str:
    version = row.unit.versions.filter(start_on__lte=row.period.end_on).last()
    return version.name if version else row.unit.key


def _name(version: ReturnVersion) -> str:
    return _unit_name(version.of)


def _period(version: ReturnVersion) -> str:
    return version.of.period.period
