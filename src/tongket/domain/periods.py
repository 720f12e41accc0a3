"""Reporting periods ("kỳ báo cáo"): windows made by a dated rule, never a year number.

At least eight different "years" are in use at once: Decree 09/2019/NĐ-CP, Article 12,
counts 15/12 to 14/12, the National Assembly 01/10 to 30/09, the recognition of communes
16/11 to 15/11. A regime ("chế độ") names the rule; a period is one window it produced.
The same period ("cùng kỳ") is the window of the same rule one year earlier.

A thematic or ad hoc return ("chuyên đề, đột xuất") has no rule: whoever calls for it
says from when to when, and by which day. Its window belongs to a year of a regime too.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tongket.domain.sentences import Refusal, Sentence
from tongket.domain.sources import Source

ROMAN = ("I", "II", "III", "IV")


class Frequency(StrEnum):
    """How long a window of a regime is; `CALL`: as long as each call for it says."""

    MONTH = "m"
    QUARTER = "q"
    HALF = "h"
    NINE_MONTHS = "n"
    YEAR = "y"
    CALL = "c"

    @property
    def months(self) -> int:
        """Length in months of the regime; a call has none."""
        return {"m": 1, "q": 3, "h": 6, "n": 9, "y": 12, "c": 0}[self.value]

    @property
    def in_a_year(self) -> int:
        """How many windows of this length the regime gives a year."""
        return {"m": 12, "q": 4, "h": 2, "n": 1, "y": 1, "c": 0}[self.value]


RECURRING = frozenset(Frequency) - {Frequency.CALL}


class NoSuchPeriod(Refusal, LookupError):
    """The key or number names no window of a known regime."""

    words = (
        "Không có kỳ báo cáo “{key}”; viết theo mẫu {example} "
        "(năm, tháng, quý, 6 tháng, 9 tháng)."
    )


class NoWindow(NoSuchPeriod):
    """The day lies in none of the windows of this length."""

    words = (
        "Chế độ {regime}: ngày {day:%d/%m/%Y} không thuộc kỳ 9 tháng nào; chọn độ dài "
        "kỳ khác."
    )


class CallBackwards(Refusal, ValueError):
    """A call that ends before it begins, or must be answered before it ends."""

    words = (
        "Đợt báo cáo từ {start:%d/%m/%Y} đến {end:%d/%m/%Y}, hạn gửi {due:%d/%m/%Y}: "
        "ngày bắt đầu, ngày chốt và hạn gửi phải theo thứ tự thời gian."
    )


class NotComparable(Refusal):
    """Two windows that must not be compared."""

    words = (
        "Không so sánh được {current} với {base}: hai kỳ theo hai quy tắc khác nhau; "
        "chọn kỳ gốc cùng chế độ và cùng độ dài."
    )


@dataclass(frozen=True, slots=True)
class Period:
    """One window of a regime; both `start` and `end` are days inside it.

    `due` is the last day to answer a call; nothing else names it in its window.
    """

    regime: str
    frequency: Frequency
    year: int
    number: int
    start: dt.date
    end: dt.date
    due: dt.date | None = None

    @property
    def key(self) -> str:
        """The period's name in addresses and files: nd09-2023, nd09-2023-m01."""
        year = f"{self.regime}-{self.year}"
        if self.frequency is Frequency.YEAR:
            return year
        if self.frequency is Frequency.NINE_MONTHS:
            return f"{year}-n9"
        if self.due:
            days = (self.start, self.end, self.due)
            return f"{year}-c" + "-".join(f"{day:%Y%m%d}" for day in days)
        width = "02" if self.frequency is Frequency.MONTH else ""
        return f"{year}-{self.frequency}{self.number:{width}}"

    @property
    def days(self) -> int:
        """Length in days, both ends included."""
        return (self.end - self.start).days + 1

    @property
    def label(self) -> str:
        """The name an official uses: "năm 2023", "quý I/2023", "tháng 01/2023"."""
        match self.frequency:
            case Frequency.YEAR:
                return f"năm {self.year}"
            case Frequency.NINE_MONTHS:
                return f"9 tháng năm {self.year}"
            case Frequency.HALF:
                part = "đầu" if self.number == 1 else "cuối"
                return f"6 tháng {part} năm {self.year}"
            case Frequency.QUARTER:
                return f"quý {ROMAN[self.number - 1]}/{self.year}"
            case Frequency.MONTH:
                return f"tháng {self.number:02}/{self.year}"
            case Frequency.CALL:
                return f"đợt chốt ngày {self.end:%d/%m/%Y}"

    @property
    def english(self) -> str:
        """The English name of the period, see `english_label`."""
        return english_label(self.label)

    @property
    def window(self) -> str:
        """Both ends as printed: "15/12/2022–14/12/2023"."""
        return f"{self.start:%d/%m/%Y}–{self.end:%d/%m/%Y}"

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return f"{self.label} ({self.window})"


