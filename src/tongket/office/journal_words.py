"""How is what the log recorded told to a reader: which value changed, to what?"""

import re
from typing import Any

from django.utils.translation import gettext

from tongket.domain import commendations, remediation
from tongket.domain.access import Role
from tongket.domain.programme import WorkKind
from tongket.office import facts, speech
from tongket.records.models import Extension, OpenPeriod

_HASH = re.compile(r"[0-9a-f]{32,}")


def act_words(act: str) -> str:
    """Return an act in words; one that has none is shown by its name."""
    return {
        "accepted": gettext("Duyệt, nhận báo cáo"),
        "approved": gettext("Duyệt báo cáo, chuyển cấp trên"),
        "delegate": gettext("Ủy quyền duyệt báo cáo"),
        "delegate_end": gettext("Kết thúc ủy quyền duyệt"),
        "revise": gettext("Thay số liệu đã nhận bằng bản đính chính"),
        "taken_back": gettext("Rút lại báo cáo"),
        "withdrawn": gettext("Thu hồi việc duyệt báo cáo"),
        "assign_plan": gettext("Giao kế hoạch khắc phục"),
        "close_period": gettext("Khóa kỳ"),
        "comment": gettext("Ghi ý kiến về một ô"),
        "disable": gettext("Khóa tài khoản"),
        "enable": gettext("Mở lại tài khoản"),
        "end_role": gettext("Kết thúc vai trò"),
        "enrol": gettext("Cấp tài khoản, vai trò"),
        "examine": gettext("Kiểm tra báo cáo"),
        "extend": gettext("Gia hạn gửi báo cáo"),
        "finish_work": gettext("Hoàn thành công tác"),
        "freeze": gettext("Chốt số liệu"),
        "grant": gettext("Giao vai trò"),
        "invite": gettext("Mời dùng tài khoản"),
        "issue_key": gettext("Cấp khóa API"),
        "issue_link": gettext("Cấp liên kết dùng một lần"),
        "load_units": gettext("Nạp danh sách đơn vị"),
        "move_award": gettext("Chuyển bước khen thưởng"),
        "move_plan": gettext("Chuyển bước kế hoạch khắc phục"),
        "open_period": gettext("Mở kỳ"),
        "propose": gettext("Đề nghị khen thưởng"),
        "publish": gettext("Công bố"),
        "read": gettext("Tra cứu báo cáo của đơn vị khác"),
        "bulk_start": gettext("Bắt đầu duyệt hàng loạt"),
        "discard": gettext("Bỏ phần chưa gửi"),
        "drop_list": gettext("Bỏ danh sách chưa áp dụng"),
        "leave_mail": gettext("Để nguyên thư"),
        "receive": gettext("Tiếp nhận báo cáo"),
        "resend_mail": gettext("Gửi lại thư"),
        "rechain": gettext("Tính lại chuỗi nhật ký"),
        "add_factor": gettext("Bật xác thực hai bước"),
        "change_password": gettext("Đổi mật khẩu"),
        "remove_factor": gettext("Bỏ một cách xác thực hai bước"),
        "remove_factors": gettext("Gỡ xác thực hai bước"),
        "renew_factor": gettext("Tạo mã dự phòng mới"),
        "reopen_period": gettext("Mở lại kỳ"),
        "reorganise": gettext("Thay đổi danh sách đơn vị"),
        "reorganise_back": gettext("Hoàn tác thay đổi danh sách đơn vị"),
        "reorganise_unit": gettext("Thay đổi một đơn vị"),
        "revoke_key": gettext("Thu hồi khóa API"),
        "revoke_links": gettext("Thu hồi liên kết dùng một lần"),
        "score": gettext("Chấm điểm, xếp loại"),
        "sent_back": gettext("Trả lại báo cáo"),
        "set_work": gettext("Đặt công tác năm sau"),
        "sign_in": gettext("Đăng nhập"),
        "sign_in_failed": gettext("Đăng nhập không thành công"),
        "sign_out_everywhere": gettext("Đăng xuất mọi nơi"),
        "sign_report": gettext("Ký báo cáo"),
        "take_up": gettext("Nhận lời mời"),
        "type": gettext("Nhập số liệu"),
        "write_report": gettext("Viết báo cáo"),
    }.get(act, act)


