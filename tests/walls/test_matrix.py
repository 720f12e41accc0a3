"""May this person do this at this address? Every address, method, role and target.

`matrix.csv` says what is answered; beside it stand rules that no table can weaken: what
lies beyond a person answers as what does not exist, shows nothing of it, and a request
changes nothing there. `MATRIX=write` writes the table anew, to be read before it is
kept; `MATRIX=full` asks with every method and target.
"""

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from tests import factories
from tests.test_layout import modules
from tests.walls import world
from tests.walls.addresses import NOT_OF_A_UNIT, TARGETS, Route, routes
from tests.walls.asking import METHODS, WRITES, Desk, alike

from tongket.records import walls

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("matrix.csv")
MODE = os.environ.get("MATRIX", "")
OF_WAGTAIL = ("", "own", "office", "editor")  # who asks for Wagtail's own pages
FULL_ONLY = ("other", "stranger", "chair", "clerk", "ended")  # a short run asks less
USUAL = ("GET", "POST")
LIGHT = {"commune", "sibling", "nonexistent", NOT_OF_A_UNIT}  # targets of a short POST
REFUSED = {302, 401, 404, 405}
# Pages of the whole province, open to a role of a part of it: what they show of others
# is what the province's report says of them to everybody.
OF_THE_PROVINCE = {
    "report": "the draft of the province's report, for its committee's members",
    "report-file": "the same as a file",
    "publish": "what is about to be published",
}
# Where a password or a second factor is asked for again: not a matter of units.
OF_AN_ACCOUNT = ("cms/", "documents/", "_util/", "van-phong/tai-khoan/", "dang-nhap/")
FORM = {
    "reason": "Lý do", "text": "Ý kiến", "words": "Ý kiến", "until": "2024-02-01",
    "on": "2024-02-01", "kind": "DUE", "form": "", "number": "1", "all": "1",
}  # fmt: skip
NAMES_A_UNIT = ("don-vi", "unit", "huyen", "tai", "vt", "khoi", "nhom", "goc")
Key = tuple[str, str, str]


