"""May this person open this page? Every address of the office, for every role.

What a person may not see answers 404, as what does not exist does; 302 leads to the
sign-in page. A new address fails here until it has a row.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from tests import factories
from tests.factories import MONTHLY, THO_XUONG, crimes, form_of, month, opened, sent
from tests.web.conftest import Office, close

from tongket.cycle import commend, enrol, freeze, invite, plan, reorganise
from tongket.domain.access import Role
from tongket.domain.commendations import AwardeeKind, Proposal
from tongket.office import facts, urls
from tongket.records.models import (
    AnnualReport,
    Award,
    Membership,
    ProgrammeWork,
    Upload,
)

PERIOD = (MONTHLY, "nd09-2023-m12")
RETURN = (*PERIOD, THO_XUONG, form_of(MONTHLY).key)
CELL = (*RETURN, "theft_cases")
RESULT = (2023, THO_XUONG)
AWARD = {"form": "chair", "kind": "COLLECTIVE"}
WHY = ("social_order_cases", THO_XUONG, "nd09-2023-m12")
ROLE = {"role": "CLERK", "unit": THO_XUONG}  # and no reason
CHOSEN = {"which": "chon"}  # and no row with it
ROLES = (
    "", "own", "other", "reviewer", "stranger", "office", "member", "chair", "editor",
)  # fmt: skip


class UnitLists:
    """The lists of units that were sent, as a model would give them."""

    class objects:
        """What a model's manager is."""

        @staticmethod
        def first() -> Upload | None:
            """Return the list that was sent first."""
            return Upload.objects.filter(kind=Upload.Kind.UNITS).first()


class People:
    """The lists of people that were made, as a model would give them."""

    class objects:
        """What a model's manager is."""

        @staticmethod
        def first() -> Upload | None:
            """Return the list that was made first."""
            return Upload.objects.filter(kind=Upload.Kind.ACCOUNTS).first()


@dataclass(frozen=True)
class Row:
    """One address: what it is made of, and the answer to each role in order."""

    answers: str
    arguments: tuple[Any, ...] = ()  # a model stands for the first row of it
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)
    needs_year: bool = False  # a year that was scored, reported and commended


