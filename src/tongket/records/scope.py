"""Whose rows may the code that runs now see and change? Until somebody says: nobody's.

The scope travels with the running code in a context variable: a face admits a person
and sets the units that person reaches; a command, and the few steps of the cycle that
must see beyond the person (peers, counting, unique keys), say why they take the whole.
Managers of unit-bound rows (records/walls.py) read it, and so does the database where
it has row-level security (records/postgresql/base.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property

EVERYTHING = "*"


class NoScope(RuntimeError):
    """Unit-bound rows were asked for, and nobody had said for whom."""


@dataclass(frozen=True)
class Units:
    """The rows of these units (their numbers in the tables) and of one account."""

    ids: frozenset[int]
    account: int | None = None

    @cached_property
    def told(self) -> tuple[str, str]:
        """The units and the account as the database's settings hold them."""
        units = ",".join(map(str, sorted(self.ids)))
        return units, "" if self.account is None else str(self.account)


@dataclass(frozen=True)
class Whole:
    """Every row, and for what."""

    why: str

    @property
    def told(self) -> tuple[str, str]:
        """The same, as the database's settings hold it."""
        return EVERYTHING, EVERYTHING


Scope = Units | Whole
NOBODY: Scope | None = None
_scope: ContextVar[Scope | None] = ContextVar("tongket_scope", default=NOBODY)


def current() -> Scope:
    """Return the scope of the running code; raises NoScope where none was set."""
    found = _scope.get()
    if found is None:
        raise NoScope("scope.acting(…) or scope.whole(…) comes first")
    return found


def told() -> tuple[str, str]:
    """Return units and account for the database; empty, which shows nothing, if none.

    Never raises: a statement on tables of no unit (sessions, accounts) needs no scope.
    """
    found = _scope.get()
    return ("", "") if found is None else found.told


def become(scope: Scope | None) -> None:
    """Act within another scope from here to the end of the enclosing `acting`."""
    _scope.set(scope)


@contextmanager
def acting(scope: Scope | None) -> Iterator[None]:
    """Act within a scope while the block lasts, whatever the block becomes."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def whole(why: str) -> Iterator[None]:
    """See and change every row while the block lasts; `why` is read by reviewers."""
    if not why.strip():
        raise ValueError("a reason is given for seeing every row")
    with acting(Whole(why)):
        yield


def carried(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what a stream makes after its request is over, within today's scope.

    Each part is made in the scope in which `carried` itself was called.
    """
    return _within(_scope.get(), parts)


def _within(scope: Scope | None, parts: Iterator[bytes]) -> Iterator[bytes]:
    while True:
        with acting(scope):
            part = next(parts, None)
        if part is None:
            return
        yield part
