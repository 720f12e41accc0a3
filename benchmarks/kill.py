"""Is an acknowledged value ever lost? `kill -9` and power cuts while returns are filed.

Clients leave cells and send returns over HTTP; at a random moment every process of the
server is killed. Every second time the power goes too: what had not reached the disk is
lost (power.py). Then the database is asked (holds.py), the server starts again, and the
clients ask again what was not answered. A control with a careless setting must be
caught, or the test proves nothing: SQLite with synchronous=OFF, PostgreSQL with
synchronous_commit=off.
"""

import argparse
import random
import sys
import time
from dataclasses import dataclass, field

from benchmarks import holds, packs, population, power, servers
from benchmarks.filing import Filer
from benchmarks.ledger import Ledger

CLIENTS, UNITS = 4, 24
SHORTEST, LONGEST = 0.15, 1.5  # seconds of filing before a kill
CARELESS_SQLITE = (
    "from tongket.config import settings as s;"
    "o = s.DATABASES['default']['OPTIONS'];"
    "o['init_command'] = o['init_command'].replace('=FULL', '=OFF');"
    "assert '=OFF' in o['init_command'];"
)
CARELESS_POSTGRESQL = {"synchronous_commit": "off", "wal_writer_delay": "10s"}


@dataclass
class Outcome:
    """What came of some kills on one database."""

    kills: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    problems: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled or half, and no request failed."""
        return not self.problems and not self.ledger.errors


def main() -> int:
    """Kill as often as asked, then show that a loss would have been seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--controls", type=int, default=5, help="kills of a control")
    parser.add_argument("--only", choices=servers.DATABASES)
    parser.add_argument("--seed", type=int, default=3)
    asked = parser.parse_args()
    good = True
    for database in servers.DATABASES:
        if asked.only not in (None, database):
            continue
        real = run(database, asked.kills, asked.seed)
        if real is None:
            print(f"{database}: skipped, not installed")
            continue
        show(database, real)
        control = run(database, asked.controls, asked.seed, is_careless=True)
        is_caught = shown(database, control)
        good = good and real.is_clean and is_caught
    return 0 if good else 1


def run(
    database: str, kills: int, seed: int, *, is_careless: bool = False
) -> Outcome | None:
    """Kill a server again and again; None where the database is missing.

    A careless run stops at its first loss.
    """
    settings = CARELESS_POSTGRESQL if is_careless else None
    before = CARELESS_SQLITE if is_careless and database == "sqlite" else ""
    with servers.site(database, settings) as site:
        if site is None:
            return None
        site.run("benchmarks.population", "--units", str(UNITS), "--months", "0")
        disk = power.Disk.of(site) if database == "sqlite" else None
        extra = disk.environment if disk else {}
        server = servers.Server(site, extra=extra, before=before)
        outcome, chance = Outcome(), random.Random(seed)
        while outcome.kills < kills and not (is_careless and outcome.problems):
            is_dark = is_careless or outcome.kills % 2 == 1
            _once(server, disk, outcome, chance, is_dark=is_dark)
        if not outcome.problems:
            outcome.problems += _final(site)
    return outcome


def _once(
    server: servers.Server,
    disk: power.Disk | None,
    outcome: Outcome,
    chance: random.Random,
    *,
    is_dark: bool,
) -> None:
    site = server.site
    told = population.read(site.folder)
    if disk:
        disk.settle()
    server.start()
    filers = [
        Filer(server, outcome.ledger, told, told["people"][n::CLIENTS], outcome.kills)
        for n in range(CLIENTS)
    ]
    for each in filers:
        each.start()
    _wait_for_an_answer(filers)
    time.sleep(chance.uniform(SHORTEST, LONGEST))
    if site.cluster and is_dark:
        power.kill_all(server, site.cluster)
    else:
        server.kill()
    for each in filers:
        each.is_over.set()
        each.join()
    if disk and is_dark:
        disk.lose()
    outcome.kills += 1
    print(f"\r  {outcome.kills} kills ", end="", file=sys.stderr, flush=True)
    found = holds.problems(site, outcome.ledger)
    outcome.problems += [f"after kill {outcome.kills}: {line}" for line in found]


def _wait_for_an_answer(filers: list[Filer]) -> None:
    """Let a new server load its facts: a kill before the first answer tells nothing."""
    give_up = time.monotonic() + 20
    while not any(each.is_answered.is_set() for each in filers):
        if time.monotonic() > give_up:
            raise RuntimeError("the server answers nothing")
        time.sleep(0.01)


def _final(site: servers.Site) -> list[str]:
    """Let the product itself verify the chain of acts, hash by hash."""
    told = site.run("benchmarks.verify")
    return [] if "sound" in told else [told]


def show(database: str, outcome: Outcome) -> None:
    """Print what was acknowledged, and everything that is wrong."""
    edits, returns = outcome.ledger.told
    asked = (len(outcome.ledger.typed), len(outcome.ledger.sent))
    print(
        f"\n{database}: {outcome.kills} kills; {edits:,} of {asked[0]:,} cells and "
        f"{returns:,} of {asked[1]:,} returns acknowledged, of {len(packs.MEASURES)} "
        f"cells each; {outcome.ledger.replayed:,} requests asked again"
    )
    for line in [*outcome.problems[:20], *outcome.ledger.errors[:20]]:
        print(f"    {line}")
    wrong = len(outcome.problems) + len(outcome.ledger.errors)
    print(f"  {wrong} wrong" if wrong else "  nothing lost or half, each exactly once")


def shown(database: str, control: Outcome | None) -> bool:
    """Print whether the control was caught; return whether it was, or could not be."""
    if database == "sqlite" and power.compiler() is None:
        print("  control skipped: no C compiler; a kill alone loses no SQLite write")
        return True
    lost = [line for line in control.problems if "LOST" in line] if control else []
    setting = "synchronous=OFF" if database == "sqlite" else "synchronous_commit=off"
    caught = f"caught after {control.kills} kills, {len(lost)} losses" if lost else ""
    print(f"  control with {setting}: {caught or 'NOT CAUGHT'}")
    return bool(lost)


if __name__ == "__main__":
    sys.exit(main())
