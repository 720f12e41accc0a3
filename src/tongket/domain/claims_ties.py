"""Which indicator does a number of a text speak of?

By the phrases that the pack gives each indicator, the unit counted in, and what a
reader carries on from the number before ("1.008 vụ, giảm 67 vụ"). A tie is firm when
the words of the sentence leave no other reading; from a tie that is not firm nothing is
ever called false.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongket.domain import claims_quantity as kinds
from tongket.domain.claims_links import fate, fate_of, same_unit
from tongket.domain.claims_quantity import Quantity
from tongket.domain.indicators import Comparison, Indicator

Vocabulary = Mapping[str, tuple[str, ...]]
_BEHIND = 60  # how far behind a number its phrase may stand
_PLACE = re.compile(r"\b(?:huyện|thị xã|xã|phường|thị trấn|thành phố|TP\.?)\s+(\w)")
_PART = re.compile(r"\b(?:trong đó|riêng|nhất là|tháng \d|quý [IVX\d])")
_TOLL = ("vụ", "người")  # cases, killed, injured: the three criteria of traffic
_WORDS = re.compile(r"\w+")
_SMALL = {"số", "do", "được", "đã", "của", "và", "các", "về"}
FIRM_FROM = 40


@dataclass(frozen=True, slots=True)
class Tie:
    """The indicator of a quantity; `keys` are several for "cả 3 tiêu chí"."""

    keys: tuple[str, ...]
    firm: bool


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    key: str


def tie(
    text: str,
    found: Sequence[Quantity],
    comparisons: Mapping[str, Comparison],
    vocabulary: Vocabulary,
) -> tuple[Tie | None, ...]:
    """Return the tie of each quantity; None where the words name no indicator."""
    reader = _Reader(text, found, comparisons, vocabulary)
    return tuple(reader.tie(at) for at in range(len(found)))


class _Reader:
    """The phrases of one text by place, and the ties made so far."""

    def __init__(
        self,
        text: str,
        found: Sequence[Quantity],
        comparisons: Mapping[str, Comparison],
        vocabulary: Vocabulary,
    ) -> None:
        self.text, self.found = text, found
        self.indicators = {
            key: each.current.indicator for key, each in comparisons.items()
        }
        self.places = _places(text, vocabulary, self.indicators)
        self.starts = [place.start for place in self.places]
        self.topics = _topics(text, self.places, self.indicators)
        self.topic_starts = [start for start, _ in self.topics]
        self.labels = [
            (key, indicator, _label_words(indicator.label))
            for key, indicator in self.indicators.items()
        ]
        self.ratios = {
            indicator.numerator: key
            for key, indicator in self.indicators.items()
            if indicator.is_ratio
        }
        self.ties: list[Tie | None] = []

    def tie(self, at: int) -> Tie | None:
        quantity = self.found[at]
        made = self._together(at) if is_together(quantity) else self._best(at)
        self.ties.append(made)
        return made

    def _best(self, at: int) -> Tie | None:
        quantity = self.found[at]
        if self._restates_rate(at):
            return self.ties[at - 1]
        ranked = [*self._named(at), *self._labelled(at), *self._carried(at)]
        if not ranked or max(ranked)[0] < FIRM_FROM:
            ranked = [*ranked, *self._by_topic(quantity)]
        if not ranked:
            return None
        rank, key = max(ranked)
        return Tie((key,), firm=rank >= FIRM_FROM)

    def _named(self, at: int) -> list[tuple[float, str]]:
        """Rank the indicators whose phrase stands around the quantity."""
        quantity = self.found[at]
        following = self.found[at + 1].start if at + 1 < len(self.found) else None
        stop = min(quantity.end + _BEHIND, following or len(self.text))
        first = _up_to(self.starts, quantity.begins - 1)
        last = _up_to(self.starts, stop)
        ranked = []
        for place in self.places[first:last]:
            key = self._stated_by(place.key, quantity)
            if key is not None:
                ranked.append((self._rank(at, place), key))
        return ranked

    def _stated_by(self, key: str, quantity: Quantity) -> str | None:
        """Return the indicator that the quantity states when `key` is spoken of.

        "11/11 địa bàn phức tạp" names what is counted and states the rate of it.
        """
        if self._counts(key, quantity):
            return key
        if quantity.slash == kinds.PART_WHOLE and key in self.indicators:
            return self.ratios.get(self.indicators[key].numerator)
        return None

    def _labelled(self, at: int) -> list[tuple[float, str]]:
        """Rank the indicators all words of whose label stand around the quantity."""
        quantity = self.found[at]
        before = self.found[at - 1].end if at else 0
        # What another clause speaks of is not the label of this number.
        clause = self.text.rfind(";", 0, quantity.start) + 1
        start = max(quantity.begins, before, clause)
        behind = self.text[quantity.end : quantity.end + _BEHIND]
        end = quantity.end + len(re.split(r"[;(\n]|\. ", behind)[0])
        elsewhere = _is_elsewhere(self.text[start : quantity.start])
        around = set(_WORDS.findall(self.text[start:end].lower()))
        return [
            (20.0 if elsewhere else 120.0 + 2 * len(words), key)
            for key, indicator, words in self.labels
            if words <= around and fits(indicator, quantity)
        ]

    def _rank(self, at: int, place: _Place) -> float:
        quantity, size = self.found[at], place.end - place.start
        unit = 40 if self._whole_unit(place.key, quantity) else 0
        if place.end > quantity.start:
            if self._off_topic(place.key, quantity):
                return 15
            between = self.text[quantity.end : place.start]
            parted = "," in between or ";" in between or "." in between
            if parted and not unit:
                return 10
            return 100 + size - len(between) / 2 + unit
        if self._off_topic(place.key, quantity):
            return 15
        previous = self.found[at - 1] if at else None
        gap = self.text[place.end : quantity.start]
        if previous is None or previous.end <= place.start:
            return 20 if _is_elsewhere(gap) else 90 - len(gap) / 10 + unit
        used = any(
            other.start >= place.end
            and other.is_level
            and other.unit == quantity.unit
            and fate(other) == fate(quantity)
            for other in self.found[max(at - 8, 0) : at]
        )
        return 30 if used or _is_elsewhere(gap) else 60 - len(gap) / 20

    def _off_topic(self, key: str, quantity: Quantity) -> bool:
        """Whether the sentence speaks of another block that could be meant as well.

        "Xảy ra 50 vụ cháy, nổ, thiệt hại khoảng 5 tỷ đồng" is no damage by crime.
        """
        topic, own = self._topic(quantity), self.indicators.get(key)
        if topic is None or own is None or not topic[1]:
            return False
        if own.measure_unit == "vụ" or own.block == topic[0]:
            return False
        return any(
            indicator.block == topic[0] and fits(indicator, quantity)
            for indicator in self.indicators.values()
        )

    def _whole_unit(self, key: str, quantity: Quantity) -> bool:
        """Whether "13 tập thể, cá nhân" names the indicator's unit in full."""
        unit = self.indicators[key].measure_unit if key in self.indicators else ""
        if not quantity.unit or len(unit) <= len(quantity.unit):
            return False
        at = quantity.surface.find(quantity.unit)
        return at >= 0 and self.text.startswith(unit, quantity.start + at)

    def _counts(self, key: str, quantity: Quantity) -> bool:
        """Whether the indicator is stated in this unit and kind of quantity."""
        indicator = self.indicators.get(key)
        return indicator is None or fits(indicator, quantity)

    def _carried(self, at: int) -> list[tuple[float, str]]:
        """Carry on the indicator of a number before, for changes and slashes of it."""
        quantity = self.found[at]
        level = quantity.is_level and quantity.kind != kinds.RATIO
        if level and not self._is_base(at):
            return []
        for before in range(at - 1, -1, -1):
            other, made = self.found[before], self.ties[before]
            if other.sentence != quantity.sentence:
                return []
            if made is None or len(made.keys) > 1:
                continue
            share = quantity.unit in ("%", "điểm %")
            same = share or same_unit(other.unit, quantity.unit)
            told = fate(quantity)
            if same and (told is None or told == fate(other)):
                key = made.keys[0]
                if self._counts(key, quantity):
                    return [(80.0 if made.firm else 25.0, key)]
        return []

    def _restates_rate(self, at: int) -> bool:
        """Whether the slash is the parts of the rate before: "95,83% (966/1.008)"."""
        quantity, previous = self.found[at], self.found[at - 1] if at else None
        if quantity.kind != kinds.RATIO or previous is None:
            return False
        between = self.text[previous.end : quantity.start]
        return previous.kind == kinds.PERCENT and between == " ("

    def _is_base(self, at: int) -> bool:
        """Whether the level is the base in brackets: "… so với cùng kỳ (8 người)"."""
        quantity = self.found[at]
        if not at or not quantity.before.endswith("("):
            return False
        between = self.text[self.found[at - 1].end : quantity.start]
        return "cùng kỳ" in between and not self.found[at - 1].is_level

    def _topic(self, quantity: Quantity) -> tuple[str, bool] | None:
        """Return the block last spoken of, and whether in this sentence."""
        at = _up_to(self.topic_starts, quantity.end) - 1
        if at < 0:
            return None
        start, block = self.topics[at]
        same_paragraph = "\n" not in self.text[start : quantity.start]
        return (block, start >= quantity.begins) if same_paragraph else None

    def _by_topic(self, quantity: Quantity) -> list[tuple[float, str]]:
        """Tie by the block spoken of when one indicator of it alone can be meant."""
        topic = self._topic(quantity)
        if topic is None or quantity.kind == kinds.RANK:
            return []
        block, here = topic
        able = [
            key
            for key, indicator in self.indicators.items()
            if indicator.block == block
            and fits(indicator, quantity)
            and (fate_of(indicator.label) == fate(quantity))
        ]
        gap = self.text[quantity.begins : quantity.start]
        if len(able) != 1:
            return []
        return [(45.0 if here and not _is_elsewhere(gap) else 20.0, able[0])]

    def _together(self, at: int) -> Tie | None:
        quantity = self.found[at]
        topic = self._topic(quantity)
        if topic is None or quantity.value is None:
            return None
        counts = [
            (key, indicator)
            for key, indicator in self.indicators.items()
            if indicator.block == topic[0] and not indicator.is_ratio
        ]
        if len(counts) != quantity.value:
            counts = [each for each in counts if each[1].measure_unit in _TOLL]
        if len(counts) != quantity.value:
            return None
        return Tie(tuple(key for key, _ in counts), firm=topic[1])


