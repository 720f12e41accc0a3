"""Facts that change by date ("giá trị theo thời điểm"): what held, and who says so.

A fact is never carried on past the last day someone checked it. Asking outside the
known span is an error with a remedy, not a default.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tongket.domain.sentences import Refusal
from tongket.domain.sources import Source

T = TypeVar("T")


class NothingInForce(Refusal, LookupError):
    """No value of the fact covers the day asked for."""


class NothingBefore(NothingInForce):
    """The day asked for lies before the first known value."""

    words = (
        "{name}: chưa có giá trị trước ngày {start:%d/%m/%Y}, được hỏi cho ngày "
        "{day:%d/%m/%Y}; đề nghị bổ sung giá trị kèm căn cứ vào gói dữ liệu."
    )


class CheckedOnlyUntil(NothingInForce):
    """The day asked for lies after the last day someone checked the fact."""

    words = (
        "{name}: mới được kiểm tra đến ngày {until:%d/%m/%Y}, được hỏi cho ngày "
        "{day:%d/%m/%Y}; đề nghị kiểm tra lại căn cứ rồi sửa checked_until."
    )


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """One value, the day it starts to hold, and who says so."""

    start: dt.date
    value: T
    source: Source


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """One fact's values, oldest first, and the last day they are known to hold."""

    name: str
    values: Sequence[Value[T]]
    checked_until: dt.date

    def __post_init__(self) -> None:
        starts = [value.start for value in self.values]
        assert starts, f"{self.name}: at least one value"
        assert starts == sorted(set(starts)), f"{self.name}: order by start"

    def on(self, day: dt.date) -> Value[T]:
        """Return the value in force on `day`.

        >>> source = Source("12/KH-BCĐ")  # a made-up number
        >>> due_day = Dated(
        ...     "plan_due_day",
        ...     [Value(dt.date(2024, 1, 12), 31, source)],
        ...     checked_until=dt.date(2024, 12, 31),
        ... )
        >>> due_day.on(dt.date(2024, 1, 31)).value
        31
        >>> due_day.on(dt.date(2023, 1, 31))
        Traceback (most recent call last):
        tongket.domain.dated.NothingBefore: plan_due_day: chưa có giá trị trước ...
        >>> due_day.on(dt.date(2025, 1, 31))
        Traceback (most recent call last):
        tongket.domain.dated.CheckedOnlyUntil: plan_due_day: mới được kiểm tra đến ...
        """
        if day > self.checked_until:
            raise CheckedOnlyUntil(name=self.name, until=self.checked_until, day=day)
        for value in reversed(self.values):
            if value.start <= day:
                return value
        raise NothingBefore(name=self.name, start=self.values[0].start, day=day)
