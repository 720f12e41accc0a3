"""Invite ("mời dùng"): how do people get into the accounts that are made for them?

A list of people (`lists`) makes accounts without a password; a link (`links`) lets the
owner set one, once.
"""

from tongket.cycle.invite.links import (
    Link,
    LinkExpired,
    LinkRevoked,
    LinkUnknown,
    LinkUsed,
    found,
    links,
    reset_link,
    revoke_links,
    take_up,
)
from tongket.cycle.invite.lists import (
    MAKES,
    ROLE_WORDS,
    Outcome,
    alone,
    carry_out,
    dry_run,
    for_every,
    for_one,
)

__all__ = [
    "MAKES",
    "ROLE_WORDS",
    "Link",
    "LinkExpired",
    "LinkRevoked",
    "LinkUnknown",
    "LinkUsed",
    "Outcome",
    "alone",
    "carry_out",
    "dry_run",
    "for_every",
    "for_one",
    "found",
    "links",
    "reset_link",
    "revoke_links",
    "take_up",
]
