"""Sign-in through a real provider on this machine, honest and hostile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine, func, select, update

from functions.api.http.services import Services
from risk.adapters import valkey_live
from risk.domain.permissions import Role
from risk.store.audit import audit_log
from risk.store.db import tables
from risk.store.identity import users
from tests.integration.test_api.issuer import CLIENT, SECRET, Issuer, serve
from tests.integration.test_api.support import PASSWORD, PASSWORD_HASH, Post, app_on, valkey_of

OIDC = "/api/v1/auth/oidc"
SITE = "https://testserver"
PAGE = "the_state_of_the_page_that_asks"
LOGIN = f"{OIDC}/login?state={PAGE}"
ADA = {"email": "Ada@risk.local", "email_verified": True, "groups": ["staff", "risk-analysts"]}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with serve() as found:
        found.claims = dict(ADA)
        yield found


@pytest.fixture
def browser(api_services: Services, issuer: Issuer) -> Iterator[TestClient]:
    before = api_services.settings
    api_services.settings = before.model_copy(
        update={
            "oidc_issuer": issuer.url,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SecretStr(SECRET),
            "oidc_group_roles": {"risk-analysts": Role.ANALYST, "risk-admins": Role.ADMIN, "audit": Role.VIEWER},
            "site_url": SITE,
        }
    )
    with TestClient(
        app_on(api_services), base_url=SITE, raise_server_exceptions=False, follow_redirects=False
    ) as client:
        yield client
    api_services.settings = before


def go(browser: TestClient) -> str:
    """To the provider and back: the address that it sends the browser to."""
    answer = browser.get(LOGIN)
    assert answer.status_code == 303, answer.text
    return httpx.get(answer.headers["location"]).headers["location"]


def come_back(browser: TestClient) -> Any:
    return browser.get(go(browser))


def signed_in(browser: TestClient, answer: Any) -> dict[str, Any]:
    """Who the browser speaks for, after using up the refresh token that it was given."""
    assert answer.status_code == 303, answer.text
    location = answer.headers["location"]
    assert location.startswith(f"{SITE}/signed-in#refresh_token=rt_")
    fragment = parse_qs(location.partition("#")[2])
    assert fragment["state"] == [PAGE]
    session = browser.post("/api/v1/auth/refresh", json={"refresh_token": fragment["refresh_token"][0]}).json()
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    found: dict[str, Any] = browser.get("/api/v1/auth/me", headers=headers).json()
    return found


def accounts(database: Engine) -> int:
    with database.connect() as connection:
        return connection.scalar(select(func.count()).select_from(tables.users)) or 0


def test_who_signs_in_there_has_an_account_here_with_the_role_of_their_groups(
    browser: TestClient, issuer: Issuer, database: Engine
) -> None:
    first = signed_in(browser, come_back(browser))
    assert (first["email"], first["role"]) == ("ada@risk.local", "analyst")
    issuer.claims |= {"groups": ["audit", "risk-admins"], "email": "ada.lovelace@risk.local"}
    second = signed_in(browser, come_back(browser))
    assert (second["id"], second["role"]) == (first["id"], "admin")
    assert accounts(database) == 1
    assert browser.post("/api/v1/auth/login", json={"email": "ada@risk.local", "password": "x"}).status_code == 401
    # Discovery and keys were asked for once.
    assert [issuer.asked.count(path) for path in ("/.well-known/openid-configuration", "/keys", "/token")] == [1, 1, 2]


def test_the_request_has_all_that_protects_it(browser: TestClient, issuer: Issuer) -> None:
    assert browser.get("/api/v1/auth/options").json()["identity_provider"] is True
    answer = browser.get(LOGIN)
    query = {name: value[0] for name, value in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    assert query["redirect_uri"] == f"{SITE}{OIDC}/callback"
    assert min(len(query[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "Secure", "SameSite=lax", f"Path={OIDC}", "Max-Age=600"):
        assert part in cookie
    again = parse_qs(urlsplit(browser.get(LOGIN).headers["location"]).query)
    assert again["state"][0] != query["state"]


def test_keys_of_elliptic_curves_and_new_keys_are_taken(
    browser: TestClient, issuer: Issuer, api_services: Services
) -> None:
    issuer.sign = lambda one, what: jwt.encode(what, one.ec, "ES256", headers={"kid": "ec"})
    signed_in(browser, come_back(browser))
    issuer.rsa, issuer.rsa_kid = rsa.generate_private_key(65537, 2048), "rsa-2"
    issuer.published = ["ec"]
    issuer.sign = None
    assert come_back(browser).status_code == 401
    issuer.published = ["ec", "rsa"]
    assert api_services.oidc is not None
    api_services.oidc._keys.cooldown_duration = 0  # as if half a minute had passed: not each unknown key is asked for
    signed_in(browser, come_back(browser))


NOW = datetime.now(UTC)
STRANGER = rsa.generate_private_key(65537, 2048)
Sign = Callable[[Issuer, dict[str, Any]], str]
LIES: dict[str, dict[str, Any]] = {
    "other issuer": {"iss": "https://evil.example.com"},
    "other audience": {"aud": "another client"},
    "several audiences": {"aud": [CLIENT, "another client"]},
    "several audiences, for another": {"aud": [CLIENT, "another client"], "azp": "another client"},
    "expired": {"exp": NOW - timedelta(minutes=5)},
    "of the future": {"iat": NOW + timedelta(hours=1)},
    "not yet": {"nbf": NOW + timedelta(hours=1)},
    "other nonce": {"nonce": "of another sign-in"},
    "odd nonce": {"nonce": ["a", "b"]},
}
SIGNATURES: dict[str, Sign] = {
    "none": lambda one, what: jwt.encode(what, "", "none", headers={"kid": "rsa"}),
    "our secret": lambda one, what: jwt.encode(what, SECRET * 8, "HS256", headers={"kid": "rsa"}),
    "a stranger's key": lambda one, what: jwt.encode(what, STRANGER, "RS256", headers={"kid": "rsa"}),
    "the key of another algorithm": lambda one, what: jwt.encode(what, one.ec, "ES256", headers={"kid": "rsa"}),
    "a key that nobody knows": lambda one, what: jwt.encode(what, one.rsa, "RS256", headers={"kid": "other"}),
    "no key named": lambda one, what: jwt.encode(what, one.rsa, "RS256"),
    "an edit": lambda one, what: jwt.encode(what, one.rsa, "RS256", headers={"kid": "rsa"})[:-8] + "AAAAAAAA",
    "nothing at all": lambda one, what: "",
}


def hmac_with_the_public_key(one: Issuer, what: dict[str, Any]) -> str:
    """PyJWT itself refuses to do this, so it is done by hand."""
    import base64
    import hmac
    import json

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value, default=lambda at: int(at.timestamp())).encode()).decode()

    text = ".".join(part(value).rstrip("=") for value in ({"alg": "HS256", "kid": "rsa", "typ": "JWT"}, what))
    signature = hmac.new(one.rsa_public_pem(), text.encode(), "sha256").digest()
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


@pytest.mark.parametrize("lie", LIES)
def test_an_id_token_that_is_not_for_this_sign_in_is_refused(
    browser: TestClient, issuer: Issuer, database: Engine, lie: str
) -> None:
    issuer.lie = LIES[lie]
    answer = come_back(browser)
    assert (answer.status_code, answer.json()["type"], accounts(database)) == (401, "urn:problem:not-authenticated", 0)


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "iat", "sub", "nonce"])
def test_an_id_token_without_a_claim_is_refused(browser: TestClient, issuer: Issuer, claim: str) -> None:
    issuer.without = claim
    assert come_back(browser).status_code == 401


@pytest.mark.parametrize("sign", [*SIGNATURES, "the public key as a secret"])
def test_an_id_token_that_the_provider_did_not_sign_is_refused(
    browser: TestClient, issuer: Issuer, database: Engine, sign: str
) -> None:
    issuer.sign = SIGNATURES.get(sign, hmac_with_the_public_key)
    assert (come_back(browser).status_code, accounts(database)) == (401, 0)


def test_the_answer_counts_only_in_the_browser_that_asked_and_once(
    browser: TestClient, issuer: Issuer, api_services: Services
) -> None:
    back = go(browser)
    with TestClient(app_on(api_services), base_url=SITE, follow_redirects=False) as other:
        assert other.get(back).status_code == 401
        other.get(LOGIN)
        assert other.get(back).status_code == 401
    signed_in(browser, browser.get(back))
    assert browser.get(back).status_code == 401
    for odd in (f"{OIDC}/callback", f"{OIDC}/callback?state=x&code=y", f"{OIDC}/callback?error=access_denied"):
        assert browser.get(odd).status_code == 401
    stale = go(browser)
    browser.cookies.clear()
    browser.cookies.set("oidc_attempt", "nonsense", domain="testserver.local", path=OIDC)
    assert browser.get(stale).status_code == 401


def test_a_code_without_its_verifier_is_worth_nothing(browser: TestClient, issuer: Issuer) -> None:
    back = go(browser)
    for asked in issuer.codes.values():
        asked["code_challenge"] = "of someone else"
    assert browser.get(back).status_code == 401


def test_an_account_is_taken_over_only_with_a_proven_address(
    browser: TestClient, issuer: Issuer, database: Engine
) -> None:
    with database.begin() as connection:
        known = users.create_user(connection, "ada@risk.local", PASSWORD_HASH, Role.VIEWER)
    for unproven in (False, "true", None):
        issuer.claims["email_verified"] = unproven
        assert come_back(browser).status_code == 409
    issuer.claims["email_verified"] = True
    assert signed_in(browser, come_back(browser))["id"] == str(known.id)
    issuer.claims["sub"] = "someone else with the same address"
    assert come_back(browser).status_code == 409


def test_who_has_no_role_or_a_closed_account_stays_out(browser: TestClient, issuer: Issuer, database: Engine) -> None:
    for groups in ([], None, "staff", [{"name": "risk-admins"}], {"risk-admins": True}):
        issuer.claims["groups"] = groups
        assert come_back(browser).status_code == 403
    assert accounts(database) == 0
    issuer.claims["groups"] = "risk-analysts"
    signed_in(browser, come_back(browser))
    with database.begin() as connection:
        connection.execute(update(tables.users).values(disabled=True))
    assert come_back(browser).status_code == 403


@pytest.mark.parametrize(
    ("discovery", "broken"),
    [
        ({"issuer": "https://evil.example.com"}, set()),
        ({"authorization_endpoint": "http://evil.example.com/authorize"}, set()),
        ({}, {"/.well-known/openid-configuration"}),
    ],
)
def test_a_provider_that_is_not_itself_or_away_is_not_gone_to(
    browser: TestClient, issuer: Issuer, discovery: dict[str, Any], broken: set[str]
) -> None:
    issuer.discovery, issuer.broken = discovery, broken
    assert browser.get(LOGIN).status_code == 503


@pytest.mark.parametrize("broken", ["/token", "/keys"])
def test_a_provider_that_fails_half_way_is_told_as_that(browser: TestClient, issuer: Issuer, broken: str) -> None:
    issuer.broken = {broken}
    answer = come_back(browser)
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)


def test_where_no_provider_is_set_up_there_is_nothing(client: TestClient) -> None:
    assert client.get("/api/v1/auth/options").json() == {"registration": True, "identity_provider": False}
    for path in (LOGIN, f"{OIDC}/callback"):
        assert client.get(path).status_code == 404


def test_a_sign_in_needs_the_state_of_a_page(browser: TestClient) -> None:
    for odd in ("", "?state=", "?state=short", f"?state={'x' * 101}", f"?state={PAGE}%26refresh_token=rt_x"):
        assert browser.get(f"{OIDC}/login{odd}").status_code == 422


def test_an_account_that_was_prepared_by_somebody_else_is_of_no_use_to_them_once_its_owner_signs_in(
    browser: TestClient, issuer: Issuer, database: Engine, post: Post
) -> None:
    issuer.claims |= {"email": "Boss@risk.local", "groups": ["risk-admins"]}
    with database.begin() as connection:
        users.create_user(connection, "boss@risk.local", PASSWORD_HASH, Role.VIEWER)
    body = {"email": "boss@risk.local", "password": PASSWORD}
    squatter = browser.post("/api/v1/auth/login", json=body).json()
    assert browser.post("/api/v1/auth/password/reset-request", json={"email": "boss@risk.local"}).status_code == 202
    token = post.token()
    boss = signed_in(browser, come_back(browser))
    assert (boss["email"], boss["role"]) == ("boss@risk.local", "admin")
    headers = {"Authorization": f"Bearer {squatter['access_token']}"}
    assert browser.get("/api/v1/auth/me", headers=headers).status_code == 401
    refresh = {"refresh_token": squatter["refresh_token"]}
    assert browser.post("/api/v1/auth/refresh", json=refresh).status_code == 401
    assert browser.post("/api/v1/auth/login", json=body).status_code == 401
    reset = {"token": token, "password": "a password of the squatter"}
    assert browser.post("/api/v1/auth/password/reset", json=reset).status_code == 422
    assert "signed in" in post.sent[-1][2]
    assert "organization" in post.sent[-1][2]
    with database.connect() as connection:
        [record] = audit_log.page(connection, audit_log.Filter(action="complete_oidc_login"), limit=10)
    assert json.loads(record.record)["details"] == {"linked": True, "role": "admin"}
    signed_in(browser, come_back(browser))  # a second sign-in ends nothing
    assert sum("organization" in text for _, _, text in post.sent) == 1


def test_a_role_that_the_provider_lowers_cuts_off_what_was_open(
    browser: TestClient, issuer: Issuer, api_services: Services
) -> None:
    issuer.claims |= {"groups": ["risk-analysts"]}
    boss = signed_in(browser, come_back(browser))
    generation = valkey_live.access_generation(valkey_of(api_services), boss["id"])
    ticket = valkey_live.issue_ticket(valkey_of(api_services), boss["id"], Role.ANALYST, generation)
    assert valkey_live.add_connection(
        valkey_of(api_services), valkey_live.Connection("one", boss["id"], Role.ANALYST), generation
    )
    issuer.claims |= {"groups": ["audit"]}
    signed_in(browser, come_back(browser))
    assert valkey_live.connections(valkey_of(api_services)) == []
    found = valkey_live.redeem_ticket(valkey_of(api_services), ticket)
    assert found is not None
    assert not valkey_live.add_connection(
        valkey_of(api_services), valkey_live.Connection("two", boss["id"], found.role), found.generation
    )
