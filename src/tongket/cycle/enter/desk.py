"""What stands in each cell of a return now, and what did a typist see there?

The current sheet is the version sent last, overlaid by what was typed since
(`Draft.cells`). Where a later version came by another way and says otherwise than what
had been typed before it, the cell is undecided: both values are shown, none is lost.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from tongket.cycle import collect
from tongket.cycle.enter.words import UndecidedWords, Words
from tongket.domain.figures import MISSING, Cell
from tongket.loader.pack import Pack
from tongket.records import cells
from tongket.records.models import (
    CellEdit,
    Draft,
    OpenPeriod,
    Return,
    ReturnVersion,
)
from tongket.records.register import register


@dataclass(frozen=True, slots=True)
class Undecided:
    """A cell that was typed here and then sent otherwise by another way."""

    measure: str
    typed: Cell
    edit: int
    sent: Cell


@dataclass(frozen=True, slots=True)
class Sheet:
    """A return as it stands: the version sent last, and what was typed over it.

    `edits` holds the number of the edit that stands in each cell typed since,
    `words_edits` the same of each explanation.
    """

    cells: Mapping[str, Cell]
    edits: Mapping[str, int]
    based_on: int
    version: int
    last_edit: int
    explanations: Mapping[str, str]
    last: ReturnVersion | None
    sent: Mapping[str, Cell]
    undecided: tuple[Undecided, ...]
    unsent: tuple[str, ...]  # the cells that say otherwise than the version sent last
    words_edits: Mapping[str, int]
    words_undecided: tuple[UndecidedWords, ...]
    words_unsent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a cell: its edit, and the version that the typist saw."""

    cell: Cell
    edit: int
    saw: int


class Versions:
    """The versions of one return, each read when a cell of it is asked for."""

    def __init__(self, rows: QuerySet[ReturnVersion]) -> None:
        self.rows = rows
        self._read: dict[int, Mapping[str, Cell] | None] = {0: {}}
        self._words: dict[int, Mapping[str, str] | None] = {0: {}}

    @classmethod
    def named(cls, opened: OpenPeriod, unit: str, form: str) -> "Versions":
        """Return the versions of the return of a unit, whether it was sent or not."""
        rows = ReturnVersion.objects.filter(
            of__period=opened, of__unit__key=unit, of__form=form
        )
        return cls(rows)

    @classmethod
    def of(cls, row: Return | None) -> "Versions":
        """Return the versions of a return; none, and nothing is asked, without one."""
        rows = ReturnVersion.objects
        return cls(rows.none() if row is None else rows.filter(of=row))

    def last(self) -> ReturnVersion | None:
        """Return the version sent last."""
        return self.rows.order_by("-number").first()

    def cells(self, number: int) -> Mapping[str, Cell] | None:
        """Return a version's cells, none for version 0; None: there is no version."""
        if number not in self._read:
            self._find(number)
        return self._read[number]

    def words(self, number: int) -> Mapping[str, str] | None:
        """Return a version's explanations; None: there is no such version."""
        if number not in self._words:
            self._find(number)
        return self._words[number]

    def _find(self, number: int) -> None:
        found = self.rows.filter(number=number).first()
        self._read[number] = found and cells.from_json(found.cells)
        self._words[number] = found and found.explanations


