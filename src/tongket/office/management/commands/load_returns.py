"""tongket load-returns: take in filled workbooks."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from tongket.cycle import collect
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, entrance, facts, speech
from tongket.office.commands import YearCommand, add_period, period_of, progress
from tongket.records.models import OpenPeriod


class Command(YearCommand):
    """Receive workbooks."""

    help = (
        "Nhận báo cáo từ các tệp Excel đã điền (một tệp một đơn vị). Tệp có lỗi bị từ "
        "chối với từng câu nêu rõ trang tính, dòng và cách sửa; các tệp khác vẫn được "
        "nhận."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take files or folders, the scheme and the period."""
        parser.add_argument(
            "paths", nargs="+", type=Path, help=_("tệp .xlsx hoặc thư mục chứa tệp")
        )
        parser.add_argument(
            "--scheme", default="commune-month", help=_("mã chế độ báo cáo")
        )
        add_period(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Receive each file by itself; name the files that were refused."""
        period = period_of(options)
        opened = OpenPeriod.objects.filter(
            scheme=options["scheme"], period=period.key
        ).first()
        if opened is None:
            raise CommandError(
                _(
                    "Kỳ %(period)s chưa mở; chạy: tongket open-period %(scheme)s "
                    "--period %(key)s"
                )
                % {
                    "period": speech.said(period),
                    "scheme": options["scheme"],
                    "key": period.key,
                }
            )
        refused, received = [], 0
        with progress() as shown:
            files = [file for path in options["paths"] for file in workbooks_in(path)]
            task = shown.add_task(_("Nhận báo cáo"), total=len(files), outcome="")
            for file in files:
                try:
                    collect.receive_workbook(
                        pack=facts.pack(),
                        opened=opened,
                        content=file.read_bytes(),
                        by="tongket",
                        at=clock.now(),
                    )
                except (Refusal, Refusals) as error:
                    refused += [f"{file}: {s}" for s in entrance.sentences(error)]
                else:
                    received += 1
                shown.advance(task)
        self.say(_("Đã nhận %(received)s tệp.") % {"received": received})
        if refused:
            raise CommandError("\n".join(refused))


def workbooks_in(path: Path) -> list[Path]:
    """Return the workbooks at a path, or refuse a path that holds none."""
    found = sorted(path.glob("**/*.xlsx")) if path.is_dir() else [path]
    if not found or not all(each.is_file() for each in found):
        raise CommandError(_("%s: không có tệp .xlsx nào ở đây.") % path)
    return found
