"""The office of a small province in January 2024, with a person in each role."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import override
from tests import factories

from tongket.cycle import enrol, reorganise
from tongket.domain.access import Role
from tongket.office import facts

TODAY = dt.date(2024, 1, 16)
PEOPLE = {
    "own": (Role.REPORTER, factories.THO_XUONG),
    "other": (Role.REPORTER, factories.NGO_QUYEN),
    "reviewer": (Role.REVIEWER, factories.CITY),
    "stranger": (Role.REVIEWER, factories.YEN_THE),
    "office": (Role.STANDING_OFFICE, factories.PROVINCE),
    "member": (Role.COMMITTEE_MEMBER, factories.CITY),
    "chair": (Role.CHAIR, factories.PROVINCE),
    "editor": (Role.EDITOR, factories.PROVINCE),
}


class Office:
    """The people of the small province; each signs in by the name of the role."""

    def client(self, name: str) -> Client:
        """Return a browser in which the person is signed in; "" is nobody."""
        client = Client()
        if name:
            client.force_login(User.objects.get(username=name))
        return client


def close(response: HttpResponse) -> None:
    """Close what a response hands out, and keep the test's database connection.

    A closed response says that its request is over, and Django then lets go of the
    connection, with the transaction that the test runs in.
    """
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


@pytest.fixture
def office(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Iterator[Office]:
    """Load the small province's units and give each role to one person."""
    monkeypatch.setattr(facts, "pack", factories.small_pack)
    settings.TODAY = TODAY
    settings.DATA_DIR = tmp_path
    pack, at = factories.small_pack(), factories.instant(dt.date(2022, 1, 4))
    reorganise.load_units(pack=pack, by=factories.BY, at=at)
    newcomers = [
        enrol.Newcomer(name, f"{name} of {unit}", role, unit, at.date())
        for name, (role, unit) in PEOPLE.items()
    ]
    Group.objects.get_or_create(name=enrol.EDITORS)  # gone after a test that commits
    enrol.enrol(newcomers=newcomers, password="!", by=factories.BY, at=at)
    with override("vi"):  # a request leaves its language behind in the thread
        yield Office()


@pytest.fixture
def reviewed(office: Office) -> Office:
    """The same office after the year was counted, scored, commended and frozen."""
    factories.whole_year()
    factories.reviewed(facts.store())
    return office


@pytest.fixture
def program(office: Office) -> Any:
    """A program of the city's clerk, who files for both communes; December is open."""
    from tests.web import api  # it builds on this file

    return api.clerk_s()


@pytest.fixture
def own_program(office: Office) -> Any:
    """A program of the commune; December is open."""
    from tests.web import api

    factories.opened(factories.month(12))
    return api.Program("own")
