"""Is the report written from frozen figures, refused when false, signed, handed out?"""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.web.conftest import Office, close

from tongket.documents import pdf
from tongket.records.models import AnnualReport

FORM = {"number": "2", "dated": "2024-01-12", "remarks": ""}
TRUE = "Toàn tỉnh xảy ra 100 vụ phạm tội về trật tự xã hội."
FALSE = "Toàn tỉnh xảy ra 90 vụ phạm tội về trật tự xã hội."


@pytest.fixture(autouse=True)
def _quick_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the typesetter, whose own tests are elsewhere."""

    def write(_report: Any, path: Path) -> None:
        path.write_bytes(b"%PDF-1.7")

    monkeypatch.setattr(pdf, "write", write)


def post(office: Office, who: str = "office", **changed: str) -> Any:
    """Send the form that writes the report."""
    return office.client(who).post(reverse("report"), {**FORM, **changed})


def page(office: Office, who: str = "office") -> str:
    """Return the page as a person sees it."""
    return office.client(who).get(reverse("report")).content.decode()


def check(office: Office, **data: Any) -> Any:
    """Send a draft to be checked."""
    return office.client("office").post(reverse("check-draft"), data)


def test_before_freezing_the_page_says_what_comes_first(office: Office) -> None:
    assert "Chốt số liệu trước" in page(office)
    answer = post(office)
    assert answer.status_code == 422
    assert "chưa được chốt" in answer.content.decode()


def test_the_document_is_previewed_with_each_figure_linked(reviewed: Office) -> None:
    text = page(reviewed)
    address = reverse("why", args=["social_order_cases", "bg", "nd09-2023"])
    assert f'<a href="{address}">100 vụ</a>' in text
    assert "<svg" in text


def test_who_may_not_see_the_province_reads_without_links(reviewed: Office) -> None:
    text = page(reviewed, "editor")
    assert "100 vụ" in text
    assert "/vi-sao/" not in text


def test_writing_verifies_the_claims_and_lists_them(reviewed: Office) -> None:
    assert post(reviewed, remarks=TRUE).status_code == 302
    text = page(reviewed)
    assert "dự thảo" in text
    assert "Số liệu đã kiểm chứng trong báo cáo" in text
    assert AnnualReport.objects.get().claims


def test_a_false_remark_is_refused_shown_and_kept(reviewed: Office) -> None:
    answer = post(reviewed, remarks=FALSE)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Dự thảo có số liệu sai: “90 vụ”" in text
    assert f"{FALSE}</textarea>" in text
    assert '<span class="badge" data-tone="bad">sai</span>' in text
    assert not AnnualReport.objects.exists()


def test_a_number_and_a_day_that_are_none_are_refused_together(
    reviewed: Office,
) -> None:
    text = post(reviewed, number="hai", dated="mai").content.decode()
    assert "Số báo cáo “hai” không hợp lệ" in text
    assert "Ngày báo cáo “mai” không hợp lệ" in text


def test_only_the_standing_office_writes(reviewed: Office) -> None:
    assert post(reviewed, "chair").status_code == 404


def test_the_chair_signs_after_being_asked(reviewed: Office) -> None:
    post(reviewed)
    written = AnnualReport.objects.get()
    address = reverse("report-sign", args=[written.pk])
    chair = reviewed.client("chair")
    assert "thì không sửa được nữa" in chair.get(address).content.decode()
    chair.post(address)
    written.refresh_from_db()
    assert (written.state, written.signed_by) == ("SIGNED", "chair")
    again = chair.post(address)
    assert again.status_code == 422
    assert "đã được ký" in again.content.decode()


def test_the_files_are_handed_out_as_they_were_written(reviewed: Office) -> None:
    post(reviewed)
    written = AnnualReport.objects.get()
    address = reverse("report-file", args=[written.pk, "word"])
    answer = reviewed.client("chair").get(address)
    content = b"".join(answer.streaming_content)
    close(answer)
    words = "".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)
    assert "phạm tội về trật tự xã hội" in words
    unknown = reverse("report-file", args=[written.pk, "odt"])
    assert reviewed.client("chair").get(unknown).status_code == 404


def test_a_file_that_was_changed_is_not_handed_out(
    reviewed: Office, settings: Any
) -> None:
    post(reviewed)
    written = AnnualReport.objects.get()
    Path(settings.DATA_DIR, "files", written.pdf).write_bytes(b"other")
    address = reverse("report-file", args=[written.pk, "pdf"])
    answer = reviewed.client("chair").get(address)
    assert answer.status_code == 422
    assert "không còn đúng như khi lập" in answer.content.decode()


def test_a_draft_is_checked_claim_by_claim(reviewed: Office) -> None:
    text = check(reviewed, text=f"{TRUE} {FALSE}").content.decode()
    assert ">đúng</span>" in text
    assert ">sai</span>" in text
    assert "2 số liệu: 1 đúng, 1 sai hoặc mâu thuẫn, 0 chưa rõ." in text


def test_the_bases_that_fit_a_change_are_named(reviewed: Office) -> None:
    said = "Tội phạm về trật tự xã hội giảm 67 vụ (6,23%)."
    text = check(reviewed, text=said).content.decode()
    assert "1.075→1.008, 1.076→1.009" in text


def test_a_word_file_is_read(reviewed: Office) -> None:
    made, content = docx.Document(), io.BytesIO()
    made.add_paragraph(TRUE)
    made.save(content)
    file = SimpleUploadedFile("du-thao.docx", content.getvalue())
    assert ">đúng</span>" in check(reviewed, file=file).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("du-thao.docx", b"no zip", "tệp hỏng hoặc không đúng định dạng"),
        ("du-thao.odt", b"text", "chỉ nhận .txt, .docx và .html"),
        ("du-thao.txt", "Số liệu".encode("utf-16")[2:] + b"\xff", "mã UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    office: Office, name: str, content: bytes, sentence: str
) -> None:
    answer = check(office, file=SimpleUploadedFile(name, content), text="Giữ lại")
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Giữ lại" in answer.content.decode()


def test_an_empty_draft_is_refused(office: Office) -> None:
    answer = check(office, text=" ")
    assert answer.status_code == 422
    assert "Chưa có nội dung để kiểm tra" in answer.content.decode()


def test_a_text_without_figures_is_said_to_have_none(office: Office) -> None:
    text = check(office, text="Ban Chỉ đạo họp ngày 12/01/2024.").content.decode()
    assert "Không tìm thấy số liệu nào" in text
