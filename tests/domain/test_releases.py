"""A release is complete in itself and stays as it was handed over."""

import datetime as dt
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from tongket.domain.releases import Article, PublishedFigure, Release

AT = dt.datetime(2024, 1, 12, 9, 0, tzinfo=dt.UTC)
RELEASE = Release(
    key="nd09-2023",
    province="Bắc Giang",
    period_label="năm 2023",
    window="15/12/2022–14/12/2023",
    published_at=AT,
    article=Article("Tiêu đề", "Sapo", (), ("Tác giả",)),
    figures=(),
    tables=(),
    charts=(),
    files=(),
    warning="Số liệu minh họa",
    content_hash="0" * 64,
)


def test_a_release_cannot_be_altered_after_it_was_made():
    with pytest.raises(FrozenInstanceError):
        RELEASE.warning = ""  # type: ignore[misc]


def test_two_releases_of_the_same_content_are_equal_and_one_changed_is_not():
    assert replace(RELEASE) == RELEASE
    assert replace(RELEASE, warning="") != RELEASE


def test_a_published_figure_carries_its_answer_to_why():
    carried = {field.name for field in fields(PublishedFigure)}
    assert {"definition", "window", "parts", "base", "base_window", "source"} <= carried
    assert {"is_illustrative", "needs_verification", "returned", "owed"} <= carried