def _is_elsewhere(words: str) -> bool:
    """Whether the words turn to a part: a place by name, a month, "trong đó"."""
    named = any(found[1].isupper() for found in _PLACE.finditer(words))
    return named or _PART.search(words) is not None


def is_together(quantity: Quantity) -> bool:
    """Whether the quantity says "cả 3 tiêu chí" of several indicators at once."""
    whole = quantity.unit in ("tiêu chí", "chỉ số")
    return whole and quantity.kind == kinds.CHANGE and "cả" in quantity.surface


def fits(indicator: Indicator, quantity: Quantity) -> bool:
    """Whether a quantity of this unit and kind can state the indicator."""
    percentage = indicator.is_ratio and indicator.measure_unit == "%"
    if quantity.kind == kinds.RANK:
        return False
    if quantity.unit == "điểm %":
        return percentage
    if quantity.unit == "%":
        of_base = (
            quantity.kind == kinds.CHANGE_PERCENT or quantity.role == "level_of_base"
        )
        return not indicator.is_ratio if of_base else percentage
    if quantity.kind == kinds.RATIO and quantity.slash in (
        kinds.PART_WHOLE,
        "fraction",
    ):
        return indicator.is_ratio
    if quantity.role == "multiple":
        return not indicator.is_ratio
    if quantity.unit is not None and quantity.unit.endswith("đồng"):
        return indicator.measure_unit.endswith("đồng")
    if quantity.direction == "same" and quantity.unit is None:
        return not indicator.is_ratio
    if indicator.is_ratio or not _same_unit(indicator.measure_unit, quantity):
        return False
    told = fate(quantity) if quantity.unit == "người" else None
    return told is None or told == fate_of(indicator.label)


