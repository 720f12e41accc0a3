"""What does the hash of a row of the log cover? The format of the chain, no database.

The hash of row n is SHA-256 of the hash of row n - 1 and of the hash of its own salted
body; docs/reference/audit.md states it byte by byte. The salt lets a body be taken away
one day (salt and values erased, `body_hash` kept) without breaking the chain.
"""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64
# The kinds of subject whose second part is the key of a unit.
OF_A_UNIT = frozenset({"return", "unit", "plan"})


@dataclass(frozen=True, slots=True)
class Act:
    """What is about to be recorded: the act, on what, and the values around it.

    `unit` is the unit whose affair it is; of a return, a plan or a unit the subject
    says it already.
    """

    act: str
    subject: str
    new: Any = None
    old: Any = None
    unit: str = ""

    @property
    def about(self) -> str:
        """The key of the unit that the act is about; empty when it is about none."""
        return self.unit or unit_of(self.subject)


@dataclass(frozen=True, slots=True)
class Link:
    """What is kept of a row besides its values: salt, hash of the body, both hashes."""

    salt: str
    body_hash: str
    previous: str
    hash: str


def unit_of(subject: str) -> str:
    """Return the key of the unit that a subject names, or nothing.

    >>> unit_of("return:bg-c07201:commune-month:nd09-2023-m01")
    'bg-c07201'
    """
    kind, _, rest = subject.partition(":")
    return rest.partition(":")[0] if kind in OF_A_UNIT else ""


def instant(at: dt.datetime) -> str:
    """Return an instant as a body holds it: in UTC, a fraction only where there is one.

    >>> instant(dt.datetime(2024, 1, 16, 10, tzinfo=dt.UTC))
    '2024-01-16T10:00:00+00:00'
    """
    return at.astimezone(dt.UTC).isoformat()


def body(
    number: int, at: dt.datetime, by: str, act: Act, *, unit: str | None = None
) -> bytes:
    """Return the body of row `number`: canonical JSON of its eight values.

    `unit` is the unit as it is kept; without it, the one that the act says.
    """
    values = [
        number,
        instant(at),
        by,
        act.act,
        act.subject,
        act.about if unit is None else unit,
        act.old,
        act.new,
    ]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def salted(salt: str, content: bytes) -> str:
    """Return the hash of a body with its salt (32 hexadecimal digits)."""
    return hashlib.sha256(bytes.fromhex(salt) + content).hexdigest()


def linked(previous: str, body_hash: str) -> str:
    """Return the hash of a row, given the hash before it and that of its body."""
    both = bytes.fromhex(previous) + bytes.fromhex(body_hash)
    return hashlib.sha256(both).hexdigest()


def link(previous: str, number: int, at: dt.datetime, by: str, act: Act) -> Link:
    """Return what chains a new row to the one before it, with a salt of its own."""
    _refuse_unstable(act.old)
    _refuse_unstable(act.new)
    salt = secrets.token_hex(16)
    body_hash = salted(salt, body(number, at, by, act))
    return Link(salt, body_hash, previous, linked(previous, body_hash))


def _refuse_unstable(value: Any) -> None:
    # What a database gives back otherwise than it was given has another hash then.
    if isinstance(value, float):
        raise TypeError(f"a float is not kept in the log: {value}")
    if isinstance(value, Mapping):
        for key, each in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key of the log is a text: {key}")
            _refuse_unstable(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_unstable(each)
