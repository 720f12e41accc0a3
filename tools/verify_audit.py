"""Is a log of tongket unbroken? Needs Python 3.10 or newer and nothing of tongket.

    python3 verify_audit.py tongket.sqlite3 --checkpoints audit-checkpoints
    python3 verify_audit.py log.jsonl --checkpoints … --key audit-key.pub

Reads the SQLite file itself, or what `tongket audit-export` wrote (also from
PostgreSQL), and computes every hash anew as docs/reference/audit.md states it. Answers
in one sentence (in English with LANGUAGE=en): 0 when all is sound, 1 with the first bad
row, 2 when something could not be read.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

START = "0" * 64
COLUMNS = (
    "id", "at", "by", "act", "subject", "unit", "old", "new",
    "salt", "body_hash", "previous_hash", "hash",
)  # fmt: skip
INSTANT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(?!000000)\d{6})?\+00:00", re.ASCII
)
HEX = re.compile(r"[0-9a-f]*", re.ASCII)
SHOWN = 100_000  # rows between two lines of progress

WORDS = {
    "sound": (
        "Nhật ký nguyên vẹn: {rows} dòng, {notes} điểm kiểm{unsigned}.",
        "The log is unbroken: {rows} rows, {notes} checkpoints{unsigned}.",
    ),
    "unsigned": (
        " (chưa kiểm chữ ký: thiếu --key)",
        " (signatures not checked: no --key)",
    ),
    "missing": (
        "Thiếu dòng {row}: sau dòng {before} là dòng {found}.",
        "Row {row} is missing: row {before} is followed by row {found}.",
    ),
    "inserted": (
        "Dòng mang số {found} đứng ở chỗ của dòng {row}: bị chèn thêm hoặc đổi chỗ.",
        "A row numbered {found} stands in the place of row {row}: inserted or moved.",
    ),
    "follows": (
        "Dòng {row} không nối tiếp dòng {before}: một trong hai bị đổi chỗ hoặc thay.",
        "Row {row} does not follow row {before}: one of them was moved or replaced.",
    ),
    "edited": (
        "Dòng {row} bị sửa: nội dung không khớp dấu băm.",
        "Row {row} was edited: its values do not match its hash.",
    ),
    "pruned": (
        "Dòng {row} không còn nội dung; chỉ chấp nhận khi có --pruned-until.",
        "Row {row} has no values any more; only --pruned-until accepts that.",
    ),
    "truncated": (
        "Nhật ký bị cắt sau dòng {rows}: điểm kiểm lúc {at} có {size} dòng.",
        "The log was cut off after row {rows}: the checkpoint of {at} has {size} rows.",
    ),
    "rewritten": (
        "Dòng {row} khác với dòng mà điểm kiểm lúc {at} thấy: chuỗi đã bị tính lại.",
        "Row {row} is not what the checkpoint of {at} saw: the chain was made anew.",
    ),
    "note": (
        "Điểm kiểm ở dòng {line} không đọc được hoặc chữ ký không đúng.",
        "The checkpoint at line {line} cannot be read, or its signature is wrong.",
    ),
    "unreadable": ("Không đọc được {file}: {why}", "{file} cannot be read: {why}"),
    "progress": ("… {rows} dòng", "… {rows} rows"),
}


class Fault(NamedTuple):
    """What is wrong, and the gaps of its sentence."""

    kind: str
    gaps: dict


class Place(NamedTuple):
    """Where the reading stands: the number due, and the hash of the row before."""

    number: int
    head: str
    pruned_until: int


class Note(NamedTuple):
    """One checkpoint: so many rows, the hash of the last, when."""

    size: int
    head: str
    at: str


def said(kind: str, **gaps: Any) -> str:
    """Return a sentence in the language of the environment."""
    is_english = os.environ.get("LANGUAGE", "").startswith("en")
    return WORDS[kind][is_english].format(**gaps)


# --- the rows


def rows_of(file: Path) -> Iterator[dict]:
    """Yield the rows of a log, in the order in which they are kept."""
    with file.open("rb") as opened:
        is_sqlite = opened.read(16) == b"SQLite format 3\0"
    return sqlite_rows(file) if is_sqlite else exported_rows(file)


def sqlite_rows(file: Path) -> Iterator[dict]:
    """Yield the rows of a database file, which is opened for reading only."""
    database = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    try:
        for kept in database.execute("SELECT * FROM records_auditentry ORDER BY id"):
            row = {name: kept[name] for name in COLUMNS}
            row["at"] = instant_of(row["at"])
            row["old"], row["new"] = value_of(row["old"]), value_of(row["new"])
            yield row
    finally:
        database.close()


def exported_rows(file: Path) -> Iterator[dict]:
    """Yield the rows of an export: one JSON object a line."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if not isinstance(row, dict) or row.keys() != set(COLUMNS):
                raise ValueError(line[:60])
            yield row


