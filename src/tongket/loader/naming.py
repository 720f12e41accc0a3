"""How do the units of measure and a pack's own phrases go into English?

A thing of a pack says its English beside its Vietnamese. A unit of measure, the heading
of a block, the name of a reporting scheme or the remedy of a check stands in many rows,
or is a sentence; its English is said once, in a table.
"""

from tongket.domain.english import MeasureUnit
from tongket.domain.numerals import BILLIONS, MILLIONS
from tongket.loader.draft import Draft
from tongket.loader.rows import Row


def read_measure_units(file: Row, draft: Draft) -> None:
    """Read the units of measure; `one` may be left out where it is like the others."""
    for row in file.rows("measure_units"):
        many = row.text("english")
        unit = MeasureUnit(row.optional("one") or many, many)
        draft.measure_units.put(row.text("label"), unit, row)


def read_phrases(file: Row, draft: Draft) -> None:
    """Read the English of headings, names and remedies."""
    for row in file.rows("phrases"):
        draft.phrases.put(row.text("label"), row.text("english"), row)


def measure_unit(row: Row) -> str:
    """Return the unit of measure of a row; it must stand in the table of units."""
    unit = row.name("measure_unit", "measure unit", "đơn vị tính")
    if unit == MILLIONS:  # large money is told in billions
        row.mention("measure unit", "đơn vị tính", BILLIONS, "measure_unit")
    return unit
