"""How a sentence lies in a record: its words and values, to be translated when read."""

from typing import Any

from tongket.domain.sentences import Sentence


def to_json(sentence: Sentence) -> list[Any]:
    """Return [words, values]; a sentence inside a sentence is nested alike."""
    values = {
        name: to_json(value) if isinstance(value, Sentence) else str(value)
        for name, value in sentence.values.items()
    }
    return [sentence.words, values]


def from_json(stored: list[Any]) -> Sentence:
    """Return the sentence that `to_json` stored."""
    words, values = stored
    return Sentence(
        words,
        {
            name: from_json(value) if isinstance(value, list) else value
            for name, value in values.items()
        },
    )
