"""Does an English page say figures, changes, labels and sentences in English?"""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override
from tests.factories import THO_XUONG, small_pack
from tests.web.conftest import Office

from tongket.domain import checks
from tongket.domain.figures import Cell, State
from tongket.domain.sentences import Sentence
from tongket.office import facts, speech

CRIMES = "Số vụ phạm tội về trật tự xã hội"
FIRES = "Số vụ cháy, nổ"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "pack", small_pack)


def english(office: Office, who: str, address: str) -> str:
    """Return the text of an English page as a person sees it, without the tags."""
    text = office.client(who).get(f"/en{address}").content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def test_figures_changes_blocks_and_windows_are_said_in_english(
    reviewed: Office,
) -> None:
    text = english(reviewed, "office", reverse("count"))
    assert "down 20 cases (16.67%)" in text
    assert "120 cases" in text
    assert small_pack().in_english["Tội phạm về trật tự xã hội"] in text
    assert "Q1 2023" in text
    assert not re.search(r"\d vụ|giảm \d|quý I/2023", text)


def test_why_names_period_unit_of_measure_and_the_stage_it_belongs_to(
    reviewed: Office,
) -> None:
    address = reverse("why", args=["social_order_cases", THO_XUONG, "nd09-2023"])
    page = reviewed.client("office").get(f"/en{address}").content.decode()
    assert "2023 (15/12/2022–14/12/2023)" in page
    current = re.search(r'<a href="([^"]*)" aria-current="page">', page)
    assert current
    assert current[1] == "/en/van-phong/tong-hop/"


def test_a_score_names_its_measures_in_english(reviewed: Office) -> None:
    address = reverse("score-unit", args=[2023, THO_XUONG])
    text = english(reviewed, "office", address)
    assert "returns sent in time" in text
    assert "Social-order crimes" in text
    assert "báo cáo gửi đúng hạn" not in text


def test_a_finding_is_wholly_english() -> None:
    form = small_pack().forms["commune-month-2022"]
    rule = next(r for r in small_pack().rules if r.key == "structure-adds-up")
    held = {each.key: Cell(State.REPORTED, Decimal(2000)) for each in form.measures}
    (finding,) = checks.contradictions(form, held, [rule])
    with override("en"):
        told = speech.translated(finding.sentence)
    assert told.isascii() or not re.search("[ăâđêôơưạ-ỹ]", told)
    assert "2,000" in told
    assert "Of which thefts + Of which intentional injuries" in told


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (f"{FIRES}, {CRIMES}", "Fires and explosions, Social-order crimes"),
        ("quý I/2023", "Q1 2023"),
        ("1.008", "1,008"),
        ("966/1.008", "966/1,008"),
        ("12/01/2024", "12/01/2024"),
        ("1.1", "1.1"),
        ("Xã Đồng Sơn", "Xã Đồng Sơn"),
        (Sentence("báo cáo phải gửi"), "returns owed"),
    ],
)
def test_a_value_in_a_sentence_is_said_if_it_is_known(value: object, said: str) -> None:
    with override("en"):
        assert speech.translated(Sentence("{value}", {"value": value})) == said
    with override("vi"):
        assert speech.translated(Sentence("{value}", {"value": value})) == str(value)
