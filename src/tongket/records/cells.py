"""How the cells of a return lie in a record: measure → [state, value as text]."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from tongket.domain.figures import Cell, State


def to_json(cells: Mapping[str, Cell]) -> dict[str, list[str | None]]:
    """Return cells as plain lists, numbers as text so that none is rounded."""
    return {
        measure: [cell.state.value, None if cell.value is None else f"{cell.value:f}"]
        for measure, cell in cells.items()
    }


def from_json(stored: Mapping[str, list[str | None]]) -> dict[str, Cell]:
    """Return the cells that `to_json` stored."""
    return {measure: _cell(state, value) for measure, (state, value) in stored.items()}


# Most cells of a history hold the same few numbers: 9 of 30 s of the demonstration year
# went into making them again and again.
@lru_cache(maxsize=65_536)
def _cell(state: str, value: str | None) -> Cell:
    return Cell(State(state), None if value is None else Decimal(value))
