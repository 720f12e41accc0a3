"""The packs in this repository load and say what the reviewed year needs."""

import csv
import datetime as dt
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tongket.domain.commendations import AwardeeKind
from tongket.domain.criteria import Fact, score
from tongket.domain.dated import CheckedOnlyUntil, NothingBefore
from tongket.domain.figures import State
from tongket.domain.indicators import Sum, compare, read
from tongket.domain.periods import Frequency
from tongket.domain.programme import WorkKind
from tongket.domain.sources import Mark
from tongket.domain.wording import fill
from tongket.loader.committee import GIVEN
from tongket.loader.packs import Pack, load
from tongket.loader.refusals import NoEdition, TwoEditions

ROOT = Path(__file__).parents[2]
OFFICIAL = ROOT.parent / "shared/data/bacgiang_2023_209.csv"
LAST_DAY = dt.date(2023, 12, 14)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(ROOT / "packs/vietnam", ROOT / "packs/bac-giang")


def test_the_pack_is_that_of_the_province(pack: Pack) -> None:
    assert (pack.key, pack.label, pack.province) == ("bac-giang", "Bắc Giang", "bg")
    assert pack.letterhead.issuing_body == "Ban Chỉ đạo PCTP, TNXH và XDPTBVANTQ"
    assert len(pack.fingerprint) == 64


def test_the_fingerprint_follows_the_facts(pack: Pack, tmp_path: Path) -> None:
    again = load(ROOT / "packs/vietnam", ROOT / "packs/bac-giang")
    assert again.fingerprint == pack.fingerprint
    more = tmp_path / "more"
    more.mkdir()
    (more / "pack.yaml").write_text("key: more\nlabel: Thêm\nenglish: More\n")
    other = load(ROOT / "packs/vietnam", ROOT / "packs/bac-giang", more)
    assert other.fingerprint != pack.fingerprint


@pytest.mark.skipif(
    not OFFICIAL.exists(), reason="the official list is not beside this repository"
)
def test_the_communes_are_those_of_the_official_list(pack: Pack) -> None:
    tree = pack.register.on(LAST_DAY)
    ours = {
        (tree[unit.parent].code, tree[unit.parent].name, unit.code, unit.name)
        for unit in tree.of_kind("commune")
        if unit.parent
    }
    with OFFICIAL.open(encoding="utf-8") as file:
        assert ours == {tuple(row) for row in csv.reader(file)}


def test_the_tree_has_every_kind_of_unit_of_2023(pack: Pack) -> None:
    tree = pack.register.on(LAST_DAY)
    kinds = Counter(unit.kind for unit in tree)
    assert kinds["district"] == 10
    assert kinds["commune"] == 209
    assert (kinds["agency"], kinds["enterprise"], kinds["school"]) == (40, 180, 60)
    named = Counter(unit.designation for unit in tree.of_kind("commune"))
    assert named == {"Xã": 182, "Phường": 10, "Thị trấn": 17}


def test_what_an_english_page_shows_of_the_packs_has_english(pack: Pack) -> None:
    shown = {
        *(indicator.block for indicator in pack.indicators.values()),
        *(rule.remedy for rule in pack.rules),
        *(scheme.name for scheme in pack.schemes.values()),
        *(scheme.recipient for scheme in pack.schemes.values()),
        *(regime.label for regime in pack.regimes.values()),
        *(form.decided_by for form in pack.award_forms.values()),
        *(measure.note for measure in pack.measures.values() if measure.note),
        *(edition.note for edition in pack.editions.values() if edition.note),
    }
    assert shown - pack.in_english.keys() == set()
    assert pack.in_english["vụ"] == "cases"
    assert pack.measure_units["vụ"].of(Decimal(1)) == "case"


def test_a_code_with_a_leading_nought_stays_text(pack: Pack) -> None:
    assert pack.register.on(LAST_DAY)["bg-c07201"].code == "07201"


def test_populations_add_up_through_the_tree(pack: Pack) -> None:
    tree = pack.register.on(LAST_DAY)
    communes = sum(unit.population or 0 for unit in tree.of_kind("commune"))
    districts = sum(unit.population or 0 for unit in tree.of_kind("district"))
    assert communes == districts == tree["bg"].population
    assert 1_850_000 < communes < 1_950_000


def test_synthetic_units_say_that_they_are(pack: Pack) -> None:
    tree = pack.register.on(LAST_DAY)
    units = tree.of_kind("agency", "enterprise", "school")
    assert all("minh họa" in unit.name for unit in units)


