"""How are times told: how many, how fast, and the slow end of them?"""

import math
from collections.abc import Sequence


def percentile(times: Sequence[float], percent: float) -> float:
    """Return the time within which so many per cent were answered; ∞ without any."""
    if not times:
        return math.inf
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def spread(times: Sequence[float]) -> str:
    """Return the middle and the slow end in milliseconds."""
    if not times:
        return "none"
    p50, p95, p99 = (percentile(times, percent) * 1000 for percent in (50, 95, 99))
    worst = max(times) * 1000
    return f"p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f}  max {worst:6.1f} ms"


def verdict(name: str, is_met: bool) -> str:
    """Return a line that says whether a target is met."""
    return f"  {'met   ' if is_met else 'MISSED'}  {name}"
