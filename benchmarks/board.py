"""Does the board answer at once for 12,000 units and twelve months?

The province's front view with its sums, one district with its communes, and a search
among all units; each page is asked for again and again. Beside them stands the floor:
a page that asks nothing. The whole export is timed once, and held to no target.
"""

import argparse
import datetime as dt
import json
import os
import sys

from benchmarks import figures, floors, packs, servers
from benchmarks.clients import Browser

WANTED = 0.5  # seconds, for 95 of 100
BOARD = "/van-phong/bang-theo-doi/"


def main() -> int:
    """Measure the board on each database that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=12_000)
    parser.add_argument("--months", type=int, default=11, help="before the open one")
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--only", choices=servers.DATABASES)
    parser.add_argument("--quick", action="store_true", help="small, for a test")
    parser.add_argument("--sign-in", action="store_true", help="on a site, by itself")
    asked = parser.parse_args()
    if asked.sign_in:
        print(json.dumps(sign_in()))
        return 0
    if asked.quick:
        asked.units, asked.months, asked.times = 300, 2, 3
        asked.only = asked.only or "sqlite"
    met = [run(name, asked) for name in servers.DATABASES if asked.only in (None, name)]
    return 0 if all(met) else 1


def run(database: str, asked: argparse.Namespace) -> bool:
    """Measure one database; return whether every page meets the target."""
    with servers.site(database) as site:
        if site is None:
            print(f"{database}: skipped, not installed")
            return True
        size = ("--units", str(asked.units), "--months", str(asked.months))
        site.run("benchmarks.population", *size)
        told = json.loads(site.run("benchmarks.board", "--sign-in").splitlines()[-1])
        with servers.serving(site, "--workers", "1", "--no-worker") as server:
            floor = floors.page(server)
            times = measure(server, told, asked)
    columns = asked.months + 1
    print(f"\n{database}: {asked.units:,} units × {columns} periods")
    for name, found in times.items():
        print(f"  {name:<22} {figures.spread(found)}")
    print(f"  {'floor: bare page':<22} {figures.spread(floor)}")
    met = {
        f"{name} p95 ≤ {WANTED} s": figures.percentile(found, 95) <= WANTED
        for name, found in times.items()
        if name != "whole export, once"
    }
    print("\n".join(figures.verdict(*each) for each in met.items()))
    return all(met.values())


def sign_in() -> dict[str, str]:
    """Give the standing office an account that is signed in; return its session."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongket.config.settings"
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client

    from tongket.office import facts
    from tongket.records.models import Membership, Unit

    province, user = facts.pack().province, User.objects.create_user("board")
    Membership.objects.create(
        user=user,
        role="STANDING_OFFICE",
        unit=Unit.objects.get(key=province),
        start_on=dt.date(2023, 1, 1),
    )
    client = Client()
    client.force_login(user)
    above = Unit.objects.filter(key__startswith="b-d").first()
    district = above.key if above else facts.tree().children(province)[0]
    session = client.cookies["sessionid"].value
    return {"office": session, "province": province, "district": district}


def measure(
    server: servers.Server, told: dict[str, str], asked: argparse.Namespace
) -> dict[str, list[float]]:
    """Return how long each page took, the first time (facts are read) left out."""
    chosen = f"{BOARD}?nam=2023&bieu={packs.SCHEME}:{packs.FORM}"
    province = f"{chosen}&don-vi={told['province']}"
    pages = {
        "province, by district": province,
        "one district": f"{chosen}&don-vi={told['district']}",
        "search among all": f"{province}&q=th%E1%BB%AD%201",
        "most overdue first": f"{province}&xep=con-thieu",
    }
    browser, found = Browser(server), {}
    for name, address in pages.items():
        ask(browser, address, told["office"])
        found[name] = [
            ask(browser, address, told["office"]) for _ in range(asked.times)
        ]
    export = ask(browser, f"{province}&tai=csv", told["office"])
    browser.close()
    return {**found, "whole export, once": [export]}


def ask(browser: Browser, address: str, session: str) -> float:
    """Open a page of the board; return how long it took."""
    answer = browser.ask("GET", address, session)
    if answer.status != 200:
        raise RuntimeError(f"answered {answer.status}: {answer.body[:300]!r}")
    return answer.seconds


if __name__ == "__main__":
    sys.exit(main())
