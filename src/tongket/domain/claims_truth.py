"""Is one number of a text true of the figure it speaks of, and if not, why not?

Exact at the stated precision is true; one unit of the last place off is true with a
warning (a truncated figure); beyond is false, with the likely cause.
"""

from dataclasses import dataclass
from decimal import Decimal

from tongket.domain import claims_quantity as kinds
from tongket.domain.claims_arithmetic import precise, stated
from tongket.domain.claims_causes import cause, parts_cause
from tongket.domain.claims_quantity import Quantity
from tongket.domain.indicators import HUNDRED, Comparison, rounded
from tongket.domain.numerals import DIRECTIONS, number
from tongket.domain.sentences import Sentence

DONG = {
    "đồng": Decimal(1),
    "nghìn đồng": Decimal(1_000),
    "triệu đồng": Decimal(1_000_000),
    "tỷ đồng": Decimal(1_000_000_000),
}
TRUE, FALSE, UNKNOWN = "verified", "contradicted", "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a number is true; `warning`: true but for the last place."""

    verdict: str
    reason: Sentence
    warning: bool = False


def factor(quantity: Quantity, comparison: Comparison) -> Decimal:
    """Return by what the figure is multiplied to stand in the unit of the text."""
    unit = comparison.current.indicator.measure_unit
    if quantity.unit in DONG and unit in DONG:
        return DONG[unit] / DONG[quantity.unit]
    return Decimal(1)


def truth(quantity: Quantity, comparison: Comparison) -> Decimal | None:
    """Return the exact number, signed for changes; None when it is not known."""
    current, base = comparison.current, comparison.base
    scale = factor(quantity, comparison)
    if quantity.kind == kinds.CHANGE:
        difference = comparison.difference
        return None if difference is None else difference * scale
    if quantity.kind == kinds.CHANGE_PERCENT:
        return comparison.percent
    if current.exact is None:
        return None
    if quantity.role in ("level_of_base", "multiple"):
        if not base.exact:
            return None
        quotient = current.exact / base.exact
        return quotient * HUNDRED if quantity.role == "level_of_base" else quotient
    return current.exact * scale


def examine(quantity: Quantity, comparison: Comparison) -> Finding:
    """Say whether the quantity is true of the comparison."""
    if quantity.numerator is not None and quantity.kind == kinds.RATIO:
        return _slash(quantity, comparison)
    exact = truth(quantity, comparison)
    reading = comparison.current
    label, period = reading.indicator.label, reading.period.label
    if exact is None:
        words = "Chưa có số liệu {label} {period} hoặc kỳ gốc để đối chiếu."
        return Finding(UNKNOWN, Sentence(words, {"label": label, "period": period}))
    said: dict[str, object] = {"label": label, "period": period}
    said["exact"] = _shown(exact, quantity)
    true = _true(quantity, exact, said)
    if true is not None:
        return true
    if _is_base(quantity, comparison):
        said |= {"period": comparison.base.period.label}
        return Finding(TRUE, Sentence("Khớp với {label} {period}.", said))
    if quantity.kind == kinds.FREE:
        words = "Là chỉ tiêu hoặc bình quân, không phải kết quả trong kỳ."
        return Finding(UNKNOWN, Sentence(words))
    words = "{label} {period}: {exact}, không phải {told}. {cause}"
    gap = abs(abs(exact) - _middle(quantity))
    said["told"] = quantity.surface
    if gap:
        words = "{label} {period}: {exact}, không phải {told} (lệch {gap}). {cause}"
        said["gap"] = _amount(gap, quantity)
    scale = factor(quantity, comparison)
    said["cause"] = cause(quantity, comparison, exact, scale)
    return Finding(FALSE, Sentence(words, said))


