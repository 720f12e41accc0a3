"""Who owes what by when: a reporting scheme ("chế độ báo cáo") and its ten items.

Decree 09/2019/NĐ-CP, Article 7, names ten things that a scheme must state; Article 8(5)
wants the deadline at least one working day after the cut-off, for each level. A scheme
that lacks one cannot open a period.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tongket.domain.deadlines import WorkingCalendar
from tongket.domain.periods import Frequency, Period
from tongket.domain.sentences import Refusal, Sentence
from tongket.domain.sources import Source
from tongket.domain.units import Tree, UnitVersion

TEN_ITEMS = {
    "name": "tên báo cáo",
    "content": "nội dung yêu cầu báo cáo",
    "unit_kinds": "đối tượng thực hiện báo cáo",
    "recipient": "cơ quan nhận báo cáo",
    "method": "phương thức gửi, nhận",
    "deadlines": "thời hạn gửi",
    "frequency": "tần suất",
    "cut_off": "thời gian chốt số liệu",
    "outline": "mẫu đề cương",
    "forms": "biểu mẫu số liệu",
}


class SchemeIncomplete(Refusal):
    """One of the ten items is empty."""

    words = (
        "Chế độ báo cáo {scheme}: thiếu {item} (khóa {key}, Điều 7 Nghị định "
        "09/2019/NĐ-CP); bổ sung trước khi mở kỳ."
    )


class DeadlineMissing(Refusal):
    """A kind of unit owes the return but has no deadline of its own."""

    words = (
        "Chế độ báo cáo {scheme}: chưa có thời hạn cho cấp {level} (khoản 5 Điều 8 "
        "Nghị định 09/2019/NĐ-CP); bổ sung vào khóa deadlines."
    )


class DeadlineTooEarly(Refusal):
    """A level must send before one working day after the cut-off has passed."""

    words = (
        "Chế độ báo cáo {scheme}: thời hạn của cấp {level} phải sau thời điểm chốt ít "
        "nhất 1 ngày làm việc (khoản 5 Điều 8 Nghị định 09/2019/NĐ-CP)."
    )


@dataclass(frozen=True, slots=True)
class ReportingScheme:
    """The ten-item definition of a recurring return.

    `deadlines` maps the kind of unit that sends to working days after the cut-off.
    """

    key: str
    name: str
    content: str
    unit_kinds: tuple[str, ...]
    recipient: str
    method: str
    deadlines: Mapping[str, int]
    frequency: Frequency | None
    cut_off: str
    outline: str
    forms: tuple[str, ...]
    regime: str
    source: Source

    def refusals(self) -> Iterator[Refusal]:
        """Yield what keeps the scheme from opening a period."""
        for key, item in TEN_ITEMS.items():
            if not getattr(self, key):
                yield SchemeIncomplete(scheme=self.key, item=Sentence(item), key=key)
        for kind in self.unit_kinds:
            if self.deadlines and kind not in self.deadlines:
                yield DeadlineMissing(scheme=self.key, level=kind)
        for level, days in self.deadlines.items():
            if days < 1:
                yield DeadlineTooEarly(scheme=self.key, level=level)

    def due(self, period: Period, kind: str, calendar: WorkingCalendar) -> dt.date:
        """Return the last day on which a unit of this kind may send for `period`."""
        return calendar.after(period.end, self.deadlines[kind])

    def owing(self, tree: Tree) -> tuple[UnitVersion, ...]:
        """Return the units of a day that owe this return."""
        return tree.of_kind(*self.unit_kinds)
