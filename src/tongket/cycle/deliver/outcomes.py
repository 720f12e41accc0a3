"""What may become of a parcel, and by which words is a whole one refused?"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from tongket.cycle import enter
from tongket.cycle.deliver.parcels import Parcel, Problem, Reading
from tongket.cycle.deliver.places import Destination
from tongket.domain.figures import Cell, State, shown
from tongket.domain.sentences import Refusal

TYPED = {State.NIL: "-", State.NOT_APPLICABLE: "x", State.MISSING: ""}
Place = tuple[int, str, str]  # opened period, unit, form


class VersionMoved(Refusal):
    """The program built on another version than the one that stands."""

    words = (
        "Báo cáo đang ở bản {current}, phần mềm dựa trên bản {version}; tải bản "
        "{current} về, đối chiếu rồi gửi lại."
    )


class ReturnTwice(Refusal, ValueError):
    """Two parcels for one return."""

    words = "Báo cáo này xuất hiện {count} lần trong một yêu cầu; gộp lại thành một."


class NothingInReturn(Refusal, ValueError):
    """A whole return without a single row would empty the sheet."""

    words = "Báo cáo không có giá trị nào; gửi các chỉ tiêu trong “cells”."


class NothingTaken(Refusal):
    """All or nothing was asked for, and something is wrong."""

    words = (
        "Có {wrong} lỗi trong {total} giá trị nên không giá trị nào được ghi (chế độ "
        "“all”); sửa lỗi rồi gửi lại, hoặc dùng chế độ “partial”."
    )


class ExplanationsUnsent(Refusal):
    """Explanations belong to a version; a sheet that is only kept has none."""

    words = "Giải trình chỉ được ghi khi gửi báo cáo (“send”: true)."


class TypedMeanwhile(Refusal):
    """A person typed into the same cells while the values were on their way."""

    words = "{by} đang sửa đúng những ô này của {unit}; gửi lại sau ít phút."


class Result(StrEnum):
    """What became of a parcel."""

    SENT = "SENT"  # a new version
    KEPT = "KEPT"  # typed into the sheet, not sent
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"
    WOULD_SEND = "WOULD_SEND"
    WOULD_KEEP = "WOULD_KEEP"


@dataclass(frozen=True, slots=True)
class Options:
    """How a delivery is carried out."""

    send: bool = True
    is_trial: bool = False
    all_or_nothing: bool = False


@dataclass(slots=True)
class Delivered:
    """One parcel on its way: what is right in it, where it goes, what became of it."""

    parcel: Parcel
    to: Destination | None = None
    said: Reading = field(default_factory=Reading)
    result: Result = Result.REFUSED
    version: int | None = None  # the one that stands; None where that may not be told
    counts: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    after: dict[str, Cell] = field(default_factory=dict)
    explanations: dict[str, str] = field(default_factory=dict)
    sheet: enter.Sheet | None = None

    @property
    def place(self) -> Place:
        """Which return it is for; only of a parcel that found its return."""
        assert self.to is not None, "only what found its return has a place"
        return self.to.opened.pk, self.to.unit.unit, self.to.form.key


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a whole delivery."""

    delivered: list[Delivered]
    problems: list[Problem]
    unreadable: int  # values that belong to no parcel

    @property
    def counts(self) -> Counter[str]:
        """How many values were imported, updated, unchanged, deleted and ignored."""
        counts = Counter(ignored=self.unreadable)
        for each in self.delivered:
            counts.update(each.counts)
        return counts


def typed(cell: Cell) -> str:
    """Return what an official types for a cell, so that it is read back the same."""
    return TYPED[cell.state] if cell.value is None else shown(cell.value.normalize())
