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
# `update` is a method of dictionaries too: one on rows is told by what it is called on.
OF_ROWS = ("objects", "filter", "exclude", "_default_manager")
# What writes and needs no row of its own, and why.
DRAFT = "a draft: its numbered edits only grow, and are chained when they are sent"
PART = "a part of a write whose caller records it"
RUNNING = "a note of work under way, no record of the year"
WITHOUT = {
    "admit": "counts of wrong guesses; the sign-in itself is recorded",
    "check.beyond": PART,
    "check.bulk": RUNNING,
    "collect": PART,
    "connect": "the answer to a repeated request; what it did is recorded",
    "enter": DRAFT,
    "invite.lists": PART,
    "post": RUNNING,
    "remind": "a reminder and whether it was read; nothing of the year changes",
    "reorganise": PART,
    "shift": RUNNING,
    "unpack": RUNNING,
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
    for called in calls(node):
        owner, _, name = called.rpartition(".")
        if name in WRITES and owner and owner not in {"enter", "typing"}:
            return True
        if name == "update" and any(f".{each}" in owner for each in OF_ROWS):
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
    unexplained = {
        key
        for key in silent()
        if not any(key.startswith(f"{each}.") for each in WITHOUT)
    }
    assert unexplained == set()


def test_the_reading_of_the_code_sees_writes_and_records() -> None:
    assert writes(functions()["collect.open_period"][1])
    assert "audit.record" in reaches("collect.open_period")
    assert "audit.record" in reaches("consult.read")
    assert "enter.typing.type_into" in silent()
