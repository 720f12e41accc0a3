"""Where does a benchmark run: a site with its own folder, database and server.

Everything is on the loopback address and in a temporary folder; a server is its own
group of processes and is ended by its id.
"""

import contextlib
import http.client
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgres

from benchmarks import packs

ROOT = Path(__file__).resolve().parents[1]
DATABASES = ("sqlite", "postgresql")
TODAY = "2023-12-18"  # two working days after the cut-off of December: the last day
STARTS_WITHIN = 60  # seconds


@dataclass
class Site:
    """A folder of data, a database, and the environment in which they are used."""

    folder: Path
    database: str
    environment: Mapping[str, str]
    cluster: postgres.Cluster | None = None

    def run(self, *arguments: str) -> str:
        """Run a module of ours against the site; return what it printed."""
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=dict(self.environment),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout


@contextlib.contextmanager
def site(
    database: str, settings: Mapping[str, str] | None = None
) -> Iterator[Site | None]:
    """Make an empty site; None where PostgreSQL is wanted and missing.

    `settings` overrides those of PostgreSQL; without any, what a server must have for
    its word to hold: fsync, full pages, synchronous commits.
    """
    with contextlib.ExitStack() as stack:
        name = tempfile.TemporaryDirectory(prefix="tongket-bench-")
        folder = Path(stack.enter_context(name))
        environment = {
            **os.environ,
            "TONGKET_DATA_DIR": str(folder / "data"),
            "TONGKET_PACKS_DIR": str(packs.write(folder)),
            "TONGKET_TODAY": TODAY,
            "DJANGO_SETTINGS_MODULE": "tongket.config.settings",
        }
        environment.pop("TONGKET_DATABASE_URL", None)
        (folder / "data").mkdir()
        if database == "sqlite":
            yield Site(folder, database, environment)
            return
        programs = postgres.programs()
        if programs is None:
            yield None
            return
        durable = {**postgres.DURABLE, **(settings or {})}
        cluster = stack.enter_context(postgres.running(programs, durable))
        environment |= {
            "TONGKET_DATABASE_URL": cluster.address,
            "TONGKET_SECRET_KEY": secrets.token_urlsafe(50),
            "TONGKET_HOSTS": "127.0.0.1,localhost",
        }
        yield Site(folder, database, environment, cluster)


@dataclass
class Server:
    """One `tongket serve`, in a session of its own."""

    site: Site
    options: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    before: str = ""  # Python to run first: the carelessness of a control
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.port = postgres.free_port()
        begin = f"{self.before}import tongket.config.cli as cli; cli.main()"
        arguments = ("serve", "--port", str(self.port), *self.options)
        log = (self.site.folder / "server.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", begin, *arguments],
                cwd=ROOT,
                env={**self.site.environment, **self.extra},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        give_up = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > give_up:
                text = (self.site.folder / "server.log").read_text()
                raise RuntimeError(f"the server did not start:\n{text[-3000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/van-phong/", headers=self.headers)
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    @property
    def origin(self) -> str:
        """The address that a browser believes it talks to."""
        scheme = "http" if self.site.database == "sqlite" else "https"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        """What the proxy in front of the production profile adds."""
        if self.site.database == "sqlite":
            return {}
        return {"X-Forwarded-Proto": "https"}

    def busy(self) -> float:
        """Return the seconds of processor time that the server has used so far."""
        assert self.process, "it was started"
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # a process that just ended
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[3]) == self.process.pid:  # the session of `start`
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Let the server finish what it does, and end."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        assert self.process, "it was started"
        with contextlib.suppress(ProcessLookupError):
            if how is signal.SIGKILL:
                os.killpg(self.process.pid, how)  # the session that `start` opened
            else:
                self.process.send_signal(how)
        self.process.wait(30)


@contextlib.contextmanager
def serving(site: Site, *options: str, **extra: str) -> Iterator[Server]:
    """Serve a site while the block lasts."""
    server = Server(site, options, extra)
    server.start()
    try:
        yield server
    finally:
        server.stop()
