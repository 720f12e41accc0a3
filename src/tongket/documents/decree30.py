"""What does Decree 30/2020/NĐ-CP, Annex I, ask of every official document?

Sizes are in points, lengths in millimetres. Word and PDF both draw from here, so that
the two never disagree about a rule.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from tongket.domain.periods import ROMAN
from tongket.domain.reports import Annex, Letterhead, Paragraph, Report, Run, Style

PAGE_WIDTH, PAGE_HEIGHT = 210, 297
MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 20, 20, 30, 15
TEXT_WIDTH = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT
LANDSCAPE_WIDTH = PAGE_HEIGHT - MARGIN_LEFT - MARGIN_RIGHT
# What a letter in a table takes, in mm; the lengths that are kept on one line, tried in
# turn; and how much of the room such columns and the longest words may take.
LETTER = 2
ONE_LINE = (26, 20, 13, 0)
MOST_TAKEN = 0.8
HEAD_COLUMNS = (TEXT_WIDTH * 0.4, TEXT_WIDTH * 0.6)

BODY, HEADING, TABLE, NOTE, RECIPIENTS = 14, 14, 12, 11, 11
NATION, MOTTO, BODIES, NUMBER, PLACE = 12, 13, 12, 13, 13
PAGE_NUMBER, WARNING, RECIPIENTS_TITLE = 13, 10, 12
FIRST_LINE = 12.7
PARAGRAPH_GAP = 6
LINE_SHARE = 0.4  # of the text above: between a third and a half

NATIONAL_NAME = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
NATIONAL_MOTTO = "Độc lập - Tự do - Hạnh phúc"
RECIPIENTS_LABEL = "Nơi nhận:"
PROVENANCE = "Nguồn gốc số liệu"

# Widths of Times Bold in thousandths of the size, as its public metrics state them.
_BOLD = {
    letter: width
    for width, letters in (
        (250, " ,."),
        (278, "il/"),
        (333, "fjt:()-"),
        (389, "Is"),
        (444, "cerz"),
        (500, "Jagovxy0123456789"),
        (556, "Sbdhknpqu"),
        (611, "FP"),
        (667, "BELTZ"),
        (722, "ACDNRUVXYw"),
        (778, "GHKOQ"),
        (833, "m"),
        (944, "M"),
        (1000, "W"),
    )
    for letter in letters
}
_MILLIMETRES_A_POINT = 25.4 / 72


def runs_of(paragraph: Paragraph) -> tuple[Run, ...]:
    """Return the runs as printed: a point of a list begins with a dash."""
    if paragraph.style is Style.POINT:
        return (Run("- "), *paragraph.runs)
    return paragraph.runs


def number_line(head: Letterhead) -> str:
    """Return the number and symbol; room is left where no number was given yet.

    >>> import dataclasses
    >>> head = Letterhead("UBND TỈNH", "BAN CHỈ ĐẠO", 7, "BC-BCĐ", "Bắc Giang",
    ...     dt.date(2024, 1, 12), "BÁO CÁO", "Tổng kết", "TM. UBND TỈNH", "CHỦ TỊCH")
    >>> number_line(head), number_line(dataclasses.replace(head, number=0))
    ('Số: 07/BC-BCĐ', 'Số:      /BC-BCĐ')
    """
    return f"Số: {number(head)}"


def number(head: Letterhead) -> str:
    """Return the number and symbol alone, as other documents quote it."""
    digits = f"{head.number:02}" if head.number else " " * 5
    return f"{digits}/{head.symbol}"


def day_in_words(day: dt.date) -> str:
    """Return the date as letterheads write it: days under 10, months 1 and 2 padded.

    >>> day_in_words(dt.date(2024, 1, 5)), day_in_words(dt.date(2022, 6, 13))
    ('ngày 05 tháng 01 năm 2024', 'ngày 13 tháng 6 năm 2022')
    """
    month = f"{day.month:02}" if day.month < 3 else f"{day.month}"
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def place_line(head: Letterhead) -> str:
    """Return the place and date of the letterhead."""
    return f"{head.place}, {day_in_words(head.dated)}"


def title(head: Letterhead) -> str:
    """Return the document's title for its properties."""
    kind = head.kind.capitalize()
    return f"{kind} {head.subject}"


