"""Can a district file its summary from what its communes sent?"""

import re
from typing import Any

from django.urls import reverse
from tests.factories import (
    AT,
    BY,
    CITY,
    NGO_QUYEN,
    THO_XUONG,
    cells,
    crimes,
    instant,
    month,
    opened,
    sent,
    small_pack,
)
from tests.web.conftest import TODAY, Office

from tongket.cycle import collect, enrol, enter
from tongket.cycle.collect import Sending
from tongket.domain.access import Role
from tongket.domain.figures import MISSING, reported

FORM, SCHEME = "district-month-2022", "district-month"
HERE = (SCHEME, "nd09-2023-m12", CITY, FORM)


def clerk(office: Office) -> Any:
    """Return the browser of the person who files for the city and its communes."""
    person = enrol.Newcomer("clerk", "Cán bộ nhập liệu", Role.CLERK, CITY, TODAY)
    enrol.enrol(newcomers=[person], password="!", by=BY, at=AT)
    opened(month(12), SCHEME)
    return office.client("clerk")


def page(client: Any) -> str:
    """Return the text of the summary's entry page."""
    return client.get(reverse("return-entry", args=HERE)).content.decode()


def typed() -> dict[str, Any]:
    """Return what stands in the city's summary now."""
    row = opened(month(12), SCHEME)
    return dict(enter.sheet(opened=row, unit=CITY, form=FORM).cells)


def test_the_page_says_whose_numbers_are_in_the_sum(office: Office) -> None:
    sent(month(12), {THO_XUONG: crimes(3)})
    text = page(clerk(office))
    assert "Tổng hợp từ 1/2 báo cáo cấp dưới." in text
    assert "Phường Ngô Quyền" in text
    assert "không coi phần thiếu là số 0" in text


def test_one_button_fills_the_empty_cells_with_the_sums(office: Office) -> None:
    sent(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4)})
    client = clerk(office)
    answer = client.post(reverse("return-fill", args=HERE))
    assert answer["Location"] == reverse("return-entry", args=HERE)
    assert typed()["theft_cases"] == reported(7)
    assert MISSING not in typed().values()


def test_filling_leaves_what_was_typed_by_hand(office: Office) -> None:
    sent(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4)})
    client = clerk(office)
    edit = enter.Edit("by-hand", "theft_cases", "9")
    enter.save(
        pack=small_pack(),
        opened=opened(month(12), SCHEME),
        unit=CITY,
        form=FORM,
        version=0,
        edits=[edit],
        by="clerk",
        at=AT,
    )
    client.post(reverse("return-fill", args=HERE))
    assert typed()["theft_cases"] == reported(9)
    client.post(reverse("return-fill", args=HERE), {"all": "1"})
    assert typed()["theft_cases"] == reported(7)


def test_a_summary_that_was_sent_is_marked_when_a_commune_sends_again(
    office: Office,
) -> None:
    sent(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4)})
    client = clerk(office)
    whole = cells(theft_cases=7, social_order_cases=7)
    collect.receive(
        pack=small_pack(),
        opened=opened(month(12), SCHEME),
        sendings=[Sending(CITY, FORM, whole, AT)],
        by=BY,
        at=AT,
    )
    assert "cấp dưới đã thay đổi" not in page(client)
    sent(month(12), {THO_XUONG: crimes(5)}, sent_at=instant(TODAY))
    text = page(client)
    assert "cấp dưới đã thay đổi" in text
    assert "(7 → 9)" in text


def test_a_return_that_sums_nothing_up_cannot_be_filled(office: Office) -> None:
    opened(month(12))
    own = ("commune-month", "nd09-2023-m12", THO_XUONG, "commune-month-2022")
    answer = office.client("own").post(reverse("return-fill", args=own))
    assert answer.status_code == 404


def test_a_summary_is_prefilled_with_the_sums_when_it_is_first_opened(
    office: Office,
) -> None:
    sent(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4)})
    client = clerk(office)
    text = page(client)
    assert 'name="cell.theft_cases" value="7" data-edit="0" data-prefilled' in text
    assert "được điền sẵn bằng số tổng hợp" in text
    assert "ô trống bằng số tổng hợp" not in text
    assert typed() == {}  # looking at a page writes nothing


def test_a_summary_that_somebody_worked_on_is_not_prefilled_again(
    office: Office,
) -> None:
    sent(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4)})
    client = clerk(office)
    enter.save(
        pack=small_pack(),
        opened=opened(month(12), SCHEME),
        unit=CITY,
        form=FORM,
        version=0,
        edits=[enter.Edit("by-hand", "theft_cases", "")],
        by="clerk",
        at=AT,
    )
    text = page(client)
    assert "data-prefilled" not in text
    assert "ô trống bằng số tổng hợp" in text


def test_a_prefilled_summary_is_sent_as_it_stands_without_script(
    office: Office,
) -> None:
    sent(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4)})
    client = clerk(office)
    text = page(client)
    boxes = dict(re.findall(r'name="(cell\.\w+)" value="([^"]*)"', text))
    told = {"version": "0", "edits_seen": "0", **boxes}
    assert client.post(reverse("return-entry", args=HERE), told).status_code == 302
    assert typed()["theft_cases"] == reported(7)
