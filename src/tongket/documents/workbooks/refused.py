"""What can be wrong with a workbook, and what is its sender to do about it?"""

from tongket.domain.sentences import Refusal


class WorkbookRefused(Refusal, ValueError):
    """Something in a workbook that cannot be taken over as it stands."""


class NotAWorkbook(WorkbookRefused):
    """The file is no .xlsx, or is damaged or locked by a password."""

    words = (
        "Tệp không phải bảng tính Excel (.xlsx), bị hỏng hoặc có mật khẩu; mở bằng "
        "Excel, bỏ mật khẩu, lưu lại dạng .xlsx rồi gửi."
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


class NoSheet(WorkbookRefused):
    """The sheet that is read does not exist."""

    words = (
        "Tệp không có trang “{sheet}” (chỉ có: {found}); tải lại biểu mẫu và nhập vào "
        "trang đó, không đổi tên trang."
    )


class WrongHeading(WorkbookRefused):
    """A heading is not what the form has in this place."""

    words = (
        "Trang “{sheet}”, ô {place}: tiêu đề cột là “{found}”, phải là “{expected}”; "
        "không thêm, bớt hoặc đổi chỗ cột, hãy tải lại biểu mẫu."
    )


class NotOurForm(WorkbookRefused):
    """The hidden row that tells form, unit and period is gone."""

    words = (
        "Trang “{sheet}”, dòng 1: không còn dòng nhận dạng biểu mẫu; tải lại biểu mẫu "
        "của đơn vị rồi nhập lại số liệu."
    )


class OtherForm(WorkbookRefused):
    """The workbook was made for another form or edition."""

    words = (
        "Trang “{sheet}”, dòng 1: biểu mẫu “{found}” không phải biểu đang nhận "
        "“{expected}”; tải biểu mẫu hiện hành."
    )


class OtherPeriod(WorkbookRefused):
    """The workbook was made for another period."""

    words = (
        "Trang “{sheet}”, dòng 1: tệp của kỳ “{found}”, đang nhận kỳ {expected}; chọn "
        "đúng kỳ khi gửi hoặc tải lại biểu mẫu."
    )


class UnitNotListed(WorkbookRefused):
    """No unit of the day has this key, code or name."""

    words = (
        "Trang “{sheet}”, dòng {row}: không có đơn vị “{unit}” vào ngày "
        "{day:%d/%m/%Y}; kiểm tra mã hoặc tên đơn vị."
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

    words = "Trang “{sheet}”, dòng {row}, cột “{column}” ({subject}): {reason}"


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
