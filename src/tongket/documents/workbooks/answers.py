"""What did one unit answer in a workbook, what is wrong with it, and where?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tongket.domain.figures import Cell
from tongket.domain.sentences import Refusal


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to put right, and where it stands; -1 where it has no place.

    `measure` is the key of the row or column of the form, "" for none.
    """

    refusal: Refusal
    sheet: str = ""
    row: int = -1
    column: int = -1
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one unit as they stood in a sheet, or in one row of a list.

    `cells` are those that are right; `seen` is what the sheet held when it was written.
    `refused` stands against all of it, `wrong` only against the cells it names.
    `places` is where each measure's answer stands, `list_row` the row of a list.
    """

    sheet: str
    unit: str
    form: str
    seen: Mapping[str, Cell] = field(default_factory=dict)
    cells: Mapping[str, Cell] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[Mistake, ...] = ()
    refused: tuple[Mistake, ...] = ()
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    list_row: int = -1

    @property
    def is_right(self) -> bool:
        """Whether all of it can be taken over as it stands."""
        return not self.wrong and not self.refused
