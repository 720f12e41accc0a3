"""A document is written from frozen figures; every number in it leads to its answer."""

from dataclasses import replace

import pytest
from tests.factories import AT, ENTERPRISES, YEAR, small_pack, year

from tongket.cycle import draft, freeze
from tongket.cycle.draft import Material
from tongket.domain import wording
from tongket.domain.commendations import AwardState
from tongket.domain.reports import Chart, Paragraph, Report, Run, Style, Table
from tongket.domain.sentences import Refusals
from tongket.loader.pack import TemplateBlock
from tongket.records.models import Award, FrozenPeriod, ProgrammeWork
from tongket.records.register import register


@pytest.fixture
def source(frozen: FrozenPeriod) -> Material:
    return draft.material(pack=small_pack(), period=year(), frozen=frozen)


@pytest.fixture
def document(source: Material) -> Report:
    return draft.annual(source, number=2, dated=AT.date())


def runs_of(document: Report) -> list[Run]:
    found: list[Run] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            found += block.runs
        elif isinstance(block, Table):
            found += [run for row in block.rows for run in row]
    return found


def text_of(document: Report) -> str:
    return "\n".join(
        block.text for block in document.blocks if isinstance(block, Paragraph)
    )


def test_every_figure_in_the_text_has_one_note(document: Report) -> None:
    used = list(dict.fromkeys(run.figure for run in runs_of(document) if run.figure))
    assert [note.figure for note in document.figures] == used
    assert len(used) > 40


def test_a_note_says_what_was_counted_from_how_many_returns(
    document: Report, source: Material
) -> None:
    notes = {note.figure: note for note in document.figures}
    note = notes["clearance_rate@bg@nd09-2023"]
    rate = source.comparisons["clearance_rate"]
    assert note.value == wording.reading_value(rate.current)
    assert (note.parts, note.returned) == ("100/100", "8/8")
    assert note.window == "15/12/2022–14/12/2023"
    assert note.base == f"{wording.reading_value(rate.base)} (15/12/2021–14/12/2022)"
    assert note.definition
    assert note.source
    assert notes["minister_awards@bg@nd09-2023"].base == ""


def test_one_note_answers_for_figures_that_one_run_states(document: Report) -> None:
    together = [run for run in runs_of(document) if len(run.figures) == 3]
    assert len(together) == 1
    (note,) = [note for note in document.figures if note.figure == together[0].figure]
    assert note.value == "48 vụ; 0 người; 0 người"
    assert note.window == "15/12/2022–14/12/2023"  # said once, being one
    assert note.parts == ""


def test_the_letterhead_is_that_of_the_committee(document: Report) -> None:
    head = document.letterhead
    assert (head.number, head.dated, head.kind) == (2, AT.date(), "BÁO CÁO")
    assert head.symbol == f"BC-{small_pack().letterhead.suffix}"
    assert head.subject.endswith("năm 2023")


def test_the_demonstration_says_that_its_figures_are_illustrative(
    document: Report, source: Material
) -> None:
    assert document.warning == f"Số liệu minh họa. {draft.WARNING}"
    real = replace(source, pack=replace(source.pack, examples={}))
    assert draft.annual(real, number=2, dated=AT.date()).warning == ""
    assert not draft.is_illustrative(real)


def test_remarks_come_last_a_paragraph_a_line(source: Material) -> None:
    remarks = "Ghi nhận nỗ lực của cơ sở.\n\n  Cần giữ nhịp kiểm tra.  \n"
    written = draft.annual(source, number=2, dated=AT.date(), remarks=remarks)
    heading, *lines = written.blocks[-3:]
    assert isinstance(heading, Paragraph)
    assert heading.style is Style.HEADING
    assert [line.text for line in lines if isinstance(line, Paragraph)] == [
        "Ghi nhận nỗ lực của cơ sở.",
        "Cần giữ nhịp kiểm tra.",
    ]
    plain = draft.annual(source, number=2, dated=AT.date(), remarks=" \n ")
    assert len(plain.blocks) == len(written.blocks) - 3


def test_the_works_of_next_year_are_listed_with_owner_and_day(
    document: Report,
) -> None:
    said = text_of(document)
    owner = "(UBND các huyện, thành phố; xong chậm nhất ngày 14/12/2024)."
    assert f"Bổ sung camera an ninh ở địa bàn cơ sở {owner}" in said
    assert "Kéo giảm hơn nữa tội phạm và tệ nạn xã hội." in said


def test_a_work_without_a_day_names_its_owner_alone(source: Material) -> None:
    ProgrammeWork.objects.filter(key="task-cameras").update(due_on=None)
    said = text_of(draft.annual(source, number=2, dated=AT.date()))
    assert "ở địa bàn cơ sở (UBND các huyện, thành phố)." in said


