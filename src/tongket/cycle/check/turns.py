"""Whose turn is it to decide on a return, and what stands against this person?

A person decides from a seat: a unit at which they hold the right themselves, or for
somebody who is away. The rows are locked first, so that of two who press at once the
second sees what the first did, and is told who decided what and when.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from tongket.cycle import rungs
from tongket.cycle.check.examining import latest
from tongket.domain.sentences import Refusal, Refusals, Sentence
from tongket.loader.pack import Pack
from tongket.records.models import Return, ReturnVersion, Review
from tongket.records.register import register, steady


class NothingToReview(Refusal):
    """The return is not waiting for a reviewer."""

    words = "Báo cáo của {unit} kỳ {period} không ở trạng thái chờ duyệt."


class DecidedMeanwhile(Refusal):
    """Somebody decided before: who, what and when."""

    words = (
        "{by} {did} báo cáo của {unit} kỳ {period}, lần gửi {number}, lúc {at}; quyết "
        "định đó giữ nguyên."
    )


class SentAgain(Refusal):
    """The unit sent another version while the reviewer looked at the one before."""

    words = (
        "{unit} vừa gửi lần {number} báo cáo kỳ {period}; xem bản mới này trước khi "
        "duyệt hoặc trả lại."
    )


class OwnReturn(Refusal):
    """A unit decides on what it sent itself."""

    words = (
        "{unit} là đơn vị gửi báo cáo kỳ {period} nên không tự duyệt; việc duyệt thuộc "
        "về {awaited}."
    )


class SameHand(Refusal):
    """Who sent a version of the return decides on it."""

    words = (
        "{by} đã gửi báo cáo của {unit} kỳ {period} nên không được duyệt báo cáo đó; "
        "người khác của {awaited} phải duyệt."
    )


class NotYourTurn(Refusal):
    """The return waits for another unit."""

    words = (
        "Báo cáo của {unit} kỳ {period} đang chờ {awaited} duyệt, chưa đến lượt đơn vị "
        "của bạn."
    )


class ReasonForStandingIn(Refusal):
    """The standing office decides in place of a lower rung only with a reason."""

    words = (
        "Báo cáo của {unit} kỳ {period} đang chờ {awaited}; nêu lý do khi quyết định "
        "thay cấp đó."
    )


DID = {
    Review.Verdict.APPROVED: Sentence("đã duyệt và chuyển cấp trên"),
    Review.Verdict.ACCEPTED: Sentence("đã duyệt, nhận"),
    Review.Verdict.SENT_BACK: Sentence("đã trả lại"),
    Review.Verdict.TAKEN_BACK: Sentence("đã rút"),
    Review.Verdict.WITHDRAWN: Sentence("đã thu hồi việc duyệt"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """From where a person decides: a unit, perhaps on behalf of somebody away.

    `stands_in`: may decide in place of the rungs below it, with a reason.
    """

    unit: str
    on_behalf_of: str = ""
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page showed: the version, and for whose decision it waited ("": any)."""

    number: int
    awaits: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One return whose turn it is: the version, from which seat, on which rung.

    `onward` is the rung that decides after an approval, "" where this is the last one;
    `in_place_of` the lower rung that the seat stands in for, or "".
    """

    version: ReturnVersion
    seat: Seat
    onward: str
    in_place_of: str


class Turns:
    """Some returns, locked, with what was decided about their last versions."""

    def __init__(self, pack: Pack, returns: Iterable[Return], on: dt.date) -> None:
        self.pack, self.on = pack, on
        pks = [each.pk for each in returns]
        locked = Return.objects.select_for_update(of=("self",)).filter(pk__in=pks)
        # In one order everywhere, so that of two none waits for the other.
        rows = locked.select_related("unit", "period").order_by("pk")
        self.rows = {row.pk: row for row in rows}
        self.versions = {each.of_id: each for each in latest(self.rows.values())}
        sent = ReturnVersion.objects.filter(of__in=pks).order_by("number")
        self.senders: dict[int, set[str]] = defaultdict(set)
        self.last: dict[int, tuple[int, int]] = {}  # pk and number of the last version
        for pk, of, number, by in sent.values_list("pk", "of", "number", "sent_by"):
            self.senders[of].add(by)
            self.last[of] = pk, number
        about = Review.objects.filter(version__in=[pk for pk, _ in self.last.values()])
        self.reviews: dict[int, list[Review]] = defaultdict(list)
        for review in about.select_related("unit", "version").order_by("id"):
            self.reviews[review.version.of_id].append(review)

    def taken(
        self,
        seats: Sequence[Seat],
        *,
        by: str,
        reason: str,
        seen: Mapping[int, Seen],
    ) -> tuple[list[Turn], dict[int, Refusal]]:
        """Return the turns of a person, and what stands against each other return."""
        turns, refused = [], {}
        with steady():  # each row asks the register for names and rungs
            for pk, row in self.rows.items():
                try:
                    turns.append(self._turn(row, seats, by, reason, seen.get(pk)))
                except Refusal as refusal:
                    refused[pk] = refusal
        return turns, refused

    def approved(self, row: Return) -> dict[str, Review]:
        """Return which rungs approved the last version of a return."""
        return {
            review.unit.key: review
            for review in self.reviews[row.pk]
            if review.verdict == Review.Verdict.APPROVED and review.unit
        }

    def decided(self, row: Return) -> Refusal:
        """Return who decided what about the last version, as a refusal."""
        found = self.reviews[row.pk]
        if not found:
            return NothingToReview(**names(row, self.on))
        return told_of(found[-1], row, self.on)

    def _turn(
        self,
        row: Return,
        seats: Sequence[Seat],
        by: str,
        reason: str,
        seen: Seen | None,
    ) -> Turn:
        said, version = names(row, self.on), self.versions.get(row.pk)
        if row.state != Return.State.SENT or version is None:
            raise self.decided(row)
        if seen and version.number > seen.number:
            raise SentAgain(number=version.number, **said)
        ladder = rungs.of(self.pack, row.unit.key, self.on)
        approved = self.approved(row)
        awaited = rungs.next_of(ladder, approved)
        if seen and seen.awaits not in {"", awaited} and self.reviews[row.pk]:
            raise self.decided(row)
        seat, in_place_of = self._seat(row, seats, ladder, awaited, approved)
        if self.senders[row.pk] & {by, seat.on_behalf_of}:
            hand = by if by in self.senders[row.pk] else seat.on_behalf_of
            raise SameHand(by=hand, awaited=unit_name(awaited, self.on), **said)
        if in_place_of and not reason.strip():
            raise ReasonForStandingIn(awaited=unit_name(awaited, self.on), **said)
        place = ladder.index(seat.unit)
        onward = ladder[place + 1] if place + 1 < len(ladder) else ""
        return Turn(version, seat, onward, in_place_of)

    def _seat(
        self,
        row: Return,
        seats: Sequence[Seat],
        ladder: tuple[str, ...],
        awaited: str,
        approved: Mapping[str, Review],
    ) -> tuple[Seat, str]:
        """Return the seat from which the return is decided, and for which lower rung.

        Their own seat comes before one that somebody away has given.
        """
        own_first = sorted(seats, key=lambda seat: bool(seat.on_behalf_of))
        for seat in own_first:
            if seat.unit == awaited:
                return seat, ""
        above = ladder[ladder.index(awaited) + 1 :]
        for seat in own_first:
            if seat.stands_in and seat.unit in above:
                return seat, awaited
        for seat in own_first:
            if seat.unit in approved:
                raise told_of(approved[seat.unit], row, self.on)
        said = {**names(row, self.on), "awaited": unit_name(awaited, self.on)}
        if any(seat.unit == row.unit.key for seat in own_first):
            raise OwnReturn(**said)
        raise NotYourTurn(**said)


def told_of(review: Review, row: Return, on: dt.date) -> Refusal:
    """Return who decided what and when, as a refusal."""
    return DecidedMeanwhile(
        by=review.by,
        did=DID[Review.Verdict(review.verdict)],
        number=review.version.number,
        at=f"{timezone.localtime(review.at):%H:%M %d/%m/%Y}",
        **names(row, on),
    )


def names(row: Return, on: dt.date) -> dict[str, str]:
    """Return what a refusal calls the unit and the period."""
    unit = unit_name(row.unit.key, row.period.end_on, on)
    return {"unit": unit, "period": row.period.period}


def unit_name(unit: str, *days: dt.date) -> str:
    """Return the unit's name on the first of some days on which it lives, or its key.

    A unit that lives on none of them is called as it was last.
    """
    for day in days:
        if unit in register().on(day):
            return register().on(day)[unit].name
    life = register().life(unit)
    return life[-1].name if life else unit


def refuse(refused: Mapping[int, Refusal]) -> None:
    """Raise everything that stands against some returns, if anything does."""
    if refused:
        raise Refusals(list(refused.values()))
