"""Does a key let a program in, for what its scopes allow, until its day?"""

import datetime as dt
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from tests import factories
from tests.factories import kinds
from tests.web.api import Program
from tests.web.conftest import TODAY, Office

from tongket.cycle import connect
from tongket.cycle.connect import Scope
from tongket.domain.sentences import Refusals
from tongket.office.api.site import api
from tongket.records import verifying
from tongket.records.models import ApiToken, AuditEntry

NOW = factories.instant(TODAY)


def issued(name: str = "own", **given: object) -> tuple[ApiToken, str]:
    """Return a key of a person of the small province."""
    told = {
        "name": "Phần mềm xã",
        "scopes": list(Scope),
        "until": TODAY,
        "by": name,
        "at": NOW,
        **given,
    }
    return connect.issue(user=User.objects.get(username=name), **told)


def test_only_the_digest_of_a_key_is_kept(office: Office) -> None:
    token, key = issued()
    assert key.startswith("tk_")
    assert len(key) >= 46  # 32 bytes
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert key not in str(row)
    assert row["digest"] == connect.digest(key)


def test_a_key_works_to_the_end_of_its_last_day(office: Office) -> None:
    _, key = issued()
    last = factories.instant(TODAY, 23, 59)
    assert connect.authenticate(key=key, at=last) is not None
    after = factories.instant(TODAY + dt.timedelta(days=1), 0, 0)
    assert connect.authenticate(key=key, at=after) is None


def test_a_key_of_an_account_that_was_closed_opens_nothing(office: Office) -> None:
    _, key = issued()
    User.objects.filter(username="own").update(is_active=False)
    assert connect.authenticate(key=key, at=NOW) is None


def test_everything_wrong_with_a_new_key_is_told_at_once(office: Office) -> None:
    far = TODAY + dt.timedelta(days=367)
    with pytest.raises(Refusals) as raised:
        issued(name="own", scopes=["read:all"], until=far)
    assert kinds(raised.value) == ["ScopeUnknown", "ExpiryOutside"]
    with pytest.raises(Refusals) as raised:
        connect.issue(
            user=User.objects.get(username="own"),
            name=" ",
            scopes=[],
            until=TODAY - dt.timedelta(days=1),
            by="own",
            at=NOW,
        )
    assert kinds(raised.value) == ["NameMissing", "ScopeMissing", "ExpiryOutside"]


def test_a_revoked_key_opens_nothing_and_is_revoked_once(office: Office) -> None:
    token, key = issued()
    connect.revoke(token=token, by="own", at=NOW)
    assert connect.authenticate(key=key, at=NOW) is None
    with pytest.raises(connect.AlreadyRevoked):
        connect.revoke(token=token, by="own", at=NOW)


def test_issuing_and_revoking_stand_in_the_log_without_the_key(office: Office) -> None:
    token, key = issued()
    connect.revoke(token=token, by="own", at=NOW)
    acts = AuditEntry.objects.filter(act__endswith="_key")
    assert [each.act for each in acts] == ["issue_key", "revoke_key"]
    assert not any(key in str(each.new) + each.subject for each in acts)
    assert verifying.verify().fault is None


def test_the_page_shows_a_new_key_once(office: Office) -> None:
    client = office.client("own")
    typed = {
        "name": "Phần mềm một cửa",
        "scope": ["read:units", "write:returns"],
        "until": TODAY.isoformat(),
    }
    answer = client.post(reverse("tokens"), typed)
    key = answer.context["key"]
    assert key in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    again = client.get(reverse("tokens")).content.decode()
    assert "Phần mềm một cửa" in again
    assert key not in again
    assert ApiToken.objects.get().scopes == ["read:units", "write:returns"]


def test_the_page_keeps_what_was_typed_when_a_key_is_refused(office: Office) -> None:
    typed = {"name": "Phần mềm", "scope": ["read:units"], "until": "mai"}
    answer = office.client("own").post(reverse("tokens"), typed)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    assert "“mai” không phải là một ngày" in page
    assert 'value="Phần mềm"' in page
    assert not ApiToken.objects.exists()


def test_an_account_revokes_its_own_keys_only(office: Office) -> None:
    token, key = issued()
    address = reverse("token-revoke", args=[token.pk])
    assert office.client("other").post(address).status_code == HTTPStatus.NOT_FOUND
    client = office.client("own")
    assert "Thu hồi khóa API" in client.get(address).content.decode()
    assert client.post(address, follow=True).status_code == HTTPStatus.OK
    assert connect.authenticate(key=key, at=NOW) is None
    assert client.post(address).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_person_s_cookie_is_no_key(office: Office) -> None:
    client = office.client("own")
    for address in ("/api/v1/me", "/api/v1/returns"):
        answer = client.get(address)
        assert answer.status_code == HTTPStatus.UNAUTHORIZED
        assert answer.json()["code"] == "key_refused"
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_key_is_refused_in_the_language_asked_for(office: Office) -> None:
    client = Client(headers={"Authorization": "Bearer tk_wrong"})
    assert "khóa API" in client.get("/api/v1/me").json()["sentence"]
    for answer in (
        client.get("/api/v1/me?lang=en"),
        client.get("/api/v1/me", headers={"Accept-Language": "en"}),
    ):
        assert answer.status_code == HTTPStatus.UNAUTHORIZED
        assert answer["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("scope", "method", "address"),
    [
        (Scope.READ_UNITS, "get", "/api/v1/units"),
        (Scope.READ_RETURNS, "get", "/api/v1/returns"),
        (Scope.WRITE_RETURNS, "post", "/api/v1/values/bulk"),
    ],
)
def test_a_key_without_the_scope_is_refused_by_its_name(
    scope: Scope, method: str, address: str, office: Office
) -> None:
    program = Program("own", [each for each in Scope if each is not scope])
    answer = getattr(program, method)(address)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert answer.json()["code"] == "scope_missing"
    assert scope in answer.json()["sentence"]


def test_a_program_learns_whom_it_acts_for(office: Office) -> None:
    said = Program("own").get("/api/v1/me").json()
    assert said["account"] == "own"
    assert said["today"] == TODAY.isoformat()
    (role,) = said["roles"]
    assert (role["role"], role["unit"]) == ("REPORTER", factories.THO_XUONG)
    assert said["scopes"] == sorted(Scope)


def test_what_is_below_the_api_s_address_and_is_not_there_is_told_as_json(
    office: Office,
) -> None:
    answer = Client().get("/api/v1/nowhere")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.json()["code"] == "not_found"
    answer = Program("own").get("/api/v1/values/bulk")
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert answer.json()["code"] == "method_not_allowed"


def test_the_description_of_the_api_names_every_address(db: None) -> None:
    described = Client().get("/api/v1/openapi.json").json()
    paths = {path.removeprefix("/api/v1") for path in described["paths"]}
    assert {"/me", "/units", "/values/bulk", "/returns/bulk"} <= paths
    assert len(paths) == len(
        {path for _, router in api._routers for path in router.path_operations}
    )
    body = described["paths"]["/api/v1/values/bulk"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert {"values", "dry_run", "mode", "send"} <= schema["properties"].keys()


def test_the_page_about_the_api_takes_everything_from_this_site(db: None) -> None:
    page = Client().get("/api/v1/docs")
    text = page.content.decode()
    assert page.status_code == HTTPStatus.OK
    assert "https://" not in text.replace("http://www.w3.org", "")
    assert "script-src 'self'" in page["Content-Security-Policy"]
