"""Laws of units through time, over random histories of mergers, splits and renamings.

A history is played on a small model that keeps, beside the rows a register is made
from, what each living unit holds of every unit there ever was. The model is the judge.
"""

import datetime as dt
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tongket.domain.units import (
    Change,
    Lineage,
    NoSuccessor,
    Register,
    SplitWithoutWeights,
    UnitVersion,
    search_key,
)

START, ONE = dt.date(2020, 1, 1), dt.timedelta(days=1)
TOPS = ("p", "q")
Held = dict[str, Fraction]


@dataclass
class Played:
    """A history so far: rows, what is open, and who holds what of whom by day."""

    versions: list[UnitVersion] = field(default_factory=list)
    rows: list[Lineage] = field(default_factory=list)
    open: dict[str, UnitVersion] = field(default_factory=dict)
    # origin → {holder: part}; a part that nobody stated or that was closed is lost.
    holds: dict[str, Held] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    days: list[tuple[dt.date, dict[str, Held], set[str]]] = field(default_factory=list)

    def begin(self, day: dt.date) -> str:
        """Start a unit of a new key."""
        key = f"u{len(self.holds)}"
        self.open[key] = UnitVersion(key, key, key, "commune", TOPS[0], day)
        self.holds[key] = {key: Fraction(1)}
        return key

    def end(self, unit: str, day: dt.date) -> None:
        """End a unit on the day before."""
        self.versions.append(replace(self.open.pop(unit), end=day - ONE))

    def alter(self, unit: str, day: dt.date, **new: Any) -> None:
        """Begin another version of a unit."""
        before = self.open[unit]
        self.versions.append(replace(before, end=day - ONE))
        self.open[unit] = replace(before, start=day, **new)

    def move(self, unit: str, parts: dict[str, Fraction]) -> None:
        """Let what a unit holds go to others."""
        for held in self.holds.values():
            whole = held.pop(unit, Fraction(0))
            for part, share in parts.items():
                if whole:
                    held[part] = held.get(part, Fraction(0)) + whole * share

    def register(self) -> Register:
        """Return the register that the rows make."""
        tops = [UnitVersion(top, "", top, "province", None, START) for top in TOPS]
        return Register([*tops, *self.versions, *self.open.values()], self.rows)


def _merge(played: Played, draw: Any, day: dt.date, free: list[str]) -> None:
    gone = draw(st.lists(st.sampled_from(free), min_size=1, max_size=3, unique=True))
    stay = [unit for unit in free if unit not in gone]
    into = draw(st.sampled_from(stay)) if stay and draw(st.booleans()) else None
    into = into or played.begin(day)
    for unit in gone:
        played.end(unit, day)
        played.rows.append(Lineage(unit, into, day, Change.MERGE))
        played.move(unit, {into: Fraction(1)})


def _split(played: Played, draw: Any, day: dt.date, free: list[str]) -> None:
    unit, lives_on = draw(st.sampled_from(free)), draw(st.booleans())
    weights = draw(st.lists(st.integers(1, 5), min_size=2, max_size=3))
    if not lives_on:
        played.end(unit, day)
    parts = [unit] if lives_on else []
    parts += [played.begin(day) for _ in weights[len(parts) :]]
    shares = {p: Fraction(w, sum(weights)) for p, w in zip(parts, weights, strict=True)}
    is_stated = draw(st.integers(0, 3)) > 0
    for part, share in shares.items():
        stated = share if is_stated else None
        played.rows.append(Lineage(unit, part, day, Change.SPLIT, stated))
    if not is_stated:
        touched = {origin for origin, held in played.holds.items() if unit in held}
        played.unknown |= touched
    played.move(unit, shares)


def _close(played: Played, draw: Any, day: dt.date, free: list[str]) -> None:
    unit = draw(st.sampled_from(free))
    played.end(unit, day)
    played.rows.append(Lineage(unit, "", day, Change.CLOSE))
    played.move(unit, {})


def _rename(played: Played, draw: Any, day: dt.date, free: list[str]) -> None:
    unit = draw(st.sampled_from(free))
    parent = draw(st.sampled_from(TOPS))
    played.alter(unit, day, name=f"{unit}*", parent=parent)
    played.rows.append(Lineage(unit, unit, day, Change.RENAME))


STEPS = {"merge": _merge, "split": _split, "close": _close, "rename": _rename}


@st.composite
def histories(draw, steps=("merge", "split", "close", "rename")):
    """A history of up to eight days of change over up to five first units."""
    played, day = Played(), START
    for _ in range(draw(st.integers(1, 5))):
        played.begin(START)
    _keep(played, day)
    for _ in range(draw(st.integers(0, 8))):
        day += draw(st.integers(1, 40)) * ONE
        free = [unit for unit, row in played.open.items() if row.start < day]
        if free:
            STEPS[draw(st.sampled_from(steps))](played, draw, day, free)
            _keep(played, day)
    return played


