"""Reorganise ("sắp xếp"): which units are there, and what became of them?

The pack's list is brought in by `load_units`; everything later is a plan of rows, shown
before it is applied: a list that somebody sent, or one act of the standing office.
"""

from tongket.cycle.reorganise.applying import (
    InUse,
    NothingToTakeBack,
    RegisterChanged,
    apply,
    edition,
    last_change,
    preview,
    take_back,
)
from tongket.cycle.reorganise.lists import (
    ListApplied,
    NothingChosen,
    apply_list,
    drop,
    dry_run,
    lines,
    read_again,
    revived,
)
from tongket.cycle.reorganise.loading import load_units

__all__ = [
    "InUse",
    "ListApplied",
    "NothingChosen",
    "NothingToTakeBack",
    "RegisterChanged",
    "apply",
    "apply_list",
    "drop",
    "dry_run",
    "edition",
    "last_change",
    "lines",
    "load_units",
    "preview",
    "read_again",
    "revived",
    "take_back",
]
