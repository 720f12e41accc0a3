"""Check ("kiểm tra"): can this be right? Findings, sending back, acceptance.

The version that a reviewer accepted counts. What must be fixed keeps a return from
being accepted; what must be explained does so until the sender's words stand beside it.
"""

from tongket.cycle.check.deciding import (
    NothingToReview,
    ReasonMissing,
    SentAgain,
    StillDoubtful,
    accept,
    accept_sound,
    send_back,
)
from tongket.cycle.check.examining import (
    EVERYTHING,
    examine,
    finding_of,
    is_blocked,
    latest,
)

__all__ = [
    "EVERYTHING",
    "NothingToReview",
    "ReasonMissing",
    "SentAgain",
    "StillDoubtful",
    "accept",
    "accept_sound",
    "examine",
    "finding_of",
    "is_blocked",
    "latest",
    "send_back",
]
