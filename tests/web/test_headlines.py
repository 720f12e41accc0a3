"""What the demonstration prints below its table: who owes what after the review."""

import datetime as dt

from tests import factories
from tests.web.conftest import Office

from tongket.cycle import plan
from tongket.office import facts, headlines


def test_before_anything_is_owed_nothing_is_said(office: Office) -> None:
    assert list(headlines.duties(factories.year())) == []


def test_plans_tasks_and_the_coordination_programme_are_told(office: Office) -> None:
    pack, by, at = facts.pack(), factories.BY, factories.AT
    factories.whole_year(weak=[factories.THO_XUONG])
    factories.scored(facts.store())
    owed = plan.assign(pack=pack, year=2023, by=by, at=at)
    plan.set_programme(pack=pack, year=2024, by=by, at=at)
    told = list(headlines.duties(factories.year()))
    day = f"{dt.date(2024, 1, 31):%d/%m/%Y}"
    assert told[0].startswith(f"{len(owed)} kế hoạch khắc phục")
    assert day in told[0]
    assert f"{len(owed)} kế hoạch có chức danh" in told[0]
    assert "9 nhiệm vụ" in told[1]
    assert "2023–2033" in told[2]