#                  nobody own other reviewer stranger office member chair editor
TABLE = {
    "sign-in":      Row("200 302 302 302 302 302 302 302 302"),
    "sign-out":     Row("302 302 302 302 302 302 302 302 302", method="post"),
    "account_login": Row("200 302 302 302 302 302 302 302 302"),
    "account_logout": Row("302 302 302 302 302 302 302 302 302", method="post"),
    "mfa_authenticate": Row("302 302 302 302 302 302 302 302 302"),
    "mfa_login_webauthn": Row("302 302 302 302 302 302 302 302 302"),
    "account":      Row("302 200 200 200 200 200 200 200 200"),
    "mfa_index":    Row("302 200 200 200 200 200 200 200 200"),
    "mfa_list_webauthn": Row("302 200 200 200 200 200 200 200 200"),
    "second-factor": Row("302 200 200 200 200 200 200 200 200"),
    "sign-out-everywhere": Row("302 302 302 302 302 302 302 302 302", method="post"),
    # The accounts of these tests have neither a password nor a factor.
    "account_change_password": Row("302 404 404 404 404 404 404 404 404"),
    "account_reauthenticate": Row("302 403 403 403 403 403 403 403 403"),
    "mfa_reauthenticate": Row("302 403 403 403 403 403 403 403 403"),
    "mfa_reauthenticate_webauthn": Row("302 403 403 403 403 403 403 403 403"),
    "mfa_activate_totp": Row("302 200 200 200 200 200 200 200 200"),
    "mfa_deactivate_totp": Row("302 404 404 404 404 404 404 404 404"),
    "mfa_add_webauthn": Row("302 200 200 200 200 200 200 200 200"),
    "mfa_edit_webauthn": Row("302 404 404 404 404 404 404 404 404", (1,)),
    "mfa_remove_webauthn": Row("302 404 404 404 404 404 404 404 404", (1,)),
    "mfa_view_recovery_codes": Row("302 404 404 404 404 404 404 404 404"),
    "mfa_generate_recovery_codes": Row("302 200 200 200 200 200 200 200 200"),
    "welcome":      Row("410 410 410 410 410 410 410 410 410"),
    "welcome-link": Row("410 410 410 410 410 410 410 410 410", ("unknown",)),
    "no-role":      Row("302 302 302 302 302 302 302 302 302"),
    "people":       Row("302 404 404 404 404 200 404 404 404"),
    "person":       Row("302 404 404 404 404 200 404 404 404", (User,)),
    "role-grant":   Row("302 404 404 404 404 422 404 404 404", (User,), "post", ROLE),
    "role-end":     Row("302 404 404 404 404 200 404 404 404", (Membership,)),
    "person-link":  Row("302 404 404 404 404 422 404 404 404", (User,), "post"),
    "person-lock":  Row("302 404 404 404 404 200 404 404 404", (User,)),
    "person-factors": Row("302 404 404 404 404 200 404 404 404", (User,)),
    "invite":       Row("302 404 404 404 404 200 404 404 404"),
    "invite-list":  Row("302 404 404 404 404 200 404 404 404", (People,)),
    "invite-apply": Row("302 404 404 404 404 302 404 404 404", (People,), "post"),
    "invite-links": Row("302 404 404 404 404 302 404 404 404", (People,), "post"),
    "offline-worker": Row("200 200 200 200 200 200 200 200 200"),
    "year":         Row("302 200 200 200 200 200 200 200 200"),
    "units":        Row("302 200 200 200 200 200 200 200 404"),
    "unit":         Row("302 200 404 200 404 200 200 200 404", (THO_XUONG,)),
    "units-import": Row("302 404 404 404 404 200 404 404 404"),
    "units-list":   Row("302 404 404 404 404 200 404 404 404", (UnitLists,)),
    "units-apply":  Row(
        "302 404 404 404 404 422 404 404 404", (UnitLists,), "post", CHOSEN
    ),
    "units-again":  Row("302 404 404 404 404 302 404 404 404", (UnitLists,), "post"),
    "units-drop":   Row("302 404 404 404 404 302 404 404 404", (UnitLists,), "post"),
    "units-take-back": Row("302 404 404 404 404 302 404 404 404", method="post"),
    "unit-change":  Row("302 404 404 404 404 200 404 404 404", (THO_XUONG, "doi")),
    "unit-found":   Row("302 404 404 404 404 200 404 404 404"),
    "board":        Row("302 200 200 200 200 200 200 200 404"),
    "notices":      Row("302 200 200 200 200 200 200 200 200"),
    "notices-read": Row("302 302 302 302 302 302 302 302 302", method="post"),
    "notices-mail": Row("302 302 302 302 302 302 302 302 302", method="post"),
    "outbox":       Row("302 404 404 404 404 200 404 404 404"),
    "collect":      Row("302 200 200 200 200 200 200 200 404"),
    "collect-open": Row("302 404 404 404 404 200 404 404 404"),
    "collect-period": Row("302 200 200 200 200 200 200 200 404", PERIOD),
    "collect-extensions": Row("302 200 200 200 200 200 200 200 404", PERIOD),
    "collect-extend": Row("302 404 404 404 404 200 404 404 404", PERIOD),
    "collect-close": Row("302 404 404 404 404 200 404 404 404", PERIOD),
    # The period is open: there is nothing to open again, for anybody.
    "collect-reopen": Row("302 404 404 404 404 404 404 404 404", PERIOD),
    "return":       Row("302 200 404 200 404 200 200 200 404", RETURN),
    "return-entry": Row("302 200 404 404 404 404 404 404 404", RETURN),
    "return-cells": Row("401 200 404 404 404 404 404 404 404", RETURN),
    "return-cell":  Row("401 200 404 200 404 200 200 200 404", CELL),
    "return-cell-comment": Row("401 422 404 422 404 422 404 404 404", CELL, "post"),
    "return-discard": Row("302 200 404 404 404 404 404 404 404", RETURN),
    "return-upload": Row("302 422 404 404 404 404 404 404 404", RETURN, "post"),
    # The monthly form of a commune sums nothing up: there is nothing to fill in.
    "return-fill": Row("302 404 404 404 404 404 404 404 404", RETURN, "post"),
    "uploads":      Row("302 200 200 404 404 404 404 404 404", PERIOD),
    "uploads-blank": Row("302 200 200 404 404 404 404 404 404", PERIOD),
    "upload":       Row("302 200 404 404 404 404 404 404 404", (Upload,)),
    # Nothing in it is marked.
    "upload-marked": Row("302 404 404 404 404 404 404 404 404", (Upload,)),
    "return-workbook": Row("302 200 404 200 404 200 200 200 404", RETURN),
    "check":        Row("302 404 404 200 200 200 404 404 404"),
    "check-examine": Row("302 404 404 302 302 302 404 404 404", method="post"),
    "check-accept-sound": Row("302 404 404 200 200 200 404 404 404", PERIOD),
    "check-return": Row("302 404 404 200 404 200 404 404 404", RETURN),
    "check-chosen": Row("302 404 404 302 302 302 404 404 404", method="post"),
    # Of the person who pressed; nobody did.
    "check-bulk":   Row("302 404 404 404 404 404 404 404 404", (1,)),
    "check-withdraw": Row("302 404 404 200 404 200 404 404 404", RETURN),
    "delegations":  Row("302 404 404 200 200 200 404 404 404"),
    "delegation-end": Row("302 404 404 404 404 404 404 404 404", (1,), "post"),
    "return-take-back": Row("302 200 404 404 404 404 404 404 404", RETURN),
    "return-compare": Row("302 200 404 200 404 200 200 200 404", RETURN),
    # The period is open: the unit sends again, and amends nothing.
    "return-amend": Row("302 404 404 404 404 404 404 404 404", RETURN),
    "overview":     Row("302 404 404 404 404 200 200 200 404"),
    "count":        Row("302 200 200 200 200 200 200 200 404"),
    "count-freeze": Row("302 404 404 404 404 200 404 404 404", ("nd09-2023",)),
    "why":          Row("302 200 404 200 404 200 200 200 404", WHY),
    "score":        Row("302 200 200 200 200 200 200 200 404"),
    "score-run":    Row("302 404 404 404 404 302 404 404 404", method="post"),
    "score-unit":   Row("302 200 404 200 404 200 200 200 404", RESULT, needs_year=True),
    "plan":         Row("302 200 200 200 200 200 200 200 404"),
    "plan-assign":  Row("302 404 404 404 404 302 404 404 404", (), "post", {}, True),
    "plan-unit":    Row("302 200 404 200 404 200 200 200 404", RESULT, needs_year=True),
    "programme":    Row("302 200 200 200 200 200 200 200 404"),
    "programme-set": Row("302 404 404 404 404 302 404 404 404", method="post"),
    "programme-finish": Row(
        "302 404 404 404 404 302 404 404 404", (ProgrammeWork,), "post", {}, True
    ),
    "commend":      Row("302 404 404 404 404 200 200 200 404"),
    "commend-propose": Row("302 404 404 404 404 422 404 404 404", (), "post", AWARD),
    "commend-paste": Row("302 404 404 404 404 200 404 404 404"),
    "commend-move": Row(
        "302 404 404 404 404 404 404 422 404", ("chair",), "post", {"decide": "1"}
    ),
    "commend-withdraw": Row(
        "302 404 404 404 404 200 404 404 404", (Award,), needs_year=True
    ),
    "report":       Row("302 404 404 404 404 200 200 200 200"),
    "report-sign":  Row(
        "302 404 404 404 404 404 404 200 404", (AnnualReport,), needs_year=True
    ),
    "report-file":  Row(
        "302 404 404 404 404 200 200 200 200", (AnnualReport, "word"), needs_year=True
    ),
    "check-draft":  Row("302 404 404 404 404 200 200 200 200"),
    "publish":      Row("302 404 404 404 404 200 404 200 200"),
    "audit":        Row("302 404 404 404 404 200 404 200 404"),
    "tokens":       Row("302 200 200 200 200 200 200 200 200"),
    "token-revoke": Row("302 404 404 404 404 404 404 404 404", (1,)),
    "audit-verify": Row("302 404 404 404 404 200 404 200 404", method="post"),
}  # fmt: skip


