"""Is what was typed sent as a new version, or taken back? Nothing unseen is sent."""

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from tongket.cycle import check, collect
from tongket.cycle.enter.desk import Desk, locked, refuse_unowed
from tongket.cycle.enter.typing import next_edit
from tongket.domain.figures import MISSING
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records.models import CellEdit, OpenPeriod, ReturnVersion


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


def submit(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    version: int,
    by: str,
    at: dt.datetime,
    explanations: Mapping[str, str],
    edits_seen: int,
    channel: str = ReturnVersion.Channel.WEB,
) -> list[ReturnVersion]:
    """Send the sheet as a new version and examine it; then nothing is left unsent.

    Refuses when another version was sent since `version`, when another person typed
    since edit `edits_seen`, and while a cell is undecided. Returns no version when the
    sheet is the one sent last.
    """

    def once() -> list[ReturnVersion]:
        refuse_unowed(pack, opened, unit, form)
        desk = locked(opened, unit, form, with_return=True)
        if _says_nothing_new(desk, explanations):
            return []
        _refuse_unseen(desk, version=version, edits_seen=edits_seen, by=by)
        stand = {m.key: desk.present(m.key) for m in pack.forms[form].measures}
        sending = collect.Sending(unit, form, stand, at, channel, explanations)
        versions = collect.receive(
            pack=pack, opened=opened, sendings=[sending], by=by, at=at
        )
        check.examine(pack=pack, versions=versions, at=at)
        _clear(desk, versions[0].number if versions else desk.version)
        return versions

    try:
        with transaction.atomic():
            return once()
    except IntegrityError:
        # Another way made the unit's return at the same instant; this time it is seen.
        with transaction.atomic():
            return once()


@transaction.atomic
def discard(
    *,
    opened: OpenPeriod,
    unit: str,
    form: str,
    edits_seen: int,
    by: str,
    at: dt.datetime,
) -> list[CellEdit]:
    """Take back what was typed and not sent; each taking back is itself an edit.

    Refuses when another person typed since edit `edits_seen`.
    """
    desk = locked(opened, unit, form)
    assert desk.draft is not None, "a locked desk has a draft"
    _refuse_unseen_edits(desk, edits_seen, by)
    back = [
        next_edit(
            desk.draft,
            measure,
            desk.sent.get(measure, MISSING),
            over=typed.edit,
            at=at,
            by=by,
        )
        for measure, typed in desk.overlay.items()
        if typed.cell != desk.sent.get(measure, MISSING)
    ]
    CellEdit.objects.bulk_create(back)
    _clear(desk, desk.version)
    return back


def _says_nothing_new(desk: Desk, explanations: Mapping[str, str]) -> bool:
    """Whether the sheet is the version sent last, as after a button pressed twice."""
    if desk.last is None or desk.sheet().unsent:
        return False
    said = {key: words for key, words in explanations.items() if words.strip()}
    return said == desk.last.explanations


def _refuse_unseen(desk: Desk, *, version: int, edits_seen: int, by: str) -> None:
    if desk.last and desk.version != version:
        raise SentMeanwhile(by=desk.last.sent_by, number=desk.version)
    _refuse_unseen_edits(desk, edits_seen, by)
    undecided = sum(map(desk.is_undecided, desk.overlay))
    if undecided:
        raise StillUndecided(count=undecided, number=desk.version)


def _refuse_unseen_edits(desk: Desk, edits_seen: int, by: str) -> None:
    numbers = [typed.edit for typed in desk.overlay.values() if typed.edit > edits_seen]
    rows = CellEdit.objects.filter(draft=desk.draft, number__in=numbers)
    others = list(rows.exclude(by=by)) if numbers else []
    if others:
        raise EditedMeanwhile(by=others[-1].by, count=len(others))


def _clear(desk: Desk, version: int) -> None:
    assert desk.draft is not None, "a locked desk has a draft"
    desk.overlay.clear()
    desk.version = version
    desk.keep()
