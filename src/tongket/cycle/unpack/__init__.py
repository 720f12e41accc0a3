"""Unpack ("nhận tệp"): many workbooks at once, each with its own outcome.

A wrong workbook does not keep the others out: what is right in it is kept as typed in
the draft, and it goes back to its sender with every mistake marked (`marked`).
"""

from tongket.cycle.unpack.archives import Entry, survey
from tongket.cycle.unpack.keeping import (
    begin,
    finish,
    marked,
    note,
    outcomes_of,
    zipped,
)
from tongket.cycle.unpack.merging import presents
from tongket.cycle.unpack.outcomes import Outcome, State
from tongket.cycle.unpack.taking import groups, unpack

__all__ = [
    "Entry",
    "Outcome",
    "State",
    "begin",
    "finish",
    "groups",
    "marked",
    "note",
    "outcomes_of",
    "presents",
    "survey",
    "unpack",
    "zipped",
]
