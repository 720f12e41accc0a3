"""How does a return travel to Excel and back without changing on the way?

`write` makes the paper form of one unit, `write_sheets` and `write_many` a workbook of
a whole district; `contents` reads any of them with all that is wrong, `mark` sends one
back with its mistakes marked in it. `read` and `read_many` take all or refuse all.
"""

from tongket.documents.workbooks.answers import Answers, Mistake
from tongket.documents.workbooks.contents import contents, read, read_many
from tongket.documents.workbooks.identity import seen_text, typed
from tongket.documents.workbooks.layout import Sheet, place
from tongket.documents.workbooks.list_writing import write_many
from tongket.documents.workbooks.marking import Mark, Seen, mark
from tongket.documents.workbooks.writing import Filling, write, write_sheets

__all__ = [
    "Answers",
    "Filling",
    "Mark",
    "Mistake",
    "Seen",
    "Sheet",
    "contents",
    "mark",
    "place",
    "read",
    "read_many",
    "seen_text",
    "typed",
    "write",
    "write_many",
    "write_sheets",
]
