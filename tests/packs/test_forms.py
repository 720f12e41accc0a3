"""Do the packs' forms cover every subject, and are categories and summaries read?"""

from pathlib import Path

import pytest

from tongket.domain.checks import Operator
from tongket.domain.figures import State
from tongket.domain.periods import Frequency
from tongket.domain.rules import plain
from tongket.domain.sentences import Refusals
from tongket.loader.pack import Pack
from tongket.loader.packs import load

PACKS = Path(__file__).parents[2] / "packs"
SHIPPED = (PACKS / "vietnam", PACKS / "bac-giang")

# Every subject of the report of the year, and a row that asks for it.
SUBJECTS = {
    "social-order crime": "social_order_cases",
    "drugs": "drug_cases_detected",
    "economic offences": "economic_cases_detected",
    "environmental offences": "environment_cases_detected",
    "crime reports received": "reports_received",
    "crime reports resolved": "reports_resolved",
    "traffic": "traffic_cases",
    "fire and explosion": "fire_cases",
    "weapons surrendered": "weapons_surrendered",
    "explosives surrendered": "explosives_surrendered",
    "Scheme 06": "p06_tasks",
    "sessions": "outreach_sessions",
    "people reached": "outreach_people",
    "channels": "broadcasts",
    "legal education": "legal_sessions",
    "models": "models",
    "points": "model_sites",
    "groups": "model_groups",
    "mass organisations": "coordination_programmes",
    "grassroots security teams": "security_members",
    "cameras": "cameras",
    "hotspot areas": "hotspots_listed",
    "campaigns": "campaigns",
}
FORM = """\
key: trial-form
label: Biểu thử
english: Trial form
kinds: [commune]
from: 2023-01-01
to: 2023-12-31
source: {instrument: "09/2019/NĐ-CP", mark: D}
sections:
  - key: one
    label: Mục thử
    english: Trial section
    measures:
      - key: trips
        label: Số lượt thử
        english: Trials
        measure_unit: lượt
        may_be: [reported, missing]
        categories:
          - {key: day, label: ban ngày, english: by day}
          - {key: night, label: ban đêm, english: by night}
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The shipped packs."""
    return load(*SHIPPED)


def with_files(folder: Path, **files: str) -> Pack:
    """Load the shipped packs with a small one that has these files."""
    (folder / "forms").mkdir()
    head = "key: trial\nlabel: Gói thử\nenglish: Trial\n"
    (folder / "pack.yaml").write_text(head, encoding="utf-8")
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.write_text(text, encoding="utf-8")
    return load(*SHIPPED, folder)


@pytest.mark.parametrize(("subject", "measure"), SUBJECTS.items())
def test_each_subject_of_the_year_s_report_has_a_row(
    pack: Pack, subject: str, measure: str
) -> None:
    assert measure in pack.measures, subject


def test_every_kind_of_unit_has_a_form_and_a_scheme_that_can_open(pack: Pack) -> None:
    kinds = {kind for each in pack.schemes.values() for kind in each.unit_kinds}
    assert kinds == pack.kinds.keys()
    schemes = list(pack.schemes.values())
    for scheme in schemes:
        assert [*scheme.refusals(), *scheme.disagreements(schemes)] == []


def test_the_units_that_circular_124_leaves_out_owe_no_self_assessment(
    pack: Pack,
) -> None:
    left_out = {
        each.form: each.excluded
        for scheme in pack.schemes.values()
        for each in scheme.assignments
    }
    assert left_out == {
        "enterprise-year-2022": ("small", "micro"),
        "school-year-2022": ("primary", "kindergarten", "nursery"),
    }


def test_categories_become_rows_that_add_up_to_the_whole(
    tmp_path: Path,
) -> None:
    pack = with_files(tmp_path, forms__trial=FORM)
    form = pack.forms["trial-form"]
    parts = form.categories("trips")
    assert [part.key for part in parts] == ["trips_day", "trips_night"]
    assert parts[0].label == "Số lượt thử: ban ngày"
    (rule,) = [rule for rule in pack.rules if rule.form == "trial-form"]
    assert (rule.left, rule.operator, rule.right) == (
        plain("trips_day", "trips_night"),
        Operator.EQUAL,
        plain("trips"),
    )


def test_what_a_row_may_be_and_how_long_an_edition_holds_are_facts_of_the_pack(
    tmp_path: Path,
) -> None:
    form = with_files(tmp_path, forms__trial=FORM).forms["trial-form"]
    (trips, *_) = form.measures
    assert trips.is_optional
    assert trips.may_be == {State.REPORTED, State.MISSING}
    assert (f"{form.start}", f"{form.end}") == ("2023-01-01", "2023-12-31")


def test_a_summary_has_the_rows_and_the_rules_of_what_it_sums_up(pack: Pack) -> None:
    below, above = pack.forms["commune-month-2022"], pack.forms["province-month-2022"]
    assert above.sections == below.sections
    counts = [
        sum(rule.form == form.key for rule in pack.rules) for form in (below, above)
    ]
    assert counts[0] == counts[1] > 15


def test_summaries_that_sum_one_another_up_are_refused(tmp_path: Path) -> None:
    circle = (
        "key: {key}\nlabel: Biểu {key}\nenglish: Form {key}\nkinds: [district]\n"
        "summarises: {other}\n"
        'source: {{instrument: "09/2019/NĐ-CP", mark: D}}\n'
    )
    with pytest.raises(Refusals) as raised:
        with_files(
            tmp_path,
            forms__one=circle.format(key="one", other="two"),
            forms__two=circle.format(key="two", other="one"),
        )
    assert "các biểu tổng hợp lẫn nhau" in str(raised.value)


def test_a_summary_of_a_form_that_nobody_wrote_is_refused(tmp_path: Path) -> None:
    text = FORM.replace("kinds: [commune]", "kinds: [district]\nsummarises: nowhere")
    with pytest.raises(Refusals) as raised:
        with_files(tmp_path, forms__trial=text)
    assert "“nowhere” chưa có trong gói dữ liệu" in str(raised.value)


def test_a_label_of_a_category_names_no_excluded_topic(tmp_path: Path) -> None:
    text = FORM.replace("ban đêm", "tôn giáo")
    with pytest.raises(Refusals) as raised:
        with_files(tmp_path, forms__trial=text)
    assert "“tôn giáo”" in str(raised.value)


def test_the_months_and_quarters_of_the_new_schemes_have_their_deadlines(
    pack: Pack,
) -> None:
    regime = pack.regimes["nd09"]
    month = regime.period(Frequency.MONTH, 2024, 1)
    quarter = regime.period(Frequency.QUARTER, 2024, 1)
    dues = {
        "district-month": pack.schemes["district-month"].due(
            month, "district", pack.calendar
        ),
        "province-month": pack.schemes["province-month"].due(
            month, "province", pack.calendar
        ),
        "commune-quarter": pack.schemes["commune-quarter"].due(
            quarter, "commune", pack.calendar
        ),
    }
    assert {key: f"{day:%d/%m/%Y}" for key, day in dues.items()} == {
        "district-month": "18/01/2024",
        "province-month": "23/01/2024",
        "commune-quarter": "19/03/2024",
    }
