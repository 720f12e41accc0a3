"""What can be wrong with a pack, and how is each fault said in one sentence?

Every sentence names the file, the line, the key and what to do; a pack is read to its
end, so that all faults can be mended at once.
"""

from tongket.domain.sentences import Refusal


class PackRefused(Refusal, ValueError):
    """A pack that cannot be used."""


class FolderMissing(PackRefused):
    """There is no such folder, or it holds no pack.yaml."""

    words = (
        "Gói dữ liệu {folder}: không có tệp {file}; kiểm tra lại đường dẫn hoặc bổ "
        "sung tệp."
    )


class FactMissing(PackRefused):
    """Something every pack must state is in none of its files."""

    words = "Gói dữ liệu {pack}: chưa có khóa “{key}”; bổ sung vào tệp {file}."


class FileUnknown(PackRefused):
    """A file that no part of the loader reads would be ignored without a word."""

    words = "{file}: gói dữ liệu không dùng tệp có tên này; đổi tên tệp hoặc bỏ đi."


class NotReadable(PackRefused):
    """The text is no YAML, or not one document of text."""

    words = "{file}, dòng {line}: không đọc được tệp; sửa lỗi viết ở gần dòng này."


class KeyTwice(PackRefused):
    """One key stands twice in a mapping; YAML would keep the last in silence."""

    words = "{file}, dòng {line}: khóa “{key}” xuất hiện hai lần; giữ lại một."


class AliasUsed(PackRefused):
    """A fact that stands elsewhere; a pack is read line by line by people."""

    words = (
        "{file}, dòng {line}: không dùng tham chiếu “*{key}”; viết đầy đủ nội dung tại "
        "đây."
    )


class UnknownKey(PackRefused):
    """A key that nothing reads."""

    words = "{file}, dòng {line}: không có khóa “{key}”; dùng một trong: {known}."


class MissingKey(PackRefused):
    """A key that must be there."""

    words = "{file}, dòng {line}: thiếu khóa “{key}”; bổ sung giá trị."


class Undated(PackRefused):
    """A fact without the day it starts, or the day it was last checked."""

    words = (
        "{file}, dòng {line}: thiếu ngày (khóa “{key}”); ghi ngày theo mẫu 2024-01-31."
    )


class Unsourced(PackRefused):
    """A fact without an instrument."""

    words = (
        "{file}, dòng {line}: thiếu căn cứ (khóa “{key}”); ghi văn bản, điều khoản và "
        "mức xác minh C, P, R hoặc D."
    )


class WrongShape(PackRefused):
    """Text where a list or mapping should be, or the reverse."""

    words = "{file}, dòng {line}: khóa “{key}” phải là {shape}; viết lại theo mẫu."


class NotNumber(PackRefused):
    """Text that is no number, or not a whole one."""

    words = (
        "{file}, dòng {line}: khóa “{key}” nhận một con số, không nhận “{text}”; viết "
        "số thập phân với dấu chấm."
    )


class NotDay(PackRefused):
    """Text that is no day."""

    words = (
        "{file}, dòng {line}: khóa “{key}” nhận một ngày, không nhận “{text}”; viết "
        "theo mẫu {example}."
    )


class NotChoice(PackRefused):
    """A word that is none of those allowed."""

    words = (
        "{file}, dòng {line}: khóa “{key}” không nhận “{text}”; dùng một trong: "
        "{known}."
    )


class UnknownName(PackRefused):
    """The name of something that no file of the packs defines."""

    words = (
        "{file}, dòng {line}: khóa “{key}” nhắc đến {what} “{name}” chưa có trong gói "
        "dữ liệu; sửa tên hoặc bổ sung."
    )


class DefinedTwice(PackRefused):
    """Two files, or two rows, define one key; nothing is overridden in silence."""

    words = (
        "{file}, dòng {line}: {what} “{key}” đã có tại {other}; đổi khóa hoặc giữ lại "
        "một."
    )


class OutOfOrder(PackRefused):
    """Dated values or spans that run backwards."""

    words = (
        "{file}, dòng {line}: khóa “{key}” không theo thứ tự thời gian; xếp từ ngày cũ "
        "đến ngày mới, mỗi ngày một giá trị."
    )