@pytest.mark.parametrize(
    ("regime", "window"),
    [
        ("nd09", "15/12/2022–14/12/2023"),
        ("quoc-hoi", "01/10/2022–30/09/2023"),
        ("khu-dan-cu", "01/11/2022–31/10/2023"),
        ("tt124", "16/11/2022–15/11/2023"),
        ("to-bao-ve", "15/11/2022–14/11/2023"),
        ("ttlt05", "01/12/2022–30/11/2023"),
        ("duong-lich", "01/01/2023–31/12/2023"),
    ],
)
def test_each_year_in_use_has_its_window(pack: Pack, regime: str, window: str) -> None:
    assert pack.regimes[regime].year(2023).window == window


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2022-01-03", False),  # in lieu of Saturday 01/01
        ("2022-02-04", False),
        ("2022-02-07", True),
        ("2023-05-03", False),
        ("2023-05-04", True),
        ("2024-02-14", False),
        ("2024-02-15", True),
        ("2024-04-29", False),
        ("2024-05-04", True),  # a Saturday worked for 29/04
    ],
)
def test_holidays_are_days_of_rest(pack: Pack, day: str, works: bool) -> None:
    assert pack.calendar.is_working(dt.date.fromisoformat(day)) is works


def test_nothing_is_guessed_after_the_last_checked_day(pack: Pack) -> None:
    with pytest.raises(CheckedOnlyUntil):
        pack.calendar.is_working(dt.date(2025, 1, 1))
    with pytest.raises(NothingBefore):
        pack.dates["plan_due_day"].on(dt.date(2023, 1, 31))


def test_plans_are_due_on_the_last_day_of_january(pack: Pack) -> None:
    assert pack.dates["plan_due_day"].on(dt.date(2024, 1, 31)).value == 31


def test_counts_below_five_are_small(pack: Pack) -> None:
    assert pack.disclosure_threshold.on(LAST_DAY).value == 5


def test_every_shipped_scheme_states_its_ten_items(pack: Pack) -> None:
    for scheme in pack.schemes.values():
        assert list(scheme.refusals()) == []


def test_a_monthly_return_is_due_two_working_days_after_the_cut_off(pack: Pack) -> None:
    month = pack.regimes["nd09"].period(Frequency.MONTH, 2023, 12)
    due = pack.schemes["commune-month"].due(month, "commune", pack.calendar)
    assert (month.end, due) == (LAST_DAY, dt.date(2023, 12, 18))


def test_a_yes_or_no_question_takes_no_dash(pack: Pack) -> None:
    assert State.NIL not in pack.measures["recognised"].may_be
    assert State.NIL in pack.measures["theft_cases"].may_be


def test_models_sites_and_groups_are_never_added_together(pack: Pack) -> None:
    apart = {"models", "model_sites", "model_groups"}
    sums = [i.numerator for i in pack.indicators.values()]
    sums += [i.denominator for i in pack.indicators.values()]
    assert all(len(apart & set(measures)) <= 1 for measures in sums)


def test_each_block_of_a_sheet_is_worth_one_hundred_points(pack: Pack) -> None:
    for kind in ("commune", "enterprise"):
        edition = pack.edition(kind, 2023)
        assert sum(item.max_points for item in edition.items) == 100
        assert edition.is_example
        assert "cần xác minh" in edition.note
        owing = [band.key for band in edition.bands if band.owes_plan]
        assert owing == ["TRUNG_BINH", "YEU"]


def test_the_known_rows_of_the_enterprise_sheet_are_marked_confirmed(
    pack: Pack,
) -> None:
    rows = pack.edition("enterprise", 2023).items[:4]
    assert [row.max_points for row in rows] == [3, 3, 5, 1]
    assert all(row.source.mark is Mark.CONFIRMED for row in rows)


def test_a_unit_that_did_not_register_is_weak_whatever_its_points(pack: Pack) -> None:
    edition = pack.edition("enterprise", 2023)
    best = {
        key: Fact(key, Decimal(0 if item.use.rule == "none" else 1))
        for item in edition.items
        for key in item.use.facts
    }
    best["recognised"] = Fact("công nhận", Decimal(1))
    assert score(edition, best).band.key == "XUAT_SAC"
    assert score(edition, best | {"recognised": Fact("", None)}).band.key == "KHA"
    unregistered = best | {"registered": Fact("đăng ký", Decimal(0))}
    assert score(edition, unregistered).band.key == "YEU"


def test_a_year_without_a_sheet_is_refused(pack: Pack) -> None:
    with pytest.raises(NoEdition, match=r"Doanh nghiệp năm 2031"):
        pack.edition("enterprise", 2031)
    with pytest.raises(NoEdition, match=r"moon năm 2023"):
        pack.edition("moon", 2023)


