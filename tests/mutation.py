"""Would a test notice if the rules of access were another? `python -m tests.mutation`.

Changes one thing at a time in the modules that say who may see what, and runs their
tests on each change, in a process of its own. What no test notices is printed; below
95 % the command fails.
"""

import ast
import copy
import importlib.abc
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings, strategies  # noqa: F401 - read once, not in each child

settings.register_profile("few", max_examples=25, derandomize=True, database=None)
settings.load_profile("few")
ROOT = Path(__file__).resolve().parents[1]
MUTATED = {
    "tongket.domain.access": ("tests/domain/test_access.py",),
    "tongket.records.scope": ("tests/walls/test_scope.py",),
}
WANTED = 95
OTHER = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.LtE: ast.Lt, ast.Lt: ast.LtE,
    ast.GtE: ast.Gt, ast.Gt: ast.GtE, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
WORDS = ("NoScope(", "ValueError(", "ContextVar(")  # what is said, not what is done


def changes(node: ast.AST) -> Iterator[ast.AST | None]:
    """Yield what a node may be changed into; None takes a statement away."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
        yield _with(node, "ops", [OTHER[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.BoolOp):
        yield _with(node, "op", OTHER[type(node.op)]())
        for place in range(len(node.values)):
            kept = node.values[:place] + node.values[place + 1 :]
            yield kept[0] if len(kept) == 1 else _with(node, "values", kept)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.Constant):
        yield from _other_values(node)
    elif isinstance(node, ast.Dict):
        for place in range(len(node.keys)):
            values = node.values[:place] + node.values[place + 1 :]
            keys = node.keys[:place] + node.keys[place + 1 :]
            yield ast.Dict(keys, values)
    elif isinstance(node, ast.Attribute) and node.attr in REACHES:
        for each in sorted(REACHES - {node.attr}):
            yield _with(node, "attr", each)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield ast.Return(ast.Constant(None))
    elif (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ) or isinstance(node, ast.Continue | ast.Raise):
        yield ast.Pass()


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


REACHES = {"OWN", "BELOW", "OWN_AND_BELOW"}


def _with(node: Any, field: str, value: Any) -> ast.AST:
    other = copy.copy(node)
    setattr(other, field, value)
    return other


def _other_values(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif node.value is None:
        yield ast.Constant(False)


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Yield where something was changed and into what, and the changed source."""
    tree = ast.parse(source)
    for parent in ast.walk(tree):
        if isinstance(parent, ast.AnnAssign | ast.arg | ast.FunctionDef):
            fields: Any = (f for f in ast.iter_fields(parent) if f[0] not in NO_CODE)
        else:
            fields = ast.iter_fields(parent)
        for field, value in list(fields):
            places = (
                list(enumerate(value)) if isinstance(value, list) else [(-1, value)]
            )
            for place, child in places:
                if isinstance(child, ast.AST):
                    yield from _changed(tree, parent, field, place, child)


NO_CODE = {"annotation", "returns"}


def _changed(
    tree: ast.Module, parent: ast.AST, field: str, place: int, child: ast.AST
) -> Iterator[tuple[str, str]]:
    words = ast.unparse(child)
    if any(each in words for each in WORDS) and not isinstance(child, ast.Raise):
        return
    holder = getattr(parent, field)
    for other in changes(child):
        if place < 0:
            setattr(parent, field, other)
        else:
            holder[place] = other
        told = ast.unparse(ast.fix_missing_locations(other)) if other else ""
        line = getattr(child, "lineno", 0)
        yield f"{line}: {words[:60]!r} → {told[:60]!r}", ast.unparse(tree)
        if place < 0:
            setattr(parent, field, child)
        else:
            holder[place] = child


class Replaced(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Gives out a changed module in place of the one that lies on the disk."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, name: str, _path: Any, _target: Any = None) -> Any:
        """Return the changed module, and leave every other to the rest."""
        if name == self.module:
            return importlib.util.spec_from_loader(name, self)
        return None

    def get_source(self, _name: str) -> str:
        """Return the changed source."""
        return self.source


def is_noticed(module: str, source: str, tests: tuple[str, ...]) -> bool:
    """Whether the tests fail on a changed module."""
    child = os.fork()
    if not child:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os._exit(_run(module, source, tests))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) != 0


def _run(module: str, source: str, tests: tuple[str, ...]) -> int:
    sys.meta_path.insert(0, Replaced(module, source))
    plain = (
        "-c",
        os.devnull,
        "--noconftest",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
    )
    try:
        return int(pytest.main([*plain, "-x", "-q", f"--rootdir={ROOT}", *tests]))
    except BaseException:
        return 1


def main() -> int:
    """Print what no test noticed and the score; 1 when it is too low."""
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    worst = 100.0
    for module, tests in MUTATED.items():
        path = ROOT.joinpath("src", *module.split(".")).with_suffix(".py")
        source = path.read_text(encoding="utf-8")
        if is_noticed(module, ast.unparse(ast.parse(source)), tests):
            print(f"{module}: the tests fail on the module as it is")
            return 1
        every = list(mutants(source))
        missed = [what for what, each in every if not is_noticed(module, each, tests)]
        score = 100 * (len(every) - len(missed)) / len(every)
        worst = min(worst, score)
        print(f"{module}: {len(every) - len(missed)}/{len(every)} = {score:.1f} %")
        for what in missed:
            print(f"  {what}")
    return int(worst < WANTED)


if __name__ == "__main__":
    sys.exit(main())
