"""How is a change of the register said on a page: its fields, outcomes and events?"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from tongket.cycle import reorganise
from tongket.domain.reorganisation import WRITES, Outcome
from tongket.domain.unit_rows import CHANGE_WORDS, Table
from tongket.domain.units import Change, Register
from tongket.office import facts, speech

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list, said: where it stands, what it does, why it is refused."""

    number: int
    place: str
    unit: str
    name: str
    outcome: Outcome
    tone: str
    words: str
    what: str
    day: dt.date | None
    changes: list[tuple[str, str, str]]
    notes: list[str]
    refusals: list[str]

    @property
    def writes(self) -> bool:
        """Whether the row would change something."""
        return self.outcome in WRITES


def field_words() -> dict[str, str]:
    """Return the name of each field of the three lists."""
    return {
        "code": gettext("Mã"),
        "name": gettext("Tên"),
        "kind": gettext("Loại đơn vị"),
        "designation": gettext("Loại hình"),
        "parent": gettext("Cấp trên"),
        "population": gettext("Dân số"),
        "size_class": gettext("Quy mô"),
        "valid_from": gettext("Từ ngày"),
        "valid_to": gettext("Đến ngày"),
        "share": gettext("Tỷ lệ"),
        "instrument": gettext("Văn bản"),
        "group": gettext("Nhóm"),
    }


def outcome_words(outcome: Outcome) -> tuple[str, str]:
    """Return tone and words for what a row does."""
    return {
        Outcome.NEW: ("good", gettext("Thêm mới")),
        Outcome.CHANGED: ("info", gettext("Thay đổi")),
        Outcome.CORRECTED: ("warn", gettext("Sửa lại")),
        Outcome.CLOSED: ("warn", gettext("Kết thúc")),
        Outcome.UNCHANGED: ("neutral", gettext("Không đổi")),
        Outcome.REFUSED: ("bad", gettext("Không nhận")),
    }[outcome]


def change_words(change: Change) -> str:
    """Return what a row of lineage tells, in a word or two."""
    return gettext(CHANGE_WORDS[change])


def lines(stored: Iterable[Mapping[str, Any]], register: Register) -> list[Line]:
    """Return stored lines of a plan as they are read on a page."""
    names = {version.unit: version.name for version in register.versions}
    kept = list(stored)
    for each in kept:  # what the list itself brings is called by its new name
        if each["table"] == Table.UNITS and each["name"]:
            names.setdefault(each["unit"], each["name"])
    fields = field_words()
    return [_line(each, names, fields) for each in kept]


def _line(
    stored: Mapping[str, Any], names: Mapping[str, str], fields: Mapping[str, str]
) -> Line:
    outcome = Outcome(stored["outcome"])
    tone, words = outcome_words(outcome)
    table = Table(stored["table"])
    changes = [
        (fields[name], _value(name, old, names), _value(name, new, names))
        for name, old, new in stored.get("changes", ())
    ]
    sheet, line = stored["sheet"], stored["line"]
    return Line(
        number=stored["row"],
        place=gettext("%(sheet)s, dòng %(line)s") % {"sheet": sheet, "line": line}
        if line
        else "",
        unit=stored["unit"],
        name=names.get(stored["name"], stored["name"]),
        outcome=outcome,
        tone=tone,
        words=words,
        what="" if table is Table.UNITS else table_words(table),
        day=dt.date.fromisoformat(stored["on"]) if stored["on"] else None,
        changes=changes,
        notes=[_said(each) for each in stored.get("notes", ())],
        refusals=[_said(each) for each in stored.get("refusals", ())],
    )


def table_words(table: Table) -> str:
    """Return which of the three lists a row belongs to."""
    return {
        Table.UNITS: gettext("Đơn vị"),
        Table.LINEAGE: gettext("Diễn biến"),
        Table.GROUPS: gettext("Nhóm"),
    }[table]


def _said(stored: list[Any]) -> str:
    return speech.translated(reorganise.revived(stored))


def _value(name: str, value: str, names: Mapping[str, str]) -> str:
    """Return one side of a change: a day, a name or a number as people read it."""
    if not value:
        return NOTHING
    pack = facts.pack()
    match name:
        case "valid_from" | "valid_to":
            return f"{dt.date.fromisoformat(value):%d/%m/%Y}"
        case "parent":
            return names.get(value, value)
        case "kind" if value in pack.kinds:
            return speech.said(pack.kinds[value])
        case "population":
            return speech.number(int(value))
    return value