class ReadsDifferently(PackRefused):
    """Two forms define one measure in two ways, so that it cannot be added up."""

    words = (
        "{file}, dòng {line}: chỉ tiêu “{key}” đã được định nghĩa khác tại {other}; "
        "viết giống nhau hoặc đổi khóa."
    )


class SumsItself(PackRefused):
    """Forms that sum one another up in a circle."""

    words = (
        "{file}, dòng {line}: các biểu tổng hợp lẫn nhau ({chain}); sửa khóa "
        "summarises."
    )


class TwoRegimes(PackRefused):
    """An indicator whose measures are collected in windows that never meet."""

    words = (
        "{file}, dòng {line}: chỉ tiêu “{key}” dùng số liệu của các chế độ báo cáo "
        "khác nhau ({regimes}); chỉ ghép số liệu cùng một quy tắc kỳ."
    )


class NobodySends(PackRefused):
    """A check that reads a form which no unit held to it fills in."""

    words = (
        "{file}, dòng {line}: quy tắc “{key}” đọc biểu “{form}” mà không đơn vị nào "
        "gửi cùng với biểu của quy tắc; chọn biểu khác hoặc cấp dưới (level: below)."
    )


class NothingOwn(PackRefused):
    """A check in which no cell of the return itself stands: nobody could mend it."""

    words = (
        "{file}, dòng {line}: quy tắc “{key}” không có chỉ tiêu nào của chính biểu "
        "“{form}” trong kỳ; thêm chỉ tiêu mà đơn vị có thể sửa."
    )


class FormsApart(PackRefused):
    """A check that reads a form which is not collected in the same windows."""

    words = (
        "{file}, dòng {line}: quy tắc “{key}” đọc biểu “{form}” không thu theo những "
        "kỳ ghép thành kỳ của quy tắc; chọn biểu cùng quy tắc kỳ, cùng độ dài hoặc "
        "ngắn hơn."
    )


class Excluded(PackRefused):
    """Content that the system never stores and never scores."""

    words = (
        "{file}, dòng {line}: “{text}” chạm đến nội dung hệ thống không lưu và không "
        "chấm điểm (“{topic}”); bỏ dòng này khỏi gói dữ liệu."
    )


class TypedNumber(PackRefused):
    """A template that states a figure by hand."""

    words = (
        "{file}, dòng {line}: mẫu văn bản có con số viết tay “{text}”; thay bằng ô "
        "{example}."
    )


class LadderDescends(PackRefused):
    """Rungs that do not lead upwards."""

    words = (
        "{file}, dòng {line}: các cấp duyệt “{by}” không đi từ cấp thấp lên cấp cao; "
        "xếp lại khóa by."
    )


class NoLadder(PackRefused):
    """A kind of unit that owes returns on which nobody decides."""

    words = (
        "{file}, dòng {line}: “{sender}” phải gửi báo cáo nhưng chưa có cấp duyệt; bổ "
        "sung vào ladder.yaml."
    )


class NotShare(PackRefused):
    """Text that is no part of a whole."""

    words = (
        "{file}, dòng {line}: cột share nhận một tỷ lệ lớn hơn 0 và không quá 1, không "
        "nhận “{text}”; viết dạng 1/3 hoặc 0.25, để trống nếu chưa rõ."
    )


class WrongHeading(PackRefused):
    """The first row of a list of units is not the agreed one."""

    words = "{file}, dòng 1: tiêu đề cột phải là “{heading}”; sửa dòng tiêu đề."


class WrongWidth(PackRefused):
    """A row with too few or too many cells."""

    words = (
        "{file}, dòng {line}: có {count} ô, phải có {expected}; kiểm tra dấu phẩy và "
        "dấu ngoặc kép."
    )


class InFile(PackRefused):
    """A rule of the domain, refused, with the place it was read."""

    words = "{file}, dòng {line}: {sentence}"


class NoEdition(Refusal, LookupError):
    """No set of criteria for a kind of unit and year."""

    words = (
        "Chưa có bộ tiêu chí cho {kind} năm {year}; bổ sung tệp criteria vào gói dữ "
        "liệu trước khi chấm điểm."
    )


class TwoEditions(Refusal, LookupError):
    """More than one set of criteria for a kind of unit and year."""

    words = (
        "Có nhiều bộ tiêu chí cho {kind} năm {year} ({editions}); chỉ để một bộ áp "
        "dụng cho mỗi năm (khóa years)."
    )
