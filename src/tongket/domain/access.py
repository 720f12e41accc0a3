"""Who may see and do what, by role, date and place in the tree; default is no.

A grant gives a person one role at one unit between two days. A role holds permissions,
each with a reach: the unit itself, the units below it, or both. What no grant allows is
refused.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tongket.domain.units import Lineage, Tree


class Role(StrEnum):
    """What a person is in the cycle."""

    REPORTER = "REPORTER"
    CLERK = "CLERK"  # files for the units below that send paper or Excel
    REVIEWER = "REVIEWER"
    STANDING_OFFICE = "STANDING_OFFICE"
    COMMITTEE_MEMBER = "COMMITTEE_MEMBER"
    CHAIR = "CHAIR"
    EDITOR = "EDITOR"


class Permission(StrEnum):
    """One thing that may be done, always to a unit."""

    VIEW = "VIEW"  # returns, scores and plans of the unit
    SEND_RETURN = "SEND_RETURN"
    REVIEW_RETURN = "REVIEW_RETURN"
    FILE_PLAN = "FILE_PLAN"
    JUDGE_PLAN = "JUDGE_PLAN"
    RUN_YEAR = "RUN_YEAR"  # open periods, count, score, assign plans, propose, draft
    SIGN = "SIGN"  # decide commendations, sign the report
    PUBLISH = "PUBLISH"
    OVERVIEW = "OVERVIEW"


class Reach(StrEnum):
    """To which units a permission extends, seen from the unit of the grant."""

    OWN = "OWN"
    BELOW = "BELOW"
    OWN_AND_BELOW = "OWN_AND_BELOW"


P, R = Permission, Reach
MAY: Mapping[Role, Mapping[Permission, Reach]] = {
    Role.REPORTER: {P.VIEW: R.OWN, P.SEND_RETURN: R.OWN, P.FILE_PLAN: R.OWN},
    Role.CLERK: {P.VIEW: R.OWN_AND_BELOW, P.SEND_RETURN: R.OWN_AND_BELOW},
    # A reviewer never accepts what the own unit sent: strictly below.
    Role.REVIEWER: {P.VIEW: R.OWN_AND_BELOW, P.REVIEW_RETURN: R.BELOW},
    Role.STANDING_OFFICE: {
        P.VIEW: R.OWN_AND_BELOW,
        P.REVIEW_RETURN: R.BELOW,
        P.JUDGE_PLAN: R.BELOW,
        P.RUN_YEAR: R.OWN_AND_BELOW,
        P.OVERVIEW: R.OWN_AND_BELOW,
    },
    Role.COMMITTEE_MEMBER: {
        P.VIEW: R.OWN_AND_BELOW,
        P.JUDGE_PLAN: R.BELOW,
        P.OVERVIEW: R.OWN_AND_BELOW,
    },
    Role.CHAIR: {
        P.VIEW: R.OWN_AND_BELOW,
        P.SIGN: R.OWN_AND_BELOW,
        P.OVERVIEW: R.OWN_AND_BELOW,
    },
    Role.EDITOR: {P.PUBLISH: R.OWN_AND_BELOW},
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One role at one unit from `start` to `end`, both days included.

    `giver` is the account on whose behalf it is held, "" for one's own.
    """

    role: Role
    unit: str
    start: dt.date
    end: dt.date | None = None
    giver: str = ""

    def holds_on(self, day: dt.date) -> bool:
        """Whether the grant is in force on `day`."""
        return self.start <= day and (self.end is None or day <= self.end)


def _reaches(reach: Reach, own: str, unit: str, tree: Tree) -> bool:
    if unit not in tree:
        return False
    if unit == own:
        return reach is not Reach.BELOW
    return reach is not Reach.OWN and own in tree.ancestors(unit)


def may(grants: Iterable[Grant], permission: Permission, unit: str, tree: Tree) -> bool:
    """Whether any grant in force on the tree's day allows the act on the unit."""
    return any(
        grant.holds_on(tree.day)
        and permission in MAY[grant.role]
        and _reaches(MAY[grant.role][permission], grant.unit, unit, tree)
        for grant in grants
    )


def units_for(
    grants: Iterable[Grant], permission: Permission, tree: Tree
) -> frozenset[str]:
    """Return every unit on which a permission is held: the scope of a list page."""
    found: set[str] = set()
    for grant in grants:
        reach = MAY[grant.role].get(permission)
        if reach is None or not grant.holds_on(tree.day) or grant.unit not in tree:
            continue
        if reach is not Reach.BELOW:
            found.add(grant.unit)
        if reach is not Reach.OWN:
            found.update(tree.descendants(grant.unit)[1:])
    return frozenset(found)


def reached(grants: Iterable[Grant], tree: Tree) -> frozenset[str]:
    """Return every unit of which the grants let anything be seen or done.

    Publishing is left out: it shows what was released, never a unit's own records.
    """
    kept = tuple(grants)
    seen = (each for each in Permission if each is not Permission.PUBLISH)
    return frozenset().union(*(units_for(kept, each, tree) for each in seen))


def with_history(
    units: Iterable[str], tree: Tree, lineage: Iterable[Lineage]
) -> frozenset[str]:
    """Return the units with those whose history is theirs alone.

    That is a unit which no longer stands in the tree, and all of whose successors are
    among the units: a commune reads the returns of what was merged into it, but not
    those of a district that was shared out among many.
    """
    became: dict[str, set[str]] = {}
    for row in lineage:
        became.setdefault(row.old, set()).add(row.new)
    found, before = set(units), -1
    while before != len(found):
        before = len(found)
        found.update(
            old for old, new in became.items() if old not in tree and new <= found
        )
    return frozenset(found)


# Which role gives out which roles, and to which units seen from its own. What is not
# here nobody gives out in the office: the system's administrator does.
GRANTS: Mapping[Role, Mapping[Role, Reach]] = {
    Role.STANDING_OFFICE: dict.fromkeys(Role, Reach.OWN_AND_BELOW),
}
# Who reports from a commune may sign in by password alone; whoever decides, signs,
# publishes or sees other units may not, where the site asks for it.
WITHOUT_SECOND_FACTOR = frozenset({Role.REPORTER, Role.CLERK})


def may_grant(grants: Iterable[Grant], role: Role, unit: str, tree: Tree) -> bool:
    """Whether any grant in force on the tree's day lets its holder give out the role.

    To whom is another question: nobody gives a role to themselves.
    """
    return any(
        grant.holds_on(tree.day)
        and role in GRANTS.get(grant.role, {})
        and _reaches(GRANTS[grant.role][role], grant.unit, unit, tree)
        for grant in grants
    )


def needs_second_factor(grants: Iterable[Grant], day: dt.date) -> bool:
    """Whether any grant in force on `day` asks for more than a password."""
    return any(
        grant.holds_on(day) and grant.role not in WITHOUT_SECOND_FACTOR
        for grant in grants
    )
