"""In which year does every unit have words and numbers of its own, to be told apart?

Each unit's rows carry its canary wherever somebody writes freely, and primes of its own
among its figures. Whoever reads one without reaching the unit has looked over a wall.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import override_settings
from django.utils.translation import override
from tests import factories
from tests.factories import COMMUNES, MONTHLY, crimes, decided, form_of, month
from tests.web.conftest import PEOPLE, TODAY

from tongket.cycle import connect, enrol, freeze, plan, reorganise
from tongket.domain.access import Role
from tongket.domain.commendations import AwardeeKind, AwardState
from tongket.office import facts
from tongket.records.models import (
    AnnualReport,
    Award,
    CellComment,
    CellEdit,
    Draft,
    Extension,
    Membership,
    OpenPeriod,
    PlanStep,
    RemediationPlan,
    Unit,
    Upload,
)

UNITS = (
    factories.PROVINCE, factories.CITY, factories.YEN_THE, *COMMUNES,
    *factories.ENTERPRISES,
)  # fmt: skip
CANARIES = {unit: f"hoamai{place:02d}zq" for place, unit in enumerate(UNITS)}
# Two primes a unit: of a return that was accepted and counted, and of one that was not.
PRIMES = dict(
    zip(
        COMMUNES,
        ((700001, 700027), (700057, 700067), (700079, 700081), (700087, 700099)),
        strict=True,
    )
)
PERSONS = {
    **PEOPLE,
    "clerk": (Role.CLERK, factories.CITY),
    "ended": (Role.REPORTER, factories.THO_XUONG),
}
ROLES = ("", *PERSONS)
AT = factories.AT
BEFORE = dt.date(2024, 1, 10)  # the day on which "ended" ended


MARKS = {
    unit: re.compile(
        "|".join(
            [
                CANARIES[unit],
                # 700.001, 700 001, 700,001 and 700001 are one number.
                *(rf"\b{n // 1000}\D?{n % 1000:03}\b" for n in PRIMES.get(unit, ())),
            ]
        )
    )
    for unit in UNITS
}


@contextmanager
def built(folder: Path) -> Iterator[dict[str, str]]:
    """Let the world exist while the block lasts; yields everybody's key of the API."""
    patch = pytest.MonkeyPatch()
    patch.setattr(facts, "pack", factories.small_pack)
    with override_settings(TODAY=TODAY, DATA_DIR=folder), override("vi"):
        at = factories.instant(dt.date(2022, 1, 4))
        reorganise.load_units(pack=factories.small_pack(), by=factories.BY, at=at)
        _people(at)
        factories.whole_year(weak=COMMUNES)
        _sendings()
        _year()
        _words()
        yield _keys()
    patch.undo()


def _people(at: dt.datetime) -> None:
    newcomers = [
        enrol.Newcomer(name, f"{name} of {unit}", role, unit, at.date())
        for name, (role, unit) in PERSONS.items()
    ]
    Group.objects.get_or_create(name=enrol.EDITORS)
    enrol.enrol(newcomers=newcomers, password="!", by=factories.BY, at=at)
    Membership.objects.filter(user__username="ended").update(end_on=BEFORE)


def _keys() -> dict[str, str]:
    found = {"": ""}
    for name in PERSONS:
        _, found[name] = connect.issue(
            user=User.objects.get(username=name),
            name="ma trận",
            scopes=list(connect.Scope),
            until=TODAY,
            by=name,
            at=factories.instant(TODAY),
        )
    return found


def _sendings() -> None:
    for unit, (counted, waiting) in PRIMES.items():
        words = {"*": CANARIES[unit], "theft_cases": CANARIES[unit]}
        given = {"explanations": words}
        numbers = crimes(5, outreach_people=counted)
        factories.accepted(month(9), {unit: numbers}, **given)
        numbers = crimes(6, outreach_people=waiting)
        factories.sent(month(11), {unit: numbers}, **given)
        back = factories.sent(month(10), {unit: numbers}, **given)
        decided(back, CANARIES[unit])


def _year() -> None:
    pack, by = factories.small_pack(), factories.BY
    factories.scored(facts.store())
    plan.assign(pack=pack, year=2023, by=by, at=AT)
    plan.set_programme(pack=pack, year=2024, by=by, at=AT)
    period = factories.year()
    frozen = freeze.freeze(facts.store(), pack=pack, period=period, by=by, at=AT)
    files = Path(settings.DATA_DIR, "files")
    files.mkdir()
    (files / "bao-cao.docx").write_bytes(b"word")
    AnnualReport.objects.create(
        frozen=frozen,
        dated=AT.date(),
        word="bao-cao.docx",
        pdf="bao-cao.pdf",
        hashes={"docx": hashlib.sha256(b"word").hexdigest(), "pdf": ""},
        claims=[],
        written_at=AT,
        written_by=by,
    )


def _words() -> None:
    period = OpenPeriod.objects.get(scheme=MONTHLY, period=month(11).key)
    for unit in Unit.objects.filter(key__in=UNITS):
        words = CANARIES[unit.key]
        Award.objects.create(
            year=2023,
            form="chair",
            awardee=unit.key,
            kind=AwardeeKind.COLLECTIVE,
            unit=unit,
            ground=words,
            reason=words,
            state=AwardState.PROPOSED,
        )
        Extension.objects.create(
            unit=unit,
            period=period,
            kind=Extension.Kind.DUE,
            until=TODAY,
            reason=words,
            at=AT,
            by=factories.BY,
        )
    for unit in Unit.objects.filter(key__in=COMMUNES):
        _typed(unit, period)
    for owed in RemediationPlan.objects.select_related("unit"):
        words = CANARIES[owed.unit.key]
        RemediationPlan.objects.filter(pk=owed.pk).update(reason=words)
        step = {"action": words, "post": words, "evidence": words}
        PlanStep.objects.create(plan=owed, item="registered", due_on=TODAY, **step)
    for name in ("own", "other", "clerk"):
        user = User.objects.get(username=name)
        unit = PERSONS[name][1]
        Upload.objects.create(
            kind=Upload.Kind.RETURNS,
            user=user,
            period=period,
            filename=f"{CANARIES[unit]}.xlsx",
            at=AT,
            state=Upload.State.READ,
            results=[{"files": [], "choices": []}],
        )


def _typed(unit: Unit, period: OpenPeriod) -> None:
    words, number = CANARIES[unit.key], str(PRIMES[unit.key][1])
    form = form_of(MONTHLY).key
    cells = {"outreach_people": ["REPORTED", number, 1, 1]}
    draft = Draft.objects.create(
        unit=unit, period=period, form=form, based_on=1, last_edit=1, cells=cells
    )
    CellEdit.objects.create(
        draft=draft,
        number=1,
        measure="outreach_people",
        state="REPORTED",
        value=number,
        text=number,
        token=f"token-{unit.key}",
        at=AT,
        by=words,
    )
    CellComment.objects.create(
        draft=draft, measure="outreach_people", text=words, at=AT, by=factories.BY
    )
