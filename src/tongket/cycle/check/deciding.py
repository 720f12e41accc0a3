"""Who decided what about a return: approved, accepted, or sent back with reasons?"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from tongket.cycle import rungs
from tongket.cycle.check.examining import examine, is_blocked, latest
from tongket.cycle.check.turns import Seat, Seen, Turn, Turns, names, refuse
from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import (
    COUNTS,
    Doubt,
    OpenPeriod,
    Return,
    ReturnVersion,
    Review,
    Unit,
)
from tongket.records.register import register


class StillDoubtful(Refusal):
    """Findings stand against acceptance."""

    words = (
        "Báo cáo của {unit} kỳ {period} còn {count} nội dung phải sửa hoặc giải trình; "
        "trả lại đơn vị hoặc yêu cầu giải trình trước khi nhận."
    )


class ReasonMissing(Refusal):
    """A return is sent back only with a reason."""

    words = (
        "Nêu lý do trả lại báo cáo của {unit}, chung hoặc tại từng ô, để đơn vị biết "
        "cần sửa gì."
    )


class CellUnknown(Refusal, LookupError):
    """A reason at a cell that the form does not have."""

    words = "Biểu “{form}” không có dòng “{measure}” để ghi lý do; tải lại trang."


@transaction.atomic
def accept(
    *,
    pack: Pack,
    returns: Sequence[Return],
    seats: Sequence[Seat],
    by: str,
    at: dt.datetime,
    seen: Mapping[int, Seen] | None = None,
    reason: str = "",
) -> list[Review]:
    """Decide for the last version of each return; refuses all when one may not be.

    On a lower rung it is approved and handed on, on the last one accepted: only then it
    counts. `seats` are where the person may decide; `seen` maps a return's pk to what
    they looked at: a later version, or what another decided meanwhile, is not decided
    on unseen. `reason` is needed to decide in place of a lower rung.
    """
    turns, refused = decidable(
        pack, returns, seats, by=by, at=at, seen=seen or {}, reason=reason
    )
    refuse(refused)
    return approve(turns, reason, by=by, at=at)


@transaction.atomic
def send_back(
    *,
    pack: Pack,
    returns: Sequence[Return],
    seats: Sequence[Seat],
    reason: str,
    by: str,
    at: dt.datetime,
    cells: Mapping[str, str] | None = None,
    seen: Mapping[int, Seen] | None = None,
) -> list[Review]:
    """Give returns back to their units, from any rung; `seats`, `seen` as in `accept`.

    `reason` is about the whole return, `cells` maps a measure to the reason at its
    cell; one of both is needed.
    """
    on = timezone.localtime(at).date()
    said = {key: words.strip() for key, words in (cells or {}).items() if words.strip()}
    whole = reason.strip()
    state = Turns(pack, returns, on)
    turns, refused = state.taken(
        seats, by=by, reason=whole or "".join(said.values()), seen=seen or {}
    )
    refuse(refused)
    refusals: list[Refusal] = []
    for turn in turns:
        form = pack.forms[turn.version.of.form]
        if not whole and not said:
            refusals.append(ReasonMissing(unit=names(turn.version.of, on)["unit"]))
        refusals += [
            CellUnknown(form=form.label, measure=key)
            for key in said
            if form.measure(key) is None
        ]
    if refusals:
        raise Refusals(refusals)
    verdict = Review.Verdict.SENT_BACK
    return _keep([(turn, verdict) for turn in turns], whole, said, by=by, at=at)


@transaction.atomic
def accept_sound(
    *,
    pack: Pack,
    opened: OpenPeriod,
    seats: Sequence[Seat],
    by: str,
    at: dt.datetime,
    units: Collection[str] | None = None,
) -> tuple[int, int]:
    """Decide for every return of a period that waits for a seat and is not blocked.

    `units` limits it to the returns of some units. Returns how many were decided on and
    how many are left for a reviewer's eye.
    """
    waiting = rungs.waiting_at(
        pack, {seat.unit for seat in seats}, timezone.localtime(at).date()
    ).filter(period=opened)
    if units is not None:
        waiting = waiting.filter(unit__key__in=units)
    turns, refused = decidable(pack, list(waiting), seats, by=by, at=at)
    approve(turns, "", by=by, at=at)
    return len(turns), len(refused)


def climb_sound(
    *,
    pack: Pack,
    opened: OpenPeriod,
    by: str,
    at: dt.datetime,
    units: Collection[str] | None = None,
) -> tuple[int, int]:
    """Let every return of a period that is not blocked climb the whole ladder.

    For who runs the system (a command, the demonstration), from every seat there is.
    Returns how many were accepted and how many are left.
    """
    seats = _everywhere(pack, timezone.localtime(at).date())
    given = {"pack": pack, "opened": opened, "by": by, "at": at, "units": units}
    counts = Review.objects.filter(COUNTS, version__of__period=opened)
    before, left = counts.count(), 0
    for _ in range(_highest(pack)):
        decided, left = accept_sound(seats=seats, **given)
        if not decided:
            break
    return counts.count() - before, left


def _everywhere(pack: Pack, on: dt.date) -> list[Seat]:
    ladders = pack.ladder.by_kind.values()
    kinds = {kind for dated in ladders for kind in dated.on(on).value}
    return [Seat(unit.unit) for unit in register().on(on).of_kind(*kinds)]


def _highest(pack: Pack) -> int:
    ladders = pack.ladder.by_kind.values()
    return max(len(each.value) for dated in ladders for each in dated.values)


def decidable(
    pack: Pack,
    returns: Sequence[Return],
    seats: Sequence[Seat],
    *,
    by: str,
    at: dt.datetime,
    seen: Mapping[int, Seen] | None = None,
    reason: str = "",
) -> tuple[list[Turn], dict[int, Refusal]]:
    """Return whose turn it is and what stands against each of the other returns.

    What nobody examined is examined first; a return with findings that stand against
    it is not decided for.
    """
    on = timezone.localtime(at).date()
    state = Turns(pack, returns, on)
    turns, refused = state.taken(seats, by=by, reason=reason, seen=seen or {})
    examine(pack=pack, versions=[turn.version for turn in turns], at=at)
    doubts: dict[int, list[Doubt]] = defaultdict(list)
    for doubt in Doubt.objects.filter(version__in=[t.version.pk for t in turns]):
        doubts[doubt.version_id].append(doubt)
    sound = []
    for turn in turns:
        found = doubts[turn.version.pk]
        if is_blocked(turn.version, found):
            said = names(turn.version.of, on)
            refused[turn.version.of_id] = StillDoubtful(count=len(found), **said)
        else:
            sound.append(turn)
    return sound, refused


def approve(
    turns: Sequence[Turn], reason: str, *, by: str, at: dt.datetime
) -> list[Review]:
    """Keep that each return was approved, or accepted on its last rung."""
    verdicts = [
        (turn, Review.Verdict.APPROVED if turn.onward else Review.Verdict.ACCEPTED)
        for turn in turns
    ]
    return _keep(verdicts, reason.strip(), {}, by=by, at=at)


def _keep(
    decided: Sequence[tuple[Turn, Review.Verdict]],
    reason: str,
    cells: Mapping[str, str],
    *,
    by: str,
    at: dt.datetime,
) -> list[Review]:
    if not decided:
        return []
    keys = {
        key
        for turn, _ in decided
        for key in (turn.seat.unit, turn.in_place_of, turn.onward)
    }
    units = {unit.key: unit for unit in Unit.objects.filter(key__in=keys)}
    accepted = [t.version for t, verdict in decided if verdict == _ACCEPTED]
    replaced = _counting(accepted)
    reviews = [
        Review(
            version=turn.version,
            verdict=verdict,
            reason=reason if verdict == _SENT_BACK or turn.in_place_of else "",
            cells=dict(cells),
            unit=units[turn.seat.unit],
            in_place_of=units.get(turn.in_place_of),
            at=at,
            by=by,
            on_behalf_of=turn.seat.on_behalf_of,
        )
        for turn, verdict in decided
    ]
    Review.objects.bulk_create(reviews)
    _move(decided, units)
    acts = []
    for review in reviews:
        acts.append(_act(review))
        if review.version.of_id in replaced and review.verdict == _ACCEPTED:
            acts.append(_revision(review, replaced[review.version.of_id]))
    audit.record(acts, by=by, at=at)
    return reviews


_ACCEPTED, _SENT_BACK = Review.Verdict.ACCEPTED, Review.Verdict.SENT_BACK


def _move(
    decided: Sequence[tuple[Turn, Review.Verdict]], units: Mapping[str, Unit]
) -> None:
    """Let each return stand where its decision leads: accepted, back, or onward."""
    states = {
        Review.Verdict.APPROVED: Return.State.SENT,
        Review.Verdict.ACCEPTED: Return.State.ACCEPTED,
        Review.Verdict.SENT_BACK: Return.State.SENT_BACK,
    }
    moved: dict[tuple[str, str], list[int]] = defaultdict(list)
    for turn, verdict in decided:
        onward = turn.onward if verdict == Review.Verdict.APPROVED else ""
        moved[states[verdict], onward].append(turn.version.of_id)
    for (state, onward), pks in moved.items():
        rows = Return.objects.filter(pk__in=pks)
        rows.update(state=state, awaits=units.get(onward))


def _counting(versions: Sequence[ReturnVersion]) -> dict[int, int]:
    """Return, by return, the number of the version that counted so far."""
    rows = Review.objects.filter(
        COUNTS, version__of__in=[version.of_id for version in versions]
    )
    return dict(rows.order_by("id").values_list("version__of", "version__number"))


def subject(version: ReturnVersion) -> str:
    """Return what the log calls the return of a version."""
    row = version.of
    return f"return:{row.unit.key}:{row.form}:{row.period.period}"


def _act(review: Review) -> audit.Act:
    told = {
        "version": review.version.number,
        "reason": review.reason,
        "cells": review.cells,
        "rung": review.unit.key if review.unit else "",
        "in_place_of": review.in_place_of.key if review.in_place_of else "",
        "on_behalf_of": review.on_behalf_of,
    }
    kept = {key: value for key, value in told.items() if value or key == "reason"}
    name = Review.Verdict(review.verdict).value.lower()
    return audit.Act(name, subject(review.version), kept)


def _revision(review: Review, before: int) -> audit.Act:
    """Return the act that says that a total was revised: what counts now, and why."""
    version = review.version
    new = {"version": version.number, "reason": version.amendment}
    return audit.Act("revise", subject(version), new, {"version": before})


def last_versions_waiting(
    pack: Pack, seats: Sequence[Seat], on: dt.date
) -> list[ReturnVersion]:
    """Return the last version of each return that waits for one of the seats."""
    units = {seat.unit for seat in seats}
    return latest(rungs.waiting_at(pack, units, on))
