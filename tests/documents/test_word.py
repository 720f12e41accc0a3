"""Is the Word file the document that Decree 30/2020/NĐ-CP asks for?"""

import dataclasses
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from tests.documents import samples, structure

from tongket.documents import decree30, ooxml, provenance, word
from tongket.domain.reports import Annex, Paragraph, Report, Run
from tongket.domain.sentences import Refusals


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "report.docx"
    word.write(samples.report(), path)
    return path


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def test_the_file_has_the_recorded_text_and_structure(written, golden):
    golden("report-docx.txt", structure.of_word(written))


def test_the_same_report_is_the_same_file(written, tmp_path):
    word.write(samples.report(), tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == written.read_bytes()


def test_each_figure_is_a_locked_control_that_leads_to_its_row(written):
    document = docx.Document(str(written))
    bookmarks = {
        mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))
    }
    controls = list(document.element.iter(qn("w:sdt")))
    assert len(controls) == 6
    for control in controls:
        link = next(control.iter(qn("w:hyperlink")))
        tag = next(control.iter(qn("w:tag"))).get(qn("w:val"))
        lock = next(control.iter(qn("w:lock"))).get(qn("w:val"))
        assert link.get(qn("w:anchor")) in bookmarks
        assert len(tag) <= provenance.LONGEST_TAG
        assert lock == "contentLocked"
    assert len(bookmarks) == 3


def test_a_tag_cut_short_is_spelled_out_inside_the_file(written):
    with zipfile.ZipFile(written) as archive:
        texts = [
            archive.read(name).decode()
            for name in archive.namelist()
            if re.fullmatch(r"customXml/item\d+\.xml", name)
        ]
    ours = next(text for text in texts if ooxml.FIGURES_NAMESPACE in text)
    assert f'tag="{provenance.tag(samples.LONG)}" key="{samples.LONG}"' in ours


def test_control_numbers_and_bookmark_numbers_are_never_used_twice(written):
    document = docx.Document(str(written))
    numbers = [each.get(qn("w:val")) for each in document.element.iter(qn("w:id"))] + [
        each.get(qn("w:id")) for each in document.element.iter(qn("w:bookmarkStart"))
    ]
    assert len(numbers) == len(set(numbers)) == 9


def test_the_warning_stands_at_the_foot_of_every_page(written):
    for section in docx.Document(str(written)).sections:
        for footer in (section.footer, section.first_page_footer):
            assert footer.paragraphs[0].text == samples.WARNING


def test_a_report_without_warning_has_an_empty_foot(tmp_path):
    word.write(dataclasses.replace(samples.report(), warning=""), tmp_path / "a.docx")
    section = docx.Document(str(tmp_path / "a.docx")).sections[0]
    assert section.footer.paragraphs[0].text == ""


def test_pages_of_each_annex_are_counted_from_one(written):
    document = docx.Document(str(written))
    starts = [
        mark.get(qn("w:start")) for mark in document.element.iter(qn("w:pgNumType"))
    ]
    assert starts == ["1", "1"]


def test_a_report_with_no_number_yet_leaves_room_for_it(tmp_path):
    word.write(samples.report(number=0), tmp_path / "draft.docx")
    text = structure.of_word(tmp_path / "draft.docx")
    assert "Số:      /BC-BCĐ" in text


def test_a_short_report_without_figures_has_no_annex(tmp_path):
    short = Report(samples.letterhead(), (samples.bands_chart(),))
    word.write(short, tmp_path / "short.docx")
    text = structure.of_word(tmp_path / "short.docx")
    assert "Phụ lục" not in text
    assert "[picture: Xếp loại. Theo loại.]" in text


def test_a_single_annex_has_no_number(tmp_path):
    empty = Annex("Danh sách", (Paragraph((Run("Không có."),)),))
    single = Report(samples.letterhead(), (), annexes=(empty,))
    assert [label for label, _ in decree30.annexes(single)] == ["Phụ lục"]
    word.write(single, tmp_path / "single.docx")
    assert "DANH SÁCH" in structure.of_word(tmp_path / "single.docx")


def test_figures_without_an_explanation_are_refused_together(tmp_path):
    report = samples.report()
    bare = dataclasses.replace(report, figures=(report.figures[0],) * 2)
    with pytest.raises(Refusals) as refused:
        word.write(bare, tmp_path / "bare.docx")
    assert [type(each) for each in refused.value.refusals] == [
        provenance.TwoNotes,
        provenance.FigureWithoutNote,
        provenance.FigureWithoutNote,
    ]
    assert samples.RATE in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / "taken.docx").mkdir()
    with pytest.raises(OSError):
        word.write(samples.report(), tmp_path / "taken.docx")
    assert [each.name for each in tmp_path.iterdir()] == ["taken.docx"]


def test_the_theme_fonts_never_win_over_times_new_roman(written):
    styles = docx.Document(str(written)).styles
    for name in ("Normal", "Heading 1", "Heading 2", "Nội dung", "Ô bảng"):
        fonts = styles[name].element.rPr.find(qn("w:rFonts"))
        assert set(fonts.attrib.values()) == {"Times New Roman"}


CAN_PRINT = shutil.which("soffice") and shutil.which("pdftoppm")


# In CI nothing may be missing, so nothing is skipped there.
@pytest.mark.skipif(
    not (CAN_PRINT or os.environ.get("CI")),
    reason="LibreOffice (soffice) or pdftoppm is not installed",
)
def test_libreoffice_opens_the_file_and_prints_five_pages(written, tmp_path):
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", "pdf", str(written)],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    made = tmp_path / "report.pdf"
    subprocess.run(
        ["pdftoppm", "-r", "20", "-png", made.name, "page"], cwd=tmp_path, check=True
    )
    assert len(list(tmp_path.glob("page-*.png"))) == 5


def test_a_line_is_never_wider_than_its_column():
    assert decree30.bold_width("M" * 100, 14, 60) == 60
    assert decree30.bold_width("", 14, 60) == 0
