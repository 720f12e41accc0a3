"""Which cells were typed, and what does each row take?"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from tongket.cycle.enter.batch import Batch, Edit, NoSuchRow, Saved
from tongket.cycle.enter.desk import (
    Desk,
    cell_of,
    locked,
    refusal_of_closed,
    refuse_unowed,
)
from tongket.domain.figures import Cell, State, read_cell
from tongket.domain.forms import Form, Measure
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records import cells
from tongket.records.models import CellEdit, OpenPeriod

LONGEST_TEXT = 60


class TextTooLong(Refusal, ValueError):
    """More characters than any number has."""

    words = "Nội dung ô dài quá {most} ký tự; nhập một con số."


class NotTaken(Refusal, ValueError):
    """A kind of nothing that the row does not take."""

    words = "“{label}” không nhận giá trị “{text}”; nhập một con số."


@transaction.atomic
def save(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    version: int,
    edits: Sequence[Edit],
    by: str,
    at: dt.datetime,
) -> Saved[CellEdit, Cell]:
    """Keep each edit that may be kept; say of every other what stands against it.

    Edits of one cell in one batch follow each other: the later one was typed over the
    earlier. `version` is the version that the typist's page was made from. A closed
    period refuses each new edit, and still answers those that it kept before.
    """
    refuse_unowed(pack, opened, unit, form)
    desk = locked(opened, unit, form)
    closed = refusal_of_closed(pack, opened, unit, form, at)
    told = type_into(
        desk, pack.forms[form], edits, closed=closed, version=version, by=by, at=at
    )
    if desk.is_typed_on:
        desk.keep()
    return told


def type_into(
    desk: Desk,
    form: Form,
    edits: Sequence[Edit],
    *,
    closed: Refusal | None,
    version: int,
    by: str,
    at: dt.datetime,
) -> Saved[CellEdit, Cell]:
    """Type a batch into a locked desk; the caller then writes the draft.

    `closed` refuses each new edit.
    """
    batch = _Cells(desk, desk.cells, form, edits, closed, by=by, at=at)
    told = batch.take_all(version)
    CellEdit.objects.bulk_create(batch.fresh)
    return told


class _Cells(Batch[CellEdit, Cell]):
    """A batch of cells."""

    table = CellEdit

    def read(self, edit: Edit) -> Cell:
        measure = self.form.measure(edit.measure)
        if measure is None:
            raise NoSuchRow(form=self.form.label, measure=edit.measure)
        return read(measure, edit.text)

    def value_of(self, row: CellEdit) -> Cell:
        return cell_of(row)

    def content(self, edit: Edit, value: Cell) -> dict[str, Any]:
        return {"text": edit.text, **stored(value)}


def read(measure: Measure, text: str) -> Cell:
    """Return what was typed for a row, or refuse it: no number, or not taken there."""
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(most=LONGEST_TEXT)
    cell = read_cell(text, measure.decimals)
    if cell.state is not State.MISSING and cell.state not in measure.may_be:
        raise NotTaken(label=measure.label, text=text.strip())
    return cell


def stored(cell: Cell) -> dict[str, Any]:
    """Return a cell as an edit holds it."""
    state, value = cells.to_json({"": cell})[""]
    return {"state": state, "value": value}
