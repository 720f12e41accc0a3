"""Are views and ratings counted once, without knowing who read or rated?"""

import datetime as dt

import pytest
from django.core import signing
from django.test import Client
from tests.web.portal_release import PUBLISHED_AT, release

from tongket.portal import nonces
from tongket.portal.models import ArticlePage, RatingCount, UsedNonce, ViewCount
from tongket.portal.receive import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> ArticlePage:
    publish(release=release(), by="office", at=PUBLISHED_AT)
    return ArticlePage.objects.get()


def issued(page: ArticlePage, *, seconds_ago: float) -> str:
    at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds_ago)
    return nonces.issue(page.pk, at=at)


def send(page: ArticlePage, nonce: str, score: str = "4"):
    form = {"nonce": nonce, "score": score}
    return Client(enforce_csrf_checks=True).post(f"/danh-gia/{page.pk}/", form)


def test_a_view_is_counted_once_a_request_and_shown_on_the_page(page):
    assert "<strong data-views>0</strong>" in Client().get(page.url).text
    answer = Client().get(f"/v/{page.pk}.gif")
    assert answer["Content-Type"] == "image/gif"
    assert answer["Cache-Control"] == "private, max-age=86400, immutable"
    assert ViewCount.of(page) == 1
    Client().get(f"/v/{page.pk}.gif")
    assert "<strong data-views>2</strong>" in Client().get(page.url).text


def test_a_page_fetched_ahead_of_the_reader_is_not_counted(page):
    Client().get(f"/v/{page.pk}.gif", headers={"Sec-Purpose": "prefetch;prerender"})
    assert ViewCount.of(page) == 0


def test_views_belong_to_no_reader(page):
    names = {field.name for field in ViewCount._meta.get_fields()}
    assert names == {"article", "views"}
    assert {f.name for f in RatingCount._meta.get_fields()} == {
        "id",
        "article",
        "score",
        "votes",
    }


def test_a_rating_is_counted_without_cookie_or_csrf_token(page):
    answer = send(page, issued(page, seconds_ago=30))
    assert answer.status_code == 303
    assert answer["Location"].endswith("#danh-gia")
    assert RatingCount.of(page) == {4: 1}
    assert "Đã ghi nhận." in Client().get(answer["Location"].split("#")[0]).text


def test_a_form_counts_once(page):
    nonce = issued(page, seconds_ago=30)
    send(page, nonce)
    again = send(page, nonce)
    assert again.status_code == 409
    assert "đã được ghi nhận trước đó" in again.text
    assert RatingCount.of(page) == {4: 1}


@pytest.mark.parametrize(
    ("seconds_ago", "status", "words"),
    [
        (5, 429, "hơi nhanh"),
        (7300, 400, "quá thời hạn"),
    ],
)
def test_a_form_too_new_or_too_old_is_not_counted(page, seconds_ago, status, words):
    answer = send(page, issued(page, seconds_ago=seconds_ago))
    assert answer.status_code == status
    assert words in answer.text
    assert RatingCount.of(page) == {}


def test_both_ends_of_the_time_a_form_is_good_are_included(page):
    start = dt.datetime(2024, 1, 13, tzinfo=dt.UTC)
    for seconds in (20, 7200):
        nonce = nonces.issue(page.pk, at=start)
        nonces.spend(nonce, page.pk, at=start + dt.timedelta(seconds=seconds))
    for seconds, refusal in ((19, nonces.TooEarly), (7201, nonces.Expired)):
        nonce = nonces.issue(page.pk, at=start)
        with pytest.raises(refusal):
            nonces.spend(nonce, page.pk, at=start + dt.timedelta(seconds=seconds))


def test_a_form_sent_too_early_keeps_its_answer_and_may_be_sent_again(page):
    nonce = issued(page, seconds_ago=5)
    answer = send(page, nonce)
    assert f'name="nonce" value="{nonce}"' in answer.text
    assert 'value="4" checked' in answer.text


def test_a_form_of_another_article_or_of_nobody_is_not_counted(page):
    at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=60)
    for nonce in ("", "x", nonces.issue(page.pk + 1, at=at), signing.dumps([1, 2, 3])):
        assert send(page, nonce).status_code == 400
    assert RatingCount.of(page) == {}


def test_a_form_without_an_answer_asks_for_one(page):
    for score in ("", "0", "6", "²"):
        answer = send(page, issued(page, seconds_ago=30), score)
        assert answer.status_code == 400
        assert "Chọn một mức từ 1 đến 5." in answer.text
    assert RatingCount.of(page) == {}


def test_used_forms_are_forgotten_when_they_would_have_expired(page):
    start = dt.datetime(2024, 1, 13, tzinfo=dt.UTC)
    for hours in (0, 5):
        at = start + dt.timedelta(hours=hours)
        nonce = nonces.issue(page.pk, at=at)
        nonces.spend(nonce, page.pk, at=at + dt.timedelta(minutes=1))
    assert UsedNonce.objects.count() == 1


def test_no_average_is_shown_below_ten_votes(page):
    assert "Chưa có đánh giá." in Client().get(page.url).text
    for _ in range(9):
        RatingCount.add(page, 5)
    text = Client().get(page.url).text
    assert "9 lượt đánh giá; chưa đủ 10 lượt" in text
    RatingCount.add(page, 4)
    assert "Trung bình <strong>4,9</strong> trên 5" in Client().get(page.url).text
