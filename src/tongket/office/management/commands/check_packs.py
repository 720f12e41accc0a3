"""tongket check-packs: can the packs be used?"""

from typing import Any

from django.utils.translation import gettext as _

from tongket.office import facts, speech
from tongket.office.commands import YearCommand


class Command(YearCommand):
    """Load the packs and say what they hold."""

    help = (
        "Đọc các gói dữ liệu (căn cứ, kỳ báo cáo, biểu mẫu, chỉ tiêu, tiêu chí…) và "
        "nêu mọi lỗi kèm tệp, dòng, khóa và cách sửa."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load; every error at once."""
        pack = facts.pack()
        self.say(
            _(
                "%(label)s: %(units)s đơn vị, %(forms)s biểu mẫu, %(indicators)s chỉ "
                "tiêu, %(rules)s quy tắc kiểm tra, %(editions)s bộ tiêu chí."
            )
            % {
                "label": speech.said(pack),
                "units": len(pack.register),
                "forms": len(pack.forms),
                "indicators": len(pack.indicators),
                "rules": len(pack.rules),
                "editions": len(pack.editions),
            }
        )
