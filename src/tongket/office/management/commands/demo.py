"""tongket demo: the demonstration year, from first return to published article."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils.translation import gettext as _

from tongket.office import demonstration, headlines
from tongket.office.commands import YearCommand, console, progress


class Command(YearCommand):
    """Run the demonstration year through all eight stages."""

    help = (
        "Dựng năm minh họa (Bắc Giang 2023): nạp dữ liệu, chạy đủ tám bước từ thu thập "
        "đến công bố, in bảng số liệu chính và tài khoản dùng thử. Chạy lại không làm "
        "thay đổi những gì đã có."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the stage to stop after, and a unit whose return is held back."""
        parser.add_argument(
            "--until",
            choices=demonstration.STAGES,
            default="publish",
            help=_("dừng sau bước này, các bước sau làm bằng tay"),
        )
        parser.add_argument(
            "--hold-back",
            metavar="UNIT",
            help=_("để lại báo cáo tháng cuối của đơn vị này cho người dùng tự gửi"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the database up to date, then run each step with its progress."""
        call_command("migrate", verbosity=0, interactive=False)
        with progress() as shown:
            for step in demonstration.steps(
                until=options["until"], hold_back=options["hold_back"]
            ):
                task = shown.add_task(step.label, total=1, outcome="")

                def tick(done: int, of: int, task: Any = task) -> None:
                    shown.update(task, completed=done, total=of)

                outcome = step.run(tick)
                total = shown.tasks[task].total
                shown.update(task, completed=total, outcome=outcome)
        if options["until"] == "publish":
            console().print(headlines.table(demonstration.period()))
            for words in headlines.duties(demonstration.period()):
                self.say(f"· {words}")
        self.accounts()

    def accounts(self) -> None:
        """Print who may sign in, and with what."""
        self.say("")
        self.say(
            _("Tài khoản dùng thử (mật khẩu chung: %s)") % demonstration.password()
        )
        users = User.objects.filter(memberships__isnull=False).distinct()
        for user in users.order_by("id"):
            self.say(f"  {user.username:<22} {user.first_name}")
