"""What becomes of a form that is sent whole, as a browser without the grid does it?

What was typed is kept and the sheet is sent in one transaction: one lock, one reading,
one writing of the draft. At a deadline thousands do it within an hour.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction

from tongket.cycle.enter.batch import Saved
from tongket.cycle.enter.desk import locked, refusal_of_closed, refuse_unowed
from tongket.cycle.enter.sending import Sent, send, twice
from tongket.cycle.enter.typing import type_into
from tongket.cycle.enter.whole import Page, typed_over, words_over
from tongket.cycle.enter.wording import explain_in
from tongket.domain.figures import Cell
from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.pack import Pack
from tongket.records.models import CellEdit, OpenPeriod, WordsEdit


@dataclass(frozen=True, slots=True)
class Posted:
    """A form as it was sent: what its page was made from, and what was typed there.

    `is_decided` says that every row was chosen between two values.
    """

    version: int
    edits_seen: int
    texts: Mapping[str, str]
    explanations: Mapping[str, str] = field(default_factory=dict)
    is_decided: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of each row and of each explanation, and of the sending.

    `sent` is None where something is refused or in conflict, or where `refusal` says
    what stands against the sending.
    """

    cells: Saved[CellEdit, Cell]
    words: Saved[WordsEdit, str]
    sent: Sent | None = None
    refusal: Refusal | Refusals | None = None

    @property
    def is_refused(self) -> bool:
        """Whether a row or an explanation is refused."""
        return bool(self.cells.refused or self.words.refused)

    @property
    def is_contested(self) -> bool:
        """Whether another's value stands against a row or an explanation."""
        return bool(self.cells.conflicts or self.words.conflicts)


def file(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    posted: Posted,
    by: str,
    at: dt.datetime,
) -> Filed:
    """Keep what was typed in a form; send the sheet unless something is against it.

    What is right is kept, also where another row is refused or in conflict, and where
    the sheet cannot be sent.
    """
    key = {"pack": pack, "opened": opened, "unit": unit, "form": form}
    seen = {"version": posted.version, "by": by, "at": at}

    @transaction.atomic
    def once() -> Filed:
        refuse_unowed(**key)
        desk, asked = locked(opened, unit, form, with_return=True), pack.forms[form]
        page = Page(desk, version=posted.version, edits_seen=posted.edits_seen)
        edits = typed_over(page, asked, posted.texts, is_decided=posted.is_decided)
        words = words_over(page, posted.explanations, is_decided=posted.is_decided)
        closed = refusal_of_closed(**key, at=at)
        filed = Filed(
            type_into(desk, asked, edits, closed=closed, **seen),
            explain_in(desk, asked, words, closed=closed, **seen),
        )
        if not (filed.is_refused or filed.is_contested):
            try:
                with transaction.atomic():
                    sent = send(desk, **key, **seen, edits_seen=posted.edits_seen)
                filed = replace(filed, sent=sent)
            except (Refusal, Refusals) as refusal:
                filed = replace(filed, refusal=refusal)
        if desk.is_typed_on and not (filed.sent and filed.sent.version):
            desk.keep()
        return filed

    return twice(once)
