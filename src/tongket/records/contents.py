"""Do versions and edits of returns still say what they said when they were sent?

The act of a sending carries two digests: of the version (`content`), and of every edit
of its draft up to then (`edits`, the number of the last one, and `typed`). So the chain
covers what was typed although typing itself is no row of it. docs/reference/audit.md
states both byte by byte.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db.models import CharField, QuerySet, Value

from tongket.domain.sentences import Refusal
from tongket.records.chain import instant
from tongket.records.models import (
    AuditEntry,
    CellEdit,
    Draft,
    ReturnVersion,
    WordsEdit,
)

READ_AT_ONCE = 2000
FIELDS = ("draft_id", "number", "measure", "text", "over", "token", "at", "by")
OF = ("unit__key", "form", "period__period")


class VersionEdited(Refusal):
    """A version that is not the one that the log saw sent."""

    words = "Lần gửi {version} của {subject} bị sửa: nội dung không khớp nhật ký."


class VersionMissing(Refusal):
    """A version that the log saw sent and that is there no more."""

    words = "Lần gửi {version} của {subject} có trong nhật ký nhưng không còn nữa."


class VersionUnknown(Refusal):
    """A version that the log never saw sent."""

    words = "Lần gửi {version} của {subject} không có trong nhật ký: bị chèn thêm."


class EditsChanged(Refusal):
    """Edits that are not those of which the log saw the digest."""

    words = (
        "Số liệu nhập cho {subject}: các lần sửa từ {first} đến {last} không khớp nhật "
        "ký của lần gửi {version}; có lần sửa bị đổi, xóa hoặc chèn thêm."
    )


def of_version(cells: Mapping[str, Any], explanations: Mapping[str, str]) -> str:
    """Return the digest of what a version says."""
    return hashlib.sha256(_canonical([cells, explanations])).hexdigest()


def of_edits(draft: int, until: int) -> str:
    """Return the digest of the edits of a draft up to a number; asks one query."""
    digest = hashlib.sha256()
    for row in _edits(draft_id=draft, number__lte=until):
        digest.update(_line(row))
    return digest.hexdigest()


def faults(told: Callable[[int], None] = lambda rows: None) -> Iterator[Refusal]:
    """Yield what no longer agrees with the log, which was verified before.

    `told` is called with the number of versions and drafts read, now and then. Sendings
    of before these digests were kept are not compared.
    """
    versions: dict[tuple[str, int], str] = {}
    typed: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    acts = AuditEntry.objects.filter(act="receive").order_by("id")
    for subject, new in acts.values_list("subject", "new").iterator(READ_AT_ONCE):
        versions[subject, new["version"]] = new.get("content", "")
        if "typed" in new:
            typed[subject].append((new["edits"], new["typed"], new["version"]))
    done = ReturnVersion.objects.count()
    yield from _versions(versions, told)
    yield from _typed(typed, lambda drafts: told(done + drafts))


def total() -> int:
    """Return how many versions and drafts there are to compare."""
    return ReturnVersion.objects.count() + Draft.objects.count()


def _versions(
    known: dict[tuple[str, int], str], told: Callable[[int], None]
) -> Iterator[Refusal]:
    rows = ReturnVersion.objects.order_by("id")
    names = ("number", "cells", "explanations", *(f"of__{each}" for each in OF))
    for count, (number, cells, explanations, *place) in enumerate(
        rows.values_list(*names).iterator(READ_AT_ONCE), start=1
    ):
        subject = _subject(place)
        digest = known.pop((subject, number), None)
        if digest is None:
            yield VersionUnknown(version=number, subject=subject)
        elif digest and digest != of_version(cells, explanations):
            yield VersionEdited(version=number, subject=subject)
        if count % READ_AT_ONCE == 0:
            told(count)
    for subject, number in known:
        yield VersionMissing(version=number, subject=subject)


def _typed(
    known: Mapping[str, Sequence[tuple[int, str, int]]], told: Callable[[int], None]
) -> Iterator[Refusal]:
    found: set[str] = set()
    places = _places()
    drafts = groupby(_edits(), key=lambda row: row[0])
    for count, (draft, rows) in enumerate(drafts, start=1):
        subject = places[draft]
        found.add(subject)
        yield from _against(subject, list(rows), known.get(subject, ()))
        if count % READ_AT_ONCE == 0:
            told(count)
    for subject in known.keys() - found:
        yield from _against(subject, [], known[subject])


def _places() -> dict[int, str]:
    """Return the subject of each draft that somebody typed into."""
    names = ("draft_id", *(f"draft__{each}" for each in OF))
    found: dict[int, str] = {}
    for rows in (CellEdit.objects, WordsEdit.objects):
        asked = rows.order_by().values_list(*names).distinct()
        found.update({draft: _subject(place) for draft, *place in asked})
    return found


def _against(
    subject: str,
    rows: Sequence[Sequence[Any]],
    sendings: Sequence[tuple[int, str, int]],
) -> Iterator[Refusal]:
    """Yield the first stretch of a draft's edits that its sendings saw otherwise."""
    digest, place, before = hashlib.sha256(), 0, 0
    for until, typed, version in sendings:
        while place < len(rows) and rows[place][1] <= until:
            digest.update(_line(rows[place]))
            place += 1
        if digest.hexdigest() != typed:
            yield EditsChanged(
                subject=subject, first=before + 1, last=until, version=version
            )
            return  # what follows cannot be told apart
        before = until


def _edits(**wanted: Any) -> Iterator[tuple[Any, ...]]:
    """Yield edits of cells and of words in their order; words have no state."""
    spoken: QuerySet[Any] = WordsEdit.objects.filter(**wanted).order_by()
    spoken = spoken.annotate(
        state=Value("", CharField()), value=Value(None, CharField())
    )
    typed = CellEdit.objects.filter(**wanted).order_by()
    both = typed.values_list(*FIELDS, "state", "value").union(
        spoken.values_list(*FIELDS, "state", "value"), all=True
    )
    rows = both.order_by("draft_id", "number")
    yield from (rows if wanted else rows.iterator(READ_AT_ONCE))


def _line(row: Sequence[Any]) -> bytes:
    _, number, measure, text, over, token, at, by, state, value = row
    kept = [number, measure, text, over, token, instant(at), by, state, value]
    return _canonical(kept) + b"\n"


def _canonical(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _subject(place: Sequence[str]) -> str:
    return "return:" + ":".join(place)
