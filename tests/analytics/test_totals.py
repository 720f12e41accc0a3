"""The store gives the domain's totals: the pure function is the meaning."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongket.analytics import store
from tongket.analytics.store import Row, Store
from tongket.domain import indicators
from tongket.domain.figures import MISSING, NIL, Cell, Figure, reported
from tongket.domain.indicators import Sum
from tongket.domain.periods import Frequency, Regime
from tongket.domain.sources import Source

PARENT = {
    "top": ["top"],
    "east": ["east", "top"],
    "west": ["west", "top"],
    "a": ["a", "east", "top"],
    "b": ["b", "east", "top"],
    "c": ["c", "west", "top"],
}
DECIMALS = {"cases": 0, "kilos": 1, "cameras": 0}
DECREE_09 = Regime(
    "nd09", "NĐ 09", 12, 15, -1, frozenset(Frequency), Source("09/2019/NĐ-CP")
)
MONTHS = DECREE_09.windows(Frequency.MONTH, 2023)
YEAR = DECREE_09.year(2023)


def cell_row(unit: str, measure: str, month: int, cell: Cell) -> Row:
    period = MONTHS[month]
    counted = cell.counted
    return Row(
        unit,
        "form",
        measure,
        period.start,
        period.end,
        measure == "cameras",
        counted is not None,
        store.scaled(counted, DECIMALS[measure]),
    )


def counted(rows: list[Row], folder: str) -> Store:
    place = Path(folder)
    store.write(place, rows=rows, ancestors=PARENT, version="1")
    return opened(place)


def opened(folder: Path) -> Store:
    path = store.current(folder)
    assert path is not None
    return Store(path, DECIMALS)


cells = st.one_of(
    st.just(MISSING),
    st.just(NIL),
    st.integers(0, 10**9).map(reported),
)
flows = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.just("cases"), st.integers(0, 11)),
    cells,
    max_size=36,
)


@settings(max_examples=25, deadline=None)
@given(held=flows)
def test_flows_add_up_as_the_domain_says(held: dict[tuple[str, str, int], Cell]):
    rows = [cell_row(*place, cell) for place, cell in held.items()]
    figures = [
        Figure(unit, measure, YEAR.key, cell)
        for (unit, measure, _), cell in held.items()
    ]
    expected = indicators.totals(figures, PARENT)
    with TemporaryDirectory() as folder:
        reader = counted(rows, folder)
        found = reader.sums(YEAR)
        reader.close()
    assert found == {
        (unit, measure): total for (unit, measure, _), total in expected.items()
    }


def test_decimals_come_back_exact(tmp_path: Path):
    rows = [cell_row("a", "kilos", month, reported("0.1")) for month in range(3)]
    found = counted(rows, str(tmp_path)).sums(YEAR)
    assert found["top", "kilos"] == Sum(Decimal("0.3"), 3, 3)


def test_a_stock_counts_with_its_last_month(tmp_path: Path):
    rows = [
        cell_row("a", "cameras", 0, reported(10)),
        cell_row("a", "cameras", 5, reported(14)),
        cell_row("b", "cameras", 5, reported(3)),
        cell_row("b", "cameras", 11, MISSING),
    ]
    found = counted(rows, str(tmp_path)).sums(YEAR)
    # b owed a figure for the last month and gave none: the total is incomplete.
    assert found["east", "cameras"] == Sum(Decimal(14), 1, 2)


@pytest.mark.parametrize(
    ("month", "expected"), [(0, Decimal(1)), (1, Decimal(2)), (11, Decimal(12))]
)
def test_a_month_holds_only_its_own_rows(tmp_path, month, expected):
    rows = [cell_row("a", "cases", each, reported(each + 1)) for each in range(12)]
    found = counted(rows, str(tmp_path)).sums(MONTHS[month])
    assert found["a", "cases"].total == expected


def test_a_window_that_no_row_lies_in_has_no_sums(tmp_path):
    reader = counted([cell_row("a", "cases", 0, reported(1))], str(tmp_path))
    assert reader.sums(DECREE_09.year(2022)) == {}


def test_amending_replaces_one_return_and_keeps_the_rest(tmp_path):
    rows = [cell_row(unit, "cases", 0, reported(5)) for unit in "abc"]
    reader = counted(rows, str(tmp_path))
    amended = [cell_row("a", "cases", 0, reported(7))]
    store.amend(tmp_path, rows=amended, version="2")

    assert reader.sums(YEAR)["top", "cases"].total == 15  # it keeps what it opened
    fresh = opened(tmp_path)
    assert fresh.version == "2"
    assert fresh.sums(YEAR)["top", "cases"] == Sum(Decimal(17), 3, 3)
    assert fresh.sums(YEAR)["west", "cases"].total == 5


def test_a_failed_count_leaves_the_old_store_and_no_half_file(tmp_path):
    rows = [cell_row("a", "cases", 0, reported(5))]
    store.write(tmp_path, rows=rows, ancestors=PARENT, version="1")
    before = sorted(each.name for each in tmp_path.iterdir())

    def breaking():
        yield rows[0]
        raise RuntimeError("the reader of the records broke")

    with pytest.raises(RuntimeError):
        store.write(tmp_path, rows=breaking(), ancestors=PARENT, version="2")

    assert sorted(each.name for each in tmp_path.iterdir()) == before
    assert opened(tmp_path).sums(YEAR)["a", "cases"].total == 5


def test_old_files_are_cleared_away_but_for_the_last_one_read(tmp_path):
    for version in "1234":
        store.write(tmp_path, rows=[], ancestors=PARENT, version=version)
    assert len(list(tmp_path.glob("*.duckdb"))) == 2
    assert opened(tmp_path).version == "4"


def test_two_counts_at_once_leave_a_store_that_can_be_read(tmp_path):
    other_began, other_ended = Event(), Event()

    def slowly():
        other_began.wait(5)
        other_ended.wait(0.5)  # it may not end before this count does
        yield cell_row("a", "cases", 0, reported(5))

    def other():
        other_began.set()
        store.write(tmp_path, rows=[], ancestors=PARENT, version="2")
        other_ended.set()

    threads = [
        Thread(
            target=store.write,
            args=(tmp_path,),
            kwargs={"rows": slowly(), "ancestors": PARENT, "version": "1"},
        ),
        Thread(target=other),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert opened(tmp_path).version in {"1", "2"}


def test_a_pointer_to_a_lost_file_counts_as_nothing_counted(tmp_path):
    store.write(tmp_path, rows=[], ancestors=PARENT, version="1")
    lost = store.current(tmp_path)
    assert lost is not None
    lost.unlink()
    assert store.current(tmp_path) is None


def test_many_threads_may_ask_one_store_at_once(tmp_path):
    rows = [cell_row("a", "cases", month, reported(1)) for month in range(12)]
    asked = counted(rows, str(tmp_path))
    found: list[Decimal] = []

    def ask(month: int) -> None:
        found.append(asked.sums(MONTHS[month])["a", "cases"].total)

    threads = [Thread(target=ask, args=(n % 12,)) for n in range(48)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert found == [Decimal(1)] * 48


def test_an_empty_store_answers_with_nothing(tmp_path):
    assert store.current(tmp_path) is None
    store.write(tmp_path, rows=[], ancestors={}, version="0")
    assert opened(tmp_path).sums(YEAR) == {}


def test_dates_are_days_not_instants():
    assert store.SCHEMA.field("start_on").type == "date32[day]"
    assert isinstance(MONTHS[0].start, dt.date)
