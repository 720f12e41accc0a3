"""How many chained acts a second are written, and how long does verifying take?

`python -m benchmarks.audit` measures on SQLite and on PostgreSQL, with one and with
four writers, each act in a transaction of its own; then verifies a log of `--rows` rows
with the product and with tools/verify_audit.py, and turns pages in it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.postgres import DURABLE, programs, running

from benchmarks import floors, servers

ROOT = Path(__file__).resolve().parents[1]
LEAST, MOST = 300.0, 60.0  # acts a second; seconds for a million rows
WRITER = """
import datetime as dt, json, sys, time
import django; django.setup()
from django.db import transaction
from tongket.records import audit
until, done = time.monotonic() + float(sys.argv[1]), 0
at = dt.datetime(2024, 1, 16, tzinfo=dt.UTC)
while time.monotonic() < until:
    acts = [audit.Act("receive", f"return:u{each % 9}:f:p", {"version": done})
            for each in range(int(sys.argv[2]))]
    with transaction.atomic():
        audit.record(acts, by="bench", at=at)
    done += len(acts)
print(done)
"""
FILLER = """
import datetime as dt, sys
import django; django.setup()
from django.db import transaction
from tongket.records import audit
at, rows = dt.datetime(2024, 1, 1, tzinfo=dt.UTC), int(sys.argv[1])
for first in range(0, rows, 5000):
    acts = [audit.Act("receive" if n % 50 else "score", f"return:u{n % 12000}:f:p",
                      {"version": n}) for n in range(first, min(first + 5000, rows))]
    with transaction.atomic():
        audit.record(acts, by=f"user{first % 70000}",
                     at=at + dt.timedelta(seconds=first))
"""
VERIFIER = """
import time
import django; django.setup()
from tongket.records import verifying
began = time.monotonic(); found = verifying.verify()
assert found.fault is None, found.fault
print(time.monotonic() - began)
"""
TURNER = """
import json, time
import django; django.setup()
from tongket.records import audit
from tongket.records.audit import Wanted
took = {}
for name, wanted, before in (
    ("latest", Wanted(), None), ("middle", Wanted(), 0.5),
    ("unit", Wanted(units=frozenset({"u77"})), None),
    ("rare act, old", Wanted(act="score"), 0.01),
    ("person", Wanted(person="user0"), None),
    ("text found nowhere", Wanted(text="khong co dau"), None),
):
    rows = audit.found(wanted)
    if before:
        rows = rows.filter(id__lt=int(audit.found(Wanted()).first().pk * before))
    began = time.monotonic(); list(rows[:51])
    took[name] = round((time.monotonic() - began) * 1000, 1)
print(json.dumps(took))
"""


def ran(code: str, *arguments: object, environment: dict[str, str]) -> str:
    """Run a piece of the product in a process of its own; return what it printed."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def rate(
    writers: int, seconds: float, environment: dict[str, str], acts: int = 1
) -> float:
    """Return the acts that some processes write in a second, `acts` a commit."""
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(seconds), str(acts)],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(writers)
    ]
    return sum(int(each.communicate()[0]) for each in begun) / seconds


def measure(name: str, rows: int, seconds: float, environment: dict[str, str]) -> bool:
    """Measure on one database; return whether every promise was kept."""
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0", "--skip-checks"],
        env=environment,
        cwd=ROOT,
        check=True,
    )
    rates = {n: rate(n, seconds, environment) for n in (1, 4)}
    for writers, found in rates.items():
        print(f"{name}: {writers} writers, {found:.0f} chained acts/s, one a commit")
    together = rate(1, seconds, environment, acts=10)
    print(f"{name}: 1 writer, {together:.0f} chained acts/s, ten a commit")
    folder = Path(environment["TONGKET_DATA_DIR"])
    floor = median(floors.insert(servers.Site(folder, name.lower(), environment)))
    print(f"{name}: {1 / floor:.0f} bare inserts/s that reach the disk")
    ran(FILLER, rows, environment=environment)
    took = float(ran(VERIFIER, environment=environment))
    print(f"{name}: {rows} rows verified by the product in {took:.1f} s")
    file = Path(environment["TONGKET_DATA_DIR"], "log.jsonl")
    ran(EXPORT, file, environment=environment)
    alone = verified_alone(file)
    print(f"{name}: the same by tools/verify_audit.py in {alone:.1f} s")
    turned = json.loads(ran(TURNER, environment=environment))
    print(f"{name}: a page of the log in ms: {turned}")
    limit = MOST * max(rows, 1) / 1_000_000
    return min(rates.values()) >= LEAST and max(took, alone) <= max(limit, 5)


EXPORT = """
import sys
import django; django.setup()
from tongket.records import audit
with open(sys.argv[1], "w", encoding="utf-8") as file:
    file.writelines(audit.exported())
"""


def verified_alone(log: Path) -> float:
    """Return the seconds that the verifier which stands alone needs."""
    began = time.monotonic()
    tool = ROOT / "tools" / "verify_audit.py"
    subprocess.run([sys.executable, tool, log], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def main() -> int:
    """Measure on every database of this machine; 1 when a promise was broken."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    kept = True
    with tempfile.TemporaryDirectory(prefix="tongket-audit-") as folder:
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("TONGKET_")},
            "DJANGO_SETTINGS_MODULE": "tongket.config.settings",
            "TONGKET_DATA_DIR": folder,
        }
        if asked.only != "postgresql":
            kept = measure("SQLite", asked.rows, asked.seconds, environment)
        found = programs()
        if found and asked.only != "sqlite":
            with running(found, DURABLE) as cluster:
                other = Path(folder, "postgresql")
                other.mkdir()
                environment |= {
                    "TONGKET_DATA_DIR": str(other),
                    "TONGKET_DATABASE_URL": cluster.address,
                    "TONGKET_SECRET_KEY": "x" * 50,
                    "TONGKET_HOSTS": "127.0.0.1",
                }
                here = measure("PostgreSQL", asked.rows, asked.seconds, environment)
                kept = here and kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
