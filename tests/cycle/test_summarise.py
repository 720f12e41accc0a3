"""Does a district's summary begin with what its communes sent, and notice changes?"""

import datetime as dt

import pytest
from tests import factories
from tests.factories import (
    AT,
    BY,
    CITY,
    DONG_TIEN,
    NGO_QUYEN,
    PROVINCE,
    THO_XUONG,
    accepted,
    crimes,
    instant,
    month,
    opened,
    sent,
    small_pack,
)

from tongket.cycle import check, collect, count, summarise
from tongket.cycle.collect import Sending
from tongket.domain.figures import MISSING, Cell, reported
from tongket.domain.periods import Frequency
from tongket.domain.summaries import RULE
from tongket.records.models import Doubt, OpenPeriod, Return, ReturnVersion

FORM, SCHEME = "district-month-2022", "district-month"
pytestmark = pytest.mark.usefixtures("pack")


def summary() -> OpenPeriod:
    """Return the districts' summary period of December, opened."""
    return opened(month(12), SCHEME)


def basis(unit: str = CITY, at: dt.datetime | None = None) -> summarise.Basis:
    """Return what the communes of a district add up to."""
    found = summarise.basis(
        pack=small_pack(), opened=summary(), unit=unit, form=FORM, at=at
    )
    assert found is not None
    return found


def thefts(unit: str = CITY) -> Cell:
    """Return the sum of one row of a district."""
    return basis(unit).rows["theft_cases"].cell


def filed(cells: dict[str, Cell], **fields: object) -> ReturnVersion:
    """Send the summary of the city and let it be examined."""
    (version,) = collect.receive(
        pack=small_pack(),
        opened=summary(),
        sendings=[Sending(CITY, FORM, cells, AT, **fields)],
        by=BY,
        at=AT,
    )
    check.examine(pack=small_pack(), versions=[version], at=AT)
    return version


def as_summed() -> dict[str, Cell]:
    """Return the summary just as the communes add up."""
    return {key: row.cell for key, row in basis().rows.items()}


def test_a_summary_has_the_rows_of_the_form_it_sums_up() -> None:
    forms = small_pack().forms
    assert forms[FORM].measures == forms["commune-month-2022"].measures
    assert forms["province-month-2022"].measures == forms[FORM].measures


def test_a_district_adds_up_its_own_communes_only() -> None:
    sent(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4), DONG_TIEN: crimes(9)})
    assert thefts() == reported(7)
    assert thefts("bg-d215") == reported(9)


def test_what_was_not_sent_leaves_the_sum_incomplete() -> None:
    sent(month(12), {THO_XUONG: crimes(3)})
    found = basis()
    assert (found.heard, found.owing) == (1, (THO_XUONG, NGO_QUYEN))
    assert found.silent == found.rows["theft_cases"].missing == (NGO_QUYEN,)


def test_the_accepted_version_counts_and_not_the_amendment_that_waits() -> None:
    accepted(month(12), {THO_XUONG: crimes(3)})
    sent(month(12), {THO_XUONG: crimes(8)}, sent_at=AT)
    assert thefts() == reported(3)


def test_a_return_that_was_given_back_is_not_in_the_sum() -> None:
    (version,) = sent(month(12), {THO_XUONG: crimes(3)})
    factories.decided([version], "Kiểm tra lại.")
    assert thefts() == MISSING
    sent(month(12), {THO_XUONG: crimes(5)}, sent_at=AT)
    assert thefts() == reported(5)


def test_the_province_adds_up_the_summaries_of_its_districts() -> None:
    sent(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4)})
    filed(as_summed())
    row = opened(month(12), "province-month")
    found = summarise.basis(
        pack=small_pack(), opened=row, unit=PROVINCE, form="province-month-2022"
    )
    assert found is not None
    assert found.rows["theft_cases"].cell == reported(7)
    assert found.silent == ("bg-d215",)


def test_a_quarter_of_monthly_returns_adds_flows_and_takes_the_last_stock() -> None:
    regime = small_pack().regimes["nd09"]
    for number in (10, 11, 12):
        sent(month(number), {THO_XUONG: crimes(number, cameras=number)})
    row = OpenPeriod(
        scheme=SCHEME,
        period=regime.period(Frequency.QUARTER, 2023, 4).key,
        start_on=month(10).start,
        end_on=month(12).end,
    )
    found = summarise.basis(pack=small_pack(), opened=row, unit=CITY, form=FORM)
    assert found is not None
    assert found.rows["theft_cases"].cell == reported(33)
    assert found.rows["cameras"].cell == reported(12)


def test_a_form_that_sums_nothing_up_has_no_basis() -> None:
    asked = {"opened": opened(month(12)), "unit": THO_XUONG}
    found = summarise.basis(pack=small_pack(), form="commune-month-2022", **asked)
    assert found is None


def test_a_summary_as_it_adds_up_raises_no_doubt() -> None:
    sent(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4)})
    filed(as_summed())
    assert not Doubt.objects.filter(rule=RULE).exists()


def test_a_summary_changed_by_hand_is_blocked_until_it_is_explained() -> None:
    sent(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4)})
    changed = as_summed() | {
        "outreach_people": reported(120),
        "outreach_sessions": reported(1),
    }
    first = filed(changed)
    doubts = list(Doubt.objects.filter(version=first))
    assert {doubt.measure for doubt in doubts} == {
        "outreach_people",
        "outreach_sessions",
    }
    assert check.is_blocked(first, doubts)
    words = dict.fromkeys(
        ("outreach_people", "outreach_sessions"), "Bổ sung buổi của huyện."
    )
    second = filed(changed, explanations=words)
    assert not check.is_blocked(second, second.doubts.all())


def test_a_summary_tells_which_rows_changed_below_since_it_was_sent() -> None:
    sent(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4)})
    version = filed(as_summed())
    asked = {"pack": small_pack(), "opened": summary(), "unit": CITY, "form": FORM}
    assert summarise.changed_since(**asked, version=version) == {}
    later = instant(dt.date(2024, 1, 13))
    sent(month(12), {THO_XUONG: crimes(5)}, sent_at=later)
    found = summarise.changed_since(**asked, version=version)
    assert found == {
        key: (reported(7), reported(9)) for key in ("theft_cases", "social_order_cases")
    }


def test_an_accepted_summary_is_never_counted_a_second_time(counted: object) -> None:
    accepted(month(12), {THO_XUONG: crimes(3), NGO_QUYEN: crimes(4)})
    before = counted().sums(month(12))
    version = filed(as_summed())
    factories.climbed([version.of])
    assert Return.objects.filter(state="ACCEPTED").count() == 3
    after = counted().sums(month(12))
    assert after == before
    assert after[PROVINCE, "theft_cases"].total == 7


def test_a_figure_of_a_district_leads_to_no_cell_of_its_summary(
    counted: object,
) -> None:
    accepted(month(12), {THO_XUONG: crimes(3)})
    filed(as_summed())
    readings = count.readings(counted(), pack=small_pack(), unit=CITY, period=month(12))
    reading = readings["social_order_cases"]
    leaves = count.answers(pack=small_pack(), reading=reading)
    assert {answer.version for answer in leaves} == {None}
