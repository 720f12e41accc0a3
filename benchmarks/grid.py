"""Does the entry grid answer at once? Its page of 80 cells, and a cell that is left.

One typist alone, then eight at once, on a register of 12,000 communes with a year of
returns behind them. Beside them stands the floor: a page that asks nothing.
"""

import argparse
import sys
import threading
from collections.abc import Callable
from typing import Any

from benchmarks import clients, figures, floors, packs, population, servers
from benchmarks.clients import Answer, Browser

WANTED = 0.2  # seconds, for 95 of 100


def main() -> int:
    """Measure page and cell on each database that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=12_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--typists", type=int, default=8)
    parser.add_argument("--only", choices=servers.DATABASES)
    asked = parser.parse_args()
    met = [run(name, asked) for name in servers.DATABASES if asked.only in (None, name)]
    return 0 if all(met) else 1


def run(database: str, asked: argparse.Namespace) -> bool:
    """Measure one database; return whether the target is met by a typist alone."""
    with servers.site(database) as site:
        if site is None:
            print(f"{database}: skipped, not installed")
            return True
        site.run("benchmarks.population", "--units", str(asked.units))
        told = population.read(site.folder)
        with servers.serving(site) as server:
            floor = floors.page(server)
            measure(server, told, [told["people"][-1]], 20)  # the facts are loaded
            alone = measure(server, told, told["people"][:1], asked.times)
            many = measure(
                server, told, told["people"][1 : asked.typists + 1], asked.times // 4
            )
    print(f"\n{database}: {asked.units:,} communes, {len(packs.MEASURES)} cells")
    for name, (pages, cells) in (("alone", alone), (f"{asked.typists} at once", many)):
        print(f"  page, {name:<10} {figures.spread(pages)}")
        print(f"  cell, {name:<10} {figures.spread(cells)}")
    print(f"  floor: bare page {figures.spread(floor)}")
    targets = {
        f"page p95 ≤ {WANTED} s": figures.percentile(alone[0], 95) <= WANTED,
        f"cell p95 ≤ {WANTED} s": figures.percentile(alone[1], 95) <= WANTED,
    }
    print("\n".join(figures.verdict(*each) for each in targets.items()))
    return all(targets.values())


def measure(
    server: servers.Server,
    told: dict[str, Any],
    people: list[dict[str, str]],
    times: int,
) -> tuple[list[float], list[float]]:
    """Let each person open the page and leave one cell, so many times."""
    pages: list[float] = []
    cells: list[float] = []

    def work(person: dict[str, str]) -> Callable[[], None]:
        return lambda: type_on(Browser(server), told, person, times, pages, cells)

    threads = [threading.Thread(target=work(person)) for person in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if len(cells) < times * len(people):
        raise RuntimeError("a cell was not saved")
    return pages, cells


def type_on(
    browser: Browser,
    told: dict[str, Any],
    person: dict[str, str],
    times: int,
    pages: list[float],
    cells: list[float],
) -> None:
    """Open the page and leave a cell, again and again."""
    place, session = clients.address(told, person["unit"]), person["session"]
    last: dict[str, int] = {}
    for number in range(times):
        pages.append(_right(browser.ask("GET", f"{place}nhap/", session)).seconds)
        measure = packs.MEASURES[number % len(packs.MEASURES)]
        edit = clients.edit(measure, str(number), last.get(measure, 0))
        answer = _right(clients.save(browser, place, session, 0, [edit]))
        last[measure] = number + 1
        cells.append(answer.seconds)
    browser.close()


def _right(answer: Answer) -> Answer:
    if answer.status != 200:
        raise RuntimeError(f"answered {answer.status}: {answer.body[:300]!r}")
    return answer


if __name__ == "__main__":
    sys.exit(main())
