"""How does a return travel to Excel and back without changing on the way?

`write` makes the paper form of one unit; `read` takes it back or says, in one go, all
that is wrong with it; `write_many` and `read_many` do the same for a list of units.
"""

from tongket.documents.workbooks.layout import Sheet
from tongket.documents.workbooks.listing import read_many, write_many
from tongket.documents.workbooks.reading import read
from tongket.documents.workbooks.writing import write

__all__ = ["Sheet", "read", "read_many", "write", "write_many"]
