"""What becomes of each return in the workbooks and archives that somebody sends?"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from tests.factories import (
    AT,
    BY,
    CANH_NAU,
    COMMUNE_YEAR,
    COMMUNES,
    DONG_TIEN,
    MONTHLY,
    NGO_QUYEN,
    THO_XUONG,
    cells,
    crimes,
    form_of,
    month,
    opened,
    sent,
    small_pack,
)

from tongket.cycle import collect, enter, unpack
from tongket.cycle.unpack import Outcome, State, archives
from tongket.cycle.unpack.storing import Storing
from tongket.documents import workbooks
from tongket.documents.workbooks import layout
from tongket.domain.figures import MISSING, NOT_APPLICABLE, Cell, reported
from tongket.domain.periods import Period
from tongket.loader.pack import Pack
from tongket.records.models import CellEdit, Draft, ReturnVersion

FORM = form_of(MONTHLY)
OTHER_PERSON = "other"


def filling(
    unit: str, held: Mapping[str, Cell], written_for: str | None = None
) -> workbooks.Filling:
    version = next(v for v in small_pack().register.versions if v.unit == unit)
    version = replace(version, unit=written_for or unit)
    return workbooks.Filling(version, version.name, held)


def workbook(
    unit: str = THO_XUONG,
    held: Mapping[str, Cell] | None = None,
    *,
    period: Period | None = None,
    scheme: str = MONTHLY,
    written_for: str | None = None,
    typed: Mapping[str, object] | None = None,
) -> bytes:
    """Return a unit's workbook; `typed` is what was typed after it was downloaded."""
    target = io.BytesIO()
    workbooks.write(
        target,
        form=form_of(scheme),
        period=period or month(1),
        filling=filling(unit, crimes(7) if held is None else held, written_for),
    )
    return filled_in(target.getvalue(), typed or {})


def filled_in(content: bytes, typed: Mapping[str, object]) -> bytes:
    if not typed:
        return content
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    keys = {sheet.cell(row, layout.KEY + 1).value: row for row in range(8, 120)}
    for measure, value in typed.items():
        sheet.cell(keys[measure], layout.VALUE + 1).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def take(pack: Pack, *files: bytes, **other: Any) -> list[Outcome]:
    named = [(f"{number}.xlsx", content) for number, content in enumerate(files)]
    return take_named(pack, named, **other)


def take_named(
    pack: Pack, files: list[tuple[str, bytes]], **other: Any
) -> list[Outcome]:
    asked = {"pack": pack, "opened": opened(month(1)), "by": BY, "at": AT, **other}
    return list(unpack.unpack(files=files, **asked))


def one(pack: Pack, content: bytes, **other: Any) -> Outcome:
    (outcome,) = take(pack, content, **other)
    return outcome


def states(outcomes: list[Outcome]) -> list[str]:
    return [outcome.state.value for outcome in outcomes]


def told(outcome: Outcome) -> str:
    return " ".join(map(str, outcome.sentences))


def typed_by(pack: Pack, by: str, measure: str, text: str, over: int = 0) -> None:
    version = ReturnVersion.objects.count()
    edit = enter.Edit(f"{by}-{measure}-{text}", measure, text, over)
    saved = enter.save(
        pack=pack,
        opened=opened(month(1)),
        unit=THO_XUONG,
        form=FORM.key,
        version=version,
        edits=[edit],
        by=by,
        at=AT,
    )
    assert not saved.conflicts
    assert not saved.refused


def sheet() -> enter.Sheet:
    return enter.sheet(opened=opened(month(1)), unit=THO_XUONG, form=FORM.key)


def test_a_filled_workbook_is_sent_as_the_same_cells(pack: Pack) -> None:
    held = crimes(7, explosives_surrendered="12.5", cameras=NOT_APPLICABLE)
    held["models"] = MISSING
    outcome = one(pack, workbook(held=held))
    assert (outcome.state, outcome.version) == (State.SENT, 1)
    version = ReturnVersion.objects.get()
    assert (version.channel, version.number) == ("WORKBOOK", 1)
    assert version.cells["explosives_surrendered"] == ["REPORTED", "12.5"]
    assert version.cells["models"] == ["MISSING", None]
    assert version.cells["cameras"] == ["NOT_APPLICABLE", None]
    assert version.cells["fire_cases"] == ["NIL", None]


def test_what_is_doubtful_is_told_and_marked_in_the_workbook(pack: Pack) -> None:
    outcome = one(pack, workbook(held=crimes(7, theft_cases=6)))
    assert (outcome.state, outcome.findings) == (State.SENT, 1)
    (mark,) = outcome.marks
    assert mark.must_fix
    assert (mark.sheet, mark.column) == (layout.SHEET, layout.VALUE)
    assert "phải bằng" in mark.words


