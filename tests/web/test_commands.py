"""The commands say what they do in plain sentences, and refuse in sentences."""

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation
from tests import factories

from tongket.office import demonstration, facts
from tongket.records.models import OpenPeriod

ROOT = Path(__file__).resolve().parents[2]
STEPS = (
    "open_period",
    "load_returns",
    "check",
    "count",
    "score",
    "plan",
    "commend",
    "report",
    "publish",
)
OURS = (*STEPS, "demo", "serve", "claims", "verify_audit", "check_packs")


@pytest.fixture(autouse=True)
def _vietnamese_again():
    yield
    translation.activate("vi")


def helped(command: str, monkeypatch: pytest.MonkeyPatch, language: str = "") -> str:
    """Return what `tongket COMMAND --help` prints."""
    monkeypatch.setenv("LANGUAGE", language)
    module = __import__(
        f"tongket.office.management.commands.{command}", fromlist=["Command"]
    )
    return module.Command().create_parser("tongket", command).format_help()


@pytest.mark.parametrize("command", OURS)
def test_help_is_plain_sentences_without_the_frameworks_options(command, monkeypatch):
    text = helped(command, monkeypatch)
    assert f"tongket {command.replace('_', '-')}" in text
    assert "in trợ giúp này rồi thoát" in text
    for noise in ("--settings", "--pythonpath", "--traceback", "--no-color"):
        assert noise not in text


@pytest.mark.parametrize("command", OURS)
def test_help_speaks_english_when_the_environment_asks(command, monkeypatch):
    vietnamese = helped(command, monkeypatch)
    english = helped(command, monkeypatch, "en")
    assert english != vietnamese
    assert "in trợ giúp này rồi thoát" not in english


def test_a_broken_pack_is_refused_in_both_languages(tmp_path, settings, monkeypatch):
    settings.PACKS_DIR = tmp_path / "packs"
    shutil.copytree(ROOT / "packs", settings.PACKS_DIR)
    deadlines = settings.PACKS_DIR / "bac-giang" / "deadlines.yaml"
    deadlines.write_text(
        deadlines.read_text(encoding="utf-8").replace("checked_until", "checked_till"),
        encoding="utf-8",
    )
    told = {}
    for language in ("", "en"):
        monkeypatch.setenv("LANGUAGE", language)
        facts.pack.cache_clear()
        with pytest.raises(CommandError) as caught:
            call_command("check_packs")
        told[language] = str(caught.value)
    facts.pack.cache_clear()
    assert "bac-giang/deadlines.yaml" in told[""]
    assert "checked_till" in told[""]
    assert "bac-giang/deadlines.yaml" in told["en"]
    assert "checked_till" in told["en"]
    assert told[""] != told["en"]


def test_sound_packs_are_counted_out():
    out = io.StringIO()
    call_command("check_packs", stdout=out)
    assert "Bắc Giang: 600 đơn vị, 12 biểu mẫu" in out.getvalue()


@pytest.mark.django_db
def test_a_period_is_opened_once_and_names_its_due_day(monkeypatch):
    monkeypatch.setattr(facts, "pack", factories.small_pack)
    out = io.StringIO()
    call_command("open_period", "commune-month", "--period=nd09-2023-m12", stdout=out)
    assert "tháng 12/2023 (15/11/2023–14/12/2023)" in out.getvalue()
    assert "18/12/2023" in out.getvalue()
    with pytest.raises(CommandError, match="đã được mở từ trước"):
        call_command("open_period", "commune-month", "--period=nd09-2023-m12")
    assert OpenPeriod.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["open_period", "commune-week"], "Không có chế độ báo cáo “commune-week”"),
        (
            ["open_period", "commune-month", "--period=nd09-23"],
            "Không có kỳ báo cáo “nd09-23”",
        ),
        (
            ["open_period", "commune-month", "--period=nd09-2023"],
            "không thuộc chế độ báo cáo",
        ),
        (["count"], "Chưa có kỳ nào được mở"),
        (["plan", "--year=2023"], "Năm 2023 chưa chấm điểm"),
        (["publish", "--year=2023"], "chưa được ký"),
        (["score", "--year=1999"], "Không có bộ tiêu chí nào áp dụng cho năm 1999"),
        (["claims", "khong-co.txt", "--year=2023"], "khong-co.txt"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(monkeypatch, arguments, told):
    monkeypatch.setattr(facts, "pack", factories.small_pack)
    if arguments[:2] == ["open_period", "commune-week"]:
        arguments = [*arguments, "--year=2023"]
    with pytest.raises(CommandError) as caught:
        call_command(*arguments)
    assert told in str(caught.value)
    assert "Traceback" not in str(caught.value)


@pytest.mark.django_db
def test_workbooks_are_received_and_the_bad_one_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(facts, "pack", factories.small_pack)
    call_command("open_period", "commune-month", "--period=nd09-2023-m12")
    (tmp_path / "hong.xlsx").write_bytes(b"not a workbook")
    with pytest.raises(CommandError, match=r"hong\.xlsx: "):
        call_command(
            "load_returns", str(tmp_path), "--period=nd09-2023-m12", "--year=2023"
        )
    with pytest.raises(CommandError, match="không có tệp"):
        call_command("load_returns", str(tmp_path / "x"), "--period=nd09-2023-m12")


@pytest.mark.django_db
def test_an_unbroken_chain_is_said_to_be_so(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path  # checkpoints of other tests tell of other logs
    monkeypatch.setattr(facts, "pack", factories.small_pack)
    call_command("open_period", "commune-month", "--period=nd09-2023-m12")
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert "Nhật ký nguyên vẹn" in out.getvalue()


def test_only_a_demonstrated_year_gets_a_drawing_for_its_photo(monkeypatch):
    monkeypatch.setattr(facts, "pack", factories.small_pack)
    assert demonstration.photo(factories.year()) is not None
    assert demonstration.photo(factories.year(factories.YEAR + 1)) is None


def test_the_demonstration_stops_where_it_is_told(settings: Any):
    until_check = demonstration.steps(until="check")
    assert {step.stage for step in until_check} == {"collect", "check"}
    assert demonstration.steps()[-1].stage == "publish"