def code_words() -> dict[str, str]:
    """Return what each code that the log holds says; bands are named by the packs."""
    bands = {
        band.key: speech.said(band)
        for edition in facts.pack().editions.values()
        for band in edition.bands
    }
    states = {**remediation.STATE_WORDS, **commendations.STATE_WORDS}
    return {
        **bands,
        **{str(state): gettext(words) for state, words in states.items()},
        OpenPeriod.State.OPEN: gettext("đang mở"),
        OpenPeriod.State.CLOSED: gettext("đã khóa"),
        Extension.Kind.DUE: gettext("gia hạn gửi"),
        Extension.Kind.LOCK: gettext("gửi sau khi khóa"),
        Role.REPORTER: gettext("cán bộ báo cáo"),
        Role.CLERK: gettext("cán bộ nhập liệu"),
        Role.REVIEWER: gettext("cán bộ kiểm tra"),
        Role.STANDING_OFFICE: gettext("cơ quan thường trực"),
        Role.COMMITTEE_MEMBER: gettext("ủy viên Ban Chỉ đạo"),
        Role.CHAIR: gettext("Trưởng Ban Chỉ đạo"),
        Role.EDITOR: gettext("biên tập viên"),
        WorkKind.OBJECTIVE: gettext("mục tiêu"),
        WorkKind.SOLUTION: gettext("giải pháp"),
        WorkKind.TASK: gettext("nhiệm vụ"),
        WorkKind.COORDINATION: gettext("phối hợp"),
    }


def page_words() -> dict[str, str]:
    """Return the name of each page that a reading of other units' returns records."""
    return {
        "audit": gettext("nhật ký"),
        "audit-verify": gettext("kiểm tra chuỗi nhật ký"),
        "board": gettext("bảng theo dõi"),
        "check": gettext("danh sách chờ duyệt"),
        "check-return": gettext("xét duyệt một báo cáo"),
        "collect-period": gettext("danh sách của kỳ"),
        "return": gettext("quá trình của báo cáo"),
        "return-compare": gettext("so sánh các lần gửi"),
        "return-entry": gettext("biểu nhập"),
        "return-workbook": gettext("biểu Excel"),
        "why": gettext("nguồn của số liệu"),
    }


def way_words() -> dict[str, str]:
    """Return the name of each way to sign in that a sign-in records."""
    return {
        "password": gettext("mật khẩu"),
        "totp": gettext("ứng dụng tạo mã"),
        "webauthn": gettext("khóa truy cập"),
        "recovery_codes": gettext("mã dự phòng"),
    }


def key_words() -> dict[str, str]:
    """Return the name of each value that an act records."""
    return {
        "committee": gettext("Ban Chỉ đạo"),
        "decision": gettext("quyết định"),
        "docx": "Word",
        "due_on": gettext("hạn gửi"),
        "edits": gettext("lần sửa"),
        "filter": gettext("điều kiện"),
        "hash": gettext("mã băm"),
        "hashes": gettext("mã băm"),
        "measure": gettext("chỉ tiêu"),
        "new": gettext("đơn vị mới"),
        "pack": gettext("gói dữ liệu"),
        "page": gettext("trang"),
        "pdf": "PDF",
        "post": gettext("chức danh"),
        "reason": gettext("lý do"),
        "name": gettext("tên"),
        "role": gettext("vai trò"),
        "scopes": gettext("quyền"),
        "sound": gettext("nguyên vẹn"),
        "state": gettext("trạng thái"),
        "kind": gettext("loại"),
        "count": gettext("số lần"),
        "how": gettext("bằng"),
        "end": gettext("đến hết ngày"),
        "start": gettext("từ ngày"),
        "unit": gettext("đơn vị"),
        "until": gettext("đến hết ngày"),
        "groups": gettext("nhóm"),
        "grown": gettext("đơn vị có thêm thay đổi"),
        "lineage": gettext("diễn biến"),
        "on": gettext("từ ngày"),
        "rows": gettext("số dòng"),
        "title": gettext("nội dung"),
        "units": gettext("số đơn vị"),
        "versions": gettext("các giai đoạn"),
        "version": gettext("bản"),
        "words": gettext("ý kiến"),
        "amendment": gettext("lý do đính chính"),
        "cells": gettext("lý do tại từng ô"),
        "giver": gettext("người ủy quyền"),
        "in_place_of": gettext("quyết định thay"),
        "on_behalf_of": gettext("thay mặt"),
        "rung": gettext("cấp duyệt"),
    }


def value_words(value: Any) -> str:
    """Return a recorded value in one line, "bản: 1; lý do: …", the empty left out."""
    names = {**key_words(), **page_words(), **way_words(), **code_words()}
    return _told(value, names)


def _told(value: Any, names: dict[str, str]) -> str:
    match value:
        case None:
            return ""
        case dict():
            told = (
                (names.get(key, key), _told(each, names)) for key, each in value.items()
            )
            return "; ".join(f"{name}: {words}" for name, words in told if words)
        case list():
            return ", ".join(_told(each, names) for each in value)
        case str() if _HASH.fullmatch(value):
            return f"{value[:12]}…"
    return names.get(str(value), str(value))
