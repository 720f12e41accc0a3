"""What has become of a cell, and what is doubtful about the sheet as it stands?"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from tongket.cycle import check
from tongket.cycle.enter.desk import Versions, cell_of, draft_of, refuse_unowed
from tongket.cycle.enter.typing import NoSuchRow
from tongket.domain import checks
from tongket.domain.figures import MISSING, Cell
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records import audit, cells
from tongket.records.models import (
    CellComment,
    CellEdit,
    Draft,
    OpenPeriod,
    ReturnVersion,
    WordsEdit,
)

LONGEST_COMMENT = 1000


class NoWords(Refusal):
    """A comment without words, or with too many."""

    words = "Ý kiến về một ô có từ 1 đến {most} ký tự."


@dataclass(frozen=True, slots=True)
class Told:
    """One line in the story of a cell: a version, an edit, words, or a comment."""

    at: dt.datetime
    by: str
    cell: Cell | None = None
    version: ReturnVersion | None = None
    edit: CellEdit | None = None
    comment: CellComment | None = None
    words: WordsEdit | None = None


def history(*, opened: OpenPeriod, unit: str, form: str, measure: str) -> list[Told]:
    """Return the story of one cell, the latest first: all that was written at it.

    A version is told where it changed the cell.
    """
    told: list[Told] = []
    before: Cell | None = None
    for version in Versions.named(opened, unit, form).rows.order_by("number"):
        cell = cells.from_json(version.cells).get(measure, MISSING)
        if cell != before:
            told.append(Told(version.sent_at, version.sent_by, cell, version=version))
        before = cell
    here = _of_draft(opened, unit, form) | {"measure": measure}
    for edit in CellEdit.objects.filter(**here):
        told.append(Told(edit.at, edit.by, cell_of(edit), edit=edit))
    for words in WordsEdit.objects.filter(**here):
        told.append(Told(words.at, words.by, words=words))
    for comment in CellComment.objects.filter(**here):
        told.append(Told(comment.at, comment.by, comment=comment))
    return sorted(told, key=lambda each: each.at)[::-1]


def as_sent(told: Iterable[Told]) -> list[Told]:
    """Return a story as who does not send the return may read it: no unsent typing."""
    told = list(told)
    sent = max((each.at for each in told if each.version), default=None)
    return [
        each
        for each in told
        if not (each.edit or each.words) or (sent is not None and each.at <= sent)
    ]


def comments(*, opened: OpenPeriod, unit: str, form: str) -> Counter[str]:
    """Return how many comments stand at each cell."""
    rows = CellComment.objects.filter(**_of_draft(opened, unit, form))
    return Counter(rows.values_list("measure", flat=True))


def standing(*, opened: OpenPeriod, unit: str, form: str) -> dict[str, CellEdit]:
    """Return the edit that stands in each cell typed since the last sending."""
    draft = Draft.objects.filter(unit__key=unit, period=opened, form=form).first()
    if draft is None or not draft.cells:
        return {}
    numbers = [edit for _, _, edit, _ in draft.cells.values()]
    rows = CellEdit.objects.filter(draft=draft, number__in=numbers)
    return {row.measure: row for row in rows}


def preview(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    current: Mapping[str, Cell],
) -> tuple[checks.Finding, ...]:
    """Return what would be doubtful about these cells, were they sent now."""
    return check.look(pack=pack, opened=opened, unit=unit, form=form, current=current)


@transaction.atomic
def comment(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    measure: str,
    text: str,
    by: str,
    at: dt.datetime,
) -> CellComment:
    """Put words beside a cell, where sender and reviewer speak to each other."""
    refuse_unowed(pack, opened, unit, form)
    if pack.forms[form].measure(measure) is None:
        raise NoSuchRow(form=pack.forms[form].label, measure=measure)
    words = text.strip()
    if not 1 <= len(words) <= LONGEST_COMMENT:
        raise NoWords(most=LONGEST_COMMENT)
    kept = CellComment.objects.create(
        draft=draft_of(opened, unit, form), measure=measure, text=words, at=at, by=by
    )
    subject = f"return:{unit}:{form}:{opened.period}"
    act = audit.Act("comment", subject, {"measure": measure, "words": words})
    audit.record([act], by=by, at=at)
    return kept


def _of_draft(opened: OpenPeriod, unit: str, form: str) -> dict[str, object]:
    return {
        "draft__unit__key": unit,
        "draft__period": opened,
        "draft__form": form,
    }
