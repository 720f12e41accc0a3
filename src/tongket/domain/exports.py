"""What may stand in a file that somebody opens with a spreadsheet?

A text that begins like a formula is run by the spreadsheet of whoever opens the file;
a mark before it makes it text again. A number stays a number, also below nought.
"""

import re

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*%?")


def defused(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula.

    >>> defused("=HYPERLINK(1)"), defused("-67"), defused("-6,23%"), defused("-")
    ("'=HYPERLINK(1)", '-67', '-6,23%', '-')
    >>> defused("-1+cmd()"), defused(7)
    ("'-1+cmd()", 7)
    """
    if not isinstance(value, str) or len(value) < 2 or _NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