def test_a_work_without_an_owner_still_has_its_day(source: Material) -> None:
    ProgrammeWork.objects.filter(key="task-cameras").update(owner="")
    said = text_of(draft.annual(source, number=2, dated=AT.date()))
    assert "ở địa bàn cơ sở (xong chậm nhất ngày 14/12/2024)." in said


def test_weak_units_and_awards_are_annexes(document: Report) -> None:
    weak, awards = document.annexes
    (table,) = weak.blocks
    assert isinstance(table, Table)
    assert [[run.text for run in row][:3] for row in table.rows] == [
        ["1", "Xã Canh Nậu", "Yếu"],
        ["2", register().on(year().end)[ENTERPRISES[2]].name, "Yếu"],
    ]
    assert table.rows[0][3].text.endswith(", Huyện Yên Thế")
    (listed,) = awards.blocks
    assert isinstance(listed, Table)
    assert [[run.text for run in row] for row in listed.rows] == [
        ["1", "Cá nhân minh họa 01", "Cá nhân", "Bằng khen của Bộ trưởng Bộ Công an"],
        [
            "2",
            "Phường Thọ Xương",
            "Tập thể",
            "Bằng khen của Chủ tịch UBND tỉnh",
        ],
        [
            "3",
            "Cá nhân minh họa 02",
            "Cá nhân",
            "Bằng khen của Chủ tịch UBND tỉnh",
        ],
    ]


def test_a_cancelled_award_is_not_listed(source: Material) -> None:
    Award.objects.filter(form="minister").update(state=AwardState.CANCELLED)
    _, awards = draft.annual(source, number=2, dated=AT.date()).annexes
    (listed,) = awards.blocks
    assert isinstance(listed, Table)
    assert len(listed.rows) == 2


def test_annexes_have_a_title_where_the_template_gives_none(source: Material) -> None:
    template = source.pack.templates["annual"]
    untitled = tuple(
        replace(block, text="") if block.of in ("weak_units", "awards") else block
        for block in template.blocks
    )
    templates = {"annual": replace(template, blocks=untitled)}
    pack = replace(source.pack, templates=templates)
    written = draft.annual(replace(source, pack=pack), number=2, dated=AT.date())
    assert [annex.title for annex in written.annexes] == [
        "Danh sách đơn vị",
        "Danh sách khen thưởng",
    ]


def test_a_table_shows_value_base_and_change_with_their_figure(
    source: Material,
) -> None:
    keys = ("social_order_cases", "clearance_rate", "weak_units", "theft_cases")
    made = draft.table(source, TemplateBlock("table", "Số liệu {period}", keys))
    assert made.title == "Số liệu năm 2023"
    assert made.header == ("Chỉ tiêu", "Năm 2023", "Năm 2022", "Tăng, giảm")
    shown = [[run.text for run in row[1:]] for row in made.rows]
    whole = wording.reading_value(source.comparisons["clearance_rate"].current)
    assert shown == [
        ["100 vụ", "120 vụ", "giảm 20 vụ (16,67%)"],
        [whole, whole, "không tăng, không giảm"],
        ["2 đơn vị", "chưa có số liệu", "–"],
        ["100 vụ", "120 vụ", "giảm 20 vụ (16,67%)"],
    ]
    assert all(run.figure for row in made.rows for run in row[1:])


def test_a_chart_draws_the_months_that_are_known(source: Material) -> None:
    made = draft.chart(source, "social_order_cases", "Tội phạm {period}")
    assert isinstance(made, Chart)
    assert made.title == "Tội phạm năm 2023"
    assert [(p.x, p.y, p.series) for p in made.points] == [
        ("T1", 44.0, "Năm 2023"),
        ("T1", 52.0, "Năm 2022"),
        ("T12", 56.0, "Năm 2023"),
        ("T12", 68.0, "Năm 2022"),
    ]
    assert "cả năm 100 vụ, giảm 20 vụ (16,67%) so với cùng kỳ" in made.description


def test_an_outline_that_the_pack_lacks_is_refused(source: Material) -> None:
    with pytest.raises(draft.NoTemplate, match=r"mẫu “weekly” \(templates/weekly.yaml"):
        draft.template_of(source.pack, "weekly")


def test_a_missing_figure_is_refused_and_not_printed_as_nought(
    frozen: FrozenPeriod,
) -> None:
    figures = dict(frozen.figures["province"])
    current, base = figures["theft_cases"]
    figures["theft_cases"] = [[*current[:2], None, *current[3:]], base]
    frozen.figures = {**frozen.figures, "province": figures}
    source = draft.material(pack=small_pack(), period=year(), frozen=frozen)
    with pytest.raises(Refusals, match="không được in thành 0"):
        draft.annual(source, number=2, dated=AT.date())
    assert freeze.newest(year()) is not None
    assert source.words["next_year"] == str(YEAR + 1)
