"""What does a reader of a sentence still have in mind when the next number comes?

The quantities so far, the unit last spoken of, whether a target or an average is being
told, and what stood in front of an open bracket.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tongket.domain import claims_words as lexicon
from tongket.domain.claims_grammar import PERCENT, Prefix, Unit, match, read_unit
from tongket.domain.claims_quantity import (
    CURRENT_PREVIOUS,
    PART_WHOLE,
    RATIO,
    Quantity,
)
from tongket.domain.claims_quantity import PERCENT as SHARE
from tongket.domain.claims_tokens import BREAK, MARK, NUMBER, WORD, Tokens

_FAR = 16  # words after which a target or an average is no longer being told
_BEFORE, _AFTER = 160, 80


class Context:
    """The memory of one scan; `spans` are the token ranges of `found`."""

    NOTED = frozenset(
        {"(", ")", ";", ",", "mục", "chỉ", "phấn", "yêu", "bình", "trung"}
    )

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.found: list[Quantity] = []
        self.spans: list[tuple[int, int]] = []
        self.sentence = 0
        self.sentence_start = 0
        self.first = 0
        self.outer: int | None = None  # what stood before the bracket now open
        self.closed: tuple[int, int] | None = None  # (that, index of the bracket's end)
        self._trapped = -1
        self._target: int | None = None
        self._told = False
        self._average: int | None = None

    def new_sentence(self, start: int) -> None:
        """Forget everything but what was found."""
        self.sentence += 1
        self.sentence_start, self.first = start, len(self.found)
        self.outer = self.closed = self._target = self._average = None

    def note(self, i: int) -> None:
        """Take note of a bracket, a stop, a target or an average at token `i`."""
        words, word = self.tokens.words, self.tokens.words[i]
        if word == "(":
            self.outer = len(self.found) - 1 if len(self.found) > self.first else None
        elif word == ")":
            if self.outer is not None:
                self.closed = (self.outer, i)
            self.outer = self._target = None
        elif word == ";":
            self._target = self._average = None
        elif word == ",":
            self._told = True
        elif match(words, i, lexicon.TARGETS):
            self._target, self._told = i, False
        elif match(words, i, lexicon.AVERAGES) and self._is_average(i):
            self._average = i

    def _is_average(self, i: int) -> bool:
        """Whether "trung bình" is an average here, not a class of units."""
        words = self.tokens.words
        if words[i] == "bình":
            return words[i - 1] not in ("tăng", "giảm") or i == 0
        following = words[i + 2]
        each = following in lexicon.EACH or following in (
            "hàng",
            "hằng",
            "cứ",
            "khoảng",
        )
        return each or (self.tokens.kinds[i + 2] == NUMBER and words[i - 1] != "loại")

    def trapped(self, after: int) -> int:
        """Remember that a trap ends before token `after`, and return it."""
        self._trapped = after
        return after

    def follows_trap(self, i: int) -> bool:
        """Whether token `i` goes on listing dates or names: "tuần 29 và 30"."""
        return self._trapped == i - 1 and self.tokens.words[i - 1] in ("và", ",")

    def is_per(self, start: int, i: int) -> bool:
        """Whether "trên 100 bé gái" is what a rate is told by, not a quantity."""
        touches = bool(self.spans) and self.spans[-1][1] == start
        return touches and self.tokens.words[i - 1] == "trên"

    def is_target(self, start: int, at_least: bool) -> bool:
        """Whether a target is being told to the quantity that starts at `start`."""
        if self._target is None or self._target > start:
            return at_least
        if start - self._target > _FAR:
            return at_least
        listed = self.tokens.words[start - 1] in ("và", ",")
        return at_least or not self._told or (listed and self._was_target())

    def _was_target(self) -> bool:
        return len(self.found) > self.first and self.found[-1].role == "target"

    def is_average(self, start: int, after: int) -> bool:
        """Whether a rate per day, year or unit is being told."""
        if self._average is not None and start - self._average <= 2 * _FAR:
            return True
        words = self.tokens.words
        if words[after] == "trên" and self.tokens.kinds[after + 1] == NUMBER:
            return True
        per = words[after] in ("một", "mỗi")
        return per and (
            words[after + 1] in lexicon.TIME_UNITS
            or words[after + 1] in lexicon.UNIT_TREE
        )

    def rate(self, start: int) -> str:
        """Return the role of an average that is told to token `start`."""
        since = self.tokens.words[self._average or start : start]
        return "rate_per_day" if "ngày" in since else "rate"

    @property
    def previous(self) -> Quantity | None:
        """The quantity before, in this sentence."""
        return self.found[-1] if len(self.found) > self.first else None

    def gap(self, start: int) -> list[str]:
        """The words between the quantity before and token `start`."""
        return self.tokens.words[self.spans[-1][1] : start]

    def quantity(self, start: int, after: int, **fields: Any) -> Quantity:
        """Return the quantity that stands on tokens `start` to before `after`."""
        tokens = self.tokens
        if self.spans:
            start = max(start, self.spans[-1][1])
        first, last = tokens.starts[start], tokens.ends[after - 1]
        begins = max(tokens.starts[self.sentence_start], first - _BEFORE)
        behind = tokens.text[last : last + _AFTER]
        for stop in ("\n", ";", ". "):
            behind = behind.partition(stop)[0]
        return Quantity(
            first,
            last,
            tokens.text[first:last],
            sentence=self.sentence,
            begins=tokens.starts[self.sentence_start],
            before=tokens.text[begins:first],
            after=behind,
            **fields,
        )

    def keep(self, quantity: Quantity, start: int, after: int) -> None:
        """Add a quantity that stands on tokens `start` to before `after`."""
        self.found.append(quantity)
        self.spans.append((start, after))
        self._told = True

    def add_pair(self, value: Decimal, unit: Unit) -> None:
        """Make the quantity just kept one half of a pair ("31 vụ/45 đối tượng")."""
        first = self.found[-1]
        assert first.value is not None, "ranges form no pairs"
        assert unit.name is not None, "the second half has a unit of its own"
        end = self.tokens.ends[unit.after - 1]
        self.found[-1] = replace(
            first,
            end=end,
            surface=self.tokens.text[first.start : end],
            slash="pair",
            pair=((first.value, first.unit or ""), (value, unit.name)),
        )
        self.spans[-1] = (self.spans[-1][0], unit.after)

    def last_unit(self, *, rates: bool = False) -> str | None:
        """The unit last counted in, in this sentence; points after a rate."""
        for quantity in reversed(self.found[self.first :]):
            if rates and quantity.slash == PART_WHOLE:
                continue  # the parts of a rate, in brackets
            if rates and quantity.kind == SHARE and quantity.role is None:
                return "điểm %"
            if quantity.unit and quantity.unit not in (PERCENT, "điểm %", "lần"):
                return quantity.unit
        return None

    def noun_before(self, i: int) -> tuple[int, str | None]:
        """Return the last unit of measure spoken of before token `i`, and where."""
        stop = max(self.sentence_start, self.spans[-1][1] if self.spans else 0, i - 12)
        for j in range(i - 1, stop - 1, -1):
            if self.tokens.kinds[j] == WORD:
                unit = read_unit(self.tokens, j, guess=False)
                if unit.name is not None and unit.known and not unit.money:
                    return j, unit.name
            elif self.tokens.words[j] in (";", "("):
                break
        return i, None

    def subject_unit(self, i: int) -> tuple[int, str | None]:
        """Return where "số người chết không tăng" begins, and what it counts."""
        j, unit = self.noun_before(i)
        if unit is None:
            return i, self.last_unit(rates=True)
        while j and self.tokens.words[j - 1] == "số":
            j -= 1
        return j, unit

    def bare_unit(self, i: int, decimals: int, prefix: Prefix) -> Unit:
        """Return the unit that a number without one must have; none for a stray one."""
        tokens, words = self.tokens, self.tokens.words
        none, before, after = Unit(None, Decimal(1), i + 1), words[i - 1], words[i + 1]
        if i == 0:
            return none
        if decimals:
            told = prefix.direction or before in ("đạt", "chiếm", "lệ", "là")
            return Unit(PERCENT, Decimal(1), i + 1) if told else none
        if before == "số" and words[i - 2] == "con":
            _, unit = self.noun_before(i - 2)
            return Unit(unit or self.last_unit(), Decimal(1), i + 1)
        if words[prefix.start - 1] == "từ" and after in ("lên", "xuống", "còn"):
            unit_after = read_unit(tokens, i + 3)
            return Unit(unit_after.name, Decimal(1), i + 1)
        ends = (
            after in (",", ";", ")", ".", "và", "so", "")
            or tokens.kinds[i + 1] == BREAK
        )
        if not ends or (
            len(words[i]) > 1 and words[i][0] == "0" and not prefix.direction
        ):
            return none
        named = tokens.kinds[i - 1] == MARK or tokens.capital(i - 1)
        if prefix.direction or not (named or before in lexicon.NAMES_BEFORE):
            unit = self.last_unit() or (
                self.noun_before(prefix.start)[1] if prefix.direction else None
            )
            return Unit(unit, Decimal(1), i + 1)
        return none

    def outer_quantity(self, start: int) -> Quantity | None:
        """Return the quantity that a bracket, or the words after one, speak of."""
        if self.previous is None:
            return None
        if self.outer is not None:
            return self.found[self.outer]
        if self.closed is not None and self.spans[-1][1] <= self.closed[1] < start:
            return self.found[self.closed[0]]
        return self.previous

    def last_change(self) -> Quantity | None:
        """Return the change just told, looking through a slash of current/previous."""
        for quantity in reversed(self.found[self.first :]):
            if quantity.kind != RATIO or quantity.slash != CURRENT_PREVIOUS:
                return None if quantity.is_level else quantity
        return None
