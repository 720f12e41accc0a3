"""Who may see and do what: by role, day and place in the tree; default is no."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongket.domain.access import (
    MAY,
    Grant,
    Permission,
    Reach,
    Role,
    may,
    may_grant,
    needs_second_factor,
    reached,
    units_for,
    with_history,
)
from tongket.domain.units import Change, Lineage, Tree, UnitVersion

DAY = dt.timedelta(days=1)
START, END, TODAY = dt.date(2023, 1, 1), dt.date(2023, 12, 31), dt.date(2023, 6, 1)
PARENT = {
    "tinh": None,
    "huyen": "tinh",
    "huyen-khac": "tinh",
    "xa": "huyen",
    "thon": "xa",
    "xa-khac": "huyen-khac",
}


def tree(day=TODAY):
    return Tree(
        day,
        [UnitVersion(key, "", key, "", above, START) for key, above in PARENT.items()],
    )


TREE = tree()
# Seen from a grant at "huyen".
RELATIONS = {
    "own": "huyen",
    "child": "xa",
    "grandchild": "thon",
    "parent": "tinh",
    "sibling": "huyen-khac",
    "nephew": "xa-khac",
    "unknown": "ha-noi",
}
O, B, OB = {"own"}, {"child", "grandchild"}, {"own", "child", "grandchild"}  # noqa: E741
# Written out by hand: what is not in the table is refused.
TABLE = {
    (Role.REPORTER, Permission.VIEW): O,
    (Role.REPORTER, Permission.SEND_RETURN): O,
    (Role.REPORTER, Permission.FILE_PLAN): O,
    (Role.CLERK, Permission.VIEW): OB,
    (Role.CLERK, Permission.SEND_RETURN): OB,
    (Role.REVIEWER, Permission.VIEW): OB,
    (Role.REVIEWER, Permission.REVIEW_RETURN): B,
    (Role.STANDING_OFFICE, Permission.VIEW): OB,
    (Role.STANDING_OFFICE, Permission.REVIEW_RETURN): B,
    (Role.STANDING_OFFICE, Permission.JUDGE_PLAN): B,
    (Role.STANDING_OFFICE, Permission.RUN_YEAR): OB,
    (Role.STANDING_OFFICE, Permission.OVERVIEW): OB,
    (Role.COMMITTEE_MEMBER, Permission.VIEW): OB,
    (Role.COMMITTEE_MEMBER, Permission.JUDGE_PLAN): B,
    (Role.COMMITTEE_MEMBER, Permission.OVERVIEW): OB,
    (Role.CHAIR, Permission.VIEW): OB,
    (Role.CHAIR, Permission.SIGN): OB,
    (Role.CHAIR, Permission.OVERVIEW): OB,
    (Role.EDITOR, Permission.PUBLISH): OB,
}


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role, permission, relation):
    grant = Grant(role, "huyen", START)
    expected = relation in TABLE.get((role, permission), set())
    assert may([grant], permission, RELATIONS[relation], TREE) is expected


@pytest.mark.parametrize("permission", Permission)
def test_without_a_grant_nothing_is_allowed(permission):
    assert not any(may([], permission, unit, TREE) for unit in PARENT)
    assert units_for([], permission, TREE) == frozenset()


def test_every_role_has_permissions_and_nobody_reviews_the_own_return():
    assert set(MAY) == set(Role)
    for permissions in MAY.values():
        for permission in (Permission.REVIEW_RETURN, Permission.JUDGE_PLAN):
            assert permissions.get(permission, Reach.BELOW) is Reach.BELOW


@pytest.mark.parametrize(
    ("day", "holds"),
    [(START - DAY, False), (START, True), (END, True), (END + DAY, False)],
)
def test_a_grant_holds_from_its_first_to_its_last_day(day, holds):
    grant = Grant(Role.CHAIR, "tinh", START, END)
    assert may([grant], Permission.SIGN, "xa", tree(day)) is holds
    assert ("xa" in units_for([grant], Permission.SIGN, tree(day))) is holds


def test_a_grant_at_a_unit_that_is_gone_allows_nothing():
    grant = Grant(Role.CHAIR, "ha-noi", START)
    assert units_for([grant], Permission.VIEW, TREE) == frozenset()
    assert not may([grant], Permission.VIEW, "ha-noi", TREE)


grants = st.builds(
    Grant,
    st.sampled_from(Role),
    st.sampled_from([*PARENT, "ha-noi"]),
    st.dates(START, END),
    st.one_of(st.none(), st.dates(START, END)),
)


@settings(max_examples=100)
@given(
    held=st.lists(grants, max_size=4),
    permission=st.sampled_from(Permission),
)
def test_the_scope_of_a_list_agrees_with_each_single_question(held, permission):
    allowed = {unit for unit in PARENT if may(held, permission, unit, TREE)}
    assert units_for(held, permission, TREE) == allowed


@settings(max_examples=100)
@given(grant=grants, permission=st.sampled_from(Permission))
def test_no_grant_reaches_beside_or_above_its_unit(grant, permission):
    for unit in units_for([grant], permission, TREE):
        assert grant.unit in TREE.ancestors(unit)


@settings(max_examples=100)
@given(
    role=st.sampled_from([role for role in Role if role is not Role.REPORTER]),
    unit=st.sampled_from(list(PARENT)),
    permission=st.sampled_from(Permission),
)
def test_nobody_sees_below_what_their_superior_sees_above(role, unit, permission):
    seen = units_for([Grant(role, unit, START)], permission, TREE)
    for above in TREE.ancestors(unit):
        assert seen <= units_for([Grant(role, above, START)], permission, TREE)


@settings(max_examples=60)
@given(
    held=st.lists(grants, max_size=3),
    more=grants,
    permission=st.sampled_from(Permission),
)
def test_one_more_grant_never_takes_anything_away(held, more, permission):
    assert units_for(held, permission, TREE) <= units_for(
        [*held, more], permission, TREE
    )


@pytest.mark.parametrize("role", Role)
def test_a_person_reaches_what_any_right_but_publishing_reaches(role):
    held = [Grant(role, "huyen", START)]
    expected = set()
    for (each, permission), relations in TABLE.items():
        if each is role and permission is not Permission.PUBLISH:
            expected |= {RELATIONS[relation] for relation in relations}
    assert reached(held, TREE) == expected
    assert reached(iter(held), TREE) == expected


def test_who_holds_nothing_today_reaches_nothing():
    assert reached([], TREE) == frozenset()
    assert reached([Grant(Role.CHAIR, "tinh", START, START)], TREE) == frozenset()


def became(old, *new):
    return [Lineage(old, each, TODAY, Change.MERGE) for each in new]


def test_a_history_goes_with_whoever_has_all_of_its_heirs():
    merged, shared = became("cu", "xa"), became("chia", "xa", "xa-khac")
    assert with_history({"xa"}, TREE, merged) == {"xa", "cu"}
    assert with_history({"thon"}, TREE, merged) == {"thon"}
    assert with_history({"xa"}, TREE, shared) == {"xa"}
    assert with_history({"xa", "xa-khac"}, TREE, shared) == {"xa", "xa-khac", "chia"}
    assert with_history(["xa"], TREE, ()) == {"xa"}


def test_a_history_is_followed_through_several_reorganisations():
    twice = [*became("cu-hon", "cu"), *became("cu", "xa")]
    for lineage in (twice, twice[::-1]):
        assert with_history({"xa"}, TREE, lineage) == {"xa", "cu", "cu-hon"}


def test_a_unit_that_still_stands_keeps_its_history_to_itself():
    assert with_history({"xa"}, TREE, became("xa-khac", "xa")) == {"xa"}


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("given_out", Role)
@pytest.mark.parametrize("role", Role)
def test_only_a_standing_office_gives_out_roles(role, given_out, relation):
    expected = role is Role.STANDING_OFFICE and relation in OB
    held = [Grant(role, "huyen", START)]
    assert may_grant(held, given_out, RELATIONS[relation], TREE) is expected


def test_who_gave_out_roles_once_does_so_no_more():
    held = [Grant(Role.STANDING_OFFICE, "huyen", START, START)]
    assert may_grant(held, Role.REPORTER, "xa", TREE) is False
    assert may_grant([], Role.REPORTER, "xa", TREE) is False


@pytest.mark.parametrize("role", Role)
def test_a_second_factor_is_asked_of_all_but_who_reports(role):
    is_asked = role not in {Role.REPORTER, Role.CLERK}
    held = [Grant(role, "huyen", START, END)]
    assert needs_second_factor(held, TODAY) is is_asked
    assert needs_second_factor(held, END + DAY) is False
    assert needs_second_factor([], TODAY) is False
