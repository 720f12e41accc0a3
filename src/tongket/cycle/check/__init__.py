"""Check ("kiểm tra"): can this be right? Findings, and the ladder of decisions.

Lower rungs approve, the last one accepts: only what it accepted counts. What must be
fixed keeps a return from being approved; what must be explained does so until the
sender's words stand beside it.
"""

from tongket.cycle.check.amending import (
    NothingAmended,
    NothingToAmend,
    NotLocked,
    ReasonForAmending,
    amend,
)
from tongket.cycle.check.comparing import compare
from tongket.cycle.check.deciding import (
    CellUnknown,
    ReasonMissing,
    StillDoubtful,
    accept,
    accept_sound,
    climb_sound,
    last_versions_waiting,
    send_back,
)
from tongket.cycle.check.examining import (
    EVERYTHING,
    examine,
    is_blocked,
    latest,
    look,
)
from tongket.cycle.check.kept import finding_of
from tongket.cycle.check.taking_back import (
    LockedAcceptance,
    NotAccepted,
    NotYourAcceptance,
    ReasonForWithdrawing,
    take_back,
    withdraw,
)
from tongket.cycle.check.turns import (
    DecidedMeanwhile,
    NothingToReview,
    NotYourTurn,
    OwnReturn,
    ReasonForStandingIn,
    SameHand,
    Seat,
    Seen,
    SentAgain,
    unit_name,
)

__all__ = [
    "EVERYTHING",
    "CellUnknown",
    "DecidedMeanwhile",
    "LockedAcceptance",
    "NotAccepted",
    "NotLocked",
    "NotYourAcceptance",
    "NotYourTurn",
    "NothingAmended",
    "NothingToAmend",
    "NothingToReview",
    "OwnReturn",
    "ReasonForAmending",
    "ReasonForStandingIn",
    "ReasonForWithdrawing",
    "ReasonMissing",
    "SameHand",
    "Seat",
    "Seen",
    "SentAgain",
    "StillDoubtful",
    "accept",
    "accept_sound",
    "amend",
    "climb_sound",
    "compare",
    "examine",
    "finding_of",
    "is_blocked",
    "last_versions_waiting",
    "latest",
    "look",
    "send_back",
    "take_back",
    "unit_name",
    "withdraw",
]
