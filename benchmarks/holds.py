"""Is everything there that was acknowledged, once and whole? Asked of the database.

Plain SQL, so that nothing of the product can hide what the product lost.
"""

import json
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import packs, power
from benchmarks.ledger import MARKED, Ledger, Sent
from benchmarks.servers import Site

EDITS = "SELECT token, measure, text FROM records_celledit"
NUMBERS = (
    "SELECT d.id, d.last_edit, COUNT(e.id), MAX(e.number) FROM records_draft d "
    "LEFT JOIN records_celledit e ON e.draft_id = d.id GROUP BY d.id, d.last_edit"
)
VERSIONS = (
    "SELECT v.id, u.key, p.period, v.number, v.cells, v.examined_at "
    "FROM records_returnversion v JOIN records_return r ON r.id = v.of_id "
    "JOIN records_unit u ON u.id = r.unit_id "
    "JOIN records_openperiod p ON p.id = r.period_id"
)
DOUBTS = "SELECT version_id, COUNT(*) FROM records_doubt GROUP BY version_id"
ACTS = "SELECT subject, new FROM records_auditentry WHERE act = 'receive'"
CHAIN = "SELECT previous_hash, hash FROM records_auditentry ORDER BY id"


def rows(site: Site, *statements: str) -> list[list[tuple[Any, ...]]]:
    """Return what each statement finds; SQLite is asked through a copy of its files."""
    if site.database == "postgresql":
        with psycopg.connect(site.environment["TONGKET_DATABASE_URL"]) as connection:
            return [connection.execute(each).fetchall() for each in statements]
    with tempfile.TemporaryDirectory() as name:
        for file in power.FILES:
            found = Path(site.environment["TONGKET_DATA_DIR"], file)
            if found.exists():
                shutil.copyfile(found, Path(name, file))
        connection = sqlite3.connect(Path(name, power.FILES[0]))
        try:
            return [connection.execute(each).fetchall() for each in statements]
        finally:
            connection.close()


def problems(site: Site, ledger: Ledger) -> list[str]:
    """Return a line for everything that is lost, doubled or half; no server runs."""
    edits, numbers, versions, doubts, acts, chain = rows(
        site, EDITS, NUMBERS, VERSIONS, DOUBTS, ACTS, CHAIN
    )
    told = Counter((subject, _json(new)["version"]) for subject, new in acts)
    return [
        *_edits(ledger, edits, numbers),
        *_sendings(ledger, versions),
        *_halves(ledger, versions, dict(doubts), told),
        *_links(chain),
    ]


def _edits(
    ledger: Ledger, edits: list[tuple[Any, ...]], numbers: list[tuple[Any, ...]]
) -> Iterator[str]:
    kept: dict[str, list[tuple[str, str]]] = {}
    for token, measure, text in edits:
        kept.setdefault(token, []).append((measure, text))
    for token, typed in ledger.typed.items():
        found = kept.get(token, [])
        if typed.is_told and found != [(typed.measure, typed.text)]:
            yield f"LOST edit of {typed.unit} {typed.measure}: {found}"
        elif len(found) > 1:
            yield f"DOUBLED edit of {typed.unit} {typed.measure}"
    for draft, last, count, highest in numbers:
        if not last == count == (highest or 0):
            yield f"HALF draft {draft}: says {last}, holds {count} up to {highest}"


def _sendings(ledger: Ledger, versions: list[tuple[Any, ...]]) -> Iterator[str]:
    marks = Counter(_mark(_json(row[4])) for row in versions)
    for mark, sent in ledger.sent.items():
        if sent.is_told and not marks[mark]:
            yield f"LOST return of {sent.unit}, mark {mark}"
        elif marks[mark] > 1:
            yield f"DOUBLED return of {sent.unit}, mark {mark}: {marks[mark]} times"


def _halves(
    ledger: Ledger,
    versions: list[tuple[Any, ...]],
    doubts: dict[int, int],
    told: Counter[tuple[str, int]],
) -> Iterator[str]:
    for key, unit, period, number, stored, examined in versions:
        cells = _json(stored)
        sent = ledger.sent.get(_mark(cells))
        name = f"version {number} of {unit}"
        if sent is None or cells != _expected(sent):
            yield f"HALF {name}: not the cells that were sent"
        elif not examined or doubts.get(key, 0) != (0 if sent.is_sound else 1):
            yield f"HALF {name}: {doubts.get(key, 0)} doubts, examined {examined}"
        subject = f"return:{unit}:{packs.FORM}:{period}"
        if told.pop((subject, number), 0) != 1:
            yield f"HALF {name}: not exactly one act in the log"
    yield from (f"HALF act without its version: {each}" for each in told)


def _links(chain: list[tuple[str, str]]) -> Iterator[str]:
    previous = "0" * 64
    for before, own in chain:
        if before != previous:
            yield "BROKEN chain of acts"
        previous = own


def _json(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored


def _mark(cells: dict[str, list[str]]) -> int:
    return int(cells.get(MARKED, ["", "0"])[1])


def _expected(sent: Sent) -> dict[str, list[str]]:
    return {
        key: ["REPORTED", text.replace(".", "")] for key, text in sent.values.items()
    }
