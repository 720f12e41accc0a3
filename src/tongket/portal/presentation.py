"""How is a published figure shown: in which language, with which sign of nothing?

The values arrive ready; here they are only chosen (Vietnamese or English) and arranged.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language

from tongket.domain import english, numerals

if TYPE_CHECKING:
    from tongket.portal.models import ArticlePage

LEAST_FOR_AVERAGE = 10
_SIGNS = {"": "missing", "–": "nil", "-": "nil", "x": "not-applicable"}


def is_english() -> bool:
    """Whether the page is the English one."""
    return (get_language() or "").startswith("en")


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure in the language of the page.

    `state` names what stands in place of a number: "", "missing", "nil",
    "not-applicable" or "suppressed". `good` is "yes", "no" or "" for CSS.
    """

    key: str
    block: str
    label: str
    value: str
    state: str
    definition: str
    window: str
    parts: str
    change: str
    base: str
    base_window: str
    direction: str
    good: str
    target: str
    returned: int
    owed: int
    source: str
    is_headline: bool
    is_illustrative: bool
    needs_verification: bool

    @property
    def number(self) -> str:
        """The number alone, to be set large: "265,9" of "265,9 tỷ đồng"."""
        return self._halves[0]

    @property
    def unit(self) -> str:
        """What follows the number; empty where the value has no such form."""
        return self._halves[1]

    @property
    def _halves(self) -> tuple[str, str]:
        return numerals.halves(self.value)

    @property
    def is_incomplete(self) -> bool:
        """Whether returns that are owed are not in it."""
        return self.returned < self.owed


def shown(figures: Iterable[Mapping[str, Any]]) -> list[Shown]:
    """Return the figures of a release as the page shows them."""
    return [_shown(figure) for figure in figures]


def _shown(figure: Mapping[str, Any]) -> Shown:
    in_english = is_english()

    def told(name: str) -> str:
        return str(figure[f"{name}_english" if in_english else name])

    value, change = told("value"), told("change")
    good = {True: "yes", False: "no", None: ""}[figure["is_good"]]
    return Shown(
        key=figure["key"],
        block=told("block"),
        label=figure["english"] if in_english else figure["label"],
        value=value,
        state="suppressed" if value.startswith("<") else _SIGNS.get(value.strip(), ""),
        definition=figure["definition"],
        window=figure["window"],
        parts=english.marks(figure["parts"]) if in_english else figure["parts"],
        change=change,
        base=told("base"),
        base_window=figure["base_window"],
        direction=str(figure["direction"]) if change else "",
        good=good,
        target=told("target"),
        returned=figure["returned"],
        owed=figure["owed"],
        source=figure["source"],
        is_headline=figure["is_headline"],
        is_illustrative=figure["is_illustrative"],
        needs_verification=figure["needs_verification"],
    )


def by_block(figures: Iterable[Shown]) -> list[tuple[str, list[Shown]]]:
    """Return the figures under the headings of their blocks, in order of arrival."""
    blocks: dict[str, list[Shown]] = {}
    for figure in figures:
        blocks.setdefault(figure.block, []).append(figure)
    return list(blocks.items())


def rounded_views(views: int) -> int:
    """Return the views as shown: exact to 1,000, above that in full hundreds.

    >>> rounded_views(999), rounded_views(1234)
    (999, 1200)
    """
    return views if views <= 1000 else views // 100 * 100


class Rating:
    """The answers readers gave to one article.

    >>> few = Rating({5: 2, 3: 1})
    >>> few.total, few.average, few.rows[0]
    (3, None, (5, 2))
    >>> Rating({4: 9, 5: 1}).average
    '4,1'
    """

    def __init__(self, votes: Mapping[int, int]) -> None:
        self.rows = [(score, votes.get(score, 0)) for score in range(5, 0, -1)]
        self.total = sum(votes.values())

    @property
    def average(self) -> str | None:
        """The mean to one decimal, half-up; None below ten votes."""
        if self.total < LEAST_FOR_AVERAGE:
            return None
        tenths = (20 * sum(s * n for s, n in self.rows) + self.total) // (
            2 * self.total
        )
        mark = "." if is_english() else ","
        return f"{tenths // 10}{mark}{tenths % 10}"


def linked_data(article: "ArticlePage") -> SafeString:
    """Return the article as JSON-LD (schema.org NewsArticle), safe inside a script."""
    release, root = article.release, article.get_site().root_url
    published, renewed = release.published_at, article.last_published_at
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.lead,
        "inLanguage": "vi",
        "datePublished": localtime(published).isoformat(),
        "dateModified": localtime(renewed or published).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "GovernmentOrganization", "name": release.province},
        "mainEntityOfPage": article.full_url,
        "isAccessibleForFree": True,
    }
    if article.photo:
        data["image"] = [root + reverse("portal-photo", args=[article.photo_id])]
    text = json.dumps(data, ensure_ascii=False)
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return mark_safe(text)  # noqa: S308 escaped just above  # nosec B308, B703
