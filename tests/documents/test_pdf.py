"""Is the PDF the same document, filed and read aloud without anything missing?"""

import dataclasses
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.documents import samples

from tongket.documents import pdf
from tongket.domain.reports import Report
from tongket.domain.sentences import Refusals


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    pdf.write(samples.report(), path, system_fonts=False)
    return path


def fonts(path: Path) -> set[str]:
    names = set()
    for page in PdfReader(path).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            names.add(font.get_object()["/BaseFont"].partition("+")[2])
    return names


def test_the_file_has_the_recorded_text(written, golden):
    pages = [page.extract_text() for page in PdfReader(written).pages]
    golden("report-pdf.txt", "\f\n".join(pages) + "\n")


def test_the_same_report_is_the_same_file(written, tmp_path):
    pdf.write(samples.report(), tmp_path / "again.pdf", system_fonts=False)
    assert (tmp_path / "again.pdf").read_bytes() == written.read_bytes()


def test_every_figure_links_to_the_last_annex(written):
    reader = PdfReader(written)
    targets = [
        note.get_object()["/Dest"].get_object()
        for page in reader.pages[:-1]
        for note in page.get("/Annots", [])
    ]
    assert len(targets) == 6
    last = reader.pages[-1].indirect_reference
    assert {target[0] for target in targets} == {last}
    assert len({float(target[3]) for target in targets}) == 3


def test_the_file_states_its_title_language_day_and_standard(written):
    reader = PdfReader(written)
    assert reader.metadata.title.startswith("Báo cáo Tổng kết công tác phòng, chống")
    assert f"{reader.metadata.creation_date:%d/%m/%Y}" == "05/01/2024"
    assert reader.trailer["/Root"]["/Lang"] == "vi-VN"
    described = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in described
    assert "<pdfuaid:part>1</pdfuaid:part>" in described


def test_vietnamese_letters_are_set_on_a_machine_without_fonts(written):
    assert fonts(written)
    assert all(name.startswith("LibertinusSerif") for name in fonts(written))
    text = PdfReader(written).pages[0].extract_text()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "được giữ vững, ổn định" in text


def test_the_first_page_of_a_part_shows_no_number(written):
    first, second, annex, after, last = PdfReader(written).pages
    assert second.extract_text().startswith("2\n")
    assert after.extract_text().startswith("2\n")
    for page in (first, annex, last):
        assert not page.extract_text().startswith(("1\n", "3\n", "5\n"))


def test_only_the_last_annex_lies_across(written):
    across = [p.mediabox.width > p.mediabox.height for p in PdfReader(written).pages]
    assert across == [False] * 4 + [True]


def test_a_short_report_is_one_page_without_annex_or_foot(tmp_path):
    short = Report(samples.letterhead(), (samples.bands_chart(),))
    pdf.write(short, tmp_path / "short.pdf")
    (page,) = PdfReader(tmp_path / "short.pdf").pages
    assert "Phụ lục" not in page.extract_text()


def test_a_figure_without_an_explanation_is_refused(tmp_path):
    bare = dataclasses.replace(samples.report(), figures=())
    with pytest.raises(Refusals, match="chưa có dòng giải thích"):
        pdf.write(bare, tmp_path / "bare.pdf")
    assert not list(tmp_path.iterdir())
