"""What does the page of the entry grid need: scripts, their words, the units beside?

Sentences with {gaps} are filled in the browser.
"""

from typing import Any

from django.utils.translation import gettext

from tongket.office import neighbours, sheets
from tongket.office.entrance import Actor
from tongket.office.returns import Place

# Fetched together, so that one script need not arrive before the next is asked for.
PARTS = (
    *("numbers", "words", "cells", "queue", "undo", "block", "clipboard", "moving"),
    *("boxes", "marks", "clashes", "others", "story", "tools", "send", "offline"),
)


def context(actor: Actor, place: Place) -> dict[str, Any]:
    """Return what the grid's templates read beside the sheet itself."""
    previous, same = sheets.beside(place)
    return {
        "columns": 4 + (previous != same) + bool(place.form.summarises),
        "grid_parts": [f"office/grid-{part}.js" for part in PARTS],
        "grid_words": words(),
        "beside_units": neighbours.of(actor, place),
    }


def words() -> dict[str, str]:
    """Return the sentences by the names that the grid's scripts know them by."""
    return {**_states(), **_status(), **_actions(), **_sending(), **_story()}


def _states() -> dict[str, str]:
    """What stands at a single cell."""
    return {
        "state_saving": gettext("Đang lưu"),
        "state_saved": gettext("Đã lưu"),
        "state_waiting": gettext("Chờ mạng"),
        "state_clash": gettext("Trùng với người khác"),
        "state_wrong": gettext("Chưa đúng, chưa lưu"),
        "state_other": gettext("Người khác vừa sửa"),
        "MUST_FIX": gettext("Phải sửa"),
        "MUST_EXPLAIN": gettext("Phải giải trình"),
        "NOTE": gettext("Lưu ý"),
        "explain": gettext("Giải trình dòng {number}"),
        "words": gettext("Giải trình"),
        "adds_up": gettext("Cộng cơ cấu: {sum}"),
        "summed": gettext("lệch {difference}"),
        "blank": gettext("(để trống)"),
        "you": gettext("Bạn vừa nhập"),
        "typed_here": gettext("Đã nhập trên trang, chưa gửi"),
        "by_at": gettext("{by}, {at}"),
    }


def _status() -> dict[str, str]:
    """The one line that says whether everything is safe."""
    return {
        "saving": gettext("Đang lưu…"),
        "saved": gettext("Đã lưu lúc {time}."),
        "line": gettext(
            "Mất kết nối: {count} ô chờ gửi, đã giữ trên máy này; sẽ tự gửi khi có "
            "mạng."
        ),
        "away": gettext(
            "Mất kết nối: đang xem bản lưu trên máy này; cứ nhập tiếp, sẽ tự gửi khi "
            "có mạng."
        ),
        "session": gettext("{count} ô chờ gửi. {reason}"),
        "session_over": gettext(
            "Phiên làm việc đã hết; đăng nhập lại ở thẻ mới rồi quay về trang này."
        ),
        "held": gettext("{count} ô chưa được nhận, vẫn giữ trên máy này."),
        "clashes": gettext("{count} ô trùng với người khác; chọn giá trị đúng."),
        "refusals": gettext("{count} ô chưa đúng, chưa được lưu."),
        "unstored": gettext(
            "Trình duyệt không cho lưu tạm: chờ lưu xong rồi mới rời trang."
        ),
        "restored": gettext("Đã khôi phục {count} ô chưa gửi từ lần trước."),
        "prefilled": gettext("Đã điền sẵn {count} ô bằng số tổng hợp từ cấp dưới."),
        "newer": gettext(
            "Báo cáo vừa được gửi lần {number} ở nơi khác; các ô trên trang đã theo "
            "lần gửi đó."
        ),
        "others": gettext("Người khác vừa sửa {count} ô."),
        "elsewhere": gettext("Mở báo cáo còn {count} ô chưa gửi"),
    }


def _actions() -> dict[str, str]:
    """What the person just did."""
    return {
        "copied": gettext("Đã chép {count} dòng."),
        "pasted": gettext("Đã dán {count} ô."),
        "left": gettext("{count} dòng thừa không có ô để dán."),
        "undone": gettext("Đã hoàn tác {count} ô."),
        "redone": gettext("Đã làm lại {count} ô."),
        "undo_left": gettext("{count} ô đã được người khác sửa, giữ nguyên."),
        "nothing_to_undo": gettext("Không có gì để hoàn tác."),
        "nothing_to_redo": gettext("Không có gì để làm lại."),
        "doubts": gettext("Cần xem: {count}"),
        "how_far": gettext("{filled}/{all} ô"),
    }


def _sending() -> dict[str, str]:
    """What is said before a return is sent."""
    return {
        "checking": gettext("Đang kiểm tra trước khi gửi…"),
        "unsent": gettext(
            "Chưa gửi được vì mất kết nối; số liệu vẫn được giữ, gửi lại khi có mạng."
        ),
        "unsent_session": gettext(
            "Chưa gửi được vì phiên làm việc đã hết; đăng nhập lại rồi gửi."
        ),
        "send_filled": gettext("Đã nhập {filled}/{all} ô."),
        "send_blank": gettext("{count} ô còn trống."),
        "send_fix": gettext("{count} nội dung phải sửa trước khi được duyệt."),
        "send_explain": gettext("{count} nội dung chưa có giải trình."),
    }


def _story() -> dict[str, str]:
    """The history of one cell, and what is said about it."""
    return {
        "story_version": gettext("Gửi lần {number}: {text}"),
        "story_edit": gettext("Nhập: {text}"),
        "story_words": gettext("Giải trình: {text}"),
        "story_comment": gettext("Ý kiến: {text}"),
        "story_none": gettext("Chưa có lần nhập hay ý kiến nào."),
        "story_offline": gettext("Không tải được lịch sử vì mất kết nối."),
        "story_unsent": gettext("Chưa gửi được ý kiến; giữ trang này và gửi lại."),
        "loading": gettext("Đang tải…"),
    }
