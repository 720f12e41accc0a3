"""Which rows were explained, and in how many words?

Explanations are kept exactly as cells are.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from tongket.cycle import check
from tongket.cycle.enter.batch import Batch, Edit, NoSuchRow, Saved
from tongket.cycle.enter.desk import (
    Desk,
    locked,
    refusal_of_closed,
    refuse_unowed,
)
from tongket.domain.forms import Form
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records.models import OpenPeriod, WordsEdit

LONGEST_WORDS = 1000


class WordsTooLong(Refusal, ValueError):
    """An explanation with more characters than anybody reads."""

    words = "Giải trình dài {count} ký tự; rút gọn còn không quá {most} ký tự."


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
) -> Saved[WordsEdit, str]:
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
) -> Saved[WordsEdit, str]:
    """Type explanations into a locked desk; the caller then writes the draft.

    `closed` refuses each new one.
    """
    batch = _Explanations(desk, desk.words, form, words, closed, by=by, at=at)
    told = batch.take_all(version)
    WordsEdit.objects.bulk_create(batch.fresh)
    return told


class _Explanations(Batch[WordsEdit, str]):
    """A batch of explanations."""

    table = WordsEdit

    def read(self, edit: Edit) -> str:
        is_known = edit.measure == check.EVERYTHING or self.form.measure(edit.measure)
        if not is_known:
            raise NoSuchRow(form=self.form.label, measure=edit.measure)
        text = self.text(edit)
        if len(text) > LONGEST_WORDS:
            raise WordsTooLong(count=len(text), most=LONGEST_WORDS)
        return text

    def value_of(self, row: WordsEdit) -> str:
        return row.text

    def content(self, edit: Edit, value: str) -> dict[str, Any]:
        return {"text": value}

    def text(self, edit: Edit) -> str:
        return edit.text.strip()
