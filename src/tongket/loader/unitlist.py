"""How are units, their lineage and their groups read, so that a code stays text?"""

import csv
import io
from collections.abc import Callable
from fractions import Fraction

from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.sources import Mark
from tongket.domain.units import (
    Change,
    GroupMembership,
    Lineage,
    Register,
    UnitVersion,
)
from tongket.loader.draft import Draft
from tongket.loader.refusals import InFile, NotShare, WrongHeading, WrongWidth
from tongket.loader.rows import Row, by_value
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
SIZED = (*HEADING, "size_class")  # the last column may be left out
LINEAGE = ("old", "new", "on", "change", "share", "instrument", "mark", "note")
GROUPS = ("group", "unit", "valid_from", "valid_to")
# Said behind the instrument wherever a change is shown that was not confirmed.
UNCONFIRMED = "{instrument} (cần xác minh)"


def read_units(text: str, file: str, draft: Draft) -> None:
    """Read the rows of units.csv: one row for each version of a unit.

    An empty `parent` is a top, an empty `valid_to` not ended, an empty `population`
    unknown.
    """

    def keep(row: Row) -> None:
        draft.units.append((_version(row), file, row.line))

    _each(text, file, draft, (HEADING, SIZED), keep)


def read_lineage(text: str, file: str, draft: Draft) -> None:
    """Read the rows of lineage.csv: what became of a unit on a day.

    An empty `new` is a closing, an empty `share` a part nobody stated; `mark` is how
    well the row is confirmed (C, P, R or D) and `note` is for whoever edits the file.
    """

    def keep(row: Row) -> None:
        faults = len(draft.log.refusals)
        read = _lineage(row)
        if len(draft.log.refusals) == faults:  # else a second fault would mislead
            draft.lineage.append((read, file, row.line))

    _each(text, file, draft, (LINEAGE,), keep)


def read_groups(text: str, file: str, draft: Draft) -> None:
    """Read the rows of groups.csv: a unit belongs to a group between two days."""

    def keep(row: Row) -> None:
        stay = GroupMembership(
            unit=row.text("unit"),
            group=row.text("group"),
            start=row.day("valid_from"),
            end=row.optional_day("valid_to"),
        )
        draft.groups.append((stay, file, row.line))

    _each(text, file, draft, (GROUPS,), keep)


def _each(
    text: str,
    file: str,
    draft: Draft,
    headings: tuple[tuple[str, ...], ...],
    keep: Callable[[Row], None],
) -> None:
    """Give every line to `keep`; a wrong heading or a wrong width is refused."""
    lines = csv.reader(io.StringIO(text))
    heading = tuple(next(lines, ()))
    if heading not in headings:
        row = Row(Table(1, {}), file, draft.log)
        row.refuse(WrongHeading, heading=",".join(headings[0]))
        return
    for cells in lines:
        line = lines.line_num
        named = zip(heading, cells, strict=False)
        table = {key: Text(line, cell.strip()) for key, cell in named}
        row = Row(Table(line, dict(table)), file, draft.log)
        if len(cells) != len(heading):
            row.keys()
            row.refuse(WrongWidth, count=len(cells), expected=len(heading))
            continue
        keep(row)


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
        size_class=row.optional("size_class"),
    )


def _lineage(row: Row) -> Lineage:
    row.optional("note")
    instrument = row.optional("instrument")
    if instrument:
        row.mention("instrument", "văn bản", instrument, "instrument")
        mark = row.choice("mark", by_value(Mark))
        if mark in (Mark.PARTLY, Mark.RECALLED):
            instrument = UNCONFIRMED.format(instrument=instrument)
    else:
        row.optional("mark")
    return Lineage(
        old=row.text("old"),
        new=row.optional("new"),
        on=row.day("on"),
        change=row.choice("change", by_value(Change)),
        share=_share(row),
        instrument=instrument,
    )


def _share(row: Row) -> Fraction | None:
    """Return a share such as 0.25 or 1/3; None where nobody stated it."""
    text = row.optional("share")
    if not text:
        return None
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        row.refuse(NotShare, text=text)
        return None


def register(draft: Draft) -> Register | None:
    """Return the units through time; what the domain refuses is told with its line."""
    try:
        return Register(
            (version for version, _, _ in draft.units),
            (row for row, _, _ in draft.lineage),
            (stay for stay, _, _ in draft.groups),
        )
    except Refusals as found:
        draft.log.refusals += [_placed(each, draft) for each in found.refusals]
        return None


def _placed(refusal: Refusal, draft: Draft) -> Refusal:
    """Return the refusal with the line of the row it is about."""
    said = refusal.sentence.values
    places: dict[tuple[object, ...], tuple[str, int]]
    if "old" in said:
        told: tuple[object, ...] = (said["old"], said["new"], said["day"])
        places = {(r.old, r.new or "–", r.on): (f, n) for r, f, n in draft.lineage}
    elif "group" in said:
        told = (said["group"], said["unit"])
        places = {(r.group, r.unit): (f, n) for r, f, n in draft.groups}
    else:
        told = (said["unit"],)
        places = {(r.unit,): (f, n) for r, f, n in draft.units}
    file, line = places[told]
    return InFile(file=file, line=line, sentence=refusal.sentence)
