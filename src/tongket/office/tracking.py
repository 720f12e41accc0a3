"""Which units, periods and sums does the board show, and in what order?"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from django.http import HttpRequest

from tongket.domain import access, completeness, reminders
from tongket.domain.access import Permission as P
from tongket.domain.completeness import Mark, Standing, Tally
from tongket.domain.units import UnitVersion, search_key
from tongket.office import facts, standings
from tongket.office.entrance import Actor
from tongket.office.standings import Column
from tongket.records import scope
from tongket.records.models import OpenPeriod
from tongket.records.register import Kept, register


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    scheme: str
    form: str
    year: int
    root: str
    text: str
    kind: str
    standing: str
    order: str

    @property
    def is_flat(self) -> bool:
        """Whether units of every depth are listed, not those one step below."""
        return bool(self.text or self.kind)


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit and one period; `mark` where it is one return and no sum."""

    column: Column
    tally: Tally
    unit: UnitVersion | None = None
    mark: Mark | None = None
    rung: str = ""

    @property
    def standing(self) -> Standing | None:
        """What the cell says: of one return, or the most urgent of many."""
        return self.tally.worst

    @property
    def overdue(self) -> int:
        """For how many days the one return is missing."""
        return self.mark.days_overdue(self.column.on) if self.mark else 0


@dataclass
class Row:
    """One unit with its cells, in the order of the columns; added up when asked."""

    unit: UnitVersion
    columns: Sequence[Column]
    members: tuple[tuple[int, ...], ...]  # who owes, for each column
    is_sum: bool  # whether some cell adds up more units than the row's own

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """The sum of each cell."""
        pairs = zip(self.columns, self.members, strict=True)
        return tuple(column.tally(each) for column, each in pairs)

    @cached_property
    def total(self) -> Tally:
        """The sum of the row."""
        return completeness.added(self.tallies)


@dataclass(frozen=True)
class Board:
    """The rows that the filters leave, and what they come to."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @cached_property
    def totals(self) -> list[Tally]:
        """The sum of each column; a unit that stands in two rows counts once."""
        found = []
        for place, column in enumerate(self.columns):
            units = chain.from_iterable(row.members[place] for row in self.rows)
            found.append(column.tally(set(units)))
        return found

    @cached_property
    def total(self) -> Tally:
        """The sum of everything."""
        return completeness.added(self.totals)


def choices(opened: Iterable[OpenPeriod]) -> list[tuple[str, str]]:
    """Return scheme and form of everything that was opened, in the packs' order."""
    schemes = {each.scheme for each in opened}
    return [
        (key, form)
        for key, scheme in facts.pack().schemes.items()
        if key in schemes
        for form in scheme.forms
    ]


def asked(
    request: HttpRequest, actor: Actor, year: int, offered: Sequence[tuple[str, str]]
) -> Asked:
    """Return what the address asks for; what it does not say is the first there is."""
    told = request.GET
    scheme, _, form = told.get("bieu", "").partition(":")
    if (scheme, form) not in offered:
        scheme, form = offered[0] if offered else ("", "")
    return Asked(
        scheme,
        form,
        year,
        told.get("don-vi", "") or default_root(actor),
        told.get("q", "").strip(),
        told.get("cap", ""),
        told.get("trang-thai", ""),
        told.get("xep", ""),
    )


def default_root(actor: Actor) -> str:
    """Return the unit whose parts are shown first: the top of what the person sees."""
    return tops(actor)[0] if tops(actor) else ""


def tops(actor: Actor) -> list[str]:
    """Return the units that a person sees and whose unit above the person does not."""
    seen, tree = actor.scope(P.VIEW), actor.tree
    return [key for key in seen if tree.parent(key) not in seen]


def visible(actor: Actor) -> Collection[str] | None:
    """Return the units whose returns the person may see; None: every unit."""
    if isinstance(actor.reach, scope.Whole) and actor.may(
        P.VIEW, facts.pack().province
    ):
        return None
    seen = actor.scope(P.VIEW)
    return access.with_history(seen, actor.tree, register().lineage)


def lead() -> int:
    """Return how many days before its due day a return counts as due soon."""
    rules = facts.pack().reminders
    return max((reminders.lead(rules, each.start) for each in rules), default=0)


def columns(
    told: Asked, opened: Iterable[OpenPeriod], seen: Collection[str] | None, on: dt.date
) -> tuple[Column, ...]:
    """Return the periods of the year, the first at the left, as far as they concern."""
    kept, concerned = register(), None
    if seen is not None or not _is_top(kept, told.root):
        concerned = _concerned(kept, told, opened)
    soon = lead()
    chosen = [each for each in opened if each.scheme == told.scheme]
    return tuple(
        standings.column(kept, each, told.form, only=concerned, on=on, soon=soon)
        for each in sorted(chosen, key=lambda each: each.end_on)
    )


def _is_top(kept: Kept, unit: str) -> bool:
    """Whether a unit has nobody above; then everybody's returns are read."""
    life = kept.life(unit)
    return bool(life) and life[-1].parent is None


def _concerned(kept: Kept, told: Asked, opened: Iterable[OpenPeriod]) -> list[int]:
    """Return the numbers of all units that owe at or below the root in any period."""
    found: dict[int, None] = {}
    for each in opened:
        if each.scheme == told.scheme:
            groups = standings.below(
                kept, told.scheme, told.form, each.end_on, told.root
            )
            for numbers in groups.values():
                found.update(dict.fromkeys(numbers))
    return list(found)


