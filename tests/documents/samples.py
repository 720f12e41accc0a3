"""What does a whole report look like? One with every kind of block, all made up."""

import datetime as dt

from tongket.domain.reports import (
    Annex,
    Chart,
    FigureNote,
    Letterhead,
    Paragraph,
    Point,
    Report,
    Run,
    Style,
    Table,
)

CASES = "ttxh.cases@nd09-2023"
RATE = "ttxh.clearance@nd09-2023"
LONG = "ttxh.cases@nd09-2023." + "a-very-long-name-of-a-measure." * 3
WARNING = "Số liệu minh họa: dưới cấp tỉnh là số liệu giả định."


def note(figure: str, label: str, value: str, parts: str = "") -> FigureNote:
    """Return the explanation of one figure."""
    return FigureNote(
        figure=figure,
        label=label,
        value=value,
        definition="Số vụ phạm pháp hình sự về trật tự xã hội xảy ra trong kỳ",
        window="15/12/2022–14/12/2023",
        parts=parts,
        base="1.075 (15/12/2021–14/12/2022)",
        returned="209/209 xã, phường, thị trấn",
        source="Báo cáo tháng của đơn vị; Điều 12, 09/2019/NĐ-CP",
    )


def letterhead(number: int = 12) -> Letterhead:
    """Return the frame of a yearly report."""
    return Letterhead(
        governing_body="UBND tỉnh Bắc Giang",
        issuing_body="Ban Chỉ đạo PCTP, TNXH và XDPTBVANTQ",
        number=number,
        symbol="BC-BCĐ",
        place="Bắc Giang",
        dated=dt.date(2024, 1, 5),
        kind="Báo cáo",
        subject=(
            "Tổng kết công tác phòng, chống tội phạm, tệ nạn xã hội và xây dựng "
            "phong trào toàn dân bảo vệ an ninh Tổ quốc năm 2023"
        ),
        authority="TM. Ban Chỉ đạo",
        post="Trưởng ban",
        signer="(Họ và tên)",
        recipients=(
            "Ban Chỉ đạo 138/CP",
            "Thường trực Tỉnh ủy, HĐND tỉnh",
            "Các thành viên Ban Chỉ đạo",
            "UBND các huyện, thị xã, thành phố",
            "Lưu: VT, PV01",
        ),
    )


def monthly_chart() -> Chart:
    """Return a line chart of this year against the same months of the year before."""
    heights = {
        "Năm 2023": (81, 77, 88, 92, 86, 84, 80, 79, 85, 88, 84, 84),
        "Năm 2022": (95, 84, 91, 97, 90, 89, 86, 85, 90, 92, 88, 88),
    }
    points = tuple(
        Point(f"T{month}", float(value), series)
        for series, values in heights.items()
        for month, value in enumerate(values, start=1)
    )
    return Chart(
        "cases-by-month",
        "line",
        "Số vụ phạm pháp hình sự giảm ở cả 12 tháng so với cùng kỳ",
        "Mỗi tháng của năm 2023 đều thấp hơn tháng cùng kỳ năm 2022.",
        "Số vụ",
        points,
    )


def accident_chart() -> Chart:
    """Return a chart of bars that lie: three measures in two years."""
    heights = {"Năm 2023": (120, 85.5, 20), "Năm 2022": (150, 96, 31)}
    names = ("Số vụ tai nạn giao thông", "Số người bị thương", "Số người chết")
    points = tuple(
        Point(name, float(value), series)
        for series, values in heights.items()
        for name, value in zip(names, values, strict=True)
    )
    return Chart("accidents", "bar", "Giảm cả 3 tiêu chí", "Cả ba giảm.", "", points)


def bands_chart() -> Chart:
    """Return a chart of upright bars in one series."""
    counts = (("Tốt", 24), ("Khá", 77), ("Trung bình", 92), ("Yếu", 1016))
    points = tuple(Point(name, float(count)) for name, count in counts)
    return Chart("bands", "bar", "Xếp loại", "Theo loại.", "Số đơn vị", points)


def table() -> Table:
    """Return a table whose numbers are figures."""
    return Table(
        "Kết quả công tác năm 2023",
        ("TT", "Chỉ tiêu", "Năm 2023", "Năm 2022"),
        (
            (
                Run("1"),
                Run("Phạm pháp hình sự (vụ)"),
                Run("1.008", CASES),
                Run("1.075", LONG),
            ),
            (Run("2"), Run("Tỷ lệ điều tra, khám phá"), Run("95,83%", RATE), Run("–")),
        ),
        numeric=frozenset({2, 3}),
        note="Ghi chú: “–” là không có số liệu để so sánh.",
    )


def report(number: int = 12) -> Report:
    """Return a report with every kind of block, two annexes and three figures."""
    unit_rows = tuple(
        (Run(f"{i}"), Run(f"Xã mẫu số {i}"), Run(f"{i * 3}")) for i in range(1, 61)
    )
    body = "Tình hình an ninh, trật tự trên địa bàn tỉnh được giữ vững, ổn định. "
    blocks = (
        Paragraph((Run("Căn cứ Nghị định số 09/2019/NĐ-CP;"),), Style.GROUND),
        Paragraph((Run("Căn cứ Chương trình công tác năm 2023."),), Style.GROUND),
        Paragraph((Run("I. KẾT QUẢ CÔNG TÁC NĂM 2023"),), Style.HEADING),
        Paragraph((Run("1. Tình hình tội phạm"),), Style.SUBHEADING),
        Paragraph(
            (
                Run("Trong năm xảy ra "),
                Run("1.008", CASES),
                Run(" vụ phạm pháp hình sự, cùng kỳ "),
                Run("1.075", LONG),
                Run(" vụ; tỷ lệ điều tra, khám phá đạt "),
                Run("95,83%", RATE),
                Run(". " + body * 3),
            )
        ),
        monthly_chart(),
        Paragraph((Run(body),), Style.POINT),
        table(),
        Paragraph((Run("II. PHƯƠNG HƯỚNG NĂM 2024"),), Style.HEADING),
        *(Paragraph((Run(body * 4),)) for _ in range(4)),
        Paragraph((Run("Trên đây là báo cáo của Ban Chỉ đạo./."),)),
    )
    units = Table("", ("TT", "Đơn vị", "Số vụ"), unit_rows, frozenset({2}))
    return Report(
        letterhead(number),
        blocks,
        annexes=(Annex("Số vụ theo đơn vị", (units, accident_chart())),),
        figures=(
            note(CASES, "Số vụ phạm pháp hình sự", "1.008 vụ"),
            note(RATE, "Tỷ lệ điều tra, khám phá", "95,83%", "966/1.008"),
            note(LONG, "Số vụ phạm pháp hình sự cùng kỳ", "1.075 vụ"),
        ),
        warning=WARNING,
    )
