"""Points and bands ("chấm điểm, xếp loại"): an edition of the criteria on facts.

An edition ("bộ tiêu chí") is one issued sheet of 100 points: items, each with a named
rule and its parameters; gates that cap a band; bands. It is never edited once used, and
a result keeps the key of the edition it was graded under. Points are `Decimal`; a total
on the edge belongs to the higher band. Every point explains itself.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tongket.domain.figures import shown
from tongket.domain.sentences import Refusal, Refusals, Sentence
from tongket.domain.sources import Source

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Fact:
    """One number known about a unit; `figure` is its identity, for the question why.

    `value` is None when the unit has not reported it.
    """

    label: str
    value: Decimal | None
    figure: str = ""


Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says: the share of the points earned (0 to 1), and why."""

    share: Decimal
    why: Sentence


@dataclass(frozen=True, slots=True)
class Use:
    """A named rule with its parameters, as a pack chooses it.

    `facts` names the facts in the order that the rule takes them.
    """

    rule: str
    facts: tuple[str, ...]
    threshold: Decimal = ZERO


def _shown(value: Decimal) -> str:
    return shown(value.normalize())  # no trailing noughts: 7,50 points are 7,5


def _missing(fact: Fact) -> Verdict:
    return Verdict(
        ZERO,
        Sentence("Chưa có số liệu “{label}”: 0 điểm.", {"label": Sentence(fact.label)}),
    )


def _yes(use: Use, facts: tuple[Fact, ...]) -> Verdict:
    (fact,) = facts
    assert fact.value is not None
    if fact.value > 0:
        return Verdict(ONE, Sentence("{label}: có.", {"label": Sentence(fact.label)}))
    return Verdict(ZERO, Sentence("{label}: không.", {"label": Sentence(fact.label)}))


def _none(use: Use, facts: tuple[Fact, ...]) -> Verdict:
    (fact,) = facts
    assert fact.value is not None
    values = {"label": Sentence(fact.label), "value": _shown(fact.value)}
    if fact.value == 0:
        return Verdict(ONE, Sentence("Không xảy ra: {label}.", values))
    return Verdict(ZERO, Sentence("Đã xảy ra {value}: {label}.", values))


def _at_least(use: Use, facts: tuple[Fact, ...]) -> Verdict:
    part, whole = (fact.value for fact in facts)
    assert part is not None
    assert whole is not None
    values = {
        "label": Sentence(facts[0].label),
        "part": _shown(part),
        "whole": _shown(whole),
        "threshold": _shown(use.threshold),
    }
    if whole == 0:
        return Verdict(
            ONE, Sentence("Không có đối tượng để tính “{label}”: đủ điểm.", values)
        )
    # Compared without dividing: 100·k ≥ p·N is exact (domain.md 4.2).
    if part * 100 >= use.threshold * whole:
        words = "Đạt: {label} {part}/{whole}, yêu cầu từ {threshold}%."
        return Verdict(ONE, Sentence(words, values))
    words = "Chưa đạt: {label} {part}/{whole}, yêu cầu từ {threshold}%."
    return Verdict(part * 100 / (use.threshold * whole), Sentence(words, values))


def _not_more(use: Use, facts: tuple[Fact, ...]) -> Verdict:
    now, before = (fact.value for fact in facts)
    assert now is not None
    assert before is not None
    values = {
        "label": Sentence(facts[0].label),
        "now": _shown(now),
        "before": _shown(before),
    }
    if now < before or now == before == 0:
        words = "Giảm hoặc không phát sinh: {label} {before} → {now}."
        return Verdict(ONE, Sentence(words, values))
    if now == before:
        words = "Không tăng, không giảm: {label} {before} → {now}."
        return Verdict(Decimal("0.5"), Sentence(words, values))
    return Verdict(ZERO, Sentence("Tăng: {label} {before} → {now}.", values))


Rule = Callable[[Use, tuple[Fact, ...]], Verdict]
RULES: Mapping[str, tuple[int, Rule]] = {
    # name in packs: (number of facts it takes, the rule)
    "yes": (1, _yes),
    "none": (1, _none),
    "at_least": (2, _at_least),
    "not_more": (2, _not_more),
}


