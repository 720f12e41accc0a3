"""What is kept of a return that comes as a filled workbook?"""

import io
from collections.abc import Mapping
from dataclasses import replace

import pytest
from tests.factories import (
    AT,
    BY,
    CANH_NAU,
    COMMUNE_YEAR,
    MONTHLY,
    THO_XUONG,
    cells,
    crimes,
    form_of,
    kinds,
    month,
    opened,
    sent,
    small_pack,
)

from tongket.cycle import collect
from tongket.documents import workbooks
from tongket.documents.workbooks import layout
from tongket.domain.figures import MISSING, NOT_APPLICABLE, Cell, reported
from tongket.domain.periods import Period
from tongket.domain.sentences import Refusals
from tongket.loader.pack import Pack
from tongket.records.models import (
    Return,
    ReturnVersion,
)


def workbook(
    unit: str = THO_XUONG,
    period: Period | None = None,
    held: Mapping[str, Cell] | None = None,
    scheme: str = MONTHLY,
    written_for: str | None = None,
) -> bytes:
    target = io.BytesIO()
    version = next(v for v in small_pack().register.versions if v.unit == unit)
    workbooks.write(
        target,
        form=form_of(scheme),
        unit=replace(version, unit=written_for or unit),
        unit_label=version.name,
        period=period or month(1),
        cells=crimes(7) if held is None else held,
        previous={},
        same_period={},
    )
    return target.getvalue()


def take(pack: Pack, content: bytes, unit: str | None = None) -> list[ReturnVersion]:
    return collect.receive_workbook(
        pack=pack,
        opened=opened(month(1)),
        content=content,
        unit=unit,
        by=BY,
        at=AT,
    )


def test_a_filled_workbook_comes_back_as_the_same_cells(pack: Pack) -> None:
    held = crimes(7, explosives_surrendered="12.5", cameras=NOT_APPLICABLE)
    held["models"] = MISSING
    (version,) = take(pack, workbook(held=held), unit=THO_XUONG)
    assert (version.channel, version.number) == ("WORKBOOK", 1)
    assert version.cells["explosives_surrendered"] == ["REPORTED", "12.5"]
    assert version.cells["models"] == ["MISSING", None]
    assert version.cells["cameras"] == ["NOT_APPLICABLE", None]
    assert version.cells["fire_cases"] == ["NIL", None]


def test_the_same_workbook_twice_is_one_version(pack: Pack) -> None:
    content = workbook()
    take(pack, content)
    assert take(pack, content) == []
    assert ReturnVersion.objects.count() == 1


def test_a_workbook_and_the_web_say_the_same_thing(pack: Pack) -> None:
    sent(month(1), {THO_XUONG: crimes(7)})
    assert take(pack, workbook()) == []


def test_a_workbook_of_another_unit_is_refused(pack: Pack) -> None:
    with pytest.raises(
        collect.OfAnotherUnit, match="biểu của Xã Canh Nậu, không phải của Phường Thọ"
    ):
        take(pack, workbook(CANH_NAU), unit=THO_XUONG)
    assert not Return.objects.exists()


def test_a_workbook_of_another_period_leaves_nothing(pack: Pack) -> None:
    with pytest.raises(Refusals, match="tệp của kỳ “nd09-2023-m02”"):
        take(pack, workbook(period=month(2)))
    assert not ReturnVersion.objects.exists()


def test_a_workbook_of_another_form_leaves_nothing(pack: Pack) -> None:
    content = workbook(held=cells(COMMUNE_YEAR), scheme=COMMUNE_YEAR)
    with pytest.raises(Refusals, match="không phải biểu đang nhận") as refused:
        take(pack, content)
    assert "OtherForm" in kinds(refused.value)
    assert not ReturnVersion.objects.exists()


def test_a_workbook_with_other_headings_leaves_nothing(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    headings = (*layout.HEADINGS[:3], "Số liệu", *layout.HEADINGS[4:])
    with monkeypatch.context() as patched:
        patched.setattr(layout, "HEADINGS", headings)
        content = workbook()
    with pytest.raises(Refusals, match="tiêu đề cột là “Số liệu”") as refused:
        take(pack, content)
    assert kinds(refused.value) == ["WrongHeading"]
    assert not ReturnVersion.objects.exists()


def test_a_workbook_of_a_unit_nobody_knows_leaves_nothing(pack: Pack) -> None:
    with pytest.raises(Refusals, match="không có đơn vị “bg-c00000”"):
        take(pack, workbook(written_for="bg-c00000"))
    assert not ReturnVersion.objects.exists()


def test_every_wrong_number_of_a_workbook_is_named_and_none_is_kept(pack: Pack) -> None:
    held = crimes(7, cameras=reported("2.5"), models=reported("1.5"))
    with pytest.raises(Refusals) as refused:
        take(pack, workbook(held=held))
    assert kinds(refused.value) == ["CellRefused", "CellRefused"]
    assert not ReturnVersion.objects.exists()


def test_what_is_no_workbook_leaves_nothing(pack: Pack) -> None:
    with pytest.raises(Refusals, match="không phải bảng tính Excel"):
        take(pack, b"%PDF-1.7")
    assert not ReturnVersion.objects.exists()
