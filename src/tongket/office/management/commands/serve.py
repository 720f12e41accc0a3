"""tongket serve: the site on this machine."""

import contextlib
import os
import subprocess  # starts our own worker  # nosec B404
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils.translation import gettext as _
from gunicorn.app.base import BaseApplication

from tongket.office import facts
from tongket.office.commands import YearCommand

# Seconds that an idle connection is kept; the proxy in front must keep it shorter, or
# it sends a request into a connection that is just being closed.
KEEP_ALIVE = 20


class Server(BaseApplication):
    """Gunicorn with our application: processes that answer one request at a time."""

    def __init__(self, bind: str, workers: int, threads: int) -> None:
        self.chosen = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "timeout": 120,
            "keepalive": KEEP_ALIVE,
        }
        super().__init__()

    def load_config(self) -> None:
        """Set what was chosen."""
        for key, value in {**self.chosen, "worker_class": "gthread"}.items():
            self.cfg.set(key, value)
        self.cfg.set("loglevel", "warning")

    def load(self) -> Any:
        """Return the WSGI application, with facts and units read already."""
        application = get_wsgi_application()
        facts.pack()
        facts.tree()
        connections.close_all()  # this thread answers no request
        return application


@contextlib.contextmanager
def working_beside(is_wanted: bool) -> Iterator[None]:
    """Let `tongket work` run beside the site; it ends with this process, however."""
    if not is_wanted:
        yield
        return
    begin = "import tongket.config.cli as cli; cli.main()"
    owner = os.getpid()
    worker = subprocess.Popen(  # noqa: S603 nothing from outside  # nosec B603
        [sys.executable, "-c", begin, "work", "--with", str(owner)],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        # The server's own processes are forks of this one and pass here when they end.
        if os.getpid() == owner:
            worker.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.wait(10)


class Command(YearCommand):
    """Serve office and portal."""

    help = (
        "Chạy trang web trên máy này: cổng thông tin ở địa chỉ gốc, phần làm việc của "
        "cán bộ ở /van-phong/. Dừng bằng Ctrl+C."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the port."""
        parser.add_argument(
            "--port", type=int, default=8000, help=_("cổng, mặc định 8000")
        )
        parser.add_argument(
            "--host", default="127.0.0.1", help=_("địa chỉ, mặc định 127.0.0.1")
        )
        parser.add_argument(
            "--workers",
            type=int,
            default=(os.cpu_count() or 1) + 1,
            help=_("số tiến trình, mặc định là số lõi của máy cộng một"),
        )
        parser.add_argument(
            "--threads",
            type=int,
            default=1,
            help=_("số luồng của mỗi tiến trình, mặc định 1"),
        )
        parser.add_argument(
            "--no-worker",
            action="store_true",
            help=_("không chạy kèm tiến trình nhắc việc và gửi thư (tongket work)"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the database up to date and serve until stopped."""
        call_command("migrate", verbosity=0, interactive=False)
        # WhiteNoise warns where the folder of collected files is missing.
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        address = f"{options['host']}:{options['port']}"
        self.say(_("Trang web đang chạy tại http://%s/ (Ctrl+C để dừng)") % address)
        self.stdout.flush()
        # A connection must not be taken along into the processes of the server.
        connections.close_all()
        with working_beside(not options["no_worker"]):
            Server(address, options["workers"], options["threads"]).run()
