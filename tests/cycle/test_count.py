"""The store says what accepted returns say: each once, missing apart from nought."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from tests import factories
from tests.factories import (
    AT,
    CANH_NAU,
    CITY,
    COMMUNE_YEAR,
    COMMUNES,
    DONG_TIEN,
    ENTERPRISES,
    NGO_QUYEN,
    PROVINCE,
    THO_XUONG,
    YEAR,
    YEN_THE,
    accepted,
    cells,
    crimes,
    instant,
    month,
    opened,
    pack_without_cameras,
    sent,
    whole_year,
    year,
)

from tongket.analytics.store import Row, Store
from tongket.cycle import check, collect, count
from tongket.domain import indicators
from tongket.domain.figures import (
    MISSING,
    NIL,
    NOT_APPLICABLE,
    Cell,
    Figure,
    reported,
)
from tongket.domain.forms import Adds
from tongket.domain.indicators import Sum
from tongket.domain.periods import Frequency, Period
from tongket.loader.pack import Pack
from tongket.records import cells as stored_cells
from tongket.records.models import OpenPeriod, Review, Unit, UnitVersion
from tongket.records.register import register

Counting = Callable[[], Store]


@pytest.fixture
def lenient(pack: Pack) -> Pack:
    """A pack in which a commune may say that cameras do not concern it."""
    return pack_without_cameras()


def cases(counted: Store, unit: str = PROVINCE, period: Period | None = None) -> Sum:
    return counted.sums(period or year())[unit, "social_order_cases"]


def twin(pack: Pack, period: Period) -> dict[tuple[str, str], Sum]:
    """Add up every record by the domain's own totals, one cell after the other."""
    figures: list[Figure] = []
    stocks: dict[tuple[str, str], Figure] = {}
    ancestors: dict[str, tuple[str, ...]] = {}
    inside = OpenPeriod.objects.filter(
        start_on__gte=period.start, end_on__lte=period.end
    )
    for row in inside.order_by("start_on"):
        tree = register().on(row.end_on)
        for unit in pack.schemes[row.scheme].owing(tree):
            ancestors[unit.unit] = tree.ancestors(unit.unit)
            for form in pack.schemes[row.scheme].forms:
                held = _accepted(row, form, unit.unit)
                for measure in pack.forms[form].measures:
                    cell = held.get(measure.key, MISSING)
                    figure = Figure(unit.unit, measure.key, "window", cell)
                    if measure.adds is not Adds.STOCK:
                        figures.append(figure)
                    elif cell != NOT_APPLICABLE:
                        stocks[unit.unit, measure.key] = figure
    added = indicators.totals([*figures, *stocks.values()], ancestors)
    return {(unit, measure): total for (unit, measure, _), total in added.items()}


def _accepted(row: OpenPeriod, form: str, unit: str) -> dict[str, Cell]:
    reviews = Review.objects.filter(verdict="ACCEPTED", version__of__period=row)
    found: dict[str, Cell] = {}
    for review in reviews.order_by("id"):
        kept = review.version.of
        if (kept.form, kept.unit.key) == (form, unit):
            found = stored_cells.from_json(review.version.cells)
    return found


def test_the_store_equals_the_totals_of_the_domain(
    pack: Pack, lenient: Pack, counted: Counting
) -> None:
    accepted(
        month(1),
        {
            THO_XUONG: crimes(3, cameras=7, explosives_surrendered="1.5"),
            NGO_QUYEN: crimes(0),
            DONG_TIEN: crimes(5, cameras=2),
        },
    )
    accepted(month(2), {THO_XUONG: crimes(4, cameras=9), DONG_TIEN: crimes(1)})
    accepted(month(3), {DONG_TIEN: crimes(2, cameras=NOT_APPLICABLE)}, pack=lenient)
    accepted(month(3), {DONG_TIEN: crimes(3, cameras=NOT_APPLICABLE)}, pack=lenient)
    for unit in COMMUNES[:3]:
        held = cells(COMMUNE_YEAR, registered=1, households=40)
        accepted(year(regime="tt124"), {unit: held}, COMMUNE_YEAR)
    store = counted()
    windows = [year(), year(regime="tt124"), month(1), month(2), month(3), month(4)]
    for window in windows:
        assert dict(store.sums(window)) == twin(pack, window)
    assert cases(store).total == 3 + 5 + 4 + 1 + 3
    assert store.sums(year())[PROVINCE, "explosives_surrendered"].total == Decimal(
        "1.5"
    )


