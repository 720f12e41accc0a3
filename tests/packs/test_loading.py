"""What a reader of pack files does with text that is not as agreed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongket.domain.sentences import Refusals
from tongket.loader import yamltext
from tongket.loader.packs import load

PACKS = Path(__file__).parents[2] / "packs"
SHIPPED = (PACKS / "vietnam", PACKS / "bac-giang")
HEADING = "unit,code,name,kind,designation,parent,valid_from,valid_to,population"
NAMED = "key: more\nlabel: Thêm\nenglish: More\n"


def told(folder: Path, **files: str) -> list[str]:
    """Return the sentences that the shipped packs with these files are refused with."""
    folder = folder / "more"
    folder.mkdir(exist_ok=True)
    for name, text in {"pack.yaml": NAMED, **files}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(Refusals) as caught:
        load(*SHIPPED, folder)
    return [str(refusal) for refusal in caught.value.refusals]


@given(
    st.from_regex(r"0\d{4}|\d\d?:\d\d|[01]_\d+|no|yes|null|2023-11-01", fullmatch=True)
)
def test_what_looks_like_a_number_or_a_day_stays_the_text_it_is(text: str) -> None:
    node, refusals = yamltext.compose(f"- {text}", "any.yaml")
    assert refusals == []
    assert node is not None
    assert yamltext.plain(node) == [text]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("a: [1, 2", 1),  # where the bracket was opened
        ("a: 1\nb: 'x", 2),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\n? [b, c]\n: 2\n", 2),
        ("a: \x07", 1),
        ("- a list\n", 1),
        ("only words", 1),
    ],
)
def test_text_that_is_no_mapping_is_refused_with_its_line(
    text: str, line: int, tmp_path: Path
) -> None:
    found = told(tmp_path, **{"deadlines.yaml": text})
    expected = (
        f"more/deadlines.yaml, dòng {line}: không đọc được tệp; sửa lỗi viết ở gần "
        "dòng này."
    )
    assert expected in found


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "deadlines.yaml").write_bytes("dates: []\nname: Tỉnh".encode("utf-16"))
    found = told(tmp_path)
    assert found == [
        "more/deadlines.yaml, dòng 1: không đọc được tệp; sửa lỗi viết ở gần dòng này."
    ]


def test_an_alias_of_what_it_stands_in_ends(tmp_path: Path) -> None:
    found = told(tmp_path, **{"deadlines.yaml": "dates: &all\n  - *all\n"})
    assert "không dùng tham chiếu “*all”" in found[0]


def test_reading_a_file_outside_the_packs_refuses_the_same_faults(
    tmp_path: Path,
) -> None:
    path = tmp_path / "year.yaml"
    path.write_text("seed: 007\nyears: [2022, 2023]\n", encoding="utf-8")
    assert yamltext.read(path) == {"seed": "007", "years": ["2022", "2023"]}
    path.write_text("seed: 1\nseed: 2\n", encoding="utf-8")
    with pytest.raises(Refusals, match="dòng 2: khóa “seed” xuất hiện hai lần"):
        yamltext.read(path)


def test_a_folder_without_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusals, match=r"nowhere: không có tệp pack\.yaml"):
        load(*SHIPPED, tmp_path / "nowhere")


def test_a_country_alone_is_no_pack_and_hears_all_that_it_lacks() -> None:
    with pytest.raises(Refusals) as caught:
        load(PACKS / "vietnam")
    found = str(caught.value)
    for key in ("province", "regime", "letterhead", "jump_times", "worthy_bands"):
        assert f"Gói dữ liệu vietnam: chưa có khóa “{key}”" in found


def test_hidden_files_and_notes_are_no_facts(tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "pack.yaml").write_text(NAMED, encoding="utf-8")
    (folder / ".draft.yaml").write_text("[", encoding="utf-8")
    (folder / "README.md").write_text("[", encoding="utf-8")
    assert load(*SHIPPED, folder).key == "more"


def test_a_letterhead_is_never_replaced_in_silence(tmp_path: Path) -> None:
    text = (PACKS / "bac-giang/pack.yaml").read_text(encoding="utf-8")
    found = told(tmp_path, **{"pack.yaml": text})
    assert any("“letterhead” đã có tại bac-giang/pack.yaml:" in each for each in found)
    assert any("“province” đã có tại bac-giang/pack.yaml:" in each for each in found)


SOURCE = '{instrument: "09/2019/NĐ-CP", mark: C}'


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        (
            "deadlines.yaml",
            "dates: [a, b]",
            "khóa “dates” phải là danh sách các khối khóa",
        ),
        ("deadlines.yaml", "dates: tomorrow", "phải là danh sách các khối khóa"),
        ("deadlines.yaml", "dates:\n", "thiếu khóa “dates”"),
        (
            "deadlines.yaml",
            "dates:\n  - {key: [a], checked_until: 2024-01-01, values: []}",
            "khóa “key” phải là một dòng chữ",
        ),
        (
            "deadlines.yaml",
            (
                "dates:\n  - {key: a, checked_until: soon, values: "
                f"[{{from: 2024-01-01, value: x, source: {SOURCE}}}]}}"
            ),
            "khóa “value” nhận một con số, không nhận “x”",
        ),
        (
            "deadlines.yaml",
            (
                "dates:\n  - {key: a, checked_until: soon, values: "
                f"[{{from: 2024-01-01, value: '1.5', source: {SOURCE}}}]}}"
            ),
            "khóa “checked_until” nhận một ngày, không nhận “soon”",
        ),
        (
            "deadlines.yaml",
            (
                "dates:\n  - {key: a, checked_until: 2024-12-31, values: "
                f"[{{from: 2024-01-01, value: '1.5', source: {SOURCE}}}]}}"
            ),
            "không nhận “1.5”",
        ),
        (
            "deadlines.yaml",
            (
                "dates:\n  - key: a\n    checked_until: 2024-12-31\n    values:\n"
                f"      - {{from: 2024-02-01, value: '1', source: {SOURCE}}}\n"
                f"      - {{from: 2024-01-01, value: '2', source: {SOURCE}}}\n"
            ),
            "khóa “values” không theo thứ tự thời gian",
        ),
        (
            "deadlines.yaml",
            (
                "dates:\n  - key: a\n    checked_until: 2024-12-31\n    values:\n"
                "      - {from: 2024-02-01, value: '1', source: the law}\n"
            ),
            "khóa “source” phải là khối khóa",
        ),
        (
            "deadlines.yaml",
            (
                "dates:\n  - key: a\n    checked_until: 2024-12-31\n    values:\n"
                "      - {from: 2024-02-01, value: '1', source: "
                '{instrument: "09/2019/NĐ-CP", mark: Z}}\n'
            ),
            "khóa “mark” không nhận “Z”; dùng một trong: C, P, R, D",
        ),
        ("disclosure.yaml", "x: 1", "thiếu khóa “disclosure_threshold”"),
        (
            "disclosure.yaml",
            "disclosure_threshold: {checked_until: 2024-01-01}",
            "thiếu khóa “values”",
        ),
        (
            "holidays.yaml",
            (
                "checked_until: 2024-12-31\nholidays:\n"
                f"  - {{name: a, from: 2024-01-02, to: 2024-01-01, source: {SOURCE}}}\n"
            ),
            "khóa “to” không theo thứ tự thời gian",
        ),
        (
            "regimes.yaml",
            (
                "regimes:\n  - {key: a, label: A, begins: 12-31, year_offset: '0', "
                f"frequencies: [year], source: {SOURCE}}}\n"
            ),
            "khóa “begins” nhận một ngày, không nhận “12-31”; viết theo mẫu 12-15",
        ),
        (
            "regimes.yaml",
            (
                "regimes:\n  - {key: a, label: A, year_offset: '0', "
                f"frequencies: [week], source: {SOURCE}}}\n"
            ),
            "khóa “frequencies” không nhận “week”",
        ),
        (
            "regimes.yaml",
            (
                "regimes:\n  - {key: a, label: A, begins: 12-15, year_offset: '0', "
                f"frequencies: year, source: {SOURCE}}}\n"
            ),
            "khóa “frequencies” phải là danh sách các dòng chữ",
        ),
        (
            "regimes.yaml",
            (
                "regimes:\n  - {key: a, label: A, begins: 12-15, year_offset: '0', "
                f"frequencies: [[year]], source: {SOURCE}}}\n"
            ),
            "khóa “frequencies” phải là danh sách các dòng chữ",
        ),
        (
            "checks.yaml",
            (
                f"source: {SOURCE}\nrules:\n  - {{key: a, form: nothing, left: [b], "
                "operator: '=', right: [c], severity: must_fix, remedy: Sửa.}\n"
            ),
            "khóa “form” nhắc đến biểu mẫu “nothing” chưa có",
        ),
        (
            "units.csv",
            f"{HEADING}\na,1\n",
            "more/units.csv, dòng 2: có 2 ô, phải có 9",
        ),
        (
            "units.csv",
            f"{HEADING}\na,1,Xã A,commune,Xã,bg,,,many\n",
            "dòng 2: thiếu ngày (khóa “valid_from”)",
        ),
        ("units.csv", "", "tiêu đề cột phải là"),
        (
            "forms/readme.csv",
            "a,b\n",
            "more/forms/readme.csv: gói dữ liệu không dùng tệp có tên này",
        ),
        (
            "examples/2022.yaml",
            (
                "year: '2022'\nregime: nd09\nfigures:\n"
                f"  - {{indicator: fire_cases, value: '1', source: {SOURCE}}}\n"
                f"  - {{indicator: fire_cases, value: '2', source: {SOURCE}}}\n"
            ),
            "chỉ tiêu “fire_cases” đã có tại more/examples/2022.yaml:4",
        ),
        (
            "commendations.yaml",
            f"worthy_bands: {{bands: [GREAT], source: {SOURCE}}}\n",
            "khóa “bands” nhắc đến xếp loại “GREAT” chưa có",
        ),
    ],
)
def test_a_wrong_value_is_named_with_its_key(
    file: str, text: str, sentence: str, tmp_path: Path
) -> None:
    found = told(tmp_path, **{file: text})
    assert any(sentence in each for each in found), "\n".join(found)


def test_a_sheet_with_wrong_years_and_step_is_refused(tmp_path: Path) -> None:
    first = PACKS / "bac-giang/criteria/2023-enterprise.yaml"
    text = first.read_text(encoding="utf-8")
    text = text.replace('years: ["2023"]', 'years: ["2023", next]')
    text = text.replace('step: "0.5"', 'step: "0"').replace("key: 2023-", "key: new-")
    found = told(tmp_path, **{"criteria/new.yaml": text})
    assert [each.split("; ")[0] for each in found] == [
        (
            "more/criteria/new.yaml, dòng 5: khóa “years” nhận một con số, không nhận "
            "“next”"
        ),
        "more/criteria/new.yaml, dòng 5: khóa “step” nhận một con số, không nhận “0”",
    ]


def test_a_scheme_that_lacks_items_loads_and_is_refused_at_opening(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "pack.yaml").write_text(NAMED, encoding="utf-8")
    (folder / "schemes.yaml").write_text(
        "schemes:\n  - {key: thin, name: Báo cáo thử, deadlines: {commune: '0'}, "
        f"regime: nd09, source: {SOURCE}}}\n",
        encoding="utf-8",
    )
    scheme = load(*SHIPPED, folder).schemes["thin"]
    refusals = [str(refusal) for refusal in scheme.refusals()]
    assert len(refusals) == 9
    assert "Chế độ báo cáo thin: thiếu tần suất (khóa frequency" in refusals[4]
    assert "ít nhất 1 ngày làm việc" in refusals[-1]
