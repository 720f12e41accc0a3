"""A false number is refused before any file is written; a signed report stays."""

import hashlib
from pathlib import Path

import pytest
from tests.factories import AT, BY, YEAR, instant, small_pack, year

from tongket.cycle import draft, freeze, report
from tongket.domain.reports import Paragraph, Run
from tongket.domain.sentences import Refusals
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import AnnualReport, AuditEntry, FrozenPeriod


def write(folder: Path, **changed: object) -> AnnualReport:
    told = {
        "pack": small_pack(),
        "period": year(),
        "number": 2,
        "dated": AT.date(),
        "folder": folder,
        "by": BY,
        "at": AT,
    }
    return report.write(**{**told, **changed})


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write files that only name what was written, where their look is no matter."""
    for writer in (report.word, report.pdf):
        monkeypatch.setattr(
            writer,
            "write",
            lambda document, path: path.write_text(f"{path.suffix} {document}"),
        )


def files(folder: Path) -> list[str]:
    return sorted(
        str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()
    )


def test_a_report_is_word_and_pdf_named_by_their_content(
    frozen: FrozenPeriod, tmp_path: Path
) -> None:
    written = write(tmp_path)
    assert files(tmp_path) == sorted([written.word, written.pdf])
    for name, kind in ((written.word, "docx"), (written.pdf, "pdf")):
        content = (tmp_path / name).read_bytes()
        hashed = hashlib.sha256(content).hexdigest()
        assert written.hashes[kind] == hashed
        assert name == f"nd09-{YEAR}/bao-cao-nd09-{YEAR}-{hashed[:8]}.{kind}"
    assert (written.state, written.number, written.frozen) == ("DRAFT", 2, frozen)
    assert str(written)
    entry = AuditEntry.objects.last()
    assert entry is not None
    assert (entry.act, entry.new) == ("write_report", {"hashes": written.hashes})


def test_every_claim_of_the_report_is_kept_with_its_verdict(
    frozen: FrozenPeriod, quick: None, tmp_path: Path
) -> None:
    written = write(tmp_path)
    assert len(written.claims) > 50
    assert {claim["verdict"] for claim in written.claims} == {"verified"}
    first = written.claims[0]
    assert (first["surface"], first["figure"]) == (
        "100 vụ",
        "social_order_cases@bg@nd09-2023",
    )


def test_the_same_report_is_written_once_and_another_beside_it(
    frozen: FrozenPeriod, tmp_path: Path
) -> None:
    first = write(tmp_path)
    assert write(tmp_path) == first
    assert AnnualReport.objects.count() == 1
    second = write(tmp_path, number=3)
    assert second != first
    assert report.newest(year()) == second
    assert len(files(tmp_path)) == 4  # what was written before is still there


@pytest.mark.parametrize(
    "remarks",
    [
        "Năm qua xảy ra 99 vụ phạm tội về trật tự xã hội.",
        "Năm qua xảy ra 100 vụ phạm tội về trật tự xã hội, giảm 25 vụ so với cùng kỳ.",
        "Tỷ lệ điều tra khám phá đạt 91,5%.",
    ],
)
def test_a_false_sentence_is_refused_and_neither_file_nor_row_remains(
    frozen: FrozenPeriod, tmp_path: Path, remarks: str
) -> None:
    acts = AuditEntry.objects.count()
    with pytest.raises(Refusals, match="Dự thảo có số liệu sai: “") as refused:
        write(tmp_path, remarks=remarks)
    assert all(isinstance(each, report.FalseClaim) for each in refused.value.refusals)
    assert files(tmp_path) == []
    assert not AnnualReport.objects.exists()
    assert AuditEntry.objects.count() == acts


def test_true_remarks_and_remarks_without_a_number_are_taken(
    frozen: FrozenPeriod, quick: None, tmp_path: Path
) -> None:
    told = "Năm qua xảy ra 100 vụ phạm tội về trật tự xã hội.\nCơ sở rất cố gắng."
    written = write(tmp_path, remarks=f"{told}\n")
    assert AnnualReport.objects.get().remarks == told
    assert written.claims[-1]["verdict"] == "verified"


def test_no_report_is_written_before_the_figures_are_frozen(
    pack: Pack, tmp_path: Path
) -> None:
    with pytest.raises(freeze.NotFrozen):
        write(tmp_path, period=year(YEAR - 1))
    assert files(tmp_path) == []


def test_no_report_remains_when_its_audit_failed(
    frozen: FrozenPeriod, quick: None, tmp_path: Path, broken_audit: type[Exception]
) -> None:
    with pytest.raises(broken_audit):
        write(tmp_path)
    assert not AnnualReport.objects.exists()


def test_no_file_is_left_half_written(
    frozen: FrozenPeriod, quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(report.pdf, "write", fail)
    with pytest.raises(OSError, match="no space left"):
        write(tmp_path)
    assert files(tmp_path) == []
    assert not AnnualReport.objects.exists()


@pytest.fixture
def written(frozen: FrozenPeriod) -> AnnualReport:
    return AnnualReport.objects.create(
        frozen=frozen,
        number=2,
        dated=AT.date(),
        word="a.docx",
        pdf="a.pdf",
        hashes={"docx": "1", "pdf": "2"},
        claims=[],
        written_at=AT,
        written_by=BY,
    )


def test_a_report_is_signed_once(written: AnnualReport) -> None:
    stale = AnnualReport.objects.get(pk=written.pk)
    report.sign(written=written, by="chair", at=AT)
    kept = AnnualReport.objects.get()
    assert (kept.state, kept.signed_by, kept.signed_at) == ("SIGNED", "chair", AT)
    for again in (written, stale):
        with pytest.raises(report.AlreadySigned, match="nd09-2023 đã được ký"):
            report.sign(written=again, by="other", at=AT)
    assert AuditEntry.objects.filter(act="sign_report").count() == 1
    assert AnnualReport.objects.get().signed_by == "chair"


def test_a_report_is_not_signed_when_its_audit_failed(
    written: AnnualReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        report.sign(written=written, by="chair", at=AT)
    assert AnnualReport.objects.get().state == "DRAFT"


def test_nothing_was_written_for_another_period(written: AnnualReport) -> None:
    assert report.newest(year(YEAR - 1)) is None
    assert report.newest(year()) == written


def test_a_text_is_judged_by_its_words(frozen: FrozenPeriod) -> None:
    pack = small_pack()
    compared = freeze.comparisons(pack, frozen)
    text = "Toàn tỉnh xảy ra 100 vụ phạm tội về trật tự xã hội, giảm 21 vụ."
    judged = report.judge(text, pack=pack, comparisons=compared)
    assert [each.verdict for each in judged] == ["verified", "contradicted"]


def test_a_run_that_states_three_figures_is_true_of_each(frozen: FrozenPeriod) -> None:
    pack = small_pack()
    source = draft.material(pack=pack, period=year(), frozen=frozen)
    gap = "Tai nạn {traffic_cases+traffic_deaths+traffic_injured:together}."
    apart = Paragraph(draft.runs(source, gap))
    assert "không tăng, không giảm" in apart.text  # they moved apart: told in turn
    judged = report.judge_paragraphs([apart], pack=pack, comparisons=source.comparisons)
    assert [each.figure for each in judged] == apart.runs[1].figure.split()
    falling = dict(source.comparisons)
    for key in ("traffic_deaths", "traffic_injured"):
        falling[key] = falling["traffic_cases"]
    keys = ("traffic_cases", "traffic_deaths", "traffic_injured")
    whole = Run("giảm cả 3 tiêu chí", " ".join(f"{key}@bg@nd09-2023" for key in keys))
    for paragraph, compared in (
        (apart, source.comparisons),
        (Paragraph((Run("Tai nạn giao thông "), whole)), falling),
    ):
        judged = report.judge_paragraphs([paragraph], pack=pack, comparisons=compared)
        assert {each.verdict for each in judged} == {"verified"}


def test_the_page_shows_the_document_dated_as_the_figures_were_frozen(
    frozen: FrozenPeriod,
) -> None:
    frozen.at = instant(AT.date(), 1)  # still the day before in UTC
    frozen.save()
    kept = FrozenPeriod.objects.get(pk=frozen.pk)
    shown = report.document_of(pack=small_pack(), frozen=kept, period=year())
    assert shown.letterhead.dated == AT.date()
    assert shown.letterhead.number == 0
