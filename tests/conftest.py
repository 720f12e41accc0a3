"""What every test shares: property-test profiles and the rules for browser tests."""

import os
import shutil
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.db.backends.postgresql import operations as postgresql
from django.db.backends.sqlite3.base import DatabaseOperations
from hypothesis import HealthCheck, settings
from tests.postgres import APPLICATION

from tongket.records import scope

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile(
    "ci",
    derandomize=True,
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("default", max_examples=100, deadline=None)
settings.register_profile("long", max_examples=5000, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "default")

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests last; skip them where Chromium is missing, fail in CI.

    Playwright's loop stays in the thread once it has started, and Django refuses to
    touch the database beside a loop: no other test may follow.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if CHROMIUM is not None:
        return
    skipped = [item for item in items if item.get_closest_marker("browser")]
    if skipped and os.environ.get("CI"):
        raise pytest.UsageError("Chromium is missing, and CI=true allows no skipping")
    for item in skipped:
        item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let a browser test reach the database although Playwright's loop is running."""
    if item.get_closest_marker("browser"):
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(autouse=True, scope="session")
def _whole_outside_requests() -> Iterator[None]:
    """Let a test and its threads see every row; a request starts at nobody's."""
    run = threading.Thread.run

    def run_whole(self: threading.Thread) -> None:
        with scope.whole("a thread of a test"):
            run(self)

    with pytest.MonkeyPatch.context() as patch, scope.whole("a test"):
        patch.setattr(threading.Thread, "run", run_whole)
        yield


@pytest.fixture(autouse=True, scope="session")
def _emptied_between_tests() -> Iterator[None]:
    """Let the test runner empty append-only tables, which refuse it on SQLite.

    Only where a test commits (browser tests).
    """
    flush = DatabaseOperations.execute_sql_flush

    def flush_without_triggers(self: Any, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master "
                "WHERE type = 'trigger' AND name LIKE 'records\\_%' ESCAPE '\\'"
            )
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            flush(self, statements)
            for _, statement in triggers:
                cursor.execute(statement)

    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "execute_sql_flush", flush_without_triggers)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The system's Chromium, driven by Playwright; pages are closed by their test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


MAY = f"""
    GRANT USAGE ON SCHEMA public TO {APPLICATION};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public
        TO {APPLICATION};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION};
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let the owner make the tables of PostgreSQL, and every test be another role."""
    if connection.vendor != "postgresql":
        yield
        return
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION])
            if not cursor.fetchone():
                cursor.execute(f"CREATE ROLE {APPLICATION} NOLOGIN NOBYPASSRLS")
            cursor.execute(MAY)
        connection.settings_dict["OPTIONS"]["assume_role"] = APPLICATION
        connection.close()
    yield
    with django_db_blocker.unblock():
        connection.close()
    del connection.settings_dict["OPTIONS"]["assume_role"]


@pytest.fixture(autouse=True, scope="session")
def _emptied_by_the_owner() -> Iterator[None]:
    """Let the test runner empty tables of PostgreSQL, which no role of ours may.

    Only where a test commits.
    """
    flush = postgresql.DatabaseOperations.execute_sql_flush

    def flush_as_owner(self: Any, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            # The tables that only grow refuse it, even to their owner.
            cursor.execute("SET session_replication_role = replica")
        flush(self, statements)
        with self.connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")
            cursor.execute(f"SET ROLE {APPLICATION}")

    patch = pytest.MonkeyPatch()
    patch.setattr(postgresql.DatabaseOperations, "execute_sql_flush", flush_as_owner)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep SQLite's test database in a file, so that every thread has a connection.

    In memory Django lends one connection to all threads of the live server; a request
    that a closing page abandons would then roll back what the next test writes.
    """
    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "tests.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(path)
