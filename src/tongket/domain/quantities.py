"""Which quantities does a Vietnamese text state?

`find` reads the whole text once: numbers and numbers in words, with unit, kind,
direction and hedge; what is no statistic (dates, document numbers …) is left alone.
"""

from tongket.domain.claims_quantity import Quantity, as_json
from tongket.domain.claims_scan import Scan
from tongket.domain.claims_tokens import tokenise

__all__ = ["Quantity", "as_json", "find"]


def find(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of the text in order; places are those of `text`.

    >>> text = "Năm 2023 xảy ra trên 1 nghìn vụ, giảm 67 vụ (6,23%)."
    >>> for q in find(text):
    ...     print(q.surface, q.value, q.unit, q.kind, q.direction, q.hedge)
    trên 1 nghìn vụ 1000 vụ count None approx_above
    giảm 67 vụ 67 vụ change_abs down None
    6,23% 6.23 % change_pct down None
    """
    return Scan(tokenise(text)).run()
