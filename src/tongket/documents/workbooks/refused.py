"""What can be wrong with a workbook, and what is its sender to do about it?"""

from tongket.domain.figures import NotANumber
from tongket.domain.sentences import Refusal


class WorkbookRefused(Refusal, ValueError):
    """Something in a workbook that cannot be taken over as it stands."""


class NotAWorkbook(WorkbookRefused):
    """The file is no .xlsx, or is damaged."""

    words = (
        "Tệp không phải bảng tính Excel (.xlsx) hoặc bị hỏng; mở bằng Excel, lưu lại "
        "dạng .xlsx rồi gửi."
    )


class Encrypted(WorkbookRefused):
    """The file can be opened with a password only."""

    words = (
        "Tệp có mật khẩu nên không đọc được; mở tệp, bỏ mật khẩu, lưu lại dạng .xlsx "
        "rồi gửi."
    )


class OtherProgram(WorkbookRefused):
    """Another kind of spreadsheet: its faulty formulas cannot be told from blanks."""

    words = (
        "Tệp ở dạng {kind}; mở tệp, chọn “Lưu thành” dạng Excel (.xlsx) rồi gửi tệp "
        ".xlsx đó."
    )


class TooLarge(WorkbookRefused):
    """The file unpacks to more than any return can need."""

    words = (
        "Tệp bảng tính quá lớn ({megabytes} MB sau khi giải nén, tối đa {most} MB); "
        "dùng lại biểu nhập của hệ thống và chỉ gửi một biểu."
    )


class StrayCell(WorkbookRefused):
    """Something stands so far away that the sheet would fill the memory."""

    words = (
        "Trang “{sheet}”, ô {place}: có nội dung nằm quá xa bảng; xóa ô đó, hoặc tải "
        "lại biểu mẫu rồi nhập lại số liệu."
    )


class NotOurForm(WorkbookRefused):
    """No sheet has the hidden row that tells form, unit and period."""

    words = (
        "Tệp không có trang nào là biểu mẫu của hệ thống (các trang: {found}); tải "
        "biểu mẫu của đơn vị rồi nhập số liệu vào đó."
    )


class IdentityBroken(WorkbookRefused):
    """The hidden row that tells form, unit and period was changed, or is an old one."""

    words = (
        "Trang “{sheet}”, dòng {row}: dòng nhận dạng biểu mẫu bị sửa hoặc của bản cũ; "
        "tải lại biểu mẫu của đơn vị rồi nhập lại số liệu."
    )


class WrongHeading(WorkbookRefused):
    """A column that is needed is nowhere."""

    words = (
        "Trang “{sheet}”: không tìm thấy cột “{expected}”; không xóa hoặc sửa tên cột, "
        "hãy tải lại biểu mẫu."
    )


class HeadingTwice(WorkbookRefused):
    """Two columns have one heading."""

    words = (
        "Trang “{sheet}”, ô {place}: cột “{found}” đã có ở ô {first}; chỉ giữ lại một."
    )


class SheetTwice(WorkbookRefused):
    """Two sheets of one workbook are the same unit's, and say different things."""

    words = (
        "Trang “{first}” và trang “{sheet}” cùng đơn vị và biểu nhưng khác nhau ở ô "
        "{places}; chỉ giữ lại một trang, hoặc sửa cho hai trang giống nhau."
    )


class OtherForm(WorkbookRefused):
    """The workbook was made for another form."""

    words = (
        "Trang “{sheet}”: tệp là biểu “{found}”, đang nhận “{expected}”; tải đúng biểu "
        "mẫu rồi nhập lại."
    )


class OtherEdition(WorkbookRefused):
    """The workbook was made for another edition of the form."""

    words = (
        "Trang “{sheet}”: biểu “{found}” trong tệp là bản khác với bản đang nhận; tải "
        "biểu mẫu hiện hành rồi nhập lại số liệu."
    )


class OtherPeriod(WorkbookRefused):
    """The workbook was made for another period."""

    words = (
        "Trang “{sheet}”: tệp của kỳ {found}, đang nhận kỳ {expected}; chọn đúng kỳ "
        "khi gửi hoặc tải lại biểu mẫu."
    )


class MergedCells(WorkbookRefused):
    """The cell of an answer was merged with others, which hides what they held."""

    words = (
        "Trang “{sheet}”, ô {place} ({subject}): ô bị gộp ({range}); bỏ gộp ô "
        "(Unmerge) rồi nhập lại số liệu."
    )


