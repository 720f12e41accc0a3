"""Does a list of units come back from a file as it went in, whoever made the file?"""

import datetime as dt
import io
import time
from collections.abc import Callable
from fractions import Fraction

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import THO_XUONG, YEN_THE, kinds, whole_pack

from tongket.documents.workbooks import unit_list
from tongket.documents.workbooks.unit_list import UnitList, read_list
from tongket.documents.workbooks.unit_list_writing import (
    Listed,
    write_csv,
    write_list,
)
from tongket.domain.reorganisation import ImportPlan, Outcome, plan
from tongket.domain.sentences import Refusals
from tongket.domain.unit_rows import Table, read_change, read_day
from tongket.domain.units import (
    Change,
    GroupMembership,
    Lineage,
    Register,
    UnitVersion,
)

DAY = dt.date(2024, 2, 1)
HEADING = "Khóa,Mã,Tên đơn vị,Loại đơn vị,Cấp trên,Từ ngày,Đến ngày"
WORD = st.text(
    st.characters(categories=("L", "N"), include_characters=" =+-@'\"“,;"),
    min_size=1,
    max_size=12,
).map(lambda text: " ".join(text.split()))


def listed(register: Register) -> Listed:
    """Return the whole register as a list to be written."""
    pack = whole_pack()
    return Listed(
        register.versions,
        register.lineage,
        register.memberships,
        {key: kind.label for key, kind in pack.kinds.items()},
        {version.unit: version.name for version in register.versions},
        DAY,
    )


def book(register: Register) -> bytes:
    """Return the register as a workbook."""
    target = io.BytesIO()
    write_list(target, listed(register))
    return target.getvalue()


def csv_file(register: Register, table: Table = Table.UNITS) -> bytes:
    """Return one of the lists of the register as CSV."""
    return ("\ufeff" + write_csv(listed(register), table)).encode()


def again(register: Register, found: UnitList) -> ImportPlan:
    """Return what a list would do to the register that it was written from."""
    return plan(register, found.rows, on=DAY, kinds=whole_pack().kinds, root="bg")


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """Return a small register of odd names, with changes, lineage and groups."""
    first, later = dt.date(2021, 1, 1), dt.date(2023, 5, 6)
    name = WORD.filter(lambda text: text.strip("-") != "")
    versions = [UnitVersion("p", "24", "Tỉnh A", "province", None, first)]
    lineage, stays = [], []
    for number in range(draw(st.integers(0, 4))):
        key, code = f"d{number}", f"{number:03d}"
        life = UnitVersion(
            key,
            code,
            draw(name),
            "district",
            "p",
            first,
            designation=draw(st.sampled_from(["", "Huyện", "Thị xã"])),
            population=draw(st.none() | st.integers(0, 10**6)),
            size_class=draw(st.sampled_from(["", "I", "II"])),
        )
        if draw(st.booleans()):
            versions.append(life)
            continue
        eve = later - dt.timedelta(1)
        fields = {name: getattr(life, name) for name in UnitVersion.__slots__}
        versions.append(UnitVersion(**{**fields, "end": eve}))
        if draw(st.booleans()):
            renamed = {**fields, "start": later, "name": draw(name)}
            versions.append(UnitVersion(**renamed))
            lineage.append(Lineage(key, key, later, Change.RENAME, None, "1/NQ"))
        else:
            share = draw(st.sampled_from([None, Fraction(1)]))
            change = Change.MERGE if share is None else Change.SPLIT
            lineage.append(Lineage(key, "p", later, change, share, ""))
        if draw(st.booleans()):
            stays.append(GroupMembership(key, "nhom-a", first, eve))
    return Register(versions, lineage, stays)


@given(registers())
def test_a_register_that_is_exported_and_imported_is_unchanged(
    register: Register,
) -> None:
    for content in (book(register), csv_file(register)):
        made = again(register, read_list(content))
        assert {step.outcome for step in made.steps} == {Outcome.UNCHANGED}
        assert made.register.versions == register.versions


