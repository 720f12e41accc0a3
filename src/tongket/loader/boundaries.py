"""Does a pack ask for something the system must never hold?

Nothing about anyone's politics, belief, ethnicity, opinions, petitions or labour
disputes is stored or scored (domain reference, section 19). The official sheets have
such rows; packs leave them out, and a pack that brings one back is refused.
"""

import re
import unicodedata

from tongket.loader.refusals import Excluded
from tongket.loader.rows import Row

# Tone marks are kept: without them "tố cáo" (denounce) meets other words.
TOPICS = (
    "chính trị",
    "tôn giáo",
    "tín ngưỡng",
    "dân tộc",
    "khiếu kiện",
    "khiếu nại",
    "tố cáo",
    "đơn thư",
    "đình công",
    "lãn công",
    "biểu tình",
    "political",
    "religio",
    "belief",
    "ethnic",
    "petition",
    "complaint",
    "labour dispute",
)
# Bodies of the armed forces report in their own chains and stand in no register here.
ARMED = (
    "công an",
    "cảnh sát",
    "cảnh vệ",
    "biên phòng",
    "bộ đội",
    "quân đội",
    "quân sự",
    "armed force",
    "army",
    "border guard",
    "military",
    "police",
)


def _any_of(topics: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{topic}" for topic in topics))


_TOPIC, _ARMED = _any_of(TOPICS), _any_of(ARMED)


def refuse_excluded(row: Row, *texts: str) -> None:
    """Note a fault for the first excluded topic that a label names."""
    _refuse(row, _TOPIC, texts)


def refuse_armed(row: Row, *texts: str) -> None:
    """Note a fault where a kind of unit is a body of the armed forces."""
    _refuse(row, _ARMED, texts)


def _refuse(row: Row, topics: re.Pattern[str], texts: tuple[str, ...]) -> None:
    for text in texts:
        plain = unicodedata.normalize("NFC", text).casefold()
        if found := topics.search(plain):
            row.refuse(Excluded, text=text, topic=found[0])
            return
