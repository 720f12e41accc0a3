"""Who typed what into which cell, over what? Kept, in conflict, or refused.

Every typed cell is a numbered edit that is never changed. The edits are their own
history, so that the log of acts tells of comments and sendings only; whoever types for
another unit (a district's clerk) is the edit's `by`.

An edit says over what it was typed. When something else stands in the cell by now, and
not what was typed either, it is a conflict: nothing is written, both are shown, and the
typist decides. A repeated edit is known by its token and is answered as the first time.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from tongket.cycle.enter.desk import (
    Desk,
    Sheet,
    cell_of,
    locked,
    refusal_of_closed,
    refuse_unowed,
)
from tongket.domain.figures import MISSING, Cell, State, read_cell
from tongket.domain.forms import Form, Measure
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records import cells
from tongket.records.models import CellEdit, Draft, OpenPeriod

LONGEST_TEXT = 60


class NoSuchRow(Refusal, LookupError):
    """The form has no row of this key."""

    words = "Biểu “{form}” không có dòng “{measure}”; tải lại trang rồi nhập lại."


class TextTooLong(Refusal, ValueError):
    """More characters than any number has."""

    words = "Nội dung ô dài quá {most} ký tự; nhập một con số."


class NotTaken(Refusal, ValueError):
    """A kind of nothing that the row does not take."""

    words = "“{label}” không nhận giá trị “{text}”; nhập một con số."


class TokenUsedAgain(Refusal):
    """One token on two different edits: one of them would be lost."""

    words = "Mã lần sửa {token} đã dùng cho một giá trị khác; nhập lại ô này."


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell as it was typed; `over` is the edit the typist saw there, 0 for none.

    `version` is the version the typist saw, where it is not the whole batch's.
    """

    token: str
    measure: str
    text: str
    over: int = 0
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """What was typed, and what another wrote into the same cell meanwhile.

    To decide for one's own, type it again over `edit`, having seen the last version.
    """

    token: str
    measure: str
    yours: str
    theirs: Cell
    edit: int
    by: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of each edit of a batch, by its token, and the sheet after it."""

    sheet: Sheet
    saved: list[CellEdit] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)


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
) -> Saved:
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
) -> Saved:
    """Type a batch into a locked desk; the caller then writes the draft.

    `closed` refuses each new edit.
    """
    typing = _Typing(form, desk, edits, closed, by=by, at=at)
    conflicts, refused = [], {}
    for edit in edits:
        saw = version if edit.version is None else edit.version
        try:
            conflict = typing.take(edit, saw)
        except Refusal as refusal:
            refused[edit.token] = refusal
            continue
        if conflict:
            conflicts.append(conflict)
    CellEdit.objects.bulk_create(typing.fresh)
    return Saved(desk.sheet(), typing.answers, conflicts, refused)


class _Typing:
    """A batch of edits on the way into a locked draft."""

    def __init__(
        self,
        form: Form,
        desk: Desk,
        edits: Sequence[Edit],
        closed: Refusal | None,
        *,
        by: str,
        at: dt.datetime,
    ) -> None:
        assert desk.draft is not None, "a batch is typed into a locked draft"
        self.form, self.desk, self.draft = form, desk, desk.draft
        self.closed, self.by, self.at = closed, by, at
        self.fresh: list[CellEdit] = []
        self.answers: list[CellEdit] = []
        self.before: dict[str, int] = {}  # measure → the batch's last edit of it
        numbers = {edit.over for edit in edits if edit.over}
        numbers |= {typed.edit for typed in desk.overlay.values()}
        asked = Q(token__in=[edit.token for edit in edits]) | Q(number__in=numbers)
        rows = CellEdit.objects.filter(asked, draft=desk.draft)
        # The first edits of a draft have none before them.
        before = list(rows) if desk.draft.last_edit else []
        self.known = {row.token: row for row in before}
        self.numbered = {row.number: row for row in before}

    def take(self, edit: Edit, saw: int) -> Conflict | None:
        """Keep an edit, or say what stands against it; refuses what cannot be kept."""
        row = self.known.get(edit.token)
        if row is None:
            if self.closed:
                raise self.closed
            measure = self.form.measure(edit.measure)
            if measure is None:
                raise NoSuchRow(form=self.form.label, measure=edit.measure)
            cell = read(measure, edit.text)
            conflict = self._against(edit, cell, saw)
            if conflict:
                return conflict
            row = self._write(edit, cell, min(saw, self.desk.version))
        elif (row.measure, row.text) != (edit.measure, edit.text):
            raise TokenUsedAgain(token=edit.token)
        self.answers.append(row)
        self.before[row.measure] = row.number
        return None

    def _write(self, edit: Edit, cell: Cell, saw: int) -> CellEdit:
        row = next_edit(
            self.draft,
            edit.measure,
            cell,
            text=edit.text,
            over=self._over(edit),
            token=edit.token,
            at=self.at,
            by=self.by,
        )
        self.fresh.append(row)
        self.known[row.token] = self.numbered[row.number] = row
        self.desk.put(row, saw)
        return row

    def _over(self, edit: Edit) -> int:
        return max(edit.over, self.before.get(edit.measure, 0))

    def _seen(self, edit: Edit, saw: int) -> Cell | None:
        """Return what the typist saw in the cell; None when nobody can tell."""
        over = self._over(edit)
        if not over:
            return self.desk.sent_in(saw, edit.measure)
        row = self.numbered.get(over)
        return cell_of(row) if row and row.measure == edit.measure else None

    def _against(self, edit: Edit, cell: Cell, saw: int) -> Conflict | None:
        desk, typed = self.desk, self.desk.overlay.get(edit.measure)
        present = desk.present(edit.measure)
        if saw < desk.version and desk.is_undecided(edit.measure):
            # What the typist knows of is not what came by another way since.
            present, typed = desk.sent.get(edit.measure, MISSING), None
        elif present == self._seen(edit, saw):
            return None
        if present == cell:
            return None
        number = desk.overlay[edit.measure].edit if edit.measure in desk.overlay else 0
        if typed:
            other = self.numbered[typed.edit]
            by, at = other.by, other.at
        else:
            by, at = (desk.last.sent_by, desk.last.sent_at) if desk.last else ("", None)
        return Conflict(edit.token, edit.measure, edit.text, present, number, by, at)


def read(measure: Measure, text: str) -> Cell:
    """Return what was typed for a row, or refuse it: no number, or not taken there."""
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(most=LONGEST_TEXT)
    cell = read_cell(text, measure.decimals)
    if cell.state is not State.MISSING and cell.state not in measure.may_be:
        raise NotTaken(label=measure.label, text=text.strip())
    return cell


def next_edit(
    draft: Draft,
    measure: str,
    cell: Cell,
    *,
    over: int,
    by: str,
    at: dt.datetime,
    text: str = "",
    token: str = "",
) -> CellEdit:
    """Return the draft's next edit; one without a sender's token has its own."""
    draft.last_edit += 1
    state, value = cells.to_json({measure: cell})[measure]
    return CellEdit(
        draft=draft,
        number=draft.last_edit,
        measure=measure,
        state=state,
        value=value,
        text=text,
        over=over,
        token=token or f"back-{draft.last_edit}",
        at=at,
        by=by,
    )