def the_year() -> None:
    """Score a year, and let a plan, next year's work, an award and a report exist."""
    pack, by, at = factories.small_pack(), factories.BY, factories.AT
    factories.whole_year(weak=[THO_XUONG])
    factories.scored(facts.store())
    plan.assign(pack=pack, year=2023, by=by, at=at)
    plan.set_programme(pack=pack, year=2024, by=by, at=at)
    proposal = Proposal("Tổ phụ nữ", AwardeeKind.COLLECTIVE, "chair", ground="Tốt")
    commend.propose(pack=pack, year=2023, proposals=[proposal], by=by, at=at)
    period = factories.year()
    frozen = freeze.freeze(facts.store(), pack=pack, period=period, by=by, at=at)
    folder = Path(settings.DATA_DIR, "files")
    folder.mkdir()
    (folder / "bao-cao.docx").write_bytes(b"word")
    AnnualReport.objects.create(
        frozen=frozen,
        dated=at.date(),
        word="bao-cao.docx",
        pdf="bao-cao.pdf",
        hashes={"docx": hashlib.sha256(b"word").hexdigest(), "pdf": ""},
        claims=[],
        written_at=at,
        written_by=by,
    )


def an_upload() -> None:
    """Let the reporter of the unit have sent a workbook, and the office a list."""
    kept = Upload.objects.create(
        kind=Upload.Kind.RETURNS,
        user=User.objects.get(username="own"),
        period=opened(month(12)),
        filename="bieu.xlsx",
        at=factories.AT,
        results=[{"files": [], "choices": []}],
    )
    assert kept.period is not None
    reorganise.dry_run(
        pack=factories.small_pack(),
        content=f"Khóa,Tên đơn vị\n{THO_XUONG},Phường Mới\n".encode(),
        filename="don-vi.csv",
        on=dt.date(2024, 2, 1),
        folder=Path(settings.DATA_DIR, "uploads"),
        by="office",
        at=factories.AT - dt.timedelta(days=1),
    )
    giver = enrol.Giver("office", (), facts.tree(), is_administrator=True)
    told = {"unit": THO_XUONG, "role": "CLERK", "username": "newcomer"}
    invite.for_one(told=told, giver=giver, at=factories.AT - dt.timedelta(days=2))


