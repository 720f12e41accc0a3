"""What is a person answered at an address, and did it show or change too much?"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from tests.walls.addresses import TARGETS
from tests.walls.world import MARKS, PERSONS, TODAY, UNITS
from tests.web.conftest import close

from tongket.domain import access
from tongket.domain.access import Grant
from tongket.records.register import register
from tongket.records.walls import UnitBound

METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
CHANGES_EVERY_TIME = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|"csrf[^"]*": *"[^"]*"'
)
LENGTH = {"content-length", "content-security-policy", "content-disposition"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: str
    body: bytes

    @property
    def text(self) -> str:
        """Everything that can be read in it; the parts of a workbook are opened."""
        return f"{self.headers}\n{read(self.body)}"


def read(content: bytes) -> str:
    """Return the text of a body, of a zip's members too."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as parcel:
        return "\n".join(
            f"{name} {read(parcel.read(name))}" for name in parcel.namelist()
        )


def reach_of(name: str) -> frozenset[str]:
    """Return the units that a person reaches, as the rules say and nothing else."""
    if not name or name == "ended":
        return frozenset()
    role, unit = PERSONS[name]
    return access.reached([Grant(role, unit, TODAY)], register().on(TODAY))


class Desk:
    """Asks as one person, on pages with the cookie and in the API with the key."""

    def __init__(self, name: str, key: str) -> None:
        self.name, self.key = name, key
        self.reach = reach_of(name)
        self.foreign = tuple(unit for unit in UNITS if unit not in self.reach)
        self._cookies = Client()
        if name:
            self._cookies.force_login(User.objects.get(username=name))

    def ask(
        self, method: str, address: str, data: Mapping[str, object] | None = None
    ) -> Answer:
        """Return what is answered; whatever it changed is undone."""
        with transaction.atomic():
            found = self._ask(method, address, data or {})
            transaction.set_rollback(True)
        return found

    def changed_by(
        self, method: str, address: str, data: Mapping[str, object]
    ) -> tuple[Answer, bool]:
        """Return the answer, and whether rows of units beyond the person changed."""
        with transaction.atomic():
            before = checksum(self.foreign)
            found = self._ask(method, address, data)
            after = checksum(self.foreign)
            transaction.set_rollback(True)
        return found, before != after

    def _ask(self, method: str, address: str, data: Mapping[str, object]) -> Answer:
        client = Client(raise_request_exception=False)
        is_api = address.startswith("/api/")
        given: dict[str, object] = {"secure": False}
        if is_api:
            if self.key:
                given["headers"] = {"Authorization": f"Bearer {self.key}"}
            if method not in {"GET", "HEAD"}:
                given["content_type"] = "application/json"
                data = json.dumps(data)  # type: ignore[assignment]
        else:
            client.cookies = self._cookies.cookies.copy()
        ask = getattr(client, method.lower())
        response = ask(address, data, **given)
        body = b"".join(response) if response.streaming else response.content
        headers = "\n".join(f"{k}: {v}" for k, v in sorted(response.items()))
        close(response)
        return Answer(response.status_code, headers, body)

    def shown_too_much(self, answer: Answer) -> list[str]:
        """Return the units beyond the person of which an answer says something."""
        text = answer.text
        return [unit for unit in self.foreign if MARKS[unit].search(text)]


def alike(one: Answer, other: Answer, addresses: Collection[str]) -> bool:
    """Whether two answers say the same, but for the address that was asked for.

    Tokens and nonces are new each time; the address is said by the page again.
    """
    return (
        one.status == other.status
        and len({_plain(each, addresses) for each in (one, other)}) == 1
    )


def _plain(answer: Answer, addresses: Collection[str]) -> tuple[bytes, tuple[str, ...]]:
    body = CHANGES_EVERY_TIME.sub(b"", answer.body)
    words = [*addresses, *TARGETS.values()]
    for each in sorted(words, key=len, reverse=True):
        body = body.replace(each.encode(), b"*")
    # Who is not signed in is led to sign in, and from there to where they were going.
    said = answer.headers
    for each in sorted(words, key=len, reverse=True):
        said = said.replace(quote(each), "*").replace(each, "*")
    headers = tuple(
        line for line in said.splitlines() if line.split(":")[0].lower() not in LENGTH
    )
    return body, headers


def checksum(units: Collection[str]) -> str:
    """Return a sum over every row of some units; a test itself sees the whole."""
    found = hashlib.sha256()
    ids = [register().ids[unit] for unit in units]
    for model in apps.get_app_config("records").get_models():
        if issubclass(model, UnitBound):
            rows = model._base_manager.filter(**{f"{model.unit_path}__in": ids})
            found.update(repr(list(rows.order_by("pk").values_list())).encode())
    return found.hexdigest()
