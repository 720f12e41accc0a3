"""tongket verify-audit: is the chain of acts unbroken?"""

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from tongket.office.commands import YearCommand
from tongket.records import audit
from tongket.records.models import AuditEntry


class Command(YearCommand):
    """Verify the audit chain."""

    help = (
        "Kiểm tra nhật ký: mỗi dòng phải nối đúng với dòng trước. Dòng bị sửa, xóa, "
        "đổi chỗ hoặc chèn thêm được nêu rõ."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the whole chain; name the first row that does not follow."""
        broken = audit.first_break()
        if broken is not None:
            raise CommandError(
                _("Nhật ký bị thay đổi từ dòng %(row)s (%(act)s, %(subject)s).")
                % {"row": broken.pk, "act": broken.act, "subject": broken.subject}
            )
        rows = AuditEntry.objects.count()
        self.say(_("Nhật ký nguyên vẹn: %s dòng.") % rows)
