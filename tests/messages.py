"""Which Vietnamese sentences can a user meet, and is each of them in the catalogue?

Vietnamese is the source language: its text is the key. Keys are taken from templates,
from calls of gettext, from `Sentence("…")` and from the `words` of refusals.

    python -m tests.messages update    adds what is missing, with an empty translation
    python -m tests.messages           lists what still has no English
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "tongket"
CATALOGUE = PACKAGE / "config/locale/en/LC_MESSAGES/django.po"
# function → places of its arguments that are the words, the plural and the context
CALLS: dict[str, tuple[int, int | None, int | None]] = {
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "_": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "Sentence": (0, None, None),
    # What a shelf of the loader holds is named in a refusal.
    "Shelf": (0, None, None),
    # The loader's rows make a Sentence of what they are told a name stands for.
    "name": (2, None, None),
    "names": (2, None, None),
    "mention": (1, None, None),
    "_shaped": (2, None, None),
}
# Names under which words wait to be said: words, STATE_WORDS, the help of a command.
NAMES = re.compile(r"words|what|shape|help|TEN_ITEMS|WARNING|_?(?:[A-Z]+_)*WORDS")
HEADER = {
    "Project-Id-Version": "tongket",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}

# The words, the plural words and the context; the last two are empty for most.
Key = tuple[str, str, str]


def literals(node: ast.expr | None) -> Iterator[str]:
    """Yield the strings that an expression can be: itself, either branch, values."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*literals(body), *literals(orelse))
        case ast.Dict(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
            for value in values:
                yield from literals(value)


def called(node: ast.Call) -> str:
    """Return the last part of the name of what is called."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def keys_of_call(node: ast.Call) -> Iterator[Key]:
    """Yield the keys among the arguments of one call."""
    places = CALLS.get(called(node))
    if places is None or places[0] >= len(node.args):
        return
    found = list(literals(node.args[places[0]]))
    plurals, contexts = (
        [""] * len(found) if at is None else list(literals(node.args[at]))
        for at in places[1:]
    )
    yield from zip(found, plurals, contexts, strict=True)


def keys_of_choices(node: ast.ClassDef) -> Iterator[Key]:
    """Yield the labels of a Django class of choices: NAME = value, "label"."""
    if not any(
        isinstance(b, ast.Attribute) and "Choices" in b.attr for b in node.bases
    ):
        return
    for line in node.body:
        match line:
            case ast.Assign(value=ast.Tuple(elts=[_, ast.Constant(value=str(label))])):
                yield label, "", ""


def keys_of_python(source: str) -> Iterator[Key]:
    """Yield the keys in one module."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call():
                yield from keys_of_call(node)
            case ast.ClassDef():
                yield from keys_of_choices(node)
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=value)
            ) if NAMES.fullmatch(name):
                yield from ((words, "", "") for words in literals(value))


_STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_PLURAL = re.compile(rf"\bngettext\({_STRING}, {_STRING}")
_CONTEXT = re.compile(rf"\bpgettext\({_STRING}, {_STRING}")
_PLAIN = re.compile(rf"\bgettext\({_STRING}")
_INLINE = re.compile(rf"\b_\({_STRING}")


def keys_of_template(source: str) -> Iterator[Key]:
    """Yield the keys in one template: Django writes it as calls of gettext."""
    from django.utils.translation.template import templatize

    text = templatize(source)
    for found in _PLURAL.finditer(text):
        yield ast.literal_eval(found[1]), ast.literal_eval(found[2]), ""
    for found in _CONTEXT.finditer(text):
        yield ast.literal_eval(found[2]), "", ast.literal_eval(found[1])
    for found in _PLAIN.finditer(text):
        yield ast.literal_eval(found[1]), "", ""
    for found in _INLINE.finditer(text):
        # A page looks its words up with the percent sign doubled, here as above.
        yield ast.literal_eval(found[1]).replace("%", "%%"), "", ""


def keys() -> dict[Key, str]:
    """Return every key in the package, and the file it was found in first."""
    found: dict[Key, str] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            each = keys_of_python(path.read_text(encoding="utf-8"))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            each = keys_of_template(path.read_text(encoding="utf-8"))
        else:
            continue
        where = path.relative_to(ROOT).as_posix()
        found.update({key: where for key in each if key not in found and key[0]})
    return found


def catalogue() -> polib.POFile:
    """Return the English catalogue, or an empty one."""
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=88)
    new = polib.POFile(wrapwidth=88)
    new.metadata = dict(HEADER)
    return new


def key_of(entry: polib.POEntry) -> Key:
    """Return what an entry of the catalogue is found by."""
    return entry.msgid, entry.msgid_plural or "", entry.msgctxt or ""


def translated(entry: polib.POEntry) -> bool:
    """Whether an entry says something in English."""
    if entry.msgid_plural:
        return bool(entry.msgstr_plural) and all(entry.msgstr_plural.values())
    return bool(entry.msgstr)


def untranslated() -> list[str]:
    """Return "file: words" for each key without English."""
    done = {key_of(entry) for entry in catalogue() if translated(entry)}
    return [f"{where}: {key[0]}" for key, where in keys().items() if key not in done]


def update() -> int:
    """Add the missing keys to the catalogue, sorted; return how many there were."""
    book = catalogue()
    known = {key_of(entry) for entry in book}
    missing = [key for key in keys() if key not in known]
    for words, plural, context in missing:
        book.append(
            polib.POEntry(
                msgid=words,
                msgid_plural=plural,
                msgstr_plural={0: "", 1: ""} if plural else {},
                msgctxt=context or None,
            )
        )
    book.sort(key=key_of)
    if missing or not CATALOGUE.exists():
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        book.save(str(CATALOGUE))
    return len(missing)


def main(arguments: list[str]) -> int:
    """Update the catalogue, or list what it lacks."""
    if arguments == ["update"]:
        print(f"{update()} added; {len(untranslated())} without English")
        return 0
    lacking = untranslated()
    print("\n".join([*lacking, f"{len(lacking)} without English"]))
    return bool(lacking)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
