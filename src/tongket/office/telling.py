"""What happened to a return after each sending, told in the order it happened?"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext

from tongket.cycle.check import unit_name
from tongket.domain.forms import Measure
from tongket.office.returns import Place
from tongket.records.models import AuditEntry, CellComment, ReturnVersion, Review

TONES = {"SENT_BACK": "bad", "TAKEN_BACK": "warn", "WITHDRAWN": "warn"}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: what, by whom, when, why, and the words at cells.

    `version` is the pk of the version it happened to, or that stood at the time.
    """

    version: int
    at: dt.datetime
    by: str
    what: str
    tone: str = ""
    reason: str = ""
    cells: list[tuple[Measure | None, str]] = field(default_factory=list)


def events(place: Place, versions: Sequence[ReturnVersion]) -> list[Event]:
    """Return all that happened to versions (the latest first), the earliest first."""
    if not versions:
        return []
    found = [*_decisions(place, versions), *_comments(place, versions)]
    found += _locks(place, versions)
    return sorted(found, key=lambda event: event.at)


def _standing(versions: Sequence[ReturnVersion], at: dt.datetime) -> int:
    """Return the version sent last at an instant; the first one before any."""
    sent = (version.pk for version in versions if version.sent_at <= at)
    return next(sent, versions[-1].pk)


def _decisions(place: Place, versions: Sequence[ReturnVersion]) -> list[Event]:
    rows = Review.objects.filter(version__in=versions)
    return [
        Event(
            review.version_id,
            review.at,
            review.by,
            what(review),
            TONES.get(review.verdict, "good"),
            review.reason,
            [(place.form.measure(key), words) for key, words in review.cells.items()],
        )
        for review in rows.select_related("unit", "in_place_of").order_by("id")
    ]


def what(review: Review) -> str:
    """Return a decision in words: what, as which unit, in whose place, for whom."""
    words = {
        Review.Verdict.APPROVED: gettext("Đã duyệt, chuyển cấp trên"),
        Review.Verdict.ACCEPTED: gettext("Đã duyệt, nhận"),
        Review.Verdict.SENT_BACK: gettext("Trả lại"),
        Review.Verdict.TAKEN_BACK: gettext("Đơn vị rút lại"),
        Review.Verdict.WITHDRAWN: gettext("Thu hồi việc duyệt"),
    }[Review.Verdict(review.verdict)]
    told, on = [words], timezone.localtime(review.at).date()
    if review.unit:
        name = unit_name(review.unit.key, on)
        told.append(gettext("tại %(name)s") % {"name": name})
    if review.in_place_of:
        name = unit_name(review.in_place_of.key, on)
        told.append(gettext("quyết định thay %(name)s") % {"name": name})
    if review.on_behalf_of:
        name = review.on_behalf_of
        told.append(gettext("thay mặt %(name)s") % {"name": name})
    return ", ".join(told)


def _comments(place: Place, versions: Sequence[ReturnVersion]) -> list[Event]:
    rows = CellComment.objects.filter(
        draft__unit__key=place.unit.unit,
        draft__period=place.opened,
        draft__form=place.form.key,
    )
    return [
        Event(
            _standing(versions, row.at),
            row.at,
            row.by,
            gettext("Ý kiến"),
            "info",
            cells=[(place.form.measure(row.measure), row.text)],
        )
        for row in rows
    ]


def _locks(place: Place, versions: Sequence[ReturnVersion]) -> list[Event]:
    words = {
        "close_period": gettext("Kỳ được khóa"),
        "reopen_period": gettext("Kỳ được mở lại"),
    }
    opened = place.opened
    rows = AuditEntry.objects.filter(
        subject=f"period:{opened.scheme}:{opened.period}", act__in=words
    )
    return [
        Event(
            _standing(versions, row.at),
            row.at,
            row.by,
            words[row.act],
            "info",
            str((row.new or {}).get("reason", "")),
        )
        for row in rows
    ]
