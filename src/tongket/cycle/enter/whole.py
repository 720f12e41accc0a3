"""Which rows were changed on a page whose form was sent whole, without the grid?

A page was made from a version, after some edit; both are numbers that it sends along.
"""

import uuid
from collections.abc import Iterator, Mapping
from functools import cached_property

from tongket.cycle.enter.desk import Desk, Versions, cell_of
from tongket.cycle.enter.typing import Edit, read
from tongket.domain.figures import Cell
from tongket.domain.forms import Form
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records.models import CellEdit, Draft, OpenPeriod, WordsEdit


class Page:
    """What a page showed that was made from `version` after edit `edits_seen`."""

    def __init__(self, desk: Desk, *, version: int, edits_seen: int) -> None:
        self.desk, self.version, self.edits_seen = desk, version, edits_seen

    @classmethod
    def read(
        cls,
        *,
        opened: OpenPeriod,
        unit: str,
        form: str,
        version: int,
        edits_seen: int,
    ) -> "Page":
        """Return the page of a return beside what stands in the return now."""
        draft = Draft.objects.filter(unit__key=unit, period=opened, form=form).first()
        desk = Desk(draft, Versions.named(opened, unit, form))
        return cls(desk, version=version, edits_seen=edits_seen)

    @property
    def is_latest(self) -> bool:
        """Whether nothing was typed since: what stands now is what the page showed."""
        return self.desk.began_at <= self.edits_seen

    @cached_property
    def _rows(self) -> dict[str, dict[int, CellEdit]]:
        rows: dict[str, dict[int, CellEdit]] = {}
        for row in CellEdit.objects.filter(draft=self.desk.draft):
            rows.setdefault(row.measure, {})[row.number] = row
        return rows

    @cached_property
    def _words(self) -> dict[str, dict[int, WordsEdit]]:
        rows: dict[str, dict[int, WordsEdit]] = {}
        for told in WordsEdit.objects.filter(draft=self.desk.draft):
            rows.setdefault(told.measure, {})[told.number] = told
        return rows

    def shown(self, measure: str) -> tuple[int, Cell | None]:
        """Return the edit and the cell that a row showed; None when nobody can tell."""
        typed = self.desk.overlay.get(measure)
        if typed and self.is_latest:
            return typed.edit, typed.cell
        rows = {} if self.is_latest else self._rows.get(measure, {})
        over = self._over(rows, typed.edit if typed else 0)
        if over in rows:
            return over, cell_of(rows[over])
        return 0, self.desk.sent_in(self.version, measure)

    def shown_words(self, measure: str) -> tuple[int, str | None]:
        """Return the edit and the words a row showed; None when nobody can tell."""
        words = self.desk.words
        spoken = words.overlay.get(measure)
        if spoken and self.is_latest:
            return spoken.edit, spoken.text
        rows = {} if self.is_latest else self._words.get(measure, {})
        over = self._over(rows, spoken.edit if spoken else 0)
        if over in rows:
            return over, rows[over].text
        return 0, words.sent_in(self.version, measure)

    def words_of_all(self) -> Iterator[tuple[str, str | None, str, str]]:
        """Yield each explained row: the words shown, those now, who typed them."""
        words = self.desk.words
        for key in dict.fromkeys((*self._words, *words.sent)):
            spoken = words.overlay.get(key)
            author = self._words[key][spoken.edit].by if spoken else ""
            yield key, self.shown_words(key)[1], words.present(key), author

    def _over(self, rows: Mapping[int, CellEdit | WordsEdit], now: int) -> int:
        """Return the edit that stood on the page; `now` is the one that stands now."""
        later = [number for number in rows if number > self.edits_seen]
        return rows[min(later)].over if later else now  # the next was typed over it


def typed_over(
    page: Page, form: Form, texts: Mapping[str, str], *, is_decided: bool = False
) -> list[Edit]:
    """Return the edits in a form that was sent whole: the rows changed on its page.

    A row that says what its page showed is no edit, whatever stands in it by now.
    `is_decided` says that every row was chosen between two values, also where the
    choice is what stands already.
    """
    found = []
    for measure in form.measures:
        if measure.key not in texts:
            continue
        text, (over, shown) = texts[measure.key], page.shown(measure.key)
        try:
            is_same = read(measure, text) == shown
        except Refusal:
            is_same = False
        is_chosen = is_decided and page.desk.is_undecided(measure.key)
        if is_chosen or not is_same:
            found.append(_edit(page, measure.key, text, over))
    return found


def words_over(
    page: Page, texts: Mapping[str, str], *, is_decided: bool = False
) -> list[Edit]:
    """Return the edits in the explanations of a form that was sent whole.

    One that says what its page showed is no edit, as with the rows themselves.
    """
    found = []
    for key, text in texts.items():
        over, shown = page.shown_words(key)
        is_chosen = is_decided and page.desk.words.is_undecided(key)
        if is_chosen or text.strip() != shown:
            found.append(_edit(page, key, text, over))
    return found


def _edit(page: Page, measure: str, text: str, over: int) -> Edit:
    return Edit(uuid.uuid4().hex, measure, text, over, page.version)


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
    page = Page.read(
        opened=opened, unit=unit, form=form, version=version, edits_seen=edits_seen
    )
    found = {}
    for measure in pack.forms[form].measures:
        shown, now = page.shown(measure.key)[1], page.desk.present(measure.key)
        if shown != now:
            found[measure.key] = (shown, now)
    return found


def words_changed(
    *,
    opened: OpenPeriod,
    unit: str,
    form: str,
    version: int,
    edits_seen: int,
    by: str,
) -> dict[str, tuple[str, str]]:
    """Return the explanations that say otherwise now than on a page: then, and now.

    What `by` typed since is none of them.
    """
    page = Page.read(
        opened=opened, unit=unit, form=form, version=version, edits_seen=edits_seen
    )
    return {
        key: (shown or "", now)
        for key, shown, now, author in page.words_of_all()
        if shown != now and author != by
    }
