"""What can nothing on this machine beat: a page that asks nothing, a bare insert?

A figure of the product says little without them: a slow disk makes every sending slow.
"""

import os
import sqlite3
import time

import psycopg

from benchmarks import servers
from benchmarks.clients import Browser

TIMES = 200


def page(server: servers.Server) -> list[float]:
    """Return how long the server takes for a file of the design, which asks nothing."""
    browser, times = Browser(server), []
    for _ in range(TIMES):
        answer = browser.ask("GET", "/static/tongket/icon.svg", "")
        times.append(answer.seconds)
    browser.close()
    return times


def insert(site: servers.Site) -> list[float]:
    """Return how long the database takes to keep one row of 3,000 bytes for good."""
    if site.database == "sqlite":
        return _sqlite(site)
    with psycopg.connect(site.environment["TONGKET_DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE floor (kept text)")
        connection.commit()
        times = []
        for _ in range(TIMES):
            began = time.perf_counter()
            connection.execute("INSERT INTO floor VALUES (%s)", ["k" * 3000])
            connection.commit()
            times.append(time.perf_counter() - began)
        return times


def _sqlite(site: servers.Site) -> list[float]:
    path = os.path.join(site.environment["TONGKET_DATA_DIR"], "floor.sqlite3")
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE floor (kept TEXT)")
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        connection.execute("INSERT INTO floor VALUES (?)", ["k" * 3000])
        times.append(time.perf_counter() - began)
    connection.close()
    return times
