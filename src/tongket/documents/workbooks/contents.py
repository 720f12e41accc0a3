"""Which returns are in a workbook: one unit's, a sheet for each unit, or a list?

Every sheet tells itself what it is, so that it may be renamed, moved into another
workbook, or stand beside sheets of other units.
"""

from collections.abc import Iterable
from pathlib import Path

from tongket.documents.workbooks import identity, layout, listing, reading
from tongket.documents.workbooks.answers import Answers, Mistake
from tongket.documents.workbooks.identity import Identity
from tongket.documents.workbooks.layout import Sheet, place
from tongket.documents.workbooks.opening import Book, Grid, opened
from tongket.documents.workbooks.refused import (
    IdentityBroken,
    NotOurForm,
    OtherEdition,
    OtherForm,
    OtherPeriod,
    SheetTwice,
)
from tongket.domain.forms import Form
from tongket.domain.periods import Period
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import Tree

MOST_TOLD = 8  # cells in which two sheets of one return differ
MOST_SHEETS = 400  # a district's communes, each with its own


def contents(
    content: bytes | Path, *, forms: Iterable[Form], period: Period, units: Tree
) -> list[Answers]:
    """Return what each unit answered in a workbook, and what is wrong with it.

    `forms` are those that are collected for the period, `units` those of the period.
    Raises `Refusals` when the file is no workbook or holds nothing of ours.
    """
    book = opened(content)
    known = {form.key: form for form in forms}
    found: list[Answers] = []
    for name in book.names[:MOST_SHEETS]:
        found.extend(_of_sheet(book, name, known, period, units))
    if not found:
        raise Refusals([NotOurForm(found=", ".join(book.names))])
    return _once_each(found)


def read(content: bytes | Path, *, form: Form, period: Period, units: Tree) -> Sheet:
    """Return the return of the one unit in a workbook, or `Refusals` with all mistakes.

    Numbers written as text ("1.554", "6,23") are understood; "-", "x" and blank are
    the three kinds of nothing. `units` are those of the period.
    """
    (first, *_) = read_many(content, form=form, period=period, units=units)
    return first


def read_many(
    content: bytes | Path, *, form: Form, period: Period, units: Tree
) -> list[Sheet]:
    """Return one sheet for each unit of a workbook, or `Refusals` with all mistakes."""
    found = contents(content, forms=[form], period=period, units=units)
    wrong = [
        mistake.refusal for each in found for mistake in (*each.refused, *each.wrong)
    ]
    if wrong:
        raise Refusals(wrong)
    return [Sheet(each.unit, each.form, period.key, each.cells) for each in found]


def _of_sheet(
    book: Book, name: str, forms: dict[str, Form], period: Period, units: Tree
) -> list[Answers]:
    if name in (layout.HELP_SHEET, layout.PREVIOUS_SHEET, layout.SAME_PERIOD_SHEET):
        return []
    grid = book.grid(name)
    here = identity.found_in(grid)
    if here is None:
        return listing.unsigned(grid, forms.values(), units)
    row, column = here
    stated = identity.told(grid, row, column)
    refusal = _against(grid, row, stated, forms, period)
    if refusal:
        unit, key = (stated.unit, stated.form) if stated else ("", "")
        unit = "" if unit == identity.EVERYBODY else unit
        return [Answers(name, unit, key, refused=(Mistake(refusal, name),))]
    assert stated is not None, "a sheet without identity was refused"
    form = forms[stated.form]
    if stated.unit == identity.EVERYBODY:
        return listing.answers_of(grid, form, units)
    return [reading.answers_of(grid, stated, form, units, row)]


def _against(
    grid: Grid,
    row: int,
    stated: Identity | None,
    forms: dict[str, Form],
    period: Period,
) -> Refusal | None:
    """Return what stands against all of a sheet, if anything does."""
    if stated is None:
        return IdentityBroken(sheet=grid.name, row=row + 1)
    if stated.form not in forms:
        expected = ", ".join(each.label for each in forms.values())
        return OtherForm(
            sheet=grid.name, found=stated.form_label or stated.form, expected=expected
        )
    if stated.edition != identity.edition(forms[stated.form]):
        return OtherEdition(sheet=grid.name, found=stated.form_label)
    if stated.period != period.key:
        found = stated.period_label or stated.period
        return OtherPeriod(sheet=grid.name, found=found, expected=period.label)
    return None


def _once_each(found: list[Answers]) -> list[Answers]:
    """Take two sheets of one return that say the same as one; refuse both otherwise.

    Which of two that differ counts, nobody can tell.
    """
    first: dict[tuple[str, str], Answers] = {}
    against: dict[int, list[Refusal]] = {}
    same: set[int] = set()
    for each in found:
        other = first.setdefault((each.unit, each.form), each)
        if not each.unit or each.refused or other.refused or other.sheet == each.sheet:
            if other.refused and not each.refused:
                first[each.unit, each.form] = each
            continue
        apart = _apart(other, each)
        if not apart:
            same.add(id(each))
            continue
        twice = SheetTwice(sheet=each.sheet, first=other.sheet, places=apart)
        for one in (other, each):
            against.setdefault(id(one), []).append(twice)
    return [
        _refused(each, against[id(each)]) if id(each) in against else each
        for each in found
        if id(each) not in same
    ]


def _apart(first: Answers, other: Answers) -> str:
    """Return where two sheets of one return differ, "" when they say the same."""
    keys = dict.fromkeys((*first.places, *other.places))
    wrong = {m.measure for each in (first, other) for m in each.wrong}
    differing = [
        key
        for key in keys
        if key in wrong
        or first.cells.get(key) != other.cells.get(key)
        or first.explanations.get(key) != other.explanations.get(key)
    ]
    marks = [m for each in (first, other) for m in each.wrong]
    if not differing and not marks:
        return ""
    places = [
        place(*each.places[key])
        for key in differing
        for each in (first, other)
        if key in each.places
    ]
    # A row that is none of the form's may have been meant for any of them.
    places += [place(m.row, m.column) for m in marks if m.row >= 0 and not m.measure]
    shown = list(dict.fromkeys(places)) or ["…"]
    return ", ".join(shown[:MOST_TOLD]) + ("…" if len(shown) > MOST_TOLD else "")


def _refused(answers: Answers, refusals: list[Refusal]) -> Answers:
    mistakes = tuple(Mistake(each, answers.sheet) for each in refusals)
    return Answers(answers.sheet, answers.unit, answers.form, refused=mistakes)
