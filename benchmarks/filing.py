"""What does a commune do until the server dies: leave cells, send the return, again.

What was asked and not answered is asked again after the restart, and now and then what
was answered too, as a browser does whose line dropped before the answer came.
"""

import json
import random
import threading
from collections.abc import Mapping

from benchmarks import clients
from benchmarks.clients import Browser, NotAnswered
from benchmarks.ledger import TYPED, Ledger, Sent, Typed
from benchmarks.servers import Server

AGAIN = 0.2  # of what was answered, asked once more after a restart
KEPT_IN_MIND = 30  # the latest requests that may be asked again


class Filer(threading.Thread):
    """One client; nobody else writes for its units, as the ledger must know."""

    def __init__(
        self,
        server: Server,
        ledger: Ledger,
        told: Mapping[str, str],
        people: list[dict[str, str]],
        seed: int,
    ) -> None:
        super().__init__(daemon=True)
        self.ledger, self.told, self.people = ledger, told, people
        self.browser, self.chance = Browser(server), random.Random(seed)
        self.sessions = {each["unit"]: each["session"] for each in people}
        self.is_over, self.is_answered = threading.Event(), threading.Event()

    def run(self) -> None:
        """File until the server answers no more."""
        try:
            self.replay()
            while not self.is_over.is_set():
                self.file(self.chance.choice(self.people)["unit"])
        except NotAnswered:
            return  # what was asked stays unanswered in the ledger

    def file(self, unit: str) -> None:
        """Look at the sheet, then leave some cells or send the whole return."""
        seen = self._sheet(unit)
        if seen is None:
            return
        if self.chance.random() < 0.5:
            measures = self.chance.sample(TYPED, 3)
            edits = [
                clients.edit(
                    measure,
                    str(self.chance.randrange(1, 900)),
                    seen["cells"].get(measure, {}).get("edit", 0),
                )
                for measure in measures
            ]
            self._note(unit, seen["version"], edits)
            self.save(unit, seen["version"], edits)
            return
        mark, values = self.ledger.values()
        sent = Sent(unit, values, seen["version"], seen["last_edit"])
        with self.ledger.lock:
            self.ledger.sent[mark] = sent
        self.send(sent)

    def replay(self) -> None:
        """Ask again what was not answered, and some of what was."""
        with self.ledger.lock:
            typed = list(self.ledger.typed.items())
            sent = list(self.ledger.sent.values())
        batches = {}
        for place, (token, each) in enumerate(typed):
            if each.unit in self.sessions and self._asks_again(
                each.is_told, place, len(typed)
            ):
                batches[str(each.request)] = (each.unit, each.request)
            assert token, "the browser made one"
        for unit, (version, edits) in batches.values():
            self.ledger.replayed += 1
            self.save(unit, version, edits)
        for place, one in enumerate(sent):
            if one.unit in self.sessions and self._asks_again(
                one.is_told, place, len(sent)
            ):
                self.ledger.replayed += 1
                self.send(one)

    def _asks_again(self, is_told: bool, place: int, count: int) -> bool:
        if place < count - KEPT_IN_MIND:
            return False
        return not is_told or self.chance.random() < AGAIN

    def _note(self, unit: str, version: int, edits: list[dict[str, object]]) -> None:
        with self.ledger.lock:
            for each in edits:
                measure, text = str(each["measure"]), str(each["text"])
                self.ledger.typed[str(each["token"])] = Typed(
                    unit, measure, text, (version, edits)
                )

    def save(self, unit: str, version: int, edits: list[dict[str, object]]) -> None:
        """Leave cells; what comes back as saved is acknowledged."""
        place, session = clients.address(self.told, unit), self.sessions[unit]
        answer = clients.save(self.browser, place, session, version, edits)
        if answer.status not in (200, 409):
            self._error("save", answer)
            return
        for each in json.loads(answer.body)["saved"]:
            self.ledger.typed[each["token"]].is_told = True

    def send(self, sent: Sent) -> None:
        """Send a return; a redirect says that it was kept."""
        place, session = clients.address(self.told, sent.unit), self.sessions[sent.unit]
        answer = clients.submit(
            self.browser, place, session, sent.values, sent.version, sent.edits_seen
        )
        if answer.status == 302:
            sent.is_told = True
        elif answer.status != 409:  # sent meanwhile: nothing was kept, and it was told
            self._error("send", answer)

    def _sheet(self, unit: str) -> dict[str, dict[str, dict[str, int]]] | None:
        place, session = clients.address(self.told, unit), self.sessions[unit]
        answer = self.browser.ask("GET", f"{place}o/", session)
        self.is_answered.set()
        if answer.status != 200:
            self._error("sheet", answer)
            return None
        found: dict[str, dict[str, dict[str, int]]] = json.loads(answer.body)
        return found

    def _error(self, what: str, answer: clients.Answer) -> None:
        with self.ledger.lock:
            self.ledger.errors.append(f"{what}: answered {answer.status}")
