"""Does the demonstration leave a month to be filed, and the reviewed year as it was?"""

import datetime as dt

import pytest
from tests.factories import (
    CANH_NAU,
    CITY,
    COMMUNES,
    DONG_TIEN,
    accepted,
    crimes,
    month,
    small_pack,
)
from tests.web.conftest import Office

from tongket.cycle import collect
from tongket.office import demonstration_month
from tongket.records.models import Extension, OpenPeriod, Return, ReturnVersion

JANUARY = "nd09-2024-m01"


@pytest.fixture
def begun(office: Office) -> tuple[int, int]:
    """Begin January after a year of two months."""
    for number in (3, 12):
        accepted(
            month(number), {unit: crimes(number, cameras=number) for unit in COMMUNES}
        )
    return demonstration_month.begin(small_pack())


def test_january_is_open_for_communes_and_districts_and_not_all_have_sent(
    begun: tuple[int, int],
) -> None:
    periods = OpenPeriod.objects.filter(period=JANUARY).values_list("scheme", flat=True)
    assert set(periods) == {"commune-month", "district-month"}
    assert begun == (4, 6)  # three communes of four, one district of two


def test_a_month_is_made_of_what_occurred_in_march_and_stood_in_december(
    begun: tuple[int, int],
) -> None:
    version = ReturnVersion.objects.get(
        of__period__period=JANUARY, of__unit__key=DONG_TIEN
    )
    assert version.cells["theft_cases"] == ["REPORTED", "3"]
    assert version.cells["cameras"] == ["REPORTED", "12"]


def test_the_unit_that_was_given_more_time_still_owes_and_is_not_late(
    begun: tuple[int, int],
) -> None:
    (granted,) = Extension.objects.all()
    row = OpenPeriod.objects.get(period=JANUARY, scheme="commune-month")
    debts = collect.owing(pack=small_pack(), opened=row, on=dt.date(2024, 2, 5))
    (mine,) = [debt for debt in debts if debt.state == ""]
    assert granted.unit.key == mine.unit.unit == CANH_NAU
    assert (mine.due, mine.is_overdue) == (dt.date(2024, 2, 7), False)


def test_a_district_s_summary_says_what_its_communes_add_up_to(
    begun: tuple[int, int],
) -> None:
    version = ReturnVersion.objects.get(of__period__scheme="district-month")
    assert version.of.unit.key == CITY
    assert version.cells["theft_cases"] == ["REPORTED", "6"]
    assert not version.doubts.filter(rule="summary-differs").exists()


def test_beginning_the_month_again_changes_nothing(begun: tuple[int, int]) -> None:
    before = ReturnVersion.objects.count(), Extension.objects.count()
    assert demonstration_month.begin(small_pack()) == begun
    assert (ReturnVersion.objects.count(), Extension.objects.count()) == before
    assert Return.objects.filter(period__period="nd09-2023-m12").count() == 4
