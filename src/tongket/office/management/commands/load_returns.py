"""tongket load-returns: take in filled workbooks, alone or zipped."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from tongket.cycle import unpack
from tongket.cycle.unpack import Outcome, State
from tongket.documents import workbooks
from tongket.office import clock, facts, speech
from tongket.office.commands import YearCommand, add_period, period_of, progress
from tongket.records.models import OpenPeriod

KINDS = ("*.xlsx", "*.zip")


class Command(YearCommand):
    """Receive workbooks."""

    help = (
        "Nhận báo cáo từ các tệp Excel đã điền: biểu của một đơn vị, của cả huyện, "
        "hoặc tệp nén .zip. Báo cáo sai bị trả lại với từng câu nêu rõ trang, ô và "
        "cách sửa, số liệu đúng của nó được giữ trong bản nháp; các báo cáo khác vẫn "
        "được nhận."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take files or folders, the scheme and the period."""
        parser.add_argument(
            "paths",
            nargs="+",
            type=Path,
            help=_("tệp .xlsx, .zip hoặc thư mục chứa tệp"),
        )
        parser.add_argument(
            "--scheme", default="commune-month", help=_("mã chế độ báo cáo")
        )
        add_period(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help=_("chỉ kiểm tra, không ghi")
        )
        parser.add_argument(
            "--all-or-nothing",
            action="store_true",
            help=_("một báo cáo sai thì không ghi báo cáo nào"),
        )
        parser.add_argument(
            "--marked",
            type=Path,
            help=_("thư mục để ghi các tệp sai, đã đánh dấu chỗ cần sửa"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Receive each file by itself; name the files that were refused."""
        opened = opened_of(options)
        files = [
            (str(file), file.read_bytes())
            for path in options["paths"]
            for file in workbooks_in(path)
        ]
        entries = unpack.survey(files)
        outcomes: list[Outcome] = []
        with progress() as shown:
            task = shown.add_task(_("Nhận báo cáo"), total=len(entries), outcome="")
            for group in unpack.groups(
                pack=facts.pack(),
                opened=opened,
                files=files,
                by="tongket",
                at=clock.now(),
                dry_run=options["dry_run"],
                all_or_nothing=options["all_or_nothing"],
            ):
                outcomes += group
                read = len({outcome.file for outcome in outcomes})
                shown.update(task, completed=read)
        if options["marked"]:
            write_marked(options["marked"], entries, outcomes)
        self.tell(outcomes, options["dry_run"])

    def tell(self, outcomes: list[Outcome], dry_run: bool) -> None:
        """Say how many were received, and each sentence about the others."""
        received = sum(each.state in (State.SENT, State.UNCHANGED) for each in outcomes)
        words = _("Đã nhận %(received)s báo cáo.")
        if dry_run:
            words = _("Chạy thử: %(received)s báo cáo sẽ được nhận; chưa ghi gì.")
        self.say(words % {"received": received})
        wrong = [
            f"{each.file}: {speech.translated(sentence)}"
            for each in outcomes
            if each.is_bad
            for sentence in each.sentences
        ]
        if wrong:
            raise CommandError("\n".join(wrong))


def opened_of(options: dict[str, Any]) -> OpenPeriod:
    """Return the period that the options name; refuses one that is not open."""
    period = period_of(options)
    found = OpenPeriod.objects.filter(scheme=options["scheme"], period=period.key)
    if opened := found.first():
        return opened
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


def write_marked(
    folder: Path, entries: list[unpack.Entry], outcomes: list[Outcome]
) -> None:
    """Write every workbook with something to put right into a folder, marked."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, entry in enumerate(entries, 1):
        of_file = [outcome for outcome in outcomes if outcome.file == entry.name]
        marks = [mark for each in of_file for mark in each.marks if mark.sheet]
        if marks:
            seen = [each.seen for each in of_file if each.seen]
            content = workbooks.mark(entry.read(), marks=marks, seen=seen)
            # Only the last part of a name out of an archive, never its folders.
            name = Path(entry.name.replace("\\", "/")).stem
            (folder / f"{number:04}_{name}.xlsx").write_bytes(content)


def workbooks_in(path: Path) -> list[Path]:
    """Return the workbooks and archives at a path, or refuse a path without any."""
    found = [path]
    if path.is_dir():
        found = sorted(each for kind in KINDS for each in path.rglob(kind))
    if not found or not all(each.is_file() for each in found):
        raise CommandError(_("%s: không có tệp .xlsx hoặc .zip nào ở đây.") % path)
    return found