def test_the_amended_store_equals_one_that_is_counted_anew(
    pack: Pack, lenient: Pack, counted: Counting, tmp_path: Path
) -> None:
    accepted(month(1), {THO_XUONG: crimes(3), DONG_TIEN: crimes(4, cameras=3)})
    sent(month(2), {THO_XUONG: crimes(1)})
    counted()
    accepted(month(1), {THO_XUONG: crimes(7, cameras=NOT_APPLICABLE)}, pack=lenient)
    check.climb_sound(pack=pack, opened=opened(month(2)), by="approver", at=AT)
    amended = counted()
    anew = count.refresh(pack=pack, folder=tmp_path / "other")
    assert amended.version == anew.version
    for window in (year(), month(1), month(2)):
        assert dict(amended.sums(window)) == dict(anew.sums(window))
        assert dict(amended.sums(window)) == twin(pack, window)


def test_the_store_is_fresh_after_every_acceptance(counted: Counting) -> None:
    accepted(month(1), {THO_XUONG: crimes(3)})
    first = counted()
    assert cases(first) == Sum(Decimal(3), 1, 4)
    assert counted() is first
    accepted(month(1), {NGO_QUYEN: crimes(2)})
    second = counted()
    assert second is not first
    assert cases(second) == Sum(Decimal(5), 2, 4)
    assert cases(first) == Sum(Decimal(3), 1, 4)  # its readers keep what they opened


