"""Where the counted figures lie: DuckDB files, written anew and then pointed to.

Readers keep the file they opened; a writer never changes a file that somebody reads.
The store names the state of the records that it was counted from (`version`), so a
reader can tell whether it is fresh.
"""

import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from uuid import uuid4

import duckdb
import ibis
import pyarrow as pa

from tongket.analytics import queries
from tongket.domain.indicators import Sum
from tongket.domain.periods import Period

POINTER, TURN = "current", "turn"


class Row(NamedTuple):
    """One cell owed: value scaled to a whole number, nought where nothing was said."""

    unit: str
    form: str
    measure: str
    start_on: dt.date
    end_on: dt.date
    is_stock: bool
    answered: bool
    value: int


SCHEMA = pa.schema(
    [
        ("unit", pa.string()),
        ("form", pa.string()),
        ("measure", pa.string()),
        ("start_on", pa.date32()),
        ("end_on", pa.date32()),
        ("is_stock", pa.bool_()),
        ("answered", pa.bool_()),
        ("value", pa.int64()),
    ]
)


def scaled(value: Decimal | None, decimals: int) -> int:
    """Return a value as a whole number of its last decimal; nought for nothing.

    >>> scaled(Decimal("12.5"), 1)
    125
    """
    whole = (value or Decimal(0)).scaleb(decimals)
    assert whole == whole.to_integral_value(), "cells were checked when they were read"
    return int(whole)


def _arrow(rows: Iterable[Row]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    arrays = [
        pa.array(column, field.type)
        for column, field in zip(columns, SCHEMA, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def current(folder: Path) -> Path | None:
    """Return the file that counts now; None where nothing was counted yet."""
    pointer = folder / POINTER
    if not pointer.exists():
        return None
    found = folder / pointer.read_text(encoding="utf-8")
    return found if found.exists() else None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one writer at a time into the folder, whichever thread or process it is in.

    A second one would take the first one's unfinished file for a file left behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / TURN).open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # given up when the file is closed
        yield


@contextmanager
def _replacing(folder: Path, *, is_anew: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a new file in the folder, and point to it when all went well.

    Each file has a name of its own: DuckDB shares one instance among all who open the
    same path in a process, so a swapped file under an old name would not be seen.
    """
    with _alone(folder), _new_file(folder, is_anew=is_anew) as connection:
        yield connection


@contextmanager
def _new_file(folder: Path, *, is_anew: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    before = current(folder)
    new = folder / f"counted-{uuid4().hex}.duckdb"
    pointer = folder / f"{new.stem}.pointer"
    try:
        if before and not is_anew:
            shutil.copyfile(before, new)
        with duckdb.connect(str(new)) as connection:
            yield connection
        pointer.write_text(new.name, encoding="utf-8")
        os.replace(pointer, folder / POINTER)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    for old in folder.glob("counted-*.duckdb"):
        if old not in (new, before):  # `before` may still have readers
            old.unlink(missing_ok=True)


def write(
    folder: Path,
    *,
    rows: Iterable[Row],
    ancestors: Mapping[str, Iterable[str]],
    version: str,
) -> None:
    """Count everything anew into a file of `folder`."""
    pairs = [(unit, above) for unit, chain in ancestors.items() for above in chain]
    with _replacing(folder, is_anew=True) as connection:
        connection.register("incoming", _arrow(rows))
        connection.execute(
            "CREATE TABLE figures AS SELECT * FROM incoming ORDER BY start_on, measure"
        )
        units, aboves = zip(*pairs, strict=True) if pairs else ((), ())
        table = {"unit": pa.array(units, pa.string())}
        table["ancestor"] = pa.array(aboves, pa.string())
        connection.register("pairs", pa.table(table))
        connection.execute("CREATE TABLE ancestors AS SELECT * FROM pairs")
        connection.execute("CREATE TABLE counted (version VARCHAR)")
        connection.execute("INSERT INTO counted VALUES (?)", [version])


def amend(folder: Path, *, rows: Iterable[Row], version: str) -> None:
    """Replace the rows of the returns in `rows` (unit, form, window), keep the rest."""
    with _replacing(folder, is_anew=False) as connection:
        connection.register("incoming", _arrow(rows))
        connection.execute(
            "DELETE FROM figures USING (SELECT DISTINCT unit, form, start_on FROM "
            "incoming) AS changed WHERE figures.unit = changed.unit AND "
            "figures.form = changed.form AND figures.start_on = changed.start_on"
        )
        connection.execute("INSERT INTO figures SELECT * FROM incoming")
        connection.execute("UPDATE counted SET version = ?", [version])


class Store:
    """One counted file, open for reading; answers are kept for as long as it is."""

    def __init__(self, path: Path, decimals: Mapping[str, int]) -> None:
        self.path = path
        self._backend = ibis.duckdb.connect(path, read_only=True)
        self._decimals = decimals
        self._figures = self._backend.table("figures")
        self._ancestors = self._backend.table("ancestors")
        (self.version,) = self._backend.table("counted").to_pyarrow()["version"]
        self.version = self.version.as_py()
        self._kept: dict[tuple[dt.date, dt.date], dict[tuple[str, str], Sum]] = {}
        self._asking = Lock()  # a DuckDB connection answers one thread at a time

    def sums(self, period: Period) -> Mapping[tuple[str, str], Sum]:
        """Return (unit, measure) → sum for every unit and level in a window."""
        window = (period.start, period.end)
        with self._asking:
            if window not in self._kept:
                self._kept[window] = self._asked(*window)
        return self._kept[window]

    def _asked(self, start: dt.date, end: dt.date) -> dict[tuple[str, str], Sum]:
        expression = queries.totals(
            self._figures, self._ancestors, start=start, end=end
        )
        found = self._backend.to_pyarrow(expression).to_pydict()
        return {
            (unit, measure): Sum(
                Decimal(total).scaleb(-self._decimals[measure]), returned, owed
            )
            for unit, measure, total, returned, owed in zip(
                *(found[name] for name in expression.columns), strict=True
            )
        }

    def close(self) -> None:
        """Let go of the file."""
        self._backend.disconnect()
