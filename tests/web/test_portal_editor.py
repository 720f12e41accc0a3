"""Can an editor look after the portal without changing a published figure?"""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests.web.portal_release import PUBLISHED_AT, release

from tongket.portal.models import ArticlePage, FiguresPage
from tongket.portal.receive import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    publish(release=release(), by="office", at=PUBLISHED_AT)
    user = get_user_model().objects.create_superuser("editor", password="x")
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("kind", [ArticlePage, FiguresPage])
def test_the_editor_opens_pages_and_cannot_change_their_words(editor, kind):
    page = kind.objects.get()
    answer = editor.get(f"/cms/pages/{page.pk}/edit/")
    assert answer.status_code == 200
    assert "công bố lại từ văn phòng tổng kết" in answer.text
    assert 'name="title"' not in answer.text
    assert 'name="lead"' not in answer.text