def test_words_beside_odd_cells_come_with_the_workbook(pack: Pack) -> None:
    target = io.BytesIO()
    unit = replace(
        filling(THO_XUONG, crimes(7)), explanations={"theft_cases": "Đã rà soát."}
    )
    workbooks.write(target, form=FORM, period=month(1), filling=unit)
    one(pack, target.getvalue())
    assert ReturnVersion.objects.get().explanations == {"theft_cases": "Đã rà soát."}


def test_the_same_workbook_twice_is_one_version(pack: Pack) -> None:
    content = workbook()
    one(pack, content)
    again = one(pack, content)
    assert (again.state, again.version) == (State.UNCHANGED, 1)
    assert ReturnVersion.objects.count() == 1


def test_a_workbook_and_the_web_say_the_same_thing(pack: Pack) -> None:
    sent(month(1), {THO_XUONG: crimes(7)})
    assert one(pack, workbook()).state is State.UNCHANGED


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: workbook(period=month(2)), "tệp của kỳ tháng 02/2023"),
        (
            lambda: workbook(held=cells(COMMUNE_YEAR), scheme=COMMUNE_YEAR),
            "tải đúng biểu mẫu",
        ),
        (lambda: workbook(written_for="bg-c00000"), "không có đơn vị “bg-c00000”"),
        (lambda: b"%PDF-1.7", "không phải bảng tính Excel"),
        (lambda: workbook(written_for="bg-e001"), "không thuộc loại đơn vị nhập biểu"),
    ],
)
def test_what_is_not_the_return_asked_for_leaves_nothing(
    pack: Pack, content: Any, words: str
) -> None:
    outcome = one(pack, content())
    assert outcome.state is State.REFUSED
    assert words in told(outcome)
    assert not ReturnVersion.objects.exists()
    assert not Draft.objects.exists()


def test_a_workbook_of_a_unit_outside_the_sender_s_is_refused(pack: Pack) -> None:
    outcome = one(pack, workbook(CANH_NAU), scope={THO_XUONG})
    assert outcome.state is State.REFUSED
    assert "biểu của Xã Canh Nậu, ngoài phạm vi" in told(outcome)
    assert not ReturnVersion.objects.exists()


def test_a_closed_period_takes_no_workbook(pack: Pack) -> None:
    closed = collect.close_period(opened=opened(month(1)), reason="Hết", by=BY, at=AT)
    outcome = one(pack, workbook(), opened=closed)
    assert outcome.state is State.REFUSED
    assert "đã khóa" in told(outcome)


def test_one_bad_workbook_does_not_sink_the_others(pack: Pack) -> None:
    outcomes = take(
        pack,
        workbook(THO_XUONG),
        b"abc",
        workbook(NGO_QUYEN, typed={"theft_cases": "bảy"}),
        workbook(DONG_TIEN),
    )
    assert states(outcomes) == ["SENT", "REFUSED", "WRONG", "SENT"]
    units = ReturnVersion.objects.values_list("of__unit__key", flat=True)
    assert set(units) == {THO_XUONG, DONG_TIEN}


def test_all_or_nothing_holds_back_what_is_right(pack: Pack) -> None:
    files = workbook(THO_XUONG), workbook(NGO_QUYEN, typed={"theft_cases": "bảy"})
    outcomes = take(pack, *files, all_or_nothing=True)
    assert states(outcomes) == ["HELD", "WRONG"]
    assert not ReturnVersion.objects.exists()
    assert not Draft.objects.exists()
    right = take(pack, files[0], workbook(NGO_QUYEN), all_or_nothing=True)
    assert states(right) == ["SENT", "SENT"]


def test_a_dry_run_answers_the_same_and_keeps_nothing(pack: Pack) -> None:
    files = workbook(THO_XUONG), workbook(NGO_QUYEN, typed={"theft_cases": "bảy"})
    tried = take(pack, *files, dry_run=True)
    assert not ReturnVersion.objects.exists()
    assert not Draft.objects.exists()
    assert tried == take(pack, *files)


def test_two_workbooks_of_one_unit_are_told_apart_by_their_files(pack: Pack) -> None:
    first, second = take(pack, workbook(), workbook(held=crimes(8)))
    assert (first.state, second.state) == (State.SENT, State.REFUSED)
    assert "đã có trong tệp “0.xlsx”" in told(second)


