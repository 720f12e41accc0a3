"""Where a fact comes from: the instrument ("văn bản"), the place in it, how sure."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How far a fact was checked against its instrument."""

    CONFIRMED = "C"
    PARTLY = "P"
    RECALLED = "R"
    DERIVED = "D"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One legal or administrative text; an empty `in_force_from` is unconfirmed."""

    number: str
    title: str
    issued_on: dt.date | None = None
    in_force_from: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The place a fact was read: instrument, article and clause, and the mark it has.

    >>> Source("09/2019/NĐ-CP", "Điều 12", Mark.CONFIRMED).needs_verification
    False
    >>> str(Source("510/QĐ-BCA-V05", "", Mark.RECALLED))
    '510/QĐ-BCA-V05'
    """

    instrument: str
    at: str = ""
    mark: Mark = Mark.CONFIRMED

    @property
    def needs_verification(self) -> bool:
        """Whether the page must show "cần xác minh" beside the fact."""
        return self.mark in (Mark.PARTLY, Mark.RECALLED)

    def __str__(self) -> str:
        return f"{self.at}, {self.instrument}" if self.at else self.instrument
