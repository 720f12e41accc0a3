"""How is a role told to a person: which, where, from when until when, and is it on?"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext

from tongket.cycle.enrol import unit_name
from tongket.cycle.invite import ROLE_WORDS
from tongket.domain.access import Role
from tongket.domain.units import Tree
from tongket.office.entrance import Actor
from tongket.records.models import Membership


def role(key: str) -> str:
    """Return what a role is called on the page."""
    return gettext(ROLE_WORDS[Role(key)])


def state(row: Membership, day: dt.date) -> tuple[str, str, str]:
    """Return whether a role is on: its key, words and tone."""
    if row.start_on > day:
        return "later", gettext("Chưa bắt đầu"), "info"
    if row.end_on is not None and row.end_on < day:
        return "ended", gettext("Đã kết thúc"), "neutral"
    return "now", gettext("Đang giữ"), "good"


def membership(row: Membership, actor: Actor) -> dict[str, Any]:
    """Return a role as lists show it."""
    return told(row, actor.tree)


def told(row: Membership, tree: Tree) -> dict[str, Any]:
    """Return a role as lists show it, with the unit's name of the tree's day."""
    key, words, tone = state(row, tree.day)
    return {
        "row": row,
        "role": role(row.role),
        "unit": unit_name(row.unit.key, tree),
        "state": key,
        "words": words,
        "tone": tone,
    }


def outside_its_days(row: Membership, tree: Tree) -> str:
    """Return the sentence for a role that is not on today, "" for one that is."""
    which = {"role": role(row.role), "unit": unit_name(row.unit.key, tree)}
    match state(row, tree.day)[0]:
        case "later":
            words = gettext(
                "Vai trò %(role)s của bạn tại %(unit)s bắt đầu ngày %(day)s."
            )
            return words % {**which, "day": f"{row.start_on:%d/%m/%Y}"}
        case "ended":
            words = gettext(
                "Vai trò %(role)s của bạn tại %(unit)s đã hết ngày %(day)s."
            )
            return words % {**which, "day": f"{row.end_on:%d/%m/%Y}"}
    return ""
