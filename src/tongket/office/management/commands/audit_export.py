"""tongket audit-export: the whole log as a file that anybody can verify."""

import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tongket.office.commands import YearCommand
from tongket.records import audit


class Command(YearCommand):
    """Write the audit chain to a file."""

    help = (
        "Ghi toàn bộ nhật ký ra tệp JSON, mỗi dòng một việc, để kiểm tra bằng "
        "tools/verify_audit.py trên máy khác, không cần phần mềm này."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help=_("tệp sẽ ghi, ví dụ log.jsonl"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write every row; a file of this name is replaced when all is written."""
        file, rows = options["file"], 0
        unfinished = file.with_name(f"{file.name}.{os.getpid()}")
        with unfinished.open("w", encoding="utf-8") as opened:
            unfinished.chmod(0o600)
            for line in audit.exported():
                opened.write(line)
                rows += 1
        unfinished.replace(file)
        self.say(_("Đã ghi %(rows)s dòng vào %(file)s") % {"rows": rows, "file": file})
