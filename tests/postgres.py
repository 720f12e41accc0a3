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
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = ("tests/cycle", "tests/web")


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


@contextlib.contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """Run a cluster while the block lasts; yields its address."""
    owner = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="tongket-postgres-") as name:
        folder, password = Path(name), secrets.token_hex(16)
        secret = folder / "password"
        secret.write_text(password)
        if owner:
            account = pwd.getpwnam(owner)
            for path in (folder, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
        data, port = folder / "data", free_port()
        run(
            programs / "initdb",
            *("--pgdata", data, "--username", "tongket", "--pwfile", secret),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"),
            "--no-sync",
            owner=owner,
        )
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off "
            "-c full_page_writes=off -c synchronous_commit=off"
        )
        control = (programs / "pg_ctl", "--pgdata", data, "--wait", "--silent")
        log = ("--log", folder / "log", "--options", options)
        run(*control, *log, "start", owner=owner)
        try:
            yield f"postgresql://tongket:{password}@127.0.0.1:{port}/postgres"
        finally:
            run(*control, "--mode", "immediate", "stop", owner=owner)


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
