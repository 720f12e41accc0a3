"""Enter ("nhập số liệu"): a return is typed cell by cell, by several people, and sent.

Nothing typed is lost: a cell is kept, or another's value stands against it and both are
shown, or it is refused in a sentence to the one who typed it.
"""

from tongket.cycle.enter.desk import Sheet, Undecided, cell_of, sheet
from tongket.cycle.enter.sending import (
    EditedMeanwhile,
    SentMeanwhile,
    StillUndecided,
    discard,
    submit,
)
from tongket.cycle.enter.story import (
    LONGEST_COMMENT,
    NoWords,
    Told,
    as_sent,
    comment,
    comments,
    history,
    preview,
    standing,
)
from tongket.cycle.enter.typing import (
    Conflict,
    Edit,
    NoSuchRow,
    NotTaken,
    Saved,
    TextTooLong,
    TokenUsedAgain,
    read,
    save,
)
from tongket.cycle.enter.whole import changed, typed_over

__all__ = [
    "LONGEST_COMMENT",
    "Conflict",
    "Edit",
    "EditedMeanwhile",
    "NoSuchRow",
    "NoWords",
    "NotTaken",
    "Saved",
    "SentMeanwhile",
    "Sheet",
    "StillUndecided",
    "TextTooLong",
    "TokenUsedAgain",
    "Told",
    "Undecided",
    "as_sent",
    "cell_of",
    "changed",
    "comment",
    "comments",
    "discard",
    "history",
    "preview",
    "read",
    "save",
    "sheet",
    "standing",
    "submit",
    "typed_over",
]
