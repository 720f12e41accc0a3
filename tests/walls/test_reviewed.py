"""Who may look over the walls? A reviewed list: whoever is not on it may not."""

import ast
from collections.abc import Iterator

from tests.test_layout import modules, named, trees

SRC = "src/tongket/"
# Modules that take a scope wider than the person's, or set one; and why they may.
WIDER = {
    "cycle/check/beyond.py": "a return is compared with its peers'",
    "cycle/count.py": "the counted store holds every unit",
    "cycle/draft.py": "the report lists the province's plans and awards",
    "cycle/freeze.py": "the province's figures count the stages of every unit",
    "cycle/summarise.py": "a summary reads the returns below",
    "cycle/unpack/keeping.py": "old files go, whoever sent them",
    "office/commands.py": "commands are the operator's",
    "office/entrance.py": "admits a person with their units",
    "office/working.py": "the worker reminds and mails everybody",
    "records/postgresql/base.py": "a migration changes every row",
    "records/register.py": "who reaches every unit reaches every row",
    "records/scope.py": "defines it",
}
# Modules that speak SQL past the managers.
PLAIN_SQL = {
    "office/api/sending.py": "bodies.raw is a body, not SQL",
    "office/standings.py": "the board; names the units of the scope itself",
    "records/audit.py": "the lock of the chain",
    "records/deploying.py": "asks about the role",
    "records/postgresql/base.py": "tells the session its scope",
}
SETS = {"whole", "Whole", "acting", "become"}
PAST = {"raw", "extra", "cursor", "RawSQL", "RawQuerySet"}


def called(node: ast.AST) -> str:
    """Return the name by which something is called, and "" for what is no call."""
    if not isinstance(node, ast.Call):
        return ""
    return ast.unparse(node.func)


def users_of(words: set[str], of: str = "") -> Iterator[str]:
    """Yield the modules that call one of the words, be it `of` something or alone."""
    for name, tree in trees(modules()):
        for path in map(called, ast.walk(tree)):
            before, _, word = path.rpartition(".")
            if word in words and (not before or before.endswith(of)):
                yield name.removeprefix(SRC)
                break


def test_only_reviewed_modules_widen_a_scope() -> None:
    assert set(users_of(SETS, of="scope")) == WIDER.keys()


def test_only_reviewed_modules_speak_plain_sql() -> None:
    assert set(users_of(PAST)) == PLAIN_SQL.keys()


def test_every_reviewed_module_is_there() -> None:
    there = {named(path).removeprefix(SRC) for path in modules()}
    assert WIDER.keys() | PLAIN_SQL.keys() <= there
