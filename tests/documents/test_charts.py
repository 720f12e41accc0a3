"""Can a chart be seen, heard and printed, in light, in dark and without colour?"""

import re
import xml.etree.ElementTree as ET

import pytest
from tests.documents import samples

from tongket.documents import charts
from tongket.documents.chart_specs import NothingToDraw, UnknownKind
from tongket.domain.reports import Chart, Point

CHARTS = (samples.monthly_chart(), samples.accident_chart(), samples.bands_chart())


def many_series(kind: str) -> Chart:
    points = tuple(
        Point(f"{year}", 100.0 + group * 9, f"Nhóm {group}")
        for group in range(5)
        for year in range(2020, 2024)
    )
    return Chart("many", kind, "Năm nhóm", "Năm nhóm đều tăng.", "Số vụ", points)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_a_chart_for_a_page_takes_every_colour_from_the_page(chart):
    text = charts.svg(chart)
    assert "style" not in text
    assert "font-family" not in text
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', text))
    assert all(c in ("none", "currentColor", "transparent") or "var(--" in c
               for c in colours), colours  # fmt: skip
    assert "var(--chart-1)" in colours


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_a_chart_says_in_words_what_it_shows(chart):
    root = ET.fromstring(charts.svg(chart))
    title, description = root[0], root[1]
    assert (title.text, description.text) == (chart.title, chart.description)
    labelled = f"{title.get('id')} {description.get('id')}"
    assert root.get("aria-labelledby") == labelled
    assert chart.key in title.get("id")
    assert root.get("role") == "img"
    assert sum("role" in each.attrib for each in root.iter()) == 1


def test_a_chart_scales_with_the_page():
    root = ET.fromstring(charts.svg(CHARTS[0]))
    assert root.get("width") == "100%"
    assert root.get("height") is None
    assert root.get("viewBox").startswith("0 0 480 ")


def test_lines_are_told_apart_by_dashes_and_named_at_their_ends():
    text = charts.svg(samples.monthly_chart())
    assert 'stroke-dasharray="6,4"' in text
    assert ">Năm 2023</text>" in text
    assert ">Năm 2022</text>" in text


def test_names_of_lines_that_end_together_are_moved_apart():
    points = tuple(
        Point(x, 50.0, series)
        for series in ("Năm 2023", "Năm 2022")
        for x in ("1", "2")
    )
    text = charts.svg(Chart("flat", "line", "t", "d", "", points))
    heights = re.findall(r'translate\([\d.]+,([\d.]+)\)"[^>]*font-weight="bold"', text)
    assert len(set(heights)) == 2


def test_numbers_are_written_as_vietnam_writes_them():
    assert ">1.016</text>" in charts.svg(samples.bands_chart())
    assert ">85,5</text>" in charts.svg(samples.accident_chart())


def test_the_first_bars_name_their_series():
    text = charts.svg(samples.accident_chart())
    assert "120  Năm 2023" in text
    assert text.count("Năm 2022") == 1


@pytest.mark.parametrize("kind", ["bar", "line"])
def test_more_than_three_series_get_a_legend(kind):
    text = charts.svg(many_series(kind))
    assert text.count(">Nhóm 4</text>") == 1
    assert ">Nhóm 0</text>" in text


def test_a_line_of_one_nameless_series_has_no_name_at_its_end():
    points = (Point("T1", 1.0), Point("T2", 9.0))
    text = charts.svg(Chart("one", "line", "t", "d", "", points))
    assert "bold" not in text


def test_bars_that_are_all_nought_can_be_drawn():
    points = tuple(Point(f"Một tên rất dài số {i}", 0.0) for i in range(6))
    assert charts.svg(Chart("nil", "bar", "t", "d", "", points)).count(">0</text>") >= 6


def test_paper_gets_fixed_colours_and_its_own_font():
    text = charts.print_svg(samples.monthly_chart())
    assert "var(" not in text
    assert set(re.findall(r'font-family="([^"]+)"', text)) == {charts.PRINT_FONT}


def test_a_picture_has_the_dots_that_were_asked_for():
    one, two = (charts.png(samples.bands_chart(), scale=scale) for scale in (1, 2))
    widths = [int.from_bytes(picture[16:20], "big") for picture in (one, two)]
    assert widths == [480, 960]
    assert one.startswith(b"\x89PNG")


def test_the_same_chart_is_the_same_picture():
    assert charts.png(samples.bands_chart()) == charts.png(samples.bands_chart())


def test_a_chart_of_nothing_is_refused():
    with pytest.raises(NothingToDraw, match="không có số liệu"):
        charts.svg(Chart("empty", "bar", "Trống", "d", "", ()))


def test_a_kind_that_nobody_draws_is_refused():
    with pytest.raises(UnknownKind, match="pie"):
        charts.svg(Chart("pie", "pie", "Bánh", "d", "", (Point("a", 1.0),)))


def test_ids_of_clipped_parts_are_those_of_the_chart_alone():
    root = ET.fromstring(
        f'<svg xmlns="{charts.SVG}"><clipPath id="clip0"/>'
        '<g clip-path="url(#clip0)"/></svg>'
    )
    charts._adapt_to_page(root, samples.bands_chart())
    assert root.find(f"{{{charts.SVG}}}clipPath").get("id") == "chart-bands-clip0"
    assert root[-1].get("clip-path") == "url(#chart-bands-clip0)"


@pytest.mark.browser
def test_a_browser_draws_the_colours_of_light_and_of_dark(chromium):
    page_text = (
        "<style>:root{--chart-1:#010203;--line:#ddd}"
        "@media(prefers-color-scheme:dark){:root{--chart-1:#fafbfc}}</style>"
        + charts.svg(samples.bands_chart())
    )
    seen = []
    for scheme in ("light", "dark"):
        page = chromium.new_page(color_scheme=scheme)
        page.set_content(page_text)
        seen.append(
            page.eval_on_selector(
                "[fill='var(--chart-1)']", "e => getComputedStyle(e).fill"
            )
        )
        page.close()
    assert seen == ["rgb(1, 2, 3)", "rgb(250, 251, 252)"]
