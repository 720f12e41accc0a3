"""What stands in each cell of a return now, and what did a typist see there?

The current sheet is the version sent last, overlaid by what was typed since
(`Draft.cells`). Where a later version came by another way and says otherwise than what
had been typed before it, the cell is undecided: both values are shown, none is lost.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tongket.cycle import collect
from tongket.domain.figures import MISSING, Cell
from tongket.loader.pack import Pack
from tongket.records import cells
from tongket.records.models import (
    CellEdit,
    Draft,
    OpenPeriod,
    Return,
    ReturnVersion,
    Unit,
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

    `edits` holds the number of the edit that stands in each cell typed since.
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


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a cell: its edit, and the version that the typist saw."""

    cell: Cell
    edit: int
    saw: int


class Versions:
    """The versions of one return, each read when a cell of it is asked for."""

    def __init__(self, opened: OpenPeriod, unit: str, form: str) -> None:
        self.rows = ReturnVersion.objects.filter(
            of__period=opened, of__unit__key=unit, of__form=form
        )
        self._read: dict[int, Mapping[str, Cell] | None] = {0: {}}

    def last(self) -> ReturnVersion | None:
        """Return the version sent last."""
        return self.rows.order_by("-number").first()

    def cells(self, number: int) -> Mapping[str, Cell] | None:
        """Return a version's cells, none for version 0; None: there is no version."""
        if number not in self._read:
            found = self.rows.filter(number=number).first()
            self._read[number] = found and cells.from_json(found.cells)
        return self._read[number]


class Desk:
    """One return while it is worked on: the draft, the last version, what was seen."""

    def __init__(self, draft: Draft | None, versions: Versions) -> None:
        self.draft, self.last, self._versions = draft, versions.last(), versions
        self.version = self.last.number if self.last else 0
        self.sent = cells.from_json(self.last.cells) if self.last else {}
        stored = draft.cells if draft else {}
        kept = cells.from_json({key: each[:2] for key, each in stored.items()})
        self.overlay = {
            key: Typed(kept[key], edit, saw)
            for key, (_, _, edit, saw) in stored.items()
        }

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
        seen = [each.saw for each in self.overlay.values()]
        self.draft.based_on = min(seen, default=self.version)
        self.draft.save(update_fields=["cells", "based_on", "last_edit"])

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
            explanations=last.explanations if last else {},
            last=last,
            sent=self.sent,
            undecided=tuple(self._undecided()),
            unsent=tuple(
                key for key in typed if typed[key] != self.sent.get(key, MISSING)
            ),
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
    return Desk(draft, Versions(opened, unit, form)).sheet()


def draft_of(opened: OpenPeriod, unit: str, form: str) -> Draft:
    """Return the one draft of a return, locked; made when nobody typed before."""
    locked = Draft.objects.select_for_update(of=("self",))
    found = locked.filter(unit__key=unit, period=opened, form=form).first()
    if found:
        return found
    owner = Unit.objects.get(key=unit)
    # Of two who come first at once, one makes it and the other waits for its lock.
    made, _ = locked.get_or_create(unit=owner, period=opened, form=form)
    return made


def locked(
    opened: OpenPeriod, unit: str, form: str, *, with_return: bool = False
) -> Desk:
    """Return the return with its draft locked till the transaction ends.

    Who sends locks the return too, so that no version of another way comes between.
    """
    draft = draft_of(opened, unit, form)
    if with_return:
        rows = Return.objects.filter(unit_id=draft.unit_id, period=opened, form=form)
        list(rows.select_for_update())
    return Desk(draft, Versions(opened, unit, form))


def names(pack: Pack, opened: OpenPeriod, unit: str) -> dict[str, str]:
    """Return what a refusal calls the unit and the period."""
    window = collect.window(pack, opened)
    tree = register().on(window.end)
    name = tree[unit].name if unit in tree else unit
    return {"unit": name, "period": window.label}


def refuse_unowed(pack: Pack, opened: OpenPeriod, unit: str, form: str) -> None:
    """Refuse a return that the unit does not owe."""
    if form not in collect.owed_forms(pack=pack, opened=opened, unit=unit):
        raise collect.NotOwed(form=form, **names(pack, opened, unit))
