"""Is what was typed sent as a new version, or taken back? Nothing unseen is sent."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from tongket.cycle import check, collect, rungs
from tongket.cycle.enter.batch import place_of
from tongket.cycle.enter.desk import Desk, locked, refuse_unowed
from tongket.cycle.enter.overlay import Overlay
from tongket.cycle.enter.typing import stored
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records import audit, contents
from tongket.records.models import (
    CellEdit,
    Doubt,
    OpenPeriod,
    ReturnVersion,
    WordsEdit,
)

T = TypeVar("T")


class SentMeanwhile(Refusal):
    """Another version was sent since the page was made."""

    words = (
        "{by} đã gửi lần {number} của báo cáo này sau khi trang được mở; xem các ô "
        "khác nhau trước khi gửi."
    )


class EditedMeanwhile(Refusal):
    """Another person typed since the page was made."""

    words = (
        "{by} vừa sửa {count} ô của báo cáo này; xem các ô đó trước khi gửi hoặc bỏ "
        "phần chưa gửi."
    )


class StillUndecided(Refusal):
    """Cells were typed here and sent otherwise by another way."""

    words = (
        "Còn {count} ô đã nhập khác với lần gửi {number}; chọn giá trị đúng cho từng "
        "ô trước khi gửi."
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """The version that was sent, and what was found doubtful about it.

    No version where the sheet is the one sent last.
    """

    version: ReturnVersion | None = None
    doubts: Sequence[Doubt] = ()


def submit(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    version: int,
    by: str,
    at: dt.datetime,
    edits_seen: int,
    explanations: Mapping[str, str] | None = None,
    channel: str = ReturnVersion.Channel.WEB,
) -> list[ReturnVersion]:
    """Send the sheet as a new version and examine it; then nothing is left unsent.

    Refuses when another version was sent since `version`, when another person typed
    since edit `edits_seen`, and while a cell is undecided. Returns no version when the
    sheet is the one sent last. `explanations` are those of the draft, unless they came
    with what is sent, as with a workbook.
    """

    @transaction.atomic
    def once() -> Sent:
        refuse_unowed(pack, opened, unit, form)
        desk = locked(opened, unit, form, with_return=True)
        # The period may have been closed while this waited for the lock.
        opened.refresh_from_db(fields=["state"])
        return send(
            desk,
            pack=pack,
            opened=opened,
            unit=unit,
            form=form,
            version=version,
            by=by,
            at=at,
            edits_seen=edits_seen,
            explanations=explanations,
            channel=channel,
        )

    sent = twice(once)
    return [sent.version] if sent.version else []


def twice(once: Callable[[], T]) -> T:
    """Do something again where another way made the unit's return meanwhile.

    The second time, that return is seen.
    """
    try:
        return once()
    except IntegrityError:
        return once()


def send(
    desk: Desk,
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    version: int,
    by: str,
    at: dt.datetime,
    edits_seen: int,
    explanations: Mapping[str, str] | None = None,
    channel: str = ReturnVersion.Channel.WEB,
) -> Sent:
    """Send the sheet of a desk on which the return is locked too, as `submit` does."""
    told = desk.explanations() if explanations is None else explanations
    if _says_nothing_new(desk, told):
        return Sent()
    _refuse_unseen(desk, version=version, edits_seen=edits_seen, by=by)
    if explanations is None:
        _refuse_undecided(desk, len(desk.words.undecided()))
    stand = {m.key: desk.cells.present(m.key) for m in pack.forms[form].measures}
    kept = collect.keep(
        pack=pack,
        opened=opened,
        sendings=[collect.Sending(unit, form, stand, at, channel, told)],
        by=by,
        at=at,
        held=_held(desk, unit),
    )
    doubts = check.examine(pack=pack, versions=kept.versions, at=at)
    last = kept.versions[0] if kept.versions else None
    desk.clear(last.number if last else desk.version)
    audit.record([_with_edits(each, desk) for each in kept.acts], by=by, at=at)
    return Sent(last, doubts)


def _with_edits(act: audit.Act, desk: Desk) -> audit.Act:
    """Return the act of a sending with the digest of all that was typed before it."""
    draft = desk.draft
    if draft is None or not draft.last_edit:
        return act
    typed = contents.of_edits(draft.pk, draft.last_edit)
    return replace(act, new={**act.new, "edits": draft.last_edit, "typed": typed})


@transaction.atomic
def discard(
    *,
    opened: OpenPeriod,
    unit: str,
    form: str,
    edits_seen: int,
    by: str,
    at: dt.datetime,
) -> list[CellEdit | WordsEdit]:
    """Take back what was typed and not sent; each taking back is itself an edit.

    Refuses when another person typed since edit `edits_seen`.
    """
    desk = locked(opened, unit, form)
    assert desk.draft is not None, "a locked desk has a draft"
    _refuse_unseen_edits(desk, edits_seen, by)
    back = [
        CellEdit(**place, **stored(desk.cells.sent_now(place["measure"])))
        for place in _places(desk, desk.cells, by, at)
    ]
    CellEdit.objects.bulk_create(back)
    unsaid = [
        WordsEdit(**place, text=desk.words.sent_now(place["measure"]))
        for place in _places(desk, desk.words, by, at)
    ]
    WordsEdit.objects.bulk_create(unsaid)
    desk.clear(desk.version)
    if back or unsaid:
        subject = f"return:{unit}:{form}:{opened.period}"
        told = {"cells": len(back), "words": len(unsaid)}
        audit.record([audit.Act("discard", subject, told)], by=by, at=at)
    return [*back, *unsaid]


def _places(
    desk: Desk, overlay: Overlay[Any], by: str, at: dt.datetime
) -> Iterator[dict[str, Any]]:
    """Yield where each edit stands that takes back what was not sent."""
    for key in overlay.unsent():
        yield place_of(desk.draft, key, over=overlay.typed[key].edit, at=at, by=by)


def _held(desk: Desk, unit: str) -> collect.Held:
    row, last = desk.row, desk.last
    if row is None:
        return collect.Held({}, {})
    return collect.Held({(unit, row.form): row}, {row.pk: last} if last else {})


def _says_nothing_new(desk: Desk, explanations: Mapping[str, str]) -> bool:
    """Whether the sheet is the version sent last, as after a button pressed twice."""
    if desk.last is None or desk.cells.unsent() or rungs.was_taken_back(desk.last):
        return False
    said = {key: words for key, words in explanations.items() if words.strip()}
    return said == desk.last.explanations


def _refuse_unseen(desk: Desk, *, version: int, edits_seen: int, by: str) -> None:
    if desk.last and desk.version != version:
        raise SentMeanwhile(by=desk.last.sent_by, number=desk.version)
    _refuse_unseen_edits(desk, edits_seen, by)
    _refuse_undecided(desk, len(desk.cells.undecided()))


def _refuse_undecided(desk: Desk, count: int) -> None:
    if count:
        raise StillUndecided(count=count, number=desk.version)


def _refuse_unseen_edits(desk: Desk, edits_seen: int, by: str) -> None:
    others: list[str] = []
    for rows, overlay in (
        (CellEdit.objects, desk.cells),
        (WordsEdit.objects, desk.words),
    ):
        # What was typed at this desk is the sender's own.
        unseen = range(edits_seen + 1, desk.began_at + 1)
        numbers = [edit for edit in overlay.edits().values() if edit in unseen]
        if numbers:
            found = rows.filter(draft=desk.draft, number__in=numbers).exclude(by=by)
            others += found.values_list("by", flat=True)
    if others:
        raise EditedMeanwhile(by=others[-1], count=len(others))