def judge(use: Use, facts: Facts) -> Verdict:
    """Apply a named rule; a fact nobody reported earns nothing and is said so.

    >>> facts = {"part": Fact("khu đạt", Decimal(16)), "all": Fact("khu", Decimal(25))}
    >>> verdict = judge(Use("at_least", ("part", "all"), Decimal(70)), facts)
    >>> str(verdict.why)
    'Chưa đạt: khu đạt 16/25, yêu cầu từ 70%.'
    """
    used = tuple(facts.get(key, Fact(key, None)) for key in use.facts)
    for fact in used:
        if fact.value is None:
            return _missing(fact)
    return RULES[use.rule][1](use, used)


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the sheet: what it is about, its maximum, and its rule."""

    key: str
    label: str
    english: str
    max_points: Decimal
    use: Use
    source: Source


@dataclass(frozen=True, slots=True)
class Band:
    """One band ("xếp loại") and the lowest total that belongs to it."""

    key: str
    label: str
    english: str
    lowest: Decimal
    owes_plan: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """A named rule ("điều kiện khống chế"): when it fails, no band above `cap`."""

    key: str
    label: str
    english: str
    use: Use
    cap: str
    source: Source


class EditionRefused(Refusal, ValueError):
    """A sheet that cannot be used."""


class BandGap(EditionRefused):
    """Some total belongs to no band, or to two."""

    words = (
        "Bộ tiêu chí {edition}: xếp loại “{band}” bắt đầu từ {lowest}, phải {rule}; "
        "sửa khóa from trong bands."
    )


class PointsDoNotAddUp(EditionRefused):
    """The items do not add up to the declared maximum."""

    words = (
        "Bộ tiêu chí {edition}: điểm chuẩn các mục cộng lại được {total}, phải bằng "
        "{maximum}; sửa khóa most trong items."
    )


class NoBands(EditionRefused):
    """A sheet without bands classifies nobody."""

    words = "Bộ tiêu chí {edition}: chưa có xếp loại nào; bổ sung khóa bands."


class StepDoesNotFit(EditionRefused):
    """Points in steps could pass the maximum of the item, or never reach it."""

    words = (
        "Bộ tiêu chí {edition}, mục {item}: điểm chuẩn {points} phải là bội số dương "
        "của bước điểm {step}; sửa khóa most của mục hoặc khóa step."
    )


class UnknownCap(EditionRefused):
    """A gate caps at a band that the edition does not have."""

    words = (
        "Bộ tiêu chí {edition}, điều kiện {gate}: không có xếp loại “{cap}”; dùng một "
        "trong: {known}."
    )


class UnknownRule(EditionRefused):
    """A rule that the domain does not have, or with the wrong number of facts."""

    words = (
        "Bộ tiêu chí {edition}, mục {item}: không có quy tắc “{rule}” nhận {count} số "
        "liệu; dùng một trong: {known}."
    )


@dataclass(frozen=True, slots=True)
class Edition:
    """One issued set of criteria: legal effect, years it applies to, kinds of unit.

    `is_example` marks points or bands that no published text confirms; every page that
    shows a result says so. `bands` run from the highest to the lowest.
    """

    key: str
    label: str
    english: str
    source: Source
    effective: dt.date
    years: frozenset[int]
    unit_kinds: frozenset[str]
    form: str
    maximum: Decimal
    step: Decimal
    items: tuple[Item, ...]
    gates: tuple[Gate, ...]
    bands: tuple[Band, ...]
    is_example: bool
    note: str = ""

    def __post_init__(self) -> None:
        refusals = list(self._refusals())
        if refusals:
            raise Refusals(refusals)

    @property
    def parts(self) -> tuple["Edition | Item | Gate | Band", ...]:
        """The set itself and everything it names."""
        return (self, *self.items, *self.gates, *self.bands)

    def _refusals(self) -> Iterator[Refusal]:
        yield from self._broken_points()
        yield from self._broken_bands()
        yield from self._broken_rules()

    def _broken_points(self) -> Iterator[Refusal]:
        total = sum((item.max_points for item in self.items), ZERO)
        if total != self.maximum:
            yield PointsDoNotAddUp(
                edition=self.key, total=_shown(total), maximum=_shown(self.maximum)
            )
        for item in self.items:
            if self.step <= 0 or item.max_points <= 0 or item.max_points % self.step:
                yield StepDoesNotFit(
                    edition=self.key,
                    item=item.key,
                    points=_shown(item.max_points),
                    step=_shown(self.step),
                )

    def _broken_bands(self) -> Iterator[Refusal]:
        if not self.bands:
            yield NoBands(edition=self.key)
            return
        above: Decimal | None = None
        for band in self.bands:
            shown = {"edition": self.key, "band": band.label}
            if above is not None and band.lowest >= above:
                rule = Sentence(
                    "nhỏ hơn {points} (xếp loại liền trên)", {"points": _shown(above)}
                )
                yield BandGap(**shown, lowest=_shown(band.lowest), rule=rule)
            elif band.lowest > self.maximum:
                rule = Sentence(
                    "không vượt quá {points}", {"points": _shown(self.maximum)}
                )
                yield BandGap(**shown, lowest=_shown(band.lowest), rule=rule)
            above = band.lowest
        if self.bands[-1].lowest != 0:
            last = self.bands[-1]
            yield BandGap(
                edition=self.key,
                band=last.label,
                lowest=_shown(last.lowest),
                rule=Sentence("bắt đầu từ 0 vì là xếp loại thấp nhất"),
            )

    def _broken_rules(self) -> Iterator[Refusal]:
        known = [band.key for band in self.bands]
        for gate in self.gates:
            if gate.cap not in known:
                yield UnknownCap(
                    edition=self.key,
                    gate=gate.key,
                    cap=gate.cap,
                    known=", ".join(known),
                )
        for key, use in [
            *((item.key, item.use) for item in self.items),
            *((gate.key, gate.use) for gate in self.gates),
        ]:
            if use.rule not in RULES or RULES[use.rule][0] != len(use.facts):
                yield UnknownRule(
                    edition=self.key,
                    item=key,
                    rule=use.rule,
                    count=len(use.facts),
                    known=", ".join(f"{n} ({c[0]})" for n, c in RULES.items()),
                )

    def band(self, key: str) -> Band:
        """Return one band by its key."""
        return next(band for band in self.bands if band.key == key)

    def band_of(self, total: Decimal) -> Band:
        """Return the band a total belongs to; an edge belongs to the higher one."""
        return next(band for band in self.bands if total >= band.lowest)

    def lower(self, one: Band, other: Band) -> Band:
        """Return the lower of two bands."""
        return one if one.lowest <= other.lowest else other


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The points of one row, with the reason and the facts it came from."""

    item: Item
    points: Decimal
    why: Sentence
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate that failed and the band it capped the unit at."""

    gate: Gate
    why: Sentence


@dataclass(frozen=True, slots=True)
class Score:
    """A unit's sheet, filled: points by item, total, gates that failed, band."""

    edition: Edition
    items: tuple[ItemResult, ...]
    gates: tuple[GateResult, ...]

    @property
    def total(self) -> Decimal:
        """All points added up."""
        return sum((result.points for result in self.items), ZERO)

    @property
    def band(self) -> Band:
        """The band by points, lowered by the gates that failed."""
        band = self.edition.band_of(self.total)
        for result in self.gates:
            band = self.edition.lower(band, self.edition.band(result.gate.cap))
        return band

    @property
    def lost(self) -> tuple[ItemResult, ...]:
        """The rows that lost points, the largest loss first."""
        losing = [r for r in self.items if r.points < r.item.max_points]
        return tuple(sorted(losing, key=lambda r: r.points - r.item.max_points))


