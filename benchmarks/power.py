"""How does the power go: what a killed server had not put on the disk is gone.

SQLite: the files as they were at their last fsync take the place of the files
(kept.c). PostgreSQL: every process of the cluster is killed with the server, and with
them all that was acknowledged and not yet written.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests import postgres

from benchmarks.servers import Server, Site

SOURCE = Path(__file__).with_name("kept.c")
FILES = ("tongket.sqlite3", "tongket.sqlite3-wal")
SHARED = "tongket.sqlite3-shm"  # is memory, and never on a disk


def compiler() -> str | None:
    """Return the C compiler of this machine, or None."""
    return shutil.which("cc") or shutil.which("gcc")


@dataclass
class Disk:
    """The disk of an SQLite site; without a compiler it keeps whatever was written."""

    site: Site
    kept: Path
    library: Path | None

    @classmethod
    def of(cls, site: Site) -> "Disk":
        """Build the library that watches over fsync."""
        kept, found = site.folder / "kept", compiler()
        kept.mkdir()
        if found is None:
            return cls(site, kept, None)
        library = site.folder / "kept.so"
        arguments = ["-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"]
        subprocess.run([found, *arguments], check=True)
        return cls(site, kept, library)

    @property
    def environment(self) -> dict[str, str]:
        """What a server is started with."""
        if self.library is None:
            return {}
        return {"LD_PRELOAD": str(self.library), "KEPT_FOLDER": str(self.kept)}

    def settle(self) -> None:
        """Take what is there now for what is on the disk; no server runs."""
        for name in FILES:
            (self.kept / name).unlink(missing_ok=True)
            if (self._data / name).exists():
                shutil.copyfile(self._data / name, self.kept / name)

    def lose(self) -> None:
        """Leave what was on the disk, and nothing else; no server runs."""
        (self._data / SHARED).unlink(missing_ok=True)
        if self.library is None:
            return
        for name in FILES:
            (self._data / name).unlink(missing_ok=True)
            if (self.kept / name).exists():
                shutil.copyfile(self.kept / name, self._data / name)

    @property
    def _data(self) -> Path:
        return Path(self.site.environment["TONGKET_DATA_DIR"])


def kill_all(server: Server, cluster: postgres.Cluster) -> None:
    """Kill the server and every process of its PostgreSQL, all at once."""
    processes = cluster.processes()
    os.kill(processes[0], signal.SIGSTOP)  # it must not tell its children to write
    for process in processes[1:]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    os.kill(processes[0], signal.SIGKILL)
    server.kill()
    while any(Path(f"/proc/{process}").exists() for process in processes):
        time.sleep(0.01)
    (cluster.folder / "data" / "postmaster.pid").unlink(missing_ok=True)
    cluster.start()
