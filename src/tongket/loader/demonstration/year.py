"""What must the demonstration year come out with, and which of it is real?

The folder `demo/` of a pack names every total of the province with its origin:
published, derived from what was published, or invented ("illustrative"). What is below
the province is always invented.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.sources import Mark, Source
from tongket.loader import yamltext


class DemoRefused(Refusal, ValueError):
    """The folder of the demonstration year cannot be used."""

    words = "{file}, khóa {key}: {trouble}; sửa tệp của năm minh họa."


@dataclass(frozen=True, slots=True)
class Total:
    """One figure of the province for one year, and where it comes from."""

    value: Decimal
    source: Source

    @property
    def is_illustrative(self) -> bool:
        """Whether the figure was invented for the demonstration."""
        return self.source.mark is Mark.RECALLED


@dataclass(frozen=True, slots=True)
class Filing:
    """When the units that owe a plan file it: first day, due day, last late day."""

    first: dt.date
    due: dt.date
    late_last: dt.date
    in_time: int
    late: int


@dataclass(frozen=True, slots=True)
class Demo:
    """The seed, the totals, and the texts of the demonstration year.

    `totals` maps (table, measure, year or column) to the figure; `texts` holds the
    files beside it as they were read: sendings, plans, accounts, commendations.
    """

    seed: int
    years: tuple[int, ...]
    totals: Mapping[tuple[str, str, str], Total]
    filing: Filing
    texts: Mapping[str, Any]

    def total(self, table: str, measure: str, column: int | str) -> Decimal:
        """Return one figure; a missing one is named with its table."""
        found = self.totals.get((table, measure, str(column)))
        if found is None:
            raise DemoRefused(
                file="demo/year.yaml",
                key=f"{table}.{measure}.{column}",
                trouble="chưa có giá trị",
            )
        return found.value

    def count(self, table: str, measure: str, column: int | str) -> int:
        """Return one figure that is a whole number."""
        return int(self.total(table, measure, column))

    def columns(self, table: str, row: str) -> tuple[str, ...]:
        """Return the columns that one row of a table states, in the order written."""
        return tuple(c for t, r, c in self.totals if (t, r) == (table, row))


_TABLES = ("flows", "stocks", "answers", "sending", "bands")
_TEXTS = ("sendings", "plans", "accounts", "commendations")


def load_demo(folder: Path) -> Demo:
    """Read the demonstration year from its folder, or say what is wrong with it."""
    shown = f"{folder.name}/year.yaml"
    text = yamltext.read(folder / "year.yaml")
    origins = {
        key: Source(row["instrument"], row["at"], Mark(row["mark"]))
        for key, row in text["origins"].items()
    }
    refusals: list[Refusal] = []
    totals: dict[tuple[str, str, str], Total] = {}
    for table in _TABLES:
        for found in _rows(table, text[table], origins, shown):
            if isinstance(found, Refusal):
                refusals.append(found)
            else:
                totals[found[0]] = found[1]
    if refusals:
        raise Refusals(refusals)
    filing = text["filing"]
    return Demo(
        seed=int(text["seed"]),
        years=tuple(int(year) for year in text["years"]),
        totals=totals,
        filing=Filing(
            first=dt.date.fromisoformat(filing["first"]),
            due=dt.date.fromisoformat(filing["due"]),
            late_last=dt.date.fromisoformat(filing["late_last"]),
            in_time=int(filing["in_time"]),
            late=int(filing["late"]),
        ),
        texts={name: yamltext.read(folder / f"{name}.yaml") for name in _TEXTS},
    )


def _rows(
    table: str,
    rows: Mapping[str, Mapping[str, str]],
    origins: Mapping[str, Source],
    file: str,
) -> Iterator[tuple[tuple[str, str, str], Total] | Refusal]:
    for measure, row in rows.items():
        source = origins.get(row.get("origin", ""))
        key = f"{table}.{measure}"
        if source is None:
            yield DemoRefused(
                file=file, key=key, trouble="thiếu nguồn (khóa origin) của số liệu"
            )
            continue
        for column, value in row.items():
            if column == "origin":
                continue
            if not value.replace(".", "", 1).isdigit():
                yield DemoRefused(
                    file=file, key=f"{key}.{column}", trouble=f"“{value}” không là số"
                )
                continue
            yield (table, measure, column), Total(Decimal(value), source)