class UnitNotListed(WorkbookRefused):
    """No unit of the day has this key, code or name."""

    words = (
        "Trang “{sheet}”, dòng {row}: không có đơn vị “{unit}” vào ngày {day}; kiểm "
        "tra mã hoặc tên đơn vị."
    )


class UnitOfOtherKind(WorkbookRefused):
    """The unit exists, but does not fill in this form."""

    words = (
        "Trang “{sheet}”, dòng {row}: {unit} không thuộc loại đơn vị nhập biểu "
        "“{form}”; bỏ dòng này hoặc dùng đúng biểu mẫu."
    )


class SeveralUnits(WorkbookRefused):
    """Several units have this name."""

    words = (
        "Trang “{sheet}”, dòng {row}: có {count} đơn vị tên “{unit}” ({codes}); ghi mã "
        "đơn vị vào cột “Mã đơn vị”."
    )


class UnitTwice(WorkbookRefused):
    """A unit stands in two rows of a list."""

    words = (
        "Trang “{sheet}”, dòng {row}: {unit} đã có ở dòng {first}; chỉ giữ lại một "
        "dòng."
    )


class UnitMoved(WorkbookRefused):
    """The name in a row of a list is not that of the row's key."""

    words = (
        "Trang “{sheet}”, dòng {row}: ghi “{found}” nhưng dòng này là của {expected}; "
        "không đổi chỗ dòng hoặc sửa tên đơn vị, hãy tải lại biểu mẫu."
    )


class UnknownMeasure(WorkbookRefused):
    """A row that the form does not have."""

    words = (
        "Trang “{sheet}”, dòng {row}: chỉ tiêu “{measure}” không có trong biểu mẫu; bỏ "
        "dòng này hoặc tải lại biểu mẫu."
    )


class MeasureMoved(WorkbookRefused):
    """The label of a row is not that of its key: rows were sorted or retyped."""

    words = (
        "Trang “{sheet}”, dòng {row}, cột “Chỉ tiêu”: ghi “{found}”, biểu mẫu ở dòng "
        "này là “{expected}”; không đổi chỗ hoặc sửa tên chỉ tiêu, hãy tải lại biểu "
        "mẫu."
    )


class MeasureTwice(WorkbookRefused):
    """A measure stands in two rows or columns."""

    words = (
        "Trang “{sheet}”, ô {place}: chỉ tiêu “{measure}” đã có ở ô {first}; chỉ giữ "
        "lại một."
    )


class MeasureGone(WorkbookRefused):
    """A measure of the form is nowhere in the sheet."""

    words = (
        "Trang “{sheet}”: thiếu chỉ tiêu “{measure}”; tải lại biểu mẫu, không xóa dòng "
        "hoặc cột."
    )


class CellRefused(WorkbookRefused):
    """What stands in a cell is no answer; `reason` says why and what to write."""

    words = "Trang “{sheet}”, ô {place} ({subject}): {reason}"


class DateInCell(NotANumber):
    """Excel made a date of what was typed, e.g. of 1.5 or 3-4."""

    words = (
        "“{text}” là ngày tháng hoặc giờ, không phải số: Excel đã tự đổi số vừa gõ; "
        "đổi định dạng ô thành “Số” (Number) rồi gõ lại con số."
    )


class PercentInCell(NotANumber):
    """The cell shows a percentage where something is counted."""

    words = (
        "Ô đang định dạng phần trăm ({text}%) nhưng chỉ tiêu tính bằng {unit}; đổi "
        "định dạng ô thành “Số” (Number) rồi gõ lại con số."
    )


class NotCalculated(NotANumber):
    """A formula that no program has worked out yet."""

    words = (
        "Công thức chưa được tính; mở tệp bằng Excel rồi lưu lại, hoặc thay bằng con "
        "số."
    )


class NoUnitColumn(WorkbookRefused):
    """A list has no column that says which unit a row is for."""

    words = (
        "Trang “{sheet}”: không tìm thấy dòng tiêu đề có cột “Mã đơn vị” hoặc “Tên đơn "
        "vị”; thêm cột đó hoặc tải mẫu danh sách."
    )


class UnknownColumn(WorkbookRefused):
    """A list has a column that is no measure of the form."""

    words = (
        "Trang “{sheet}”, ô {place}: cột “{found}” không phải chỉ tiêu của biểu mẫu; "
        "sửa tên cột theo biểu mẫu hoặc bỏ cột."
    )
