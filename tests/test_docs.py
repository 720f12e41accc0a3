"""Is what the documentation says about the repository true?"""

import argparse
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "tongket"
COMMANDS = PACKAGE / "office" / "management" / "commands"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
PLACE = re.compile(
    r"(?:src|tests|docs|packs|requirements|benchmarks|\.ci)/[\w./-]*|"
    r"(?:domain|cycle|records|portal|analytics|documents|loader|office|config)"
    r"/[\w./-]*|"
    r"[\w.-]+\.(?:md|toml|py)|Makefile|LICENSE"
)


def read(name: str) -> str:
    """Return a page by its place in the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """Return the anchors that headings of a page make, as code hosts write them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    kept = (re.sub(r"[^\w\s-]", "", title.casefold()) for title in titles)
    return {title.strip().replace(" ", "-") for title in kept}


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level."""
    level = heading.split(" ", 1)[0]
    _, _, after = text.partition(f"{heading}\n")
    assert after, f"no heading “{heading}”"
    return re.split(rf"^{level} ", after, maxsplit=1, flags=re.MULTILINE)[0]


def rows(table: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the Markdown tables in a text, headers too."""
    for line in table.splitlines():
        if line.startswith("|") and not set(line) <= set("|-: "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def commands() -> list[str]:
    """Return our own commands, as they are typed."""
    found = COMMANDS.glob("[!_]*.py")
    return sorted(path.stem.replace("_", "-") for path in found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        place = (page.parent / name).resolve() if name else page
        if not place.exists() or (anchor and anchor not in anchors(place)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_place_that_a_page_names_exists(page: Path) -> None:
    lost = [
        place
        for place in CODE.findall(page.read_text(encoding="utf-8"))
        if PLACE.fullmatch(place)
        and not (ROOT / place).exists()
        and not (PACKAGE / place).exists()
        and not (page.parent / place).exists()
    ]
    assert lost == []


def test_every_page_of_docs_is_in_the_list_of_pages() -> None:
    listed = LINK.findall(read("docs/README.md"))
    pages = [page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md")]
    assert {str(page) for page in pages} - {"README.md"} <= set(listed)


def test_the_map_names_every_folder_of_the_package() -> None:
    the_map = section(read("CONTRIBUTING.md"), "## Where do I change…")
    folders = [
        f"`src/tongket/{path.name}/"
        for path in PACKAGE.iterdir()
        if (path / "__init__.py").exists()
    ]
    assert [folder for folder in folders if folder not in the_map] == []


def test_a_decision_has_the_number_of_its_file_and_is_listed() -> None:
    listed = LINK.findall(read("docs/decisions/README.md"))
    wrong = []
    numbers = []
    for path in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        number = path.name[:4]
        numbers.append(int(number))
        heading = path.read_text(encoding="utf-8").splitlines()[0]
        if not heading.startswith(f"# {number} · ") or path.name not in listed:
            wrong.append(path.name)
    assert wrong == []
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_command_is_documented_and_no_other() -> None:
    documented = re.findall(
        r"^## tongket ([\w-]+)$", read("docs/reference/commands.md"), re.MULTILINE
    )
    assert sorted(documented) == commands()


@pytest.mark.parametrize("command", commands())
def test_every_option_of_a_command_is_documented(command: str) -> None:
    module = f"tongket.office.management.commands.{command.replace('-', '_')}"
    ours = import_module(module).Command()
    parser = argparse.ArgumentParser(add_help=False)
    ours.add_arguments(parser)
    described = section(read("docs/reference/commands.md"), f"## tongket {command}")
    names = [
        max(action.option_strings, key=len)
        if action.option_strings
        else str(action.metavar or action.dest).upper()
        for action in parser._actions
    ]
    assert [name for name in names if f"`{name}" not in described] == []


def test_every_setting_is_documented_and_no_other() -> None:
    name = re.compile(r"\bTONGKET_[A-Z_]*[A-Z]\b")
    used = {
        each
        for path in PACKAGE.rglob("*.py")
        for each in name.findall(path.read_text(encoding="utf-8"))
    }
    assert set(name.findall(read("docs/reference/settings.md"))) == used


@pytest.mark.parametrize("page", ["README.md", "README.vi.md", "CONTRIBUTING.md"])
def test_every_make_command_of_a_page_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", read(page), re.MULTILINE))
    assert named
    assert named <= targets


def test_both_readmes_show_the_same_figures() -> None:
    def figures(page: str, heading: str) -> list[list[str]]:
        table = section(read(page), heading)
        return [re.findall(r"\d[\d.,/]*\d|\d", row[1]) for row in rows(table)]

    english = figures("README.md", "## What the demonstration shows")
    swapped = str.maketrans(".,", ",.")
    as_vietnamese = [[text.translate(swapped) for text in row] for row in english]
    assert as_vietnamese == figures("README.vi.md", "## Năm minh họa cho thấy gì")
    assert ["1.008", "1.075", "67", "6,23"] in as_vietnamese


def test_every_file_of_a_pack_and_every_gap_of_a_template_is_documented() -> None:
    from tongket.domain import criteria, wording
    from tongket.loader import packs

    page = read("docs/reference/packs.md")
    names = [f"`{name}`" for name in (*packs.READERS, *packs.LISTS, *criteria.RULES)]
    gaps = [f":{form}}}`" for form in wording.FORMS]
    assert [name for name in (*names, *gaps) if name not in page] == []


def test_every_term_of_the_glossary_is_where_it_says() -> None:
    wrong = []
    for vietnamese, english, place, *_ in list(rows(read("GLOSSARY.md")))[1:]:
        path = PACKAGE / place.strip("`")
        names = [name.strip("`") for name in english.split(", ")]
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        wrong += [
            f"{vietnamese}: {name} in {place}"
            for name in names
            if not re.search(rf"\b{re.escape(name)}\b", text)
        ]
    assert wrong == []


def test_a_term_of_the_glossary_stands_there_once() -> None:
    terms = [row[0] for row in list(rows(read("GLOSSARY.md")))[1:]]
    assert sorted({term for term in terms if terms.count(term) > 1}) == []
