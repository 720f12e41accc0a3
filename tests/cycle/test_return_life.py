"""Does a return keep everything through its whole life, in whatever order it is lived?

A machine types, clashes, replays, sends by hand and by other ways, sends back, accepts,
closes, opens again and lets in after the lock; a model in plain Python says what must
stand afterwards. What was typed is in the sheet, or was typed over on record, or its
typist was told that it clashes or is refused.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests import factories
from tests.factories import AT, MONTHLY, THO_XUONG, form_of, month

from tongket.cycle import check, collect, enter, extend
from tongket.cycle.collect import Sending
from tongket.domain.checks import Severity
from tongket.domain.figures import Cell, read_cell
from tongket.domain.sentences import Refusals
from tongket.loader.pack import Pack
from tongket.records import cells
from tongket.records.models import (
    CellComment,
    CellEdit,
    Extension,
    OpenPeriod,
    Return,
    ReturnVersion,
)

FORM = form_of(MONTHLY)
ROWS = ("theft_cases", "social_order_cases", "fire_cases")
TYPISTS = ("an", "binh")
EMPTY = read_cell("")

typists = st.sampled_from(TYPISTS)
rows = st.sampled_from(ROWS)
texts = st.sampled_from(["", "-", "0", "1", "2", "03", "1.554"])


@dataclass
class Typed:
    """One edit, as the model remembers it."""

    measure: str
    cell: Cell
    by: str
    token: str
    text: str


@dataclass
class Page:
    """What one person has on the screen: the sheet, and the revision of each cell."""

    version: int = 0
    last_edit: int = 0
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def revision(self, measure: str) -> tuple[int, int]:
        """Return version and edit of a cell as the page shows it."""
        return self.seen.get(measure, (self.version, 0))


class Life(RuleBasedStateMachine):
    """One return of one unit in one period."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.pack = factories.small_pack()
        self.period = factories.opened(month(12))
        self.key: dict[str, Any] = {
            "opened": self.period,
            "unit": THO_XUONG,
            "form": FORM.key,
        }
        self.versions: list[dict[str, Cell]] = [{}]  # version 0 is the empty sheet
        self.edits: list[Typed] = []  # edit number − 1
        self.overlay: dict[str, tuple[int, int]] = {}  # measure → edit, version seen
        self.state = self.awaits = ""
        self.counts, self.is_taken_back = 0, False
        self.is_closed = self.is_let_in = False
        self.comments = self.clock = self.tokens = 0
        self.unkept: set[str] = set()
        self.pages = {name: Page() for name in TYPISTS}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # --- the model --------------------------------------------------------------------

    @property
    def at(self) -> dt.datetime:
        """An instant later than every one before it, on one day."""
        self.clock += 1
        return AT + dt.timedelta(milliseconds=self.clock)

    @property
    def number(self) -> int:
        """The number of the last version."""
        return len(self.versions) - 1

    @property
    def takes(self) -> bool:
        """Whether the period takes anything from the unit."""
        return self.is_let_in or not self.is_closed

    def sent(self, measure: str, version: int | None = None) -> Cell:
        """What a version says in a cell; the last one, unless told."""
        which = self.number if version is None else version
        return self.versions[which].get(measure, EMPTY)

    def present(self, measure: str) -> Cell:
        """What stands in a cell."""
        if measure in self.overlay:
            return self.edits[self.overlay[measure][0] - 1].cell
        return self.sent(measure)

    def is_undecided(self, measure: str) -> bool:
        """Whether a version came after the typing and says otherwise."""
        if measure not in self.overlay:
            return False
        saw = self.overlay[measure][1]
        others = (self.present(measure), self.sent(measure, saw))
        return saw < self.number and self.sent(measure) not in others

    def unsent(self) -> list[str]:
        """The cells that say otherwise than the last version."""
        return [key for key in self.overlay if self.present(key) != self.sent(key)]

    def sheet(self) -> dict[str, Cell]:
        """The whole sheet, every row of the form."""
        return {measure.key: self.present(measure.key) for measure in FORM.measures}

    def expected(self, measure: str, cell: Cell, version: int, over: int) -> str:
        """What must become of an edit: kept, or in conflict."""
        if version < self.number and self.is_undecided(measure):
            return "kept" if cell == self.sent(measure) else "conflict"
        seen = self.edits[over - 1].cell if over else self.sent(measure, version)
        return "kept" if self.present(measure) in (seen, cell) else "conflict"

    # --- typing -----------------------------------------------------------------------

    def save(self, name: str, *edits: enter.Edit, version: int) -> enter.Saved:
        """Send edits of a person to be kept."""
        return enter.save(
            pack=self.pack,
            **self.key,
            version=version,
            edits=edits,
            by=name,
            at=self.at,
        )

    def edit(self, measure: str, text: str, over: int) -> enter.Edit:
        """Return an edit with a token of its own."""
        self.tokens += 1
        return enter.Edit(f"token-{self.tokens}", measure, text, over)

    def type_over(
        self, name: str, measure: str, text: str, version: int, over: int
    ) -> enter.Conflict | None:
        """Type a cell, and check what becomes of it against the model."""
        edit, cell = self.edit(measure, text, over), read_cell(text)
        fate = self.expected(measure, cell, version, over) if self.takes else "closed"
        theirs = self.present(measure)
        if version < self.number and self.is_undecided(measure):
            theirs = self.sent(measure)
        kept = self.save(name, edit, version=version)
        if fate != "kept":
            self.unkept.add(edit.token)
            assert kept.saved == []
        if fate == "closed":
            assert isinstance(kept.refused[edit.token], collect.PeriodClosed)
            return None
        if fate == "conflict":
            (conflict,) = kept.conflicts
            assert (conflict.yours, conflict.theirs) == (text, theirs)
            return conflict
        (row,) = kept.saved
        self.edits.append(Typed(measure, cell, name, edit.token, text))
        assert row.number == len(self.edits)
        self.overlay[measure] = (row.number, version)
        self.pages[name].seen[measure] = (self.number, row.number)
        return None

    @rule(name=typists)
    def look(self, name: str) -> None:
        """Load the page anew."""
        now = enter.sheet(**self.key)
        seen = {key: (now.version, now.edits.get(key, 0)) for key in ROWS}
        self.pages[name] = Page(now.version, now.last_edit, seen)

    @rule(name=typists, measure=rows, text=texts)
    def type(self, name: str, measure: str, text: str) -> None:
        """Type a cell of one's page, however old the page is."""
        version, over = self.pages[name].revision(measure)
        self.type_over(name, measure, text, version, over)

    @rule(name=typists, measure=rows, text=texts, is_mine=st.booleans())
    def type_and_decide(
        self, name: str, measure: str, text: str, is_mine: bool
    ) -> None:
        """Type a cell; where it clashes, choose one of the two values at once."""
        version, over = self.pages[name].revision(measure)
        conflict = self.type_over(name, measure, text, version, over)
        if conflict is None:
            return
        chosen = text if is_mine else shown(conflict.theirs)
        again = self.type_over(name, measure, chosen, self.number, conflict.edit)
        assert again is None, "a choice made with open eyes stands"

    @rule(name=typists, measure=rows, text=st.sampled_from(["hai", "1,554", "-1"]))
    def type_nonsense(self, name: str, measure: str, text: str) -> None:
        """Type what is no number."""
        edit = self.edit(measure, text, 0)
        kept = self.save(name, edit, version=self.number)
        self.unkept.add(edit.token)
        assert list(kept.refused) == [edit.token]

    @precondition(lambda self: self.edits)
    @rule(data=st.data(), name=typists)
    def replay(self, data: st.DataObject, name: str) -> None:
        """Send an edit again that was kept, as after a dropped line."""
        number = data.draw(st.integers(1, len(self.edits)))
        typed = self.edits[number - 1]
        edit = enter.Edit(typed.token, typed.measure, typed.text)
        kept = self.save(name, edit, version=self.number)
        assert [row.number for row in kept.saved] == [number]

    @rule(name=typists)
    def discard(self, name: str) -> None:
        """Take back what is not sent."""
        page = self.pages[name]
        given = {**self.key, "by": name, "at": self.at}
        if self.unseen(name):
            with pytest.raises(enter.EditedMeanwhile):
                enter.discard(**given, edits_seen=page.last_edit)
            return
        back = enter.discard(**given, edits_seen=page.last_edit)
        assert {row.measure for row in back} == set(self.unsent())
        for row in back:
            cell = self.sent(row.measure)
            self.edits.append(Typed(row.measure, cell, name, row.token, ""))
        self.overlay.clear()

    def unseen(self, name: str) -> list[int]:
        """The edits of others that stand and that a person's page does not show."""
        return [
            number
            for number, _ in self.overlay.values()
            if number > self.pages[name].last_edit and self.edits[number - 1].by != name
        ]

    @rule(measure=rows, name=st.sampled_from([*TYPISTS, "reviewer"]))
    def comment(self, measure: str, name: str) -> None:
        """Say something about a cell."""
        enter.comment(
            pack=self.pack,
            **self.key,
            measure=measure,
            text="Đã hỏi lại công an xã.",
            by=name,
            at=self.at,
        )
        self.comments += 1

    # --- sending ----------------------------------------------------------------------

    @rule(name=typists)
    def submit(self, name: str) -> None:
        """Send the sheet from one's page, however old the page is."""
        page = self.pages[name]
        given = {
            "pack": self.pack,
            **self.key,
            "version": page.version,
            "edits_seen": page.last_edit,
            "explanations": {},
            "by": name,
            "at": self.at,
        }
        if self.number and not self.unsent() and not self.is_taken_back:
            assert enter.submit(**given) == []
            return
        refusal: type[Exception] | None = None
        if self.number and page.version != self.number:
            refusal = enter.SentMeanwhile
        elif self.unseen(name):
            refusal = enter.EditedMeanwhile
        elif any(map(self.is_undecided, self.overlay)):
            refusal = enter.StillUndecided
        elif not self.takes:
            refusal = Refusals
        if refusal:
            with pytest.raises(refusal):
                enter.submit(**given)
            return
        stand = self.sheet()
        (version,) = enter.submit(**given)
        assert version.examined_at is not None
        self.versions.append(stand)
        self.overlay.clear()
        self.wait()

    @rule(
        measure=rows,
        text=texts,
        channel=st.sampled_from([ReturnVersion.Channel.WORKBOOK, "API"]),
    )
    def send_by_another_way(self, measure: str, text: str, channel: str) -> None:
        """Receive a workbook or a program's return; it knows nothing of the draft."""
        before = self.versions[-1] if self.number else factories.crimes(2)
        stand = {**before, measure: read_cell(text)}
        sending = Sending(THO_XUONG, FORM.key, stand, self.at, channel)
        given = {
            "pack": self.pack,
            "opened": self.period,
            "sendings": [sending],
            "by": "program",
            "at": self.at,
        }
        if not self.takes:
            with pytest.raises(Refusals):
                collect.receive(**given)
            return
        versions = collect.receive(**given)
        assert len(versions) == (self.is_taken_back or stand != self.versions[-1])
        if versions:
            self.versions.append(stand)
            self.wait()

    def wait(self) -> None:
        """What was sent waits for the first rung."""
        self.state, self.awaits = Return.State.SENT, factories.CITY
        self.is_taken_back = False

    # --- reviewing, closing -----------------------------------------------------------

    def row(self) -> Return:
        """Return the return's row."""
        return Return.objects.get(unit__key=THO_XUONG, period=self.period)

    @precondition(lambda self: self.number)
    @rule(seat=st.sampled_from(factories.SEATS))
    def approve(self, seat: check.Seat) -> None:
        """Let a reviewer of some unit decide for the last version, if it may be so."""
        given = {"by": "reviewer", "seats": [seat], "at": self.at}
        try:
            factories.decided([self.last()], **given)
        except Refusals as raised:
            kinds = set(factories.kinds(raised))
            if self.state != Return.State.SENT:
                assert kinds <= {"DecidedMeanwhile", "NothingToReview"}
            elif seat.unit == self.awaits:
                assert kinds == {"StillDoubtful"}
            else:
                assert kinds <= {"NotYourTurn", "DecidedMeanwhile"}
            return
        assert (self.state, self.awaits) == (Return.State.SENT, seat.unit)
        assert not self.last().doubts.exclude(severity=Severity.NOTE).exists()
        if seat.unit == factories.PROVINCE:
            self.state, self.awaits = Return.State.ACCEPTED, ""
            self.counts = self.number
        else:
            self.awaits = factories.PROVINCE

    @precondition(lambda self: self.number)
    @rule()
    def send_back(self) -> None:
        """Let a reviewer send the last version back."""
        if self.state != Return.State.SENT:
            with pytest.raises(Refusals):
                factories.decided([self.last()], "Rà soát lại.", by="reviewer")
            return
        factories.decided([self.last()], "Rà soát lại.", by="reviewer")
        self.state, self.awaits = Return.State.SENT_BACK, ""

    @precondition(lambda self: self.number)
    @rule()
    def take_back(self) -> None:
        """Let the sender take the last version back, while nobody decided."""
        given = {"pack": self.pack, "row": self.row(), "by": "an", "at": self.at}
        if self.state != Return.State.SENT or self.awaits != factories.CITY:
            with pytest.raises((check.DecidedMeanwhile, check.NothingToReview)):
                check.take_back(**given)
            return
        check.take_back(**given)
        back, counts = Return.State.TAKEN_BACK, Return.State.ACCEPTED
        self.state, self.awaits = counts if self.counts else back, ""
        self.is_taken_back = True

    def last(self) -> ReturnVersion:
        """Return the version sent last."""
        return self.row().versions.get(number=self.number)

    @rule()
    def turn(self) -> None:
        """Close the period, or open it again."""
        act = collect.reopen_period if self.is_closed else collect.close_period
        act(opened=self.period, reason="Chốt số liệu.", by="office", at=self.at)
        self.is_closed = not self.is_closed

    @precondition(lambda self: self.is_closed and not self.is_let_in)
    @rule()
    def let_in(self) -> None:
        """Let the unit send after the lock."""
        extend.grant(
            pack=self.pack,
            opened=self.period,
            units=[THO_XUONG],
            kind=Extension.Kind.LOCK,
            until=AT.date(),
            reason="Mất điện cả xã.",
            by="office",
            at=self.at,
        )
        self.is_let_in = True

    # --- what must hold after every step ----------------------------------------------

    @invariant()
    def the_sheet_is_the_model_s(self) -> None:
        """The sheet, what is unsent and what is undecided, as the model has them."""
        now = enter.sheet(**self.key)
        stand = {key: now.cells.get(key, EMPTY) for key in ROWS}
        assert stand == {key: self.present(key) for key in ROWS}
        assert (now.version, now.last_edit) == (self.number, len(self.edits))
        assert now.edits == {key: edit for key, (edit, _) in self.overlay.items()}
        assert set(now.unsent) == set(self.unsent())
        undecided = {each.measure for each in now.undecided}
        assert undecided == set(filter(self.is_undecided, self.overlay))

    @invariant()
    def nothing_sent_is_lost_or_changed(self) -> None:
        """Versions are numbered without a gap and say what was sent."""
        kept = ReturnVersion.objects.filter(of__period=self.period).order_by("number")
        found = [(version.number, cells.from_json(version.cells)) for version in kept]
        assert found == list(enumerate(self.versions))[1:]
        rows = Return.objects.filter(period=self.period)
        stand = [(row.state, row.awaits.key if row.awaits else "") for row in rows]
        assert stand == ([(self.state, self.awaits)] if self.number else [])

    @invariant()
    def nothing_typed_is_lost_or_counted_twice(self) -> None:
        """Every kept edit is on record once; what was not kept was told to be so."""
        kept = CellEdit.objects.filter(draft__period=self.period).order_by("number")
        assert [
            (row.number, row.measure, enter.cell_of(row), row.by, row.token)
            for row in kept
        ] == [
            (number, typed.measure, typed.cell, typed.by, typed.token)
            for number, typed in enumerate(self.edits, 1)
        ]
        assert not self.unkept & {row.token for row in kept}
        assert CellComment.objects.count() == self.comments


def shown(cell: Cell) -> str:
    """Return a cell as it would be typed."""
    if cell.value is None:
        return {"NIL": "-", "MISSING": ""}[cell.state]
    return str(cell.value)


def test_nothing_is_lost_through_the_whole_life_of_a_return(pack: Pack) -> None:
    examples = max(settings.default.max_examples // 4, 5)
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert OpenPeriod.objects.count() == 0, "each life is undone when it ends"