@pytest.fixture(scope="module")
def keys(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[dict[str, str]]:
    """The world, and everybody's key of the API."""
    folder = tmp_path_factory.mktemp("world")
    with (
        factories.until_the_module_ends(django_db_blocker),
        world.built(folder) as kept,
    ):
        yield kept


def distinct() -> list[Route]:
    """Return every address once, whatever names and methods share it."""
    return list({route.path: route for route in routes()}.values())


def targets_of(route: Route, method: str) -> Iterator[str]:
    """Yield the targets that a run asks for."""
    for target in route.targets:
        if MODE or method == "GET" or target in LIGHT:
            yield target


def data_for(target: str) -> dict[str, str]:
    """Return a form that names the target in every hidden field."""
    unit = TARGETS.get(target, factories.NGO_QUYEN)
    return {**FORM, **dict.fromkeys(NAMES_A_UNIT, unit)}


def rows() -> dict[Key, dict[str, str]]:
    """Return the committed table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["path"], row["target"], row["method"]): row
            for row in csv.DictReader(file)
        }


def wrong_with(desk: Desk, route: Route) -> Iterator[tuple[Key, int, list[str]]]:
    """Yield, for each request, its row, the status, and which rules were broken."""
    absent = {}
    for method in METHODS if MODE == "full" else USUAL:
        if route.is_wagtail_s and method != "GET":
            continue
        # What does not exist is asked for first: the others are held against it.
        for target in reversed(list(targets_of(route, method))):
            address, broken = route.address(target), []
            if method in WRITES:
                answer, changed = desk.changed_by(method, address, data_for(target))
                if changed:
                    broken.append("changes rows beyond the person")
            else:
                answer = desk.ask(method, address)
            is_told = answer.status == 403
            if route.path.startswith(OF_AN_ACCOUNT):
                is_told = False  # it asks for the password again
            if not route.is_wagtail_s and (is_told or answer.status >= 500):
                broken.append(f"answers {answer.status}")
            shown = desk.shown_too_much(answer)
            if shown and route.name not in OF_THE_PROVINCE:
                broken.append(f"shows {shown}")
            if target == "nonexistent":
                absent[method] = answer, address
            elif route.wants_target and TARGETS[target] not in desk.reach:
                if answer.status not in REFUSED:
                    broken.append("is not refused")
                if not alike(answer, absent[method][0], (address, absent[method][1])):
                    broken.append("differs from what does not exist")
            yield (route.path, target, method), answer.status, broken


@pytest.mark.parametrize("role", world.ROLES)
def test_every_address_answers_a_role_as_the_table_says(
    role: str, keys: dict[str, str]
) -> None:
    desk, table, found = Desk(role, keys[role]), rows() if MODE != "write" else {}, []
    told: dict[Key, tuple[str, int]] = {}
    for route in distinct():
        if route.is_wagtail_s and role not in OF_WAGTAIL:
            continue
        if not MODE and role in FULL_ONLY and not route.wants_target:
            continue
        for key, status, broken in wrong_with(desk, route):
            told[key] = route.name, status
            found += [(*key, why) for why in broken]
            said = table.get(key, {}).get(role or "nobody", "")
            if MODE != "write" and key[2] in USUAL and said != str(status):
                found.append((*key, f"answers {status}, the table says {said}"))
    if MODE == "write":
        write(role, told)
    assert found == []


def write(role: str, told: dict[Key, tuple[str, int]]) -> None:
    """Put what was answered to one role into the table."""
    columns = [each or "nobody" for each in world.ROLES]
    kept = rows() if TABLE.exists() and role else {}
    for key, (name, status) in told.items():
        row = kept.setdefault(key, {"name": name})
        row[role or "nobody"] = str(status)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        header = ["name", "path", "target", "method", *columns]
        out = csv.DictWriter(file, header, restval="", lineterminator="\n")
        out.writeheader()
        for (path, target, method), row in kept.items():
            out.writerow({**row, "path": path, "target": target, "method": method})


def test_every_address_has_a_row() -> None:
    """A new address fails here until somebody has thought about it."""
    known = {path for path, _, _ in rows()}
    assert {route.path for route in routes()} - known == set()
    assert known - {route.path for route in routes()} == set()


@pytest.mark.parametrize("role", ["own", "reviewer"])
def test_no_parameter_opens_what_an_address_does_not(
    role: str, keys: dict[str, str]
) -> None:
    desk, found = Desk(role, keys[role]), []
    for route in distinct():
        if route.is_wagtail_s or route.name in OF_THE_PROVINCE:
            continue
        address = route.address("commune" if route.wants_target else NOT_OF_A_UNIT)
        for name in NAMES_A_UNIT if MODE else NAMES_A_UNIT[:4]:
            for foreign in (factories.DONG_TIEN, factories.YEN_THE):
                answer = desk.ask("GET", address, {name: foreign})
                if answer.status >= 500 or desk.shown_too_much(answer):
                    found.append((route.name, name, foreign, answer.status))
        every = dict.fromkeys(parameters(), factories.DONG_TIEN)
        if desk.shown_too_much(desk.ask("GET", address, every)):
            found.append((route.name, "every parameter", "", 0))
    assert found == []


def parameters() -> set[str]:
    """Return the name of every parameter that a page of the office reads."""
    reads = re.compile(r'\.get(?:list)?\(\s*"([\w-]+)"')
    text = "".join(path.read_text(encoding="utf-8") for path in modules("office"))
    return set(reads.findall(text))


@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has the managers alone"
)
@pytest.mark.parametrize("role", ["own", "reviewer"])
def test_the_database_s_wall_holds_alone(
    role: str, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walls, "_is_part", lambda _now: False)
    desk, table, found = Desk(role, keys[role]), rows(), []
    for route in distinct():
        if not route.wants_target:
            continue
        for target in route.targets:
            answer = desk.ask("GET", route.address(target))
            said = table[route.path, target, "GET"][role]
            if str(answer.status) != said or desk.shown_too_much(answer):
                found.append((route.name, target, answer.status))
    assert connection.vendor == "postgresql"
    assert found == []


@pytest.mark.parametrize(
    ("hole", "told"),
    [
        ("everything", "shows"),
        ("column", "shows"),
        ("forbidden", "answers 403"),
        ("known", "differs from what does not exist"),
        ("write", "changes rows beyond the person"),
    ],
)
def test_a_planted_hole_is_found(hole: str, told: str, keys: dict[str, str]) -> None:
    with override_settings(ROOT_URLCONF="tests.walls.holes"):
        (route,) = (each for each in routes() if each.name == f"hole-{hole}")
        assert route.path not in {path for path, _, _ in rows()}
        desk = Desk("own", keys["own"])
        broken = [why for _, _, found in wrong_with(desk, route) for why in found]
    assert any(why.startswith(told) for why in broken)