_ENGLISH = (
    (r"năm (\d{4})", r"\1"),
    (r"9 tháng năm (\d{4})", r"nine months of \1"),
    (r"6 tháng đầu năm (\d{4})", r"first half of \1"),
    (r"6 tháng cuối năm (\d{4})", r"second half of \1"),
    *((rf"quý {roman}/(\d{{4}})", rf"Q{n} \1") for n, roman in enumerate(ROMAN, 1)),
    (r"tháng (\d{2}/\d{4})", r"month \1"),
    (r"đợt chốt ngày (\d{2}/\d{2}/\d{4})", r"call up to \1"),
)


def english_label(label: str) -> str:
    """Return the English name of the period that a label names; other words unchanged.

    A month is told by its number in the regime's year: its window need not be the
    calendar month.

    >>> english_label("năm 2023"), english_label("6 tháng đầu năm 2023")
    ('2023', 'first half of 2023')
    >>> english_label("quý I/2023"), english_label("tháng 01/2023")
    ('Q1 2023', 'month 01/2023')
    """
    for vietnamese, english in _ENGLISH:
        found = re.fullmatch(vietnamese, label)
        if found:
            return found.expand(english)
    return label


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month, `months` later; the day is at most the 28th."""
    assert day.day <= 28, "window rules start on a day that every month has"
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, day.day)


@dataclass(frozen=True, slots=True)
class Regime:
    """One window rule: the day on which its year begins, and who laid it down.

    `year_offset` is −1 where the year Y begins in the calendar year before, else 0.
    """

    key: str
    label: str
    month: int
    day: int
    year_offset: int
    frequencies: frozenset[Frequency]
    source: Source

    def period(self, frequency: Frequency, year: int, number: int = 1) -> Period:
        """Return window `number` (from 1) of the regime's year.

        >>> decree_09 = Regime("nd09", "Nghị định 09", 12, 15, -1,
        ...     frozenset(Frequency), Source("09/2019/NĐ-CP", "Điều 12"))
        >>> decree_09.period(Frequency.YEAR, 2023).window
        '15/12/2022–14/12/2023'
        >>> decree_09.period(Frequency.MONTH, 2024, 3).days
        29
        """
        if frequency not in self.frequencies or not 1 <= number <= frequency.in_a_year:
            key = f"{self.key}-{year}-{frequency}{number}"
            raise NoSuchPeriod(key=key, example=f"{self.key}-{year}")
        first = dt.date(year + self.year_offset, self.month, self.day)
        start = months_after(first, (number - 1) * frequency.months)
        after = months_after(start, frequency.months)
        return Period(
            self.key, frequency, year, number, start, after - dt.timedelta(days=1)
        )

    def call(self, start: dt.date, end: dt.date, due: dt.date) -> Period:
        """Return the window of a call for a return, of the year in which it ends.

        >>> decree_09 = Regime("nd09", "Nghị định 09", 12, 15, -1,
        ...     frozenset(Frequency), Source("09/2019/NĐ-CP", "Điều 12"))
        >>> day = dt.date(2024, 3, 20)
        >>> decree_09.call(dt.date(2024, 3, 1), day, dt.date(2024, 3, 25)).key
        'nd09-2024-c20240301-20240320-20240325'
        """
        if not start <= end < due:
            raise CallBackwards(start=start, end=end, due=due)
        year = self.containing(end, Frequency.YEAR).year
        return Period(self.key, Frequency.CALL, year, 0, start, end, due)

    def year(self, year: int) -> Period:
        """Return the whole year Y of this regime."""
        return self.period(Frequency.YEAR, year)

    def windows(self, frequency: Frequency, year: int) -> tuple[Period, ...]:
        """Return all windows of one length in a year, in order; they tile the year."""
        numbers = range(1, frequency.in_a_year + 1)
        return tuple(self.period(frequency, year, number) for number in numbers)

    def containing(self, day: dt.date, frequency: Frequency) -> Period:
        """Return the window of this length in which `day` lies.

        Nine-month windows leave the last three months out: a day there has none.
        """
        for year in range(day.year - 1, day.year + 3):
            for period in self.windows(frequency, year):
                if day in period:
                    return period
        raise NoWindow(regime=self.key, day=day)

    def parts(self, period: Period, frequency: Frequency) -> tuple[Period, ...]:
        """Return the shorter windows that tile `period`; a call is made of none."""
        if period.frequency is Frequency.CALL:
            return ()
        inside = [
            part
            for part in self.windows(frequency, period.year)
            if part.start >= period.start and part.end <= period.end
        ]
        assert sum(part.days for part in inside) == period.days, "windows must tile"
        return tuple(inside)

    def same_period(self, period: Period) -> Period:
        """Return the same window one year earlier ("cùng kỳ")."""
        if period.due:
            days = (period.start, period.end, period.due)
            start, end, due = (_year_before(day) for day in days)
            return replace(period, year=period.year - 1, start=start, end=end, due=due)
        return self.period(period.frequency, period.year - 1, period.number)

    def previous(self, period: Period) -> Period:
        """Return the window that ends the day before `period` begins ("kỳ trước").

        Nine months and a call have none; the same window a year earlier stands for it.
        """
        if period.frequency in (Frequency.NINE_MONTHS, Frequency.CALL):
            return self.same_period(period)
        return self.containing(period.start - dt.timedelta(days=1), period.frequency)


def _year_before(day: dt.date) -> dt.date:
    """Return the same day one year earlier, 28/02 for 29/02."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