def test_only_what_was_accepted_since_is_written_again(
    counted: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(month(1), {THO_XUONG: crimes(3), DONG_TIEN: crimes(1)})
    counted()
    accepted(month(1), {NGO_QUYEN: crimes(2)})
    written: set[str] = set()
    amend = count.store.amend

    def watched(folder: Path, *, rows: Iterable[Row], version: str) -> None:
        kept = list(rows)
        written.update(row.unit for row in kept)
        amend(folder, rows=kept, version=version)

    monkeypatch.setattr(count.store, "amend", watched)
    assert cases(counted()).total == 6
    assert written == {NGO_QUYEN}


def test_a_store_that_another_process_wrote_is_opened(
    pack: Pack, counted: Counting, tmp_path: Path
) -> None:
    accepted(month(1), {THO_XUONG: crimes(3)})
    ours = counted()
    accepted(month(1), {NGO_QUYEN: crimes(2)})
    kept = dict(count._open)
    count._open.clear()
    theirs = counted()
    count._open.clear()
    count._open.update(kept)
    again = counted()
    assert again.path == theirs.path != ours.path
    assert cases(again).total == 5


def test_an_acceptance_committed_late_under_an_earlier_number_is_counted(
    pack: Pack, counted: Counting
) -> None:
    """On PostgreSQL a review may take its number first and be committed last."""
    versions = sent(month(1), {THO_XUONG: crimes(2), NGO_QUYEN: crimes(3)})
    totals = []
    for number, version in zip((1000, 999), versions, strict=True):
        Review.objects.create(
            id=number,
            version=version,
            verdict=Review.Verdict.ACCEPTED,
            at=AT,
            by="tester",
        )
        totals.append(counted().sums(month(1))["bg", "social_order_cases"].total)
    assert totals == [2, 5]


def test_an_amended_return_replaces_the_one_before(counted: Counting) -> None:
    accepted(month(1), {THO_XUONG: crimes(30)})
    counted()
    accepted(month(1), {THO_XUONG: crimes(3)})
    assert cases(counted()) == Sum(Decimal(3), 1, 4)


def test_what_was_accepted_counts_until_a_correction_is_accepted(
    pack: Pack, counted: Counting
) -> None:
    accepted(month(1), {THO_XUONG: crimes(30)})
    (version,) = sent(month(1), {THO_XUONG: crimes(3)})
    assert cases(counted()).total == 30
    factories.decided([version], "Vì sao giảm?")
    assert cases(counted()).total == 30


def test_what_nobody_accepted_is_owed_and_not_returned(counted: Counting) -> None:
    sent(month(1), {THO_XUONG: crimes(3)})
    assert cases(counted()) == Sum(Decimal(0), 0, 4)


def test_nought_and_nothing_arose_are_answers_and_missing_is_none(
    pack: Pack, lenient: Pack, counted: Counting
) -> None:
    sent(month(1), {DONG_TIEN: crimes(1, cameras=MISSING)})
    accepted(
        month(1),
        {
            THO_XUONG: crimes(0, cameras=0),
            NGO_QUYEN: cells(cameras=NIL),
            CANH_NAU: crimes(2, cameras=NOT_APPLICABLE),
        },
        pack=lenient,
    )
    sums = counted().sums(month(1))
    assert sums[PROVINCE, "social_order_cases"] == Sum(Decimal(2), 3, 4)
    assert sums[PROVINCE, "cameras"] == Sum(Decimal(0), 2, 3)
    read = count.readings(counted(), pack=pack, unit=PROVINCE, period=month(1))
    assert not read["cameras"].is_complete
    assert (read["cameras"].returned, read["cameras"].owed) == (2, 3)
    city = count.readings(counted(), pack=pack, unit=CITY, period=month(1))
    assert city["social_order_cases"].is_complete
    assert city["social_order_cases"].value == 0
    later = count.readings(counted(), pack=pack, unit=PROVINCE, period=month(2))
    assert later["social_order_cases"].value is None


def test_opening_another_period_counts_what_is_owed_for_it(
    pack: Pack, counted: Counting
) -> None:
    accepted(month(1), {unit: crimes(1) for unit in COMMUNES})
    assert cases(counted()) == Sum(Decimal(4), 4, 4)
    opened(month(2))
    assert cases(counted()) == Sum(Decimal(4), 4, 8)


def test_nothing_was_counted_before_the_first_period(counted: Counting) -> None:
    store = counted()
    assert store.sums(year()) == {}
    assert counted() is store


def test_a_comparison_stands_beside_the_same_month_a_year_before(
    pack: Pack, counted: Counting
) -> None:
    accepted(month(1, YEAR - 1), {THO_XUONG: crimes(10)})
    accepted(month(1), {THO_XUONG: crimes(8)})
    compared = count.comparisons(
        counted(),
        pack=pack,
        unit=PROVINCE,
        period=month(1),
        beside={"scores.YEU": Sum(Decimal(2), 7, 7)},
        beside_before={"scores.YEU": Sum(Decimal(3), 7, 7)},
    )
    assert compared["social_order_cases"].difference == -2
    assert compared["social_order_cases"].percent == -20
    assert compared["units_weak"].difference == -1
    assert len(compared["social_order_cases"].notes) == 2  # 1/4 returns, both years


def test_the_months_of_a_year_are_read_in_their_order(
    pack: Pack, counted: Counting
) -> None:
    accepted(month(1), {THO_XUONG: crimes(8)})
    accepted(month(3), {THO_XUONG: crimes(0)})
    read = count.by_month(
        counted(),
        pack=pack,
        unit=PROVINCE,
        period=year(),
        indicator=pack.indicators["social_order_cases"],
    )
    assert [each.period.number for each in read] == list(range(1, 13))
    assert [each.value for each in read] == [8, None, 0, *[None] * 9]


def test_why_goes_down_the_tree_to_the_answer_of_one_return(
    pack: Pack, counted: Counting
) -> None:
    accepted(month(1), {THO_XUONG: crimes(8), DONG_TIEN: crimes(2)})
    accepted(month(2), {THO_XUONG: crimes(1)})
    store, tree = counted(), register().on(year().end)
    whole = count.readings(store, pack=pack, unit=PROVINCE, period=year())
    figure = whole["clearance_rate"]
    districts = dict(count.below(store, tree=tree, reading=figure))
    assert list(districts) == [CITY, YEN_THE]
    assert [each.denominator for each in districts.values()] == [9, 2]
    communes = dict(count.below(store, tree=tree, reading=districts[CITY]))
    assert list(communes) == [THO_XUONG, NGO_QUYEN]  # no enterprise owes the month
    assert communes[THO_XUONG].denominator == 9
    assert communes[NGO_QUYEN].numerator is None
    found = count.answers(pack=pack, reading=communes[THO_XUONG])
    assert [(each.period, each.measure) for each in found] == [
        (f"nd09-{YEAR}-m{number:02}", measure)
        for number in (1, 2)
        for measure in ("social_order_cleared", "social_order_cases")
    ]
    assert found[1].cell == reported(8)
    assert found[1].version is not None
    assert found[1].version.of.unit.key == THO_XUONG
    assert count.below(store, tree=tree, reading=communes[THO_XUONG]) == []


def test_why_names_the_month_that_nobody_answered(
    pack: Pack, counted: Counting
) -> None:
    accepted(month(1), {THO_XUONG: crimes(8)})
    sent(month(2), {THO_XUONG: crimes(1)})
    read = count.readings(counted(), pack=pack, unit=THO_XUONG, period=year())
    first, second = count.answers(pack=pack, reading=read["theft_cases"])
    assert first.cell == reported(8)
    assert (second.cell, second.version) == (MISSING, None)


def test_why_passes_over_forms_that_do_not_ask_for_the_measure(
    pack: Pack, counted: Counting
) -> None:
    opened(year(regime="tt124"), COMMUNE_YEAR)
    read = count.readings(
        counted(), pack=pack, unit=THO_XUONG, period=year(regime="tt124")
    )
    assert count.answers(pack=pack, reading=read["theft_cases"]) == []
    (answer,) = count.answers(pack=pack, reading=read["hotspot_selected"])
    assert answer.version is None


def test_why_gives_the_amended_answer(pack: Pack, counted: Counting) -> None:
    accepted(month(1), {THO_XUONG: crimes(8)})
    accepted(month(1), {THO_XUONG: crimes(6)})
    read = count.readings(counted(), pack=pack, unit=THO_XUONG, period=month(1))
    (answer,) = count.answers(pack=pack, reading=read["theft_cases"])
    assert answer.cell == reported(6)
    assert answer.version is not None
    assert answer.version.number == 2


def test_timeliness_counts_first_sendings_up_to_the_due_day(pack: Pack) -> None:
    due = collect.owing(pack=pack, opened=opened(month(1)), on=AT.date())[0].due
    sent(month(1), {THO_XUONG: crimes(1)}, sent_at=instant(due, 23))
    late = instant(due).replace(day=due.day + 1)
    sent(month(1), {NGO_QUYEN: crimes(1)}, sent_at=late)
    opened(month(2))
    found = count.timeliness(pack=pack, scheme="commune-month", period=year())
    assert found == {
        THO_XUONG: (1, 2),
        NGO_QUYEN: (0, 2),
        DONG_TIEN: (0, 2),
        CANH_NAU: (0, 2),
    }


def test_timeliness_asks_for_the_returns_of_one_scheme_only(pack: Pack) -> None:
    opened(year(regime="tt124"), COMMUNE_YEAR)
    window = year(regime="tt124")
    found = count.timeliness(pack=pack, scheme="commune-month", period=window)
    assert found == {}


def test_the_whole_year_is_the_sum_of_its_months(counted: Counting) -> None:
    whole_year()
    store = counted()
    months = [cases(store, period=each) for each in (month(1), month(12))]
    assert cases(store).total == sum(each.total for each in months) == 100
    assert cases(store, period=year(YEAR - 1)).total == 120
    assert store.sums(year())[PROVINCE, "cameras"].total == 48  # a stock is not summed
    assert (ENTERPRISES[0], "social_order_cases") not in store.sums(year())
    assert year().frequency is Frequency.YEAR


def test_a_unit_under_another_parent_is_counted_there(counted: Counting) -> None:
    accepted(month(1), {THO_XUONG: crimes(3)})
    before = cases(counted(), YEN_THE).total
    parent = Unit.objects.get(key=YEN_THE)
    UnitVersion.objects.filter(unit__key=THO_XUONG).update(parent=parent)
    assert cases(counted(), YEN_THE).total == (before or 0) + 3


def test_a_call_is_not_added_to_what_the_year_tells(
    pack: Pack, counted: Counting
) -> None:
    scheme = pack.schemes["narcotics-call"]
    (form,) = scheme.forms
    days = (month(1).start, month(1).end)
    call = pack.regimes[scheme.regime].call(*days, month(2).end)
    collect.open_period(
        pack=pack, scheme=scheme.key, period=call, by="o", at=AT, reason="Yêu cầu"
    )
    told = {measure.key for measure in pack.forms[form].measures}
    sums = counted().sums(year())
    assert not told & {measure for _, measure in sums}
