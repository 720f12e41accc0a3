"""How is a figure told to the staff: value, change, completeness, way to "why"?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext

from tongket.cycle import count, freeze
from tongket.domain import indicators, numerals, wording
from tongket.domain.access import Permission
from tongket.domain.indicators import Comparison, Indicator, Reading
from tongket.domain.periods import Frequency, Period, Regime
from tongket.loader.pack import Example
from tongket.office import clock, facts, speech
from tongket.office.entrance import Actor


@dataclass(frozen=True, slots=True)
class Told:
    """One figure beside its base, as words and tones for a page."""

    compared: Comparison
    example: Example | None = None

    @property
    def indicator(self) -> Indicator:
        """What is counted."""
        return self.compared.current.indicator

    @property
    def reading(self) -> Reading:
        """The figure of the period itself."""
        return self.compared.current

    @property
    def value(self) -> str:
        """The value with its unit of measure, or that there is none."""
        return value_words(self.compared.current)

    @property
    def halves(self) -> tuple[str, str]:
        """The value as number and unit, which a card sets in two sizes."""
        return numerals.halves(self.value)

    @property
    def nothing(self) -> str:
        """Why there is no value; "" where there is one."""
        reading = self.compared.current
        return nothing_words(reading) if reading.value is None else ""

    @property
    def is_missing(self) -> bool:
        """Whether nobody reported it, which is not nought."""
        return self.compared.current.numerator is None

    @property
    def base(self) -> str:
        """The value of the same period."""
        return value_words(self.compared.base)

    @property
    def has_base(self) -> bool:
        """Whether there is anything to compare with."""
        return self.compared.difference is not None

    @property
    def change(self) -> str:
        """The change in words, without its base."""
        return change_words(self.compared)

    @property
    def direction(self) -> str:
        """−1, 0 or 1; "" where nothing is compared."""
        return str(self.compared.direction) if self.has_base else ""

    @property
    def good(self) -> str:
        """yes, no, or "" where neither direction is good."""
        return {True: "yes", False: "no", None: ""}[self.compared.is_good]

    @property
    def good_words(self) -> str:
        """Whether the change is for the better, in words."""
        if self.compared.is_good is None:
            return ""
        if self.compared.is_good:
            return gettext("chuyển biến tốt")
        return gettext("chuyển biến xấu")

    @property
    def good_tone(self) -> str:
        """The tone of the badge that says so."""
        return {True: "good", False: "bad", None: "neutral"}[self.compared.is_good]

    @property
    def target(self) -> str:
        """The target in words, "" without one."""
        aimed = self.indicator.target
        if aimed is None:
            return ""
        unit = self.indicator.measure_unit
        said = speech.quantity(aimed.value, unit, aimed.decimals)
        return f"{self.indicator.target_sign} {said}"

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached."""
        return indicators.meets(self.compared.current)

    @property
    def agreement(self) -> tuple[str, str]:
        """Tone and words: equal to the published value, different, or illustrative."""
        if self.example is None:
            return "warn", gettext("minh họa")
        same = self.reading.value == self.example.value
        if self.example.base is not None:
            same = same and self.compared.base.value == self.example.base
        if same:
            return "good", gettext("khớp số đã công bố")
        return "bad", gettext("lệch số đã công bố")

    @property
    def why(self) -> str:
        """The address that answers "why"."""
        return why(self.compared.current)


def value_words(reading: Reading) -> str:
    """Return what a reading says in the language of the page."""
    if reading.value is None:
        return nothing_words(reading)
    unit = reading.indicator.measure_unit
    return speech.quantity(reading.value, unit, wording.decimals_of(reading))


def quantity_words(value: Decimal, indicator: Indicator) -> str:
    """Return a number with the unit and decimals of an indicator."""
    return speech.quantity(value, indicator.measure_unit, indicator.decimals)


def nothing_words(reading: Reading) -> str:
    """Return why a reading has no value: nobody reported, or nothing to divide by."""
    if reading.numerator is None:
        return gettext("chưa báo cáo")
    return gettext("không phát sinh để tính")


def change_words(compared: Comparison) -> str:
    """Return the change alone: "giảm 67 vụ (6,23%)", or why there is none."""
    if compared.difference is None:
        return gettext("không có số liệu cùng kỳ")
    return speech.change_alone(compared)


def why(reading: Reading) -> str:
    """Return the address of the page that answers "why" of a figure."""
    return reverse(
        "why", args=[reading.indicator.key, reading.unit, reading.period.key]
    )


def why_of(identity: str, actor: Actor) -> str:
    """Return the same address from a figure's identity.

    It is "" for what is no figure, and for a unit that the person may not see. Where a
    run of text states several figures the first one is meant.
    """
    parts = (identity.split() or [""])[0].split("@")
    if len(parts) != 3 or parts[0] not in facts.pack().indicators:
        return ""
    if not actor.may(Permission.VIEW, parts[1]):
        return ""
    return reverse("why", args=parts)


def is_counted_by_stages(indicator: Indicator) -> bool:
    """Whether scoring, plans, awards or the programme count it, and no return does."""
    return not set(indicator.measures) & facts.pack().measures.keys()


def told(compared: Mapping[str, Comparison], year: int, unit: str) -> list[Told]:
    """Return figures ready for a page; published values are the province's only."""
    pack = facts.pack()
    is_province = unit == pack.province
    return [
        Told(each, pack.example(key, year) if is_province else None)
        for key, each in compared.items()
    ]


def of(unit: str, period: Period) -> list[Told]:
    """Return every figure of a unit and window, against its same period.

    What the stages count belongs to the province and the whole year, and is left out
    elsewhere.
    """
    pack = facts.pack()
    compared = freeze.live(
        facts.store(), pack=pack, unit=unit, period=period, on=clock.today()
    )
    whole = unit == pack.province and period.frequency is Frequency.YEAR
    kept = {
        key: each
        for key, each in compared.items()
        if whole or not is_counted_by_stages(each.current.indicator)
    }
    year = period.year if period.frequency is Frequency.YEAR else 0
    return told(kept, year, unit)


def one(indicator: str, unit: str, period: Period) -> Told:
    """Return a single figure of a unit and window."""
    pack = facts.pack()
    whole = unit == pack.province and period.frequency is Frequency.YEAR
    year, today = period.year, clock.today()
    stages = freeze.beside_both(pack=pack, year=year, on=today) if whole else {}
    compared = count.comparisons(
        facts.store(), pack=pack, unit=unit, period=period, **stages
    )[indicator]
    told_year = year if period.frequency is Frequency.YEAR else 0
    return told({indicator: compared}, told_year, unit)[0]


def blocks(rows: Iterable[Told]) -> dict[str, list[Told]]:
    """Return figures by the block of the report that they stand in."""
    found: dict[str, list[Told]] = {}
    for row in rows:
        found.setdefault(row.indicator.block, []).append(row)
    return found


def regime() -> Regime:
    """Return the window rule of the province's yearly review."""
    pack = facts.pack()
    return pack.regimes[pack.regime]
