"""What does the public table of 2025 say each new commune was made from?

The text names old units in prose. A name that stands in the texts of several new
communes is one unit that was divided, where the prose speaks of a part or of what was
left; otherwise there were two units of one name. What is no unit is left out.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tongket.domain.units import search_key

TABLE = Path(__file__).parents[3] / (
    "shared/data/vietnam_units_2025_with_predecessors.json"
)
UNCHANGED = "giữ nguyên"
_ASIDE = re.compile(r"\((?:phần còn lại|một phần|bao gồm)[^)]*\)")
_PART = re.compile(r"một phần|phần còn la?ại|§", re.IGNORECASE)
_PROSE = re.compile(
    r"sắp xếp (?=một)|toàn bộ|một phần|phần còn la?ại|diện tích(?: TN| tự nhiên)?"
    r"|quy mô dân số|sau khi sắp xếp|theo quy định tại khoản \d+ Điều này|\bcủa?\b"
    r"|\bcác\b|§",
    re.IGNORECASE,
)
_KIND = re.compile(r"(?:(xã|phường|thị trấn|đặc khu)\s+)+", re.IGNORECASE)
_NO_UNIT = ("trường bắn", "hòn", "thuộc")


@dataclass(frozen=True)
class Mention:
    """An old unit named in the text of a new one."""

    province: str
    new: str
    name: str
    is_part: bool


def communes() -> Iterator[dict[str, str]]:
    """Yield the rows of the communes, not those of the provinces."""
    for row in json.loads(TABLE.read_text(encoding="utf-8")):
        if row["magoc"] != "0":
            yield row


def mentions(row: dict[str, str]) -> Iterator[Mention]:
    """Yield the old units that the text of one new commune names."""
    text = unicodedata.normalize("NFC", row["truocsapnhap"]).split(". Từ ngày")[0]
    if text.strip(" .").casefold().startswith(UNCHANGED):
        return
    text = re.sub(
        r" và (?=các |phần|một|Xã|Phường|Thị trấn)", ", ", _ASIDE.sub("§", text)
    )
    kind, in_parts, seen = "", False, set()
    for piece in re.split(r"[,;](?![^(]*\))", text):
        here = bool(_PART.search(piece.replace("§", "")))
        in_parts = in_parts or here
        plain = " ".join(_PROSE.sub(" ", piece).split()).strip(" .")
        found = _KIND.match(plain)
        if found:
            kind = found[1].casefold()
            plain = plain[found.end() :]
        if not plain or plain.casefold().startswith(_NO_UNIT):
            continue
        name = search_key(f"{kind} {plain}")
        if name in seen:
            continue
        seen.add(name)
        yield Mention(row["magoc"], row["ma"], name, in_parts or "§" in piece)


def old_units() -> dict[str, tuple[str, ...]]:
    """Return each old unit by a key of ours, with the codes of what it went to."""
    told: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for row in communes():
        for each in mentions(row):
            told[each.province, each.name].append(each)
    found = {}
    for (province, name), named in told.items():
        if any(each.is_part for each in named):
            found[f"{province} {name}"] = tuple(each.new for each in named)
            continue
        for each in named:
            found[f"{province} {name} → {each.new}"] = (each.new,)
    return found