def instant_of(text: Any) -> Any:
    """Return an instant as bodies hold it, from how SQLite keeps it (in UTC)."""
    if isinstance(text, str) and text[10:11] == " ":
        return f"{text[:10]}T{text[11:]}+00:00"
    return None


def value_of(text: Any) -> Any:
    """Return a JSON value; what is none becomes one that no writer ever kept."""
    try:
        return None if text is None else json.loads(text)
    except (TypeError, ValueError):
        return {"": text if isinstance(text, str) else repr(text)}


# --- the checks of one row: each returns what is wrong, or nothing


def is_numbered(row: dict, place: Place) -> Fault | None:
    """Rows are numbered from 1 without a gap."""
    found = row["id"]
    if found == place.number and type(found) is int:
        return None
    gaps = {"row": place.number, "before": place.number - 1, "found": found}
    is_ahead = type(found) is int and found > place.number
    return Fault("missing" if is_ahead else "inserted", gaps)


def follows(row: dict, place: Place) -> Fault | None:
    """A row names the hash of the row before it."""
    if row["previous_hash"] == place.head:
        return None
    return Fault("follows", {"row": place.number, "before": place.number - 1})


def has_body(row: dict, place: Place) -> Fault | None:
    """The hash of the body is that of the salt and of the values."""
    if row["salt"] == "":
        if place.number <= place.pruned_until:
            return None
        return Fault("pruned", {"row": place.number})
    if row["body_hash"] == body_hash(row, place.number):
        return None
    return Fault("edited", {"row": place.number})


def is_linked(row: dict, place: Place) -> Fault | None:
    """The hash of the row is that of the hash before it and of its body."""
    found = row["body_hash"]
    if is_hex(found, 64):
        both = bytes.fromhex(place.head) + bytes.fromhex(found)
        if row["hash"] == hashlib.sha256(both).hexdigest():
            return None
    return Fault("edited", {"row": place.number})


CHECKS = {
    "is_numbered": is_numbered,
    "follows": follows,
    "has_body": has_body,
    "is_linked": is_linked,
}


def body_hash(row: dict, number: int) -> str | None:
    """Return the hash of the salted body of a row; None when it cannot have one."""
    at, salt = row["at"], row["salt"]
    if not is_hex(salt, 32) or not isinstance(at, str) or not INSTANT.fullmatch(at):
        return None
    values = [
        number, at, row["by"], row["act"], row["subject"], row["unit"],
        row["old"], row["new"],
    ]  # fmt: skip
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    content = text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(bytes.fromhex(salt) + content).hexdigest()


def is_hex(text: Any, digits: int) -> bool:
    """Whether a value is a text of so many hexadecimal digits, all small."""
    return isinstance(text, str) and len(text) == digits and bool(HEX.fullmatch(text))


# --- the checkpoints


