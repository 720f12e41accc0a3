"""What is too small to publish ("số liệu nhỏ"): suppression subtraction cannot undo.

A count from 1 to below the threshold could point at a person. It is hidden; and where
one hidden cell could be got back as the published total less the other cells, a second
one is hidden too. A hidden cell is a third state beside nought and missing, never a
nought.
"""

from collections.abc import Mapping
from decimal import Decimal


def is_small(count: Decimal, threshold: int) -> bool:
    """Whether a count is too small to print: from 1 to below the threshold.

    >>> [is_small(Decimal(n), 5) for n in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < count < threshold


def hidden(cells: Mapping[str, Decimal | None], threshold: int) -> frozenset[str]:
    """Return the keys to hide among cells whose total is published.

    Primary: every small cell. Secondary: hidden cells must be at least two, and their
    hidden total so large that each may be anything from 1 to the threshold, so the next
    smallest cells join them, noughts last. Print one mark for all: two marks would tell
    small cells from the others and undo this. Missing cells (None) neither hide nor
    help. Where all cells together are small, all are hidden and so must the total be:
    ask `is_small` of it.

    >>> sorted(hidden({"a": Decimal(2), "b": Decimal(9), "c": Decimal(40)}, 5))
    ['a', 'b']
    """
    known = {key: count for key, count in cells.items() if count is not None}
    found = {key for key, count in known.items() if is_small(count, threshold)}
    if not found:
        return frozenset()

    def order(key: str) -> tuple[bool, Decimal, str]:
        return known[key] == 0, known[key], key

    for key in sorted(known.keys() - found, key=order):
        total = sum((known[each] for each in found), Decimal(0))
        # Five hidden cells that make 5 are known to be ones, since none is nought: only
        # what lies above that could stand in one cell or in another.
        if len(found) >= 2 and total - len(found) >= threshold - 1:
            break
        found.add(key)
    return frozenset(found)