_CALL = re.compile(r"(?P<regime>.+)-\d{4}-c(\d{8})-(\d{8})-(\d{8})")
_KEY = re.compile(r"(?P<regime>.+)-(?P<year>\d{4})(?:-(?P<length>[mqhn])(?P<n>\d+))?")


def parse(key: str, regimes: Mapping[str, Regime]) -> Period:
    """Return the period that a key such as nd09-2023-q1 names."""
    example = f"{next(iter(regimes), 'nd09')}-2023"
    called = _CALL.fullmatch(key)
    if called and called["regime"] in regimes:
        return _parse_call(key, called, regimes[called["regime"]], example)
    found = _KEY.fullmatch(key)
    if not found or found["regime"] not in regimes:
        raise NoSuchPeriod(key=key, example=example)
    regime, year = regimes[found["regime"]], int(found["year"])
    if not 1900 <= year <= 2200:
        raise NoSuchPeriod(key=key, example=example)
    if not found["length"]:
        return regime.period(Frequency.YEAR, year)
    length, number = Frequency(found["length"]), int(found["n"])
    if length is Frequency.NINE_MONTHS:
        if number != length.months:
            raise NoSuchPeriod(key=key, example=example)
        number = 1
    return regime.period(length, year, number)


def _parse_call(key: str, found: re.Match[str], regime: Regime, example: str) -> Period:
    try:
        start, end, due = (dt.date.fromisoformat(found[n]) for n in (2, 3, 4))
        if 1900 <= start.year <= 2200 and 1900 <= due.year <= 2200:
            period = regime.call(start, end, due)
            if period.key == key:
                return period
    except ValueError:
        pass  # no such day, or days in no order
    raise NoSuchPeriod(key=key, example=example)


def comparison_notes(current: Period, base: Period) -> Iterable[Sentence]:
    """Return what to say beside a comparison; refuses two rules or two lengths.

    A note says that the windows differ by more than a leap day.

    >>> source = Source("09/2019/NĐ-CP", "Điều 12")
    >>> rule = Regime("nd09", "NĐ 09", 12, 15, -1, frozenset(Frequency), source)
    >>> q1 = rule.period(Frequency.QUARTER, 2024, 1)
    >>> comparison_notes(q1, rule.same_period(q1))  # 91 and 90 days
    ()
    """
    if (current.regime, current.frequency) != (base.regime, base.frequency):
        raise NotComparable(current=current, base=base)
    if abs(current.days - base.days) <= 1:
        return ()
    return (
        Sentence(
            "Hai kỳ dài khác nhau: {current} ngày và {base} ngày.",
            {"current": current.days, "base": base.days},
        ),
    )
