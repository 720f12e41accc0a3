"""What does a finished release look like to the portal? A small one, for tests."""

import datetime as dt
import hashlib
import struct
import zlib
from typing import Any

from tongket.domain.releases import (
    Article,
    DrawnChart,
    File,
    Photo,
    PublishedFigure,
    Release,
)
from tongket.domain.reports import Paragraph, Run, Style, Table

VIETNAM = dt.timezone(dt.timedelta(hours=7))
PUBLISHED_AT = dt.datetime(2024, 1, 12, 17, 30, tzinfo=VIETNAM)
THIS, BEFORE = "15/12/2022–14/12/2023", "15/12/2021–14/12/2022"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120" '
    'style="background-color: white"><rect x="10" y="20" width="90" height="80" '
    'style="fill: var(--chart-1); stroke-width: 2"/><text x="10" y="115">2022</text>'
    "</svg>"
)


def figure(key: str, label: str, value: str, **changes: Any) -> PublishedFigure:
    """Return a figure of which only the named fields matter to the test."""
    fields: dict[str, Any] = {
        "block": "An ninh, trật tự",
        "block_english": "Security and order",
        "english": f"{label} (English)",
        "value_english": value.replace(".", ","),
        "definition": f"Số {label.lower()} phát sinh trong kỳ.",
        "window": THIS,
        "parts": "",
        "change": "",
        "change_english": "",
        "base": "",
        "base_english": "",
        "base_window": "",
        "direction": 0,
        "is_good": None,
        "target": "",
        "target_english": "",
        "returned": 209,
        "owed": 209,
        "source": "09/2019/NĐ-CP, Điều 12",
        "is_headline": False,
        "is_illustrative": False,
        "needs_verification": False,
    }
    return PublishedFigure(key=key, label=label, value=value, **(fields | changes))


def figures() -> tuple[PublishedFigure, ...]:
    """Return a fall, a rate, a nought, and the other ways of having no number."""
    return (
        figure(
            "crime-cases",
            "Số vụ phạm tội về trật tự xã hội",
            "1.008 vụ",
            english="Social-order offences",
            value_english="1,008 cases",
            change="giảm 67 vụ (6,23%)",
            change_english="down 67 cases (6.23%)",
            base="1.075",
            base_english="1,075",
            base_window=BEFORE,
            direction=-1,
            is_good=True,
            is_headline=True,
        ),
        figure(
            "clearance-rate",
            "Tỷ lệ điều tra, khám phá",
            "95,83%",
            value_english="95.83%",
            parts="966/1.008",
            target="từ 75% trở lên",
            target_english="75% and more",
            is_headline=True,
        ),
        figure("fires", "Vụ cháy, nổ đặc biệt nghiêm trọng", "0 vụ"),
        figure("nil", "Băng, nhóm hoạt động lộ liễu", "–"),
        figure("missing", "Số vụ chưa phân loại", "", returned=200),
        figure("small", "Số vụ tại một xã", "<3", is_illustrative=True),
        figure("unsure", "Chỉ tiêu mẫu", "12", needs_verification=True),
    )


def photo() -> Photo:
    """Return a picture of 16 by 9 dots with its words."""
    rows = b"".join(b"\0" + b"\x0a\x55\x59" * 16 for _ in range(9))

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    content = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 9, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    return Photo("hoi-nghi.png", content, "Quang cảnh hội nghị.", "Hội trường hội nghị")


def article(**changes: Any) -> Article:
    """Return a short article with two bound numbers."""
    fields: dict[str, Any] = {
        "title": "Bắc Giang tổng kết phong trào toàn dân bảo vệ an ninh Tổ quốc 2023",
        "lead": "Chiều 12/01, hội nghị tổng kết năm 2023 diễn ra tại tỉnh.",
        "paragraphs": (
            Paragraph((Run("Kết quả"),), Style.HEADING),
            Paragraph(
                (
                    Run("Toàn tỉnh xảy ra "),
                    Run("1.008 vụ", "crime-cases"),
                    Run(", tỷ lệ khám phá đạt "),
                    Run("95,83%", "clearance-rate"),
                    Run("."),
                )
            ),
        ),
        "authors": ("Phóng viên A", "Phóng viên B"),
        "photo": photo(),
    }
    return Article(**(fields | changes))


def release(**changes: Any) -> Release:
    """Return a release that the portal takes; `changes` replace whole fields."""
    table = Table(
        "Số vụ theo năm",
        ("Năm", "Số vụ"),
        ((Run("2022"), Run("1.075")), (Run("2023"), Run("1.008", "crime-cases"))),
        frozenset({1}),
    )
    content = b"bao cao"
    fields: dict[str, Any] = {
        "key": "nd09-2023",
        "province": "Tỉnh Bắc Giang",
        "period_label": "năm 2023",
        "window": THIS,
        "published_at": PUBLISHED_AT,
        "article": article(),
        "figures": figures(),
        "tables": (table,),
        "charts": (
            DrawnChart("yearly", "Số vụ giảm so với năm trước", "Hai cột.", SVG, table),
        ),
        "files": (
            File(
                "bao-cao.pdf",
                "Báo cáo tổng kết (PDF)",
                "application/pdf",
                content,
                hashlib.sha256(content).hexdigest(),
            ),
        ),
        "warning": "Số liệu dưới cấp tỉnh là số liệu minh họa.",
        "content_hash": "a" * 64,
    }
    return Release(**(fields | changes))
