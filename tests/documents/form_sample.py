"""A form of two sections, a month and a few units, for the tests of workbooks."""

import datetime as dt

from tongket.domain.checks import Operator, Rule, Severity
from tongket.domain.figures import NIL, NOT_APPLICABLE, reported
from tongket.domain.forms import Form, Measure, Section
from tongket.domain.periods import Frequency, Regime
from tongket.domain.rules import plain
from tongket.domain.sources import Source
from tongket.domain.units import Tree, UnitVersion

SOURCE = Source("09/2019/NĐ-CP", "Điều 12")
FORM = Form(
    "thang-2023",
    "Báo cáo tháng về an ninh, trật tự",
    "Monthly return",
    frozenset({"commune"}),
    (
        Section(
            "order",
            "I. Trật tự xã hội",
            "Order",
            (
                Measure("cases", "Số vụ phạm pháp hình sự", "Cases", "vụ"),
                Measure(
                    "damage",
                    "Thiệt hại về tài sản",
                    "Damage",
                    "tỷ đồng",
                    decimals=3,
                    note="Theo kết quả xác minh.",
                ),
            ),
        ),
        Section(
            "traffic",
            "II. Tai nạn giao thông",
            "Traffic",
            (
                Measure("accidents", "Số vụ tai nạn giao thông", "Accidents", "vụ"),
                Measure("rate", "Tỷ lệ điều tra, khám phá", "Rate", "%", decimals=2),
            ),
        ),
    ),
    SOURCE,
)
PERIOD = Regime("nd09", "NĐ 09", 12, 15, -1, frozenset(Frequency), SOURCE).period(
    Frequency.MONTH, 2023, 3
)
SINCE = dt.date(2020, 1, 1)
UNIT = UnitVersion("bg-dong-son", "07201", "Xã Đồng Sơn", "commune", "bg", SINCE)
OTHER = UnitVersion("bg-tan-my", "07696", "Xã Tân Mỹ", "commune", "bg", SINCE)
TWIN = UnitVersion("ld-tan-my", "07999", "Xã Tân Mỹ", "commune", "bg", SINCE)
TOP = UnitVersion("bg", "24", "Tỉnh Bắc Giang", "province", None, SINCE)
UNITS = Tree(PERIOD.start, [TOP, UNIT, OTHER])
CELLS = {
    "cases": reported(1554),
    "damage": reported("6.235"),
    "accidents": NIL,
    "rate": NOT_APPLICABLE,
}
RULES = (
    Rule(
        "accidents-at-most",
        FORM.key,
        plain("accidents"),
        Operator.AT_MOST,
        plain("cases"),
        Severity.MUST_FIX,
        "Rà soát hai chỉ tiêu.",
    ),
)
