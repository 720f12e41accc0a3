"""tongket open-period: open a period of a reporting scheme for returns."""

from typing import Any

from django.utils.translation import gettext as _

from tongket.cycle import collect, reorganise
from tongket.office import clock, facts
from tongket.office.commands import YearCommand, add_period, period_of


class Command(YearCommand):
    """Open a period."""

    help = (
        "Mở một kỳ báo cáo của một chế độ báo cáo. Chế độ thiếu một trong mười nội "
        "dung của Điều 7 Nghị định 09/2019/NĐ-CP thì không mở được."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the scheme and the period."""
        parser.add_argument("scheme", help=_("mã chế độ báo cáo, ví dụ commune-month"))
        add_period(parser)
        parser.add_argument(
            "--reason",
            default="",
            help=_("lý do, căn cứ yêu cầu (báo cáo chuyên đề, đột xuất)"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it and say until when units may send."""
        pack, now = facts.pack(), clock.now()
        reorganise.load_units(pack=pack, by="tongket", at=now)
        opened = collect.open_period(
            pack=pack,
            scheme=options["scheme"],
            period=period_of(options),
            by="tongket",
            at=now,
            reason=options["reason"],
        )
        debts = collect.owing(pack=pack, opened=opened, on=now.date())
        due = max((debt.due for debt in debts), default=opened.end_on)
        self.say(
            _("Đã mở %(period)s: %(units)s đơn vị gửi trước hết ngày %(due)s.")
            % {
                "period": collect.window(pack, opened),
                "units": len(debts),
                "due": f"{due:%d/%m/%Y}",
            }
        )
