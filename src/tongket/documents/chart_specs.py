"""What is drawn in a chart, said as a Vega-Lite specification?

Lines stand for months, bars for what is compared. Bars begin at nought; up to three
series are named where they are drawn, more get a legend.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from tongket.domain.reports import Chart, Point
from tongket.domain.sentences import Refusal

WIDTH = 480  # with 13-point letters: legible on a phone, the size of the text on paper
HEIGHT = 240
LETTERS = 13
LABELS = 190  # room for the names of lying bars
BAR_STEP = 26
DIRECTLY_LABELLED = 3  # more series than this need a legend
NUMBER = ",.2~f"  # two decimals at most, none when whole
# A second sign beside the colour, for who does not see it and for black and white.
DASHES = ([1, 0], [6, 4], [2, 3], [8, 3, 2, 3])


class NothingToDraw(Refusal, ValueError):
    """A chart without a single point."""

    words = "Biểu đồ “{chart}” không có số liệu; bổ sung số liệu hoặc bỏ biểu đồ."


class UnknownKind(Refusal, ValueError):
    """A kind of chart that nobody draws."""

    words = (
        "Biểu đồ “{chart}”: không có loại “{kind}”; chọn bar (cột) hoặc line (đường)."
    )


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one medium."""

    series: tuple[str, ...]
    text: str
    grid: str


