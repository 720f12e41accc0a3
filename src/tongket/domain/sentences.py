"""What a person is told: one sentence, its values kept apart from its words.

The words are Vietnamese and are the key of the translation catalogue, so a face can say
the same sentence in English without the domain knowing any language but the first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with named gaps and what stands in them.

    >>> str(Sentence("Đơn vị {unit} chưa gửi báo cáo.", {"unit": "Xã Đồng Sơn"}))
    'Đơn vị Xã Đồng Sơn chưa gửi báo cáo.'
    """

    words: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.words.format(**self.values)

    def translated(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of `translate` (words → words)."""
        return translate(self.words).format(
            **{
                name: value.translated(translate)
                if isinstance(value, Sentence)
                else value
                for name, value in self.values.items()
            }
        )


class Refusal(Exception):
    """A request that cannot be met, or a fact that is missing, said in one sentence.

    Each module defines its own kinds beside the function that raises them:

    >>> class PeriodClosed(Refusal):
    ...     words = "Kỳ {period} đã khóa; đề nghị mở lại kỳ trước khi gửi."
    >>> raise PeriodClosed(period="năm 2023")
    Traceback (most recent call last):
    tongket.domain.sentences.PeriodClosed: Kỳ năm 2023 đã khóa; đề nghị mở lại ...
    """

    words = "{reason}"

    def __init__(self, **values: object) -> None:
        self.sentence = Sentence(self.words, values)
        super().__init__(str(self.sentence))


class Refusals(Exception):
    """Several refusals found in one reading, so that all can be mended at once."""

    def __init__(self, refusals: list[Refusal]) -> None:
        assert refusals, "a group of refusals holds at least one"
        self.refusals = tuple(refusals)
        super().__init__("\n".join(str(each) for each in refusals))
