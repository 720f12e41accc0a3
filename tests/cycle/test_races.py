"""What if two people press at the same instant? Real threads, each its own connection.

SQLite's tests run in memory, where threads would share one connection: here the empty
database is copied into a file first. PostgreSQL's threads meet in the test database.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from tests import factories
from tests.factories import AT, MONTHLY, THO_XUONG, crimes, form_of, month

from tongket.cycle import collect, enter, reorganise
from tongket.cycle.enter import Edit, Saved
from tongket.domain.figures import reported
from tongket.records.models import CellEdit, Draft, Return, ReturnVersion

FORM = form_of(MONTHLY)
THEFTS = "theft_cases"
RACERS, ROUNDS = 8, 4

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _arena(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give threads a database of their own to meet in, with the units in it."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        path = tmp_path / "arena.sqlite3"
        with sqlite3.connect(path) as copy:
            connection.connection.backup(copy)
        copy.close()
        monkeypatch.setitem(connections.settings["default"], "NAME", str(path))
    pack = factories.small_pack()
    alone(lambda: reorganise.load_units(pack=pack, by=factories.BY, at=AT))
    alone(lambda: factories.opened(month(12)))
    yield
    if connection.vendor == "sqlite":
        monkeypatch.undo()


def racing(runners: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start everybody at once; return what each got, a refusal as a value."""
    start = threading.Barrier(len(runners))

    def run(runner: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(20)
            return runner()
        except enter.SentMeanwhile as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))


def alone(runner: Callable[[], Any]) -> Any:
    """Run something in a thread of its own, where the racers meet."""
    (found,) = racing([runner])
    return found


def key() -> dict[str, Any]:
    """Return what the stage knows the return by."""
    opened = factories.opened(month(12))
    return {"opened": opened, "unit": THO_XUONG, "form": FORM.key}


def save(by: str, *edits: Edit, version: int = 0) -> Saved:
    """Save edits of the return."""
    pack = factories.small_pack()
    return enter.save(pack=pack, **key(), version=version, edits=edits, by=by, at=AT)


def submit(by: str, version: int = 0, edits_seen: int = 1000) -> list[ReturnVersion]:
    """Send the sheet."""
    return enter.submit(
        pack=factories.small_pack(),
        **key(),
        version=version,
        edits_seen=edits_seen,
        explanations={},
        by=by,
        at=AT,
    )


def numbers() -> list[int]:
    """Return the numbers of every version that is kept."""
    return alone(lambda: list(ReturnVersion.objects.values_list("number", flat=True)))


def test_of_two_who_leave_one_cell_at_once_one_is_kept_and_the_other_told() -> None:
    version = 0
    for number in range(ROUNDS):
        over = alone(lambda: enter.sheet(**key()).edits.get(THEFTS, 0))
        told = racing(
            [
                lambda who=who, text=text, over=over: save(
                    who, Edit(f"{who}-{text}", THEFTS, text, over), version=version
                )
                for who, text in (("an", f"{number}1"), ("binh", f"{number}2"))
            ]
        )
        (winner,) = [each for each in told if each.saved]
        (loser,) = [each for each in told if each.conflicts]
        (kept,), (conflict,) = winner.saved, loser.conflicts
        assert conflict.theirs == reported(kept.text)
        assert (conflict.by, conflict.edit) == (kept.by, kept.number)
    assert alone(CellEdit.objects.count) == ROUNDS


def test_all_who_type_first_share_one_draft_and_no_edit_is_lost() -> None:
    rows = [measure.key for measure in FORM.measures[:RACERS]]
    told = racing([lambda row=row: save(row, Edit(row, row, "5")) for row in rows])
    assert all(len(each.saved) == 1 for each in told)
    assert alone(Draft.objects.count) == 1
    kept = alone(lambda: list(CellEdit.objects.values_list("number", flat=True)))
    assert kept == list(range(1, RACERS + 1))
    assert set(alone(lambda: enter.sheet(**key()).cells)) == set(rows)


def test_a_replay_sent_many_times_at_once_is_kept_once() -> None:
    told = racing([lambda: save("an", Edit("t", THEFTS, "5"))] * RACERS)
    assert {each.saved[0].number for each in told} == {1}
    assert alone(CellEdit.objects.count) == 1


def test_all_who_send_one_sheet_at_once_send_it_once() -> None:
    alone(lambda: save("an", Edit("t", THEFTS, "5")))
    told = racing([lambda who=who: submit(f"racer-{who}") for who in range(RACERS)])
    assert sorted(map(len, told)) == [0] * (RACERS - 1) + [1]
    assert numbers() == [1]
    assert alone(Return.objects.count) == 1


def test_a_sheet_and_a_workbook_that_meet_are_numbered_and_nothing_is_lost() -> None:
    for number in range(ROUNDS):
        version = max(numbers(), default=0)
        text = str(100 + number)
        typed = alone(
            lambda text=text, version=version: save(
                "an", Edit(text, THEFTS, text), version=version
            )
        )
        assert typed.saved, "nobody else types"
        told, others = racing(
            [
                lambda version=version: submit("an", version),
                lambda number=number: workbook(number),
            ]
        )
        assert len(others) == 1
        found = alone(kept_thefts)
        assert sorted(numbers()) == list(range(1, len(found) + 1))
        if isinstance(told, enter.SentMeanwhile):
            sheet = alone(lambda: enter.sheet(**key()))
            (undecided,) = sheet.undecided
            assert undecided.typed == reported(text)
            assert undecided.sent == reported(number)
            alone(take_back)
        else:
            assert text in found[-2:]
        assert str(number) in found[-2:]


def workbook(thefts: int) -> list[ReturnVersion]:
    """Receive a return by another way."""
    return collect.receive(
        pack=factories.small_pack(),
        opened=factories.opened(month(12)),
        sendings=[factories.sending(THO_XUONG, crimes(thefts))],
        by="program",
        at=AT,
    )


def take_back() -> list[CellEdit]:
    """Take back what is not sent, all of it seen."""
    return enter.discard(**key(), edits_seen=1000, by="an", at=AT)


def kept_thefts() -> list[str]:
    """Return what each version says of thefts, the oldest first."""
    rows = ReturnVersion.objects.order_by("number")
    return [cells[THEFTS][1] for cells in rows.values_list("cells", flat=True)]


def test_many_programs_that_send_at_once_get_a_number_each() -> None:
    told = racing([lambda n=n: workbook(n) for n in range(1, RACERS + 1)])
    assert all(len(each) == 1 for each in told)
    assert sorted(numbers()) == list(range(1, RACERS + 1))
    assert sorted(map(int, alone(kept_thefts))) == list(range(1, RACERS + 1))
