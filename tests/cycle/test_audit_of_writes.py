"""No step of the cycle writes a record without a row in the log, or a reason why not.

The code itself is read: which functions write, which of them reach `audit.record`.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tongket import cycle

ROOT = Path(cycle.__path__[0])
WRITES = {
    "save", "create", "bulk_create", "bulk_update", "get_or_create",
    "update_or_create", "delete",
}  # fmt: skip
# What writes and needs no row of its own, and why.
TYPED = "a numbered edit, kept for ever; the act of its sending carries a digest of it"
PART = "a part of a write whose caller records it"
COUNT = "a count of wrong guesses, forgotten after a day; the sign-in is recorded"
ONCE = "the answer to a request that is repeated; what the request did is recorded"
MAIL = "a mail under way; its cause is recorded, and who decides about it"
UNDER_WAY = "how far a piece of work is; what it did is recorded"
OWN = "what a person reads of their own notices, or takes by mail"
WITHOUT = {
    "admit._locked": COUNT,
    "admit.charge": COUNT,
    "admit.first_use": COUNT,
    "admit.refund": COUNT,
    "check.beyond._asked_again": PART,
    "check.deciding._move": PART,
    "collect._locked": PART,
    "collect.keep": PART,
    "connect._claim": ONCE,
    "connect.once": ONCE,
    "enter.desk.Desk.keep": "the draft as its edits leave it: it says nothing new",
    "enter.desk.draft_of": "an empty draft, made to be locked",
    "enter.typing.type_into": TYPED,
    "enter.wording.explain_in": TYPED,
    "invite.lists._accounts": PART,
    "invite.lists._kept": "a list on trial; carrying it out is recorded",
    "invite.lists._roles": PART,
    "post._settle": MAIL,
    "post._take": MAIL,
    "post.doubt_abandoned": MAIL,
    "post.queue": MAIL,
    "remind._one_at_a_time": UNDER_WAY,
    "remind.choose_mail": OWN,
    "remind.mark_all_read": OWN,
    "remind.mark_read": OWN,
    "remind.remind": "a reminder of what the records say; nothing of them changes",
    "reorganise.lists._remove_old": "lists that nobody applied for months",
    "reorganise.writing._bring": PART,
    "reorganise.writing._delete": PART,
    "reorganise.writing.delete_units": PART,
    "reorganise.writing.write": PART,
    "shift.give_back": UNDER_WAY,
    "shift.take": UNDER_WAY,
    "unpack.keeping.finish": UNDER_WAY,
    "unpack.keeping.note": UNDER_WAY,
}


@cache
def functions() -> dict[str, tuple[str, ast.AST]]:
    """Return each function of the cycle by "module.name", with its module."""
    found: dict[str, tuple[str, ast.AST]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                found[f"{module}.{node.name}"] = (module, node)
            elif isinstance(node, ast.ClassDef):
                for each in node.body:
                    if isinstance(each, ast.FunctionDef):
                        name = f"{module}.{node.name}.{each.name}"
                        found[name] = (module, each)
    return found


def calls(node: ast.AST) -> Iterator[str]:
    """Yield what a function calls, as it is written."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield ast.unparse(each.func)


def writes(node: ast.AST) -> bool:
    """Whether a function itself writes rows."""
    for each in ast.walk(node):
        if not isinstance(each, ast.Call) or not isinstance(each.func, ast.Attribute):
            continue
        name, owner = each.func.attr, ast.unparse(each.func.value)
        if name in WRITES and owner not in {"enter", "typing"}:
            return True
        # A dictionary has an `update` too; it takes no names of columns.
        if name == "update" and any(given.arg for given in each.keywords):
            return True
    return False


@cache
def by_name() -> dict[str, list[str]]:
    """Return the functions of the cycle by their last name."""
    found: dict[str, list[str]] = {}
    for key in functions():
        found.setdefault(key.rpartition(".")[2], []).append(key)
    return found


def reached(key: str) -> Iterator[str]:
    """Yield the functions of the cycle that one calls, and "audit.record"."""
    module, node = functions()[key]
    for called in calls(node):
        owner, _, name = called.rpartition(".")
        if called == "audit.record":
            yield called
        elif not owner or owner == "self":
            same = [k for k in by_name().get(name, ()) if functions()[k][0] == module]
            yield from same or by_name().get(name, ())
        else:
            last = owner.rpartition(".")[2]
            for each in by_name().get(name, ()):
                if last in each.split(".")[:-1] or not each.startswith(module):
                    yield each


def reaches(key: str) -> set[str]:
    """Return everything of the cycle that a function comes to, and "audit.record"."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for each in reached(waiting.pop()):
            if each not in found:
                found.add(each)
                if each != "audit.record":
                    waiting.append(each)
    return found


def silent() -> set[str]:
    """Return the functions that write and never come to the log."""
    return {
        key
        for key, (_, node) in functions().items()
        if writes(node) and "audit.record" not in reaches(key)
    }


def test_every_function_that_writes_comes_to_the_log_or_has_a_reason() -> None:
    assert silent() - WITHOUT.keys() == set()


def test_every_reason_is_of_a_function_that_still_writes() -> None:
    written = {key for key, (_, node) in functions().items() if writes(node)}
    assert WITHOUT.keys() - written == set()


def test_the_reading_of_the_code_sees_writes_and_records() -> None:
    assert writes(functions()["collect.open_period"][1])
    assert "audit.record" in reaches("collect.open_period")
    assert "audit.record" in reaches("consult.read")
    assert "enter.typing.type_into" in silent()
