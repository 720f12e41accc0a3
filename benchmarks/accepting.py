"""How long does it take to decide on 2,000 returns at one press, with progress?

As the page does it: the choice is kept, then portion after portion is examined, decided
and told of in the log, each in one transaction. Once by the districts (approve, hand
on), once by the province (accept); the slowest portion is how long a page stands still.
"""

import argparse
import os
import sys
import time
from typing import Any

from benchmarks import packs, servers
from benchmarks.figures import verdict
from benchmarks.servers import Site

RETURNS = 2_000
LIMIT = 10.0  # seconds for all of them, on one rung
PORTION_LIMIT = 2.0  # seconds for a portion: the page moves on


def main() -> None:
    """Measure each database that is there, or do the work inside a site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--returns", type=int, default=RETURNS)
    parser.add_argument("--months", type=int, default=12, help="accepted before")
    parser.add_argument("--database", choices=servers.DATABASES, action="append")
    parser.add_argument("--inside", action="store_true", help="used by the run itself")
    asked = parser.parse_args()
    if asked.inside:
        inside(asked.returns)
        return
    is_met = True
    for database in asked.database or servers.DATABASES:
        with servers.site(database) as site:
            if site is None:
                print(f"{database}: skipped, not installed")
                continue
            is_met &= measure(site, asked.returns, asked.months)
    sys.exit(0 if is_met else 1)


def measure(site: Site, count: int, months: int) -> bool:
    """Let a site decide on the returns; return whether it was quick enough."""
    print(f"{site.database}: {count} returns, {months} months before them")
    many = ("--units", str(count), "--months", str(months))
    site.run("benchmarks.population", *many)
    text = site.run("benchmarks.accepting", "--inside", "--returns", str(count))
    print(text, end="", flush=True)
    return "MISSED" not in text


def inside(count: int) -> None:
    """Send the returns, decide on them rung by rung, and print how long it took."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongket.config.settings"
    import django

    django.setup()
    from tongket.records import scope

    with scope.whole("a benchmark"):
        pack, opened = sent(count)
        for name in ("district", "province"):
            took, slowest, decided, left = decide(pack, opened, name)
            print(
                f"  {name}: {decided} decided, {left} left in {took:.1f} s, "
                f"slowest portion {slowest * 1000:.0f} ms"
            )
            print(verdict(f"in bulk in ≤ {LIMIT:g} s: {took:.1f} s", took <= LIMIT))
            print(
                verdict(
                    f"a portion in ≤ {PORTION_LIMIT:g} s: {slowest:.2f} s",
                    slowest <= PORTION_LIMIT,
                )
            )


def sent(count: int) -> tuple[Any, ...]:
    """Send a return of every commune for the last period, unexamined."""
    from tongket.cycle import collect
    from tongket.domain.figures import read_cell
    from tongket.office import clock, facts
    from tongket.records.models import OpenPeriod
    from tongket.records.register import register

    pack, now = facts.pack(), clock.now()
    opened = OpenPeriod.objects.filter(scheme=packs.SCHEME).latest("start_on")
    units = register().on(opened.end_on).of_kind("commune")[:count]
    sendings = []
    for number, unit in enumerate(units):
        typed = packs.values(number % 5).items()
        cells = {key: read_cell(text) for key, text in typed}
        words = {"*": "Đã kiểm tra, đúng thực tế."}
        sendings.append(
            collect.Sending(unit.unit, packs.FORM, cells, now, "WEB", words)
        )
    begun = time.perf_counter()
    given = {"pack": pack, "opened": opened, "by": "sender", "at": now}
    collect.receive(sendings=sendings, **given)
    print(f"  sent in {time.perf_counter() - begun:.1f} s (not counted)")
    return pack, opened


def decide(pack: Any, opened: Any, kind: str) -> tuple[float, float, int, int]:
    """Decide on all that waits for a level; return seconds, slowest, decided, left."""
    from tongket.cycle import check
    from tongket.cycle.check import bulk
    from tongket.office import clock
    from tongket.records.register import register

    now = clock.now()
    tree = register().on(now.date())
    seats = [check.Seat(unit.unit) for unit in tree.of_kind(kind)]
    begun = time.perf_counter()
    versions = [
        each
        for each in check.last_versions_waiting(pack, seats, now.date())
        if each.of.period_id == opened.pk
    ]
    made = bulk.start(versions=versions, by=f"reviewer-{kind}", at=now)
    slowest = 0.0
    while made.ended_at is None:
        portion = time.perf_counter()
        made = bulk.step(pack=pack, bulk=made, seats=seats, at=now)
        slowest = max(slowest, time.perf_counter() - portion)
    took = time.perf_counter() - begun
    return took, slowest, len(versions) - len(made.left), len(made.left)


if __name__ == "__main__":
    main()
