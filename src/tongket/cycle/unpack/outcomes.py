"""What became of the return of one unit in one workbook?"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tongket.documents.workbooks import Mark, Seen
from tongket.domain.sentences import Refusal, Refusals, Sentence


class State(StrEnum):
    """What was done with a return in a workbook."""

    SENT = "SENT"
    UNCHANGED = "UNCHANGED"  # equal to what was sent last
    WRONG = "WRONG"  # what is right is kept in the draft, the rest is marked
    REFUSED = "REFUSED"  # nothing of it is kept
    HELD = "HELD"  # right, but all were to be kept or none


class OutOfScope(Refusal):
    """A workbook of a unit that the sender does not report for."""

    words = (
        "Tệp là biểu của {unit}, ngoài phạm vi gửi báo cáo của tài khoản này; tải biểu "
        "mẫu của đúng đơn vị rồi điền lại."
    )


class TwiceSent(Refusal):
    """Two workbooks of one upload are the same unit's."""

    words = (
        "{unit} đã có trong tệp “{first}” của lần gửi này; chỉ giữ lại một tệp rồi gửi "
        "lại."
    )


class WrittenMeanwhile(Refusal):
    """Another person wrote something else into the cell since the file was made."""

    words = (
        "Trang “{sheet}”, ô {place} ({subject}): tệp ghi “{yours}” nhưng {by} đã ghi "
        "“{theirs}” sau khi tệp được tải về; giữ số đúng trong tệp này rồi gửi lại."
    )


class KeptTheirs(Refusal):
    """Cells the sender did not touch hold what another person wrote since."""

    words = (
        "Giữ {count} ô người khác đã sửa sau khi tệp được tải về, vì trong tệp các ô "
        "đó không đổi."
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one unit's return; `file` is its workbook's name in the upload.

    `kept` is how many right cells of a wrong workbook are in the draft, `findings` how
    many doubts stand about a version that was sent. `marks` and `seen` are what goes
    into the workbook when it goes back.
    """

    file: str
    state: State
    sheet: str = ""
    unit: str = ""
    name: str = ""
    form: str = ""
    version: int | None = None
    kept: int = 0
    findings: int = 0
    sentences: tuple[Sentence, ...] = ()
    marks: tuple[Mark, ...] = ()
    seen: Seen | None = None

    @property
    def is_bad(self) -> bool:
        """Whether somebody must do something before the return is sent."""
        return self.state in (State.WRONG, State.REFUSED)


def refused(file: str, refusal: Refusal | Refusals, **known: str) -> Outcome:
    """Return the outcome of a workbook of which nothing is kept."""
    told = tuple(each.sentence for each in each_of(refusal))
    return Outcome(file, State.REFUSED, sentences=told, **known)


def each_of(refusal: Refusal | Refusals) -> Iterable[Refusal]:
    """Return the refusals in one or several."""
    return refusal.refusals if isinstance(refusal, Refusals) else (refusal,)
