"""Does the last evening before a deadline hold? 12,000 returns over HTTP.

Paced: each commune, its form open since before, sends it and reads the receipt, at
instants drawn at random around a rate; a time counts from that instant, so a server
that falls behind is seen to. Visits: as fast as some clients can, each opens the form,
sends a correction and reads the receipt. Beside them stand the floors: a page without
a database and an insert that reaches the disk.
"""

import argparse
import itertools
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks import clients, figures, floors, packs, population, servers
from benchmarks.clients import Browser, NotAnswered

RATE = 33.0  # returns a second; the target is 30
CLIENTS = 32
WANTED_RATE, WANTED_P95 = 30, 0.8


@dataclass
class Tally:
    """What the senders saw; one lock, for they all write here."""

    sent: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    receipts: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0
    busy: float = 0.0  # seconds of processor time that the server used
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def rate(self) -> float:
        """Returns acknowledged in a second."""
        return len(self.sent) / (self.ended - self.began)


def main() -> int:
    """Run the rush on each database that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=12_000)
    parser.add_argument("--seconds", type=float, default=30, help="of visits, flat out")
    parser.add_argument("--rate", type=float, default=RATE, help="returns a second")
    parser.add_argument("--only", choices=servers.DATABASES)
    parser.add_argument("--workers", default="", help="of the server; its own choice")
    asked = parser.parse_args()
    met = [run(name, asked) for name in servers.DATABASES if asked.only in (None, name)]
    return 0 if all(met) else 1


def run(database: str, asked: argparse.Namespace) -> bool:
    """Run paced and flat out on one database; return whether the targets are met."""
    with servers.site(database) as site:
        if site is None:
            print(f"{database}: skipped, not installed")
            return True
        site.run("benchmarks.population", "--units", str(asked.units))
        told = population.read(site.folder)
        options = ("--workers", asked.workers) if asked.workers else ()
        with servers.serving(site, *options) as server:
            floor = floors.page(server)
            paced = rush(server, told, asked.rate)
            flat = visits(server, told, asked.seconds)
        insert = floors.insert(site)
    print(f"\n{database}: {asked.units:,} communes, {len(packs.MEASURES)} cells each")
    show(f"paced at {asked.rate:g}/s", paced)
    show(f"visits, {CLIENTS} clients flat out", flat)
    print(f"  floor: page without database   {figures.spread(floor)}")
    print(f"  floor: insert on disk          {figures.spread(insert)}")
    if flat.sent:
        ratio = figures.percentile(flat.sent, 50) / figures.percentile(insert, 50)
        print(f"  one sending under load = {ratio:.0f} inserts")
    targets = {
        f"≥ {WANTED_RATE} returns a second": paced.rate >= WANTED_RATE,
        f"p95 < {WANTED_P95} s": figures.percentile(paced.sent, 95) < WANTED_P95,
        "no error": not paced.errors and not flat.errors,
    }
    print("\n".join(figures.verdict(*each) for each in targets.items()))
    return all(targets.values())


def show(name: str, tally: Tally) -> None:
    """Print what one phase came to."""
    print(f"  {name}: {len(tally.sent):,} sent, {tally.rate:.1f}/s")
    if tally.pages:
        print(f"    form opened   {figures.spread(tally.pages)}")
    print(f"    sent          {figures.spread(tally.sent)}")
    print(f"    receipt read  {figures.spread(tally.receipts)}")
    if tally.sent:
        each = tally.busy / len(tally.sent) * 1000
        print(f"    the server worked {each:.1f} ms a return")
    for error, times in _counted(tally.errors):
        print(f"    ERROR × {times}: {error}")


def _counted(errors: list[str]) -> Iterator[tuple[str, int]]:
    for error, group in itertools.groupby(sorted(errors)):
        yield error, len(list(group))


def rush(server: servers.Server, told: dict[str, Any], rate: float) -> Tally:
    """Let every commune send once, at random instants around a rate."""
    chance, instant = random.Random(12_000), 0.0
    waiting = []
    for number, person in enumerate(told["people"]):
        instant += chance.expovariate(rate)
        waiting.append((instant, number, person))
    upcoming, tally = iter(waiting), Tally()
    started = time.perf_counter()

    def work() -> None:
        browser = Browser(server)
        while True:
            with tally.lock:
                following = next(upcoming, None)
            if following is None:
                return
            due, number, person = following
            time.sleep(max(0.0, started + due - time.perf_counter()))
            late = max(0.0, time.perf_counter() - started - due)
            file(browser, told, person, number, tally, late=late)

    return _with_clients(server, work, tally)


def visits(server: servers.Server, told: dict[str, Any], seconds: float) -> Tally:
    """Let a few clients send corrections one after the other, without a pause."""
    people, tally = itertools.cycle(told["people"]), Tally()
    until = time.perf_counter() + seconds
    seeds = itertools.count(100_000)  # other figures than those of the paced phase

    def work() -> None:
        browser = Browser(server)
        while time.perf_counter() < until:
            with tally.lock:
                person, seed = next(people), next(seeds)
            file(browser, told, person, seed, tally, is_visit=True)

    return _with_clients(server, work, tally)


def file(
    browser: Browser,
    told: dict[str, Any],
    person: dict[str, str],
    seed: int,
    tally: Tally,
    *,
    late: float = 0.0,
    is_visit: bool = False,
) -> None:
    """Send the form and read the receipt; a visit opens the form first.

    Every answer but the expected one is an error.
    """
    place, session = clients.address(told, person["unit"]), person["session"]
    try:
        before, edits = 0, 0
        if is_visit:
            page = browser.ask("GET", f"{place}nhap/", session)
            before, edits = clients.seen(page.body)
        values = packs.values(seed)
        sent = clients.submit(browser, place, session, values, before, edits)
        receipt = browser.ask(
            "GET", sent.location or place, session, message=sent.message
        )
    except NotAnswered as error:
        with tally.lock:
            tally.errors.append(f"no answer: {error}")
        return
    is_kept = clients.sent_version(receipt.body) == before + 1
    with tally.lock:
        if (sent.status, receipt.status) == (302, 200) and is_kept:
            if is_visit:
                tally.pages.append(page.seconds)
            # Who waited for a free connection has waited for the server.
            tally.sent.append(sent.seconds + late)
            tally.receipts.append(receipt.seconds)
        else:
            answered = f"{sent.status} {receipt.status}"
            tally.errors.append(f"answered {answered}, kept: {is_kept}")


def _with_clients(
    server: servers.Server, work: Callable[[], None], tally: Tally
) -> Tally:
    before = server.busy()
    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    tally.began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    tally.ended = time.perf_counter()
    tally.busy = server.busy() - before
    return tally


if __name__ == "__main__":
    sys.exit(main())
