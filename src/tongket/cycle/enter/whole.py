"""Which rows were changed on a page whose form was sent whole, without the grid?

A page was made from a version, after some edit; both are numbers that it sends along.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from operator import attrgetter
from typing import TypeVar

from tongket.cycle.enter.batch import Edit
from tongket.cycle.enter.desk import Desk, Versions, cell_of
from tongket.cycle.enter.overlay import Overlay
from tongket.cycle.enter.typing import read
from tongket.domain.figures import Cell
from tongket.domain.forms import Form
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records.models import CellEdit, Draft, OpenPeriod, WordsEdit

V = TypeVar("V")
R = TypeVar("R", CellEdit, WordsEdit)
Edits = Mapping[str, Mapping[int, R]]  # row → number → edit


def _by_row(found: Iterable[R]) -> Edits[R]:
    rows: dict[str, dict[int, R]] = {}
    for row in found:
        rows.setdefault(row.measure, {})[row.number] = row
    return rows


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
    def _cells(self) -> Edits[CellEdit]:
        return _by_row(CellEdit.objects.filter(draft=self.desk.draft))

    @cached_property
    def _words(self) -> Edits[WordsEdit]:
        return _by_row(WordsEdit.objects.filter(draft=self.desk.draft))

    def shown(self, measure: str) -> tuple[int, Cell | None]:
        """Return the edit and the cell that a row showed; None when nobody can tell."""
        rows = {} if self.is_latest else self._cells.get(measure, {})
        return self._shown(self.desk.cells, measure, rows, cell_of)

    def shown_words(self, measure: str) -> tuple[int, str | None]:
        """Return the edit and the words a row showed; None when nobody can tell."""
        rows = {} if self.is_latest else self._words.get(measure, {})
        return self._shown(self.desk.words, measure, rows, attrgetter("text"))

    def _shown(
        self,
        overlay: Overlay[V],
        measure: str,
        rows: Mapping[int, R],
        value_of: Callable[[R], V],
    ) -> tuple[int, V | None]:
        typed = overlay.typed.get(measure)
        if typed and self.is_latest:
            return typed.edit, typed.value
        over = self._over(rows, typed.edit if typed else 0)
        if over in rows:
            return over, value_of(rows[over])
        return 0, overlay.sent_in(self.version, measure)

    def words_of_all(self) -> Iterator[tuple[str, str | None, str, str]]:
        """Yield each explained row: the words shown, those now, who typed them."""
        words = self.desk.words
        for key in dict.fromkeys((*self._words, *words.sent)):
            spoken = words.typed.get(key)
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
        is_chosen = is_decided and page.desk.cells.is_undecided(measure.key)
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
        shown, now = page.shown(measure.key)[1], page.desk.cells.present(measure.key)
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
