"""Do the database tests pass on PostgreSQL too? `python -m tests.postgres` says so.

Starts a cluster of Debian's PostgreSQL in a temporary folder, on a free port of this
machine, runs the tests that write records, and takes everything away again.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = ("tests/cycle", "tests/web", "tests/walls")
# The role that the tests act as (tests/conftest.py): it owns nothing, and sees what the
# policies of the tables let it see.
APPLICATION = "tongket_application"


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL on this machine, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    return max(
        found, key=lambda path: int("0" + path.parent.name.split(".")[0]), default=None
    )


def run(*arguments: object, owner: str | None) -> None:
    """Run a program of PostgreSQL; it refuses root, so root runs it as `owner`."""
    subprocess.run(
        [str(argument) for argument in arguments],
        check=True,
        user=owner,
        cwd="/",
        stdout=subprocess.DEVNULL,
    )


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert isinstance(port, int)
        return port


# The tests throw the cluster away: nothing needs to reach the disk.
QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
# A server whose word must hold, as in production (benchmarks, kill test).
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


@dataclass
class Cluster:
    """One cluster in a folder: where it listens, and how it is started and ended."""

    programs: Path
    folder: Path
    owner: str | None
    settings: Mapping[str, str]
    port: int
    password: str

    @property
    def address(self) -> str:
        """The address of its one database."""
        return f"postgresql://tongket:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, after a crash too, and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        options += "".join(f" -c {name}={to}" for name, to in self.settings.items())
        self._control("--log", self.folder / "log", "--options", options, "start")

    def stop(self) -> None:
        """End it at once, without a checkpoint."""
        self._control("--mode", "immediate", "stop")

    def processes(self) -> list[int]:
        """Return the ids of the postmaster and of every process that it started."""
        first = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{first}/task/{first}/children").read_text()
        return [int(first), *map(int, children.split())]

    def _control(self, *arguments: object) -> None:
        control = (self.programs / "pg_ctl", "--pgdata", self.folder / "data")
        run(*control, "--wait", "--silent", *arguments, owner=self.owner)


@contextlib.contextmanager
def running(programs: Path, settings: Mapping[str, str]) -> Iterator[Cluster]:
    """Run a cluster with these settings while the block lasts."""
    owner = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="tongket-postgres-") as name:
        folder, password = Path(name), secrets.token_hex(16)
        secret = folder / "password"
        secret.write_text(password)
        if owner:
            account = pwd.getpwnam(owner)
            for path in (folder, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
        run(
            programs / "initdb",
            *("--pgdata", folder / "data", "--username", "tongket"),
            *("--pwfile", secret, "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            owner=owner,
        )
        found = Cluster(programs, folder, owner, settings, free_port(), password)
        found.start()
        try:
            yield found
        finally:
            found.stop()


@contextlib.contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """Run a quick cluster while the block lasts; yields its address."""
    with running(programs, QUICK) as found:
        yield found.address


def main() -> int:
    """Run the tests and return their exit status; 0 where PostgreSQL is missing."""
    found = programs()
    if found is None:
        print("Bỏ qua: chưa cài PostgreSQL / skipped: PostgreSQL is not installed")
        return 1 if os.environ.get("CI") else 0
    with cluster(found) as address:
        environment = {
            **os.environ,
            "TONGKET_DATABASE_URL": address,
            "TONGKET_SECRET_KEY": secrets.token_urlsafe(50),
            "TONGKET_HOSTS": "127.0.0.1,localhost",
        }
        tests = ("-m", "pytest", "-q", "-m", "not browser", *TESTS, *sys.argv[1:])
        return subprocess.run(
            [sys.executable, *tests], cwd=ROOT, env=environment
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
