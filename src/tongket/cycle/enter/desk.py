"""What stands in each cell of a return now, and what did a typist see there?

The current sheet is the version sent last, overlaid by what was typed since
(`Draft.cells`), and so are the explanations beside it (`Draft.words`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from tongket.cycle import collect
from tongket.cycle.enter.overlay import Overlay, Typed, Undecided
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
    undecided: tuple[Undecided[Cell], ...]
    unsent: tuple[str, ...]  # the cells that say otherwise than the version sent last
    words_edits: Mapping[str, int]
    words_undecided: tuple[Undecided[str], ...]
    words_unsent: tuple[str, ...]


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
        self.draft, self.last = draft, versions.last()
        self.row, self.began_at = row, draft.last_edit if draft else 0
        version = self.last.number if self.last else 0
        stored = draft.cells if draft else {}
        kept = cells.from_json({key: each[:2] for key, each in stored.items()})
        self.cells = Overlay(
            {key: Typed(kept[key], *each[2:]) for key, each in stored.items()},
            sent=cells.from_json(self.last.cells) if self.last else {},
            version=version,
            nothing=MISSING,
            of_version=versions.cells,
        )
        told = draft.words if draft else {}
        self.words = Overlay(
            {key: Typed(*each) for key, each in told.items()},
            sent=self.last.explanations if self.last else {},
            version=version,
            nothing="",  # no words and blank words are the same
            of_version=versions.words,
        )

    @property
    def is_typed_on(self) -> bool:
        """Whether an edit was made since the desk was read."""
        return self.draft is not None and self.draft.last_edit > self.began_at

    @property
    def version(self) -> int:
        """The number of the version sent last, 0 for none."""
        return self.cells.version

    def explanations(self) -> dict[str, str]:
        """Return every explanation as it stands, none of them blank."""
        return {key: words for key, words in self.words.standing().items() if words}

    def keep(self) -> None:
        """Write what was typed into the draft, which the caller has locked."""
        assert self.draft is not None, "only a locked draft is written"
        typed = self.cells.typed
        stored = cells.to_json({key: each.value for key, each in typed.items()})
        self.draft.cells = {
            key: [*stored[key], each.edit, each.saw] for key, each in typed.items()
        }
        self.draft.words = {
            key: [each.value, each.edit, each.saw]
            for key, each in self.words.typed.items()
        }
        seen = [each.saw for each in typed.values()]
        self.draft.based_on = min(seen, default=self.version)
        self.draft.save(update_fields=["cells", "words", "based_on", "last_edit"])

    def clear(self, version: int) -> None:
        """Leave nothing typed, over a version that says it all."""
        self.cells.clear(version)
        self.words.clear(version)
        self.keep()

    def sheet(self) -> Sheet:
        """Return the sheet as it stands."""
        draft = self.draft
        return Sheet(
            cells=self.cells.standing(),
            edits=self.cells.edits(),
            based_on=draft.based_on if draft and draft.cells else self.version,
            version=self.version,
            last_edit=draft.last_edit if draft else 0,
            explanations=self.explanations(),
            last=self.last,
            sent=self.cells.sent,
            undecided=self.cells.undecided(),
            unsent=self.cells.unsent(),
            words_edits=self.words.edits(),
            words_undecided=self.words.undecided(),
            words_unsent=self.words.unsent(),
        )


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
