"""tongket score: points and bands of a year."""

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from tongket.cycle import score
from tongket.office import clock, facts, grading, speech
from tongket.office.commands import YearCommand, add_period, period_of


class Command(YearCommand):
    """Score the units of a year."""

    help = (
        "Chấm điểm, xếp loại các đơn vị trong năm theo bộ tiêu chí đang áp dụng. Chạy "
        "lại khi số liệu không đổi thì giữ nguyên kết quả."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the year."""
        add_period(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Score and print how many units stand in each band."""
        pack, period = facts.pack(), period_of(options)
        score.run(
            pack=pack,
            counted=facts.store(),
            year=period.year,
            period=period,
            by="tongket",
            at=clock.now(),
        )
        sums = score.sums(pack=pack, year=period.year)
        if not sums:
            words = _("Không có bộ tiêu chí nào áp dụng cho năm %(year)s.")
            raise CommandError(words % {"year": period.year})
        for key, band in grading.bands(period.year).items():
            self.say(f"{speech.said(band):<14} {sums[f'scores.{key}'].total:>5}")
        self.say(_("Tổng số        %5d") % sums["scores.all"].total)
