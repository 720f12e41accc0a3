"""Who reports: 12,000 communes with accounts, sessions, and a year of accepted months.

Run against a site (`Site.run`): the units, accounts and periods come into being the
way they do in the office; the months before are written by the database itself, for
nobody measures how fast they were.
"""

import argparse
import datetime as dt
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import packs

COMMUNES_A_DISTRICT = 50
BY = "benchmark"
FILE = "population.json"


def main() -> None:
    """Build the population that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=12_000)
    parser.add_argument("--months", type=int, default=12, help="accepted before")
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongket.config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    from tongket.records import scope

    call_command("migrate", verbosity=0, interactive=False)
    with scope.whole("the population of a benchmark"):
        keys = add_units(asked.units)
        add_periods(asked.months)
        people = add_people(keys)
        analyse()
    told = json.dumps({"people": people, **address()})
    Path(os.environ["TONGKET_DATA_DIR"], FILE).write_text(told)
    sys.stdout.write(f"{len(keys)} units, {asked.months} months before\n")


def read(folder: Path) -> dict[str, Any]:
    """Return what was built: people with unit, user and session; period and form."""
    found: dict[str, Any] = json.loads((folder / "data" / FILE).read_text())
    return found


def now() -> dt.datetime:
    """Return the instant at which everything was prepared."""
    from tongket.office import clock

    return clock.now()


def add_units(count: int) -> list[str]:
    """Bring in the shipped units and as many more communes as are missing."""
    from dataclasses import replace

    from tongket.cycle import reorganise
    from tongket.domain.units import Register, UnitVersion
    from tongket.office import facts

    pack = facts.pack()
    today = pack.register.on(now().date())
    keys = [each.unit for each in today.of_kind("commune")][:count]
    # A unit lives no longer than the one above it: Bắc Giang ended on 30/06/2025.
    life = {"start": today[pack.province].start, "end": today[pack.province].end}
    more, above = [], pack.province
    for number in range(count - len(keys)):
        if number % COMMUNES_A_DISTRICT == 0:
            above = f"b-d{number // COMMUNES_A_DISTRICT:04}"
            name = f"Huyện thử {above}"
            row = UnitVersion(above, "", name, "district", pack.province, **life)
            more.append(row)
        keys.append(f"b-c{number:06}")
        name = f"Xã thử {number}"
        more.append(UnitVersion(keys[-1], "", name, "commune", above, **life))
    register = Register(
        (*pack.register.versions, *more),
        pack.register.lineage,
        pack.register.memberships,
    )
    wide = replace(pack, register=register)
    reorganise.load_units(pack=wide, by=BY, at=now())
    return keys


def add_periods(months: int) -> None:
    """Open the month to report for, and fill the months before it."""
    from django.conf import settings

    from tongket.cycle import collect
    from tongket.domain.periods import Frequency
    from tongket.office import facts

    pack = facts.pack()
    regime = pack.regimes[packs.REGIME]
    period = regime.containing(settings.TODAY - dt.timedelta(7), Frequency.MONTH)
    wanted = [period]
    for _ in range(months):
        wanted.append(regime.previous(wanted[-1]))
    for each in reversed(wanted):
        opened = collect.open_period(
            pack=pack, scheme=packs.SCHEME, period=each, by=BY, at=now()
        )
        if each != period:
            fill(opened)


def fill(opened: Any) -> None:
    """Give every commune an accepted return for a period."""
    from django.db import connection, transaction

    from tongket.domain.figures import read_cell
    from tongket.records import cells
    from tongket.records.models import Return, Unit

    typed = packs.values(opened.pk)
    stored = cells.to_json({key: read_cell(text, 0) for key, text in typed.items()})
    communes = Unit.objects.filter(versions__kind="commune").distinct()
    is_postgres = connection.vendor == "postgresql"
    given = "CAST(%s AS jsonb)" if is_postgres else "%s"
    at = now() if is_postgres else now().astimezone(dt.UTC).replace(tzinfo=None)
    with transaction.atomic(), connection.cursor() as cursor:
        Return.objects.bulk_create(
            (
                Return(unit=each, period=opened, form=packs.FORM, state="ACCEPTED")
                for each in communes
            ),
            batch_size=2000,
        )
        cursor.execute(
            "INSERT INTO records_returnversion (of_id, number, cells, explanations, "
            "channel, sent_at, sent_by, examined_at, amendment) "
            f"SELECT id, 1, {given}, {given}, 'WEB', %s, %s, %s, '' "
            "FROM records_return WHERE period_id = %s",
            [json.dumps(stored), "{}", at, BY, at, opened.pk],
        )
        cursor.execute(
            "INSERT INTO records_review (version_id, verdict, reason, cells, at, by, "
            f"on_behalf_of) SELECT v.id, 'ACCEPTED', '', {given}, %s, %s, '' "
            "FROM records_returnversion v "
            "JOIN records_return r ON r.id = v.of_id WHERE r.period_id = %s",
            ["{}", at, BY, opened.pk],
        )


def add_people(keys: list[str]) -> list[dict[str, str]]:
    """Give each commune one account that is signed in already."""
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    from tongket.office.entry_rules import SEEN, STARTED
    from tongket.records.models import Membership, Unit

    password, store = make_password(BY), SessionStore()
    ids = dict(Unit.objects.values_list("key", "id"))
    users = User.objects.bulk_create(
        [User(username=key, password=password) for key in keys], batch_size=2000
    )
    Membership.objects.bulk_create(
        Membership(
            user=user,
            role="REPORTER",
            unit_id=ids[user.username],
            post="Cán bộ báo cáo",
            start_on=dt.date(2023, 1, 1),
        )
        for user in users
    )
    began = int(time.time())
    expires = now() + dt.timedelta(days=3650)  # the demonstration's clock stands back
    sessions = [
        Session(
            session_key=f"{user.pk:032}",
            session_data=store.encode(
                {
                    "_auth_user_id": str(user.pk),
                    "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
                    "_auth_user_hash": user.get_session_auth_hash(),
                    SEEN: began,
                    STARTED: began,
                }
            ),
            expire_date=expires,
        )
        for user in users
    ]
    Session.objects.bulk_create(sessions, batch_size=2000)
    return [
        {"unit": user.username, "session": session.session_key}
        for user, session in zip(users, sessions, strict=True)
    ]


def analyse() -> None:
    """Let the database count what it holds, as it does by itself within minutes.

    A year is not filled in a minute anywhere else, and PostgreSQL reads every version
    for each return that is sent while it believes that there are none.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def address() -> dict[str, str]:
    """Return the scheme, the period and the form that are reported now."""
    from tongket.records.models import OpenPeriod

    opened = OpenPeriod.objects.filter(scheme=packs.SCHEME).latest("start_on")
    return {"scheme": packs.SCHEME, "period": opened.period, "form": packs.FORM}


if __name__ == "__main__":
    main()
