"""Every unit gets its sheet; a run is kept, and a later one does not erase it."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.factories import (
    AT,
    BY,
    CANH_NAU,
    COMMUNE_YEAR,
    COMMUNES,
    DONG_TIEN,
    ENTERPRISES,
    GOOD_COMMUNE,
    NGO_QUYEN,
    THO_XUONG,
    YEAR,
    accepted,
    cells,
    crimes,
    instant,
    month,
    opened,
    scored,
    sent,
    whole_year,
    year,
)

from tongket.analytics.store import Store
from tongket.cycle import score
from tongket.domain import criteria
from tongket.domain.criteria import Fact
from tongket.domain.indicators import Sum
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import Result, ScoreRun

Counting = Callable[[], Store]
Acts = Callable[[], list[tuple[str, str]]]


def bands() -> dict[str, str]:
    return dict(score.current(YEAR).values_list("unit__key", "band"))


def facts(pack: Pack, counted: Store, unit: str = THO_XUONG) -> dict[str, Fact]:
    return score.facts_of(
        pack=pack,
        counted=counted,
        edition=pack.editions["2023-commune"],
        year=YEAR,
        period=year(),
    )[unit]


def test_a_year_gives_every_unit_its_band(
    pack: Pack, counted: Counting, acts: Acts
) -> None:
    whole_year()
    scored(counted())
    good = "XUAT_SAC"
    assert bands() == {
        THO_XUONG: good,
        NGO_QUYEN: good,
        DONG_TIEN: good,
        CANH_NAU: "YEU",
        ENTERPRISES[0]: good,
        ENTERPRISES[1]: good,
        ENTERPRISES[2]: "YEU",
    }
    assert Result.objects.get(unit__key=THO_XUONG).total == 96
    assert [act for act in acts() if act[0] == "score"] == [
        ("score", f"score:{YEAR}:2023-commune"),
        ("score", f"score:{YEAR}:2023-enterprise"),
    ]
    run = ScoreRun.objects.get(edition="2023-commune")
    assert (run.pack_fingerprint, run.by, run.is_current) == (
        pack.fingerprint,
        BY,
        True,
    )
    assert str(run) == "2023-commune 12/01/2024"


def test_a_year_without_an_edition_is_not_scored(pack: Pack, counted: Counting) -> None:
    before = year(YEAR - 1)
    assert (
        score.run(
            pack=pack, counted=counted(), year=YEAR - 1, period=before, by=BY, at=AT
        )
        == []
    )
    assert score.sums(pack=pack, year=YEAR - 1) == {}


def test_the_facts_are_self_assessment_counts_and_timeliness(
    pack: Pack, counted: Counting
) -> None:
    late = instant(month(2).end).replace(month=3)
    accepted(month(1, YEAR - 1), {THO_XUONG: crimes(5)})
    accepted(month(1), {THO_XUONG: crimes(4, social_order_cleared=3)})
    accepted(month(2), {THO_XUONG: crimes(2)}, sent_at=late)
    opened(month(3))
    held = cells(COMMUNE_YEAR, registered=1, households=40)
    accepted(year(regime="tt124"), {THO_XUONG: held}, COMMUNE_YEAR)
    known = facts(pack, counted())
    assert known["households"].value == 40
    assert known["households"].figure == f"households@{THO_XUONG}@tt124-{YEAR}"
    assert known["social_order_cases"].value == 6
    assert known["social_order_cases"].figure.endswith(f"@nd09-{YEAR}")
    assert known["social_order_cases@same_period"].value == 5
    assert known["social_order_cases@same_period"].figure.endswith(f"@nd09-{YEAR - 1}")
    assert known["clearance_rate.numerator"].value == 3
    assert known["clearance_rate.denominator"].value == 6
    assert (known["returns.on_time"].value, known["returns.owed"].value) == (1, 3)


def test_what_a_unit_did_not_report_is_no_fact_and_not_nought(
    pack: Pack, counted: Counting
) -> None:
    opened(month(1))
    sent(year(regime="tt124"), {THO_XUONG: cells(COMMUNE_YEAR)}, COMMUNE_YEAR)
    known = facts(pack, counted())
    assert known["registered"].value is None  # nobody accepted it
    assert "social_order_cases" not in known
    assert known["clearance_rate.numerator"].value is None
    scored(counted())
    result = Result.objects.get(unit__key=THO_XUONG)
    assert (result.band, result.total) == ("YEU", 0)
    whys = {str(row.why) for row in score.sheet(pack, result).items}
    assert any("Chưa có số liệu" in why for why in whys)


def test_only_the_units_of_the_edition_are_graded(
    pack: Pack, counted: Counting
) -> None:
    whole_year()
    scored(counted())
    run = ScoreRun.objects.get(edition="2023-commune")
    assert {result.unit.key for result in run.results.all()} == set(COMMUNES)


def test_timeliness_is_missing_where_no_scheme_collects_in_the_window(
    pack: Pack, counted: Counting
) -> None:
    opened(year(regime="tt124"), COMMUNE_YEAR)
    window = year(regime="quoc-hoi")
    known = score.facts_of(
        pack=pack,
        counted=counted(),
        edition=pack.editions["2023-commune"],
        year=YEAR,
        period=window,
    )
    assert "returns.owed" not in known[THO_XUONG]


def test_scoring_again_on_the_same_facts_keeps_the_run(
    counted: Counting, acts: Acts
) -> None:
    whole_year()
    scored(counted())
    before, told = list(ScoreRun.objects.all()), acts()
    scored(counted())
    assert list(ScoreRun.objects.all()) == before
    assert acts() == told


def test_changed_facts_make_a_new_run_and_keep_the_old(
    pack: Pack, counted: Counting
) -> None:
    whole_year()
    scored(counted())
    old = ScoreRun.objects.get(edition="2023-commune")
    mended = cells(COMMUNE_YEAR, **GOOD_COMMUNE)
    accepted(year(regime="tt124"), {CANH_NAU: mended}, COMMUNE_YEAR)
    scored(counted())
    old.refresh_from_db()
    new = ScoreRun.objects.get(edition="2023-commune", is_current=True)
    assert not old.is_current
    assert new != old
    assert new.facts_hash != old.facts_hash
    assert bands()[CANH_NAU] == "XUAT_SAC"
    assert old.results.get(unit__key=CANH_NAU).band == "YEU"
    assert ScoreRun.objects.filter(edition="2023-enterprise").count() == 1


def test_a_kept_sheet_comes_back_as_it_was_graded(
    pack: Pack, counted: Counting
) -> None:
    whole_year()
    store = counted()
    scored(store)
    edition = pack.editions["2023-commune"]
    for unit in (THO_XUONG, CANH_NAU):
        graded = criteria.score(edition, facts(pack, store, unit))
        result = Result.objects.select_related("run").get(unit__key=unit)
        kept = score.sheet(pack, result)
        assert (kept.total, kept.band) == (graded.total, graded.band)
        assert [str(row.why) for row in kept.items] == [
            str(row.why) for row in graded.items
        ]
        assert [row.facts for row in kept.items] == [row.facts for row in graded.items]
        assert [str(each.why) for each in kept.gates] == [
            str(each.why) for each in graded.gates
        ]
        assert result.total == sum((row.points for row in kept.items), Decimal(0))
        assert str(result) == f"{unit} {result.band}"


def test_no_run_remains_when_its_audit_failed(
    counted: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_year()
    store = counted()
    scored(store)
    before = list(ScoreRun.objects.values_list("id", "is_current"))
    mended = cells(COMMUNE_YEAR, **GOOD_COMMUNE)
    accepted(year(regime="tt124"), {CANH_NAU: mended}, COMMUNE_YEAR)
    store = counted()
    monkeypatch.setattr(audit, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        scored(store)
    assert list(ScoreRun.objects.values_list("id", "is_current")) == before


def test_bands_are_summed_over_all_editions_of_the_year(
    pack: Pack, counted: Counting
) -> None:
    whole_year()
    scored(counted())
    sums = score.sums(pack=pack, year=YEAR)
    assert sums["scores.all"] == Sum(Decimal(7), 7, 7)
    assert sums["scores.XUAT_SAC"].total == 5
    assert sums["scores.YEU"].total == 2
    assert sums["scores.KHA"].total == 0  # scored, and none: nought


def test_a_year_that_was_not_scored_has_no_bands_to_sum(pack: Pack) -> None:
    assert score.sums(pack=pack, year=YEAR) == {}


def test_an_edition_whose_form_nobody_collects_is_refused(
    pack: Pack, counted: Counting
) -> None:
    lacking = replace(pack, schemes={"commune-month": pack.schemes["commune-month"]})
    with pytest.raises(
        score.SchemeOfFormMissing, match="không có chế độ báo cáo nào thu biểu"
    ):
        score.run(
            pack=lacking, counted=counted(), year=YEAR, period=year(), by=BY, at=AT
        )
