"""Only a signed report is published, once; small counts are hidden."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from tests.factories import AT, BY, CITY, YEAR, YEN_THE, small_pack, year

from tongket.cycle import draft, freeze, publish, report
from tongket.cycle.draft import Material
from tongket.domain.releases import Photo
from tongket.domain.sentences import Refusals
from tongket.portal.models import ArticlePage, FiguresPage, PublishedRelease
from tongket.records import audit
from tongket.records.models import AnnualReport, AuditEntry, FrozenPeriod

PIXEL = (
    b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>"
    b"<rect width='1' height='1'/></svg>"
)
PHOTO = Photo("hoi-nghi.svg", PIXEL, "Hội nghị (tranh minh họa).", "Hội trường")


@pytest.fixture
def source(frozen: FrozenPeriod) -> Material:
    return draft.material(pack=small_pack(), period=year(), frozen=frozen)


@pytest.fixture
def written(frozen: FrozenPeriod, tmp_path: Path) -> AnnualReport:
    """A draft whose two files lie in the folder."""
    (tmp_path / "a.docx").write_bytes(b"word")
    (tmp_path / "a.pdf").write_bytes(b"pdf")
    return AnnualReport.objects.create(
        frozen=frozen,
        number=2,
        dated=AT.date(),
        word="a.docx",
        pdf="a.pdf",
        hashes={},
        claims=[],
        written_at=AT,
        written_by=BY,
    )


@pytest.fixture
def signed(written: AnnualReport) -> AnnualReport:
    return report.sign(written=written, by=BY, at=AT)


def push(folder: Path, photo: Photo | None = None) -> PublishedRelease:
    return publish.publish(
        pack=small_pack(), period=year(), folder=folder, photo=photo, by=BY, at=AT
    )


def test_what_was_not_written_is_not_published(
    frozen: FrozenPeriod, tmp_path: Path
) -> None:
    with pytest.raises(publish.NotSigned, match="Báo cáo năm 2023 chưa được ký"):
        push(tmp_path)
    assert not PublishedRelease.objects.exists()


def test_a_draft_is_not_published(written: AnnualReport, tmp_path: Path) -> None:
    with pytest.raises(publish.NotSigned, match="ký báo cáo trước khi công bố"):
        push(tmp_path)
    assert not PublishedRelease.objects.exists()
    assert publish.public_pages(year()) == []


def test_a_signed_report_is_published_with_article_figures_and_files(
    signed: AnnualReport, tmp_path: Path
) -> None:
    release = push(tmp_path)
    assert (release.key, release.version, release.province) == (
        f"nd09-{YEAR}",
        1,
        "Bắc Giang",
    )
    assert release.warning == draft.WARNING
    told = [(file.name, file.label) for file in release.files.all()]
    assert told == [
        ("a.docx", "Báo cáo tổng kết (Word)"),
        ("a.pdf", "Báo cáo tổng kết (PDF)"),
    ]
    assert len(release.charts) == 2
    assert release.charts[0]["table"]["rows"][0][0]["text"] == "T1"
    signed.refresh_from_db()
    assert signed.state == "PUBLISHED"
    entry = AuditEntry.objects.last()
    assert entry is not None
    assert (entry.act, entry.new) == ("publish", {"hash": release.content_hash})
    titles = [page.title for page in publish.public_pages(year())]
    assert titles[0].startswith("Tỉnh Bắc Giang: tội phạm về trật tự xã hội giảm")
    assert titles[1] == "Bắc Giang: số liệu năm 2023"
    assert publish.releases(year()) == [release]
    assert publish.releases(year(YEAR - 1)) == []


def test_publishing_again_changes_nothing(signed: AnnualReport, tmp_path: Path) -> None:
    first = push(tmp_path)
    entries = AuditEntry.objects.count()
    assert push(tmp_path) == first
    assert PublishedRelease.objects.count() == 1
    assert (ArticlePage.objects.count(), FiguresPage.objects.count()) == (1, 1)
    assert AuditEntry.objects.count() == entries


def test_another_content_is_another_version_and_another_act(
    signed: AnnualReport, tmp_path: Path
) -> None:
    first = push(tmp_path)
    second = push(tmp_path, PHOTO)
    assert (first.version, second.version) == (1, 2)
    assert publish.releases(year()) == [second, first]
    assert ArticlePage.objects.count() == 1
    acts = AuditEntry.objects.filter(act="publish").order_by("id")
    assert [entry.new["hash"] for entry in acts] == [
        first.content_hash,
        second.content_hash,
    ]


def test_nothing_is_published_when_its_audit_failed(
    signed: AnnualReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        push(tmp_path)
    assert not PublishedRelease.objects.exists()
    assert not ArticlePage.objects.exists()
    assert AnnualReport.objects.get().state == "SIGNED"


def test_nothing_is_published_when_a_file_is_gone(
    signed: AnnualReport, tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").unlink()
    with pytest.raises(FileNotFoundError):
        push(tmp_path)
    assert not PublishedRelease.objects.exists()


def test_an_article_with_a_false_number_is_refused(source: Material) -> None:
    template = source.pack.templates["article"]
    body = next(block for block in template.blocks if block.kind == "body")
    wrong = replace(body, text="Toàn tỉnh xảy ra 99 vụ phạm tội về trật tự xã hội.")
    blocks = tuple(wrong if block is body else block for block in template.blocks)
    templates = {**source.pack.templates, "article": replace(template, blocks=blocks)}
    false = replace(source, pack=replace(source.pack, templates=templates))
    with pytest.raises(Refusals, match="Dự thảo có số liệu sai: “99 vụ”"):
        publish.article(false, None)


def test_the_article_is_signed_by_a_role_and_carries_its_photo(
    source: Material,
) -> None:
    made = publish.article(source, PHOTO)
    assert made.authors == (source.pack.templates["article"].byline,)
    assert made.photo == PHOTO
    assert "giảm 20 vụ so với năm 2022" in made.paragraphs[0].text


def test_every_known_figure_is_published_with_its_answer(source: Material) -> None:
    told = {each.key.split("@")[0]: each for each in publish.figures(source)}
    cases = told["social_order_cases"]
    assert (cases.value, cases.change, cases.base) == (
        "100 vụ",
        "giảm 20 vụ (16,67%) so với cùng kỳ năm 2022",
        "120 vụ",
    )
    assert (cases.change_english, cases.direction, cases.is_good) == (
        "down 20 cases (16.67%) on the same period of 2022",
        -1,
        True,
    )
    assert (cases.returned, cases.owed, cases.is_headline) == (8, 8, True)
    assert not cases.is_illustrative  # the conference published it
    assert told["theft_cases"].is_illustrative
    weak = told["weak_units"]
    assert (weak.change, weak.base, weak.base_window, weak.direction) == ("", "", "", 0)
    assert told["clearance_rate"].parts == "100/100"
    assert "plans_overdue" in told
    assert told["project06_rate"].change == ""


def test_a_missing_figure_is_not_published(source: Material) -> None:
    key, compared = next(iter(source.comparisons.items()))
    nothing = replace(compared.current, numerator=None)
    empty = {**source.comparisons, key: replace(compared, current=nothing)}
    keys = {each.key for each in publish.figures(replace(source, comparisons=empty))}
    assert compared.current.key not in keys


@pytest.mark.parametrize(
    ("key", "now", "before", "said"),
    [
        (
            "social_order_cases",
            12,
            10,
            "up 2 cases (20.00%) on the same period of 2022",
        ),
        (
            "social_order_cases",
            10,
            10,
            "no change on the same period of 2022 (10 cases)",
        ),
        ("social_order_cases", 3, 0, "up 3 cases (none in the same period of 2022)"),
        (
            "clearance_rate",
            80,
            90,
            "down 10.00 percentage points on the same period of 2022",
        ),
    ],
)
def test_a_change_reads_in_english(
    source: Material, key: str, now: int, before: int, said: str
) -> None:
    compared = source.comparisons[key]
    hundred = Decimal(100) if compared.current.indicator.is_ratio else None
    changed = replace(
        compared,
        current=replace(compared.current, numerator=Decimal(now), denominator=hundred),
        base=replace(compared.base, numerator=Decimal(before), denominator=hundred),
    )
    only = replace(source, comparisons={key: changed})
    (figure,) = publish.figures(only)
    assert figure.change_english == said


def districts(
    frozen: FrozenPeriod, held: dict[str, str | None], total: int
) -> Material:
    """Give the districts other counts, and the province their total."""
    key = "social_order_cases"
    figures = dict(frozen.figures)
    figures["districts"] = {key: held}
    current, base = figures["province"][key]
    changed = [*current[:2], str(total), *current[3:]]
    figures["province"] = {**figures["province"], key: [changed, base]}
    frozen.figures = figures
    return draft.material(pack=small_pack(), period=year(), frozen=frozen)


@pytest.mark.parametrize(
    ("held", "total", "shown"),
    [
        ({CITY: "50", YEN_THE: "50"}, 100, ["50", "50", "100 vụ"]),
        ({CITY: "50", YEN_THE: "0"}, 50, ["50", "0", "50 vụ"]),
        ({CITY: "50", YEN_THE: None}, 50, ["50", "chưa có số liệu", "50 vụ"]),
        # One small count would be the total less the other: both are hidden.
        ({CITY: "50", YEN_THE: "3"}, 53, ["…", "…", "53 vụ"]),
        ({CITY: "4", YEN_THE: None}, 4, ["…", "chưa có số liệu", "…"]),
        ({CITY: "2", YEN_THE: "1"}, 3, ["…", "…", "…"]),
    ],
)
def test_small_counts_are_hidden_beyond_subtraction(
    frozen: FrozenPeriod, held: dict[str, str | None], total: int, shown: list[str]
) -> None:
    made = publish.by_district(districts(frozen, held, total), "social_order_cases")
    assert [row[1].text for row in made.rows] == shown
    assert [row[0].text for row in made.rows] == [
        "Thành phố Bắc Giang",
        "Huyện Yên Thế",
        "Toàn tỉnh",
    ]
    assert bool(made.note) is ("…" in shown)
    assert made.title.startswith("Số vụ phạm tội về trật tự xã hội theo huyện")


def test_a_preview_shows_what_would_be_published(frozen: FrozenPeriod) -> None:
    made, figures = publish.preview(pack=small_pack(), period=year())
    assert made.photo is None
    assert "social_order_cases@bg@nd09-2023" in {each.key for each in figures}
    assert not PublishedRelease.objects.exists()
    with pytest.raises(freeze.NotFrozen):
        publish.preview(pack=small_pack(), period=year(YEAR - 1))
