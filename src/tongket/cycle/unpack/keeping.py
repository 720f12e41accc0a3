"""What is kept of an upload: its files, what became of each part, what goes back?

The files lie in a folder under the upload's id, so that a workbook can go back to its
sender with its mistakes marked. They are removed at the first upload after thirty days;
what became of each part, and all that was taken from it, stays in the records.
"""

import datetime as dt
import io
import shutil
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User

from tongket.cycle.unpack import archives
from tongket.cycle.unpack.outcomes import Outcome, State
from tongket.documents import workbooks
from tongket.documents.workbooks import Mark, Seen
from tongket.records import scope, sentences
from tongket.records.models import OpenPeriod, Upload

_LONGEST_NAME = 255
KEPT_FOR = dt.timedelta(days=30)


def begin(
    *,
    folder: Path,
    opened: OpenPeriod,
    user: User,
    files: Sequence[tuple[str, bytes]],
    choices: Sequence[str] = (),
    at: dt.datetime,
) -> Upload:
    """Keep the files that were sent, before anything of them is read.

    `choices` are the names of what the sender asked for, e.g. a dry run.
    """
    upload = Upload.objects.create(
        kind=Upload.Kind.RETURNS,
        user=user,
        period=opened,
        filename=", ".join(name for name, _ in files)[:_LONGEST_NAME],
        at=at,
        total=len(archives.survey(files)),
    )
    place = folder / str(upload.pk)
    place.mkdir(parents=True)
    _remove_old(folder, at)
    # Under numbers: a name that somebody sent never becomes a path.
    for number, (_, content) in enumerate(files):
        (place / str(number)).write_bytes(content)
    names = [name for name, _ in files]
    upload.results = [{"files": names, "choices": list(choices)}]
    upload.save(update_fields=["results"])
    return upload


@scope.whole("old files go, whoever sent them")
def _remove_old(folder: Path, at: dt.datetime) -> None:
    """Remove the files of older uploads; a list of units is a file by itself."""
    lying = []
    for place in folder.iterdir():
        if place.is_dir():
            with suppress(ValueError):  # a folder that is not ours
                lying.append(uuid.UUID(place.name))
    old = Upload.objects.filter(
        kind=Upload.Kind.RETURNS, pk__in=lying, at__lt=at - KEPT_FOR
    )
    for key in old.values_list("pk", flat=True):
        shutil.rmtree(folder / str(key), ignore_errors=True)


def note(*, upload: Upload, outcomes: Iterable[Outcome], done: int) -> None:
    """Keep what became of some more parts of an upload."""
    upload.results.extend(to_json(each) for each in outcomes)
    upload.done = done
    upload.save(update_fields=["results", "done"])


def finish(*, upload: Upload, state: str) -> None:
    """Say that all parts of an upload were read."""
    upload.state = state
    upload.save(update_fields=["state"])


def outcomes_of(upload: Upload) -> list[Outcome]:
    """Return what became of each part of an upload."""
    return [from_json(each) for each in upload.results if "state" in each]


def marked(*, folder: Path, upload: Upload) -> list[tuple[str, bytes]]:
    """Return every workbook of an upload with something to put right, marked.

    The names are those of the files; what is no workbook cannot be marked.
    """
    told = defaultdict(list)
    for outcome in outcomes_of(upload):
        told[outcome.file].append(outcome)
    found = []
    for entry in archives.survey(_files(folder, upload)):
        outcomes = told.get(entry.name, [])
        marks = [mark for each in outcomes for mark in each.marks if mark.sheet]
        if marks:
            seen = [each.seen for each in outcomes if each.seen]
            content = workbooks.mark(entry.read(), marks=marks, seen=seen)
            found.append((_as_xlsx(entry.name), content))
    return found


def zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return files in one archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()


def _files(folder: Path, upload: Upload) -> list[tuple[str, bytes]]:
    names = next((each["files"] for each in upload.results if "files" in each), [])
    place = folder / str(upload.pk)
    return [
        (name, (place / str(number)).read_bytes())
        for number, name in enumerate(names)
        if (place / str(number)).exists()
    ]


def _as_xlsx(name: str) -> str:
    return f"{name.rpartition('.')[0] or name}.xlsx"


def to_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as it lies in the record of its upload."""
    seen = outcome.seen
    return {
        "file": outcome.file,
        "state": outcome.state.value,
        "sheet": outcome.sheet,
        "unit": outcome.unit,
        "name": outcome.name,
        "form": outcome.form,
        "version": outcome.version,
        "kept": outcome.kept,
        "findings": outcome.findings,
        "sentences": [sentences.to_json(each) for each in outcome.sentences],
        "marks": [
            [m.sheet, m.row, m.column, m.words, m.must_fix] for m in outcome.marks
        ],
        "seen": [seen.sheet, seen.row, seen.text] if seen else None,
    }


def from_json(stored: dict[str, Any]) -> Outcome:
    """Return the outcome that `to_json` stored."""
    seen = stored["seen"]
    return Outcome(
        **{
            **stored,
            "state": State(stored["state"]),
            "sentences": tuple(map(sentences.from_json, stored["sentences"])),
            "marks": tuple(Mark(*each) for each in stored["marks"]),
            "seen": Seen(*seen) if seen else None,
        }
    )
