"""How is a number written in a Vietnamese official sentence?

A dot groups thousands, a comma is the decimal mark; money is told in tỷ đồng from a
thousand million up; "trên", "gần" and "khoảng" stand only where they are true.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from tongket.domain.indicators import rounded

MILLIONS, BILLIONS, PERCENT = "triệu đồng", "tỷ đồng", "%"
THOUSAND, MILLION = Decimal(1000), Decimal(1_000_000)
ABOVE_BAND = Decimal("1.1")  # "trên" may understate by a tenth of the stated figure
NEAR_BAND = Decimal("0.95")  # "gần" may overstate by a twentieth
NEAR_POINTS = Decimal("0.5")
ABOUT_BAND = Decimal("0.05")
DIRECTIONS = {-1: "giảm", 0: "không tăng, không giảm", 1: "tăng"}


def number(
    value: Decimal | int, decimals: int | None = None, *, language: str = "vi"
) -> str:
    """Return the number as printed; `decimals` None keeps those that it has.

    >>> number(1008), number(Decimal("95.833"), 2), number(1008, language="en")
    ('1.008', '95,83', '1,008')
    """
    value = Decimal(value)
    english = f"{value if decimals is None else rounded(value, decimals):,f}"
    if language == "en":
        return english
    return english.translate(str.maketrans(",.", ".,"))


def percent(value: Decimal | int, decimals: int = 2, *, language: str = "vi") -> str:
    """Return a percentage, the sign glued to the number.

    >>> percent(Decimal("6.2326"))
    '6,23%'
    """
    return number(value, decimals, language=language) + PERCENT


def quantity(value: Decimal | int, measure_unit: str, decimals: int = 0) -> str:
    """Return number and unit; money of 1.000 triệu đồng and more is told in tỷ đồng.

    Tỷ đồng takes as few decimals as are exact, at most two.

    >>> quantity(1008, "vụ"), quantity(Decimal(265900), "triệu đồng")
    ('1.008 vụ', '265,9 tỷ đồng')
    """
    scaled, unit, decimals = scale(Decimal(value), measure_unit, decimals)
    shown = number(scaled, decimals)
    return shown + (PERCENT if unit == PERCENT else f" {unit}")


def scale(value: Decimal, measure_unit: str, decimals: int) -> tuple[Decimal, str, int]:
    """Return value, unit and decimals in which a quantity is told in any language."""
    scaled, unit = _in_billions(value, measure_unit)
    return scaled, unit, decimals if unit == measure_unit else _fewest(scaled)


def _in_billions(value: Decimal, measure_unit: str) -> tuple[Decimal, str]:
    if measure_unit == MILLIONS and abs(value) >= THOUSAND:
        return value / THOUSAND, BILLIONS
    return value, measure_unit


def _fewest(value: Decimal, most: int = 2) -> int:
    """Return the fewest decimals, at most `most`, that lose nothing."""
    kept = rounded(value, most)
    return next(n for n in range(most + 1) if n == most or rounded(value, n) == kept)


def halves(said: str) -> tuple[str, str]:
    """Return number and unit of a quantity that was said, "" where it has no unit.

    >>> halves("265,9 tỷ đồng"), halves("95,83%"), halves("chưa báo cáo")
    (('265,9', 'tỷ đồng'), ('95,83%', ''), ('chưa báo cáo', ''))
    """
    first, _, rest = said.partition(" ")
    return (first, rest) if any(c.isdigit() for c in first) else (said, "")


def above(value: Decimal | int, measure_unit: str, decimals: int = 0) -> str:
    """Return "trên" and a round number below the value, or the plain quantity.

    The round number has one significant digit, or two where one would understate by
    more than a tenth; a percentage is cut to whole points. When nothing rounder than
    the value is honest, it is said as it is.

    >>> above(1008, "vụ"), above(1450, "vụ"), above(1000, "vụ")
    ('trên 1 nghìn vụ', 'trên 1.400 vụ', '1.000 vụ')
    """
    scaled, unit = _in_billions(Decimal(value), measure_unit)
    steps = [Decimal(1)] if unit == PERCENT else [_step(scaled, n) for n in (1, 2)]
    for step in steps:
        round_number = (scaled / step).to_integral_value(ROUND_FLOOR) * step
        if 0 < round_number < scaled <= round_number * ABOVE_BAND:
            return f"trên {_round_quantity(round_number, unit)}"
    return quantity(value, measure_unit, decimals)


def near(value: Decimal | int, measure_unit: str, decimals: int = 0) -> str:
    """Return "gần" and a round number just above the value, or the plain quantity.

    A percentage is raised to the next whole point when that is less than half a point
    away; other numbers to one or two significant digits when within a twentieth.

    >>> near(Decimal("95.83"), "%"), near(996, "vụ"), near(Decimal("95.2"), "%", 1)
    ('gần 96%', 'gần 1 nghìn vụ', '95,2%')
    """
    scaled, unit = _in_billions(Decimal(value), measure_unit)
    steps = [Decimal(1)] if unit == PERCENT else [_step(scaled, n) for n in (1, 2)]
    for step in steps:
        round_number = (scaled / step).to_integral_value(ROUND_CEILING) * step
        close = scaled >= round_number * NEAR_BAND
        if unit == PERCENT:
            close = close and round_number - scaled <= NEAR_POINTS
        if scaled < round_number and close:
            return f"gần {_round_quantity(round_number, unit)}"
    return quantity(value, measure_unit, decimals)


def about(value: Decimal | int, measure_unit: str, decimals: int = 0) -> str:
    """Return "khoảng" and the value rounded, within a twentieth of it.

    Tỷ đồng keeps one decimal, a percentage none, counts of 100 and more two digits.

    >>> about(Decimal("265912"), "triệu đồng"), about(1075, "vụ"), about(20, "người")
    ('khoảng 265,9 tỷ đồng', 'khoảng 1.100 vụ', 'khoảng 20 người')
    """
    scaled, unit = _in_billions(Decimal(value), measure_unit)
    if unit == BILLIONS:
        round_number = rounded(scaled, 1)
    elif unit == PERCENT:
        round_number = rounded(scaled, 0)
    elif abs(scaled) >= 100:
        step = _step(scaled, 2)
        round_number = rounded(scaled / step, 0) * step
    else:
        return f"khoảng {quantity(value, measure_unit, decimals)}"
    if abs(round_number - scaled) > abs(scaled) * ABOUT_BAND:
        return f"khoảng {quantity(value, measure_unit, decimals)}"
    return f"khoảng {_round_quantity(round_number, unit)}"


def _step(value: Decimal, digits: int) -> Decimal:
    """Return the unit of the last of `digits` significant digits of `value`."""
    return Decimal(1).scaleb(value.adjusted() - digits + 1) if value else Decimal(1)


def _round_quantity(value: Decimal, unit: str) -> str:
    """Write a round number short: "1 nghìn vụ", "1,4 triệu lượt", "260 tỷ đồng"."""
    if unit not in (PERCENT, MILLIONS, BILLIONS):
        if value >= MILLION and value % (MILLION / 10) == 0:
            return f"{number(value / MILLION, _fewest(value / MILLION))} triệu {unit}"
        if value >= THOUSAND and value % THOUSAND == 0:
            return f"{number(value / THOUSAND, 0)} nghìn {unit}"
    return quantity(value, unit, _fewest(value))
