"""How may somebody with the database's password falsify a log of acts?

A log is a list of rows as `tongket audit-export` writes them. Each way changes a copy
of it; some go as far as an attacker who knows the format can: they compute hashes anew.
"""

import copy
import datetime as dt
import hashlib
import json
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Log = list[Row]
HEXES = ("salt", "body_hash", "previous_hash", "hash")
TEXTS = ("by", "act", "subject", "unit")
VALUES = ("old", "new")


def edited(log: Log, chance: random.Random) -> Log:
    """Change one field of one row."""
    row = chance.choice(log)
    change(row, chance.choice([*row]), chance)
    return log


def edited_in_body(log: Log, chance: random.Random) -> Log:
    """Change what a row tells, and compute the hash of its body anew."""
    number = chance.randrange(len(log))
    change(log[number], chance.choice(["at", *TEXTS, *VALUES]), chance)
    log[number]["body_hash"] = body_hash(log[number])
    return log


def edited_and_hashed(log: Log, chance: random.Random) -> Log:
    """Change what a row tells, and compute its own hashes anew."""
    log = edited_in_body(log, chance)
    for number, row in enumerate(log):
        row["body_hash"] = body_hash(row)
        row["hash"] = linked(row["previous_hash"], row["body_hash"])
        assert number + 1 == row["id"]
    return log


def edited_and_chained(log: Log, chance: random.Random) -> Log:
    """Change what a row tells, and compute every hash after it anew."""
    return chained(edited_in_body(log, chance))


def renamed_before(log: Log, chance: random.Random) -> Log:
    """Let a row name another hash before it, and compute its own hash anew."""
    number = chance.randrange(1, len(log))
    row = log[number]
    row["previous_hash"] = chance.choice(log[: number - 1] or [log[number]])["hash"]
    if chance.random() < 0.5:
        row["hash"] = linked(row["previous_hash"], row["body_hash"])
    return log


def deleted(log: Log, chance: random.Random) -> Log:
    """Take out a row, or several that follow each other; never the last."""
    first = chance.randrange(len(log) - 1)
    last = chance.randrange(first, len(log) - 1)
    del log[first : chance.choice([first, last]) + 1]
    return log


def deleted_and_numbered(log: Log, chance: random.Random) -> Log:
    """Take out a row and close the gap in the numbers."""
    return numbered(deleted(log, chance))


def deleted_and_chained(log: Log, chance: random.Random) -> Log:
    """Take out a row, close the gap, and compute every hash anew."""
    return chained(deleted_and_numbered(log, chance))


def swapped(log: Log, chance: random.Random) -> Log:
    """Let two rows change places, with or without their numbers."""
    one, other = chance.sample(range(len(log)), 2)
    log[one], log[other] = log[other], log[one]
    return numbered(log) if chance.random() < 0.5 else log


def swapped_values(log: Log, chance: random.Random) -> Log:
    """Let two rows change what they tell, and keep their hashes."""
    one, other = chance.sample(log, 2)
    for name in ("at", *TEXTS, *VALUES):
        one[name], other[name] = other[name], one[name]
    one["subject"] += "'"
    return log


def moved(log: Log, chance: random.Random) -> Log:
    """Put a row elsewhere and number all anew."""
    row = log.pop(chance.randrange(len(log) - 1))
    place = chance.randrange(len(log) + 1)
    log.insert(place if place != row["id"] - 1 else place + 1, row)
    return numbered(log)


def truncated(log: Log, chance: random.Random) -> Log:
    """Cut off the end."""
    return log[: chance.randrange(len(log))]


def inserted(log: Log, chance: random.Random) -> Log:
    """Put a row between two others: a copy, or a forged one that is well chained."""
    place = chance.randrange(len(log))
    row = copy.deepcopy(chance.choice(log))
    if chance.random() < 0.5:
        row["id"] = place + 1
        change(row, chance.choice(TEXTS), chance)
        row["previous_hash"] = log[place - 1]["hash"] if place else "0" * 64
        row["body_hash"] = body_hash(row)
        row["hash"] = linked(row["previous_hash"], row["body_hash"])
    log.insert(place, row)
    return numbered(log)


