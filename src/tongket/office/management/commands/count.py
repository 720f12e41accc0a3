"""tongket count: the totals of a period, against the same period."""

from typing import Any

from tongket.office import headlines
from tongket.office.commands import YearCommand, add_period, console, period_of


class Command(YearCommand):
    """Count what was accepted."""

    help = (
        "Tổng hợp các báo cáo đã nhận và in số liệu toàn tỉnh của một kỳ, so với cùng "
        "kỳ năm trước."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the period."""
        add_period(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the store up to date and print the figures."""
        console().print(headlines.table(period_of(options), everything=True))
