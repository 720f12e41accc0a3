"""Can the figures of a unit and window be read, explained to the return, and frozen?"""

from django.urls import reverse
from tests.factories import (
    CITY,
    COMMUNE_YEAR,
    MONTHLY,
    THO_XUONG,
    accepted,
    cells,
    crimes,
    form_of,
    month,
    opened,
    year,
)
from tests.web.conftest import Office

from tongket.records.models import FrozenPeriod


def text_of(office: Office, who: str, address: str, **query: str) -> str:
    """Return a page as a person sees it."""
    return office.client(who).get(address, query).content.decode()


def why(indicator: str, unit: str, period: str = "nd09-2023") -> str:
    """Return the address of a figure's reasons."""
    return reverse("why", args=[indicator, unit, period])


def test_the_table_shows_value_base_and_change(reviewed: Office) -> None:
    text = text_of(reviewed, "office", reverse("count"))
    assert "giảm 20 vụ (16,67%)" in text
    assert "120 vụ" in text


def test_a_window_and_a_unit_can_be_chosen(reviewed: Office) -> None:
    query = {"ky": "nd09-2023-m12", "don-vi": CITY}
    text = text_of(reviewed, "office", reverse("count"), **query)
    assert "28 vụ" in text
    assert "tháng 12/2023" in text


def test_what_the_stages_count_is_not_told_of_a_month(reviewed: Office) -> None:
    query = {"ky": "nd09-2023-m12"}
    text = text_of(reviewed, "office", reverse("count"), **query)
    assert "weak_units" not in text


def test_a_figure_is_found_without_accents(reviewed: Office) -> None:
    text = text_of(reviewed, "office", reverse("count"), q="tai nan giao thong")
    assert "Số vụ tai nạn giao thông" in text
    assert "Số vụ trộm cắp tài sản" not in text


def test_a_search_that_finds_nothing_says_what_to_do(reviewed: Office) -> None:
    text = text_of(reviewed, "office", reverse("count"), q="không có chỉ tiêu này")
    assert "Không có chỉ tiêu nào" in text


def test_an_incomplete_figure_is_marked(office: Office) -> None:
    accepted(month(12), {THO_XUONG: crimes(3)})
    text = text_of(office, "office", reverse("count"), ky="nd09-2023-m12")
    assert "1/4" in text
    assert "chưa đủ" in text


def test_the_table_is_taken_away_as_a_file(reviewed: Office) -> None:
    client = reviewed.client("office")
    answer = client.get(reverse("count"), {"csv": "1", "q": "trật tự xã hội"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith("\ufeff".encode())
    text = answer.content.decode()
    assert "Số vụ phạm tội về trật tự xã hội,vụ,100,120,-20," in text


def test_from_the_province_to_a_return_it_is_three_steps(reviewed: Office) -> None:
    province = text_of(reviewed, "office", why("social_order_cases", "bg"))
    assert why("social_order_cases", CITY) in province
    district = text_of(reviewed, "office", why("social_order_cases", CITY))
    assert why("social_order_cases", THO_XUONG) in district
    commune = text_of(reviewed, "office", why("social_order_cases", THO_XUONG))
    form = form_of(MONTHLY).key
    sent = reverse("return", args=[MONTHLY, "nd09-2023-m12", THO_XUONG, form])
    assert sent in commune


def test_a_rate_shows_its_two_sums(reviewed: Office) -> None:
    text = text_of(reviewed, "office", why("clearance_rate", "bg"))
    assert "Tử số" in text
    assert "100 / 100 × 100" in text


def test_the_change_shows_how_it_is_worked_out(reviewed: Office) -> None:
    text = text_of(reviewed, "office", why("social_order_cases", "bg"))
    assert "(100 − 120) / 120 × 100 = −16,67%" in text
    assert "−8,33 điểm phần trăm" in text  # each district's part of it


def test_a_commune_shows_which_nothing_it_answered(office: Office) -> None:
    accepted(month(12), {THO_XUONG: crimes(3)})
    opened(month(11))
    address = why("social_order_cases", THO_XUONG, "nd09-2023-q4")
    assert "chưa có báo cáo được duyệt" in text_of(office, "office", address)
    nil = why("traffic_deaths", THO_XUONG, "nd09-2023-m12")
    assert "không phát sinh" in text_of(office, "office", nil)


def test_a_rate_with_nothing_to_divide_by_is_not_called_unreported(
    office: Office,
) -> None:
    accepted(month(12), {THO_XUONG: crimes(0)})
    text = text_of(office, "office", why("clearance_rate", THO_XUONG, "nd09-2023-m12"))
    assert "không phát sinh để tính" in text
    missing = why("clearance_rate", "bg-c07207", "nd09-2023-m12")
    assert "chưa báo cáo" in text_of(office, "office", missing)


def test_a_self_assessment_lies_in_the_window_of_its_own_rule(office: Office) -> None:
    answers = cells(COMMUNE_YEAR, project06_assigned=5, project06_met=5)
    accepted(year(regime="tt124"), {THO_XUONG: answers}, COMMUNE_YEAR)
    address = why("project06_rate", THO_XUONG, "tt124-2023")
    text = text_of(office, "office", address)
    assert "5 / 5 × 100" in text
    assert "16/11/2022–15/11/2023" in text


def test_what_a_stage_counted_leads_to_its_list(reviewed: Office) -> None:
    text = text_of(reviewed, "office", why("weak_units", "bg"))
    assert f"{reverse('score')}?nam=2023&amp;xep-loai=YEU" in text
    awards = text_of(reviewed, "office", why("minister_awards", "bg"))
    assert "hinh-thuc=minister" in awards


def test_a_figure_of_nothing_known_is_not_there(reviewed: Office) -> None:
    client = reviewed.client("office")
    unknown = [
        why("no_such_figure", "bg"),
        why("social_order_cases", "bg", "nowhere-2023"),
        why("social_order_cases", "bg-nowhere"),
    ]
    assert [client.get(each).status_code for each in unknown] == [404] * 3


def test_freezing_asks_first_and_is_listed_with_its_hash(reviewed: Office) -> None:
    accepted(month(11), {THO_XUONG: crimes(3)})
    client = reviewed.client("office")
    address = reverse("count-freeze", args=["nd09-2023"])
    asked = client.get(address)
    assert FrozenPeriod.objects.count() == 1
    assert "Số liệu chưa đủ" in asked.content.decode()
    answer = client.post(address, follow=True)
    frozen = FrozenPeriod.objects.last()
    assert FrozenPeriod.objects.count() == 2
    assert frozen.by == "office"
    assert frozen.content_hash[:16] in answer.content.decode()
