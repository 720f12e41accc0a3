"""Who typed what at which row, over what? Kept, in conflict, or refused.

Every cell and every explanation that is typed is a numbered edit that is never changed;
the two are counted together, so that one number says what a page has shown. The edits
are their own history, so that the log of acts tells of comments and sendings only;
whoever types for another unit (a district's clerk) is the edit's `by`.

An edit says over what it was typed. When something else stands at the row by now, and
not what was typed either, it is a conflict: nothing is written, both are shown, and the
typist decides. A repeated edit is known by its token and is answered as the first time.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Q

from tongket.cycle.enter.desk import Desk, Sheet
from tongket.cycle.enter.overlay import Overlay
from tongket.domain.forms import Form
from tongket.domain.sentences import Refusal
from tongket.records.models import CellEdit, Draft, WordsEdit

V = TypeVar("V")
R = TypeVar("R", CellEdit, WordsEdit)


class NoSuchRow(Refusal, LookupError):
    """The form has no row of this key."""

    words = "Biểu “{form}” không có dòng “{measure}”; tải lại trang rồi nhập lại."


class TokenUsedAgain(Refusal):
    """One token on two different edits: one of them would be lost."""

    words = "Mã lần sửa {token} đã dùng cho một giá trị khác; nhập lại ô này."


@dataclass(frozen=True, slots=True)
class Edit:
    """One row as it was typed; `over` is the edit the typist saw there, 0 for none.

    `version` is the version the typist saw, where it is not the whole batch's.
    """

    token: str
    measure: str
    text: str
    over: int = 0
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict(Generic[V]):
    """What was typed, and what another wrote at the same row meanwhile.

    To decide for one's own, type it again over `edit`, having seen the last version.
    """

    token: str
    measure: str
    yours: str
    theirs: V
    edit: int
    by: str
    at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Saved(Generic[R, V]):
    """What became of each edit of a batch, by its token, and the sheet after it."""

    sheet: Sheet
    saved: list[R] = field(default_factory=list)
    conflicts: list[Conflict[V]] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)


class Batch(ABC, Generic[R, V]):
    """A batch of edits on the way into a locked draft; what it holds is not written.

    `closed` refuses each new edit. The caller writes `fresh`, and then the draft.
    """

    table: ClassVar[Any]

    def __init__(
        self,
        desk: Desk,
        overlay: Overlay[V],
        form: Form,
        edits: Sequence[Edit],
        closed: Refusal | None,
        *,
        by: str,
        at: dt.datetime,
    ) -> None:
        assert desk.draft is not None, "a batch is typed into a locked draft"
        self.form, self.desk, self.draft = form, desk, desk.draft
        self.overlay, self.edits = overlay, edits
        self.closed, self.by, self.at = closed, by, at
        self.fresh: list[R] = []
        self.before: dict[str, int] = {}  # measure → the batch's last edit of it
        numbers = {edit.over for edit in edits if edit.over}
        numbers |= {typed.edit for typed in overlay.typed.values()}
        asked = Q(token__in=[edit.token for edit in edits]) | Q(number__in=numbers)
        rows = self.table.objects.filter(asked, draft=desk.draft)
        # The first edits of a draft have none before them.
        before = list(rows) if edits and desk.draft.last_edit else []
        self.known = {row.token: row for row in before}
        self.numbered = {row.number: row for row in before}

    @abstractmethod
    def read(self, edit: Edit) -> V:
        """Return what was typed, or refuse it."""

    @abstractmethod
    def value_of(self, row: R) -> V:
        """Return what an edit wrote."""

    @abstractmethod
    def content(self, edit: Edit, value: V) -> dict[str, Any]:
        """Return what an edit holds beside its place."""

    def text(self, edit: Edit) -> str:
        """Return the text of an edit as it is kept."""
        return edit.text

    def take_all(self, version: int) -> Saved[R, V]:
        """Take each edit of the batch; `version` is what its page was made from."""
        answers, conflicts, refused = [], [], {}
        for edit in self.edits:
            saw = version if edit.version is None else edit.version
            try:
                told = self._take(edit, saw)
            except Refusal as refusal:
                refused[edit.token] = refusal
                continue
            (conflicts if isinstance(told, Conflict) else answers).append(told)
        return Saved(self.desk.sheet(), answers, conflicts, refused)

    def _take(self, edit: Edit, saw: int) -> R | Conflict[V]:
        """Keep an edit, or say what stands against it; refuses what cannot be kept."""
        row = self.known.get(edit.token)
        if row is None:
            if self.closed:
                raise self.closed
            value = self.read(edit)
            conflict = self._against(edit, value, saw)
            if conflict:
                return conflict
            row = self._write(edit, value, min(saw, self.desk.version))
        elif (row.measure, row.text) != (edit.measure, self.text(edit)):
            raise TokenUsedAgain(token=edit.token)
        self.before[row.measure] = row.number
        return row

    def _write(self, edit: Edit, value: V, saw: int) -> R:
        row = self.table(
            **place_of(
                self.draft,
                edit.measure,
                over=self._over(edit),
                token=edit.token,
                at=self.at,
                by=self.by,
            ),
            **self.content(edit, value),
        )
        self.fresh.append(row)
        self.known[row.token] = self.numbered[row.number] = row
        self.overlay.put(row.measure, self.value_of(row), row.number, saw)
        return row

    def _over(self, edit: Edit) -> int:
        return max(edit.over, self.before.get(edit.measure, 0))

    def _seen(self, edit: Edit, saw: int) -> V | None:
        """Return what the typist saw at the row; None when nobody can tell."""
        over = self._over(edit)
        if not over:
            return self.overlay.sent_in(saw, edit.measure)
        row = self.numbered.get(over)
        return self.value_of(row) if row and row.measure == edit.measure else None

    def _against(self, edit: Edit, value: V, saw: int) -> Conflict[V] | None:
        overlay, last = self.overlay, self.desk.last
        typed, present = overlay.typed.get(edit.measure), overlay.present(edit.measure)
        number = typed.edit if typed else 0
        if saw < self.desk.version and overlay.is_undecided(edit.measure):
            # What the typist knows of is not what came by another way since.
            present, typed = overlay.sent_now(edit.measure), None
        elif present == self._seen(edit, saw):
            return None
        if present == value:
            return None
        if typed:
            other = self.numbered[typed.edit]
            by, at = other.by, other.at
        else:
            by, at = (last.sent_by, last.sent_at) if last else ("", None)
        return Conflict(edit.token, edit.measure, edit.text, present, number, by, at)


def place_of(
    draft: Draft,
    measure: str,
    *,
    over: int,
    by: str,
    at: dt.datetime,
    token: str = "",
) -> dict[str, Any]:
    """Return where the draft's next edit stands; without a sender's token its own.

    The caller has locked the draft.
    """
    draft.last_edit += 1
    return {
        "draft": draft,
        "number": draft.last_edit,
        "measure": measure,
        "over": over,
        "token": token or f"back-{draft.last_edit}",
        "at": at,
        "by": by,
    }
