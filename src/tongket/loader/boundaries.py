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
_TOPIC = re.compile("|".join(rf"\b{topic}" for topic in TOPICS))


def refuse_excluded(row: Row, *texts: str) -> None:
    """Note a fault for the first excluded topic that a label names."""
    for text in texts:
        plain = unicodedata.normalize("NFC", text).casefold()
        if found := _TOPIC.search(plain):
            row.refuse(Excluded, text=text, topic=found[0])
            return
