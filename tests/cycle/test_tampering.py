"""Every falsification of the log is found by a program that knows nothing of ours.

`make tamper` makes 10,000 random ones; a test run makes 500. The seed is printed.
"""

import ast
import datetime as dt
import importlib.util
import json
import os
import random
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from tests.cycle import tampering
from tests.cycle.tampering import Log
from tests.cycle.test_audit import without_triggers
from tests.factories import AT, BY

from tongket.records import audit, checkpoints, verifying
from tongket.records.models import AuditEntry

TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_audit.py"
TIMES = int(os.environ.get("TAMPERINGS", "500"))
SEED = int(os.environ.get("TAMPERINGS_SEED", "20240116"))
ROWS = 24


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The verifier that stands alone, as a module."""
    spec = importlib.util.spec_from_file_location("verify_audit_alone", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def notes(db: None, tmp_path: Path, settings: Any) -> Path:
    """A log of 24 rows, with a checkpoint in its middle and one at its end."""
    settings.DATA_DIR = tmp_path
    for number in range(ROWS):
        values = [None, {"số": number, "lý do": "Sai “cơ cấu”"}, "chữ", [1, None, True]]
        act = audit.Act(
            f"act{number % 3}",
            f"return:bg-{number % 5}:form:nd09-2023-m{number % 12 + 1:02}",
            values[number % 4],
            values[(number + 1) % 4],
        )
        at = AT + dt.timedelta(minutes=number, microseconds=number % 2)
        audit.record([act], by=f"{BY}{number % 2}", at=at)
        if number + 1 in {ROWS // 2, ROWS}:
            checkpoints.write(at=at)
    return checkpoints.path()


@pytest.fixture
def log(notes: Path) -> Log:
    """The same log, as it is exported."""
    return [json.loads(line) for line in audit.exported()]


@pytest.fixture
def seen(tool: ModuleType, notes: Path) -> list[Any]:
    """The checkpoints of the log, their signatures verified."""
    found, fault = tool.notes_of(notes.read_text(), checkpoints.public_line())
    assert fault is None
    assert isinstance(found, list)
    return found


def verdict(
    tool: ModuleType, log: Log, seen: list[Any], file: Path, **more: Any
) -> Any:
    """Return what the verifier says of a log that lies in a file."""
    kept = file.with_suffix(".sqlite3") if more.pop("in_database", False) else file
    write = tampering.as_lines if kept is file else tampering.as_database
    return tool.verify(tool.rows_of(write(log, kept)), seen, **more)


def is_other_log(one: Log, other: Log) -> bool:
    """Whether two logs differ in a table, where rows lie in no order but their own."""
    return sorted(one, key=lambda row: int(row["id"])) != other


def test_the_verifier_imports_nothing_but_pythons_own_library() -> None:
    names = {
        alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(TOOL.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in (
            node.names if isinstance(node, ast.Import) else [ast.alias(node.module)]
        )
    }
    assert names - sys.stdlib_module_names == set()


@pytest.mark.parametrize("in_database", [False, True])
def test_a_log_that_nobody_touched_is_sound(
    tool: ModuleType, log: Log, seen: list[Any], tmp_path: Path, in_database: bool
) -> None:
    found = verdict(tool, log, seen, tmp_path / "log", in_database=in_database)
    assert found == (ROWS, None)


def test_every_random_tampering_is_found(
    tool: ModuleType, log: Log, seen: list[Any], tmp_path: Path
) -> None:
    sys.stdout.write(f"{TIMES} tamperings, TAMPERINGS_SEED={SEED}\n")
    missed, ways = [], set()
    for number in range(TIMES):
        chance = random.Random(f"{SEED}-{number}")
        way, changed = tampering.tampered(log, chance)
        ways.add(way)
        in_database = number % 2 == 0 and is_other_log(changed, log)
        _, fault = verdict(
            tool, changed, seen, tmp_path / "log", in_database=in_database
        )
        if fault is None:
            missed.append((number, way))
    assert missed == []
    assert TIMES < 300 or len(ways) == len(set(tampering.WAYS))


@pytest.mark.parametrize(
    "left_out", ["is_numbered", "follows", "has_body", "is_linked", "checkpoints"]
)
def test_a_verifier_with_one_check_removed_misses_some(
    tool: ModuleType, log: Log, seen: list[Any], tmp_path: Path, left_out: str
) -> None:
    checks = {name: c for name, c in tool.CHECKS.items() if name != left_out}
    if left_out == "checkpoints":
        seen = []
    missed = 0
    for number in range(400):
        chance = random.Random(f"{SEED}-{number}")
        _, changed = tampering.tampered(log, chance)
        _, fault = verdict(tool, changed, seen, tmp_path / "log", checks=checks)
        missed += fault is None
    assert 0 < missed < 400


def put(log: Log) -> None:
    """Let the database hold a log, in the place of its own."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_auditentry")
        for row in log:
            values = {**row, "at": row["at"].replace("T", " ")}
            if connection.vendor == "sqlite":
                values["at"] = values["at"].removesuffix("+00:00")
            for name in tampering.VALUES:
                values[name] = None if row[name] is None else json.dumps(row[name])
            names = ", ".join(f'"{name}"' for name in values)
            marks = ", ".join(["%s"] * len(values))
            cursor.execute(
                f"INSERT INTO records_auditentry ({names}) VALUES ({marks})",
                list(values.values()),
            )


