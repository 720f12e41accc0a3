"""Whose decision does a return wait for? The rungs above each kind of unit, by date.

A ladder ("các cấp duyệt") names, for a kind of unit, the kinds of unit that decide on
its return, the lowest first. A lower rung approves, the last one accepts. Where a level
has no unit on the day (districts after 30/06/2025, an agency right under the province),
the return goes on to the next. A kind that names itself is decided by a second person
of the same unit: nobody stands above it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tongket.domain.dated import Dated
from tongket.domain.sentences import Refusal
from tongket.domain.units import Register, Tree


class NoReviewer(Refusal, LookupError):
    """Nobody decides on the returns of the unit on a day."""

    words = (
        "Chưa có cấp duyệt báo cáo của {unit} vào ngày {day:%d/%m/%Y}; bổ sung loại "
        "đơn vị này vào ladder.yaml."
    )


@dataclass(frozen=True, slots=True)
class Ladder:
    """For each kind of unit the kinds that decide on its return, lowest first."""

    by_kind: Mapping[str, Dated[tuple[str, ...]]]

    def rungs(self, unit: str, tree: Tree) -> tuple[str, ...]:
        """Return the units that decide on a return of `unit`, the lowest first.

        They are the nearest units above (the unit itself where its kind says so) of the
        kinds that the tree's day asks for; never none, for then the unit is refused.
        """
        return tuple(self._rungs(unit, tree, self._asked(unit, tree)))

    def rungs_on(self, unit: str, register: Register, day: dt.date) -> tuple[str, ...]:
        """Return the rungs on a day, also for a unit that ended before it.

        The return of such a unit goes to what its own rungs have become by then, as far
        as that still is a rung: the province stays one, an abolished district does not.
        """
        tree, life = register.on(day), register.life(unit)
        if unit in tree or not life:
            return self.rungs(unit, tree)
        before = [version for version in life if version.start <= day]
        last = (before or life)[-1].end or day
        old = register.on(min(last, day) if before else life[0].start)
        found: dict[str, None] = {}
        for rung in self.rungs(unit, old):
            kind = old[rung].kind
            for heir in register.became(rung, on=day):
                if heir in tree and tree[heir].kind == kind:
                    found[heir] = None
        if not found:
            raise NoReviewer(unit=life[-1].name, day=day)
        return tuple(found)

    def _asked(self, unit: str, tree: Tree) -> tuple[str, ...]:
        version = tree[unit]
        if version.kind not in self.by_kind:
            raise NoReviewer(unit=version.name, day=tree.day)
        return self.by_kind[version.kind].on(tree.day).value

    def _rungs(self, unit: str, tree: Tree, asked: tuple[str, ...]) -> Iterator[str]:
        above, count = tree.ancestors(unit), 0
        for kind in asked:
            for each in above:
                if tree[each].kind == kind:
                    count += 1
                    yield each
                    break
        if not count:
            raise NoReviewer(unit=tree[unit].name, day=tree.day)
