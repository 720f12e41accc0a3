"""tongket verify-audit: is the chain of acts unbroken?"""

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from tongket.office.commands import YearCommand, progress
from tongket.office.speech import translated
from tongket.records import verifying
from tongket.records.models import AuditEntry


class Command(YearCommand):
    """Verify the audit chain."""

    help = (
        "Kiểm tra nhật ký: mỗi dòng phải nối đúng với dòng trước và khớp với các điểm "
        "kiểm. Dòng bị sửa, xóa, đổi chỗ, chèn thêm hoặc phần cuối bị cắt được nêu rõ."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the whole chain; name the first row that does not follow."""
        with progress() as shown:
            total = AuditEntry.objects.count()
            line = shown.add_task(_("Tính lại chuỗi"), total=total, outcome="")
            found = verifying.verify(lambda rows: shown.update(line, completed=rows))
        if found.fault is not None:
            raise CommandError(translated(found.fault.sentence))
        words = _("Nhật ký nguyên vẹn: %(rows)s dòng, %(notes)s điểm kiểm.")
        self.say(words % {"rows": found.rows, "notes": found.notes})