def _up_to(starts: Sequence[int], place: int) -> int:
    """Return how many of the ascending `starts` are at most `place`."""
    low, high = 0, len(starts)
    while low < high:
        middle = (low + high) // 2
        if starts[middle] <= place:
            low = middle + 1
        else:
            high = middle
    return low


def _same_unit(measure_unit: str, quantity: Quantity) -> bool:
    """Whether the text counts in the indicator's unit: "tin báo" for tin."""
    if "," in measure_unit:  # "13 tập thể, cá nhân" is counted together
        told = quantity.surface + quantity.after
        return told[: len(quantity.surface) + len(measure_unit)].find(measure_unit) >= 0
    unit = quantity.unit
    return unit is not None and any(
        same_unit(each, unit) for each in measure_unit.split("/")
    )


def _label_words(label: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(label.lower())) - _SMALL


def _places(
    text: str, vocabulary: Vocabulary, indicators: Mapping[str, Indicator]
) -> list[_Place]:
    """Return where each phrase, and each label without "Số", stands in the text."""
    plain, places = text.lower(), []
    if len(plain) != len(text):
        plain = text
    for key in dict.fromkeys((*vocabulary, *indicators)):
        phrases = [phrase.lower() for phrase in vocabulary.get(key, ())]
        if key in indicators:
            phrases.append(indicators[key].label.lower().removeprefix("số "))
        for phrase in dict.fromkeys(phrases):
            at = plain.find(phrase)
            while at >= 0:
                places.append(_Place(at, at + len(phrase), key))
                at = plain.find(phrase, at + 1)
    return sorted(places, key=lambda place: (place.start, place.end))


def _topics(
    text: str, places: Sequence[_Place], indicators: Mapping[str, Indicator]
) -> list[tuple[int, str]]:
    """Return where each block is spoken of: by its name or what is counted in cases."""
    found = [
        (place.start, indicators[place.key].block)
        for place in places
        if place.key in indicators and indicators[place.key].measure_unit == "vụ"
    ]
    plain = text.lower()
    for block in {indicator.block for indicator in indicators.values()} - {""}:
        at = plain.find(block.lower())
        while at >= 0:
            found.append((at, block))
            at = plain.find(block.lower(), at + 1)
    return sorted(found)