def score(edition: Edition, facts: Facts) -> Score:
    """Fill the sheet of an edition from the facts about one unit.

    Points are rounded half-up to the edition's step, full only when the rule is met.
    """

    def points(item: Item) -> ItemResult:
        verdict = judge(item.use, facts)
        earned = verdict.share * item.max_points
        steps = (earned / edition.step).quantize(ONE, ROUND_HALF_UP)
        if verdict.share < ONE:
            # A row that says "Chưa đạt" is never rounded up to its full points.
            steps = min(steps, item.max_points / edition.step - ONE)
        used = tuple(facts.get(key, Fact(key, None)) for key in item.use.facts)
        return ItemResult(item, steps * edition.step, verdict.why, used)

    failed = tuple(
        GateResult(gate, verdict.why)
        for gate in edition.gates
        if (verdict := judge(gate.use, facts)).share < ONE
    )
    return Score(edition, tuple(points(item) for item in edition.items), failed)


@dataclass(frozen=True, slots=True)
class Lift:
    """What would carry a unit to the next band: the rows to win back, the gates."""

    to: Band
    points_needed: Decimal
    items: tuple[ItemResult, ...]
    gates: tuple[GateResult, ...]


def lift(result: Score) -> Lift | None:
    """Return the fewest rows that would raise the band by one; None at the top.

    Rows are taken by the size of their loss, until the next band is reached.
    """
    bands = result.edition.bands
    place = bands.index(result.band)
    if place == 0:
        return None
    above = bands[place - 1]
    needed = max(above.lowest - result.total, ZERO)
    gates = tuple(
        gate
        for gate in result.gates
        if result.edition.band(gate.gate.cap).lowest < above.lowest
    )
    rows: list[ItemResult] = []
    won = ZERO
    for row in result.lost:
        if won >= needed:
            break
        rows.append(row)
        won += row.item.max_points - row.points
    return Lift(above, needed, tuple(rows), gates)
