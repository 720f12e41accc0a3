"""Which articles and figures hold the words a reader typed, with or without accents?"""

from dataclasses import dataclass
from itertools import islice

from tongket.domain.units import search_key
from tongket.portal.models import ArticlePage, FiguresPage
from tongket.portal.presentation import Shown

MOST = 50


@dataclass(frozen=True, slots=True)
class Found:
    """The articles and the figures that hold every word of the question."""

    articles: list[ArticlePage]
    figures: list[tuple[FiguresPage, Shown]]

    @property
    def total(self) -> int:
        """How many there are together."""
        return len(self.articles) + len(self.figures)


def search(text: str) -> Found:
    """Return at most 50 articles and 50 figures, newest first."""
    words = search_key(text).split()
    articles = ArticlePage.public().select_related("release")
    for word in words:
        articles = articles.filter(release__search_text__contains=word)
    figures = (
        (page, figure)
        for page in FiguresPage.public().select_related("release")
        for figure in page.release.shown()
        if _holds(figure, words)
    )
    return Found(list(articles[:MOST]), list(islice(figures, MOST)))


def _holds(figure: Shown, words: list[str]) -> bool:
    place = search_key(f"{figure.label} {figure.block} {figure.definition}")
    return all(word in place for word in words)
