"""Which band is each unit in, and how is a band shown?"""

from collections import Counter
from collections.abc import Collection, Iterable

from tongket.cycle import score
from tongket.domain.criteria import Band, Edition
from tongket.office import facts, speech

TONES = ("good", "info", "warn", "bad")


def editions(year: int) -> list[Edition]:
    """Return the sets of criteria that grade a year."""
    return [each for each in facts.pack().editions.values() if year in each.years]


def bands(year: int) -> dict[str, Band]:
    """Return the bands of a year by key, the highest first."""
    return {band.key: band for each in editions(year) for band in each.bands}


def tone(band: Band, among: Iterable[Band]) -> str:
    """Return the tone of a band by its place: good, info, warn, bad."""
    listed = [each.key for each in among]
    place = listed.index(band.key)
    last = max(len(listed) - 1, 1)
    return TONES[round(place * (len(TONES) - 1) / last)]


def in_bands(year: int, scope: Collection[str]) -> tuple[list[tuple[str, int]], int]:
    """Return (label, number of units) for each band, and how many are graded."""
    graded = score.current(year).filter(unit__key__in=scope)
    found = Counter(graded.values_list("band", flat=True))
    counts = [(speech.said(band), found[key]) for key, band in bands(year).items()]
    return counts, found.total()
