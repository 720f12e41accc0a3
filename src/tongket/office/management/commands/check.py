"""tongket check: findings about what was sent; acceptance of what is sound."""

from typing import Any

from django.core.management.commands.check import Command as DjangoCheck
from django.utils.translation import gettext as _

from tongket.cycle import check
from tongket.office import clock, facts
from tongket.office.commands import YearCommand, add_period, period_of, progress
from tongket.records.models import OpenPeriod


class Command(YearCommand):
    """Examine returns; with --deploy, Django's own check of the settings."""

    help = (
        "Kiểm tra các báo cáo đã gửi trong một kỳ: tìm chỗ thiếu, mâu thuẫn, tăng đột "
        "biến. Thêm --accept để nhận các báo cáo không còn vướng mắc. Thêm --deploy để "
        "kiểm tra cấu hình máy chủ."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the period, and whether to accept."""
        add_period(parser)
        parser.add_argument(
            "--accept",
            action="store_true",
            help=_("nhận các báo cáo không còn nội dung phải sửa hoặc giải trình"),
        )
        parser.add_argument(
            "--deploy", action="store_true", help=_("kiểm tra cấu hình máy chủ")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Examine every waiting return of the window, period by period."""
        if options["deploy"]:
            DjangoCheck().run_from_argv(["tongket", "check", "--deploy"])
            return
        window = period_of(options)
        periods = list(
            OpenPeriod.objects.filter(
                start_on__gte=window.start, end_on__lte=window.end
            )
        )
        found = accepted = 0
        with progress() as shown:
            task = shown.add_task(_("Kiểm tra"), total=len(periods), outcome="")
            for opened in periods:
                waiting = [
                    version
                    for version in check.latest()
                    if version.of.period_id == opened.pk
                ]
                doubts = check.examine(
                    pack=facts.pack(), versions=waiting, at=clock.now()
                )
                doubts += check.compare(pack=facts.pack(), versions=waiting)
                found += len(doubts)
                if options["accept"]:
                    sound, _left = check.climb_sound(
                        pack=facts.pack(), opened=opened, by="tongket", at=clock.now()
                    )
                    accepted += sound
                shown.advance(task)
        left = len(check.latest())
        self.say(
            _(
                "%(found)s vấn đề mới, %(accepted)s báo cáo được nhận, %(left)s báo "
                "cáo chờ cán bộ xem."
            )
            % {"found": found, "accepted": accepted, "left": left}
        )
