"""Which charts stand on the staff pages, and how is one drawn only once?"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from tongket.cycle import count
from tongket.documents import charts
from tongket.domain.indicators import Indicator, Reading
from tongket.domain.periods import Period
from tongket.domain.reports import Chart, Point
from tongket.office import facts, figures, speech
from tongket.records.register import register


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart on a page: its finding, drawing, and the table of the same data."""

    title: str
    svg: SafeString
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=64)
def svg(chart: Chart) -> SafeString:
    """Return the drawing; the same chart is drawn once a process."""
    drawing = charts.svg(chart)
    return mark_safe(drawing)  # noqa: S308 our own drawing  # nosec B308, B703


def months(indicator: Indicator, unit: str, period: Period) -> Drawn | None:
    """Return a year's months beside those of the year before; None without figures."""
    base = figures.regime().same_period(period)
    now, before = (
        count.by_month(
            facts.store(),
            pack=facts.pack(),
            unit=unit,
            period=each,
            indicator=indicator,
        )
        for each in (period, base)
    )
    series = [
        (gettext("Năm %(year)s") % {"year": each.year}, readings)
        for each, readings in ((period, now), (base, before))
    ]
    points = tuple(
        Point(_month(reading), float(reading.value), name)
        for name, readings in series
        for reading in readings
        if reading.value is not None
    )
    if not points:
        return None
    compared = figures.one(indicator.key, unit, period)
    title = f"{speech.said(indicator)}: {compared.change}"
    words = gettext("%(figure)s theo tháng, năm %(year)s và năm %(base)s.")
    said = words % {
        "figure": speech.said(indicator),
        "year": period.year,
        "base": base.year,
    }
    unit_words = _unit_words(indicator)
    chart = Chart(f"months-{indicator.key}", "line", title, said, unit_words, points)
    rows = tuple(
        (_month(one), speech.number(one.value), speech.number(other.value))
        for one, other in zip(now, before, strict=True)
    )
    header = (gettext("Tháng"), *(name for name, _readings in series))
    return Drawn(title, svg(chart), header, rows)


def _month(reading: Reading) -> str:
    return gettext("T%(number)s") % {"number": reading.period.number}


def below(indicator: Indicator, unit: str, period: Period) -> Drawn | None:
    """Return a figure for each unit directly below, the largest first."""
    whole = figures.one(indicator.key, unit, period).reading
    tree = register().on(period.end)
    found = count.below(facts.store(), tree=tree, reading=whole)
    known = [
        (tree[key].name, each.value) for key, each in found if each.value is not None
    ]
    known.sort(key=lambda row: -row[1])
    if len(known) < 2:
        return None
    share = known[0][1] * 100 / whole.value if whole.value else None
    words = gettext("%(figure)s: %(unit)s cao nhất, %(value)s")
    title = words % {
        "figure": speech.said(indicator),
        "unit": known[0][0],
        "value": figures.quantity_words(known[0][1], indicator),
    }
    if share is not None and not indicator.is_ratio:
        title += f" ({speech.percent(share, 0)})"
    said = gettext("%(figure)s theo đơn vị.") % {"figure": speech.said(indicator)}
    points = tuple(Point(name, float(value)) for name, value in known)
    unit_words = _unit_words(indicator)
    chart = Chart(f"below-{indicator.key}", "bar", title, said, unit_words, points)
    rows = tuple((name, speech.number(value)) for name, value in known)
    return Drawn(title, svg(chart), (gettext("Đơn vị"), unit_words), rows)


def bands(counts: Iterable[tuple[str, int]], total: int) -> Drawn | None:
    """Return how many units stand in each band, the highest first."""
    listed = list(counts)
    if not total:
        return None
    best = sum(number for _label, number in listed[:2])
    words = gettext("%(best)s/%(total)s đơn vị xếp loại khá, xuất sắc")
    title = words % {"best": best, "total": total}
    said = gettext("Số đơn vị theo xếp loại.")
    points = tuple(Point(label, float(number)) for label, number in listed)
    unit_words = gettext("Đơn vị")
    chart = Chart("bands", "bar", title, said, unit_words, points)
    rows = tuple(
        (label, speech.number(number), speech.percent(_share(number, total), 1))
        for label, number in listed
    )
    header = (gettext("Xếp loại"), gettext("Số đơn vị"), gettext("Tỷ lệ"))
    return Drawn(title, svg(chart), header, rows)


def _unit_words(indicator: Indicator) -> str:
    """Return the unit of measure as the title of an axis or a column."""
    words = speech.word(indicator.measure_unit)
    return words[:1].upper() + words[1:]


def _share(number: int, total: int) -> Decimal:
    return Decimal(number) * 100 / total
