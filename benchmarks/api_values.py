"""How long do 100,000 values by JSON take, from the request to the answer?

One request to `POST /api/v1/values/bulk` over HTTP: 1,250 communes with 80 values each,
judged, laid over what stands, sent as versions, examined and logged. Beside it, in the
same run: the trial that writes nothing, the same request again (everything unchanged),
figures so odd that every cell makes a finding, one value of each return changed, and
whole returns one request at a time.
"""

import argparse
import gzip
import http.client
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import packs, population, servers
from benchmarks.figures import spread, verdict
from benchmarks.servers import Server, Site

VALUES = 100_000
LIMIT = 20.0  # seconds
ONE_BY_ONE = 100  # returns sent in requests of their own, to be compared with
PATIENCE = 300  # seconds until a request counts as failed


def main() -> None:
    """Measure each database that is there, or make the key inside a site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=VALUES)
    parser.add_argument("--database", choices=servers.DATABASES, action="append")
    parser.add_argument("--key", action="store_true", help="used by the run itself")
    asked = parser.parse_args()
    if asked.key:
        print(make_key())
        return
    is_met = True
    for database in asked.database or servers.DATABASES:
        with servers.site(database) as site:
            if site is None:
                print(f"{database}: skipped, not installed")
                continue
            is_met &= measure(site, asked.values)
    sys.exit(0 if is_met else 1)


def make_key() -> str:
    """Return a key of a clerk who files for the whole province."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongket.config.settings"
    import django

    django.setup()
    from tongket.cycle import connect, enrol
    from tongket.domain.access import Role
    from tongket.office import clock, facts

    at = clock.now()
    clerk = enrol.Newcomer("clerk", "", Role.CLERK, facts.pack().province, at.date())
    (user,) = enrol.enrol(newcomers=[clerk], password="!", by=population.BY, at=at)
    _, key = connect.issue(
        user=user,
        name="benchmark",
        scopes=list(connect.Scope),
        until=at.date(),
        by=population.BY,
        at=at,
    )
    return key


def measure(site: Site, values: int) -> bool:
    """Print how long each way takes; return whether the limit is met."""
    units = -(-values // len(packs.MEASURES))
    site.run("benchmarks.population", "--units", str(units), "--months", "2")
    key = site.run("benchmarks.api_values", "--key").strip()
    told = population.read(site.folder)
    place = {name: told[name] for name in ("scheme", "period", "form")}
    keys = [person["unit"] for person in told["people"]]
    rows = list(flat(keys, sound))[:values]
    print(f"{site.database}: {len(rows):,} values of {units:,} returns")
    with servers.serving(site) as server:
        caller = Caller(server, key)
        bulk, seconds = {**place, "values": rows}, {}
        seconds["trial, nothing written"] = caller.bulk({**bulk, "dry_run": True})
        seconds["one request"] = first = caller.bulk(bulk)
        seconds["the same again, nothing new"] = caller.bulk(bulk)
        odd = {**place, "values": list(flat(keys, startling))[:values]}
        seconds["every cell changed and odd"] = caller.bulk(odd)
        changed = {**place, "values": rows[:: len(packs.MEASURES)]}
        for row in changed["values"]:
            row["value"] = "777"
        seconds["one value of each return changed"] = caller.bulk(changed)
        single = [caller.one(place, unit) for unit in keys[:ONE_BY_ONE]]
    for name, took in seconds.items():
        print(f"  {name:34} {took:6.2f} s")
    whole = sum(single) / len(single) * units
    print(f"  one by one, {len(single)} measured: {spread(single)}")
    ratio = f"{whole / first:.1f} × one request"
    print(f"  so all of them one by one{whole:19.2f} s = {ratio}")
    is_met = first <= LIMIT
    print(verdict(f"{len(rows):,} values in {LIMIT:.0f} s", is_met))
    return is_met


def sound(number: int) -> dict[str, str]:
    """Return figures a little above those of the months before: nothing is odd."""
    return packs.values(3 + number % 3)


def startling(number: int) -> dict[str, str]:
    """Return figures far above the months before: every cell makes a finding."""
    return packs.values(1000 + number)


def flat(
    units: list[str], figures: Callable[[int], dict[str, str]]
) -> Iterator[dict[str, Any]]:
    """Yield every value of a return of each unit."""
    for number, unit in enumerate(units):
        for measure_key, text in figures(number).items():
            yield {"unit": unit, "measure": measure_key, "value": text}


class Caller:
    """A program with a key, on one kept connection."""

    def __init__(self, server: Server, key: str) -> None:
        self.headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            **server.headers,
        }
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", server.port, timeout=PATIENCE
        )

    def bulk(self, body: dict[str, Any]) -> float:
        """Send a list of values; return the seconds from the request to the answer."""
        took, answer = self._post("/api/v1/values/bulk", body)
        assert answer["status"] == "SUCCESS", answer["conflicts"][:3]
        assert sum(answer["counts"].values()) == len(body["values"]), answer["counts"]
        return took

    def one(self, place: dict[str, str], unit: str) -> float:
        """Send one whole return by itself."""
        cells = packs.values(6)
        body = {**place, "unit": unit, "cells": cells}
        took, answer = self._post("/api/v1/returns", body)
        assert answer["status"] == "SUCCESS", answer["conflicts"][:3]
        return took

    def _post(self, path: str, body: dict[str, Any]) -> tuple[float, Any]:
        content = gzip.compress(json.dumps(body).encode(), 1)
        headers = {**self.headers, "Content-Encoding": "gzip"}
        began = time.perf_counter()
        self.connection.request("POST", path, content, headers)
        response = self.connection.getresponse()
        text = response.read()
        took = time.perf_counter() - began
        assert response.status < 300, (response.status, text[:500])
        return took, json.loads(text)


if __name__ == "__main__":
    main()