def test_every_address_has_a_row() -> None:
    assert {each.name for each in urls.urlpatterns} == TABLE.keys()


@pytest.mark.parametrize("name", TABLE)
def test_an_address_answers_each_role_as_the_table_says(
    name: str, office: Office
) -> None:
    row = TABLE[name]
    if row.needs_year:
        the_year()
    else:
        sent(month(12), {THO_XUONG: crimes(2)})
        an_upload()
    arguments = [
        each.objects.first().pk if isinstance(each, type) else each
        for each in row.arguments
    ]
    expected = dict(zip(ROLES, map(int, row.answers.split()), strict=True))
    address = reverse(name, args=arguments)
    found = {}
    for role in ROLES:
        response = getattr(office.client(role), row.method)(address, row.data)
        found[role] = response.status_code
        close(response)  # a file that is handed out stays open till then
    assert found == expected


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(office: Office) -> None:
    response = office.client("").get(reverse("year"))
    assert response["Location"].startswith(reverse("sign-in"))


def test_a_page_that_may_not_be_seen_answers_like_one_that_is_not_there(
    office: Office,
) -> None:
    client = office.client("stranger")
    hidden = client.get(reverse("unit", args=[THO_XUONG]))
    absent = client.get(reverse("unit", args=["bg-nowhere"]))
    assert hidden.status_code == absent.status_code == 404
    assert THO_XUONG not in hidden.content.decode().replace(
        hidden.request["PATH_INFO"], ""
    )


def test_signing_in_with_a_wrong_password_says_so(office: Office) -> None:
    answer = office.client("").post(
        reverse("sign-in"), {"username": "own", "password": "wrong"}
    )
    assert "Chưa đăng nhập được" in answer.content.decode()


def test_a_role_that_has_ended_opens_nothing(office: Office) -> None:
    Membership.objects.filter(user__username="own").update(end_on="2024-01-15")
    assert office.client("own").get(reverse("collect")).status_code == 404


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("collect-open", ()),
        ("collect-close", PERIOD),
        ("audit", ()),
        ("units-import", ()),
        ("unit-found", ()),
        ("count-freeze", ("nd09-2023",)),
    ],
)
def test_who_runs_the_year_of_one_district_does_not_run_the_province_s(
    name: str, arguments: tuple[str, ...], office: Office
) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    grant = Membership.objects.get(user__username="stranger")
    grant.role = Role.STANDING_OFFICE
    grant.save()
    client, address = office.client("stranger"), reverse(name, args=arguments)
    assert client.get(address).status_code == 404
    assert address not in client.get(reverse("collect")).content.decode()
    assert office.client("office").get(address).status_code == 200
