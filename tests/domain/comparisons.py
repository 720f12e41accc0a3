"""Comparisons of an invented year, for the tests of wording and claims."""

from collections.abc import Mapping
from decimal import Decimal

from tongket.domain.forms import Polarity
from tongket.domain.indicators import Comparison, Indicator, Reading
from tongket.domain.periods import Frequency, Period, Regime
from tongket.domain.sources import Source

SOURCE = Source("09/2019/NĐ-CP", "Điều 12")
REGIME = Regime("nd09", "Nghị định 09", 12, 15, -1, frozenset(Frequency), SOURCE)
NOW, THEN = REGIME.year(2023), REGIME.year(2022)

CRIME, TRAFFIC, FIRE = "Tội phạm về trật tự xã hội", "Tai nạn giao thông", "Cháy, nổ"
AREAS, AWARDS, WORK = "Chuyển hóa địa bàn", "Khen thưởng", "Nhiệm vụ năm sau"
# key: (label, block, measure unit, decimals, phrases)
INDICATORS = {
    "crimes": (
        "Số vụ phạm tội về trật tự xã hội", CRIME, "vụ", 0,
        ("tội phạm về trật tự xã hội",),
    ),
    "killed": ("Số người chết do tội phạm", CRIME, "người", 0, ()),
    "injured": ("Số người bị thương do tội phạm", CRIME, "người", 0, ()),
    "damage": (
        "Thiệt hại do tội phạm", CRIME, "triệu đồng", 0, ("thiệt hại khoảng",),
    ),
    "thefts": ("Số vụ trộm cắp tài sản", CRIME, "vụ", 0, ("trộm cắp tài sản",)),
    "clearance": (
        "Tỷ lệ điều tra khám phá", CRIME, "%", 2,
        ("tỷ lệ điều tra, khám phá", "tỷ lệ điều tra khám phá"),
    ),
    "accidents": ("Số vụ tai nạn giao thông", TRAFFIC, "vụ", 0, ()),
    "deaths": ("Số người chết do tai nạn giao thông", TRAFFIC, "người", 0, ()),
    "hurt": ("Số người bị thương do tai nạn giao thông", TRAFFIC, "người", 0, ()),
    "fires": ("Số vụ cháy, nổ", FIRE, "vụ", 0, ("cháy, nổ",)),
    "serious_fires": (
        "Số vụ cháy, nổ đặc biệt nghiêm trọng", FIRE, "vụ", 0,
        ("vụ cháy, nổ đặc biệt nghiêm trọng",),
    ),
    "fire_damage": ("Thiệt hại do cháy, nổ", FIRE, "triệu đồng", 0, ()),
    "areas": (
        "Tỷ lệ địa bàn chuyển hóa", AREAS, "%", 2,
        ("địa bàn phức tạp về trật tự xã hội",),
    ),
    "converted": (
        "Số địa bàn chuyển hóa", AREAS, "địa bàn", 0, ("địa bàn đã chuyển hóa",),
    ),
    "weak": (
        "Số đơn vị trung bình, yếu", AREAS, "đơn vị", 0, ("phân loại trung bình yếu",),
    ),
    "minister": (
        "Số tập thể, cá nhân được tặng Bằng khen của Bộ trưởng", AWARDS,
        "tập thể, cá nhân", 0, ("Bằng khen của Bộ trưởng",),
    ),
    "collectives": ("Số tập thể được khen", AWARDS, "tập thể", 0, ("tập thể",)),
    "objectives": ("Số mục tiêu của năm sau", WORK, "mục tiêu", 0, ("mục tiêu",)),
    "models": ("Số mô hình", WORK, "mô hình", 0, ("mô hình",)),
}  # fmt: skip
VOCABULARY = {key: told[4] for key, told in INDICATORS.items()}


def indicator(key: str) -> Indicator:
    """Return one of the invented indicators."""
    label, block, unit, decimals, _ = INDICATORS[key]
    ratio = unit == "%"
    numerator = "converted" if key == "areas" else f"{key}_part" if ratio else key
    return Indicator(
        key,
        label,
        key,
        label,
        (numerator,),
        (f"{key}_whole",) if ratio else (),
        unit,
        decimals,
        Polarity.LOWER,
        SOURCE,
        per=Decimal(100 if ratio else 1),
        block=block,
    )


def reading(key: str, value: object, period: Period = NOW) -> Reading:
    """Return a reading; a pair for rates, None for what is missing."""
    parts = value if isinstance(value, tuple) else (value,)
    numbers = [None if part is None else Decimal(str(part)) for part in parts]
    return Reading(indicator(key), "bac-giang", period, *numbers)


def compared(key: str, now: object, then: object, base: Period = THEN) -> Comparison:
    """Return the comparison of two readings of an invented indicator."""
    return Comparison(reading(key, now), reading(key, then, base))


YEAR: Mapping[str, Comparison] = {
    "crimes": compared("crimes", 1008, 1075),
    "killed": compared("killed", 20, 25),
    "injured": compared("injured", 156, 170),
    "damage": compared("damage", 265900, 301000),
    "thefts": compared("thefts", 412, 450),
    "clearance": compared("clearance", (966, 1008), (1035, 1075)),
    "accidents": compared("accidents", 310, 330),
    "deaths": compared("deaths", 105, 117),
    "hurt": compared("hurt", 240, 251),
    "fires": compared("fires", 52, 60),
    "serious_fires": compared("serious_fires", 0, 1),
    "fire_damage": compared("fire_damage", 5200, 6100),
    "areas": compared("areas", (11, 11), (9, 10)),
    "converted": compared("converted", 11, 9),
    "weak": compared("weak", 108, None),
    "minister": compared("minister", 13, None),
    "collectives": compared("collectives", 35, 30),
    "objectives": compared("objectives", 5, 4),
    "models": compared("models", None, 12),
}