NOTE = re.compile(
    r"(?P<text>(?P<origin>[^\n+ ]+)\n(?P<size>\d+)\n(?P<head>[A-Za-z0-9+/]{43}=)\n"
    r"at (?P<at>[^\n]+)\n)\n— (?P=origin) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)


def notes_of(text: str, key: str) -> tuple[list, Fault | None]:
    """Return the notes of a file of checkpoints, and the first that is no good."""
    notes, place = [], 0
    for found in NOTE.finditer(text):
        line = text.count("\n", 0, place) + 1
        if text[place : found.start()].strip() or (key and not is_signed(found, key)):
            return notes, Fault("note", {"line": line})
        head = base64.b64decode(found["head"]).hex()
        notes.append(Note(int(found["size"]), head, found["at"]))
        place = found.end()
    if text[place:].strip():
        return notes, Fault("note", {"line": text.count("\n", 0, place) + 1})
    return notes, None


def is_signed(note: re.Match, key: str) -> bool:
    """Whether the public key's line signed a note (Ed25519, C2SP signed-note)."""
    name, identity, typed = key.strip().split("+", 2)
    signature = base64.b64decode(note["signature"])
    return (
        name == note["origin"]
        and signature[:4].hex() == identity
        and verified(base64.b64decode(typed)[1:], note["text"].encode(), signature[4:])
    )


# Ed25519 as RFC 8032, section 5.1.7 states it; slow, and only ever used to verify.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def point(x_is_odd: int, y: int) -> tuple | None:
    """Return the point with this y and this parity of x; None when there is none."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and x_is_odd):
        return None
    if x % 2 != x_is_odd:
        x = P - x
    return (x, y, 1, x * y % P)


def decoded(text: bytes) -> tuple | None:
    """Return the point that 32 bytes stand for."""
    number = int.from_bytes(text, "little")
    return point(number >> 255, number & (2**255 - 1))


def added(one: tuple, other: tuple) -> tuple:
    """Return the sum of two points."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(factor: int, one: tuple) -> tuple:
    """Return a multiple of a point."""
    total = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = added(total, one)
        one = added(one, one)
        factor >>= 1
    return total


BASE = point(0, 4 * pow(5, P - 2, P) % P)


def verified(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature of 64 bytes is the key's for this message."""
    if len(public) != 32 or len(signature) != 64 or BASE is None:
        return False
    key, nonce = decoded(public), decoded(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= ORDER:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(hashed, "little") % ORDER
    left, right = times(scalar, BASE), added(nonce, times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


# --- all of it


def verify(
    rows: Iterable[dict],
    notes: Iterable[Note] = (),
    *,
    checks: dict | None = None,
    pruned_until: int = 0,
    told: Callable[[int], None] = lambda rows: None,
) -> tuple[int, Fault | None]:
    """Return how many rows are good from the first on, and what is wrong then."""
    tests = list((CHECKS if checks is None else checks).values())
    due: dict = {}
    for note in notes:
        due.setdefault(note.size, []).append(note)
    number, head = 0, START
    fault = against(due.pop(0, ()), 0, head)
    if fault:
        return 0, fault
    for row in rows:
        place = Place(number + 1, head, pruned_until)
        for test in tests:
            fault = test(row, place)
            if fault:
                return number, fault
        number, head = number + 1, row["hash"]
        fault = against(due.pop(number, ()), number, head)
        if fault:
            return number - 1, fault
        if number % SHOWN == 0:
            told(number)
    for size in sorted(due):
        note = due[size][0]
        return number, Fault("truncated", {"rows": number, **note._asdict()})
    return number, None


def against(notes: Iterable[Note], number: int, head: str) -> Fault | None:
    """Return what is wrong when a checkpoint of this many rows saw another hash."""
    for note in notes:
        if note.head != head:
            return Fault("rewritten", {"row": number, "at": note.at})
    return None


def main(arguments: list | None = None) -> int:
    """Verify the file that the command line names; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("log", type=Path, help="tongket.sqlite3, log.jsonl")
    parser.add_argument("--checkpoints", type=Path, help="audit-checkpoints")
    parser.add_argument("--key", type=Path, help="audit-key.pub")
    parser.add_argument("--pruned-until", type=int, default=0, metavar="N")
    asked = parser.parse_args(arguments)
    file = asked.log
    try:
        notes, fault = [], None
        key = asked.key.read_text(encoding="utf-8") if asked.key else ""
        if asked.checkpoints:
            file = asked.checkpoints
            notes, fault = notes_of(file.read_text(encoding="utf-8"), key)
            file = asked.log
        good, wrong = verify(
            rows_of(file), notes, pruned_until=asked.pruned_until, told=progress
        )
    except (OSError, ValueError, LookupError, sqlite3.Error) as error:
        print(said("unreadable", file=file, why=error), file=sys.stderr)
        return 2
    if wrong or fault:
        for each in filter(None, (wrong, fault)):
            print(said(each.kind, **each.gaps))
        return 1
    unsigned = said("unsigned") if notes and not key else ""
    print(said("sound", rows=good, notes=len(notes), unsigned=unsigned))
    return 0


def progress(rows: int) -> None:
    """Say on a terminal how far the reading is."""
    if sys.stderr.isatty():
        print(said("progress", rows=rows), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
