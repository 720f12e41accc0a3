"""How long was the log, and what was its last hash, at which time? Kept outside it.

Whoever can write the database can cut off the chain's end or compute it anew; not so
that it agrees with a signed line in a file elsewhere. The file holds notes in the form
of C2SP (signed-note, Ed25519); docs/reference/audit.md says where to copy them.
"""

import base64
import datetime as dt
import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings

from tongket.domain.sentences import Refusal
from tongket.records.chain import START, instant
from tongket.records.models import AuditEntry

ORIGIN = "tongket/audit"
EVERY = 900.0  # seconds between two notes that one process writes by itself
NOTE = re.compile(
    rf"{ORIGIN}\n(?P<size>\d+)\n(?P<head>[A-Za-z0-9+/]{{43}}=)\n(?P<at>at [^\n]+)\n"
    rf"\n— {ORIGIN} (?P<signature>[A-Za-z0-9+/]{{91}}=)\n"
)
_due = {"at": 0.0}  # on the monotonic clock of this process


class NotANote(Refusal, ValueError):
    """A file of checkpoints with a line that is no part of a note, or a bad one."""

    words = (
        "Tệp điểm kiểm {file}: dòng {line} không phải điểm kiểm hoặc chữ ký không "
        "đúng; lấy lại tệp từ bản sao cất ở nơi khác."
    )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The number of rows, the hash of the last of them, and when that was so."""

    size: int
    head: str
    at: str

    @property
    def text(self) -> str:
        """What is signed."""
        head = base64.b64encode(bytes.fromhex(self.head)).decode()
        return f"{ORIGIN}\n{self.size}\n{head}\nat {self.at}\n"


def path() -> Path:
    """Return the file that notes are appended to."""
    return Path(settings.DATA_DIR, "audit-checkpoints")


def write(*, at: dt.datetime) -> Checkpoint:
    """Append a note of the log as it stands, and return it.

    A log that grew by nothing since the last note gets no second one.
    """
    last = AuditEntry.objects.order_by("-id").values_list("id", "hash").first()
    size, head = last or (0, START)
    made = Checkpoint(size, head, instant(at))
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+b") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        kept.seek(max(0, kept.seek(0, os.SEEK_END) - 1000))
        before = [*NOTE.finditer(kept.read().decode(errors="ignore"))]
        if before and int(before[-1]["size"]) == size:
            return made
        kept.write(f"{_signed(made)}\n".encode())
        kept.flush()
        os.fsync(kept.fileno())
    return made


def write_when_due(*, at: dt.datetime) -> None:
    """Append a note unless this process wrote one a short while ago."""
    now = time.monotonic()
    if now >= _due["at"]:
        _due["at"] = now + EVERY
        write(at=at)


def read(file: Path, key: str = "") -> Iterator[Checkpoint]:
    """Yield the notes of a file, the oldest first; refuses what is no signed note.

    `key` is the public line that `public_line` gives; without it, this machine's.
    """
    text, place = file.read_text(encoding="utf-8"), 0
    public = _public(key or public_line())
    for found in NOTE.finditer(text):
        if text[place : found.start()].strip() or not _is_signed(found, public):
            line = text.count("\n", 0, place) + 1
            raise NotANote(file=file.name, line=line)
        place = found.end()
        head = base64.b64decode(found["head"]).hex()
        yield Checkpoint(int(found["size"]), head, found["at"].removeprefix("at "))
    if text[place:].strip():
        raise NotANote(file=file.name, line=text.count("\n", 0, place) + 1)


def public_line() -> str:
    """Return the public key as C2SP writes it: name, identity and key."""
    raw = _key().public_key().public_bytes_raw()
    typed = b"\x01" + raw
    return f"{ORIGIN}+{_identity(typed).hex()}+{base64.b64encode(typed).decode()}"


def _signed(note: Checkpoint) -> str:
    private = _key()
    typed = b"\x01" + private.public_key().public_bytes_raw()
    signature = _identity(typed) + private.sign(note.text.encode())
    return f"{note.text}\n— {ORIGIN} {base64.b64encode(signature).decode()}\n"


def _is_signed(found: re.Match[str], public: bytes) -> bool:
    signature = base64.b64decode(found["signature"])
    if signature[:4] != _identity(b"\x01" + public):
        return False
    text, _, _ = found.group(0).partition("\n\n")
    try:
        known = Ed25519PublicKey.from_public_bytes(public)
        known.verify(signature[4:], f"{text}\n".encode())
    except InvalidSignature:
        return False
    return True


def _identity(typed: bytes) -> bytes:
    return hashlib.sha256(ORIGIN.encode() + b"\n" + typed).digest()[:4]


def _public(line: str) -> bytes:
    return base64.b64decode(line.strip().split("+", 2)[2])[1:]


def _key() -> Ed25519PrivateKey:
    """Return the key of this machine, made once and readable by its owner only."""
    file = Path(settings.DATA_DIR, "audit-key")
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate().private_bytes_raw()
        fresh = file.with_name(f"audit-key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(base64.b64encode(made).decode())
        with suppress(FileExistsError):  # who is first wins; the other reads that one
            os.link(fresh, file)
        fresh.unlink()
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(file.read_text()))