def test_two_sheets_for_one_kind_and_year_are_refused(
    pack: Pack, tmp_path: Path
) -> None:
    more = tmp_path / "more"
    (more / "criteria").mkdir(parents=True)
    (more / "pack.yaml").write_text("key: more\nlabel: Thêm\nenglish: More\n")
    first = ROOT / "packs/bac-giang/criteria/2023-enterprise.yaml"
    text = first.read_text(encoding="utf-8").replace("key: 2023-ent", "key: other-ent")
    (more / "criteria/other.yaml").write_text(text, encoding="utf-8")
    both = load(ROOT / "packs/vietnam", ROOT / "packs/bac-giang", more)
    with pytest.raises(TwoEditions, match="2023-enterprise, other-enterprise"):
        both.edition("enterprise", 2023)


def test_published_totals_are_known_and_all_others_illustrative(pack: Pack) -> None:
    cases = pack.example("social_order_cases", 2023)
    assert cases
    assert (cases.value, cases.base) == (1008, 1075)
    assert cases.source.mark is Mark.DERIVED
    assert pack.example("traffic_cases", 2023) is None
    assert pack.example("social_order_cases", 2022) is None
    values = {key: example.value for key, example in pack.examples[2023].items()}
    assert values["weak_units"] == 108
    assert values["clearance_rate"] == Decimal("95.83")


def test_next_year_has_five_objectives_and_eight_solutions(pack: Pack) -> None:
    programme = pack.programmes[2024]
    assert len(programme.of_kind(WorkKind.OBJECTIVE)) == 5
    assert len(programme.of_kind(WorkKind.SOLUTION)) == 8
    tasks = programme.of_kind(WorkKind.TASK)
    assert len(tasks) == 9
    assert all(task.owner and task.due_on for task in tasks)
    assert len(programme.of_kind(WorkKind.COORDINATION)) == 1


def test_awards_have_the_quotas_of_the_conference(pack: Pack) -> None:
    assert pack.award_forms["minister"].quota_together == 13
    assert pack.award_forms["chair"].quota == {
        AwardeeKind.COLLECTIVE: 35,
        AwardeeKind.INDIVIDUAL: 45,
    }
    assert pack.worthy_bands == {"XUAT_SAC", "KHA"}


def test_both_committees_have_posts(pack: Pack) -> None:
    assert Counter(post.kind for post in pack.posts) == {"province": 10, "district": 12}


@pytest.mark.parametrize(
    ("unit", "day", "rungs"),
    [
        ("bg-c07201", LAST_DAY, ("bg-d213", "bg")),
        ("bg-e001", LAST_DAY, ("bg-d213", "bg")),
        ("bg-a001", LAST_DAY, ("bg",)),
        ("bg-d213", LAST_DAY, ("bg",)),
        ("bg", LAST_DAY, ("bg",)),
        ("bn25-c07210", dt.date(2025, 7, 1), ("bn25",)),
        ("bg-c07201", dt.date(2025, 7, 1), ("bn25",)),  # ended on the day before
    ],
)
def test_the_ladder_is_commune_district_province_until_districts_ended(
    pack: Pack, unit: str, day: dt.date, rungs: tuple[str, ...]
) -> None:
    assert pack.ladder.rungs_on(unit, pack.register, day) == rungs


def test_each_indicator_knows_in_whose_windows_it_is_counted(pack: Pack) -> None:
    regimes = {key: pack.regime_of(i) for key, i in pack.indicators.items()}
    assert regimes["clearance_rate"] == "nd09"
    assert regimes["hotspot_conversion"] == "tt124"
    assert regimes["weak_units"] == "nd09"


def test_every_published_indicator_can_be_named_in_a_sentence(pack: Pack) -> None:
    published = [i for i in pack.indicators.values() if i.published]
    assert len(published) >= 15
    assert all(pack.vocabulary[indicator.key] for indicator in published)


def test_no_template_holds_a_name_or_an_empty_block(pack: Pack) -> None:
    assert set(pack.templates) >= {"annual", "article"}
    assert pack.templates["article"].byline == "Ban biên tập"
    for template in pack.templates.values():
        assert all(block.text for block in template.blocks)


def test_every_gap_of_every_template_can_be_filled(pack: Pack) -> None:
    year = pack.regimes["nd09"].year(2023)
    before = pack.regimes["nd09"].same_period(year)
    counted = {key for i in pack.indicators.values() for key in i.measures}
    now, then = (dict.fromkeys(counted, Sum(Decimal(n), 1, 1)) for n in (20, 25))
    comparisons = {
        key: compare(read(i, "bg", year, now), read(i, "bg", before, then))
        for key, i in pack.indicators.items()
    }
    words = dict.fromkeys(GIVEN, "…")
    figures = {comparison.current.key for comparison in comparisons.values()}
    for template in pack.templates.values():
        for text in (template.subject, *(block.text for block in template.blocks)):
            for run in fill(text, comparisons, words):
                assert "{" not in run.text
                assert set((run.figure or "").split()) <= figures
