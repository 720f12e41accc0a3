"""How is a text read into quantities, one sentence after the other?

The scan walks the tokens once. It remembers what a reader remembers: the last verb that
said up or down, the unit last spoken of, whether a target or an average is being told,
and what stood in front of an open bracket.
"""

from collections.abc import Callable
from decimal import Decimal

from tongket.domain import claims_words as lexicon
from tongket.domain.claims_context import Context
from tongket.domain.claims_grammar import (
    TIMES,
    Prefix,
    Unit,
    match,
    read_prefix,
    read_unit,
    sentence_ends,
)
from tongket.domain.claims_kinds import meaning
from tongket.domain.claims_quantity import (
    CHANGE,
    COUNT,
    RANK,
    RATIO,
    ZERO_CLAIM,
    Quantity,
)
from tongket.domain.claims_slashes import read_slash
from tongket.domain.claims_tokens import NUMBER, Tokens, read_digits, read_words
from tongket.domain.claims_traps import Chain, is_number, read_chain, swallow, trap
from tongket.domain.claims_units import IN_WORDS, WHOLE


class Scan:
    """One reading of a text."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.context = Context(tokens)
        self.starters: dict[str, Callable[[int], int]] = {
            "không": self._nothing,
            "giữ": self._same,
            "tương": self._equal,
            "gấp": self._times,
            "cứ": self._out_of,
            **dict.fromkeys(("đứng", "dẫn", "quán", "á"), self._rank_word),
            **dict.fromkeys((*lexicon.NUMBER_WORDS, "một"), self._number_word),
        }

    def run(self) -> tuple[Quantity, ...]:
        """Return what was found, in the order of the text."""
        tokens, context = self.tokens, self.context
        words, kinds, i = tokens.words, tokens.kinds, 0
        last = len(words) - 3
        while i < last:
            if kinds[i] == NUMBER:
                i = self._number(i)
                continue
            starter = self.starters.get(words[i])
            if starter is not None:
                i = starter(i)
                continue
            if words[i] in context.NOTED:
                context.note(i)
            elif sentence_ends(tokens, i):
                context.new_sentence(i + 1)
            i += 1
        return tuple(context.found)

    # numbers in digits

    def _number(self, i: int) -> int:
        tokens = self.tokens
        chain = read_chain(tokens, i)
        unit = read_unit(tokens, chain.after)
        has_unit = unit.known and unit.name is not None
        if trap(tokens, chain, has_unit) or not is_number(tokens, chain):
            return self.context.trapped(swallow(tokens, chain.after))
        if not has_unit and self.context.follows_trap(i):
            return self.context.trapped(chain.after)
        if chain.joins == "/":
            return self._slash(chain, unit)
        if chain.joins == "-":
            return self._range(chain, unit)
        return self._single(i, unit)

    def _single(self, i: int, unit: Unit) -> int:
        tokens, words = self.tokens, self.tokens.words
        digits = read_digits(words[i])
        assert digits is not None, "the chain was readable"
        value, decimals = digits
        j = i + 1
        before = words[i - 1] if i else ""
        if before == "thứ" or (before == "hạng" and not unit.known):
            return self._rank(i, value, j)
        split = self._split_decimal(i, unit)
        if split is not None:
            value, decimals, unit = split
        elif unit.name in WHOLE and decimals == 3 and unit.factor == 1:
            value, decimals = Decimal(int(value * 1000)), 0
        prefix = read_prefix(tokens, i)
        if self.context.is_per(prefix.start, i):
            return unit.after
        upper = self._range_in_words(i, unit)
        if upper is not None:
            prefix = read_prefix(tokens, i - 1)
            return self._keep(prefix, upper[1], None, decimals, (value, upper[0]))
        if unit.name is None:
            unit = self.context.bare_unit(i, decimals, prefix)
            if unit.name is None:
                return j
        end = self._keep(prefix, unit, value * unit.factor, decimals)
        return self._pair(unit, end)

    def _split_decimal(self, i: int, unit: Unit) -> tuple[Decimal, int, Unit] | None:
        """Read "15, 57%": one number that a blank has torn in two."""
        words = self.tokens.words
        torn = unit.name is None and words[i + 1] == "," and words[i].isdigit()
        rest = words[i + 2]
        if not (torn and rest.isdigit() and len(rest) == 2 and words[i + 3] == "%"):
            return None
        if words[i - 1] not in ("lệ", "đạt", "chiếm", "tăng", "giảm"):
            return None
        return Decimal(f"{words[i]}.{rest}"), 2, read_unit(self.tokens, i + 3)

    def _range_in_words(self, i: int, unit: Unit) -> tuple[Decimal, Unit] | None:
        """Read "từ 33% đến 81%" and "từ 2 đến 9 người": the upper end and its unit."""
        words, j = self.tokens.words, max(unit.after, i + 1)
        if words[i - 1] != "từ" or words[j] != "đến":
            return None
        upper = (
            read_digits(words[j + 1]) if self.tokens.kinds[j + 1] == NUMBER else None
        )
        if upper is None:
            return None
        other = read_unit(self.tokens, j + 2)
        return (upper.value, other) if other.name else None

    def _pair(self, unit: Unit, end: int) -> int:
        """Add the second half of "31 vụ/45 đối tượng" to the quantity just kept."""
        tokens = self.tokens
        if tokens.words[end] != "/" or tokens.kinds[end + 1] != NUMBER:
            return end
        second = read_digits(tokens.words[end + 1])
        other = read_unit(tokens, end + 2, guess=False)
        if second is None or other.name is None:
            return end
        self.context.add_pair(second.value * other.factor, other)
        return other.after

    def _range(self, chain: Chain, unit: Unit) -> int:
        words = self.tokens.words
        read = [read_digits(words[n]) for n in chain.numbers]
        low, high = (each for each in read if each is not None)
        prefix = read_prefix(self.tokens, chain.numbers[0])
        if unit.name is None or low.value >= high.value:
            return chain.after
        bounds = (low.value * unit.factor, high.value * unit.factor)
        return self._keep(prefix, unit, None, max(low.decimals, high.decimals), bounds)

    def _slash(self, chain: Chain, unit: Unit) -> int:
        found = read_slash(self.tokens, self.context, chain, unit)
        if found is None:
            return chain.after
        quantity, after = found
        self.context.keep(quantity, chain.numbers[0], after)
        return after

    def _keep(
        self,
        prefix: Prefix,
        unit: Unit,
        value: Decimal | None,
        decimals: int,
        bounds: tuple[Decimal, Decimal] | None = None,
    ) -> int:
        told = meaning(self.context, prefix, unit, value)
        quantity = self.context.quantity(
            told.start,
            unit.after,
            value=value,
            unit=told.unit,
            kind=told.kind,
            direction=told.direction,
            hedge=told.hedge,
            role=told.role,
            decimals=decimals,
            scale=unit.factor,
            minimum=bounds[0] if bounds else None,
            maximum=bounds[1] if bounds else None,
        )
        self.context.keep(quantity, told.start, unit.after)
        return unit.after

    def _rank(self, i: int, value: Decimal, after: int) -> int:
        start = i - 1
        while start and self.tokens.words[start - 1] in lexicon.RANKS_BEFORE:
            start -= 1
        quantity = self.context.quantity(
            start, after, value=value, unit="hạng", kind=RANK
        )
        self.context.keep(quantity, start, after)
        return after

    # numbers in words

    def _number_word(self, i: int) -> int:
        """Read "giảm chín vụ", "năm băng nhóm"; leave "năm 2023" and "hai tháng"."""
        words = self.tokens.words
        read = read_words(self.tokens, i)
        assert read is not None, "called at a number word"
        value, after = read
        unit = read_unit(self.tokens, after, guess=False)
        if unit.name is None or (unit.name not in IN_WORDS and not unit.money):
            return i + 1
        prefix = read_prefix(self.tokens, i)
        if words[i] == "một" and unit.factor == 1 and not prefix.direction:
            return i + 1
        if words[i - 1] in ("thứ", "tháng", "ngày", "quý") or words[after] == "năm":
            return i + 1
        return self._keep(prefix, unit, Decimal(value) * unit.factor, 0)

    def _rank_word(self, i: int) -> int:
        """Read "đứng đầu", "á quân"."""
        words = self.tokens.words
        key = (words[i], words[i + 1])
        if key not in lexicon.RANK_WORDS:
            return i + 1
        if key == ("đứng", "đầu") and words[i - 1] == "người":  # người đứng đầu
            return i + 2
        quantity = self.context.quantity(
            i, i + 2, value=Decimal(lexicon.RANK_WORDS[key]), unit="hạng", kind=RANK
        )
        self.context.keep(quantity, i, i + 2)
        return i + 2

    def _times(self, i: int) -> int:
        """Read "gấp đôi", "gấp rưỡi", "gấp ba lần"."""
        words = self.tokens.words
        value = lexicon.MULTIPLE_WORDS.get(words[i + 1])
        if value is None:
            return i + 1
        after = i + 3 if words[i + 2] == "lần" else i + 2
        start = i - 1 if i and words[i - 1] in lexicon.PLAIN_VERBS else i
        quantity = self.context.quantity(
            start, after, value=value, unit=TIMES, kind=RATIO,
            direction=lexicon.UP, role="multiple",
        )  # fmt: skip
        self.context.keep(quantity, start, after)
        return after

    def _out_of(self, i: int) -> int:
        """Read "cứ 3 vụ trộm cắp thì đến 2 vụ là trộm xe": two thirds."""
        words, kinds = self.tokens.words, self.tokens.kinds
        near = range(i + 1, min(i + 14, len(words) - 3))
        numbers = [j for j in near if kinds[j] == NUMBER]
        if len(numbers) < 2 or "thì" not in words[numbers[0] : numbers[1]]:
            return i + 1
        whole, part = (read_digits(words[j]) for j in numbers[:2])
        if whole is None or part is None or not whole.value:
            return i + 1
        after = read_unit(self.tokens, numbers[1] + 1).after
        quantity = self.context.quantity(
            i, after, value=round(part.value / whole.value, 6), unit=TIMES, kind=RATIO,
            numerator=part.value, denominator=whole.value, slash="verbal_fraction",
            role="multiple",
        )  # fmt: skip
        self.context.keep(quantity, i, after)
        return after

    # nothing and no change

    def _nothing(self, i: int) -> int:
        """Read "không tăng, không giảm" and "không để xảy ra … vụ"."""
        after = self._same(i)
        if after > i + 1:
            return after
        words, j = self.tokens.words, i + 1
        j += words[j] == "để"
        if (words[j], words[j + 1]) != ("xảy", "ra"):
            return i + 1
        j += 2
        while words[j] in ("các", "một", "bất", "kỳ", "những"):
            j += 1
        unit = read_unit(self.tokens, j, guess=False)
        if unit.name is None:
            return i + 1
        quantity = self.context.quantity(
            i, unit.after, value=Decimal(0), unit=unit.name, kind=COUNT, role=ZERO_CLAIM
        )
        self.context.keep(quantity, i, unit.after)
        return unit.after

    def _same(self, i: int) -> int:
        size = match(self.tokens.words, i, lexicon.LEVEL_PHRASES)
        if not size:
            return i + 1
        return self._all_unchanged(i, i + size) or self._unchanged(i, i + size, None)

    def _all_unchanged(self, i: int, j: int) -> int:
        """Read "không tăng, không giảm cả 3 tiêu chí"; 0 when it is not said."""
        if self.tokens.words[j] != "cả":
            return 0
        digits = read_digits(self.tokens.words[j + 1])
        unit = read_unit(self.tokens, j + 2, guess=False)
        if digits is None or unit.name not in ("tiêu chí", "chỉ số"):
            return 0
        quantity = self.context.quantity(
            i, unit.after, value=digits.value, unit=unit.name, kind=CHANGE,
            direction=lexicon.SAME,
        )  # fmt: skip
        self.context.keep(quantity, i, unit.after)
        return unit.after

    def _equal(self, i: int) -> int:
        """Read "tương đương tuần trước"; "tương đương 5%" is a conversion."""
        words = self.tokens.words
        j = i + 2
        while words[j] in ("so", "với", "cùng") and words[j + 1] != "":
            if words[j] == "cùng":
                break
            j += 1
        then = words[j] in ("tuần", "tháng", "năm", "cùng", "quý", "kỳ")
        if words[i + 1] != "đương" or not then:
            return i + 1
        return self._unchanged(i, j + 2, lexicon.ABOUT)

    def _unchanged(self, i: int, after: int, hedge: str | None) -> int:
        start, unit = self.context.subject_unit(i)
        quantity = self.context.quantity(
            start, after, value=Decimal(0), unit=unit, kind=CHANGE,
            direction=lexicon.SAME, hedge=hedge,
        )  # fmt: skip
        self.context.keep(quantity, start, after)
        return after
