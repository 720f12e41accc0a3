"""What did the clients ask, and what were they told was kept?

An edit is known by its token, a sending by its mark: a number that stands in one cell
of it and nowhere else.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks import packs

MARKED = packs.MEASURES[-1]
TYPED = tuple(key for key in packs.MEASURES if key.endswith(("_7", "_8", "_9")))


@dataclass
class Typed:
    """One cell that was typed, with the request it was sent in."""

    unit: str
    measure: str
    text: str
    request: tuple[int, list[Any]]
    is_told: bool = False


@dataclass
class Sent:
    """One return that was sent, with what the page knew when it was."""

    unit: str
    values: Mapping[str, str]
    version: int
    edits_seen: int
    is_told: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether the sums are right; every third sending has a doubt."""
        return int(self.values[MARKED].replace(".", "")) % 3 != 0


@dataclass
class Ledger:
    """Everything that was asked so far, over every kill."""

    typed: dict[str, Typed] = field(default_factory=dict)
    sent: dict[int, Sent] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    replayed: int = 0
    marks: int = 1_000
    lock: threading.Lock = field(default_factory=threading.Lock)

    def values(self) -> tuple[int, dict[str, str]]:
        """Return a new mark and the cells of a return that carries it."""
        with self.lock:
            self.marks += 1
            mark = self.marks
        values = packs.values(mark)
        values[MARKED] = f"{mark:,}".replace(",", ".")
        if mark % 3 == 0:
            first = packs.measure(1, 1)
            wrong = int(values[first].replace(".", "")) + 1
            values[first] = f"{wrong:,}".replace(",", ".")
        return mark, values

    @property
    def told(self) -> tuple[int, int]:
        """How many edits and how many returns were acknowledged."""
        edits = sum(each.is_told for each in self.typed.values())
        return edits, sum(each.is_told for each in self.sent.values())
