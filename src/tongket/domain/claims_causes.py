"""By which slip did a false number most likely come about?

Tried in order: the wrong direction, the wrong base, the figure of the other period, the
wrong denominator, points taken for percent, a misplaced mark, transposed digits.
"""

from collections.abc import Iterator
from decimal import Decimal

from tongket.domain import claims_quantity as kinds
from tongket.domain.claims_arithmetic import precise
from tongket.domain.claims_quantity import Quantity
from tongket.domain.indicators import HUNDRED, Comparison
from tongket.domain.sentences import Sentence

UNCLEAR = Sentence("Kiểm tra lại số liệu gốc.")
PARTS = Sentence("Có thể dùng nhầm mẫu số hoặc tử số.")
SWAPPED = Sentence("Có thể viết đảo thứ tự hai số.")
DIRECTION = Sentence("Viết ngược chiều tăng, giảm.")
BASE = Sentence("Có thể đã chia cho số kỳ này thay vì kỳ gốc.")
PERIOD = Sentence("Đó là số của kỳ gốc.")
DIGITS = Sentence("Có thể viết đảo chữ số.")
SHIFT = Sentence("Có thể đặt sai dấu phẩy hoặc sai hàng.")
POINTS = Sentence("Có thể lẫn điểm phần trăm với phần trăm.")


def cause(
    quantity: Quantity, comparison: Comparison, exact: Decimal, scale: Decimal
) -> Sentence:
    """Return the slip that made the number false; `exact` is the true one, signed.

    `scale` turns figures into the unit of the text (triệu đồng → tỷ đồng).
    """
    told = quantity.value
    if told is None or quantity.hedge:
        return UNCLEAR
    right = precise(abs(exact), quantity)
    if right == told:
        return DIRECTION
    for slip, value in _slips(quantity, comparison, scale):
        if precise(abs(value), quantity) == told:
            return slip
    shifted = (abs(exact).scaleb(places) for places in (-3, -2, -1, 1, 2, 3))
    if told and any(precise(value, quantity) == told for value in shifted):
        return SHIFT
    if sorted(_digits(right)) == sorted(_digits(told)):
        return DIGITS
    return UNCLEAR


def _slips(
    quantity: Quantity, comparison: Comparison, scale: Decimal
) -> Iterator[tuple[Sentence, Decimal]]:
    """Yield what the number would be after each slip that is possible."""
    reading, base = comparison.current, comparison.base
    now, then = reading.exact, base.exact
    if now and then is not None and quantity.kind == kinds.CHANGE_PERCENT:
        yield BASE, (now - then) / now * HUNDRED
    if then is not None and quantity.is_level:
        yield PERIOD, then * scale
    if reading.numerator is not None and base.denominator:
        yield PARTS, reading.numerator / base.denominator * reading.indicator.per
    if now is not None and then and quantity.unit == "điểm %":
        yield POINTS, (now - then) / then * HUNDRED


def _digits(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", "")


def parts_cause(
    told: tuple[Decimal | None, Decimal | None], known: tuple[Decimal, Decimal]
) -> Sentence:
    """Return the slip that made a slash false."""
    if told == (known[1], known[0]):
        return SWAPPED
    if told[0] == known[0] or told[1] == known[1]:
        return PARTS
    return UNCLEAR
