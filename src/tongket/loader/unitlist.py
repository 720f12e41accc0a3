"""How is the list of units read, so that a code stays text?"""

import csv
import io

from tongket.domain.units import UnitVersion
from tongket.loader.draft import Draft
from tongket.loader.refusals import WrongHeading, WrongWidth
from tongket.loader.rows import Row
from tongket.loader.yamltext import Table, Text

HEADING = (
    "unit",
    "code",
    "name",
    "kind",
    "designation",
    "parent",
    "valid_from",
    "valid_to",
    "population",
)


def read_units(text: str, file: str, draft: Draft) -> None:
    """Read the rows of units.csv: one row for each version of a unit.

    An empty `parent` is a top, an empty `valid_to` not ended, an empty `population`
    unknown.
    """
    lines = csv.reader(io.StringIO(text))
    heading = tuple(next(lines, ()))
    if heading != HEADING:
        row = Row(Table(1, {}), file, draft.log)
        row.refuse(WrongHeading, heading=",".join(HEADING))
        return
    for cells in lines:
        line = lines.line_num
        named = zip(HEADING, cells, strict=False)
        table = {key: Text(line, cell.strip()) for key, cell in named}
        row = Row(Table(line, dict(table)), file, draft.log)
        if len(cells) != len(HEADING):
            row.keys()
            row.refuse(WrongWidth, count=len(cells), expected=len(HEADING))
            continue
        draft.units.append((_version(row), file, line))


def _version(row: Row) -> UnitVersion:
    return UnitVersion(
        unit=row.text("unit"),
        code=row.optional("code"),
        name=row.text("name"),
        kind=row.name("kind", "kind", "loại đơn vị"),
        parent=row.optional("parent") or None,
        start=row.day("valid_from"),
        end=row.optional_day("valid_to"),
        designation=row.optional("designation"),
        population=row.whole("population") if row.has("population") else None,
    )
