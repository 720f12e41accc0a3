"""What explains a cell now: the words of the version sent last, or what came since?

Explanations stand beside the cells of a return, one for a row or for all of it, and lie
in the draft as the cells do. No words and blank words are the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class UndecidedWords:
    """An explanation typed here and then sent otherwise by another way."""

    measure: str
    typed: str
    edit: int
    sent: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was typed: the words, their edit, and the version the typist saw."""

    text: str
    edit: int
    saw: int


class Words:
    """The explanations of one return while it is worked on.

    `of_version` tells the explanations of a version, None when there is no such one.
    """

    def __init__(
        self,
        stored: Mapping[str, Any],
        version: int,
        sent: Mapping[str, str],
        of_version: Callable[[int], Mapping[str, str] | None],
    ) -> None:
        self.version, self.sent, self._of_version = version, sent, of_version
        self.overlay = {key: Spoken(*each) for key, each in stored.items()}

    def present(self, measure: str) -> str:
        """Return what explains a row: what was typed, else what was sent."""
        spoken = self.overlay.get(measure)
        return spoken.text if spoken else self.sent.get(measure, "")

    def sent_in(self, version: int, measure: str) -> str | None:
        """Return the words of a version; None when there is no such version."""
        found = self.sent if version == self.version else self._of_version(version)
        return None if found is None else found.get(measure, "")

    def is_undecided(self, measure: str) -> bool:
        """Whether a version sent after the typing says otherwise than both before."""
        spoken = self.overlay.get(measure)
        if spoken is None or spoken.saw >= self.version:
            return False
        sent = self.sent.get(measure, "")
        return sent not in (spoken.text, self.sent_in(spoken.saw, measure))

    def put(self, measure: str, text: str, edit: int, saw: int) -> None:
        """Let words stand at a row."""
        self.overlay[measure] = Spoken(text, edit, saw)

    def standing(self) -> dict[str, str]:
        """Return every explanation as it stands, none of them blank."""
        keys = dict.fromkeys((*self.sent, *self.overlay))
        return {key: text for key in keys if (text := self.present(key))}

    def unsent(self) -> tuple[str, ...]:
        """Return the rows whose words say otherwise than the version sent last."""
        return tuple(
            key
            for key, spoken in self.overlay.items()
            if spoken.text != self.sent.get(key, "")
        )

    def undecided(self) -> tuple[UndecidedWords, ...]:
        """Return what was typed here and then sent otherwise by another way."""
        return tuple(
            UndecidedWords(key, each.text, each.edit, self.sent.get(key, ""))
            for key, each in self.overlay.items()
            if self.is_undecided(key)
        )

    def stored(self) -> dict[str, list[Any]]:
        """Return what was typed as it lies in the draft."""
        return {
            key: [each.text, each.edit, each.saw] for key, each in self.overlay.items()
        }