def board(told: Asked, shown: Sequence[Column], seen: Collection[str] | None) -> Board:
    """Return the rows that the address asks for, sorted."""
    kept, rows = register(), []
    for unit, numbers in _members(kept, told, shown, seen).values():
        own = (kept.ids[unit.unit],)
        is_sum = any(each not in ((), own) for each in numbers)
        row = Row(unit, shown, tuple(numbers), is_sum)
        if not told.standing or row.total.standings.get(Standing(told.standing)):
            rows.append(row)
    return Board(tuple(shown), tuple(_sorted(rows, told.order)))


_plain = lru_cache(maxsize=50_000)(search_key)


def _matches(unit: UnitVersion, wanted: str, kind: str) -> bool:
    if kind and unit.kind != kind:
        return False
    return not wanted or wanted in _plain(f"{unit.name} {unit.code} {unit.unit}")


Members = dict[str, tuple[UnitVersion, list[tuple[int, ...]]]]


def _members(
    kept: Kept, told: Asked, shown: Sequence[Column], seen: Collection[str] | None
) -> Members:
    """Return, for each row, the unit as it was last and who owes in each column."""
    found = Members()
    allowed = None if seen is None else {kept.ids[key] for key in seen}
    for place, column in enumerate(shown):
        tree = kept.on(column.opened.end_on)
        for key, numbers in _groups(kept, told, column).items():
            inside = numbers
            if allowed is not None:
                inside = tuple(n for n in numbers if n in allowed)
            if not inside:
                continue
            if key not in found:
                found[key] = tree[key], [()] * len(shown)
            found[key] = tree[key], found[key][1]
            found[key][1][place] = inside
    return found


def _groups(kept: Kept, told: Asked, column: Column) -> Mapping[str, tuple[int, ...]]:
    day = column.opened.end_on
    steps = standings.below(kept, told.scheme, told.form, day, told.root)
    if not told.is_flat:
        return steps
    tree, ids, owed = kept.on(day), kept.ids, column.owed
    wanted = search_key(told.text)
    if told.root not in tree:
        return {}
    return {
        key: numbers
        for key in tree.descendants(told.root)
        if _matches(tree[key], wanted, told.kind)
        and (
            numbers := tuple(
                n for each in tree.descendants(key) if (n := ids[each]) in owed
            )
        )
    }


def _sorted(rows: list[Row], order: str) -> list[Row]:
    """Return the rows by the column that the address names; else as the tree has them.

    By a share, the lowest comes first; by what is missing, the most.
    """
    if order == "ten":
        return sorted(rows, key=lambda row: search_key(row.unit.name))
    if order == "day-du":
        return sorted(rows, key=lambda row: row.total.completeness.percent or 0)
    if order == "dung-han":
        return sorted(rows, key=lambda row: row.total.timeliness.percent or 0)
    if order == "con-thieu":
        standing = Standing.MISSING
        return sorted(rows, key=lambda row: -row.total.standings.get(standing, 0))
    return rows


def cells(shown: Board, rows: Iterable[Row]) -> Iterator[tuple[Row, list[Cell]]]:
    """Yield the rows of a page with their cells; one query tells where returns wait."""
    page, kept = list(rows), register()
    single = {
        numbers[0] for row in page for numbers in row.members if len(numbers) == 1
    }
    rungs = standings.waits_at(shown.columns, single) if single else {}
    for row in page:
        yield (
            row,
            [
                _cell(kept, column, numbers, tally, rungs, is_sum=row.is_sum)
                for column, numbers, tally in zip(
                    shown.columns, row.members, row.tallies, strict=True
                )
            ],
        )


def _cell(
    kept: Kept,
    column: Column,
    numbers: tuple[int, ...],
    tally: Tally,
    rungs: Mapping[tuple[int, int], str],
    *,
    is_sum: bool,
) -> Cell:
    if is_sum or len(numbers) != 1:
        return Cell(column, tally)
    (number,) = numbers
    rung = rungs.get((column.opened.pk, number), "")
    name = kept.life(rung)[-1].name if rung else ""
    return Cell(column, tally, column.owed[number], column.mark(number), name)


@dataclass(frozen=True, slots=True)
class Line:
    """One unit that owes, with its marks (None: owes nothing then) and their sum."""

    unit: UnitVersion
    above: str
    marks: tuple[Mark | None, ...]
    tally: Tally


def everybody(
    told: Asked, shown: Sequence[Column], seen: Collection[str] | None
) -> Iterator[Line]:
    """Yield every unit at or below the root that owes in some period; asks no database.

    Nothing is left to be read once this was called: the lines are made one by one.
    """
    kept, wanted = register(), owing(told, shown, seen)
    return (_line(kept, number, unit, shown) for number, unit in wanted.items())


def owing(
    told: Asked, shown: Sequence[Column], seen: Collection[str] | None
) -> dict[int, UnitVersion]:
    """Return every unit at or below the root that owes in some period, by its id."""
    kept, found = register(), {}
    for column in shown:
        day = column.opened.end_on
        for numbers in standings.below(
            kept, told.scheme, told.form, day, told.root
        ).values():
            found.update({number: column.owed[number] for number in numbers})
    allowed = None if seen is None else {kept.ids[key] for key in seen}
    return {n: u for n, u in found.items() if allowed is None or n in allowed}


def _line(kept: Kept, number: int, unit: UnitVersion, shown: Sequence[Column]) -> Line:
    marks = tuple(
        column.mark(number) if number in column.owed else None for column in shown
    )
    pairs = [
        completeness.tally([(mark, 1)], column.on, column.soon)
        for mark, column in zip(marks, shown, strict=True)
        if mark is not None
    ]
    above = kept.life(unit.parent)[-1].name if unit.parent else ""
    return Line(unit, above, marks, completeness.added(pairs))
