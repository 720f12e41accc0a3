"""Enter ("nhập số liệu"): a return is typed cell by cell, by several people, and sent.

Nothing typed is lost: a cell is kept, or another's value stands against it and both are
shown, or it is refused in a sentence to the one who typed it.
"""

from tongket.cycle.enter.batch import (
    Conflict,
    Edit,
    NoSuchRow,
    Saved,
    TokenUsedAgain,
)
from tongket.cycle.enter.desk import Sheet, cell_of, sheet
from tongket.cycle.enter.filing import Filed, Posted, file
from tongket.cycle.enter.overlay import Undecided
from tongket.cycle.enter.sending import (
    EditedMeanwhile,
    Sent,
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
from tongket.cycle.enter.typing import NotTaken, TextTooLong, read, save
from tongket.cycle.enter.whole import changed, words_changed
from tongket.cycle.enter.wording import (
    LONGEST_WORDS,
    WordsTooLong,
    explain,
)

__all__ = [
    "LONGEST_COMMENT",
    "LONGEST_WORDS",
    "Conflict",
    "Edit",
    "EditedMeanwhile",
    "Filed",
    "NoSuchRow",
    "NoWords",
    "NotTaken",
    "Posted",
    "Saved",
    "Sent",
    "SentMeanwhile",
    "Sheet",
    "StillUndecided",
    "TextTooLong",
    "TokenUsedAgain",
    "Told",
    "Undecided",
    "WordsTooLong",
    "as_sent",
    "cell_of",
    "changed",
    "comment",
    "comments",
    "discard",
    "explain",
    "file",
    "history",
    "preview",
    "read",
    "save",
    "sheet",
    "standing",
    "submit",
    "words_changed",
]