def _keep(played: Played, day: dt.date) -> None:
    held = {origin: dict(parts) for origin, parts in played.holds.items()}
    played.days.append((day, held, set(played.unknown)))


@settings(max_examples=80, deadline=None)
@given(histories())
def test_on_every_day_a_unit_is_told_once_below_a_unit_that_is_there(played):
    register = played.register()
    for day, *_ in played.days:
        for moment in (day - ONE, day, day + ONE):
            tree = register.on(moment)
            held = [v.unit for v in register.versions if v.holds_on(moment)]
            assert sorted(held) == sorted(set(held)) == sorted(v.unit for v in tree)
            assert all(len(tree.ancestors(v.unit)) <= 2 for v in tree)


@settings(max_examples=80, deadline=None)
@given(histories())
def test_what_became_of_a_unit_is_what_the_model_says(played):
    register = played.register()
    for day, held, unknown in played.days:
        for origin, parts in held.items():
            assert set(register.became(origin, on=day)) == set(parts)
            if origin in unknown:
                continue
            if sum(parts.values()) == 1:
                assert dict(register.shares(origin, on=day)) == parts


@settings(max_examples=80, deadline=None)
@given(histories())
def test_parts_make_up_a_whole_or_are_refused_in_a_sentence(played):
    register = played.register()
    for day, held, unknown in played.days:
        for origin, parts in held.items():
            try:
                shares = register.shares(origin, on=day)
            except SplitWithoutWeights:
                assert origin in unknown
            except NoSuccessor:
                assert sum(parts.values()) < 1 or origin in unknown
            else:
                assert sum(shares.values()) == 1
                assert set(shares) == set(parts)


@settings(max_examples=80, deadline=None)
@given(histories())
def test_what_came_of_what_came_of_a_unit_is_what_came_of_it(played):
    register = played.register()
    days = [day for day, *_ in played.days]
    last = days[-1]
    for middle in days:
        for version in register.on(START):
            direct = set(register.became(version.unit, on=last, since=START))
            halfway = register.became(version.unit, on=middle, since=START)
            onward = [register.became(u, on=last, since=middle) for u in halfway]
            assert direct == {unit for found in onward for unit in found}


@settings(max_examples=80, deadline=None)
@given(histories())
def test_came_from_is_the_inverse_of_became(played):
    register = played.register()
    days = [day for day, *_ in played.days]
    for early in days:
        before = [version.unit for version in register.on(early)]
        after = [version.unit for version in register.on(days[-1])]
        forwards = defaultdict(set)
        for unit in before:
            for new in register.became(unit, on=days[-1], since=early):
                forwards[new].add(unit)
        for unit in after:
            back = register.came_from(unit, on=early, until=days[-1])
            assert set(back) == forwards[unit]


@settings(max_examples=80, deadline=None)
@given(histories(steps=("merge", "rename")), st.randoms(use_true_random=False))
def test_no_merger_changes_a_total(played, random):
    register = played.register()
    first, last = played.days[0][0], played.days[-1][0]
    counts = {v.unit: random.randrange(100) for v in register.on(first)}
    carried: dict[str, Fraction] = defaultdict(Fraction)
    for unit, count in counts.items():
        for new, share in register.shares(unit, on=last, since=first).items():
            carried[new] += share * count
    assert sum(carried.values()) == sum(counts.values())
    assert all(count.denominator == 1 for count in carried.values())
    assert all(unit in register.on(last) for unit in carried)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_a_history_is_in_order_and_begins_with_the_beginning(played):
    register = played.register()
    for unit in played.holds:
        events = register.history(unit)
        assert [e.day for e in events] == sorted(e.day for e in events)
        assert events[0].kind == "started"
        is_over = unit not in played.open
        ends = {"merged", "split", "closed"} & {e.kind for e in events}
        assert not is_over or ends


TONES = [("Hòa", "Hoà"), ("Thụy", "Thuỵ"), ("Đồng", "đồng"), ("Khỏe", "Khoẻ")]


@given(st.lists(st.sampled_from(TONES), min_size=1, max_size=5), st.data())
def test_search_does_not_care_for_case_accents_tone_placement_or_d(words, data):
    one = " ".join(data.draw(st.sampled_from(pair)) for pair in words)
    other = " ".join(data.draw(st.sampled_from(pair)) for pair in words)
    plain = unicodedata.normalize("NFD", one).replace("đ", "d").replace("Đ", "D")
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    tree = Register([UnitVersion("u", "07", one, "commune", None, START)]).on(START)
    for spelled in (other, other.upper(), plain, plain.lower(), f" {other} "):
        assert search_key(spelled) == search_key(one)
        assert [unit.unit for unit in tree.named(spelled)] == ["u"]