def _true(
    quantity: Quantity, exact: Decimal, said: dict[str, object]
) -> Finding | None:
    """Return the finding when the number is true, or true but for the last place."""
    if not _way(quantity, exact):
        return None
    if _is_true(quantity, abs(exact)):
        return Finding(TRUE, Sentence("Khớp với {label} {period}: {exact}.", said))
    if not _is_close(quantity, abs(exact)):
        return None
    words = (
        "{label} {period}: {exact}; lệch một đơn vị ở chữ số cuối (cắt bớt thay vì làm "
        "tròn)."
    )
    return Finding(TRUE, Sentence(words, said), warning=True)


def _shown(value: Decimal, quantity: Quantity) -> str:
    """Write the true number as the text would have to: "giảm 6,23%", "1.008 vụ"."""
    shown = _amount(abs(value), quantity)
    if quantity.kind not in kinds.CHANGES:
        return shown
    return (
        f"{DIRECTIONS[(value > 0) - (value < 0)]} {shown}" if value else DIRECTIONS[0]
    )


def _amount(value: Decimal, quantity: Quantity) -> str:
    enough = value == rounded(value, quantity.decimals)
    shown = number(value, quantity.decimals if enough else max(quantity.decimals, 2))
    unit = quantity.unit or ""
    return shown + (unit if unit == "%" else f" {unit}".rstrip())


def _middle(quantity: Quantity) -> Decimal:
    interval = stated(quantity)
    return (
        (interval.low + interval.high) / 2 if quantity.value is None else quantity.value
    )


def _way(quantity: Quantity, exact: Decimal) -> bool:
    """Whether the direction told is the true one."""
    if quantity.kind not in kinds.CHANGES:
        return True
    signs = {"up": 1, "down": -1, "same": 0}
    sign = (exact > 0) - (exact < 0)
    return quantity.direction is None or signs[quantity.direction] == sign


def _is_true(quantity: Quantity, exact: Decimal) -> bool:
    if quantity.hedge or quantity.value is None:
        return exact in stated(quantity)
    return precise(exact, quantity) == quantity.value


def _is_close(quantity: Quantity, exact: Decimal) -> bool:
    """Whether it is off by one unit of a last place that was rounded at all."""
    if quantity.hedge or quantity.value is None:
        return False
    rounded_at_all = quantity.unit == "%" or quantity.decimals or quantity.scale > 1
    near = abs(precise(exact, quantity) - quantity.value) <= quantity.step
    return bool(rounded_at_all) and near


def _is_base(quantity: Quantity, comparison: Comparison) -> bool:
    """Whether the text names the base period and states its figure."""
    base = comparison.base
    if quantity.kind not in (kinds.COUNT, kinds.MONEY, kinds.PERCENT):
        return False
    if base.exact is None or quantity.hedge or quantity.value is None:
        return False
    around = f"{quantity.before[-60:]} {quantity.after[:40]}"
    named = str(base.period.year) in around or "cùng kỳ" in around
    exact = base.exact * factor(quantity, comparison)
    return named and precise(exact, quantity) == quantity.value


def _slash(quantity: Quantity, comparison: Comparison) -> Finding:
    current, base = comparison.current, comparison.base
    told = (quantity.numerator, quantity.denominator)
    if current.indicator.is_ratio:
        known = (current.numerator, current.denominator)
    elif quantity.slash == kinds.PREVIOUS_CURRENT:
        known = (base.value, current.value)
    else:
        known = (current.value, base.value)
    said = {"label": current.indicator.label, "period": current.period.label}
    first, second = known
    if first is None or second is None:
        words = "Chưa có số liệu {label} {period} hoặc kỳ gốc để đối chiếu."
        return Finding(UNKNOWN, Sentence(words, said))
    said["exact"] = f"{number(first.normalize())}/{number(second.normalize())}"
    if told == known:
        return Finding(TRUE, Sentence("Khớp với {label} {period}: {exact}.", said))
    said["told"] = quantity.surface
    words = "{label} {period}: {exact}, không phải {told}. {cause}"
    slip = parts_cause(told, (first, second))
    return Finding(FALSE, Sentence(words, {**said, "cause": slip}))
