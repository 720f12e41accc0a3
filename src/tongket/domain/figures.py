"""One reported number ("số liệu") and the four kinds of nothing.

A zero, "nothing arose" ("không phát sinh"), "not yet reported" ("chưa báo cáo") and
"not applicable" ("không thuộc đối tượng") are four different answers and stay apart
everywhere: the first two count as nought, the third makes a total incomplete, the
fourth takes the unit out of it.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tongket.domain.sentences import Refusal


class State(StrEnum):
    """What stands in a cell."""

    REPORTED = "REPORTED"
    NIL = "NIL"
    MISSING = "MISSING"
    NOT_APPLICABLE = "NOT_APPLICABLE"


@dataclass(frozen=True, slots=True)
class Cell:
    """The content of one cell: a number, or one of the other three kinds of nothing."""

    state: State
    value: Decimal | None = None

    def __post_init__(self) -> None:
        has_value = self.value is not None
        assert has_value == (self.state is State.REPORTED), "only a report has a value"

    @property
    def counted(self) -> Decimal | None:
        """What the cell adds to a total; None when it says nothing about it.

        >>> NIL.counted, MISSING.counted, reported(7).counted
        (Decimal('0'), None, Decimal('7'))
        """
        return Decimal(0) if self.state is State.NIL else self.value


NIL = Cell(State.NIL)
MISSING = Cell(State.MISSING)
NOT_APPLICABLE = Cell(State.NOT_APPLICABLE)


def reported(value: Decimal | int | str) -> Cell:
    """Return the cell that holds `value`."""
    return Cell(State.REPORTED, Decimal(value))


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell with its place: which unit, which measure, which period."""

    unit: str
    measure: str
    period: str
    cell: Cell


class NotANumber(Refusal, ValueError):
    """The text of a cell is no number."""

    words = (
        "“{text}” không phải là số; nhập số (ví dụ 1.554 hoặc 6,23), “-” nếu không "
        "phát sinh, “x” nếu không thuộc đối tượng, để trống nếu chưa có số liệu."
    )


class FormulaError(NotANumber):
    """The cell holds the error of a spreadsheet formula."""

    words = "Công thức bị lỗi ({text}); thay bằng con số."


class Ambiguous(NotANumber):
    """A comma before three digits could be a decimal or a thousands mark."""

    words = (
        "“{text}” có thể hiểu hai cách; dùng dấu chấm cho hàng nghìn, dấu phẩy cho "
        "phần thập phân (số này chỉ nhận {decimals} chữ số thập phân)."
    )


class TooManyDecimals(NotANumber):
    """More decimals than the measure takes."""

    words = (
        "“{text}”: chỉ tiêu này lấy {decimals} chữ số thập phân; làm tròn trước khi "
        "nhập."
    )


class Negative(NotANumber):
    """A count below nought."""

    words = "“{text}” là số âm; số liệu báo cáo không được âm."


class TooLarge(NotANumber):
    """More digits than any count or sum of money of a province has."""

    words = "“{text}” quá lớn; kiểm tra lại số chữ số và đơn vị tính."


LARGEST = Decimal(10) ** 15  # a thousand times a province's yearly damage in VND

# No group of thousands begins with nought: 0.125 is no way to write 125.
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:[.\s]\d{3})+(?:,\d+)?")
_TWO_WAYS = re.compile(r"-?[1-9]\d{0,2},\d{3}")
_PLAIN = re.compile(r"-?\d+(?:,\d+)?")
_NIL = {"-", "–", "—", "kps", "không phát sinh", "không"}
_NOT_APPLICABLE = {"x", "kth", "không thuộc đối tượng", "n/a"}


def shown(value: Decimal) -> str:
    """Return the number as an official types it, so that `read_cell` reads it back.

    >>> shown(Decimal("1554.5"))
    '1.554,5'
    """
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))


def read_cell(text: str, decimals: int = 0) -> Cell:
    """Return what an official meant by the text of a cell, or refuse it in a sentence.

    >>> read_cell("1.554").value, read_cell("6,23", 2).value
    (Decimal('1554'), Decimal('6.23'))
    >>> read_cell("").state.name, read_cell("-").state.name, read_cell("0").state.name
    ('MISSING', 'NIL', 'REPORTED')
    >>> read_cell("1,554")
    Traceback (most recent call last):
    tongket.domain.figures.Ambiguous: “1,554” có thể hiểu hai cách; ...
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if not plain:
        return MISSING
    if plain.casefold() in _NIL:
        return NIL
    if plain.casefold() in _NOT_APPLICABLE:
        return NOT_APPLICABLE
    if plain.startswith("#"):
        raise FormulaError(text=plain)
    # Also where the decimals are noughts: “1,000” may be a thousand.
    if _TWO_WAYS.fullmatch(plain) and decimals < 3:
        raise Ambiguous(text=plain, decimals=decimals)
    if _THOUSANDS.fullmatch(plain):
        number = re.sub(r"[.\s]", "", plain).replace(",", ".")
    elif _PLAIN.fullmatch(plain):
        number = plain.replace(",", ".")
    else:
        raise NotANumber(text=plain)
    return checked(Decimal(number), decimals, plain)


def checked(value: Decimal, decimals: int, text: str | None = None) -> Cell:
    """Return the cell for a number, refused when negative or too finely stated."""
    said = text or shown(value)
    if value < 0:
        raise Negative(text=said)
    if value >= LARGEST:
        raise TooLarge(text=said)
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int), "spreadsheets hold no infinities"
    if -exponent > decimals:
        raise TooManyDecimals(text=said, decimals=decimals)
    # The magnitude, so that “-0” is nought.
    return reported(abs(value.quantize(Decimal(1).scaleb(-decimals))))
