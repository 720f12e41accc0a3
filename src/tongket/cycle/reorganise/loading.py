"""How do the units of a pack come into the records, first and when the pack grows?

A pack never overrules what the standing office entered itself: a unit that the records
know is brought up to date only while all that is recorded of it came from the pack, as
an earlier stage of what the pack tells now.
"""

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction

from tongket.cycle.reorganise import applying, writing
from tongket.cycle.reorganise.writing import State
from tongket.domain.units import Register
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.register import SUBJECT, register


@transaction.atomic
def load_units(*, pack: Pack, by: str, at: dt.datetime) -> int:
    """Bring the pack's units into the records; return how many are new or grew.

    Refuses when what the pack tells does not stand together with what the standing
    office entered.
    """
    applying.lock()
    before = register()
    old, new = writing.states(before), writing.states(pack.register)
    fresh = {unit for unit in new if unit not in old}
    grown = {unit for unit in new if unit in old and _has_grown(old[unit], new[unit])}
    if not fresh | grown:
        return 0
    writing.write(before, _with(before, pack.register, fresh | grown))
    told = {"new": len(fresh), "grown": len(grown), "pack": pack.fingerprint}
    audit.record([audit.Act("load_units", SUBJECT, told)], by=by, at=at)
    return len(fresh | grown)


def _has_grown(old: State, new: State) -> bool:
    """Whether what is recorded is an earlier stage of what the pack tells now."""
    if old == new or len(old["versions"]) > len(new["versions"]):
        return False
    # Only the latest version may have been open, and then have ended.
    *closed, last = old["versions"]
    (start, end, *fields), place = last, len(closed)
    start_now, end_now, *fields_now = new["versions"][place]
    return (
        closed == new["versions"][:place]
        and (start, fields) == (start_now, fields_now)
        and end in {None, end_now}
        and _holds(new["lineage"], old["lineage"])
        and _stays_hold(new["groups"], old["groups"])
    )


def _holds(more: list[list[Any]], fewer: list[list[Any]]) -> bool:
    return not Counter(map(tuple, fewer)) - Counter(map(tuple, more))


def _stays_hold(more: list[list[Any]], fewer: list[list[Any]]) -> bool:
    ends = {(group, start): end for group, start, end in more}
    return all(
        (group, start) in ends and end in {None, ends[group, start]}
        for group, start, end in fewer
    )


def _with(before: Register, pack: Register, taken: set[str]) -> Register:
    """Return the register in which some units are told as the pack tells them."""
    return Register(
        [
            *(row for row in before.versions if row.unit not in taken),
            *(row for row in pack.versions if row.unit in taken),
        ],
        [
            *(row for row in before.lineage if row.old not in taken),
            *(row for row in pack.lineage if row.old in taken),
        ],
        [
            *(row for row in before.memberships if row.unit not in taken),
            *(row for row in pack.memberships if row.unit in taken),
        ],
    )
