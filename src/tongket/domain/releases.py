"""What is handed to the portal: a finished release ("bản công bố"), complete in itself.

Publishing is a push. A release holds text, figures, tables, drawn charts and files with
their hashes, so that the portal never needs a query that reaches a return.
"""

import datetime as dt
from dataclasses import dataclass

from tongket.domain.reports import Paragraph, Table


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One figure as printed, in both languages, with the answer to "why".

    `definition` and `source` are Vietnamese alone, as are the texts they come from.
    `change` and `base` are empty where nothing is compared. `direction` is −1, 0 or 1
    and `is_good` None where the indicator judges neither way. `is_illustrative` marks a
    synthetic figure, `needs_verification` a fact whose instrument nobody checked.
    """

    key: str
    block: str
    block_english: str
    label: str
    english: str
    value: str
    value_english: str
    definition: str
    window: str
    parts: str
    change: str
    change_english: str
    base: str
    base_english: str
    base_window: str
    direction: int
    is_good: bool | None
    target: str
    target_english: str
    returned: int
    owed: int
    source: str
    is_headline: bool
    is_illustrative: bool
    needs_verification: bool


@dataclass(frozen=True, slots=True)
class DrawnChart:
    """A chart drawn as SVG for a page, with the table of the same data."""

    key: str
    title: str
    description: str
    svg: str
    table: Table


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture with its caption and alternative text."""

    name: str
    content: bytes
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class File:
    """A file offered for download; `sha256` in hexadecimal."""

    name: str
    label: str
    content_type: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Article:
    """The news text: title, lead ("sapo"), paragraphs with bound figures, by-line."""

    title: str
    lead: str
    paragraphs: tuple[Paragraph, ...]
    authors: tuple[str, ...]
    photo: Photo | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Everything that one publication puts on the portal, frozen at an instant.

    `key` is the period's key; publishing the same `content_hash` again changes nothing.
    """

    key: str
    province: str
    period_label: str
    window: str
    published_at: dt.datetime
    article: Article
    figures: tuple[PublishedFigure, ...]
    tables: tuple[Table, ...]
    charts: tuple[DrawnChart, ...]
    files: tuple[File, ...]
    warning: str
    content_hash: str
