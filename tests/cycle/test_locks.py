"""In which order does everybody lock, so that of two none waits for the other?"""

from typing import Any

import pytest
from django.db.models import Model, QuerySet
from tests.cycle.test_unpack import FORM, one, states, typed_by, workbook
from tests.factories import AT, BY, THO_XUONG, month, opened

from tongket.cycle import enter
from tongket.loader.pack import Pack
from tongket.records.models import Draft, Return


def test_drafts_are_locked_before_returns_as_from_the_page(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked: list[type[Model]] = []
    lock = QuerySet.select_for_update

    def watched(rows: QuerySet, **how: Any) -> QuerySet:
        locked.append(rows.model)
        return lock(rows, **how)

    monkeypatch.setattr(QuerySet, "select_for_update", watched)
    assert states([one(pack, workbook())]) == ["SENT"]
    of_upload, locked[:] = locked[:2], []
    typed_by(pack, BY, "theft_cases", "4")
    enter.submit(
        pack=pack,
        opened=opened(month(12)),
        unit=THO_XUONG,
        form=FORM.key,
        version=1,
        edits_seen=9,
        explanations={},
        by=BY,
        at=AT,
    )
    assert of_upload == [Draft, Return]
    assert next(each for each in locked if each is not Draft) is Return
    assert locked[0] is Draft