def test_what_is_right_of_a_wrong_workbook_is_kept_as_typed(pack: Pack) -> None:
    typed = {"theft_cases": "bảy", "fire_cases": 3}
    outcome = one(pack, workbook(held={}, typed=typed))
    assert outcome.state is State.WRONG
    assert not ReturnVersion.objects.exists()
    assert sheet().cells == {"fire_cases": reported(3)}
    assert outcome.kept == len(FORM.measures) - 1
    (edit,) = CellEdit.objects.all()
    assert (edit.measure, edit.text, edit.by) == ("fire_cases", "3", BY)
    again = one(pack, workbook(held={}, typed=typed))
    assert again.state is State.WRONG
    assert CellEdit.objects.count() == 1


def test_a_wrong_workbook_put_right_is_sent_and_leaves_nothing_typed(
    pack: Pack,
) -> None:
    wrong = workbook(held={}, typed={"theft_cases": "bảy", "fire_cases": 3})
    one(pack, wrong)
    right = dict.fromkeys(cells(), "-") | {"fire_cases": 4, "theft_cases": 7}
    outcome = one(pack, filled_in(wrong, right))
    assert (outcome.state, outcome.version) == (State.SENT, 1)
    stored = ReturnVersion.objects.get().cells
    assert stored["fire_cases"] == ["REPORTED", "4"]
    assert sheet().unsent == ()
    assert sheet().edits == {}


def test_a_cell_that_another_person_wrote_meanwhile_is_asked_about(pack: Pack) -> None:
    content = workbook(held=crimes(7), typed={"fire_cases": 3})
    sent(month(1), {THO_XUONG: crimes(7)})
    typed_by(pack, OTHER_PERSON, "fire_cases", "5")
    outcome = one(pack, content)
    assert outcome.state is State.WRONG
    assert "tệp ghi “3” nhưng other đã ghi “5”" in told(outcome)
    assert sheet().cells["fire_cases"] == reported(5)
    winning = one(pack, content, overwrite=True)
    assert winning.state is State.SENT
    assert sheet().cells["fire_cases"] == reported(3)


def test_the_marked_workbook_knows_of_the_clash_and_is_taken_the_next_time(
    pack: Pack,
) -> None:
    content = workbook(held=crimes(7), typed={"fire_cases": 3})
    sent(month(1), {THO_XUONG: crimes(7)})
    typed_by(pack, OTHER_PERSON, "fire_cases", "5")
    outcome = one(pack, content)
    marked = workbooks.mark(content, marks=outcome.marks, seen=[outcome.seen])
    assert one(pack, marked).state is State.SENT
    assert sheet().cells["fire_cases"] == reported(3)


def test_a_cell_that_was_not_touched_keeps_what_another_person_wrote(
    pack: Pack,
) -> None:
    content = workbook(held=crimes(7), typed={"fire_deaths": 0})
    sent(month(1), {THO_XUONG: crimes(7)})
    typed_by(pack, OTHER_PERSON, "fire_cases", "5")
    outcome = one(pack, content)
    assert outcome.state is State.SENT
    assert "Giữ 1 ô người khác đã sửa" in told(outcome)
    assert sheet().cells["fire_cases"] == reported(5)
    assert sheet().cells["fire_deaths"] == reported(0)


def test_nobody_clashes_with_what_they_sent_themselves(pack: Pack) -> None:
    content = workbook(held={}, typed=dict.fromkeys(cells(), "-"))
    one(pack, content)
    again = one(pack, filled_in(content, {"fire_cases": 4}))
    assert (again.state, again.version) == (State.SENT, 2)


def test_a_list_of_a_district_is_taken_row_by_row(pack: Pack) -> None:
    target = io.BytesIO()
    fillings = [filling(unit, crimes(3)) for unit in COMMUNES]
    workbooks.write_many(target, form=FORM, period=month(1), fillings=fillings)
    book = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    book[layout.LIST_SHEET].cell(
        layout.LIST_FIRST + 2, layout.LIST_BESIDE + 1
    ).value = "ba"
    changed = io.BytesIO()
    book.save(changed)
    outcomes = take(pack, changed.getvalue())
    assert states(outcomes) == ["SENT", "WRONG", "SENT", "SENT"]
    assert [outcome.unit for outcome in outcomes] == list(COMMUNES)
    assert outcomes[1].name in told(outcomes[1])


def test_a_workbook_with_a_sheet_for_each_unit_is_taken_sheet_by_sheet(
    pack: Pack,
) -> None:
    target = io.BytesIO()
    fillings = [filling(unit, crimes(3)) for unit in COMMUNES]
    workbooks.write_sheets(target, form=FORM, period=month(1), fillings=fillings)
    outcomes = take(pack, target.getvalue(), scope=set(COMMUNES[:2]))
    assert states(outcomes) == ["SENT", "SENT", "REFUSED", "REFUSED"]


