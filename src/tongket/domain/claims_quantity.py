"""What is a quantity in a text: its value, unit, kind, direction, hedge and place?

The fields are those of the labelled claims (`claims.md` §1): the value is a magnitude,
the sign is in the direction; slashes and ranges keep their members.
"""

from dataclasses import dataclass
from decimal import Decimal

COUNT, CHANGE, CHANGE_PERCENT = "count", "change_abs", "change_pct"
PERCENT, MONEY, RATIO, RANK, FREE = "percent", "money", "ratio", "rank", "date-free"
CHANGES = frozenset({CHANGE, CHANGE_PERCENT})
PART_WHOLE, CURRENT_PREVIOUS = "part/whole", "current/previous"
PREVIOUS_CURRENT, WHOLE_PART = "previous/current?", "whole/part"
ZERO_CLAIM = "zero"  # "không để xảy ra": nought said in words


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of a text; `start` and `end` are places of the surface in it.

    `decimals` are those written; `scale` is what the number was multiplied by (nghìn:
    1000), so that half a unit of the last place is scale × 10^−decimals ÷ 2.
    `sentence` numbers the sentence, which begins at place `begins`; `before` and
    `after` are the words around the surface in it.
    """

    start: int
    end: int
    surface: str
    value: Decimal | None
    unit: str | None
    kind: str
    direction: str | None = None
    hedge: str | None = None
    decimals: int = 0
    scale: Decimal = Decimal(1)
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    slash: str | None = None
    pair: tuple[tuple[Decimal, str], ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    role: str | None = None
    sentence: int = 0
    begins: int = 0
    before: str = ""
    after: str = ""

    @property
    def is_level(self) -> bool:
        """Whether it states how much there is, not by how much it changed."""
        return self.kind not in CHANGES

    @property
    def step(self) -> Decimal:
        """One unit of the last place that was written."""
        return Decimal(1).scaleb(-self.decimals) * self.scale


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def as_json(quantity: Quantity) -> dict[str, object]:
    """Return the fields of the labelled claims, with start and end."""
    fields: dict[str, object] = {
        "surface": quantity.surface,
        "start": quantity.start,
        "end": quantity.end,
        "value": _plain(quantity.value),
        "unit": quantity.unit,
        "kind": quantity.kind,
        "hedge": quantity.hedge,
        "direction": quantity.direction,
    }
    optional = {
        "numerator": _plain(quantity.numerator),
        "denominator": _plain(quantity.denominator),
        "slash_semantics": quantity.slash,
        "min": _plain(quantity.minimum),
        "max": _plain(quantity.maximum),
        "role": quantity.role,
    }
    fields |= {name: value for name, value in optional.items() if value is not None}
    if quantity.pair:
        fields["pair"] = [{"value": _plain(v), "unit": u} for v, u in quantity.pair]
    return fields