def inserted_and_chained(log: Log, chance: random.Random) -> Log:
    """Put a forged row between two others and compute every hash anew."""
    return chained(inserted(log, chance))


def emptied(log: Log, chance: random.Random) -> Log:
    """Take what a row tells away, as if its time had passed."""
    chance.choice(log).update(salt="", old=None, new=None, by="", subject="")
    return log


WAYS: tuple[Callable[[Log, random.Random], Log], ...] = (
    edited, edited, edited, edited_in_body, edited_and_hashed, edited_and_chained,
    renamed_before, deleted, deleted_and_numbered, deleted_and_chained, swapped,
    swapped_values, moved, truncated, inserted, inserted_and_chained, emptied,
)  # fmt: skip


def tampered(log: Log, chance: random.Random) -> tuple[str, Log]:
    """Return the name of a way and a log that was falsified in it."""
    way = chance.choice(WAYS)
    changed = way(copy.deepcopy(log), chance)
    assert changed != log, f"{way.__name__} changed nothing"
    return way.__name__, changed


def change(row: Row, name: str, chance: random.Random) -> None:
    """Put another value of the same kind into a field."""
    before = row[name]
    if name == "id":
        row[name] = before + chance.choice([-before, 1000, 10**9])
    elif name == "at":
        at = dt.datetime.fromisoformat(before)
        shift = dt.timedelta(microseconds=chance.randrange(1, 10**13))
        row[name] = (at + chance.choice([-1, 1]) * shift).isoformat()
    elif name in HEXES:
        place = chance.randrange(len(before))
        digit = chance.choice("0123456789abcdef".replace(before[place], ""))
        row[name] = before[:place] + digit + before[place + 1 :]
    elif name in TEXTS:
        row[name] = chance.choice([before + " ", before[:-1] + "ạ", "x" + before])
    else:
        others = [None, {}, [], 0, "", True, {"version": 1}, {"version": 1.0}, [before]]
        row[name] = chance.choice([each for each in others if is_other(each, before)])


def is_other(one: Any, other: Any) -> bool:
    """Whether two values differ in JSON, where 1, 1.0 and true are three."""
    return json.dumps(one) != json.dumps(other)


def numbered(log: Log) -> Log:
    """Number the rows from 1 in their order."""
    for number, row in enumerate(log):
        row["id"] = number + 1
    return log


def chained(log: Log) -> Log:
    """Compute every hash anew, as the format says."""
    previous = "0" * 64
    for row in log:
        row["body_hash"] = body_hash(row)
        row["previous_hash"] = previous
        previous = row["hash"] = linked(previous, row["body_hash"])
    return log


def body_hash(row: Row) -> str:
    """Return the hash of a row's salted body, written a third time."""
    names = ("id", "at", "by", "act", "subject", "unit", "old", "new")
    text = json.dumps(
        [row[name] for name in names],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(bytes.fromhex(row["salt"]) + text.encode()).hexdigest()


def linked(previous: str, inner: str) -> str:
    """Return the hash of a row."""
    return hashlib.sha256(bytes.fromhex(previous + inner)).hexdigest()


def as_lines(log: Log, file: Path) -> Path:
    """Write a log as an export."""
    file.write_text("".join(json.dumps(row) + "\n" for row in log))
    return file


def as_database(log: Log, file: Path) -> Path:
    """Write a log as SQLite keeps it; two rows of one number are none of its logs."""
    file.unlink(missing_ok=True)
    database = sqlite3.connect(file)
    columns = ", ".join(f'"{name}"' for name in log[0]) if log else "id"
    database.execute(f"CREATE TABLE records_auditentry ({columns})")
    for row in log:
        kept = dict(row)
        kept["at"] = row["at"].replace("T", " ").removesuffix("+00:00")
        for name in VALUES:
            kept[name] = None if row[name] is None else json.dumps(row[name])
        marks = ", ".join("?" * len(kept))
        values = tuple(kept.values())
        database.execute(f"INSERT INTO records_auditentry VALUES ({marks})", values)
    database.commit()
    database.close()
    return file
