"""How is a figure said in a Vietnamese official sentence?

Numbers are written as Vietnam writes them (1.008 · 6,23%), money in tỷ đồng from a
thousand million up, hedges ("gần", "trên", "khoảng") only where they are true, and a
change always with its base. `fill` turns a sentence of the pack into runs in which
every number carries the identity of its figure; a missing figure is refused, never
printed as nought.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from tongket.domain.indicators import Comparison, Reading, rounded
from tongket.domain.numerals import (
    DIRECTIONS,
    PERCENT,
    about,
    above,
    near,
    number,
    percent,
    quantity,
)
from tongket.domain.quantities import Quantity, find
from tongket.domain.reports import Run
from tongket.domain.sentences import Refusal, Refusals

__all__ = [
    "FORMS", "about", "above", "base_words", "change", "change_alone", "change_count",
    "change_percent", "decimals_of", "fill", "is_same_period", "literal_figures",
    "near", "number", "parts", "percent", "quantity", "reading_value", "share_of_base",
]  # fmt: skip


class WordingRefused(Refusal, LookupError):
    """A gap of a template that cannot be filled; `gap` is printed in each sentence."""


class UnknownFigure(WordingRefused):
    """The gap names an indicator that was not counted."""

    words = (
        "Mẫu câu có ô “{gap}”: không có chỉ tiêu “{key}” trong số liệu của kỳ; "
        "sửa tên chỉ tiêu trong mẫu."
    )


class UnknownWord(WordingRefused):
    """The gap names a word that nobody supplied."""

    words = "Mẫu câu có ô “{gap}” chưa được cho nội dung; bổ sung hoặc bỏ ô này."


class UnknownForm(WordingRefused):
    """The gap asks for a way of saying that does not exist."""

    words = (
        "Mẫu câu có ô “{gap}”: không có cách viết “{form}”; chọn một trong: {known}."
    )


class MissingFigure(WordingRefused):
    """The figure asked for was not reported; it is not nought."""

    words = (
        "Mẫu câu có ô “{gap}”: chưa có số liệu {label} của {period}; không được in "
        "thành 0, hãy thu đủ báo cáo hoặc bỏ câu này."
    )


class NoBase(WordingRefused):
    """A change in percent where the base is nought or the figure is a rate."""

    words = (
        "Mẫu câu có ô “{gap}”: {label} không tính được tỷ lệ tăng, giảm so với "
        "{period}; dùng cách viết “change” hoặc “change_count”."
    )


class NoParts(WordingRefused):
    """Numerator and denominator of a figure that is not a ratio."""

    words = (
        "Mẫu câu có ô “{gap}”: {label} không phải là tỷ lệ nên không có tử số và "
        "mẫu số; dùng cách viết “value”."
    )


def reading_value(reading: Reading) -> str:
    """Return what a reading says: "1.008 vụ", "95,83%"; words when it is missing."""
    if reading.value is None:
        return "chưa có số liệu"
    unit = reading.indicator.measure_unit
    return quantity(reading.value, unit, decimals_of(reading))


def decimals_of(reading: Reading) -> int:
    """Return the decimals of a reading; a rate that is whole exactly has none: 100%."""
    exact, indicator = reading.exact, reading.indicator
    if indicator.is_ratio and exact is not None and exact == exact.to_integral_value():
        return 0
    return indicator.decimals


def parts(reading: Reading) -> str:
    """Return "966/1.008" for a ratio whose parts are known, else nothing."""
    if reading.numerator is None or reading.denominator is None:
        return ""
    shown = (number(n.normalize()) for n in (reading.numerator, reading.denominator))
    return "/".join(shown)


def base_words(comparison: Comparison) -> str:
    """Return what the figure is compared with: "so với cùng kỳ năm 2022"."""
    return f"so với {_base_period(comparison)}"


def _base_period(comparison: Comparison) -> str:
    base = comparison.base.period
    return f"cùng kỳ năm {base.year}" if is_same_period(comparison) else base.label


def is_same_period(comparison: Comparison) -> bool:
    """Whether the base is the same window of another year ("cùng kỳ")."""
    current, base = comparison.current.period, comparison.base.period
    same = (current.regime, current.frequency, current.number) == (
        base.regime,
        base.frequency,
        base.number,
    )
    return same and current.year != base.year


def change(comparison: Comparison) -> str:
    """Return the change with its base: "giảm 67 vụ (6,23%) so với cùng kỳ năm 2022".

    A rate changes by percentage points. Without a base the sentence says why there is
    no comparison.
    """
    base, difference = comparison.base, comparison.difference
    when = _base_period(comparison)
    if difference is None:
        return f"không so sánh được với {when} (chưa có số liệu)"
    arose = "xảy ra" if base.indicator.measure_unit == "vụ" else "phát sinh"
    if comparison.direction == 0:
        level = reading_value(base) if base.value else f"cùng không {arose}"
        return f"{DIRECTIONS[0]} {base_words(comparison)} ({level})"
    if not base.value and not base.indicator.is_ratio:
        return f"{change_count(comparison)} ({when} không {arose})"
    return f"{change_alone(comparison)} {base_words(comparison)}"


def change_alone(comparison: Comparison) -> str:
    """Return the change without its base: "giảm 67 vụ (6,23%)"; a rate has no share."""
    if comparison.percent is None or comparison.direction == 0:
        return change_count(comparison)
    share = change_percent(comparison).split(" ", 1)[1]
    return f"{change_count(comparison)} ({share})"


def change_count(comparison: Comparison) -> str:
    """Return the difference alone: "giảm 67 vụ", "giảm 1,54 điểm phần trăm"."""
    difference = comparison.difference
    assert difference is not None, "the caller has a base and a current value"
    word = DIRECTIONS[comparison.direction]
    if comparison.direction == 0:
        return word
    indicator = comparison.current.indicator
    if indicator.measure_unit == PERCENT:
        return f"{word} {number(abs(difference), indicator.decimals)} điểm phần trăm"
    size = quantity(abs(difference), indicator.measure_unit, indicator.decimals)
    return f"{word} {size}"


def change_percent(comparison: Comparison) -> str:
    """Return the change in percent of the base: "giảm 6,23%"."""
    word = DIRECTIONS[comparison.direction]
    if comparison.direction == 0:
        return word
    size, decimals = share_of_base(comparison)
    return f"{word} {percent(size, decimals)}"


def share_of_base(comparison: Comparison) -> tuple[Decimal, int]:
    """Return the size of the change in percent, and decimals enough not to be 0."""
    exact = comparison.percent
    assert exact is not None, "the caller knows that there is a base"
    enough = (n for n in range(2, 12) if rounded(exact, n))
    return abs(exact), next(enough, 12)


_GAP = re.compile(r"\{(?P<key>[^{}:]+)(?::(?P<form>[^{}:]+))?(?::(?P<of>[^{}]+))?\}")
_HEDGES = {"above": above, "near": near, "about": about}
_OF_ONE = ("count", "value", *_HEDGES, "rate", "parts")
_OF_TWO = ("change", "change_count", "change_percent", "base")
FORMS = (*_OF_ONE, *_OF_TWO, "together")


def fill(
    template: str, comparisons: Mapping[str, Comparison], words: Mapping[str, str]
) -> tuple[Run, ...]:
    """Return the sentence as runs; each number carries the key of its reading.

    Gaps: `{indicator:form}` (see `FORMS`), `{clearance:rate:vụ}` to name what the parts
    of a rate count, `{a+b+c:together}`, and `{word}`. Everything that cannot be filled
    is refused at once.
    """
    runs: list[Run] = []
    refused: list[Refusal] = []
    end = 0
    for gap in _GAP.finditer(template):
        runs.append(Run(template[end : gap.start()]))
        end = gap.end()
        try:
            runs.append(_filled(gap, comparisons, words))
        except WordingRefused as refusal:
            refused.append(refusal)
    if refused:
        raise refused[0] if len(refused) == 1 else Refusals(refused)
    runs.append(Run(template[end:]))
    return tuple(run for run in runs if run.text)


def _filled(
    gap: re.Match[str], comparisons: Mapping[str, Comparison], words: Mapping[str, str]
) -> Run:
    key, form = gap["key"], gap["form"]
    if form is None:
        if key not in words:
            raise UnknownWord(gap=gap[0])
        return Run(words[key])
    if form not in FORMS:
        raise UnknownForm(gap=gap[0], form=form, known=", ".join(FORMS))
    keys = key.split("+") if form == "together" else [key]
    for each in keys:
        if each not in comparisons:
            raise UnknownFigure(gap=gap[0], key=each)
    chosen = [comparisons[each] for each in keys]
    for comparison in chosen:
        _refuse_missing(gap[0], form, comparison)
    text = _together(chosen) if form == "together" else _said(gap, chosen[0])
    return Run(text, " ".join(comparison.current.key for comparison in chosen))


def _refuse_missing(gap: str, form: str, comparison: Comparison) -> None:
    """Refuse what is unknown; `change` alone can say that there is no base."""
    current, base = comparison.current, comparison.base
    needed = [current] if form in (*_OF_ONE, "change") else [current, base]
    for reading in needed:
        if reading.value is None:
            label, period = reading.indicator.label, reading.period.label
            raise MissingFigure(gap=gap, label=label, period=period)


def _said(gap: re.Match[str], comparison: Comparison) -> str:
    form, current = gap["form"], comparison.current
    indicator = current.indicator
    label, period = indicator.label, comparison.base.period.label
    assert current.value is not None, "missing figures were refused"
    match form:
        case "count" | "value":
            return reading_value(current)
        case "base":
            return reading_value(comparison.base)
        case "above" | "near" | "about":
            hedged = _HEDGES[form]
            return hedged(current.value, indicator.measure_unit, indicator.decimals)
        case "change":
            return change(comparison)
        case "change_count":
            return change_count(comparison)
        case "change_percent":
            if comparison.percent is None:
                raise NoBase(gap=gap[0], label=label, period=period)
            return change_percent(comparison)
    if not parts(current):
        raise NoParts(gap=gap[0], label=label)
    if form == "parts":
        return parts(current)
    of = f" {gap['of']}" if gap["of"] else ""
    return f"{reading_value(current)} ({parts(current)}{of})"


def _together(comparisons: list[Comparison]) -> str:
    """Say that all moved one way, or each in turn where they did not."""
    ways = {comparison.direction for comparison in comparisons}
    if len(ways) == 1 and len(comparisons) > 1:
        return f"{DIRECTIONS[ways.pop()]} cả {len(comparisons)} tiêu chí"
    return ", ".join(_in_turn(comparisons))


def _in_turn(comparisons: list[Comparison]) -> Iterator[str]:
    for comparison in comparisons:
        label = comparison.current.indicator.label
        yield f"{label[:1].lower()}{label[1:]} {change_count(comparison)}"


def literal_figures(template: str) -> tuple[Quantity, ...]:
    """Return the quantities that somebody typed into the fixed text of a template.

    A published number is never typed: it comes from figures through a gap. Offsets are
    those of the template.
    """
    return find(_GAP.sub(lambda gap: "…" * len(gap[0]), template))
