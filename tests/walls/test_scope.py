"""Whose rows does running code see? Nobody's until it is told; then those alone."""

import contextvars
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tongket.records import scope
from tongket.records.scope import NoScope, Units, Whole


@pytest.fixture(autouse=True)
def _somebody() -> Iterator[None]:
    """Begin in a scope, so that what comes back can be told."""
    with scope.whole("before"):
        yield


def only(*ids: int, account: int | None = None) -> Any:
    """Return a block that acts for units and an account."""
    return scope.acting(Units(frozenset(ids), account))


def fail_as(another: scope.Scope) -> None:
    """Become another, and raise."""
    scope.become(another)
    raise KeyError


def in_a_new_context(ask: Callable[[], object]) -> object:
    """Return what is found where nobody ever set a scope."""
    return contextvars.Context().run(ask)


def test_nobody_is_the_scope_until_one_is_set() -> None:
    with pytest.raises(NoScope, match=r"scope\.acting"):
        in_a_new_context(scope.current)
    assert in_a_new_context(scope.told) == ("", "")
    assert scope.NOBODY is None


def test_what_the_database_is_told_names_units_in_order_and_the_account() -> None:
    assert Units(frozenset({30, 4}), 7).told == ("4,30", "7")
    assert Units(frozenset()).told == ("", "")
    assert Units(frozenset({1}), 0).told == ("1", "0")
    assert Whole("a test").told == ("*", "*")
    with scope.acting(Units(frozenset({5}), 6)):
        assert scope.told() == ("5", "6")
    with scope.whole("a test"):
        assert scope.told() == ("*", "*")


def test_a_block_gives_the_scope_back_whatever_it_became_or_raised() -> None:
    before = scope.current()
    with pytest.raises(KeyError), scope.acting(None):
        fail_as(Whole("meanwhile"))
    assert scope.current() is before
    with scope.whole("a reason"):
        assert scope.current() == Whole("a reason")
    assert scope.current() is before


@pytest.mark.parametrize("why", ["", "  "])
def test_the_whole_is_seen_for_a_reason_only(why: str) -> None:
    before = scope.current()
    with pytest.raises(ValueError, match="a reason is given"), scope.whole(why):
        pass
    assert scope.current() is before


def test_a_stream_is_made_in_the_scope_of_who_asked_for_it() -> None:
    seen = []

    def parts() -> Iterator[bytes]:
        for each in (b"a", b"b"):
            seen.append(scope.current())
            yield each

    with only(1):
        stream = scope.carried(parts())
    with scope.acting(None):
        assert next(stream) == b"a"
        with pytest.raises(NoScope):
            scope.current()
        assert list(stream) == [b"b"]
    assert seen == [Units(frozenset({1}))] * 2


def test_a_stream_without_a_scope_stays_without_one() -> None:
    def parts() -> Iterator[bytes]:
        yield str(scope.told()).encode()

    with scope.acting(None):
        stream = scope.carried(parts())
    with scope.whole("meanwhile"):
        assert list(stream) == [b"('', '')"]


def test_what_a_block_becomes_holds_to_its_end() -> None:
    with scope.acting(None):
        scope.become(Units(frozenset({3})))
        assert scope.current() == Units(frozenset({3}))
        scope.become(None)
        with pytest.raises(NoScope):
            scope.current()


def test_a_scope_is_a_value_that_nobody_changes() -> None:
    units = Units(frozenset({3}))
    assert units.account is None
    assert units.told is units.told
    for each, field in ((units, "ids"), (Whole("a test"), "why")):
        with pytest.raises(AttributeError):
            setattr(each, field, frozenset())
