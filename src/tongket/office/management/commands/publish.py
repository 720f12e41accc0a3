"""tongket publish: push the signed report, article and figures to the portal."""

from typing import Any

from django.utils.translation import gettext as _

from tongket.cycle import publish
from tongket.office import clock, demonstration, facts, speech
from tongket.office.commands import YearCommand, add_period, period_of


class Command(YearCommand):
    """Publish a period."""

    help = (
        "Công bố báo cáo đã ký: bài viết, trang số liệu và tệp tải về được đưa lên "
        "cổng thông tin. Công bố lại nội dung cũ thì không thay đổi gì."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the period."""
        add_period(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Push the release."""
        period = period_of(options)
        publish.publish(
            pack=facts.pack(),
            period=period,
            folder=facts.files(),
            photo=demonstration.photo(period),
            by="tongket",
            at=clock.now(),
        )
        self.say(_("Đã công bố số liệu %s.") % speech.said(period))
