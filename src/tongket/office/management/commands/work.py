"""tongket work: reminders at their hours, mail every minute, until it is stopped."""

import os
import signal
import threading
import time
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from tongket.office import working
from tongket.office.commands import YearCommand

STEP = 1  # seconds between two looks at the parent and the stop sign


class Command(YearCommand):
    """Do what waits behind the pages."""

    help = (
        "Nhắc việc theo giờ trong gói dữ liệu và gửi thư chờ gửi, mỗi phút một lần. "
        "Dừng bằng Ctrl+C hoặc SIGTERM."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take how long to work."""
        parser.add_argument(
            "--once", action="store_true", help=_("làm một lượt rồi thoát")
        )
        parser.add_argument(
            "--with",
            dest="beside",
            type=int,
            default=0,
            help=_("thoát khi tiến trình có số này đã dừng"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work turn after turn; a signal ends it after the mail in hand."""
        stopped = threading.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: stopped.set())
        worker = working.Worker(goes_on=lambda: not stopped.is_set())
        if not settings.EMAIL_URL:
            self.say(_("Chưa đặt TONGKET_EMAIL_URL: thư nằm chờ trong hộp thư đi."))
        try:
            while not stopped.is_set():
                for line in worker.turn():
                    self.say(line)
                self.stdout.flush()
                if options["once"]:
                    return
                connection.close()  # a database that restarts is found again
                self.rest(stopped, options["beside"])
        finally:
            worker.end()

    def rest(self, stopped: threading.Event, beside: int) -> None:
        """Wait for the next turn; the end of the process beside stops the worker."""
        until = time.monotonic() + working.TURN.total_seconds()
        while time.monotonic() < until and not stopped.wait(STEP):
            if beside and os.getppid() != beside:
                stopped.set()
