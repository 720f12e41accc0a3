"""Does a result explain itself, and can the standing office score the year?"""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import (
    CANH_NAU,
    CITY,
    COMMUNE_YEAR,
    MONTHLY,
    THO_XUONG,
    form_of,
    small_pack,
    whole_year,
)
from tests.web.conftest import Office

from tongket.cycle import score
from tongket.records.models import ScoreRun


def text_of(office: Office, who: str, **query: str) -> str:
    """Return the list of results as a person sees it."""
    return office.client(who).get(reverse("score"), query).content.decode()


def sheet(office: Office, who: str, unit: str) -> str:
    """Return a unit's sheet as a person sees it."""
    address = reverse("score-unit", args=[2023, unit])
    return office.client(who).get(address).content.decode()


def test_scoring_the_year_makes_a_result_for_each_unit(office: Office) -> None:
    whole_year()
    assert "Chưa chấm điểm" in text_of(office, "office")
    answer = office.client("office").post(reverse("score-run"), follow=True)
    assert "Đã chấm điểm 7 đơn vị" in answer.content.decode()


def test_scoring_the_same_facts_again_keeps_the_run(reviewed: Office) -> None:
    before = ScoreRun.objects.count()
    reviewed.client("office").post(reverse("score-run"))
    assert ScoreRun.objects.count() == before


def test_a_form_that_nobody_collects_refuses_the_scoring(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_year()
    pack = small_pack()
    schemes = {MONTHLY: pack.schemes[MONTHLY]}
    without = replace(pack, schemes=schemes)
    of = score._scheme_of
    monkeypatch.setattr(
        score, "_scheme_of", lambda _pack, edition: of(without, edition)
    )
    answer = office.client("office").post(reverse("score-run"))
    assert answer.status_code == 422
    assert "không có chế độ báo cáo nào thu biểu" in answer.content.decode()


def test_the_list_is_filtered_by_band_and_district(reviewed: Office) -> None:
    weak = text_of(reviewed, "office", **{"xep-loai": "YEU"})
    assert "Xã Canh Nậu" in weak
    assert "Phường Thọ Xương" not in weak
    city = text_of(reviewed, "office", huyen=CITY)
    assert "Phường Thọ Xương" in city
    assert "Xã Canh Nậu" not in city


def test_a_reporter_sees_only_the_own_unit(reviewed: Office) -> None:
    text = text_of(reviewed, "own")
    assert "Phường Thọ Xương" in text
    assert "Phường Ngô Quyền" not in text


def test_the_list_is_taken_away_as_a_file(reviewed: Office) -> None:
    answer = reviewed.client("office").get(reverse("score"), {"csv": "1"})
    assert "Phường Thọ Xương" in answer.content.decode()
    assert answer["Content-Disposition"].endswith('"xep-loai-2023.csv"')


def test_every_page_says_that_the_criteria_are_an_example(reviewed: Office) -> None:
    words = "Bộ tiêu chí ví dụ, cần xác minh"
    assert words in text_of(reviewed, "office")
    assert words in sheet(reviewed, "office", THO_XUONG)


def test_each_row_of_a_sheet_says_why_and_leads_to_its_facts(
    reviewed: Office,
) -> None:
    text = sheet(reviewed, "office", CANH_NAU)
    assert "Đăng ký trong quý I: không." in text
    form = form_of(COMMUNE_YEAR).key
    arguments = [COMMUNE_YEAR, "tt124-2023", CANH_NAU, form]
    assert reverse("return", args=arguments) in text
    assert reverse("why", args=["social_order_cases", CANH_NAU, "nd09-2023"]) in text
    assert "(cùng kỳ)" in text


def test_a_weak_unit_learns_what_would_lift_it(reviewed: Office) -> None:
    text = sheet(reviewed, "office", CANH_NAU)
    assert "Để lên loại Trung bình" in text
    assert "Không đăng ký thì xếp loại yếu" in text
    assert reverse("plan-unit", args=[2023, CANH_NAU]) in text


def test_a_sheet_asks_once_which_returns_can_be_looked_up(reviewed: Office) -> None:
    with CaptureQueriesContext(connection) as asked:
        sheet(reviewed, "office", CANH_NAU)
    about_periods = [q for q in asked if 'FROM "records_openperiod"' in q["sql"]]
    assert 1 <= len(about_periods) <= 3


def test_a_unit_without_a_result_has_no_sheet(reviewed: Office) -> None:
    address = reverse("score-unit", args=[2022, THO_XUONG])
    assert reviewed.client("office").get(address).status_code == 404
