"""A whole installation of its own: the demonstration up to the check, then the site.

One commune's last return is held back, so that the year cannot be counted to the end
until somebody sends it in the browser.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.web.conftest import office as office  # the small province

ROOT = Path(__file__).resolve().parents[2]
HELD_BACK = "bg-c07291"  # the commune whose reporter has a demonstration account
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Site:
    """A running site: where it is, where its files lie, the accounts' password."""

    url: str
    folder: Path
    password: str


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Return when the site answers; fail when its process ended or time is over."""
    for _ in range(SECONDS_TO_START * 4):
        assert server.poll() is None, "the site stopped before it answered"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.25)
    raise AssertionError(f"the site did not answer within {SECONDS_TO_START} s")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with the year collected and checked, but for one return."""
    folder = tmp_path_factory.mktemp("journey")
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("TONGKET_")},
        "DJANGO_SETTINGS_MODULE": "tongket.config.settings",
        "TONGKET_DATA_DIR": str(folder),
        "TONGKET_TODAY": "2024-01-12",
    }
    command = [sys.executable, str(ROOT / "manage.py")]
    held = ["demo", "--until", "check", "--hold-back", HELD_BACK]
    made = subprocess.run(
        [*command, *held], env=environment, capture_output=True, text=True, timeout=600
    )
    assert made.returncode == 0, made.stdout + made.stderr
    port = free_port()
    log = (folder / "server.log").open("wb")
    server = subprocess.Popen(
        [*command, "serve", "--port", str(port)],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/dang-nhap/", server)
        yield Site(url, folder, (folder / "demo-password").read_text())
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()
