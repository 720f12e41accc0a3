"""tongket verify-audit: is the log unbroken, and do returns say what it saw sent?"""

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from tongket.office.commands import YearCommand, progress
from tongket.office.speech import translated
from tongket.records import contents, verifying
from tongket.records.models import AuditEntry

MOST_NAMED = 20


class Command(YearCommand):
    """Verify the audit chain."""

    help = (
        "Kiểm tra nhật ký: mỗi dòng phải nối đúng với dòng trước và khớp với các điểm "
        "kiểm. Dòng bị sửa, xóa, đổi chỗ, chèn thêm hoặc phần cuối bị cắt được nêu rõ. "
        "Các lần gửi và số liệu đã nhập cũng được so với nhật ký."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the whole chain; name the first row that does not follow."""
        with progress() as shown:
            total = AuditEntry.objects.count()
            line = shown.add_task(_("Tính lại chuỗi"), total=total, outcome="")
            found = verifying.verify(lambda rows: shown.update(line, completed=rows))
        if found.fault is not None:
            raise CommandError(translated(found.fault.sentence))
        with progress() as shown:
            total, words = contents.total(), _("So báo cáo với nhật ký")
            line = shown.add_task(words, total=total, outcome="")
            faults = list(
                contents.faults(lambda rows: shown.update(line, completed=rows))
            )
            shown.update(line, completed=total)
        if faults:
            named = [translated(each.sentence) for each in faults[:MOST_NAMED]]
            if len(faults) > MOST_NAMED:
                left = len(faults) - MOST_NAMED
                named.append(_("… và %(count)s chỗ khác.") % {"count": left})
            raise CommandError("\n".join(named))
        words = _("Nhật ký nguyên vẹn: %(rows)s dòng, %(notes)s điểm kiểm.")
        self.say(words % {"rows": found.rows, "notes": found.notes})
