"""What is a finding: how grave, where, said how, and compared with what?

Doubtful data is never an exception. A finding names the rule, the cell and the values
it was held against, so that a page can lead from the doubt to each of them.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tongket.domain.sentences import Sentence


class Severity(StrEnum):
    """What the sender must do about a finding."""

    MUST_FIX = "MUST_FIX"
    MUST_EXPLAIN = "MUST_EXPLAIN"
    NOTE = "NOTE"


@dataclass(frozen=True, slots=True)
class Compared:
    """One value a cell was held against, and where it stands.

    What is empty is that of the return itself: its form, period, unit. `unit` may be a
    unit that the sender must not see: a page shows it only to who may. `value` is None
    where a whole return was compared.
    """

    measure: str = ""
    value: Decimal | None = None
    form: str = ""
    period: str = ""
    unit: str = ""
    is_below: bool = False  # the sum of the units below


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about one cell: rule, place, severity, and the sentence for people."""

    rule: str
    measure: str
    severity: Severity
    sentence: Sentence
    compared: tuple[Compared, ...] = ()
