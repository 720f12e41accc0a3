"""Does `tongket claims` list each number of a text, ending with 1 when one is false?"""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests.web.conftest import Office

TRUE = "Toàn tỉnh xảy ra 100 vụ phạm tội về trật tự xã hội, giảm 20 vụ (16,67%)."
FALSE = "Toàn tỉnh xảy ra 90 vụ phạm tội về trật tự xã hội."
SPLIT = "Tội phạm về trật tự xã hội giảm 67 vụ (6,23%)."


def file(folder: Path, text: str, name: str = "bai-viet.txt") -> str:
    """Write a text; return where it lies."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_true_numbers_are_listed_with_their_figures(
    reviewed: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("claims", file(tmp_path, TRUE), year=2023)
    shown = capsys.readouterr().out
    assert "100 vụ" in shown
    assert "3 số liệu: 3 đúng" in shown


def test_a_false_number_ends_the_command_with_1(
    reviewed: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("claims", file(tmp_path, FALSE), period="nd09-2023")
    assert ended.value.code == 1
    assert "sai" in capsys.readouterr().out


def test_both_bases_that_fit_are_named(
    reviewed: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        call_command("claims", file(tmp_path, SPLIT), year=2023)
    assert "1.075→1.008, 1.076→1.009" in capsys.readouterr().out


def test_a_page_is_read_as_its_reader_sees_it(
    reviewed: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (
        "<html><head><title>90 vụ phạm tội</title></head><body><script>90 vụ</script>"
        f"<h1>Tin</h1><p>{TRUE}</p></body></html>"
    )
    call_command("claims", file(tmp_path, page, "tin.html"), year=2023)
    assert "3 số liệu: 3 đúng" in capsys.readouterr().out


def test_a_text_without_numbers_says_so(
    reviewed: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("claims", file(tmp_path, "Hội nghị diễn ra tốt đẹp."), year=2023)
    assert "Không tìm thấy số liệu nào" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (None, b"", "Không có tệp"),
        ("a.pdf", b"%PDF", "chỉ nhận .txt, .docx và .html"),
        ("a.docx", b"%PDF", "tệp hỏng hoặc không đúng định dạng"),
        ("a.txt", b"\x81\xff", "lưu lại với mã UTF-8"),
        ("a.txt", b" ", "Chưa có nội dung"),
        ("a.txt", b"1" * 5_000_001, "tối đa 5 MB"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(
    office: Office, tmp_path: Path, name: str | None, content: bytes, sentence: str
) -> None:
    path = tmp_path / (name or "absent.txt")
    if name:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("claims", str(path), year=2023)


def test_lines_of_json_are_answered_line_by_line(
    reviewed: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [
        {"id": 1, "text": TRUE, "period": "nd09-2023"},
        {"id": 2, "claim_paraphrase": "Xảy ra 50 vụ.", "period": "6 tháng đầu năm"},
        {"id": 3, "text": FALSE, "period": "nd09-2023"},
    ]
    lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in records)
    with pytest.raises(SystemExit):
        call_command("claims", file(tmp_path, f"{lines}\n\n"), jsonl=True)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["consistent"] for each in told] == [True, None, False]
    assert told[0]["quantities"][0]["value"] == 100
    assert told[2]["severity"] == "hard"
    assert told[2]["reasons"]


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}'])
def test_a_line_that_is_no_record_is_named(
    office: Office, tmp_path: Path, line: str
) -> None:
    with pytest.raises(CommandError, match="dòng 1: không phải bản ghi JSON"):
        call_command("claims", file(tmp_path, line), jsonl=True)
