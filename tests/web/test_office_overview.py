"""Does the chair see the figures that matter, with target, change and reasons?"""

from django.urls import reverse
from django.utils import translation
from tests.factories import CITY
from tests.web.conftest import Office


def page(office: Office, who: str, **query: str) -> str:
    """Return the overview as a person sees it."""
    return office.client(who).get(reverse("overview"), query).content.decode()


def test_the_chair_sees_published_figures_with_their_change(reviewed: Office) -> None:
    text = page(reviewed, "chair")
    # 4 communes, 11 and 14 crimes in two months
    assert '100<span class="unit"> vụ<' in text
    assert "giảm 20 vụ (16,67%)" in text
    assert "Chuyển biến tốt" in text


def test_a_figure_with_a_target_says_whether_it_is_met(reviewed: Office) -> None:
    text = page(reviewed, "chair")
    assert "≥ 75%" in text
    assert "đạt</span>" in text


def test_every_figure_leads_to_its_reasons(reviewed: Office) -> None:
    text = page(reviewed, "chair")
    address = reverse("why", args=["social_order_cases", "bg", "nd09-2023"])
    assert address in text
    assert text.count("Vì sao?") == text.count('class="figure-card"')


def test_charts_stand_beside_the_table_of_their_numbers(reviewed: Office) -> None:
    text = page(reviewed, "chair")
    assert text.count("<svg") >= 4
    assert "5/7 đơn vị xếp loại khá, xuất sắc" in text
    assert text.count("Bảng số liệu") == text.count('<figure class="chart">')


def test_a_member_of_a_district_sees_the_figures_of_the_district(
    reviewed: Office,
) -> None:
    text = page(reviewed, "member")
    assert '50<span class="unit"> vụ<' in text
    assert reverse("why", args=["social_order_cases", CITY, "nd09-2023"]) in text
    assert "minister_awards" not in text


def test_a_unit_outside_the_scope_is_not_there(reviewed: Office) -> None:
    client = reviewed.client("member")
    assert client.get(reverse("overview"), {"don-vi": "bg"}).status_code == 404


def test_before_anything_is_counted_the_page_says_what_will_come(
    office: Office,
) -> None:
    assert "Chưa có số liệu" in page(office, "chair")


def test_english_says_the_same_figures(reviewed: Office) -> None:
    with translation.override("vi"):  # the request leaves its language behind
        answer = reviewed.client("chair").get("/en/van-phong/tong-quan/")
    text = answer.content.decode()
    assert "Social-order crimes" in text
    assert '100<span class="unit"> cases<' in text
    assert "down 20 cases (16.67%)" in text
