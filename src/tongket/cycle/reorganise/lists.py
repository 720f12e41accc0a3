"""What becomes of a list of units that somebody sent: dry run, choice, act?

The file lies in the data folder between the dry run and the act, and is read again when
it is applied; what the dry run found is kept to be shown. A file that was not applied
is removed at the first upload after seven days.
"""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from tongket.cycle.reorganise import applying
from tongket.documents.workbooks.unit_list import UnitList, read_list
from tongket.domain.reorganisation import ImportPlan, Step
from tongket.domain.sentences import Refusal, Sentence
from tongket.loader.pack import Pack
from tongket.records import audit, sentences
from tongket.records.models import Upload

KEPT_FOR = dt.timedelta(days=7)


class ListApplied(Refusal):
    """The list was applied before, or its file is gone."""

    words = (
        "Danh sách “{filename}” đã được ghi hoặc tệp đã bị xóa sau bảy ngày; tải tệp "
        "lên lại nếu cần."
    )


class NothingChosen(Refusal):
    """No row was chosen."""

    words = "Chưa chọn dòng nào để ghi."


@transaction.atomic
def dry_run(
    *,
    pack: Pack,
    content: bytes,
    filename: str,
    on: dt.date,
    folder: Path,
    by: str,
    at: dt.datetime,
) -> Upload:
    """Keep a list and what it would do; rows without a day take effect `on`.

    A file that is no list of units is refused and not kept.
    """
    found = read_list(content)
    _remove_old(folder, at)
    upload = Upload(
        kind=Upload.Kind.UNITS,
        user=User.objects.get(username=by),
        filename=filename[-255:],
        at=at,
    )
    _examine(pack, upload, found, on)
    upload.save(force_insert=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / str(upload.pk)).write_bytes(content)
    return upload


@transaction.atomic
def read_again(*, pack: Pack, upload: Upload, folder: Path) -> Upload:
    """Run a kept list again, against the register as it is now."""
    kept = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    on = dt.date.fromisoformat(kept.results["on"])
    _examine(pack, kept, read_list(_content(kept, folder)), on)
    kept.save(update_fields=["state", "total", "done", "results"])
    return kept


@transaction.atomic
def apply_list(
    *,
    pack: Pack,
    upload: Upload,
    chosen: Iterable[int] | None,
    folder: Path,
    by: str,
    at: dt.datetime,
) -> Upload:
    """Bring a kept list into the register: the chosen rows, or all when none is named.

    `chosen` counts rows from 0 in the order of the list. Refuses when a row is refused
    or the register is no longer that of the dry run.
    """
    kept = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    rows = read_list(_content(kept, folder)).rows
    wanted = range(len(rows)) if chosen is None else sorted(set(chosen))
    picked = [rows[number] for number in wanted if 0 <= number < len(rows)]
    if not picked:
        raise NothingChosen
    made = applying.apply(
        pack=pack,
        rows=picked,
        on=dt.date.fromisoformat(kept.results["on"]),
        edition=kept.results["edition"],
        title=kept.filename,
        by=by,
        at=at,
    )
    kept.state, kept.done = Upload.State.APPLIED, len(made.writes)
    last = applying.edition()
    kept.results = {
        **kept.results,
        "chosen": None if chosen is None else list(wanted),
        "after": last,
    }
    kept.save(update_fields=["state", "done", "results"])
    transaction.on_commit(lambda: (folder / str(kept.pk)).unlink(missing_ok=True))
    return kept


@transaction.atomic
def drop(*, upload: Upload, folder: Path, by: str, at: dt.datetime) -> None:
    """Forget a list that is not to be applied, with its file."""
    kept = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if kept.state == Upload.State.APPLIED:
        raise ListApplied(filename=kept.filename)
    (folder / str(kept.pk)).unlink(missing_ok=True)
    act = audit.Act("drop_list", f"list:{kept.pk}", {"filename": kept.filename})
    kept.delete()
    audit.record([act], by=by, at=at)


def _examine(pack: Pack, upload: Upload, found: UnitList, on: dt.date) -> None:
    edition = applying.edition()
    made = applying.preview(pack=pack, rows=found.rows, on=on)
    upload.state = Upload.State.READ
    upload.total, upload.done = len(found.rows), 0
    upload.results = {
        "on": on.isoformat(),
        "edition": edition,
        "passed_over": found.passed_over,
        "counts": {str(outcome): count for outcome, count in made.counts.items()},
        "lines": lines(made),
    }


def lines(made: ImportPlan) -> list[dict[str, Any]]:
    """Return what a plan says of each row, ready to be stored and shown."""
    return [_line(number, step) for number, step in enumerate(made.steps)]


def _line(number: int, step: Step) -> dict[str, Any]:
    line: dict[str, Any] = {
        "row": number,
        "table": str(step.row.table),
        "sheet": step.row.sheet,
        "line": step.row.line,
        "unit": step.unit,
        "name": step.name,
        "outcome": str(step.outcome),
        "on": step.on.isoformat() if step.on else "",
    }
    if step.changes:
        line["changes"] = [[c.field, c.old, c.new] for c in step.changes]
    if step.notes:
        line["notes"] = [sentences.to_json(each) for each in step.notes]
    if step.refusals:
        told = [sentences.to_json(each.sentence) for each in step.refusals]
        line["refusals"] = told
    return line


def revived(stored: list[Any]) -> Sentence:
    """Return a sentence that `lines` stored, its days as days."""
    sentence = sentences.from_json(stored)
    values = {
        name: dt.date.fromisoformat(value) if f"{{{name}:%" in sentence.words else value
        for name, value in sentence.values.items()
    }
    return Sentence(sentence.words, values)


def _content(upload: Upload, folder: Path) -> bytes:
    path = folder / str(upload.pk)
    if upload.state != Upload.State.READ or not path.exists():
        raise ListApplied(filename=upload.filename)
    return path.read_bytes()


def _remove_old(folder: Path, at: dt.datetime) -> None:
    old = Upload.objects.filter(
        kind=Upload.Kind.UNITS, state=Upload.State.READ, at__lt=at - KEPT_FOR
    )
    for upload in old:
        (folder / str(upload.pk)).unlink(missing_ok=True)
    old.delete()
