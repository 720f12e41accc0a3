"""Who gives out which role where, and who needs more than a password."""

import datetime as dt

import pytest

from tongket.domain.access import (
    WITHOUT_SECOND_FACTOR,
    Grant,
    Role,
    may_grant,
    needs_second_factor,
)
from tongket.domain.units import Tree, UnitVersion

START, TODAY = dt.date(2023, 1, 1), dt.date(2023, 6, 1)
ABOVE = {"tinh": None, "huyen": "tinh", "xa": "huyen", "huyen-khac": "tinh"}
TREE = Tree(
    TODAY, [UnitVersion(key, "", key, "", up, START) for key, up in ABOVE.items()]
)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("holder", Role)
@pytest.mark.parametrize("unit", [*ABOVE, "khong-co"])
def test_only_the_standing_office_gives_roles_and_only_here_and_below(
    holder: Role, role: Role, unit: str
) -> None:
    expected = holder is Role.STANDING_OFFICE and unit in {"huyen", "xa"}
    assert may_grant([Grant(holder, "huyen", START)], role, unit, TREE) is expected


def test_a_role_outside_its_days_gives_out_nothing() -> None:
    ended = Grant(Role.STANDING_OFFICE, "tinh", START, TODAY - dt.timedelta(days=1))
    last = Grant(Role.STANDING_OFFICE, "tinh", START, TODAY)
    assert not may_grant([ended], Role.CLERK, "xa", TREE)
    assert may_grant([ended, last], Role.CLERK, "xa", TREE)
    assert not may_grant([], Role.CLERK, "xa", TREE)


@pytest.mark.parametrize("role", Role)
def test_who_only_reports_signs_in_by_password_alone(role: Role) -> None:
    grants = [Grant(role, "xa", START, TODAY)]
    expected = role not in {Role.REPORTER, Role.CLERK}
    assert needs_second_factor(grants, TODAY) is expected
    assert not needs_second_factor(grants, TODAY + dt.timedelta(days=1))
    assert {Role.REPORTER, Role.CLERK} == WITHOUT_SECOND_FACTOR