class Desk:
    """One return while it is worked on: the draft, the last version, what was seen.

    `row` is the return itself where the desk holds it locked, `began_at` the number of
    the last edit when the desk was read.
    """

    def __init__(
        self, draft: Draft | None, versions: Versions, row: Return | None = None
    ) -> None:
        self.draft, self.last, self._versions = draft, versions.last(), versions
        self.row, self.began_at = row, draft.last_edit if draft else 0
        self.version = self.last.number if self.last else 0
        self.sent = cells.from_json(self.last.cells) if self.last else {}
        stored = draft.cells if draft else {}
        kept = cells.from_json({key: each[:2] for key, each in stored.items()})
        self.overlay = {
            key: Typed(kept[key], edit, saw)
            for key, (_, _, edit, saw) in stored.items()
        }
        self.words = Words(
            draft.words if draft else {},
            self.version,
            self.last.explanations if self.last else {},
            versions.words,
        )

    @property
    def is_typed_on(self) -> bool:
        """Whether an edit was made since the desk was read."""
        return self.draft is not None and self.draft.last_edit > self.began_at

    def present(self, measure: str) -> Cell:
        """Return what stands in a cell: what was typed, else what was sent."""
        typed = self.overlay.get(measure)
        return typed.cell if typed else self.sent.get(measure, MISSING)

    def sent_in(self, version: int, measure: str) -> Cell | None:
        """Return a cell of a version; None when there is no such version."""
        known = version == self.version
        found = self.sent if known else self._versions.cells(version)
        return None if found is None else found.get(measure, MISSING)

    def is_undecided(self, measure: str) -> bool:
        """Whether a version sent after the typing says otherwise than both before."""
        typed = self.overlay.get(measure)
        if typed is None or typed.saw >= self.version:
            return False
        sent = self.sent.get(measure, MISSING)
        return sent not in (typed.cell, self.sent_in(typed.saw, measure))

    def put(self, edit: CellEdit, saw: int) -> None:
        """Let an edit stand in its cell."""
        self.overlay[edit.measure] = Typed(cell_of(edit), edit.number, saw)

    def keep(self) -> None:
        """Write what was typed into the draft, which the caller has locked."""
        assert self.draft is not None, "only a locked draft is written"
        stored = cells.to_json({key: each.cell for key, each in self.overlay.items()})
        self.draft.cells = {
            key: [*stored[key], each.edit, each.saw]
            for key, each in self.overlay.items()
        }
        self.draft.words = self.words.stored()
        seen = [each.saw for each in self.overlay.values()]
        self.draft.based_on = min(seen, default=self.version)
        self.draft.save(update_fields=["cells", "words", "based_on", "last_edit"])

    def clear(self, version: int) -> None:
        """Leave nothing typed, over a version that says it all."""
        self.overlay.clear()
        self.words.overlay.clear()
        self.version = self.words.version = version
        self.keep()

    def sheet(self) -> Sheet:
        """Return the sheet as it stands."""
        draft, last = self.draft, self.last
        typed = {key: each.cell for key, each in self.overlay.items()}
        return Sheet(
            cells={**self.sent, **typed},
            edits={key: each.edit for key, each in self.overlay.items()},
            based_on=draft.based_on if draft and draft.cells else self.version,
            version=self.version,
            last_edit=draft.last_edit if draft else 0,
            explanations=self.words.standing(),
            last=last,
            sent=self.sent,
            undecided=tuple(self._undecided()),
            unsent=tuple(
                key for key in typed if typed[key] != self.sent.get(key, MISSING)
            ),
            words_edits={key: each.edit for key, each in self.words.overlay.items()},
            words_undecided=self.words.undecided(),
            words_unsent=self.words.unsent(),
        )

    def _undecided(self) -> Iterator[Undecided]:
        for key, typed in self.overlay.items():
            if self.is_undecided(key):
                sent = self.sent.get(key, MISSING)
                yield Undecided(key, typed.cell, typed.edit, sent)


def cell_of(edit: CellEdit) -> Cell:
    """Return what an edit wrote."""
    return cells.from_json({edit.measure: [edit.state, edit.value]})[edit.measure]


def sheet(*, opened: OpenPeriod, unit: str, form: str) -> Sheet:
    """Return the return as it stands: what was sent last, what was typed over it."""
    draft = Draft.objects.filter(unit__key=unit, period=opened, form=form).first()
    return Desk(draft, Versions.named(opened, unit, form)).sheet()


def draft_of(opened: OpenPeriod, unit: str, form: str) -> Draft:
    """Return the one draft of a return, locked; made when nobody typed before."""
    names = {"unit_id": register().ids[unit], "period": opened, "form": form}
    wanted = Draft.objects.select_for_update(of=("self",)).filter(**names)
    found = wanted.first()
    if found:
        return found
    # Of two who come first at once, one makes it and the other waits for its lock.
    Draft.objects.bulk_create([Draft(**names)], ignore_conflicts=True)
    return wanted.get()


def locked(
    opened: OpenPeriod, unit: str, form: str, *, with_return: bool = False
) -> Desk:
    """Return the return with its draft locked till the transaction ends.

    Who sends locks the return too, so that no version of another way comes between.
    """
    draft = draft_of(opened, unit, form)
    if not with_return:
        return Desk(draft, Versions.named(opened, unit, form))
    rows = Return.objects.filter(unit_id=draft.unit_id, period=opened, form=form)
    row = rows.select_for_update(of=("self",)).first()
    if row:
        row.period = opened
    return Desk(draft, Versions.of(row), row)


def names(pack: Pack, opened: OpenPeriod, unit: str) -> dict[str, str]:
    """Return what a refusal calls the unit and the period."""
    window = collect.window(pack, opened)
    tree = register().on(window.end)
    name = tree[unit].name if unit in tree else unit
    return {"unit": name, "period": window.label}


def refusal_of_closed(
    pack: Pack, opened: OpenPeriod, unit: str, form: str, at: dt.datetime
) -> collect.PeriodClosed | None:
    """Return why the period takes nothing from the unit; None when it does.

    Asked under the lock, for the period may have been closed while that was waited for.
    """
    opened.refresh_from_db(fields=["state"])
    on = timezone.localtime(at).date()
    if collect.may_send(opened=opened, unit=unit, form=form, on=on):
        return None
    return collect.PeriodClosed(**names(pack, opened, unit))


def refuse_unowed(pack: Pack, opened: OpenPeriod, unit: str, form: str) -> None:
    """Refuse a return that the unit does not owe."""
    if form not in collect.owed_forms(pack=pack, opened=opened, unit=unit):
        raise collect.NotOwed(form=form, **names(pack, opened, unit))
