"""How is the judgement of a text shown: on a page and in a terminal, claim by claim?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from rich.table import Table
from rich.text import Text

from tongket.cycle import freeze, report
from tongket.domain.claims import Judged
from tongket.domain.indicators import Comparison
from tongket.domain.periods import Period
from tongket.domain.sentences import Sentence
from tongket.office import clock, facts, figures, speech
from tongket.office.entrance import Actor
from tongket.office.templatetags.office import said

TONES = {
    "verified": "good",
    "contradicted": "bad",
    "inconsistent": "bad",
    "unknown": "neutral",
}
COLOURS = {"good": "green", "bad": "bold red", "neutral": "dim", "warn": "yellow"}
ENDS = (". ", "; ", "\n", "! ", "? ")


@dataclass(frozen=True, slots=True)
class Claim:
    """One number of a text, what is thought of it, and the figure it is tied to."""

    surface: str
    sentence: str
    verdict: str
    is_warned: bool
    reason: str
    label: str
    value: str
    url: str

    @property
    def is_false(self) -> bool:
        """Whether the number cannot stand."""
        return self.verdict in report.FALSE

    @property
    def words(self) -> str:
        """The verdict in words."""
        return verdict_words(self.verdict, is_warned=self.is_warned)

    @property
    def tone(self) -> str:
        """The tone of the verdict."""
        if self.is_warned and not self.is_false:
            return "warn"
        return TONES[self.verdict]


def verdict_words(verdict: str, *, is_warned: bool = False) -> str:
    """Return a verdict in a word or two."""
    words = {
        "verified": gettext("đúng"),
        "contradicted": gettext("sai"),
        "inconsistent": gettext("mâu thuẫn"),
        "unknown": gettext("chưa rõ"),
    }[verdict]
    if is_warned and verdict == "verified":
        return gettext("đúng, lệch số cuối")
    return words


def comparisons(period: Period) -> Mapping[str, Comparison]:
    """Return the figures that a text about a period is tested against.

    Those frozen last where something was frozen, else those that stand now.
    """
    pack = facts.pack()
    frozen = freeze.newest(period)
    if frozen:
        return freeze.comparisons(pack, frozen)
    return freeze.live(
        facts.store(),
        pack=pack,
        unit=pack.province,
        period=period,
        on=clock.today(),
    )


def claims(
    text: str,
    judged: Iterable[Judged],
    compared: Mapping[str, Comparison],
    actor: Actor | None = None,
) -> list[Claim]:
    """Return each judged number of a text, ready to be shown.

    `actor` is who reads it on a page, where each figure leads to its "why".
    """
    found = []
    for each in judged:
        keys = (each.indicator or "").split()
        tied = [compared[key] for key in keys if key in compared]
        quantity = each.quantity
        found.append(
            Claim(
                quantity.surface,
                around(text, quantity.start, quantity.end),
                each.verdict,
                each.warning,
                speech.translated(each.reason),
                ", ".join(said(one.current.indicator) for one in tied),
                ", ".join(shown(one) for one in tied[:1]),
                figures.why_of(each.figure or "", actor) if actor else "",
            )
        )
    return found


def shown(compared: Comparison) -> str:
    """Return a figure with its change, as short as a cell takes."""
    value = figures.value_words(compared.current)
    if compared.difference is None:
        return value
    return f"{value}; {figures.change_words(compared)}"


def derivations(judged: Iterable[Judged]) -> list[Sentence]:
    """Return what changes and percentages of a text say of their bases, each once."""
    found = [one.words for each in judged for one in each.derivations]
    return list({str(words): words for words in found}.values())


def around(text: str, start: int, end: int) -> str:
    """Return the sentence or line in which a stretch of text stands."""
    starts = [
        found + len(mark) for mark in ENDS if (found := text.rfind(mark, 0, start)) >= 0
    ]
    first = max(starts, default=0)
    stops = [found for mark in ENDS if (found := text.find(mark, end)) >= 0]
    return " ".join(text[first : min(stops, default=len(text))].split())


def summary(found: Sequence[Claim]) -> str:
    """Return how many numbers were found, true, false and unknown, in one line."""
    counts = Counter(each.verdict for each in found)
    words = gettext(
        "%(all)s số liệu: %(true)s đúng, %(false)s sai hoặc mâu thuẫn, %(unknown)s "
        "chưa rõ."
    )
    return words % {
        "all": len(found),
        "true": counts["verified"],
        "false": counts["contradicted"] + counts["inconsistent"],
        "unknown": counts["unknown"],
    }


def table(found: Iterable[Claim], title: str) -> Table:
    """Return the claims as a table for a terminal."""
    made = Table(title=title, title_justify="left", show_lines=True)
    made.add_column(gettext("Trong văn bản"), overflow="fold", ratio=3)
    made.add_column(gettext("Kết luận"), no_wrap=True)
    made.add_column(gettext("Số liệu đối chiếu"), overflow="fold", ratio=3)
    made.add_column(gettext("Giải thích"), overflow="fold", ratio=4)
    for each in found:
        tied = f"{each.label}: {each.value}" if each.label else "–"
        verdict = Text(each.words, style=COLOURS[each.tone])
        made.add_row(Text(each.surface), verdict, Text(tied), Text(each.reason))
    return made
