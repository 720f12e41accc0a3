"""What stands at each row of a return now: what was sent last, or what came since?

A return has two layers of this kind, its cells and the explanations beside them. What
was typed lies over the version sent last. Where a later version came by another way and
says otherwise than what had been typed before it, the row is undecided: both values are
shown, none is lost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Typed(Generic[V]):
    """What was typed at a row, its edit, and the version that the typist saw."""

    value: V
    edit: int
    saw: int


@dataclass(frozen=True, slots=True)
class Undecided(Generic[V]):
    """What was typed here and then sent otherwise by another way."""

    measure: str
    typed: V
    edit: int
    sent: V


class Overlay(Generic[V]):
    """What was typed over a version, row by row.

    `nothing` is what stands at a row that a version does not name. `of_version` tells
    what another version says, None when there is no such one.
    """

    def __init__(
        self,
        typed: Mapping[str, Typed[V]],
        *,
        sent: Mapping[str, V],
        version: int,
        nothing: V,
        of_version: Callable[[int], Mapping[str, V] | None],
    ) -> None:
        self.typed, self.sent, self.version = dict(typed), sent, version
        self._nothing, self._of_version = nothing, of_version

    def sent_now(self, measure: str) -> V:
        """Return what the version sent last says of a row."""
        return self.sent.get(measure, self._nothing)

    def present(self, measure: str) -> V:
        """Return what stands at a row: what was typed, else what was sent."""
        typed = self.typed.get(measure)
        return typed.value if typed else self.sent_now(measure)

    def sent_in(self, version: int, measure: str) -> V | None:
        """Return what a version says of a row; None when there is no such version."""
        found = self.sent if version == self.version else self._of_version(version)
        return None if found is None else found.get(measure, self._nothing)

    def is_undecided(self, measure: str) -> bool:
        """Whether a version sent after the typing says otherwise than both before."""
        typed = self.typed.get(measure)
        if typed is None or typed.saw >= self.version:
            return False
        return self.sent_now(measure) not in (
            typed.value,
            self.sent_in(typed.saw, measure),
        )

    def put(self, measure: str, value: V, edit: int, saw: int) -> None:
        """Let what was typed stand at its row."""
        self.typed[measure] = Typed(value, edit, saw)

    def clear(self, version: int) -> None:
        """Leave nothing typed, over a version that says it all."""
        self.typed.clear()
        self.version = version

    def standing(self) -> dict[str, V]:
        """Return what stands at every row that was sent or typed."""
        return {**self.sent, **{key: each.value for key, each in self.typed.items()}}

    def edits(self) -> dict[str, int]:
        """Return the number of the edit that stands at each row typed since."""
        return {key: each.edit for key, each in self.typed.items()}

    def unsent(self) -> tuple[str, ...]:
        """Return the rows that say otherwise than the version sent last."""
        return tuple(
            key for key in self.typed if self.present(key) != self.sent_now(key)
        )

    def undecided(self) -> tuple[Undecided[V], ...]:
        """Return what was typed here and then sent otherwise by another way."""
        return tuple(
            Undecided(key, each.value, each.edit, self.sent_now(key))
            for key, each in self.typed.items()
            if self.is_undecided(key)
        )
