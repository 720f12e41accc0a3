"""Managers show and write the rows of the scope; without one they refuse."""

from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from tests.factories import NGO_QUYEN, THO_XUONG, crimes, month, sent
from tests.walls.test_database import OPEN_TO_ALL

from tongket.loader.pack import Pack
from tongket.office.entrance import ScopeMiddleware
from tongket.records import scope
from tongket.records.apps import RecordsConfig
from tongket.records.models import (
    Award,
    CellComment,
    CellEdit,
    Doubt,
    Draft,
    Extension,
    KeptAnswer,
    PlanStep,
    RemediationPlan,
    Result,
    Return,
    ReturnVersion,
    Review,
    Unit,
    Upload,
    WordsEdit,
)
from tongket.records.register import register
from tongket.records.scope import NoScope, Units
from tongket.records.walls import AccountBound, OutOfScope, UnitBound

BOUND = (
    Award, CellComment, CellEdit, Doubt, Draft, Extension, KeptAnswer, PlanStep,
    RemediationPlan, Result, Return, ReturnVersion, Review, Upload, WordsEdit,
)  # fmt: skip


@pytest.fixture
def two(pack: Pack) -> dict[str, int]:
    """Two communes that each sent a return; their numbers in the tables."""
    sent(month(12), {THO_XUONG: crimes(2), NGO_QUYEN: crimes(3)})
    return dict(Unit.objects.values_list("key", "id"))


def only(*ids: int, account: int | None = None) -> Any:
    """Return a block that acts for units and an account."""
    return scope.acting(Units(frozenset(ids), account))


def test_the_middleware_starts_a_request_at_nobody_and_leaves_nothing() -> None:
    def view(_request: object) -> HttpResponse:
        with pytest.raises(NoScope):
            scope.current()
        scope.become(Units(frozenset({1})))
        return StreamingHttpResponse(scope.told()[0].encode() for _ in range(2))

    before = scope.current()
    response = ScopeMiddleware(view)(RequestFactory().get("/"))
    assert scope.current() is before
    assert list(response.streaming_content) == [b"1", b"1"]


def test_the_middleware_leaves_a_file_as_it_is() -> None:
    file = FileResponse(ContentFile(b"abc"))
    answered = ScopeMiddleware(lambda _: file)(RequestFactory().get("/"))
    assert answered.file_to_stream is not None


@pytest.mark.parametrize("model", BOUND)
def test_no_row_is_asked_for_without_a_scope(model: Any) -> None:
    with scope.acting(None):
        for manager in (model.objects, model._default_manager, model._base_manager):
            with pytest.raises(NoScope):
                manager.all()


def test_a_scope_shows_its_units_rows_and_no_others(two: dict[str, int]) -> None:
    with only(two[THO_XUONG]):
        assert [row.unit.key for row in Return.objects.all()] == [THO_XUONG]
        assert [row.of.unit.key for row in ReturnVersion.objects.all()] == [THO_XUONG]
    with only(two[THO_XUONG], two[NGO_QUYEN]):
        assert Return.objects.count() == ReturnVersion.objects.count() == 2
    with only():
        assert not Return.objects.exists()
        assert not ReturnVersion.objects.exists()
    assert Return.objects.count() == 2


def test_relations_show_no_more_than_the_scope(two: dict[str, int]) -> None:
    hidden = Return.objects.get(unit__key=NGO_QUYEN)
    version = ReturnVersion.objects.get(of=hidden)
    period = hidden.period
    with only(two[THO_XUONG]):
        assert [row.unit_id for row in period.returns.all()] == [two[THO_XUONG]]
        assert not hidden.versions.exists()
        with pytest.raises(ReturnVersion.DoesNotExist):
            version.refresh_from_db()
        with pytest.raises(Return.DoesNotExist):
            ReturnVersion(of_id=hidden.pk).of  # noqa: B018


def test_a_change_beyond_the_scope_changes_nothing(two: dict[str, int]) -> None:
    hidden = Return.objects.get(unit__key=NGO_QUYEN)
    with only(two[THO_XUONG]):
        changed = Return.objects.filter(pk=hidden.pk).update(state="ACCEPTED")
        deleted, _ = Return.objects.filter(pk=hidden.pk).delete()
    assert (changed, deleted) == (0, 0)
    hidden.refresh_from_db()
    assert hidden.state == Return.State.SENT


def test_a_row_beyond_the_scope_is_not_written(two: dict[str, int]) -> None:
    row = Return.objects.get(unit__key=NGO_QUYEN)
    version = row.versions.get()
    form = {"period": row.period, "form": "another"}
    with only(two[THO_XUONG]):
        Draft.objects.create(unit_id=two[THO_XUONG], **form)
        with pytest.raises(OutOfScope, match="Draft"), transaction.atomic():
            Draft.objects.create(unit_id=two[NGO_QUYEN], **form)
        with pytest.raises(OutOfScope, match="Doubt"), transaction.atomic():
            Doubt.objects.bulk_create([Doubt(version=version, rule="r", values={})])
    with scope.acting(None), pytest.raises(NoScope), transaction.atomic():
        Draft(unit_id=two[NGO_QUYEN], **form).save()
    Draft.objects.create(unit_id=two[NGO_QUYEN], **form)
    assert Draft.objects.count() == 2


def test_a_file_is_seen_by_the_account_that_sent_it(
    two: dict[str, int], django_user_model: Any
) -> None:
    one, other = (django_user_model.objects.create(username=n) for n in "ab")
    at = Return.objects.first().period.opened_at
    fields = {"kind": Upload.Kind.RETURNS, "filename": "f", "at": at}
    Upload.objects.create(user=one, **fields)
    with only(account=other.pk):
        assert not Upload.objects.exists()
        Upload.objects.create(user=other, **fields)
        with pytest.raises(OutOfScope, match="Upload"), transaction.atomic():
            Upload.objects.create(user=one, **fields)
        assert [each.user_id for each in Upload.objects.all()] == [other.pk]
    with only():
        assert not Upload.objects.exists()
    assert Upload.objects.count() == 2


def test_every_row_with_a_unit_or_an_owner_has_a_wall_or_is_on_the_list() -> None:

    models = apps.get_app_config(RecordsConfig.label).get_models()
    bare = {
        m._meta.db_table for m in models if not issubclass(m, UnitBound | AccountBound)
    }
    assert bare == OPEN_TO_ALL.keys()


def test_the_register_knows_the_numbers_of_its_units(two: dict[str, int]) -> None:
    assert register().ids == two