def test_an_archive_of_folders_is_taken_file_by_file(pack: Pack) -> None:
    content = zipped(
        {
            "Huyện/Thọ Xương.xlsx": workbook(THO_XUONG),
            "Huyện/xã/Ngô Quyền.xlsx": workbook(NGO_QUYEN),
            "Huyện/": b"",
            "__MACOSX/Huyện/._Thọ Xương.xlsx": b"x",
            "Huyện/.DS_Store": b"x",
            "Huyện/~$Thọ Xương.xlsx": b"x",
            "Huyện/.~lock.Thọ Xương.xlsx#": b"x",
        }
    )
    outcomes = take_named(
        pack, [("huyen.zip", content), ("c.xlsx", workbook(CANH_NAU))]
    )
    assert [(each.file, each.state.value) for each in outcomes] == [
        ("Huyện/Thọ Xương.xlsx", "SENT"),
        ("Huyện/xã/Ngô Quyền.xlsx", "SENT"),
        ("c.xlsx", "SENT"),
    ]


def test_a_name_that_leads_out_of_the_folder_is_refused_alone(pack: Pack) -> None:
    content = zipped({"../../x.xlsx": workbook(), "a.xlsx": workbook(NGO_QUYEN)})
    first, second = take_named(pack, [("a.zip", content)])
    assert "“../../x.xlsx” trong tệp nén không hợp lệ" in told(first)
    assert second.state is State.SENT


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MOST_FILES", 1, "có 2 tệp, tối đa 1"),
        ("MOST_MEGABYTES", 0, "MB, tối đa 0 MB"),
    ],
)
def test_an_archive_beyond_its_limits_is_refused_in_one_sentence(
    pack: Pack, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, words: str
) -> None:
    monkeypatch.setattr(archives, limit, value)
    content = zipped({"a.xlsx": workbook(), "b.xlsx": workbook(NGO_QUYEN)})
    (outcome,) = take_named(pack, [("a.zip", content)])
    assert outcome.state is State.REFUSED
    assert words in told(outcome)


def test_a_workbook_larger_than_any_return_is_refused(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST_WORKBOOK", 0)
    for name, content in (
        ("a.xlsx", workbook()),
        ("a.zip", zipped({"a.xlsx": workbook()})),
    ):
        (outcome,) = take_named(pack, [(name, content)])
        assert "lớn hơn 0 MB" in told(outcome)


def test_archives_that_cannot_be_opened_are_refused_in_one_sentence(
    pack: Pack,
) -> None:
    whole = zipped({"a.xlsx": workbook()})
    locked = bytearray(zipped({"a.xlsx": b"x"}))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(header) + flags] |= 1
    nested = zipped({"b.zip": whole})
    for content, words in (
        (whole[: len(whole) // 2], "bị hỏng"),
        (bytes(locked), "có mật khẩu"),
        (nested, "là tệp nén nằm trong tệp nén"),
        (zipped({}), "không có tệp nào"),
    ):
        (outcome,) = take_named(pack, [("a.zip", content)])
        assert outcome.state is State.REFUSED
        assert words in told(outcome)


def test_names_of_old_archives_are_read_as_they_were_meant() -> None:
    content = zipped({"Tho Xuong.xlsx": b"x"})
    meant = content.replace(b"Tho Xuong", "Thọ Xng".encode())
    (entry,) = archives.survey([("a.zip", meant)])
    assert entry.name == "Thọ Xng.xlsx"


def test_a_group_that_is_refused_is_taken_one_by_one(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive, calls = collect.receive, []

    def picky(**asked: Any) -> list[ReturnVersion]:
        calls.append(len(asked["sendings"]))
        if any(each.unit == NGO_QUYEN for each in asked["sendings"]):
            raise collect.NotOwed(unit="Ngô Quyền", form="f", period="p")
        return receive(**asked)

    monkeypatch.setattr(collect, "receive", picky)
    outcomes = take(pack, *map(workbook, COMMUNES))
    assert states(outcomes) == ["SENT", "REFUSED", "SENT", "SENT"]
    assert calls == [4, 1, 1, 1, 1]
    assert ReturnVersion.objects.count() == 3


def test_a_version_that_comes_while_the_file_is_read_is_not_written_over(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = workbook(held=crimes(7), typed={"fire_deaths": 0})
    sent(month(1), {THO_XUONG: crimes(7)})
    store = Storing.store

    def slow(self: Storing, jobs: Any, *, dry_run: bool) -> list[Outcome]:
        if ReturnVersion.objects.count() == 1:
            sent(month(1), {THO_XUONG: crimes(7, fire_cases=5)})
        return store(self, jobs, dry_run=dry_run)

    monkeypatch.setattr(Storing, "store", slow)
    assert one(pack, content, by=OTHER_PERSON).version == 3
    assert sheet().cells["fire_cases"] == reported(5)
    assert sheet().cells["fire_deaths"] == reported(0)