def test_the_shipped_register_makes_the_round_trip() -> None:
    register = whole_pack().register
    for content in (book(register), csv_file(register)):
        found = read_list(content)
        assert found.passed_over == []
        made = again(register, found)
        assert [s for s in made.steps if s.outcome is not Outcome.UNCHANGED] == []
    lineage = again(register, read_list(csv_file(register, Table.LINEAGE)))
    assert lineage.counts == {Outcome.UNCHANGED: len(register.lineage)}


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda text: text.encode("utf-8"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: ("Danh sách đơn vị,,,,,,\n\n" + text).encode(),
    ],
)
def test_a_csv_file_is_read_whatever_program_wrote_it(
    spoilt: Callable[[str], bytes],
) -> None:
    text = HEADING + "\r\nbg-x,07201,Phường Thọ Xương,Phường,213,01/02/2024,\r\n"
    (row,) = read_list(spoilt(text)).rows
    assert row.table is Table.UNITS
    assert row.text("name") == "Phường Thọ Xương"
    assert read_day(row.text("valid_from")) == DAY


def test_headings_are_known_in_english_and_in_any_order() -> None:
    text = "parent;Name;VALID FROM;code;Note;kind\n213;Ward A;2024-02-01;07999;x;Ward\n"
    found = read_list(text.encode())
    assert found.passed_over == ["Note"]
    assert found.rows[0].line == 2
    assert found.rows[0].cells == {
        "parent": "213",
        "name": "Ward A",
        "valid_from": "2024-02-01",
        "code": "07999",
        "kind": "Ward",
    }


def test_numbers_and_days_of_excel_are_text_again() -> None:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target)
    sheet = workbook.add_worksheet("Trang 7")
    sheet.write_row(2, 0, ["Mã", "Tên đơn vị", "Từ ngày", "Dân số"])
    sheet.write_row(3, 0, [7201, "Phường Thọ Xương"])
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_datetime(3, 2, dt.date(2024, 2, 1), day)
    sheet.write_number(3, 3, 12345)
    sheet.write_row(4, 0, ["07207", "Phường Ngô Quyền", 45323, "12.345"])
    workbook.close()
    first, second = read_list(target.getvalue()).rows
    assert (first.sheet, first.line, first.text("code")) == ("Trang 7", 4, "7201")
    assert read_day(first.text("valid_from")) == DAY
    assert read_day(second.text("valid_from")) == DAY
    assert first.text("population") == "12345"
    made = again(whole_pack().register, UnitList([first]))
    assert made.steps[0].unit == THO_XUONG


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "EmptyFile"),
        (b" \n\n", "EmptyFile"),
        ((HEADING + "\n").encode(), "EmptyFile"),
        (b"a,b,c\n1,2,3\n", "NoHeadings"),
        (b"Danh s\xe1ch,M\xe3\n", "NotText"),
        (b"\x00\x01\x02\x03", "NotText"),
        (("Mã,Tên đơn vị,Mã số\n1,A,2\n").encode(), "HeadingTwice"),
        (('Mã,Tên đơn vị\n1,"A\n').encode(), "BrokenCsv"),
        (b"PK\x03\x04 no workbook", "NotAWorkbook"),
        (b"x" * (unit_list.MOST_BYTES + 1), "FileTooLarge"),
        (
            ("Mã,Tên đơn vị\n" + "1,A\n" * (unit_list.MOST_ROWS + 1)).encode(),
            "TooManyRows",
        ),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(content: bytes, wrong: str) -> None:
    with pytest.raises(Refusals) as raised:
        read_list(content)
    assert kinds(raised.value) == [wrong]


def test_what_a_spreadsheet_would_run_is_written_so_that_it_does_not() -> None:
    first = dt.date(2021, 1, 1)
    version = UnitVersion("p", "24", "=1+1", "province", None, first)
    text = write_csv(listed(Register([version])), Table.UNITS)
    assert "'=1+1" in text
    assert read_list(text.encode()).rows[0].text("name") == "=1+1"


def test_the_changes_of_lineage_are_read_in_vietnamese() -> None:
    assert read_change("sáp nhập") is read_change("MERGE") is Change.MERGE


def test_fifty_thousand_rows_are_planned_in_seconds() -> None:
    rows = "".join(
        f"{n:06d},Thôn {n},Khu dân cư,07201,30/06/2025\n" for n in range(50_000)
    )
    text = "Mã,Tên đơn vị,Loại đơn vị,Cấp trên,Đến ngày\n" + rows
    started = time.perf_counter()
    found = read_list(text.encode())
    made = again(whole_pack().register, found)
    assert made.counts == {Outcome.NEW: 50_000}
    assert time.perf_counter() - started < 60
    assert YEN_THE in made.register
