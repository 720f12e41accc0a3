"""Where does everything stand in the workbooks of returns?

Rows and columns are counted from 0, as XlsxWriter and calamine count them; `place`
turns them into what a person sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tongket.domain.figures import Cell, State, shown

SHEET = "Biểu nhập"
LIST_SHEET = "Danh sách"
PREVIOUS_SHEET, SAME_PERIOD_SHEET = "Kỳ trước", "Cùng kỳ năm trước"
HELP_SHEET = "Hướng dẫn"

MACHINE_ROW = 0  # hidden: what the sheet is, form, unit, period (`identity`)
TITLE_ROW, UNIT_ROW, PERIOD_ROW, HINT_ROW = 1, 2, 3, 4
HEADER_ROW = 6
FIRST_ROW = 7

(
    NUMBER,
    LABEL,
    MEASURE_UNIT,
    VALUE,
    PREVIOUS,
    SAME_PERIOD,
    EXPLANATION,
    KEY,  # hidden: the key of the measure
    REMEDY,  # what `marking` writes beside a wrong cell
) = range(9)
HEADINGS = (
    "STT",
    "Chỉ tiêu",
    "Đơn vị tính",
    "Kỳ này",
    "Kỳ trước",
    "Cùng kỳ năm trước",
    "Giải trình",
    "Mã chỉ tiêu",
    "Cần sửa",
)

CODE, NAME = "Mã đơn vị", "Tên đơn vị"
LIST_KEYS_ROW = 3  # hidden: the key of the measure in each column
LIST_SECTION_ROW, LIST_HEADER, LIST_UNIT_ROW, LIST_FIRST = 4, 5, 6, 7
LIST_NUMBER, LIST_CODE, LIST_NAME, LIST_KEY, LIST_SEEN, LIST_BESIDE = range(6)

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
    ("Có/không", "Chọn 1 nếu có, 0 nếu không."),
    ("Ô đỏ", "Số liệu chưa khớp với chỉ tiêu khác; xem lời nhắc khi chọn ô."),
    ("Lưu ý", "Không thêm, bớt, đổi chỗ dòng và cột; không sửa tên chỉ tiêu."),
    ("", "Chỉ các ô nền vàng được nhập; các ô khác để đối chiếu."),
    ("", "Nhập giá trị, không để lại công thức nối sang tệp khác."),
    ("", "Lưu tệp ở dạng Excel (.xlsx), không đặt mật khẩu, rồi tải lên hệ thống."),
    ("", "Tệp được trả lại có ô đỏ và cột “Cần sửa”: sửa ngay trong tệp rồi nộp lại."),
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
