"""Which small province do the tests of the year work with?

The shipped packs, cut down to a province of two districts, four communes and three
enterprises; returns in which every measure is nought except what a test says.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from tongket.analytics.store import Store
from tongket.cycle import check, collect, commend, freeze, plan, reorganise, score
from tongket.cycle.collect import Sending
from tongket.domain.commendations import AwardeeKind, Proposal
from tongket.domain.figures import NIL, Cell, State, reported
from tongket.domain.forms import Form, Measure
from tongket.domain.periods import Frequency, Period
from tongket.domain.sentences import Refusals
from tongket.domain.units import Register
from tongket.loader import packs
from tongket.loader.pack import Pack
from tongket.records.models import (
    Award,
    FrozenPeriod,
    OpenPeriod,
    Return,
    ReturnVersion,
    Review,
)

ROOT = Path(__file__).parents[1]
HANOI = dt.timezone(dt.timedelta(hours=7))
BY = "tester"
APPROVER = "approver"  # who sent a return never decides on it
YEAR = 2023

PROVINCE = "bg"
CITY, YEN_THE = "bg-d213", "bg-d215"
THO_XUONG, NGO_QUYEN = "bg-c07201", "bg-c07207"  # in the city
DONG_TIEN, CANH_NAU = "bg-c07243", "bg-c07246"  # in Yên Thế
COMMUNES = (THO_XUONG, NGO_QUYEN, DONG_TIEN, CANH_NAU)
ENTERPRISES = ("bg-e001", "bg-e002", "bg-e003")
SEATS = tuple(map(check.Seat, (CITY, YEN_THE, PROVINCE)))

MONTHLY, COMMUNE_YEAR, ENTERPRISE_YEAR = (
    "commune-month",
    "commune-classification",
    "enterprise-classification",
)

# What a commune answers that did all that is asked; what is not named is nought.
GOOD_COMMUNE = {
    "registered": 1,
    "registered_in_q1": 1,
    "plan_issued": 1,
    "households": 900,
    "households_registered": 900,
    "units_managed": 10,
    "units_registered": 10,
    "units_recognised": 9,
    "festival_held": 1,
    "no_officer_disciplined": 1,
    "security_groups": 6,
    "security_groups_completed": 6,
    "model_effective": 1,
    "coordination_reviewed": 1,
    "recognised": 1,
    "hotspot_selected": 1,
    "hotspot_converted": 1,
    "project06_assigned": 5,
    "project06_met": 5,
    "project06_exceeded": 2,
}
WEAK_COMMUNE = {"households": 900, "project06_assigned": 5, "project06_met": 4}
GOOD_ENTERPRISE = {
    "registered": 1,
    "plan_issued": 1,
    "staff": 120,
    "staff_briefed": 120,
    "staff_reached": 118,
    "model_running": 1,
    "festival_held": 1,
    "coordination_rule": 1,
    "coordination_followed": 1,
    "fire_rules": 1,
    "guard_completed": 1,
    "task_completed": 1,
    "recognised": 1,
}


def instant(day: dt.date, hour: int = 12, minute: int = 0) -> dt.datetime:
    """Return an hour of a day in Vietnam."""
    return dt.datetime.combine(day, dt.time(hour, minute), HANOI)


AT = instant(dt.date(2024, 1, 12))


@cache
def whole_pack() -> Pack:
    """Return the shipped pack of the province, read once."""
    return packs.load(ROOT / "packs/vietnam", ROOT / "packs/bac-giang")


@cache
def small_pack() -> Pack:
    """Return the pack with ten units of its five hundred, as they stood in 2023.

    They live on without an end: what became of them is no matter of the year's stages.
    """
    pack = whole_pack()
    kept = {PROVINCE, CITY, YEN_THE, *COMMUNES, *ENTERPRISES}
    tree = pack.register.on(dt.date(YEAR, 12, 14))
    versions = [replace(each, end=None) for each in tree if each.unit in kept]
    assert len(versions) == len(kept), "every unit of the small province is listed"
    return replace(pack, register=Register(versions))


@cache
def pack_without_cameras() -> Pack:
    """Return a pack in whose monthly form cameras may be said not to apply."""
    pack, form = small_pack(), form_of(MONTHLY)

    def lenient(each: Measure) -> Measure:
        states = frozenset(State) if each.key == "cameras" else each.may_be
        return replace(each, may_be=states)

    sections = tuple(
        replace(section, measures=tuple(map(lenient, section.measures)))
        for section in form.sections
    )
    changed = replace(form, sections=sections)
    return replace(pack, forms={**pack.forms, form.key: changed})


def month(number: int, year: int = YEAR) -> Period:
    """Return a month of the year of Decree 09/2019/NĐ-CP."""
    return small_pack().regimes["nd09"].period(Frequency.MONTH, year, number)


def year(number: int = YEAR, regime: str = "nd09") -> Period:
    """Return a whole year of a regime."""
    return small_pack().regimes[regime].year(number)


def form_of(scheme: str) -> Form:
    """Return the one form that a reporting scheme collects."""
    (key,) = small_pack().schemes[scheme].forms
    return small_pack().forms[key]


def cells(scheme: str = MONTHLY, **given: Cell | int | str) -> dict[str, Cell]:
    """Return a complete return: nothing arose, except what is given."""
    found = {}
    for measure in form_of(scheme).measures:
        value = given.pop(measure.key, None)
        if value is None:
            found[measure.key] = NIL if State.NIL in measure.may_be else reported(0)
        else:
            found[measure.key] = value if isinstance(value, Cell) else reported(value)
    assert not given, f"the form has no {given}"
    return found


def crimes(number: int, **given: Cell | int | str) -> dict[str, Cell]:
    """Return a month with so many thefts, and no other crime."""
    given = {"theft_cases": number, "social_order_cases": number, **given}
    return cells(MONTHLY, **given)


def sending(
    unit: str, stored: Mapping[str, Cell], scheme: str = MONTHLY, **fields: Any
) -> Sending:
    """Return what a unit sends, at noon of the last day of 2022 unless told."""
    told = {"sent_at": instant(dt.date(2022, 12, 31)), **fields}
    return Sending(unit, form_of(scheme).key, stored, **told)


def opened(period: Period, scheme: str = MONTHLY) -> OpenPeriod:
    """Return the period, opened now or before."""
    found = OpenPeriod.objects.filter(scheme=scheme, period=period.key).first()
    return found or collect.open_period(
        pack=small_pack(), scheme=scheme, period=period, by=BY, at=AT
    )


def sent(
    period: Period,
    returns: Mapping[str, Mapping[str, Cell]],
    scheme: str = MONTHLY,
    **fields: Any,
) -> list[ReturnVersion]:
    """Send returns of units for a period; keep and return their versions."""
    day = fields.pop("sent_at", instant(period.end))
    return collect.receive(
        pack=small_pack(),
        opened=opened(period, scheme),
        sendings=[
            sending(unit, stored, scheme, sent_at=day, **fields)
            for unit, stored in returns.items()
        ],
        by=BY,
        at=day,
    )


def accepted(
    period: Period,
    returns: Mapping[str, Mapping[str, Cell]],
    scheme: str = MONTHLY,
    *,
    pack: Pack | None = None,
    **fields: Any,
) -> list[Return]:
    """Send returns with an explanation for whatever is odd, and accept them."""
    fields.setdefault("explanations", {check.EVERYTHING: "Đã kiểm tra, đúng thực tế."})
    versions = sent(period, returns, scheme, **fields)
    return climbed([version.of for version in versions], pack=pack)


def climbed(
    returns: Sequence[Return],
    *,
    pack: Pack | None = None,
    by: str = APPROVER,
    at: dt.datetime = AT,
) -> list[Return]:
    """Let returns be decided on rung by rung until the last one accepted them."""
    given = {"pack": pack or small_pack(), "seats": SEATS, "by": by, "at": at}
    waiting = list(returns)
    while waiting:
        check.accept(returns=waiting, **given)
        pks = [row.pk for row in waiting]
        sent = Return.objects.filter(pk__in=pks, state=Return.State.SENT)
        waiting = list(sent.select_related("unit", "period"))
    return list(returns)


def decided(
    versions: Sequence[ReturnVersion],
    reason: str = "",
    *,
    by: str = APPROVER,
    seats: Sequence[check.Seat] = SEATS,
    **fields: Any,
) -> list[Review]:
    """Let one rung decide: return versions with a reason, or approve without one."""
    act = check.send_back if reason else check.accept
    rows = [version.of for version in versions]
    given = {"pack": small_pack(), "seats": seats, "by": by, "at": AT, **fields}
    return act(returns=rows, reason=reason, **given)


def answers_of_year(weak: Sequence[str]) -> dict[str, dict[str, Cell]]:
    """Return the self-assessment of each commune; those in `weak` did not register."""
    given = {unit: WEAK_COMMUNE if unit in weak else GOOD_COMMUNE for unit in COMMUNES}
    return {unit: cells(COMMUNE_YEAR, **told) for unit, told in given.items()}


def whole_year(*, weak: Sequence[str] = (CANH_NAU,)) -> None:
    """Let every unit send what the year's report is written from; accept it all.

    Two months stand for each year; communes in `weak` and the last enterprise did not
    register.
    """
    reorganise.load_units(pack=small_pack(), by=BY, at=AT)
    busy: dict[str, Cell | int | str] = {
        "social_order_injured": 1,
        "social_order_damage": 120,
        "very_serious_cases": 1,
        "very_serious_cleared": 1,
        "especially_serious_cases": 1,
        "especially_serious_cleared": 1,
        "reports_received": 8,
        "reports_resolved": 8,
        "fire_cases": 1,
        "fire_damage": 30,
        "weapons_surrendered": 2,
        "outreach_sessions": 2,
        "outreach_people": 150,
        "cameras": 12,
    }
    for place, before, now in ((1, 13, 11), (12, 17, 14)):
        for each, cases, traffic in ((YEAR - 1, before, 9), (YEAR, now, 6)):
            given = {**busy, "traffic_cases": traffic, "social_order_cleared": cases}
            accepted(
                month(place, each), {unit: crimes(cases, **given) for unit in COMMUNES}
            )
    accepted(year(regime="tt124"), answers_of_year(weak), COMMUNE_YEAR)
    first, second, last = ENTERPRISES
    accepted(
        year(regime="tt124"),
        {
            first: cells(ENTERPRISE_YEAR, **GOOD_ENTERPRISE),
            second: cells(ENTERPRISE_YEAR, **GOOD_ENTERPRISE),
            last: cells(ENTERPRISE_YEAR, staff=40),
        },
        ENTERPRISE_YEAR,
    )


def scored(counted: Store) -> None:
    """Score the year from what is counted."""
    score.run(
        pack=small_pack(), counted=counted, year=YEAR, period=year(), by=BY, at=AT
    )


def commended() -> list[Award]:
    """Decide one award of the minister and two of the chairman."""
    person, collective = AwardeeKind.INDIVIDUAL, AwardeeKind.COLLECTIVE
    proposals = [
        Proposal(awardee, kind, form, None, "Giữ vững an ninh, trật tự ở cơ sở.")
        for awardee, kind, form in (
            ("Cá nhân minh họa 01", person, "minister"),
            ("Cá nhân minh họa 02", person, "chair"),
            (THO_XUONG, collective, "chair"),
        )
    ]
    given = {"pack": small_pack(), "year": YEAR, "by": BY, "at": AT}
    awards = commend.propose(proposals=proposals, **given)
    commend.appraise(awards=awards, by=BY, at=AT)
    for form in small_pack().award_forms.values():
        commend.decide(form=form, decision="12/QĐ-MH", on=AT.date(), **given)
    return awards


def reviewed(counted: Store) -> FrozenPeriod:
    """Score, plan, commend and freeze the year; return its figures."""
    pack = small_pack()
    scored(counted)
    plan.assign(pack=pack, year=YEAR, by=BY, at=AT)
    plan.set_programme(pack=pack, year=YEAR + 1, by=BY, at=AT)
    commended()
    return freeze.freeze(counted, pack=pack, period=year(), by=BY, at=AT)


@contextmanager
def until_the_module_ends(blocker: Any) -> Iterator[None]:
    """Keep rows for all tests of a module; what a test itself writes is undone first.

    `blocker` is pytest-django's `django_db_blocker`.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def kinds(raised: Refusals) -> list[str]:
    """Return the names of the refusals, to be compared in one line."""
    return [type(each).__name__ for each in raised.refusals]
