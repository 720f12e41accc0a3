"""What import rules cannot see: names, sizes, places, writes, and missing English."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from tests import messages

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "tongket"
STAGES = (
    "collect", "check", "count", "score", "plan", "commend", "report", "publish",
)  # fmt: skip
ALLOWED_IN_DOMAIN = {
    "__future__", "abc", "collections", "dataclasses", "datetime", "decimal", "enum",
    "fractions", "functools", "itertools", "math", "re", "typing", "unicodedata",
    "tongket",
}  # fmt: skip
WRITES = {
    "save", "create", "delete", "bulk_create", "bulk_update",
    "get_or_create", "update_or_create",
}  # fmt: skip
SAY_NOTHING = {"utils", "common", "core", "helpers", "services"}
GENERATED = {
    ".git", ".venv", "var", "build", "dist", "htmlcov", "staticfiles", "__pycache__",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache",
    ".hypothesis",
}  # fmt: skip
# Written apart, so that this file may be searched like every other.
REGISTRIES = [
    "pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "uni" + "pkg.com",
    "js" + "delivr.net", "cdn" + "js.cloudflare.com",
]  # fmt: skip
MACHINE = re.compile(r"(?<![\w.])/(?:work|home|Users)/[\w.-]+")


def folders() -> Iterator[tuple[Path, list[str], list[str]]]:
    """Yield each folder of the repository with its subfolders and files."""
    for name, inner, files in os.walk(ROOT):
        inner[:] = sorted(
            each
            for each in inner
            if each not in GENERATED and not each.endswith(".egg-info")
        )
        yield Path(name), inner, files


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and the content of every text file that is kept."""
    for folder, _, files in folders():
        for name in sorted(files):
            if name.endswith((".mo", ".pyc")) or name.startswith(".coverage"):
                continue
            path = folder / name
            try:
                yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
            except UnicodeDecodeError:
                continue


def modules(*parts: str) -> list[Path]:
    """Return the modules below a folder of the package, migrations left out."""
    return sorted(
        path
        for path in PACKAGE.joinpath(*parts).rglob("*.py")
        if "migrations" not in path.parts
    )


def named(path: Path) -> str:
    """Return a path as it is read in a test's name."""
    return path.relative_to(ROOT).as_posix()


def trees(paths: list[Path]) -> Iterator[tuple[str, ast.Module]]:
    """Yield the name and the syntax tree of each module."""
    for path in paths:
        yield named(path), ast.parse(path.read_text(encoding="utf-8"))


def imported_roots(tree: ast.Module) -> set[str]:
    """Return the top-level names of everything a module imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_domain_imports_only_what_is_listed() -> None:
    strangers = {
        name: unlisted
        for name, tree in trees(modules("domain"))
        if (unlisted := imported_roots(tree) - ALLOWED_IN_DOMAIN)
    }
    assert strangers == {}


def test_no_import_is_relative() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees([*modules(), *sorted((ROOT / "tests").rglob("*.py"))])
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert found == []


def modules_of_the_cycle(tree: ast.Module) -> set[str]:
    """Return the names under which a module knows stages: `enter.save` is one's."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "tongket.cycle"
        for alias in node.names
    }


def test_the_office_writes_only_through_the_cycle() -> None:
    found = [
        f"{name}:{node.lineno} .{node.func.attr}()"
        for name, tree in trees(modules("office"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and ast.unparse(node.func.value) not in modules_of_the_cycle(tree)
    ]
    assert found == []


def test_no_module_is_longer_than_the_wall() -> None:
    paths = [*modules(), *sorted((ROOT / "tests").rglob("*.py"))]
    long = {
        named(path): lines
        for path in paths
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert long == {}


def test_every_module_opens_with_the_question_it_answers() -> None:
    silent = [
        name
        for name, tree in trees(modules())
        if tree.body and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_no_name_says_nothing() -> None:
    empty_words = [
        named(path)
        for path in [*PACKAGE.rglob("*"), *(ROOT / "tests").rglob("*")]
        if path.stem in SAY_NOTHING
    ]
    assert empty_words == []


def test_no_folder_is_empty() -> None:
    empty = [
        folder.relative_to(ROOT).as_posix()
        for folder, inner, files in folders()
        if not inner and not set(files) - {"__init__.py"}
    ]
    assert empty == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_has_a_module_a_test_and_a_page(stage: str) -> None:
    places = [
        [f"src/tongket/cycle/{stage}.py", f"src/tongket/cycle/{stage}/__init__.py"],
        [f"tests/cycle/test_{stage}.py", f"tests/cycle/{stage}"],
        [f"docs/reference/stages/{stage}.md"],
    ]
    missing = [
        each for each in places if not any((ROOT / one).exists() for one in each)
    ]
    assert missing == []


def test_nothing_names_a_registry_or_the_path_of_a_machine() -> None:
    found = [
        f"{name}: {word}"
        for name, text in texts()
        for word in [
            *(host for host in REGISTRIES if host in text),
            *MACHINE.findall(text),
        ]
    ]
    assert found == []


def test_nothing_is_left_to_do() -> None:
    mark = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|X" + "XX)\\b")
    assert [name for name, text in texts() if mark.search(text)] == []


def test_every_vietnamese_sentence_has_an_english_one() -> None:
    assert messages.untranslated() == []


def gaps(words: str) -> set[str]:
    """Return the names of the gaps in a sentence, of both kinds: {x} and %(x)s."""
    named_gaps = set(re.findall(r"%\((\w+)\)", words))
    try:
        named_gaps.update(name for _, name, _, _ in Formatter().parse(words) if name)
    except ValueError:  # a stray brace: the words are never formatted
        return named_gaps
    return named_gaps


def test_an_english_sentence_has_the_gaps_of_the_vietnamese() -> None:
    differing = [
        entry.msgid
        for entry in messages.catalogue()
        if (entry.msgstr and gaps(entry.msgstr) != gaps(entry.msgid))
        or any(  # "one return" may leave the number out
            not gaps(form) <= gaps(entry.msgid_plural)
            for form in entry.msgstr_plural.values()
        )
    ]
    assert differing == []
