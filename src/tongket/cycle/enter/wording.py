"""Who explained which row, over what words? Kept, in conflict, or refused.

Explanations are kept exactly as cells are: each is a numbered edit that is never
changed, known by its token, typed over an edit that its typist saw. The numbers are
those of the cells' edits, so that one number says what a page has shown.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from tongket.cycle import check
from tongket.cycle.enter.desk import (
    Desk,
    Sheet,
    locked,
    refusal_of_closed,
    refuse_unowed,
)
from tongket.cycle.enter.typing import Edit, NoSuchRow, TokenUsedAgain
from tongket.domain.forms import Form
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records.models import Draft, OpenPeriod, WordsEdit

LONGEST_WORDS = 1000


class WordsTooLong(Refusal, ValueError):
    """An explanation with more characters than anybody reads."""

    words = "Giải trình dài {count} ký tự; rút gọn còn không quá {most} ký tự."


@dataclass(frozen=True, slots=True)
class WordsConflict:
    """What was typed, and what another wrote at the same row meanwhile."""

    token: str
    measure: str
    yours: str
    theirs: str
    edit: int
    by: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Explained:
    """What became of each explanation of a batch, and the sheet after it."""

    sheet: Sheet
    saved: list[WordsEdit] = field(default_factory=list)
    conflicts: list[WordsConflict] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)


@transaction.atomic
def explain(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    version: int,
    words: Sequence[Edit],
    by: str,
    at: dt.datetime,
) -> Explained:
    """Keep each explanation that may be kept; say of every other what stands there.

    `version` and the edits mean what they mean when cells are saved; an edit's measure
    is a row of the form, or `check.EVERYTHING` for words about the whole return.
    """
    refuse_unowed(pack, opened, unit, form)
    desk = locked(opened, unit, form)
    closed = refusal_of_closed(pack, opened, unit, form, at)
    told = explain_in(
        desk, pack.forms[form], words, closed=closed, version=version, by=by, at=at
    )
    if desk.is_typed_on:
        desk.keep()
    return told


def explain_in(
    desk: Desk,
    form: Form,
    words: Sequence[Edit],
    *,
    closed: Refusal | None,
    version: int,
    by: str,
    at: dt.datetime,
) -> Explained:
    """Type explanations into a locked desk; the caller then writes the draft.

    `closed` refuses each new one.
    """
    speaking = _Speaking(form, desk, words, closed, by=by, at=at)
    conflicts, refused = [], {}
    for edit in words:
        saw = version if edit.version is None else edit.version
        try:
            conflict = speaking.take(edit, saw)
        except Refusal as refusal:
            refused[edit.token] = refusal
            continue
        if conflict:
            conflicts.append(conflict)
    WordsEdit.objects.bulk_create(speaking.fresh)
    return Explained(desk.sheet(), speaking.answers, conflicts, refused)


class _Speaking:
    """A batch of explanations on the way into a locked draft."""

    def __init__(
        self,
        form: Form,
        desk: Desk,
        words: Sequence[Edit],
        closed: Refusal | None,
        *,
        by: str,
        at: dt.datetime,
    ) -> None:
        assert desk.draft is not None, "a batch is typed into a locked draft"
        self.form, self.desk, self.draft = form, desk, desk.draft
        self.closed, self.by, self.at = closed, by, at
        self.fresh: list[WordsEdit] = []
        self.answers: list[WordsEdit] = []
        self.before: dict[str, int] = {}  # measure → the batch's last edit of it
        # Explanations are few: one return has a handful in its whole life.
        found = WordsEdit.objects.filter(draft=desk.draft)
        rows = list(found) if words and desk.draft.last_edit else []
        self.known = {row.token: row for row in rows}
        self.numbered = {row.number: row for row in rows}

    def take(self, edit: Edit, saw: int) -> WordsConflict | None:
        """Keep words, or say what stands against them; refuses what cannot be kept."""
        row, text = self.known.get(edit.token), edit.text.strip()
        if row is None:
            self._refuse(edit.measure, text)
            conflict = self._against(edit, text, saw)
            if conflict:
                return conflict
            row = self._write(edit, text, min(saw, self.desk.version))
        elif (row.measure, row.text) != (edit.measure, text):
            raise TokenUsedAgain(token=edit.token)
        self.answers.append(row)
        self.before[row.measure] = row.number
        return None

    def _refuse(self, measure: str, text: str) -> None:
        if self.closed:
            raise self.closed
        if measure != check.EVERYTHING and self.form.measure(measure) is None:
            raise NoSuchRow(form=self.form.label, measure=measure)
        if len(text) > LONGEST_WORDS:
            raise WordsTooLong(count=len(text), most=LONGEST_WORDS)

    def _write(self, edit: Edit, text: str, saw: int) -> WordsEdit:
        row = next_words(
            self.draft,
            edit.measure,
            text,
            over=self._over(edit),
            token=edit.token,
            at=self.at,
            by=self.by,
        )
        self.fresh.append(row)
        self.known[row.token] = self.numbered[row.number] = row
        self.desk.words.put(row.measure, text, row.number, saw)
        return row

    def _over(self, edit: Edit) -> int:
        return max(edit.over, self.before.get(edit.measure, 0))

    def _seen(self, edit: Edit, saw: int) -> str | None:
        """Return the words the typist saw at the row; None when nobody can tell."""
        over = self._over(edit)
        if not over:
            return self.desk.words.sent_in(saw, edit.measure)
        row = self.numbered.get(over)
        return row.text if row and row.measure == edit.measure else None

    def _against(self, edit: Edit, text: str, saw: int) -> WordsConflict | None:
        words, desk = self.desk.words, self.desk
        spoken, present = words.overlay.get(edit.measure), words.present(edit.measure)
        number = spoken.edit if spoken else 0
        if saw < desk.version and words.is_undecided(edit.measure):
            # What the typist knows of is not what came by another way since.
            present, spoken = words.sent.get(edit.measure, ""), None
        elif present == self._seen(edit, saw):
            return None
        if present == text:
            return None
        if spoken:
            other = self.numbered[spoken.edit]
            by, at = other.by, other.at
        else:
            by, at = (desk.last.sent_by, desk.last.sent_at) if desk.last else ("", None)
        return WordsConflict(
            edit.token, edit.measure, edit.text, present, number, by, at
        )


def next_words(
    draft: Draft,
    measure: str,
    text: str,
    *,
    over: int,
    by: str,
    at: dt.datetime,
    token: str = "",
) -> WordsEdit:
    """Return the draft's next edit of words; one without a sender's token has its own.

    The caller has locked the draft.
    """
    draft.last_edit += 1
    return WordsEdit(
        draft=draft,
        number=draft.last_edit,
        measure=measure,
        text=text,
        over=over,
        token=token or f"back-{draft.last_edit}",
        at=at,
        by=by,
    )