def recipients(head: Letterhead) -> tuple[str, ...]:
    """Return the lines under "Nơi nhận": each "- …;", last the archive's "- Lưu: …."

    >>> head = Letterhead("", "", 1, "", "", dt.date(2024, 1, 5), "", "", "", "",
    ...     recipients=("Bộ Công an", "Lưu: VT, PV01"))
    >>> recipients(head)
    ('- Bộ Công an;', '- Lưu: VT, PV01.')
    """
    stated = [line.strip().strip("-;. ") for line in head.recipients]
    archive = [line for line in stated if line.startswith("Lưu:")] or ["Lưu: VT"]
    others = [line for line in stated if not line.startswith("Lưu:")]
    return (*(f"- {line};" for line in others), f"- {archive[-1]}.")


def annexes(report: Report) -> Iterator[tuple[str, Annex]]:
    """Yield each annex with its heading, the one on provenance last when there is any.

    Roman numbers only where there are two or more, as the Decree says.
    """
    every = list(report.annexes)
    if report.figures:
        every.append(Annex(PROVENANCE, ()))
    for index, annex in enumerate(every):
        yield (f"Phụ lục {roman(index + 1)}" if len(every) > 1 else "Phụ lục"), annex


def issuing(head: Letterhead) -> str:
    """Return the issuing body as the head states it, not broken after its "VÀ"."""
    return head.issuing_body.upper().replace(" VÀ ", " VÀ\u00a0")


def attached_to(head: Letterhead) -> str:
    """Return the line that ties an annex to its document."""
    kind = head.kind.capitalize()
    day = day_in_words(head.dated)
    return f"(Kèm theo {kind} số {number(head)} {day} của {head.issuing_body})"


def column_shares(
    rows: Sequence[Sequence[str]], room: float = TEXT_WIDTH
) -> tuple[float, ...]:
    """Return how to divide `room` (mm) among columns: by their text, within limits.

    No column is narrower than its longest word. Short columns stay on one line as far
    as there is room; the others share what is left by their length, so that a column of
    sentences does not make its rows tall.

    >>> shares = column_shares([("TT", "Đơn vị"), ("1", "Huyện Lục Ngạn")])
    >>> [round(share, 2) for share in shares]  # 6 : 16
    [0.27, 0.73]
    """
    columns = list(zip(*rows, strict=True))
    longest = [max(map(len, column)) for column in columns]
    words = [_longest_word(column) for column in columns]
    for short in ONE_LINE:
        least = [
            max(long if long <= short else word, 4) + 2
            for long, word in zip(longest, words, strict=True)
        ]
        if sum(least) <= room / LETTER * MOST_TAKEN:
            break
    left = max(room / LETTER - sum(least), 0)
    wanting = [
        max(long + 2 - taken, 0) for long, taken in zip(longest, least, strict=True)
    ]
    each = left / (sum(wanting) or 1)
    weights = [taken + want * each for taken, want in zip(least, wanting, strict=True)]
    return tuple(weight / sum(weights) for weight in weights)


def _longest_word(column: Iterable[str]) -> int:
    """Return the letters of the longest part no line breaks; a dash may end one."""
    parts = (re.findall(r"[^\s–]+–?", text) for text in column)
    return max((len(part) for found in parts for part in found), default=0)


def roman(value: int) -> str:
    """Return a Roman number up to 39.

    >>> roman(4), roman(9), roman(14)
    ('IV', 'IX', 'XIV')
    """
    assert 1 <= value < 40, "no document has so many annexes"
    tens, ones = divmod(value, 10)
    units = ("", *ROMAN, "V", "VI", "VII", "VIII", "IX")
    return "X" * tens + units[ones]


def bold_width(text: str, size: float, room: float) -> float:
    """Return the width in millimetres of bold Times text, broken into lines of `room`.

    >>> round(bold_width("Độc lập - Tự do - Hạnh phúc", 13, 99))
    56
    """
    widest, line = 0.0, 0.0
    for word in re.split(r"(?<= )", text):
        width = sum(_BOLD.get(_letter(c), 500) for c in word) / 1000 * size
        width *= _MILLIMETRES_A_POINT
        if line + width > room and line:
            line = 0.0
        line += width
        widest = max(widest, line)
    return min(widest, room)


def _letter(character: str) -> str:
    """Strip the marks from a letter: they do not make it wider."""
    plain = unicodedata.normalize("NFD", character)[0]
    return {"Đ": "D", "đ": "d"}.get(plain, plain)
