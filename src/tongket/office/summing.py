"""What is said beside a summary return: whose numbers are in it, and which changed?"""

from dataclasses import dataclass

from tongket.cycle import enter, summarise
from tongket.domain import summaries
from tongket.domain.figures import MISSING, Cell, State
from tongket.domain.forms import Measure
from tongket.domain.units import UnitVersion
from tongket.office import facts, sheets
from tongket.office.returns import Place
from tongket.records.register import register


@dataclass(frozen=True, slots=True)
class Changed:
    """A row whose sum below changed after the summary was sent."""

    measure: Measure
    then: Cell
    now: Cell


@dataclass(frozen=True, slots=True)
class Summary:
    """Where a summary stands against the returns below it.

    `blank` cells can be filled with a sum, `apart` ones were typed otherwise.
    """

    heard: int
    owing: int
    silent: tuple[UnitVersion, ...]
    blank: tuple[Measure, ...]
    apart: tuple[Measure, ...]
    changed: tuple[Changed, ...]


def summary(place: Place) -> Summary | None:
    """Return where a summary stands; None for a return that sums nothing up."""
    basis = sheets.basis(place)
    if basis is None:
        return None
    sheet, tree = enter.sheet(**place.key), register().on(place.period.end)
    rows = [(m, sheet.cells.get(m.key, MISSING)) for m in place.form.measures]
    moved = (
        summarise.changed_since(pack=facts.pack(), **place.key, version=sheet.last)
        if sheet.last
        else {}
    )
    return Summary(
        basis.heard,
        len(basis.owing),
        tuple(tree[unit] for unit in basis.silent),
        tuple(
            m
            for m, typed in rows
            if typed.state is State.MISSING
            and basis.rows[m.key].cell.state is not State.MISSING
        ),
        tuple(m for m, c in rows if summaries.differs(basis.rows[m.key].cell, c)),
        tuple(Changed(m, *moved[m.key]) for m in place.form.measures if m.key in moved),
    )
