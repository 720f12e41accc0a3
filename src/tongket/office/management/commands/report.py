"""tongket report: freeze the figures, write the annual report as Word and PDF."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tongket.cycle import freeze, report
from tongket.office import clock, facts
from tongket.office.commands import YearCommand, add_period, period_of


class Command(YearCommand):
    """Write the annual report."""

    help = (
        "Chốt số liệu của năm và lập Báo cáo tổng kết (Word và PDF theo Nghị định "
        "30/2020/NĐ-CP). Mọi con số trong báo cáo được kiểm chứng trước khi ghi tệp; "
        "có câu sai thì không ghi gì."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the period, number and date, and a file of remarks."""
        add_period(parser)
        parser.add_argument("--number", type=int, default=0, help=_("số của báo cáo"))
        parser.add_argument(
            "--dated",
            type=dt.date.fromisoformat,
            help=_("ngày ký, viết YYYY-MM-DD, mặc định hôm nay"),
        )
        parser.add_argument(
            "--remarks",
            type=Path,
            help=_("tệp văn bản chứa nhận xét thêm, mỗi dòng một đoạn"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Freeze, write, and say where the files are."""
        pack, period, now = facts.pack(), period_of(options), clock.now()
        freeze.freeze(facts.store(), pack=pack, period=period, by="tongket", at=now)
        remarks = options["remarks"]
        written = report.write(
            pack=pack,
            period=period,
            number=options["number"],
            dated=options["dated"] or now.date(),
            remarks=remarks.read_text(encoding="utf-8") if remarks else "",
            folder=facts.files(),
            by="tongket",
            at=now,
        )
        self.say(_("Đã kiểm chứng %s số liệu.") % len(written.claims))
        self.say(str(facts.files() / written.word))
        self.say(str(facts.files() / written.pdf))
