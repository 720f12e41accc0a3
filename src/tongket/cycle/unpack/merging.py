"""What stands in a return now, and what may a workbook change of it?

A workbook tells what its cells held when it was made. A cell its sender did not touch
changes nothing; a cell that another person wrote otherwise meanwhile is asked about.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tongket.documents.workbooks import Answers
from tongket.domain.figures import MISSING, Cell
from tongket.domain.forms import Form
from tongket.records import cells
from tongket.records.models import CellEdit, Draft, OpenPeriod, ReturnVersion

Key = tuple[str, str]  # unit, form


@dataclass(slots=True)
class Present:
    """A return as it stands: the version sent last, and what was typed over it."""

    version: int = 0
    sent_by: str = ""
    cells: dict[str, Cell] = field(default_factory=dict)
    explanations: dict[str, str] = field(default_factory=dict)
    typed: dict[str, CellEdit] = field(default_factory=dict)
    has_unsent_words: bool = False

    @property
    def is_typed(self) -> bool:
        """Whether anything was typed over the version sent last."""
        return bool(self.typed) or self.has_unsent_words

    def cell(self, measure: str) -> Cell:
        """Return what stands in a cell."""
        return self.cells.get(measure, MISSING)

    def author(self, measure: str) -> str:
        """Return who wrote what stands in a cell; "" when nobody did."""
        if measure in self.typed:
            return self.typed[measure].by
        return self.sent_by


@dataclass(frozen=True, slots=True)
class Merged:
    """A return with a workbook's answers in it.

    `edits` are the cells that the workbook changes, `clashes` those that another person
    wrote otherwise meanwhile, `theirs` counts those left as another person wrote them.
    """

    cells: dict[str, Cell]
    edits: tuple[str, ...]
    clashes: tuple[str, ...]
    theirs: int


def presents(
    opened: OpenPeriod, keys: Collection[Key], *, with_unsent: bool = True
) -> dict[Key, Present]:
    """Return each of some returns as it stands, in three queries for all of them.

    Without what is unsent, as who does not send them may see them.
    """
    found = {key: Present() for key in keys}
    units = {unit for unit, _ in keys}
    rows = ReturnVersion.objects.filter(of__period=opened, of__unit__key__in=units)
    for unit, form, number, by, stored, words in rows.order_by("number").values_list(
        "of__unit__key", "of__form", "number", "sent_by", "cells", "explanations"
    ):
        if (unit, form) in found:
            held = cells.from_json(stored)
            found[unit, form] = Present(number, by, held, dict(words))
    if not with_unsent:
        return found
    drafts = Draft.objects.filter(period=opened, unit__key__in=units)
    typed = [
        (present, draft)
        for draft in drafts.select_related("unit")
        if (present := found.get((draft.unit.key, draft.form)))
    ]
    _overlay([each for each in typed if each[1].cells])
    for present, draft in typed:
        present.explanations.update(
            {measure: text for measure, (text, _, _) in draft.words.items()}
        )
        present.has_unsent_words = bool(draft.words)
    return found


def last_versions(
    opened: OpenPeriod, units: Collection[str]
) -> dict[Key, tuple[int, str]]:
    """Return number and sender of the last version of each return of some units."""
    rows = ReturnVersion.objects.filter(of__period=opened, of__unit__key__in=units)
    told = rows.order_by("number").values_list(
        "of__unit__key", "of__form", "number", "sent_by"
    )
    return {(unit, form): (number, by) for unit, form, number, by in told}


def _overlay(typed: list[tuple[Present, Draft]]) -> None:
    """Lay what was typed over what was sent, with who typed it."""
    numbers = {each[2] for _, draft in typed for each in draft.cells.values()}
    edits = CellEdit.objects.filter(
        draft__in=[draft for _, draft in typed], number__in=numbers
    )
    known = {(each.draft_id, each.number): each for each in edits}
    for present, draft in typed:
        stored = {measure: each[:2] for measure, each in draft.cells.items()}
        present.cells.update(cells.from_json(stored))
        present.typed = {
            measure: known[draft.pk, each[2]] for measure, each in draft.cells.items()
        }


def merge(
    form: Form, answers: Answers, present: Present, *, by: str, overwrite: bool
) -> Merged:
    """Return a return with the answers of a workbook in it.

    Nobody clashes with what they wrote themselves; with `overwrite`, with nobody.
    """
    merged: dict[str, Cell] = {}
    edits, clashes, theirs = [], [], 0
    for measure in form.measures:
        key = measure.key
        stands = merged[key] = present.cell(key)
        mine = answers.cells.get(key)
        if mine is None or mine == stands:
            continue
        seen, author = answers.seen.get(key, MISSING), present.author(key)
        if author in ("", by) or overwrite or stands == seen:
            merged[key] = mine
            edits.append(key)
        elif mine == seen:
            theirs += 1
        else:
            clashes.append(key)
    return Merged(merged, tuple(edits), tuple(clashes), theirs)


def explained(answers: Answers, present: Present) -> Mapping[str, str]:
    """Return the words beside odd cells: the workbook's over those that are there."""
    return {**present.explanations, **answers.explanations}
