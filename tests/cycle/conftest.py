"""What every test of the cycle starts from: ten units, and no memory of other tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import factories

from tongket.analytics.store import Store
from tongket.cycle import count, reorganise
from tongket.loader.pack import Pack
from tongket.records import audit, register
from tongket.records.models import AuditEntry, FrozenPeriod


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Forget units and counted files: another test has rows of the same numbers."""
    register._read.cache_clear()
    yield
    register._read.cache_clear()
    count._open.clear()


@pytest.fixture
def pack(db: None) -> Pack:
    """The small province, its units in the records."""
    small = factories.small_pack()
    reorganise.load_units(pack=small, by=factories.BY, at=factories.AT)
    return small


@pytest.fixture
def counted(pack: Pack, tmp_path: Path) -> Callable[[], Store]:
    """Count what was accepted so far, in a folder of the test."""
    return lambda: count.refresh(pack=pack, folder=tmp_path / "counted")


@pytest.fixture
def broken_audit(monkeypatch: pytest.MonkeyPatch) -> type[Exception]:
    """Let the last write of every act fail: the row of the audit."""

    class AuditBroken(Exception):
        pass

    def fail(*_: object, **__: object) -> None:
        raise AuditBroken

    monkeypatch.setattr(audit, "record", fail)
    return AuditBroken


@pytest.fixture
def acts(pack: Pack) -> Callable[[], list[tuple[str, str]]]:
    """Return the (act, subject) of every audit row since the test began."""
    before = AuditEntry.objects.count()
    return lambda: list(
        AuditEntry.objects.order_by("id").values_list("act", "subject")[before:]
    )


@pytest.fixture(scope="module")
def _whole_year(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Store]:
    with factories.until_the_module_ends(django_db_blocker):
        folder = tmp_path_factory.mktemp("counted")
        factories.whole_year()
        yield count.refresh(pack=factories.small_pack(), folder=folder)


@pytest.fixture(scope="module")
def _reviewed_year(_whole_year: Store) -> FrozenPeriod:
    return factories.reviewed(_whole_year)


@pytest.fixture
def whole_year(_whole_year: Store, db: None) -> Store:
    """The year sent, accepted and counted; one commune and one enterprise are weak."""
    return _whole_year


@pytest.fixture
def frozen(_reviewed_year: FrozenPeriod, db: None) -> FrozenPeriod:
    """The whole year scored, planned, commended and frozen."""
    return FrozenPeriod.objects.get(pk=_reviewed_year.pk)
