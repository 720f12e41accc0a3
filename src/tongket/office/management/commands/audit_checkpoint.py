"""tongket audit-checkpoint: how long is the log now? Signed, outside the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tongket.office import clock
from tongket.office.commands import YearCommand
from tongket.records import checkpoints


class Command(YearCommand):
    """Append a checkpoint of the audit chain."""

    help = (
        "Ghi một điểm kiểm của nhật ký (số dòng, dấu băm cuối, thời điểm, chữ ký) vào "
        "tệp audit-checkpoints, ngoài cơ sở dữ liệu. Chép tệp ấy sang máy khác."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the note, and the public key beside it."""
        made = checkpoints.write(at=clock.now())
        public = Path(settings.DATA_DIR, "audit-key.pub")
        public.write_text(f"{checkpoints.public_line()}\n", encoding="utf-8")
        self.say(_("Điểm kiểm: %s dòng.") % made.size)
        self.say(_("Tệp điểm kiểm: %s") % checkpoints.path())
        self.say(_("Khóa công khai: %s") % public)
