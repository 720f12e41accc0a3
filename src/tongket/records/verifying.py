"""Is the chain of acts unbroken, and as long as it was? Names the first bad row.

The page and the command ask here; tools/verify_audit.py asks the same of a file, and
shares no line with this.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tongket.domain.sentences import Refusal
from tongket.records import chain, checkpoints
from tongket.records.checkpoints import Checkpoint
from tongket.records.models import AuditEntry

READ_AT_ONCE = 5000


class RowEdited(Refusal):
    """A row whose values are not those that were hashed."""

    words = "Dòng {row} của nhật ký bị sửa: nội dung không khớp dấu băm."


class RowMissing(Refusal):
    """A gap in the numbers."""

    words = "Nhật ký thiếu dòng {row}: sau dòng {before} là dòng {found}."


class RowStrange(Refusal):
    """A row with a good hash that belongs to another place."""

    words = (
        "Dòng {row} của nhật ký không nối tiếp dòng {before}: một trong hai bị đổi chỗ "
        "hoặc thay."
    )


class LogCut(Refusal):
    """Fewer rows than a checkpoint saw."""

    words = (
        "Nhật ký bị cắt sau dòng {rows}: điểm kiểm lúc {at} ghi nhận {size} dòng. Nếu "
        "vừa khôi phục từ bản sao lưu thì ghi rõ việc đó và lập tệp điểm kiểm mới."
    )


class LogRewritten(Refusal):
    """A row that is not the one a checkpoint saw."""

    words = (
        "Dòng {row} của nhật ký khác với dòng mà điểm kiểm lúc {at} ghi nhận: cả chuỗi "
        "đã bị tính lại."
    )


@dataclass(frozen=True, slots=True)
class Verified:
    """How many rows are good from the first on, and what is wrong after them."""

    rows: int
    fault: Refusal | None = None
    notes: int = 0


def verify(told: Callable[[int], None] = lambda rows: None) -> Verified:
    """Compute the whole chain anew and compare it with this machine's checkpoints.

    `told` is called with the number of rows read, now and then.
    """
    for step in steps():
        if isinstance(step, Verified):
            return step
        told(step)
    raise AssertionError("the last step says what was found")


def steps() -> Iterator[int | Verified]:
    """Do the same step by step: yields the number of rows read, at last the result."""
    try:
        kept = checkpoints.path()
        notes = list(checkpoints.read(kept)) if kept.exists() else []
    except checkpoints.NotANote as fault:
        yield Verified(0, fault)
        return
    due: dict[int, list[Checkpoint]] = {}
    for note in notes:
        due.setdefault(note.size, []).append(note)
    number, head = 0, chain.START
    for row in AuditEntry.objects.order_by("id").iterator(READ_AT_ONCE):
        fault = _against(row, number + 1, head) or _rewritten(row, due)
        if fault:
            yield Verified(number, fault, len(notes))
            return
        number, head = number + 1, row.hash
        if number % READ_AT_ONCE == 0:
            yield number
    yield number
    longer = [note for size in sorted(due) if size > number for note in due[size]]
    if longer:
        at, size = longer[0].at, longer[0].size
        yield Verified(number, LogCut(rows=number, at=at, size=size), len(notes))
        return
    yield Verified(number, None, len(notes))


def _rewritten(row: AuditEntry, due: Mapping[int, list[Checkpoint]]) -> Refusal | None:
    """Return what is wrong when a checkpoint of so many rows saw another last row."""
    for note in due.get(row.pk, ()):
        if note.head != row.hash:
            return LogRewritten(row=row.pk, at=note.at)
    return None


def _against(row: AuditEntry, number: int, head: str) -> Refusal | None:
    """Return what is wrong with a row that should be the `number`th."""
    if row.pk != number:
        return RowMissing(row=number, before=number - 1, found=row.pk)
    act = chain.Act(row.act, row.subject, row.new, row.old, row.unit)
    try:
        body_hash = chain.salted(
            row.salt, chain.body(number, row.at, row.by, act, unit=row.unit)
        )
        is_whole = row.body_hash == body_hash
        is_linked = row.hash == chain.linked(row.previous_hash, row.body_hash)
    except ValueError:  # what should be hexadecimal is not
        return RowEdited(row=number)
    if not is_whole or not is_linked or not row.salt:
        return RowEdited(row=number)
    if row.previous_hash != head:
        return RowStrange(row=number, before=number - 1)
    return None
