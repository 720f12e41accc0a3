"""Is what would be published shown, pushed once, and listed with its public pages?"""

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from tests import factories
from tests.web.conftest import Office

from tongket.cycle import publish, report
from tongket.documents import pdf, pictures
from tongket.office import demonstration
from tongket.portal.models import PublishedRelease


@pytest.fixture
def signed(reviewed: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The same office after the report was written and signed."""

    def write(_report: Any, path: Path) -> None:
        path.write_bytes(b"%PDF-1.7")

    monkeypatch.setattr(pdf, "write", write)
    monkeypatch.setattr(demonstration, "photo", lambda _: None)
    by = {"by": factories.BY, "at": factories.AT}
    written = report.write(
        pack=factories.small_pack(),
        period=factories.year(),
        number=2,
        dated=factories.AT.date(),
        folder=django_settings.DATA_DIR / "files",
        **by,
    )
    report.sign(written=written, **by)
    return reviewed


def page(office: Office, who: str = "editor") -> str:
    """Return the page as a person sees it."""
    return office.client(who).get(reverse("publish")).content.decode()


def push(office: Office, who: str = "editor", **data: Any) -> Any:
    """Press the button."""
    return office.client(who).post(reverse("publish"), data)


def picture(kind: str = "PNG") -> bytes:
    """Return a small picture."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(content, kind)
    return content.getvalue()


def test_nothing_is_published_before_the_report_is_signed(reviewed: Office) -> None:
    assert "Chưa lập báo cáo tổng kết" in page(reviewed)
    answer = push(reviewed)
    assert answer.status_code == 422
    assert "chưa được ký" in answer.content.decode()


def test_the_article_and_figures_are_shown_first(signed: Office) -> None:
    text = page(signed)
    assert "tội phạm về trật tự xã hội giảm 16,67%" in text
    assert "Số liệu công bố" in text


def test_before_freezing_there_is_no_preview(office: Office) -> None:
    assert "Chưa xem trước được" in page(office)


def test_the_editor_publishes_and_finds_the_public_pages(signed: Office) -> None:
    assert push(signed).status_code == 302
    text = page(signed)
    assert PublishedRelease.objects.get().received_from == "editor"
    assert "Trên cổng thông tin" in text
    assert "so-lieu-nam-2023" in text


def test_publishing_the_same_again_changes_nothing(signed: Office) -> None:
    push(signed)
    push(signed)
    assert PublishedRelease.objects.count() == 1


def test_only_the_editor_publishes(signed: Office) -> None:
    assert push(signed, "office").status_code == 404
    assert not PublishedRelease.objects.exists()


def test_a_photo_goes_out_drawn_anew(signed: Office) -> None:
    photo = SimpleUploadedFile("hoi-nghi.png", picture())
    push(signed, photo=photo, caption="Hội nghị", alt="Hội trường có đại biểu")
    kept = PublishedRelease.objects.get().files.get(is_photo=True)
    assert kept.name == "anh-hoi-nghi.jpg"
    assert bytes(kept.content)[:3] == b"\xff\xd8\xff"


def test_a_photo_without_words_is_refused_and_the_caption_kept(
    signed: Office,
) -> None:
    photo = SimpleUploadedFile("hoi-nghi.png", picture())
    answer = push(signed, photo=photo, caption="Quang cảnh hội nghị")
    assert answer.status_code == 422
    assert "thiếu chú thích hoặc mô tả" in answer.content.decode()
    assert "Quang cảnh hội nghị" in answer.content.decode()


def test_what_is_no_picture_is_refused(signed: Office) -> None:
    photo = SimpleUploadedFile("anh.svg", b"<svg><script/></svg>")
    answer = push(signed, photo=photo, caption="a", alt="b")
    assert answer.status_code == 422
    assert "Không đọc được ảnh anh.svg" in answer.content.decode()


def test_small_counts_of_districts_are_hidden_behind_one_mark(
    signed: Office,
) -> None:
    push(signed)
    (table,) = PublishedRelease.objects.get().tables[:1]
    shown = {row[0]["text"]: row[1]["text"] for row in table["rows"]}
    assert set(shown.values()) <= {"50", "100 vụ", publish.HIDDEN}


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(
    signed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_DOTS", 1)
    photo = SimpleUploadedFile("hoi-nghi.png", picture())
    answer = push(signed, photo=photo, caption="Hội nghị", alt="Hội trường")
    assert answer.status_code == 422
    assert "Không đọc được ảnh hoi-nghi.png" in answer.content.decode()
