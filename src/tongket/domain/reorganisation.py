"""What would a list of rows do to the register of units, row by row?

A plan is made from the register as it is and changes nothing. A row that states what
already holds is unchanged, so that a list which was taken in can be sent again.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tongket.domain.sentences import Refusal, Refusals, Sentence
from tongket.domain.unit_laying import (
    WRITES,
    Event,
    FieldChange,
    GroupTwice,
    Outcome,
    RowsDisagree,
    Told,
    laid_life,
    laid_lineage,
    laid_stay,
    same_event,
)
from tongket.domain.unit_lives import (
    NotThere,
    faults,
    lineage_faults,
    name_of,
    version_on,
)
from tongket.domain.unit_matching import Kind, Kinds
from tongket.domain.unit_reading import Meant, Reading
from tongket.domain.unit_rows import Row, Table
from tongket.domain.units import GroupMembership, Lineage, Register, UnitVersion

CORRECTS = (
    "Sửa lại nội dung đã ghi từ ngày {day}; nếu là thay đổi mới thì ghi ngày có hiệu "
    "lực vào cột “Từ ngày”."
)


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one row."""

    row: Row
    unit: str
    name: str
    outcome: Outcome
    on: dt.date | None = None
    changes: tuple[FieldChange, ...] = ()
    notes: tuple[Sentence, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Every row's outcome, and the register as it would be without the refused."""

    steps: tuple[Step, ...]
    register: Register

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many rows come out how."""
        return Counter(step.outcome for step in self.steps)

    @property
    def is_well(self) -> bool:
        """Whether no row is refused."""
        return not self.refused

    @property
    def refused(self) -> tuple[Step, ...]:
        """The rows that cannot be taken."""
        return tuple(s for s in self.steps if s.outcome is Outcome.REFUSED)

    @property
    def writes(self) -> tuple[Step, ...]:
        """The rows that change something."""
        return tuple(step for step in self.steps if step.outcome in WRITES)


def plan(
    register: Register,
    rows: Sequence[Row],
    *,
    on: dt.date,
    kinds: Mapping[str, Kind],
    root: str = "",
) -> ImportPlan:
    """Return what each row would do; a row without a day takes effect `on`.

    `root` begins the keys of new units. Refused rows take with them what rests on them.
    """
    reading = Reading(register.versions, Kinds(kinds), on, root)
    draft = _Draft(register, reading.rows(rows), on)
    draft.settle()
    return ImportPlan(tuple(draft.steps()), draft.register())


class _Draft:
    """The register while rows are laid over it."""

    def __init__(self, register: Register, meant: list[Meant], on: dt.date) -> None:
        self.given, self.meant, self.on = register, meant, on
        self.before: dict[str, list[UnitVersion]] = defaultdict(list)
        for version in register.versions:
            self.before[version.unit].append(version)
        for life in self.before.values():
            life.sort(key=lambda version: version.start)
        self.of_unit: dict[str, list[Meant]] = defaultdict(list)
        for each in meant:
            self.of_unit[each.unit].append(each)
        self.known = {same_event(row): row for row in register.lineage}
        self.after: dict[str, list[UnitVersion]] = {}
        self.lineage: dict[Event, Lineage] = {}
        self.given_stays: dict[tuple[str, str], list[GroupMembership]] = {}
        for stay in register.memberships:
            key = (stay.unit, stay.group)
            self.given_stays.setdefault(key, []).append(stay)
        self.stays: dict[tuple[str, str], list[GroupMembership]] = {}
        self.told: dict[int, Told] = {}
        self._register: Register | None = None

    def settle(self) -> None:
        """Lay all rows over the register; leave out refused ones until all stands."""
        while True:
            self._lay()
            count = sum(len(each.refusals) for each in self.meant)
            self._judge()
            if count == sum(len(each.refusals) for each in self.meant):
                return

    def register(self) -> Register:
        """Return the register as it would be."""
        assert self._register is not None, "settle comes first"
        return self._register

    def _going(self, table: Table) -> list[Meant]:
        return [e for e in self.meant if e.row.table is table and not e.refusals]

    def _lay(self) -> None:
        self.after, self.lineage = dict(self.before), dict(self.known)
        self.told = {}
        for each in sorted(
            self._going(Table.UNITS), key=lambda each: each.start or self.on
        ):
            life = list(self.after.get(each.unit, ()))
            self.told[id(each)] = laid_life(life, each, self.on)
            life.sort(key=lambda version: version.start)
            self.after[each.unit] = life
        for each in self._going(Table.LINEAGE):
            self.told[id(each)] = laid_lineage(self.lineage, each)
        self.stays = {key: list(stays) for key, stays in self.given_stays.items()}
        for each in self._going(Table.GROUPS):
            self._lay_stay(each)

    def _lay_stay(self, each: Meant) -> None:
        try:
            stays = self.stays.setdefault((each.unit, each.row.text("group")), [])
            self.told[id(each)] = laid_stay(stays, each, name_of(self.after, each.unit))
        except GroupTwice as refusal:
            each.refusals.append(refusal)

    def _judge(self) -> None:
        changed = frozenset(
            unit for unit, life in self.after.items() if life != self.before.get(unit)
        )
        for unit, refusal in list(faults(self.before, self.after, changed)):
            self._refuse(self.of_unit[unit], Table.UNITS, refusal)
        mine = {
            same_event(e.lineage): e for e in self._going(Table.LINEAGE) if e.lineage
        }
        days = {(old, on) for old, _, on, _ in mine}
        rows = [row for row in self.lineage.values() if (row.old, row.on) in days]
        for row, refusal in lineage_faults(self.after, rows):
            if same_event(row) in mine:
                self._refuse([mine[same_event(row)]], Table.LINEAGE, refusal)
        for each in self._going(Table.GROUPS):
            if version_on(self.after.get(each.unit, ()), each.start or self.on) is None:
                name = name_of(self.after, each.unit)
                each.refusals.append(NotThere(unit=name, day=each.start or self.on))
        self._contradictions()
        if not any(e.refusals for e in self.meant if id(e) in self.told):
            self._stand()

    def _contradictions(self) -> None:
        """Refuse rows that would change again what the list itself has made."""
        rows: dict[str, list[Meant]] = defaultdict(list)
        for each in self._going(Table.UNITS):
            rows[each.unit].append(each)
        for unit, several in rows.items():
            life = list(self.after[unit])
            for each in several if len(several) > 1 else ():
                if laid_life(list(life), each, self.on)[0] is not Outcome.UNCHANGED:
                    each.refusals.append(RowsDisagree(unit=life[-1].name))

    def _refuse(self, rows: Iterable[Meant], table: Table, refusal: Refusal) -> None:
        for each in rows:
            if each.row.table is table and not each.refusals:
                each.refusals.append(refusal)

    def _stand(self) -> None:
        """Let the register itself have the last word on what was laid over it."""
        order = {version.unit: None for version in self.given.versions}
        units = [*order, *(unit for unit in self.after if unit not in order)]
        try:
            self._register = Register(
                [version for unit in units for version in self.after[unit]],
                self.lineage.values(),
                [stay for stays in self.stays.values() for stay in stays],
            )
        except Refusals as refused:
            for each in refused.refusals:
                self._blame(each)

    def _blame(self, refusal: Refusal) -> None:
        """Refuse the rows that a refusal of the whole register speaks of."""
        told = refusal.sentence.values
        going = [each for each in self.meant if not each.refusals]
        event = (told.get("old"), told.get("day"))
        rows = [e for e in going if e.lineage and (e.unit, e.start) == event]
        if not rows:
            keys = {told.get(name) for name in ("unit", "old", "new")}
            rows = [each for each in going if each.unit in keys]
        for each in rows or going:
            each.refusals.append(refusal)

    def steps(self) -> Iterable[Step]:
        """Yield what becomes of each row, in the order of the list."""
        for each in self.meant:
            name = name_of(self.after, each.unit) if each.unit else ""
            name = each.row.text("name") or name or each.row.text("old")
            start = each.start or self.on
            if each.refusals:
                yield Step(
                    each.row, each.unit, name, Outcome.REFUSED, start,
                    notes=tuple(each.notes), refusals=tuple(each.refusals),
                )  # fmt: skip
                continue
            outcome, changes = self.told[id(each)]
            notes = list(each.notes)
            if outcome is Outcome.CORRECTED:
                notes.append(Sentence(CORRECTS, {"day": f"{start:%d/%m/%Y}"}))
            last = self.after[each.unit][-1].end if each.unit in self.after else None
            only_end = {change.field for change in changes} == {"valid_to"}
            if only_end and each.row.table is Table.UNITS:
                closes = each.end is not None and each.end == last
                outcome = Outcome.CLOSED if closes else Outcome.CHANGED
            yield Step(each.row, each.unit, name, outcome, start, changes, tuple(notes))
