"""What is the total? Sums over units and windows in Ibis, the same for any engine.

One join with (unit, ancestor) pairs, the unit itself included, and one grouping give
every level at once. A measure either flows (summed over the window) or is a stock (the
last month of the window counts); a row owed but not answered keeps a total incomplete.
"""

import datetime as dt

import ibis
from ibis.expr.types import Table


def totals(figures: Table, ancestors: Table, *, start: dt.date, end: dt.date) -> Table:
    """Return (ancestor, measure, total, returned, owed) for rows inside the window.

    `figures` has unit, measure, start_on, end_on, is_stock, answered and a whole-number
    value scaled by the measure's decimals; both ends of the window are days inside it.
    """
    inside = figures.filter(figures.start_on >= start, figures.end_on <= end)
    flows = inside.filter(~inside.is_stock)
    stocks = inside.filter(inside.is_stock)
    latest = stocks.mutate(
        place=ibis.row_number().over(
            group_by=["unit", "measure"], order_by=ibis.desc("start_on")
        )
    )
    last = latest.filter(latest.place == 0).drop("place")
    counted = flows.union(last)
    joined = counted.join(ancestors, "unit")
    return joined.group_by(["ancestor", "measure"]).aggregate(
        total=joined.value.sum().cast("int64"),
        returned=joined.answered.cast("int64").sum().cast("int64"),
        owed=joined.count(),
    )
