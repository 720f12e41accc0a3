"""The short form of `make kill`: six kills on SQLite, and a control that is caught.

The long form (200 kills, PostgreSQL too) is a benchmark: benchmarks/kill.py.
"""

import os

import pytest
from benchmarks import kill, power

SEED = 11


@pytest.mark.kill
def test_nothing_that_was_acknowledged_is_lost_when_the_server_is_killed() -> None:
    outcome = kill.run("sqlite", 6, SEED)

    assert outcome is not None
    edits, returns = outcome.ledger.told
    assert outcome.kills == 6
    assert edits > 0
    assert returns > 0
    assert (outcome.problems, outcome.ledger.errors) == ([], [])


@pytest.mark.kill
@pytest.mark.skipif(
    power.compiler() is None and not os.environ.get("CI"), reason="no C compiler"
)
def test_a_database_that_does_not_wait_for_the_disk_is_caught() -> None:
    outcome = kill.run("sqlite", 4, SEED, is_careless=True)

    assert outcome is not None
    assert [line for line in outcome.problems if "LOST" in line]
