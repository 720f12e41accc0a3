"""The figures of a period as they stood, kept once and read back the same."""

from collections.abc import Callable

import pytest
from tests.factories import (
    AT,
    BY,
    CITY,
    PROVINCE,
    THO_XUONG,
    YEAR,
    YEN_THE,
    accepted,
    crimes,
    month,
    small_pack,
    year,
)

from tongket.analytics.store import Store
from tongket.cycle import freeze
from tongket.domain.commendations import AwardeeKind, AwardState
from tongket.domain.periods import Frequency, Period
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import AuditEntry, Award, FrozenPeriod

Counting = Callable[[], Store]
ON = AT.date()


def frozen_now(counted: Store, period: Period | None = None) -> FrozenPeriod:
    return freeze.freeze(
        counted, pack=small_pack(), period=period or year(), by=BY, at=AT
    )


def test_figures_are_kept_once_while_nothing_changes(
    frozen: FrozenPeriod, whole_year: Store
) -> None:
    assert frozen_now(whole_year) == frozen
    assert FrozenPeriod.objects.count() == 1
    assert AuditEntry.objects.filter(act="freeze").count() == 1
    assert (frozen.period, frozen.by) == (f"nd09-{YEAR}", BY)
    assert len(frozen.content_hash) == 64
    assert str(frozen) == f"nd09-{YEAR} {frozen.content_hash[:8]}"


def test_what_the_stages_count_is_compared_with_the_year_before(
    frozen: FrozenPeriod, whole_year: Store
) -> None:
    for year_of, awardees in ((YEAR - 1, ("A", "B", "C")), (YEAR, ("A",))):
        Award.objects.bulk_create(
            Award(
                year=year_of,
                form="chair",
                awardee=awardee,
                kind=AwardeeKind.COLLECTIVE,
                state=AwardState.DECIDED,
            )
            for awardee in awardees
        )
    pack, kind = small_pack(), AwardeeKind.COLLECTIVE
    known = Award.objects.filter(year=YEAR, form="chair", kind=kind).count()
    live = freeze.live(whole_year, pack=pack, unit=PROVINCE, period=year(), on=ON)
    compared = live["chair_collectives"]
    assert (compared.current.value, compared.base.value) == (known, 3)
    again = freeze.comparisons(pack, frozen_now(whole_year))["chair_collectives"]
    assert again == compared


def test_changed_figures_are_kept_beside_the_old(
    frozen: FrozenPeriod, counted: Counting
) -> None:
    accepted(month(1), {THO_XUONG: crimes(2)})
    changed = frozen_now(counted())
    assert changed != frozen
    assert freeze.newest(year()) == changed
    frozen.refresh_from_db()
    told = [
        freeze.comparisons(small_pack(), each)["social_order_cases"].current.value
        for each in (frozen, changed)
    ]
    assert told == [100, 91]


def test_frozen_figures_come_back_as_they_were_counted(
    frozen: FrozenPeriod, whole_year: Store
) -> None:
    pack = small_pack()
    live = freeze.live(whole_year, pack=pack, unit=PROVINCE, period=year(), on=ON)
    assert freeze.comparisons(pack, frozen) == live
    assert set(live) == set(pack.indicators)


def test_each_figure_lies_in_the_window_of_its_own_rule(
    frozen: FrozenPeriod,
) -> None:
    compared = freeze.comparisons(small_pack(), frozen)
    assert compared["social_order_cases"].current.key.endswith("@nd09-2023")
    assert compared["hotspot_selected"].current.key.endswith("@tt124-2023")
    assert compared["hotspot_selected"].base.key.endswith("@tt124-2022")
    assert compared["hotspot_selected"].current.value == 3
    assert compared["weak_units"].current.key.endswith("@nd09-2023")


def test_what_the_stages_count_stands_beside_what_was_reported(
    frozen: FrozenPeriod,
) -> None:
    compared = freeze.comparisons(small_pack(), frozen)
    told = {
        key: compared[key].current.value
        for key in ("weak_units", "minister_awards", "objectives", "plans_filed")
    }
    assert told == {
        "weak_units": 2,
        "minister_awards": 1,
        "objectives": 5,
        "plans_filed": 0,
    }
    assert compared["weak_units"].base.value is None  # nobody scored the year before


def test_a_figure_dropped_from_the_pack_is_passed_over(frozen: FrozenPeriod) -> None:
    frozen.figures["province"]["gone"] = frozen.figures["province"]["theft_cases"]
    assert "gone" not in freeze.comparisons(small_pack(), frozen)


def test_a_district_has_figures_without_the_provinces_awards(
    frozen: FrozenPeriod, whole_year: Store
) -> None:
    live = freeze.live(whole_year, pack=small_pack(), unit=CITY, period=year(), on=ON)
    assert live["social_order_cases"].current.value == 50
    assert live["minister_awards"].current.value is None


def test_a_shorter_period_holds_only_figures_of_its_own_rule(
    whole_year: Store,
) -> None:
    pack = small_pack()
    quarter = pack.regimes["nd09"].period(Frequency.QUARTER, YEAR, 1)
    live = freeze.live(whole_year, pack=pack, unit=PROVINCE, period=quarter, on=ON)
    assert "hotspot_selected" not in live
    assert live["social_order_cases"].current.value == 44
    kept = frozen_now(whole_year, quarter)
    assert set(freeze.comparisons(pack, kept)) == set(live)
    assert [label for label, *_ in freeze.months(kept, "traffic_cases")] == [
        "T1",
        "T2",
        "T3",
    ]


def test_no_other_rules_window_is_compared_with_a_rule_nobody_collects_in(
    whole_year: Store,
) -> None:
    window = year(regime="duong-lich")
    quarter = small_pack().regimes["duong-lich"].period(Frequency.QUARTER, YEAR, 1)
    assert window.regime == quarter.regime
    live = freeze.live(
        whole_year, pack=small_pack(), unit=PROVINCE, period=quarter, on=ON
    )
    assert live == {}


def test_months_stand_beside_the_months_of_the_year_before(
    frozen: FrozenPeriod,
) -> None:
    months = freeze.months(frozen, "social_order_cases")
    assert months[0] == ("T1", 44, 52)
    assert months[1] == ("T2", None, None)  # missing is not nought
    assert months[11] == ("T12", 56, 68)
    assert freeze.months(frozen, "models") == []


def test_districts_add_up_to_the_province(frozen: FrozenPeriod) -> None:
    held = freeze.districts(frozen, "social_order_cases")
    assert held == {CITY: 50, YEN_THE: 50}
    assert freeze.districts(frozen, "models") == {}


def test_an_incomplete_count_is_frozen_with_its_note(counted: Counting) -> None:
    accepted(month(2), {THO_XUONG: crimes(2)})
    kept = frozen_now(counted(), month(2))
    compared = freeze.comparisons(small_pack(), kept)["theft_cases"]
    assert (compared.current.returned, compared.current.owed) == (1, 4)
    assert "1/4 báo cáo" in str(compared.notes[0])


def test_a_period_that_was_not_frozen_says_so(pack: Pack) -> None:
    before = year(YEAR - 1)
    assert freeze.newest(before) is None
    with pytest.raises(
        freeze.NotFrozen, match="Số liệu năm 2022 chưa được chốt; chốt số liệu trước"
    ):
        freeze.newest_or_refuse(before)


def test_nothing_is_frozen_when_its_audit_failed(
    whole_year: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        frozen_now(whole_year, month(1))
    assert freeze.newest(month(1)) is None
