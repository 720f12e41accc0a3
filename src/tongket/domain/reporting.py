"""Who owes what by when: a reporting scheme ("chế độ báo cáo") and its ten items.

Decree 09/2019/NĐ-CP, Article 7, names ten things that a scheme must state; Article 8(5)
wants the deadline at least one working day after the cut-off, for each level. A scheme
that lacks one cannot open a period.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
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


class CallDueTooEarly(Refusal):
    """A call must be answered before one working day after its cut-off has passed."""

    words = (
        "Chế độ báo cáo {scheme}: hạn gửi {due:%d/%m/%Y} phải sau thời điểm chốt "
        "{cut_off:%d/%m/%Y} ít nhất 1 ngày làm việc, sớm nhất là {earliest:%d/%m/%Y} "
        "(khoản 5 Điều 8 Nghị định 09/2019/NĐ-CP)."
    )


class ReasonForCall(Refusal):
    """A return that no calendar asks for is called for without saying why."""

    words = (
        "Nêu lý do, căn cứ yêu cầu “{scheme}” {period}: báo cáo chuyên đề, đột xuất "
        "chỉ được mở khi có yêu cầu."
    )


class AssignmentOutside(Refusal):
    """An assignment of a form, or to a kind of unit, that the scheme does not name."""

    words = (
        "Chế độ báo cáo {scheme}: giao biểu “{form}” cho {kind} nằm ngoài đối tượng và "
        "biểu mẫu của chế độ; sửa khóa assignments, unit_kinds hoặc forms."
    )


class CutOffDiffers(Refusal):
    """Two schemes of one rule and length state two cut-offs."""

    words = (
        "Chế độ báo cáo {scheme}: thời gian chốt số liệu “{cut_off}” khác với chế độ "
        "{other} (“{expected}”); thời gian chốt phải thống nhất trong cùng ngành, lĩnh "
        "vực (khoản 5 Điều 8 Nghị định 09/2019/NĐ-CP)."
    )


Groups = Mapping[str, Collection[str]]  # unit → the groups it belongs to on a day


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which units fill in a form ("giao biểu"): by kind, group, size class and date.

    An empty list asks nothing of the unit; `excluded` size classes never fill it in; a
    unit of unknown size does. `start` and `end` are days inside, and the last day of
    the period decides.
    """

    form: str
    unit_kinds: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    size_classes: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    start: dt.date | None = None
    end: dt.date | None = None

    def covers(self, unit: UnitVersion, groups: Collection[str], day: dt.date) -> bool:
        """Whether the unit, a member of `groups`, fills the form in on `day`."""
        return (
            (self.start is None or self.start <= day)
            and (self.end is None or day <= self.end)
            and (not self.unit_kinds or unit.kind in self.unit_kinds)
            and (not self.groups or any(group in groups for group in self.groups))
            and (not self.size_classes or unit.size_class in self.size_classes)
            and unit.size_class not in self.excluded
        )


@dataclass(frozen=True, slots=True)
class ReportingScheme:
    """The ten-item definition of a return: recurring, or sent when it is called for.

    `deadlines` maps the kind of unit that sends to working days after the cut-off; a
    call names its own day. A form that no assignment names is owed by every unit of
    `unit_kinds`.
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
    assignments: tuple[Assignment, ...] = ()

    @property
    def is_on_call(self) -> bool:
        """Whether no calendar asks for the return: thematic or ad hoc."""
        return self.frequency is Frequency.CALL

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
        yield from self._assigned_outside()

    def _assigned_outside(self) -> Iterator[Refusal]:
        for each in self.assignments:
            strange = [kind for kind in each.unit_kinds if kind not in self.unit_kinds]
            if strange or each.form not in self.forms:
                yield AssignmentOutside(
                    scheme=self.key, form=each.form, kind=", ".join(strange) or "-"
                )

    def disagreements(self, others: Iterable["ReportingScheme"]) -> Iterator[Refusal]:
        """Yield each other scheme with another cut-off for windows of the same rule.

        Each call has a cut-off of its own.
        """
        for other in () if self.is_on_call else others:
            same = (other.regime, other.frequency) == (self.regime, self.frequency)
            if same and self.cut_off and other.cut_off not in ("", self.cut_off):
                yield CutOffDiffers(
                    scheme=self.key,
                    cut_off=self.cut_off,
                    other=other.key,
                    expected=other.cut_off,
                )

    def due(self, period: Period, kind: str, calendar: WorkingCalendar) -> dt.date:
        """Return the last day on which a unit of this kind may send for `period`."""
        if period.due:
            return period.due
        return calendar.after(period.end, self.deadlines[kind])

    def call_refusals(
        self, period: Period, calendar: WorkingCalendar, reason: str
    ) -> Iterator[Refusal]:
        """Yield what keeps a call for this return from being made for a window.

        Nothing does where a calendar asks for the return.
        """
        if not self.is_on_call:
            return
        earliest = calendar.after(period.end, 1)
        if period.due and period.due < earliest:
            yield CallDueTooEarly(
                scheme=self.key, due=period.due, cut_off=period.end, earliest=earliest
            )
        if not reason.strip():
            yield ReasonForCall(scheme=self.name, period=period.label)

    def owed_by(
        self, unit: UnitVersion, groups: Collection[str], day: dt.date
    ) -> tuple[str, ...]:
        """Return the forms that one unit fills in for a period ending on `day`."""
        if unit.kind not in self.unit_kinds:
            return ()
        return tuple(form for form in self.forms if self._asks(form, unit, groups, day))

    def owed(
        self, tree: Tree, groups: Groups | None = None
    ) -> tuple[tuple[UnitVersion, str], ...]:
        """Return every unit and form that are owed, units in the order of the tree."""
        known = groups or {}
        return tuple(
            (unit, form)
            for unit in tree.of_kind(*self.unit_kinds)
            for form in self.owed_by(unit, known.get(unit.unit, ()), tree.day)
        )

    def owing(
        self, tree: Tree, groups: Groups | None = None
    ) -> tuple[UnitVersion, ...]:
        """Return the units of a day that owe this return, on whichever form."""
        return tuple({unit.unit: unit for unit, _ in self.owed(tree, groups)}.values())

    def _asks(
        self, form: str, unit: UnitVersion, groups: Collection[str], day: dt.date
    ) -> bool:
        named = [each for each in self.assignments if each.form == form]
        return not named or any(each.covers(unit, groups, day) for each in named)
