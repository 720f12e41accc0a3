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


def key_words() -> dict[str, str]:
    """Return the name of each value that an act records."""
    return {
        "committee": gettext("Ban Chỉ đạo"),
        "decision": gettext("quyết định"),
        "docx": "Word",
        "due_on": gettext("hạn gửi"),
        "hash": gettext("mã băm"),
        "hashes": gettext("mã băm"),
        "measure": gettext("chỉ tiêu"),
        "new": gettext("đơn vị mới"),
        "pack": gettext("gói dữ liệu"),
        "pdf": "PDF",
        "post": gettext("chức danh"),
        "reason": gettext("lý do"),
        "name": gettext("tên"),
        "role": gettext("vai trò"),
        "scopes": gettext("quyền"),
        "state": gettext("trạng thái"),
        "kind": gettext("loại"),
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
    }


def value_words(value: Any) -> str:
    """Return a recorded value in one line, "bản: 1; lý do: …", the empty left out."""
    return _told(value, {**key_words(), **code_words()})


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