def test_the_page_and_the_command_find_what_the_verifier_finds(log: Log) -> None:
    without_triggers("records_auditentry")
    assert verifying.verify().fault is None
    tried = 0
    for number in range(TIMES // 5):
        way, changed = tampering.tampered(log, random.Random(f"{SEED}-{number}"))
        if not is_other_log(changed, log):
            continue
        numbers, hashes = ({row[n] for row in changed} for n in ("id", "hash"))
        if min(len(numbers), len(hashes)) < len(changed):
            continue  # the database itself refuses two of one number or hash
        with transaction.atomic():
            put(changed)
            assert verifying.verify().fault is not None, (number, way)
            transaction.set_rollback(True)
        tried += 1
    assert tried > TIMES // 10


WRONG = [
    ("edited", "Dòng 5 bị sửa", lambda log: log[4].update(by="x")),
    ("missing", "Thiếu dòng 5: sau dòng 4 là dòng 6", lambda log: log.pop(4)),
    (
        "reordered",
        "Dòng mang số 6 đứng ở chỗ của dòng 5",
        lambda log: log.insert(4, log.pop(5)),
    ),
    ("inserted", "Dòng mang số 2 đứng ở chỗ", lambda log: log.insert(4, log[1])),
    ("truncated", f"bị cắt sau dòng {ROWS - 3}", lambda log: log.__delitem__(-1)),
    ("rewritten", f"Dòng {ROWS // 2} khác", lambda log: log[0].update(by="x")),
]


@pytest.mark.parametrize(("kind", "sentence", "harm"), WRONG, ids=[w[0] for w in WRONG])
def test_the_first_bad_row_is_named_in_one_sentence(
    tool: ModuleType,
    log: Log,
    notes: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    sentence: str,
    harm: Any,
) -> None:
    monkeypatch.delenv("LANGUAGE", raising=False)
    harm(log)
    if kind == "truncated":
        del log[-2:]
    if kind == "rewritten":
        tampering.chained(log)
    key = tmp_path / "key"
    key.write_text(checkpoints.public_line())
    file = tampering.as_lines(log, tmp_path / "log")
    options = ["--checkpoints", str(notes), "--key", str(key)]
    assert tool.main([str(file), *options]) == 1
    (told,) = capsys.readouterr().out.splitlines()
    if kind == "reordered":
        assert "Thiếu dòng 5" in told
    else:
        assert sentence in told


def test_a_sound_log_is_said_to_be_sound_with_its_checkpoints(
    tool: ModuleType,
    log: Log,
    notes: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    file = tampering.as_lines(log, tmp_path / "log")
    assert tool.main([str(file), "--checkpoints", str(notes)]) == 0
    told = capsys.readouterr().out
    assert f"The log is unbroken: {ROWS} rows, 2 checkpoints" in told
    assert "signatures not checked" in told


def test_a_file_that_cannot_be_read_is_said_to_be_so(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tool.main([str(tmp_path / "nowhere")]) == 2
    (tmp_path / "other").write_text('{"id": 1}\n')
    assert tool.main([str(tmp_path / "other")]) == 2
    assert capsys.readouterr().err.count("Không đọc được") == 2


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text.replace(f"\n{ROWS}\n", f"\n{ROWS - 1}\n"),
        lambda text: text[:-20] + "\n",
        lambda text: "x" + text,
        lambda text: text.replace("at 2", "at 1"),
    ],
)
def test_a_checkpoint_that_was_changed_is_found_by_its_signature(
    tool: ModuleType, notes: Path, harm: Any
) -> None:
    text = harm(notes.read_text())
    assert text != notes.read_text()
    notes.write_text(text)
    assert tool.notes_of(text, checkpoints.public_line())[1] is not None
    assert "Tệp điểm kiểm" in str(verifying.verify().fault)


def test_a_checkpoint_of_another_key_is_none_of_ours(
    tool: ModuleType, notes: Path
) -> None:
    ours = checkpoints.public_line()
    Path(settings.DATA_DIR, "audit-key").unlink()
    checkpoints.write(at=AT)
    others = checkpoints.public_line()
    assert others != ours
    assert tool.notes_of(notes.read_text(), ours)[1] is None
    assert tool.notes_of(notes.read_text(), others)[1] is not None


def test_a_log_that_grew_by_nothing_gets_no_second_checkpoint(notes: Path) -> None:
    before = notes.read_text()
    checkpoints.write(at=AT)
    assert notes.read_text() == before
    audit.record([audit.Act("a", "1")], by=BY, at=AT)
    checkpoints.write(at=AT)
    kept = list(checkpoints.read(notes))
    assert [each.size for each in kept] == [ROWS // 2, ROWS, ROWS + 1]
    assert kept[-1].head == AuditEntry.objects.latest("id").hash


def test_a_process_writes_a_checkpoint_by_itself_and_not_with_every_act(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(checkpoints._due, "at", 0.0)
    for number in range(3):
        audit.record([audit.Act("a", "1")], by=BY, at=AT)
        checkpoints.write_when_due(at=AT)
        assert [n.size for n in checkpoints.read(notes)][-1] == ROWS + 1, number