def specification(chart: Chart, palette: Palette) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart in the colours of one medium."""
    if not chart.points:
        raise NothingToDraw(chart=chart.title)
    if chart.kind == "line":
        drawing = _lines(chart, palette)
    elif chart.kind == "bar":
        drawing = _rows(chart, palette) if _lies_down(chart) else _columns(chart)
    else:
        raise UnknownKind(chart=chart.title, kind=chart.kind)
    return _finished(drawing, palette)


def _finished(drawing: Any, palette: Palette) -> dict[str, Any]:
    """Return a drawing with the size, colours and letters that all charts share."""
    finished: dict[str, Any] = (
        drawing.properties(
            width=WIDTH,
            background="transparent",
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        )
        .configure_view(stroke=None)
        .configure_bar(color=palette.series[0])
        .configure_text(color=palette.text, fontSize=LETTERS)
        .configure_legend(labelColor=palette.text, labelFontSize=LETTERS)
        .configure_axis(
            labelColor=palette.text,
            titleColor=palette.text,
            gridColor=palette.grid,
            domainColor=palette.grid,
            ticks=False,
            labelFontSize=LETTERS,
            titleFontSize=LETTERS,
            titleFontWeight="normal",
            labelPadding=6,
        )
        .to_dict()
    )
    return finished


def _ordered(names: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _categories(chart: Chart) -> list[str]:
    return _ordered(point.x for point in chart.points)


def _series(chart: Chart) -> list[str]:
    return _ordered(point.series for point in chart.points)


def _lies_down(chart: Chart) -> bool:
    """Whether bars run to the right: long names and several series need the room."""
    categories = _categories(chart)
    longest = max(len(name) for name in categories)
    return len(_series(chart)) > 1 or longest * len(categories) * LETTERS / 2 > WIDTH


def _values(points: Sequence[Point]) -> alt.InlineData:
    return alt.InlineData(
        values=[{"x": each.x, "y": each.y, "series": each.series} for each in points]
    )


def _colour(chart: Chart, palette: Palette) -> alt.Color:
    series = _series(chart)
    colours = [palette.series[i % len(palette.series)] for i in range(len(series))]
    legend = None
    if len(series) > DIRECTLY_LABELLED:
        legend = alt.Legend(orient="top", title=None, columns=2, labelLimit=260)
    return alt.Color(
        "series:N", scale=alt.Scale(domain=series, range=colours), legend=legend
    )


def _y_title(chart: Chart) -> dict[str, Any]:
    """Lay the name of the axis flat above it: nobody reads with the head tilted."""
    return {
        "title": chart.y_label or None,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleBaseline": "bottom",
        "titleY": -8,
        "titleX": -30,
    }


def _lines(chart: Chart, palette: Palette) -> Any:
    series = _series(chart)
    axis = alt.Axis(format=NUMBER, tickCount=5, domain=False, **_y_title(chart))
    x = alt.X(
        "x:N",
        sort=_categories(chart),
        title=None,
        axis=alt.Axis(labelAngle=0, grid=False, labelOverlap=True),
        scale=alt.Scale(type="point", padding=0.3),
    )
    y = alt.Y("y:Q", axis=axis, scale=alt.Scale(zero=_floor(chart) == 0))
    dashes = [DASHES[(i + i // 4) % 4] for i in range(len(series))]
    dash = alt.StrokeDash(
        "series:N", scale=alt.Scale(domain=series, range=dashes), legend=None
    )
    colour = _colour(chart, palette)
    base = alt.Chart(_values(chart.points)).encode(x=x, y=y, color=colour)
    layers = [
        base.mark_line(strokeWidth=2.5).encode(strokeDash=dash),
        base.mark_circle(size=36, opacity=1),
    ]
    if len(series) <= DIRECTLY_LABELLED and any(series):
        ends = alt.Chart(_values(_line_ends(chart))).mark_text(
            align="left", dx=10, fontWeight="bold"
        )
        layers.append(ends.encode(x=x, y=y, text="series:N", color=colour))
    return alt.layer(*layers).properties(height=HEIGHT)


def _floor(chart: Chart) -> float:
    """Return where the axis of lines begins: nought, unless it would flatten them."""
    heights = [point.y for point in chart.points]
    lowest, highest = min(heights), max(heights)
    return 0.0 if lowest < highest / 2 or lowest == highest else lowest


def _line_ends(chart: Chart) -> list[Point]:
    """Return where to write the name of each line: at its end, not over another."""
    last = {point.series: point for point in chart.points}
    x = _categories(chart)[-1]
    height = max(point.y for point in chart.points) - _floor(chart)
    apart = height * 22 / HEIGHT
    ends: list[Point] = []
    for point in sorted(last.values(), key=lambda each: each.y):
        lowest = ends[-1].y + apart if ends else point.y
        ends.append(Point(x, max(point.y, lowest), point.series))
    return ends


def _columns(chart: Chart) -> Any:
    """Draw upright bars of one series, each with its value above it."""
    axis = alt.Axis(format=NUMBER, tickCount=5, domain=False, **_y_title(chart))
    base = alt.Chart(_values(chart.points)).encode(
        x=alt.X(
            "x:N",
            sort=_categories(chart),
            title=None,
            axis=alt.Axis(labelAngle=0, labelLimit=0),
            scale=alt.Scale(type="band", padding=0.35),
        ),
        y=alt.Y("y:Q", axis=axis, scale=alt.Scale(zero=True)),
    )
    values = base.mark_text(dy=-8).encode(text=alt.Text("y:Q", format=NUMBER))
    return alt.layer(base.mark_bar(), values).properties(height=HEIGHT)


def _rows(chart: Chart, palette: Palette) -> Any:
    """Draw lying bars, each with its value; the first row also names the series."""
    categories, series = _categories(chart), _series(chart)
    base = (
        alt.Chart(alt.InlineData(values=_named(chart)))
        .transform_calculate(label=f"format(datum.y, '{NUMBER}') + datum.name")
        .encode(
            y=alt.Y(
                "x:N",
                sort=categories,
                title=None,
                axis=alt.Axis(labelLimit=LABELS, grid=False),
                scale=alt.Scale(paddingInner=0.3, paddingOuter=0.1),
            ),
            x=alt.X(
                "y:Q",
                title=chart.y_label or None,
                axis=alt.Axis(format=NUMBER, tickCount=4, domain=False),
                scale=alt.Scale(domain=[0, _right_end(chart)], nice=False),
            ),
            yOffset=alt.YOffset("series:N", sort=series),
        )
    )
    bars = base.mark_bar().encode(color=_colour(chart, palette))
    values = base.mark_text(align="left", dx=5).encode(text="label:N")
    height = len(categories) * (BAR_STEP * len(series) * 0.8 + 12) + 40
    return alt.layer(bars, values).properties(height=height)


def _named(chart: Chart) -> list[dict[str, Any]]:
    """Return the bars; the first of each series has its name to be written after it."""
    directly = len(_series(chart)) <= DIRECTLY_LABELLED
    first = {point.series: point for point in reversed(chart.points)}
    return [
        {
            "x": point.x,
            "y": point.y,
            "series": point.series,
            "name": f"  {point.series}".rstrip()
            if directly and first[point.series] is point
            else "",
        }
        for point in chart.points
    ]


def _right_end(chart: Chart) -> float:
    """Return where the axis of lying bars ends, so that the words after a bar fit."""
    letter = LETTERS * 0.55
    names = min(max(map(len, _categories(chart))) * letter, LABELS)
    words = (
        max(map(len, _series(chart))) if len(_series(chart)) <= DIRECTLY_LABELLED else 0
    )
    share = (len("1.000.000") + words) * letter / (WIDTH - names)
    return max(point.y for point in chart.points) / (1 - min(share, 0.6)) or 1
