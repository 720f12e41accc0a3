"""What facts does a benchmark work with: the shipped packs and a form of 80 cells.

No shipped form is that long; a benchmark must not depend on which one is longest.
"""

import shutil
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[1] / "packs"
PROVINCE = "bac-giang"
SCHEME, FORM, REGIME = "benchmark-month", "benchmark-80", "nd09"
SECTIONS, ROWS = 8, 10  # the first row of a section is the sum of the three below it
SOURCE = 'source: {instrument: "09/2019/NĐ-CP", at: "Điều 7", mark: P}'


def measure(section: int, row: int) -> str:
    """Return the key of a row of the form."""
    return f"m{section}_{row}"


MEASURES = tuple(
    measure(section, row)
    for section in range(1, SECTIONS + 1)
    for row in range(1, ROWS + 1)
)


def write(folder: Path) -> Path:
    """Copy the shipped packs into a folder and add form, scheme and rules."""
    copied = folder / "packs"
    shutil.copytree(SHIPPED, copied)
    province = copied / PROVINCE
    (province / "forms" / f"{FORM}.yaml").write_text(_form(), encoding="utf-8")
    for name, text in (("schemes.yaml", _scheme()), ("checks.yaml", _rules())):
        with (province / name).open("a", encoding="utf-8") as file:
            file.write(text)
    return copied


def values(seed: int) -> dict[str, str]:
    """Return what is typed into every cell of a sound return, other for each seed.

    A row stays within a fifth of its own size, as a commune's figures do from month to
    month: a return in which every row is doubted is not what thousands send.
    """
    found = {}
    for section in range(1, SECTIONS + 1):
        for row in range(2, ROWS + 1):
            least = 40 + (section * 97 + row * 31) % 800
            more = (seed * 7 + section * 3 + row) % (least // 5)
            found[measure(section, row)] = least + more
        parts = (found[measure(section, row)] for row in (2, 3, 4))
        found[measure(section, 1)] = sum(parts)
    return {key: f"{number:,}".replace(",", ".") for key, number in found.items()}


def _form() -> str:
    lines = [
        f"key: {FORM}",
        "label: Biểu 80 chỉ tiêu để đo tốc độ",
        "english: A form of 80 cells to measure speed",
        "kinds: [commune]",
        SOURCE,
        "sections:",
    ]
    for section in range(1, SECTIONS + 1):
        lines += [
            f"  - key: part_{section}",
            f"    label: Phần {section}",
            f"    english: Part {section}",
            "    measures:",
        ]
        lines += [
            f"      - {{key: {measure(section, row)}, label: Chỉ tiêu {section}.{row}, "
            f"english: 'Measure {section}.{row}', measure_unit: vụ}}"
            for row in range(1, ROWS + 1)
        ]
    return "\n".join(lines) + "\n"


def _scheme() -> str:
    return f"""
  - key: {SCHEME}
    name: Báo cáo tháng để đo tốc độ
    content: Biểu 80 chỉ tiêu
    unit_kinds: [commune]
    recipient: Cơ quan thường trực Ban Chỉ đạo tỉnh
    method: Nhập trên hệ thống
    deadlines: {{commune: "2", district: "4", province: "7"}}
    frequency: month
    cut_off: Hết ngày 14 của tháng báo cáo
    outline: Một biểu
    forms: [{FORM}]
    regime: {REGIME}
    {SOURCE}
"""


def _rules() -> str:
    lines = [
        f"  - {{key: benchmark-{section}, form: {FORM}, left: [{', '.join(parts)}], "
        f'operator: "=", right: [{measure(section, 1)}], severity: must_fix, '
        'remedy: "Sửa một trong bốn số."}'
        for section in range(1, SECTIONS + 1)
        if (parts := [measure(section, row) for row in (2, 3, 4)])
    ]
    return "\n" + "\n".join(lines) + "\n"
