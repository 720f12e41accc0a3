"""Where does everything stand in the workbook of a return?

Rows and columns are counted from 0, as XlsxWriter and calamine count them; `place`
turns them into what a person sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tongket.domain.figures import Cell, State, shown

SHEET = "Biểu nhập"
LIST_SHEET = "Danh sách"
HELP_SHEET = "Hướng dẫn"

MACHINE_ROW = 0  # hidden: what the file is, form, unit, period
TITLE_ROW, UNIT_ROW, PERIOD_ROW, HINT_ROW = 1, 2, 3, 4
HEADER_ROW = 6
FIRST_ROW = 7
SIGNATURE = "tongket/1"

NUMBER, LABEL, MEASURE_UNIT, VALUE, PREVIOUS, SAME_PERIOD, KEY = range(7)
HEADINGS = (
    "STT",
    "Chỉ tiêu",
    "Đơn vị tính",
    "Kỳ này",
    "Kỳ trước",
    "Cùng kỳ năm trước",
)

NOTHING = {State.NIL: "-", State.NOT_APPLICABLE: "x", State.MISSING: ""}
_SIGNS = (
    "Không phát sinh: “-”; không thuộc đối tượng: “x”; chưa có số liệu: để trống; đã "
    "kiểm đếm và bằng không: 0."
)
HINT = f"Nhập số vào cột “Kỳ này”. {_SIGNS}"
LIST_HINT = f"Mỗi đơn vị một dòng, mỗi chỉ tiêu một cột. {_SIGNS}"
HELP = (
    ("Có số liệu", "Nhập số. Hàng nghìn dùng dấu chấm, phần thập phân dùng dấu phẩy."),
    ("0", "Đã kiểm đếm, kết quả bằng không."),
    ("-", "Không phát sinh trong kỳ."),
    ("x", "Đơn vị không thuộc đối tượng của chỉ tiêu này."),
    ("(để trống)", "Chưa có số liệu; đơn vị còn phải bổ sung."),
    ("Lưu ý", "Không thêm, bớt, đổi chỗ dòng và cột; không sửa tên chỉ tiêu."),
    ("", "Chỉ cột “Kỳ này” được nhập; các cột khác để đối chiếu."),
    ("", "Nhập giá trị, không để lại công thức nối sang tệp khác."),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One return as it stood in a workbook; every measure of the form has a cell."""

    unit: str
    form: str
    period: str
    cells: Mapping[str, Cell]


def place(row: int, column: int) -> str:
    """Return the address of a cell.

    >>> place(7, 3), place(0, 27)
    ('D8', 'AB1')
    """
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def content(cell: Cell) -> float | str:
    """Return what to put into a spreadsheet for a cell.

    Spreadsheets keep 15 digits; a longer number goes in as text, so that none is lost.

    >>> from tongket.domain.figures import NIL, reported
    >>> content(NIL), content(reported("6.23")), content(reported("12345678901234567"))
    ('-', 6.23, '12.345.678.901.234.567')
    """
    if cell.value is None:
        return NOTHING[cell.state]
    number = float(cell.value)
    if Decimal(f"{number:.15g}") == cell.value:
        return number
    return shown(cell.value)


def number_format(decimals: int) -> str:
    """Return how Excel shows a number with this many decimals."""
    return "#,##0" + ("." + "0" * decimals if decimals else "")
