"""Which rows were changed on a page whose form was sent whole, without the grid?

A page was made from a version, after some edit; both are numbers that it sends along.
"""

import uuid
from collections.abc import Mapping

from tongket.cycle.enter.desk import Desk, Versions, cell_of
from tongket.cycle.enter.typing import Edit, read
from tongket.domain.figures import Cell
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records.models import CellEdit, Draft, OpenPeriod


class Page:
    """What a page showed that was made from `version` after edit `edits_seen`."""

    def __init__(
        self,
        *,
        opened: OpenPeriod,
        unit: str,
        form: str,
        version: int,
        edits_seen: int,
    ) -> None:
        draft = Draft.objects.filter(unit__key=unit, period=opened, form=form).first()
        self.desk = Desk(draft, Versions(opened, unit, form))
        self.version, self.edits_seen = version, edits_seen
        self._rows: dict[str, dict[int, CellEdit]] = {}
        for row in CellEdit.objects.filter(draft=draft) if draft else ():
            self._rows.setdefault(row.measure, {})[row.number] = row

    def shown(self, measure: str) -> tuple[int, Cell | None]:
        """Return the edit and the cell that a row showed; None when nobody can tell."""
        rows = self._rows.get(measure, {})
        later = [number for number in rows if number > self.edits_seen]
        if later:
            over = rows[min(later)].over  # what the next edit was typed over
        else:
            typed = self.desk.overlay.get(measure)
            over = typed.edit if typed else 0
        if over in rows:
            return over, cell_of(rows[over])
        return 0, self.desk.sent_in(self.version, measure)


def typed_over(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    version: int,
    edits_seen: int,
    texts: Mapping[str, str],
    is_decided: bool = False,
) -> list[Edit]:
    """Return the edits in a form that was sent whole: the rows changed on its page.

    A row that says what its page showed is no edit, whatever stands in it by now.
    `is_decided` says that every row was chosen between two values, also where the
    choice is what stands already.
    """
    page = Page(
        opened=opened, unit=unit, form=form, version=version, edits_seen=edits_seen
    )
    found = []
    for measure in pack.forms[form].measures:
        if measure.key not in texts:
            continue
        text, (over, shown) = texts[measure.key], page.shown(measure.key)
        try:
            is_same = read(measure, text) == shown
        except Refusal:
            is_same = False
        is_chosen = is_decided and page.desk.is_undecided(measure.key)
        if is_chosen or not is_same:
            found.append(Edit(uuid.uuid4().hex, measure.key, text, over, version))
    return found


def changed(
    *,
    pack: Pack,
    opened: OpenPeriod,
    unit: str,
    form: str,
    version: int,
    edits_seen: int,
) -> dict[str, tuple[Cell | None, Cell]]:
    """Return the rows that say otherwise now than on a page: as shown, and now."""
    page = Page(
        opened=opened, unit=unit, form=form, version=version, edits_seen=edits_seen
    )
    found = {}
    for measure in pack.forms[form].measures:
        shown, now = page.shown(measure.key)[1], page.desk.present(measure.key)
        if shown != now:
            found[measure.key] = (shown, now)
    return found
